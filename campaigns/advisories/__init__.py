"""投顾建议: why a product suits one customer and what speaks against it, from facts, sent by a manager's tap."""
