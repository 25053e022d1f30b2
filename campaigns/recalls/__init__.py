"""Recalls: messages that were sent and must be taken back, as far as the platform allows."""
