"""Channels: the ways on which a message reaches a customer outside of the ledger's chat."""
