"""The doors: chat, HTTP and terminal, and every word that a person reads."""
