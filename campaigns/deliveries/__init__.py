"""The delivery ledger: what must arrive, be counted or be edited later, and what became of it."""
