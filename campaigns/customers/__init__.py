"""Customers: the bank's people as its departments know them, their deliveries and their classes."""
