"""Gifts 伴手礼: what a medal gives at the bank's desk, handed out exactly once while stock and budget last."""
