"""Merchant welfare groups: registration, announcement, welcome."""
