"""What simulated channels show a customer."""
