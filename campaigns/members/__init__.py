"""Members: the people in the chat, and their binding to the bank's customers."""
