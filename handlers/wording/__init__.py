"""Every sentence that a person reads, Chinese first and English complete."""
