"""Letters: what staff write to one customer, reviewed texts with variables or words that pass the gate."""
