"""What the product itself knows has happened becomes events, each once, and old ones are deleted."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import App
from campaigns.events.model import EventKind
from storage.events import SqlEventStore
from tests.bot.journey_town import NOON, Town

ALONE = "SET LOCAL session_replication_role = replica"  # Rows of other features without all that they stand on.
ROWS = (
    """INSERT INTO applications (id, chain_id, campaign, member_id, customer_id, product, stage, owner_id, opened_at,
        stage_since, due_on, version, reminded, escalations) OVERRIDING SYSTEM VALUE
        VALUES (5, 1, 'c', 11, :id, 'card', 'activated', 1, :now, :now, '2026-11-09', 3, false, 0)""",
    """INSERT INTO application_moves (application_id, version, at, from_stage, stage)
        VALUES (5, 1, :now, 'signed', 'delivered'), (5, 2, :now, 'delivered', 'activated'),
        (5, 3, :now, 'activated', 'contacted')""",
    """INSERT INTO coupons (rally_id, code, partner_id, member_id, customer_id, worth_fen, issued_at, expires_at)
        VALUES (1, 'tea', 1, 11, :id, 500, :now, CAST(:now AS timestamptz) + interval '2 days'),
        (1, 'far', 1, 11, :id, 500, :now, CAST(:now AS timestamptz) + interval '9 days')""",
    """INSERT INTO vouchers (version, code, customer_id, member_id, value_fen, need_fen, claimed_at, counts_from,
        last_day, expires_at, state, progress_fen) VALUES (1, 'v', :id, 11, 500, 0, :now, '2026-11-01', '2026-11-03',
        CAST(:now AS timestamptz) + interval '1 day', 'claimed', 0)""",
    """INSERT INTO voucher_purchases (reference, customer_id, event, product, kind, amount_fen, day, imported_at)
        VALUES ('r1', :id, 'bought', 'fund', 'fund', 100, '2026-11-01', :now),
        ('r2', :id, 'returned', 'fund', 'fund', 100, '2026-11-01', :now)""",
    """INSERT INTO points_accounts (kind, campaign_id, owner, expires_on, balance)
        VALUES ('member', 1, 11, '2026-11-05', 30), ('member', 2, 11, '2026-12-30', 30)""",
    """INSERT INTO prospects (id, event_id, publicist_id, code_id, name, consent_wording, made_at)
        VALUES (gen_random_uuid(), 1, 1, 7, '\\x00', 'prospect-1', :now)""",
    "INSERT INTO publicity_sources (group_id, member_id, code_id, found_at) VALUES (1, 21, 7, :now)",
)


@pytest.fixture
async def town(app: App, tmp_path: Path) -> Town:
    """A town with one customer and somebody who is none."""
    found = await Town(app, tmp_path / "clock.json").opens()
    await found.customer()
    await found.member(21)
    return found


async def look(town: Town) -> int:
    async with town.app.database.unit_of_work() as uow:
        return await SqlEventStore(uow, "Asia/Shanghai").look(town.now)


async def test_stages_coupons_points_and_prospects_are_events_once_each(town: Town) -> None:
    for row in ROWS:
        async with town.app.database.unit_of_work() as uow:
            connection = await uow.session.connection()
            await connection.exec_driver_sql(ALONE)
            facts = {"id": town.customers[11], "now": NOON}
            await uow.session.execute(text(row), {name: each for name, each in facts.items() if f":{name}" in row})
    assert await look(town) == 7
    kinds = await town.rows("SELECT kind, member_id, customer_id IS NOT NULL FROM events ORDER BY kind")
    assert kinds == [
        (EventKind.CARD_ACTIVATED, 11, True),
        (EventKind.CARD_DELIVERED, 11, True),
        (EventKind.COUPON_EXPIRING, 11, True),
        (EventKind.COUPON_EXPIRING, 11, True),
        (EventKind.POINTS_EXPIRING, 11, True),
        (EventKind.PRODUCT_BOUGHT, None, True),
        (EventKind.PROSPECT_CAME, 21, False),
    ]
    assert await look(town) == 0
    town.at(NOON + timedelta(minutes=2))
    assert await look(town) == 0


async def test_an_event_is_kept_for_four_hundred_days(town: Town) -> None:
    await town.happens(EventKind.PAID)
    town.at(NOON + timedelta(days=400))
    await look(town)
    assert await town.rows("SELECT kind FROM events WHERE kind = 'paid'") == [("paid",)]
    town.at(NOON + timedelta(days=401))
    await look(town)
    assert await town.rows("SELECT kind FROM events WHERE kind = 'paid'") == []
