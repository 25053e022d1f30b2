"""Announcements: what people may read of an activity is what its engine runs, hashed and kept."""
