"""The organiser's live board of an event."""
