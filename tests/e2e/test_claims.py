"""The storm and the burst of the bench in small: twenty thousand claims of four processes break nothing."""

import asyncio

from bench.claims import burst, storm
from campaigns.points.model import GrantCode


def test_twenty_thousand_claims_of_four_processes_neither_oversell_nor_pay_twice(database_url: str) -> None:
    found = asyncio.run(storm(database_url, 20_000))
    tally, totals = found.tally, found.sheet.totals
    assert (tally.claims, found.faults) == (20_000, ())
    assert tally.rolled_back > 0
    assert found.snapshots > 1
    assert {GrantCode.GRANTED, GrantCode.TWICE, GrantCode.BUDGET_EMPTY} <= set(tally.codes)
    assert (tally.paid, totals.is_balanced) == (totals.granted, True)
    assert totals.left < 10
    assert sum(totals.claimed.values()) + totals.void == tally.taken
    assert totals.held == tally.held


def test_claimers_at_once_are_all_answered_through_the_batcher(database_url: str) -> None:
    assert asyncio.run(burst(database_url, 300)).granted == 300
