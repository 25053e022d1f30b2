"""Stops on real rows: what the sender's next claim leaves out, what goes on, and what is cancelled for good."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.halts.model import Aim, Halt, HaltRefusal, Held, Scope, Sending
from campaigns.halts.service import HaltService
from campaigns.members.model import Introduction, Language
from campaigns.staff.model import Role
from campaigns.staff.service import StaffService
from handlers.wording.halts import HaltWords
from storage.channels import SqlChannelStore
from storage.database import UnitOfWork
from storage.deliveries import Resting, SqlDeliveryStore, _due
from storage.groups import SqlGroupStore
from storage.halts import SqlHaltStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Vault

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
AUTHOR, LEAD, ANNA = 1, 2, 7
EVERYTHING = Aim(Scope.EVERYTHING)


@dataclass
class Desk:
    """A lead's stops beside a ledger."""

    uow: UnitOfWork
    vault: Vault

    @property
    def halts(self) -> HaltService:
        return HaltService(
            SqlHaltStore(self.uow),
            SqlMemberStore(self.uow, self.vault),
            StaffService(SqlStaffStore(self.uow), lambda: NOW),
            Outbox(SqlDeliveryStore(self.uow), lambda: NOW),
            HaltWords(),
            lambda: NOW,
        )

    async def plan(
        self, campaign: str, step: str = "v1", kind: Kind = Kind.MARKETING, product: str | None = None
    ) -> None:
        draft = Draft(campaign, step, ANNA, Message("立减5元"), kind, NOW, product=product)
        await SqlDeliveryStore(self.uow).plan([draft], NOW)

    async def due(self) -> set[str]:
        found = await SqlDeliveryStore(self.uow).due(NOW + timedelta(seconds=1), Resting(), limit=100)
        return {each.campaign for each in found if not each.campaign.startswith("halt:")}

    async def stop(self, aim: Aim) -> Held:
        held = await self.halts.stop(aim, "价格写错", "值班")
        assert isinstance(held, Held)
        return held


@pytest.fixture
async def desk(uow: UnitOfWork, vault: Vault) -> Desk:
    members = SqlMemberStore(uow, vault)
    for number, name in ((AUTHOR, "李敏"), (LEAD, "赵强"), (ANNA, "王芳")):
        await members.meet(Introduction(number, name, Language.ZH, is_private=True), NOW)
    await SqlStaffStore(uow).grant(LEAD, Role.TEAM_LEAD, NOW)
    return Desk(uow, vault)


async def test_a_stop_of_a_campaign_holds_it_alone_and_lifting_lets_it_go_on(desk: Desk) -> None:
    for campaign in ("promotion:1", "promotion:12", "offer:1"):
        await desk.plan(campaign)
    await desk.plan("promotion:1", "reminder", Kind.SERVICE)
    held = await desk.stop(Aim(Scope.CAMPAIGN, "promotion:1"))
    assert held.waiting == 1
    due = await SqlDeliveryStore(desk.uow).due(NOW, Resting(), limit=100)
    assert {(each.campaign, each.step) for each in due if each.recipient == ANNA} == {
        ("promotion:12", "v1"),
        ("offer:1", "v1"),
        ("promotion:1", "reminder"),
    }
    assert await desk.halts.sending(5) == [Sending("offer:1", 1), Sending("promotion:12", 1)]
    assert isinstance(await desk.halts.lift(held.halt.id, "值班"), Halt)
    assert await desk.due() == {"promotion:1", "promotion:12", "offer:1"}
    assert await desk.halts.lift(held.halt.id, "值班") is HaltRefusal.LIFTED_ALREADY


async def test_a_stop_by_the_beginning_of_a_name_holds_every_campaign_of_that_kind(desk: Desk) -> None:
    for campaign in ("promotion:1", "promotion:12", "offer:1"):
        await desk.plan(campaign)
    await desk.stop(Aim(Scope.CAMPAIGN, "promotion"))
    assert await desk.due() == {"offer:1"}


async def test_a_stop_of_a_product_holds_what_sells_it_by_whichever_way(desk: Desk) -> None:
    body = {"products": [], "bundles": [{"code": "starter", "products": ["gold-fund"]}, {"code": "b", "products": []}]}
    await desk.uow.session.execute(
        text("INSERT INTO catalogue_versions VALUES (1, CAST(:body AS jsonb), '王', :now, 'x')"),
        {"body": json.dumps(body), "now": NOW},
    )
    await SqlGroupStore(desk.uow).save(-1, "A银行&米店商户福利群", "米店", AUTHOR, NOW)
    posts = await desk.uow.session.scalars(
        text(
            "INSERT INTO bundle_posts (version, bundle, group_id, manager_id, made_at)"
            " SELECT 1, bundle, id, :who, :now FROM groups, (VALUES ('starter'), ('b')) b (bundle) RETURNING id"
        ),
        {"who": AUTHOR, "now": NOW},
    )
    sells, other = sorted(posts)
    for campaign, step, product in (
        ("promotion:1", "v1", "gold-fund"),
        ("promotion:2", "v1", "silver-fund"),
        ("offer:1", "gold-fund", None),
        (f"bundle:{sells}", "v1", None),
        (f"bundle:{other}", "v1", None),
    ):
        await desk.plan(campaign, step, product=product)
    held = await desk.stop(Aim(Scope.PRODUCT, "gold-fund"))
    assert held.waiting == 3
    assert await desk.due() == {"promotion:2", f"bundle:{other}"}
    told = await desk.uow.session.scalars(text("SELECT recipient FROM deliveries WHERE campaign = 'halt:1' ORDER BY 1"))
    assert list(told) == [AUTHOR, LEAD]


