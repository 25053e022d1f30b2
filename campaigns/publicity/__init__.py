"""Publicity before an event: who spreads the word, by which code, until when, and what came of it."""
