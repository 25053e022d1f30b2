"""Points (波豆): a ledger with two sides to every movement, from a campaign's budget to its settlement."""
