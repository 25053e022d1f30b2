"""Redemptions: points for goods or as cash offset, in two steps: set aside by the member, confirmed by staff."""
