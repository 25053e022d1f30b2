"""The page on a booth's screen: one page with its scripts, kept by the device so that it works without network."""
