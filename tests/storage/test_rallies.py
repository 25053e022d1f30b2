"""Rallies in the database: drafts and later plans, a sealed secret, people who join once, medals, the clock."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from campaigns.deliveries.service import Outbox
from campaigns.games.entry import GameEntry
from campaigns.games.model import Attempt, Game, GameKind, Move, Scan
from campaigns.members.model import Introduction, Language
from campaigns.rallies.medals import MedalService
from campaigns.rallies.model import BoothState, Need, Rally, RallyState, Visit
from handlers.wording.rallies import RallyWords
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.games import SqlPlayStore
from storage.members import SqlMemberStore
from storage.rally_desk import SqlRallyDesk
from storage.setbacks import SqlSetbacks
from storage.vault import Vault
from tests.rally_day import plan
from tests.rally_plans import STARTS

ORGANISER, ANNA, BEN = 900, 1, 2
PLAN = plan(STARTS)
STAMP = text(
    """INSERT INTO stamps (rally_id, booth_id, member_id, way, at, stored_at)
    VALUES (:rally, :booth, :member, 'code', :now, :now)"""
)
VOID = text("INSERT INTO stamp_voids VALUES (:rally, :booth, :member, '代人集章', 900, :now)")


@pytest.fixture
async def desk(uow: UnitOfWork, vault: Vault) -> SqlRallyDesk:
    """The organisers' store, where three people are known and one partner is."""
    for number in (ORGANISER, ANNA, BEN):
        await SqlMemberStore(uow, vault).meet(Introduction(number, "客人", Language.ZH, is_private=True), STARTS)
    await uow.session.execute(text("INSERT INTO partners (name, kind) VALUES ('幸福里', 'merchant')"))
    return SqlRallyDesk(uow, vault)


async def made(desk: SqlRallyDesk) -> Rally:
    return await desk.create(PLAN, ORGANISER, await desk.partners(), STARTS)


async def test_a_draft_is_found_again_as_its_plan_says(desk: SqlRallyDesk) -> None:
    rally = await made(desk)
    assert rally.state is RallyState.DRAFT
    assert rally.plan == PLAN
    assert await desk.by_code("day-1") == await desk.find(rally.id) == await desk.lock(rally.id) == rally
    assert await desk.at_booth(rally.booths[1].id) == rally
    assert await desk.all() == [rally]
    assert [booth.tastings_left for booth in rally.booths] == [3, None]
    assert len({booth.partner_id for booth in rally.booths}) == 1
    assert await desk.by_code("nowhere") is None
    assert await desk.at_booth(0) is None


async def test_the_secret_is_the_events_own_and_sealed(desk: SqlRallyDesk, uow: UnitOfWork) -> None:
    first, second = await made(desk), await desk.create(replace(PLAN, code="day-2"), ORGANISER, {}, STARTS)
    secrets = [await desk.secret(rally) for rally in (first, second)]
    assert len(set(secrets)) == 2
    assert all(len(secret) == 32 for secret in secrets)
    [(kept,)] = await uow.session.execute(text("SELECT secret FROM rallies WHERE code = 'day-1'"))
    assert secrets[0].hex().encode() not in kept
    assert secrets[0] not in kept


async def test_a_later_plan_keeps_booths_by_their_code_and_adds_tastings(desk: SqlRallyDesk, uow: UnitOfWork) -> None:
    rally = await made(desk)
    await uow.session.execute(text("UPDATE booths SET tastings_left = 1 WHERE code = 'B1'"))
    first, second = PLAN.booths
    longer = replace(first, tastings=10, staff=(ANNA, BEN), closes_at=first.closes_at - timedelta(hours=1))
    fresh = replace(second, code="B9", partner=None)
    later = replace(PLAN, booths=(longer, fresh), targets=(replace(PLAN.targets[0], needs=(Need(1, ("B1",)),)),))
    changed = await desk.replace(rally, later, await desk.partners())
    assert [booth.code for booth in changed.booths] == ["B1", "B9"]
    assert changed.booths[0].id == rally.booths[0].id
    assert changed.booths[0].tastings_left == 8
    assert changed.booths[0].closes_at == longer.closes_at
    assert changed.booths[1].partner_id is None
    assert await desk.staff_of(changed.booths[0].id) == {ANNA, BEN}
    assert changed.plan == later
    again = await desk.replace(changed, replace(later, booths=(replace(longer, staff=()), fresh)), {})
    assert await desk.staff_of(again.booths[0].id) == frozenset()


