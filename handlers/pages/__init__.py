"""Pages for the bank's staff: templates, styles, and what goes into them."""
