"""Who looks after a customer, and who stands in."""
