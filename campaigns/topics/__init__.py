"""Topics (话题): a page on which people tell something, moderated, with an edition for each branch."""
