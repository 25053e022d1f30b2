"""Places: communities, merchants and branches, which groups and members belong to."""