async def test_the_staff_of_a_booths_partner_stands_there_too(desk: SqlRallyDesk, uow: UnitOfWork) -> None:
    rally = await made(desk)
    shop = rally.booths[0].partner_id
    await uow.session.execute(text("INSERT INTO partner_staff VALUES (:who, :shop)"), {"who": BEN, "shop": shop})
    assert await desk.staff_of(rally.booths[0].id) == {BEN}


async def test_somebody_joins_once_and_the_first_source_stays(desk: SqlRallyDesk) -> None:
    rally = await made(desk)
    anna, is_new = await desk.join(rally.id, ANNA, "g5", STARTS)
    assert is_new
    assert await desk.join(rally.id, ANNA, "poster", STARTS + timedelta(hours=1)) == (anna, False)
    ben, _ = await desk.join(rally.id, BEN, "poster", STARTS)
    assert (anna.source, anna.joined_at) == ("g5", STARTS)
    assert ben.number == anna.number + 1
    assert await desk.member_numbered(rally.id, ben.number) == ben
    assert await desk.member(rally.id, ORGANISER) is None
    assert await desk.of_member(ANNA) == [rally]
    await desk.move(rally.id, RallyState.SETTLED, STARTS)
    assert await desk.of_member(ANNA) == []


async def test_the_clock_finds_what_is_to_begin_and_what_is_over(desk: SqlRallyDesk) -> None:
    rally = await made(desk)
    before, after = STARTS - timedelta(seconds=1), PLAN.ends_at
    assert await desk.due(after) == []
    await desk.move(rally.id, RallyState.ANNOUNCED, STARTS)
    assert [await desk.due(moment) for moment in (before, STARTS)] == [[], [rally.id]]
    await desk.move(rally.id, RallyState.RUNNING, STARTS)
    assert [await desk.due(moment) for moment in (STARTS, after)] == [[], [rally.id]]
    await desk.move(rally.id, RallyState.ENDED, STARTS)
    assert await desk.due(after) == []


async def test_what_begins_before_its_hour_opens_its_first_booths_and_stays_open(desk: SqlRallyDesk) -> None:
    later = replace(PLAN.booths[1], opens_at=STARTS + timedelta(hours=2))
    rally = await desk.create(replace(PLAN, booths=(PLAN.booths[0], later)), ORGANISER, {}, STARTS)
    early = STARTS - timedelta(minutes=20)
    await desk.begin_now(rally, early)
    await desk.move(rally.id, RallyState.RUNNING, early)
    found = await desk.find(rally.id)
    assert found is not None
    assert found.starts_at == early
    assert [booth.opens_at for booth in found.booths] == [early, later.opens_at]
    changed = await desk.replace(found, PLAN, {})
    assert changed.starts_at == early
    assert [booth.opens_at for booth in changed.booths] == [early, STARTS]


async def test_a_booth_pauses_for_a_reason_and_goes_on(desk: SqlRallyDesk) -> None:
    rally = await made(desk)
    await desk.set_booth(rally.booths[0].id, BoothState.PAUSED, "缺料")
    found = await desk.find(rally.id)
    assert found is not None
    assert [(booth.state, booth.reason) for booth in found.booths] == [("paused", "缺料"), ("open", None)]
    await desk.set_booth(rally.booths[0].id, BoothState.OPEN, None)
    assert await desk.find(rally.id) == rally


async def test_a_medal_is_given_once(desk: SqlRallyDesk) -> None:
    rally = await made(desk)
    assert await desk.give_medals(rally.id, {(ANNA, "T1")}, STARTS) == {(ANNA, "T1")}
    later = [(ANNA, "T2"), (ANNA, "T1")]
    assert await desk.give_medals(rally.id, later, STARTS + timedelta(hours=1)) == {(ANNA, "T2")}
    assert await desk.give_medals(rally.id, (), STARTS) == set()
    assert [medal.target_code for medal in await desk.medals(rally.id, ANNA)] == ["T1", "T2"]
    figures = await desk.figures(rally)
    assert (figures.members, figures.stamps, figures.medals) == (0, 0, 2)


