"""Tests that drive the sandbox's web chat in a real headless Chromium."""