async def test_under_a_stop_of_everything_answers_and_reminders_go_on_and_what_is_planned_later_is_held(
    desk: Desk,
) -> None:
    await desk.plan("offer:1")
    await desk.plan("letter:1", kind=Kind.SERVICE)
    held = await desk.stop(EVERYTHING)
    await desk.plan("offer:2")
    assert await desk.due() == {"letter:1"}
    assert await desk.halts.stop(EVERYTHING, "又错了", "值班") is HaltRefusal.STANDS_ALREADY
    assert [each.waiting for each in await desk.halts.standing()] == [2]
    ended = await desk.halts.cancel(held.halt.id, "值班")
    assert isinstance(ended, Held)
    assert ended.waiting == 2
    assert await desk.halts.cancel(held.halt.id, "值班") is HaltRefusal.NOTHING_HELD
    await desk.halts.lift(held.halt.id, "值班")
    assert await desk.due() == {"letter:1"}
    ends = await desk.uow.session.execute(
        text("SELECT DISTINCT state, reason FROM deliveries WHERE kind = 'marketing'")
    )
    assert [tuple(each) for each in ends] == [("cancelled", "halted")]


async def test_held_rows_stand_out_of_the_senders_way_and_come_back(desk: Desk) -> None:
    await desk.plan("offer:1")
    await desk.plan("offer:2")
    first, second = await desk.stop(EVERYTHING), await desk.stop(Aim(Scope.CAMPAIGN, "offer:2"))
    assert await desk.halts.tick() == 2
    assert await desk.halts.tick() == 0
    await desk.halts.lift(first.halt.id, "值班")
    assert await desk.halts.tick() == 1
    assert await desk.halts.tick() == 0
    assert await desk.due() == {"offer:1"}
    await desk.halts.lift(second.halt.id, "值班")
    await desk.halts.tick()
    assert await desk.due() == {"offer:1", "offer:2"}
    marks = await desk.uow.session.scalars(text("SELECT DISTINCT priority FROM deliveries WHERE kind = 'marketing'"))
    assert list(marks) == [5]


async def test_everybody_concerned_is_told_once_but_who_did_it(desk: Desk) -> None:
    await SqlStaffStore(desk.uow).grant(AUTHOR, Role.COMPLIANCE, NOW)
    author = (await SqlMemberStore(desk.uow, desk.vault).many([AUTHOR]))[AUTHOR]
    asked = await desk.halts.ask(EVERYTHING, "价格写错", author)
    assert isinstance(asked, Held)
    assert await desk.due() == set()
    assert isinstance(await desk.halts.confirm(asked.halt.id, author), Held)
    assert await desk.halts.confirm(asked.halt.id, author) is HaltRefusal.STANDS_ALREADY
    await desk.halts.lift(asked.halt.id, author)
    told = await desk.uow.session.execute(text("SELECT step, recipient FROM deliveries WHERE campaign LIKE 'halt:%'"))
    assert sorted(tuple(each) for each in told) == [("lifted", LEAD), ("stopped", LEAD)]
    kept = await desk.uow.session.execute(text("SELECT actor, action FROM audit_events ORDER BY id"))
    assert [tuple(each) for each in kept] == [(AUTHOR, "stop_sending"), (AUTHOR, "lift_halt")]


async def test_messages_outside_of_the_chat_are_counted_held_and_cancelled_too(desk: Desk) -> None:
    for campaign in ("promotion:1", "promotion:2"):
        await desk.uow.session.execute(
            text(
                "INSERT INTO channel_messages (campaign, step, channel, title, text, kind, touch, state, cost_fen,"
                " due_at, attempts, repeats, planned_at)"
                " VALUES (:campaign, 'v1', 'popup', '', '', 'marketing', 'call', 'planned', 0, :now, 0, 0, :now)"
            ),
            {"campaign": campaign, "now": NOW},
        )
    channels = SqlChannelStore(desk.uow)
    held = await desk.stop(Aim(Scope.CAMPAIGN, "promotion:1"))
    assert held.waiting == 1
    assert [each.campaign for each in await channels.due(NOW, 10)] == ["promotion:2"]
    ended = await desk.halts.cancel(held.halt.id, "值班")
    assert isinstance(ended, Held)
    await desk.halts.lift(held.halt.id, "值班")
    assert [each.campaign for each in await channels.due(NOW, 10)] == ["promotion:2"]


async def test_the_senders_claim_reads_the_index_of_what_is_due_and_nothing_that_stands_aside(uow: UnitOfWork) -> None:
    connection = await uow.session.connection()
    asked = _due().params(now=NOW, limit=300, silent=[], still=[])
    claim = asked.compile(dialect=connection.dialect).construct_expanded_state()
    await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # Of an empty table anything is as cheap.
    plan = "\n".join((await connection.exec_driver_sql(f"EXPLAIN {claim.statement}", claim.parameters)).scalars())
    assert "Index Scan using deliveries_due" in plan
    assert "(priority < 9)" in plan
