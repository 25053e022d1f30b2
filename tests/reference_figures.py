"""Figures that the papers tell of A bank, for tests that ask whether ours come out the same (S-36)."""

CUSTOMERS_2020 = 148_300
ONLINE_SHARE_2020 = 0.1149  # Of them, came or dealt online.
ONLINE_CUSTOMERS_2020 = round(CUSTOMERS_2020 * ONLINE_SHARE_2020)
