"""Scheduled reminders (提醒): to groups and persons, each occurrence once, and what a person wants no more of."""
