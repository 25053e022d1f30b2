"""The hall: what the bank allows and decides, as pure rules and use cases."""
