"""Roles: who works here, how they join, and the single place that says who may do what."""
