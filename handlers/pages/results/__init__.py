"""The results of a promotion as one page."""
