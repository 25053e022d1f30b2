"""Offers: what each class is given, and the campaigns that send them."""
