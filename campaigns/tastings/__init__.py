"""Tastings 试吃: what booths give away, counted by who stands there, never more than there is."""
