"""Audiences 客群: who is meant, in one line of a small language, counted at once and followed by every run."""
