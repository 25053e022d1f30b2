"""What is due every second: of many of a kind, the one that the ledger refuses holds up no other, and comes later."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.app import App
from bot.services import Services
from campaigns.followups.model import Source
from campaigns.members.model import Introduction, Language
from storage.groups import SqlGroupStore

NOW = datetime(2026, 11, 4, 4, tzinfo=UTC)
CUSTOMERS = (UUID(int=1), UUID(int=2))
REFUSES = (
    """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.campaign = '{campaign}' AND starts_with(NEW.step, '{step}') THEN RAISE 'not this one'; END IF;
        RETURN NEW; END $$""",
    "CREATE TRIGGER refuses BEFORE INSERT ON deliveries FOR EACH ROW EXECUTE FUNCTION refuse()",
)
OVER = (
    """INSERT INTO chains (group_id, product, places, taken, deadline, state, leader_id, next_sequence, opened_at,
        remind_at, quantity_limit, items, confirm_within, conditions)
    SELECT id, '苹果', 10, 0, :over, 'open', 1, 1, :over - interval '1 day', :over, 1, '{}', '1 hour', '[]'
    FROM groups""",
    """INSERT INTO todos (group_id, manager_id, title, named, opened_at, ending_at, deadline)
    SELECT id, 1, '带身份证', '{}', :over - interval '1 day', :over, :over FROM groups""",
    """INSERT INTO group_members (group_id, member_id, joined_at, source) SELECT id, 2, :over, 'unknown' FROM groups""",
    "INSERT INTO staff_roles VALUES (1, 'team_lead', :over)",
    "INSERT INTO customers (id, number, first_as_of) SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, "
    "'K' || n, '2026-10-31' FROM generate_series(1, 2) n",
    "INSERT INTO customer_owners SELECT id, 1, :over FROM customers",
)


class Clockwork:
    """Two of each kind, both due."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self._clock = folder / "clock.json"
        self.at(NOW)

    def at(self, now: datetime) -> None:
        self._clock.write_text(json.dumps({"anchor_real": 0, "anchor_domain": now.isoformat(), "rate": 0}))

    async def opens(self) -> None:
        async with self.app.database.unit_of_work() as uow:
            services = self.app.services(uow)
            for number, name in ((1, "李敏"), (2, "王芳")):
                await services.people.meet(Introduction(number, name, Language.ZH, is_private=True), NOW)
            for chat in (-1, -2):
                await SqlGroupStore(uow).save(chat, f"A银行&商户{-chat}商户福利群", f"商户{-chat}", 1, NOW)
            for statement in OVER:
                await uow.session.execute(text(statement), {"over": NOW - timedelta(hours=1)})
            for customer in CUSTOMERS:
                due = NOW - timedelta(hours=1)
                assert await services.followups.open(customer, Source.COMPLAINT, "请回电", due=due) == due

    async def does(self, statement: str) -> list[tuple[object, ...]]:
        async with self.app.database.unit_of_work() as uow:
            found = await uow.session.execute(text(statement))
            return [tuple(row) for row in found] if found.returns_rows else []  # type: ignore[attr-defined]

    async def ticks(self, look: Callable[[Services], Awaitable[object]]) -> None:
        async with self.app.database.unit_of_work() as uow:
            await look(self.app.services(uow))


@pytest.fixture
async def clockwork(app: App, tmp_path: Path) -> Clockwork:
    found = Clockwork(app, tmp_path)
    await found.opens()
    return found


@pytest.mark.parametrize(
    ("look", "refused", "done"),
    [
        (lambda each: each.chains.tick(each.setbacks), "chain:{}", "SELECT id FROM chains WHERE state = 'closed'"),
        (
            lambda each: each.groups.tick(each.setbacks),
            "group:{}/welcome",
            "SELECT group_id FROM group_members WHERE welcomed_at IS NOT NULL",
        ),
        (lambda each: each.todos.tick(each.setbacks), "todo:{}", "SELECT id FROM todos WHERE closed_at IS NOT NULL"),
        (
            lambda each: each.followups.tick(each.setbacks),
            "followup:{}",
            "SELECT id FROM followups WHERE escalated_at IS NOT NULL",
        ),
    ],
    ids=["chains", "groups", "todos", "followups"],
)
async def test_one_that_cannot_go_on_holds_up_no_other_of_its_kind(
    clockwork: Clockwork, look: Callable[[Services], Awaitable[object]], refused: str, done: str
) -> None:
    campaign, _, step = refused.format(1).partition("/")
    for statement in REFUSES:
        await clockwork.does(statement.format(campaign=campaign, step=step))
    for _ in "ab":
        await clockwork.ticks(look)
    assert await clockwork.does(done) == [(2,)]
    assert await clockwork.does("SELECT DISTINCT subject, times FROM setbacks") == [("1", 1)]
    await clockwork.does("DROP TRIGGER refuses ON deliveries")
    clockwork.at(NOW + timedelta(minutes=1))
    await clockwork.ticks(look)
    assert sorted(await clockwork.does(done)) == [(1,), (2,)]
