"""The sandbox keeps Telegram's rules: real HTTP, a real bot library."""
