"""Suspicions: what looks like cheating at a stamp rally, scored with reasons; it may hold a gift, never a stamp."""
