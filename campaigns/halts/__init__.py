"""停发: one command holds a campaign, a product, or every marketing message, until somebody lifts it."""
