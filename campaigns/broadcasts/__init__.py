"""群发: one approved post for chosen groups, after a preview, with a minute to take it back."""
