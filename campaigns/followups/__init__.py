"""跟进: what is to be done for a customer, by whom, until when, and what came of it."""
