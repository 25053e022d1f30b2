"""Stamps: a booth's signed code, bound to whoever uses it, becomes one stamp for each person and booth."""
