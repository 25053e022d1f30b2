"""小微贷款申请: a shop asks for a loan, its manager takes it up, and the owner of the shop follows it."""
