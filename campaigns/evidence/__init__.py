"""Evidence: all that is known of one delivery, for whoever must prove why it was sent."""
