"""Tags on customers: where each comes from, how long it holds, who may set it."""
