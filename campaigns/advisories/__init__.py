"""投顾建议: why a product suits one customer and what speaks against it, written from facts and sent by a manager's tap."""
