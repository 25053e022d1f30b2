"""Experiments: who is put where, and who hears nothing, so that it can be said whether a campaign worked."""
