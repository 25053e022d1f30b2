"""Numbered revisions of the schema."""
