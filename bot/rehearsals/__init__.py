"""Rehearsals of events: a world of their own, the visitors' acts in it, and what came of them."""
