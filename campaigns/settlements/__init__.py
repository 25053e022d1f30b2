"""Settlements 结算: what an event handed out, what became of its coupons, who pays and who receives what."""
