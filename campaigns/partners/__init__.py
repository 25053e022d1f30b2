"""Partners' own staff: who may hand goods out, and where."""
