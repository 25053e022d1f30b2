"""早报: whom a manager should be in touch with today, and what became of it by the evening and the week's end."""