class Heard:
    """A follower that remembers whom it heard of."""

    def __init__(self) -> None:
        self.members: list[int] = []

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """Remember."""
        self.members += [visit.member_id for visit in visits]


async def test_a_target_that_becomes_easier_gives_its_medal_to_whoever_has_reached_it(
    desk: SqlRallyDesk, uow: UnitOfWork, vault: Vault
) -> None:
    draft, heard = await desk.create(replace(PLAN, gifts=()), ORGANISER, {}, STARTS), Heard()
    await desk.move(draft.id, RallyState.RUNNING, STARTS)
    rally = replace(draft, state=RallyState.RUNNING)
    for member in (ANNA, BEN):
        row = {"rally": rally.id, "booth": rally.booths[0].id, "member": member, "now": STARTS}
        await uow.session.execute(STAMP, row)
    await uow.session.execute(VOID, {"rally": rally.id, "booth": rally.booths[0].id, "member": BEN, "now": STARTS})
    outbox = Outbox(SqlDeliveryStore(uow), lambda: STARTS)
    words = RallyWords(ZoneInfo("Asia/Shanghai"), lambda: "bot")
    medals = MedalService(desk, SqlMemberStore(uow, vault), outbox, words, lambda: STARTS, [heard])
    await medals.stamped(rally, [Visit(ANNA, rally.booths[0])])
    assert [medal.target_code for medal in await desk.medals(rally.id, ANNA)] == ["T1"]
    setbacks = SqlSetbacks(uow, lambda: STARTS)
    assert await medals.tick(setbacks) == 0
    second = replace(PLAN.targets[1], needs=(Need(1, ("B1", "B2")),))
    await desk.replace(rally, replace(rally.plan, targets=(PLAN.targets[0], second)), {})
    assert [await medals.tick(setbacks), await medals.tick(setbacks)] == [1, 0]
    assert [medal.target_code for medal in await desk.medals(rally.id, ANNA)] == ["T1", "T2"]
    assert await desk.medals(rally.id, BEN) == []
    assert heard.members == [ANNA]
    told = await uow.session.execute(text("SELECT recipient, step FROM deliveries ORDER BY id"))
    assert [tuple(row) for row in told] == [(ANNA, "medal:T1"), (ANNA, "medal:T2")]


async def test_scanning_again_gives_no_new_tries(desk: SqlRallyDesk, uow: UnitOfWork) -> None:
    rally, store = await made(desk), SqlPlayStore(uow)
    entry, booth, game = GameEntry(store, lambda: STARTS), rally.booths[0].id, Game(GameKind.SPIN, tries=3)
    assert (await entry.begin(booth, Game(GameKind.SCAN), ANNA, Scan(STARTS))).state is Move.PASSED
    assert await store.lock(booth, ANNA) is None
    assert await entry.begin(booth, game, ANNA, Scan(STARTS, "aa")) == Attempt()
    play = await store.lock(booth, ANNA)
    assert play is not None
    await store.save(replace(play, attempt=Attempt(2, Move.AGAIN)))
    assert await entry.begin(booth, game, ANNA, Scan(STARTS + timedelta(hours=1), "bb")) == Attempt(2, Move.AGAIN)
    found = await store.lock(booth, ANNA)
    assert found is not None
    assert found.scan.code_nonce == "aa"
    assert await store.unfinished(ANNA) == [found]
    await store.save(replace(found, attempt=Attempt(3, Move.OVER)))
    assert await store.unfinished(ANNA) == []


async def test_two_who_load_the_same_code_at_once_make_one_event(database: Database, vault: Vault) -> None:
    async with database.unit_of_work() as uow:
        await SqlMemberStore(uow, vault).meet(Introduction(ORGANISER, "李敏", Language.ZH, is_private=True), STARTS)

    async def load() -> None:
        async with database.unit_of_work() as uow:
            await SqlRallyDesk(uow, vault).create(PLAN, ORGANISER, {}, STARTS)

    outcomes = await asyncio.gather(load(), load(), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
