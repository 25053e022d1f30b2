"""Donations: the bank promised to give for every account that is opened (开户即捐), and keeps books on it."""
