"""Waiting numbers at the booths of a rally: taken on the phone, called in order, told once when it is nearly time."""
