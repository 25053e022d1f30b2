"""The outlook: how likely a customer's business with the bank falls, stays or rises by the next quarter."""
