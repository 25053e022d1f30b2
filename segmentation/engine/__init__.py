"""Features over many transactions: one SQL text, run by an embedded columnar engine; no database server, no chat."""
