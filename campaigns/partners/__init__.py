"""Partners: the registry of their contracts and what they bring; their staff, who may hand goods out, and where."""
