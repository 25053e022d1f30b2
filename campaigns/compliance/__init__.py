"""The gate: what the law and the bank ask before a message leaves."""
