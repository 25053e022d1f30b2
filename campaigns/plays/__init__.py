"""Plays: the moves by which a visitor passes a booth's game, and the stamp that this earns."""
