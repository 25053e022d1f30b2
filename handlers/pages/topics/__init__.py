"""The public page of a topic."""
