"""产品目录: what the bank has to offer, what each group of customers gets of it, and what each class may be told."""
