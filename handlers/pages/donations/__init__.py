"""The public page of a pledge."""
