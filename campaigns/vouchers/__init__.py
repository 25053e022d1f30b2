"""Vouchers 满额券: a condition that can be measured, a redemption in two steps, never more outstanding than the cap."""
