"""Channels: ways to a customer outside of the chat; routed by class, asked by the one gate, at most once."""
