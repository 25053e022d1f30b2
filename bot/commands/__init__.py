"""The commands of the front door, by noun; each imports what it needs inside itself."""
