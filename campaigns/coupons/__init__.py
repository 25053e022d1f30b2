"""Coupons 商户权益券: issued with a stamp or a medal, redeemed by scan at the partner, ended in time, settled."""
