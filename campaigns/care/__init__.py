"""Group care: spam and impersonators out, with a way back; what the bot lost, told to the manager."""
