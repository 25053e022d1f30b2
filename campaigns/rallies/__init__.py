"""Stamp rallies: an event day of a bank with its partners, their booths, targets and medals, in one readable file."""
