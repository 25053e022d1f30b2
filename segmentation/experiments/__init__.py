"""What came of an experiment: who was put where, how outcomes differ, and how sure that is."""
