"""Chains: group-buy sign-up in the chat (群接龙)."""
