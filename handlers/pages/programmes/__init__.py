"""The tiered programme before and after, as one page."""
