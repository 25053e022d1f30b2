"""What managers write down of a customer: notes and needs, kept sealed."""
