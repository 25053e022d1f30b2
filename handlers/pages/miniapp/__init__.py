"""The Mini App: one page in WeUI's manner with its scripts and styles; everything else comes from its API."""
