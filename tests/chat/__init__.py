"""The real dispatcher on a real database, against the sandbox over HTTP."""
