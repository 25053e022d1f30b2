"""Reading and checking of what the bank's departments deliver; no database, no chat."""
