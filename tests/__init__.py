"""Tests: rules, stores, chat and end to end, in rooms that mirror the product."""
