"""Real processes against the sandbox over HTTP."""
