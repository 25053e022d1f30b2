"""The risk watch, wired: a campaign that people flee is held, complaining customers hear nothing, once a day."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import App
from bot.commands import watches
from bot.commands.exits import REFUSED
from campaigns.members.model import Introduction, Language
from campaigns.watches.model import Finding, Look, Signal
from storage.watches import SqlWatchStore
from tests.bot.conftest import Types
from tests.promotion_people import fill

NOW = datetime(2030, 11, 3, 4, tzinfo=UTC)
SENT = NOW - timedelta(days=1)
HAPPENED = (
    """INSERT INTO deliveries (campaign, step, recipient, kind, method, payload, state, priority, due_at, pin, attempts,
        repeats, awaits_release, planned_at, ended_at)
    SELECT c, 'v1', id, 'marketing', 'sendMessage', '{}', 'sent', 5, :sent, false, 1, 0, false, :sent, :sent
    FROM members, unnest(ARRAY['promotion:1', 'promotion:2']) c WHERE customer_id IS NOT NULL AND (id % 2 = 0
        OR c = 'promotion:1')""",
    """INSERT INTO deliveries (campaign, step, recipient, kind, method, payload, state, priority, due_at, pin, attempts,
        repeats, awaits_release, planned_at)
    SELECT 'promotion:1', 'v2', 1001, 'marketing', 'sendMessage', '{}', 'planned', 5, :sent, false, 0, 0, false,
        :sent""",
    # Eight readers of the first campaign alone said stop; one customer complains, and is not done with.
    "UPDATE consents SET withdrawn_at = :sent + interval '1 hour' WHERE member_id % 2 = 1 AND member_id < 1017",
    """INSERT INTO followups (mark, customer_id, owner_id, source, why, opened_at, due_at, deferrals, state)
    SELECT gen_random_uuid(), customer_id, 1, 'complaint', '', :sent, :sent, 0, 'open' FROM members WHERE id = 1020""",
)


@pytest.fixture(autouse=True)
def noon(tmp_path: Path) -> None:
    anchor = {"anchor_real": 0, "anchor_domain": NOW.isoformat(), "rate": 0}
    (tmp_path / "clock.json").write_text(json.dumps(anchor), "utf-8")


async def tick(app: App) -> Look | None:
    async with app.database.unit_of_work() as uow:
        return await app.services(uow).watches.tick()


async def test_a_campaign_that_people_flee_is_held_and_compliance_told_once(app: App, database_url: str) -> None:
    fill(database_url, 100, SENT, willing=True)
    async with app.database.unit_of_work() as uow:
        await app.services(uow).people.meet(Introduction(900, "合规王", Language.ZH, is_private=True), SENT)
        await uow.session.execute(text("DELETE FROM staff_roles"))
        await uow.session.execute(text("INSERT INTO staff_roles VALUES (900, 'compliance', now())"))
        for statement in HAPPENED:
            await uow.session.execute(text(statement), {"sent": SENT})
    found = await tick(app)
    assert found is not None
    assert [(each.signal, each.subject, each.holds) for each in found.findings] == [
        (Signal.OPT_OUTS, "promotion:1", True)
    ]
    assert (found.suspended, found.released) == (1, 0)
    assert await tick(app) is None
    async with app.database.unit_of_work() as uow:
        [halt] = await app.services(uow).halts.standing()
        assert (halt.halt.aim.target, halt.halt.made_by) == ("promotion:1", "风险监测 risk watch")
        [told] = await uow.session.scalars(text("SELECT payload ->> 'text' FROM deliveries WHERE campaign = 'watch'"))
        assert "退订率 8.0%（线 1.0%），已停发" in told
        assert "另有 1 位客户" in told
        restricted = "SELECT count(*) FROM customer_restrictions WHERE ended_at IS NULL"
        assert await uow.session.scalar(text(restricted)) == 1
        await uow.session.execute(text("UPDATE followups SET state = 'done', closed_at = now(), closed_by = 1"))
        again = await app.services(uow).watches.look()
        assert (again.findings, again.released) == ((), 1)
        assert await uow.session.scalar(text(restricted)) == 0


async def test_an_outflow_is_told_once_however_often_its_deliveries_are_looked_at(app: App) -> None:
    fled, flowed = Finding(Signal.OPT_OUTS, "promotion:1", 0.02, 0.01), Finding(Signal.OUTFLOW, "C1", 9e7, 1e7)
    more = Finding(Signal.OUTFLOW, "C1", 9.5e7, 1e7)
    async with app.database.unit_of_work() as uow:
        store = SqlWatchStore(uow)
        assert await store.keep([fled, flowed], NOW) == [fled, flowed]
        assert await store.keep([fled, flowed], NOW + timedelta(days=1)) == []
        assert await store.keep([fled, flowed, more], NOW + timedelta(days=8)) == [fled, more]


def test_an_operator_looks_and_sets_lines(command_line: Types) -> None:
    types = partial(command_line, watches.commands)
    assert types("look")[1] == "New findings: 0; suspended 0, released 0.\n"
    assert types("set", "opt_outs", "0.02", "--by", "合规王")[1] == "The line opt_outs is 0.02 from the next look on.\n"
    assert json.loads(types("set", "fewest", "8", "--by", "合规王", "--json")[1])["opt_outs"] == 0.02
    for arguments, sentence in (
        (("set", "mood", "1", "--by", "王"), "There is no line 'mood'"),
        (("set", "fewest", "1.5", "--by", "王"), "is a whole number that is not negative"),
        (("set", "fewest", "nan", "--by", "王"), "is a whole number that is not negative"),
        (("set", "redemptions", "inf", "--by", "王"), "is a number that is not negative"),
        (("set", "complaints", "2", "--by", "王"), "is a share from 0 to 1: write 3 % as 0.03"),
        (("set", "fewest", "1", "--by", " "), "Say who sets it"),
    ):
        code, said = types(*arguments)
        assert (code, sentence in said) == (REFUSED, True), said
