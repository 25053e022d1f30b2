"""Door-step visits: the hours a manager offers, what customers book, the day's route and its results."""
