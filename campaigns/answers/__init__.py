"""Reviewed answers: what the bot may say of itself, and the plain words by which people ask for it."""
