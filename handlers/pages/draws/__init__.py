"""A draw's public page: its rules, and once it is closed every ticket, computed again in the browser."""
