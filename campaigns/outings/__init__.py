"""Outings of the bank's staff: a school that is taught (金融知识进校园), a card desk at a dealer's (移动办卡点)."""
