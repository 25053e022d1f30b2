"""Behaviour events 行为事件: what a customer did or what happened to them, from the bank's files and the product."""
