"""Tests of the documents: they are true, whole and speak of what exists."""
