"""The doors: chat, HTTP and pages, and every word that a person reads."""
