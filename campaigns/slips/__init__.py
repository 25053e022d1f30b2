"""Slips: signed stamps made in advance, each for one use, for booths whose network fails."""
