"""Applications: every entry of a chain on its way to a card that is used."""
