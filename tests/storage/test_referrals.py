"""Referrals on real rows: bursts, rings and new customers judged under one lock, paid once, taken back."""

import asyncio
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.deliveries.service import Outbox
from campaigns.members.model import Introduction, Language, Member, Purpose
from campaigns.points.model import PointsCampaign, Share, Totals
from campaigns.points.service import PointsService
from campaigns.referrals.course import ReferralCourse
from campaigns.referrals.model import (
    DecideCode,
    Doubt,
    FileCode,
    Link,
    LinkRefusal,
    OpenRefusal,
    Programme,
    Referral,
    Stage,
    StartCode,
)
from campaigns.referrals.ports import Ties
from campaigns.referrals.service import ReferralService, Started
from campaigns.referrals.terms import purse_of
from campaigns.staff.model import Role
from handlers.wording.referrals import ReferralWords
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.private_postgres import PrivatePostgres
from storage.referrals import SqlReferralStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault
from tests.databases import fresh_database

START = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ENDS = START + timedelta(days=30)
ZONE = ZoneInfo("Asia/Shanghai")
PROGRAMME = Programme(0, 0, 10_000, START, ENDS, places=5)
WANG, LI, BOSS = 11, 12, 90
PEOPLE = (41, 42, 43)
LONG_AGO = date(2020, 1, 1)


@dataclass
class Fair:
    """A bank with members, a points campaign and a programme, with a clock that the test turns."""

    database: Database
    vault: Vault
    now: datetime = START
    campaign: PointsCampaign = field(init=False)
    programme: Programme = field(init=False)

    async def opens(self, budget: int = 200_000, programme: Programme = PROGRAMME) -> Programme | OpenRefusal:
        async with self.database.unit_of_work() as uow:
            partner = await SqlPointsStore(uow).add_partner("A银行", "bank")
            ends = ENDS + timedelta(days=60)
            self.campaign = await self._points(uow).open("老带新", 100, 60, [Share(partner, 10_000)], budget, ends)
        return await self.adds(programme)

    async def adds(self, programme: Programme) -> Programme | OpenRefusal:
        async with self.database.unit_of_work() as uow:
            wanted = replace(programme, points_campaign=self.campaign.id)
            made = await self._chat(uow).open(wanted, self.campaign)
            if isinstance(made, Programme):
                self.programme = made
            return made

    async def member(self, member_id: int, *roles: Role) -> Member:
        async with self.database.unit_of_work() as uow:
            store = SqlMemberStore(uow, self.vault)
            await store.meet(Introduction(member_id, f"成员{member_id}", Language.ZH, is_private=True), START)
            for role in roles:
                await SqlStaffStore(uow).grant(member_id, role, START)
            found = await store.get(member_id)
            assert found is not None
            return found

    async def customer(self, number: int, since: date = LONG_AGO) -> UUID:
        """A customer whom the bank delivered first on a day."""
        async with self.database.unit_of_work() as uow:
            row = "INSERT INTO customers (id, number, first_as_of) VALUES (:id, :number, :since) ON CONFLICT DO NOTHING"
            facts = {"id": UUID(int=number), "number": f"C{number}", "since": since}
            await uow.session.execute(text(row), facts)
        return UUID(int=number)

    async def binds(self, member_id: int, customer: UUID | None) -> None:
        async with self.database.unit_of_work() as uow:
            await SqlMemberStore(uow, self.vault).bind(member_id, customer, f"+8613800{member_id:06}", self.now)

    async def link(self, member_id: int = WANG) -> Link | LinkRefusal:
        """The link of a member whom the bank knows by the number of the member."""
        await self.member(member_id)
        await self.binds(member_id, await self.customer(member_id))
        member = await self.member(member_id)
        async with self.database.unit_of_work() as uow:
            return await self._chat(uow).link(member)

    async def token(self, member_id: int = WANG) -> str:
        found = await self.link(member_id)
        assert isinstance(found, Link)
        return found.token

    async def starts(self, token: str, member_id: int) -> Started:
        member = await self.member(member_id)
        async with self.database.unit_of_work() as uow:
            return await self._chat(uow).start(token, member)

    async def ticks(self) -> None:
        async with self.database.unit_of_work() as uow:
            await self._course(uow).tick()

    async def file(self, *lines: str) -> list[FileCode]:
        async with self.database.unit_of_work() as uow:
            told = await self._course(uow).take_in("customer,event,date\n" + "\n".join(lines))
            return [line.code for line in told]

    async def decides(self, referral: Referral, member: Member, *, release: bool) -> DecideCode:
        async with self.database.unit_of_work() as uow:
            return await self._chat(uow).decide(referral.id, member, release=release)

    async def came(self, member_id: int) -> Referral:
        async with self.database.unit_of_work() as uow:
            found = await SqlReferralStore(uow).coming(member_id)
            assert found is not None
            return found

    async def stands(self, member_id: int) -> tuple[Stage, Doubt | None]:
        found = await self.came(member_id)
        return found.stage, found.doubt

    async def points(self, member_id: int) -> int:
        async with self.database.unit_of_work() as uow:
            return (await self._points(uow).statement(member_id)).spendable

    async def totals(self) -> Totals:
        async with self.database.unit_of_work() as uow:
            return await SqlPointsStore(uow).totals(self.campaign.id)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        async with self.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query))]

    async def brings(self, newcomer: int, since: date = TODAY) -> None:
        """A newcomer by the link of 王, named, whom the bank knows since a day."""
        await self.starts(await self.token(), newcomer)
        await self.binds(newcomer, await self.customer(newcomer, since))
        await self.ticks()

    async def pays(self, newcomer: int) -> None:
        """The same to the end."""
        await self.brings(newcomer)
        await self.file(f"C{newcomer},开户,{TODAY}")
        self.now = START + timedelta(days=8)
        await self.ticks()

    def _points(self, uow: UnitOfWork) -> PointsService:
        return PointsService(SqlPointsStore(uow), lambda: self.now, ZONE)

    def _chat(self, uow: UnitOfWork) -> ReferralService:
        return ReferralService(self._ties(uow))

    def _course(self, uow: UnitOfWork) -> ReferralCourse:
        return ReferralCourse(self._ties(uow))

    def _ties(self, uow: UnitOfWork) -> Ties:
        people, outbox = SqlMemberStore(uow, self.vault), Outbox(SqlDeliveryStore(uow), lambda: self.now)
        words = ReferralWords("A银行", "bot", ZONE)
        return Ties(SqlReferralStore(uow), self._points(uow), people, outbox, words, lambda: self.now, ZONE)


@pytest.fixture
async def fair(database: Database, vault: Vault) -> Fair:
    made = Fair(database, vault)
    assert isinstance(await made.opens(), Programme)
    return made


async def test_both_sides_are_paid_once_the_account_is_open_and_has_cooled(fair: Fair) -> None:
    await fair.brings(LI)
    assert await fair.stands(LI) == (Stage.NAMED, None)
    assert await fair.file(f"C{LI},account opened,{TODAY}") == [FileCode.OPENED]
    fair.now = datetime(2026, 11, 28, 15, 59, tzinfo=UTC)
    await fair.ticks()
    assert await fair.points(WANG) == 0
    fair.now += timedelta(minutes=1)  # Midnight in Shanghai, seven days after the account.
    await fair.ticks()
    await fair.ticks()
    assert (await fair.points(WANG), await fair.points(LI)) == (10_000, 10_000)
    assert (await fair.came(LI)).free_until == date(2027, 2, 28)
    assert (await fair.totals()).is_balanced


async def test_the_file_may_come_before_the_name_and_again_and_changes_nothing_then(fair: Fair) -> None:
    await fair.customer(LI, TODAY)
    lines = (
        f"C{LI},开户,{TODAY}",
        f"C{LI},开户,{TODAY}",
        f"C{LI},存款,{TODAY}",
        f"C99,开户,{TODAY}",
        "=1+1",
        "C1,开户,soon",
    )
    assert await fair.file(*lines) == [
        FileCode.KEPT,
        FileCode.UNCHANGED,
        FileCode.UNKNOWN_EVENT,
        FileCode.UNKNOWN_CUSTOMER,
        FileCode.UNREADABLE,
        FileCode.UNREADABLE,
    ]
    await fair.brings(LI)
    assert await fair.stands(LI) == (Stage.OPENED, None)
    assert (await fair.file(*lines))[0] is FileCode.UNCHANGED


@pytest.mark.parametrize(
    ("bound_before", "known_since", "stands"),
    [
        (False, TODAY, (Stage.NAMED, None)),
        (False, LONG_AGO, (Stage.HELD, Doubt.EXISTING_CUSTOMER)),
        (True, TODAY, None),
        (True, LONG_AGO, None),
    ],
)
async def test_who_must_be_new_is_new_in_all_four_cases(
    fair: Fair, bound_before: bool, known_since: date, stands: tuple[Stage, Doubt | None] | None
) -> None:
    token = await fair.token()
    customer = await fair.customer(LI, known_since)
    if bound_before:
        await fair.member(LI)
        await fair.binds(LI, customer)
        assert (await fair.starts(token, LI)).code is StartCode.CUSTOMER_ALREADY
        return
    assert (await fair.starts(token, LI)).code is StartCode.STARTED
    await fair.binds(LI, customer)
    await fair.ticks()
    assert await fair.stands(LI) == stands


async def test_the_newest_snapshot_knows_since_when_somebody_is_a_customer(fair: Fair) -> None:
    await fair.starts(await fair.token(), LI)
    customer = await fair.customer(LI, TODAY)
    async with fair.database.unit_of_work() as uow:
        trait = "INSERT INTO customer_traits (department, as_of, customer_id, customer_since) VALUES (:d, :on, :c, :s)"
        await uow.session.execute(text(trait), {"d": "core", "on": TODAY, "c": customer, "s": LONG_AGO})
    await fair.binds(LI, customer)
    await fair.ticks()
    assert await fair.stands(LI) == (Stage.HELD, Doubt.EXISTING_CUSTOMER)
    async with fair.database.unit_of_work() as uow:
        assert [each.known_since for each in (await fair._chat(uow).desk()).doubtful] == [LONG_AGO]


async def test_a_prospect_is_named_once_the_bank_delivers_the_customer(fair: Fair) -> None:
    await fair.starts(await fair.token(), LI)
    await fair.binds(LI, None)
    await fair.ticks()
    assert await fair.stands(LI) == (Stage.PENDING, None)
    customer = await fair.customer(LI, TODAY)
    async with fair.database.unit_of_work() as uow:
        contact = "INSERT INTO customer_contacts VALUES (:c, '', '', :index, :on)"
        index = fair.vault.index(f"+8613800{LI:06}")
        await uow.session.execute(text(contact), {"c": customer, "index": index, "on": TODAY})
    await fair.ticks()
    assert await fair.stands(LI) == (Stage.PENDING, None), "no consent, no binding"
    async with fair.database.unit_of_work() as uow:
        await SqlMemberStore(uow, fair.vault).give_consent(LI, Purpose.BINDING, "binding-1", START)
    await fair.ticks()
    assert await fair.stands(LI) == (Stage.NAMED, None)


async def test_of_120_who_come_by_one_link_within_a_minute_those_over_100_are_held(fair: Fair) -> None:
    token = await fair.token()
    for start in range(1_000, 1_120, 30):
        people = range(start, start + 30)
        await asyncio.gather(*(fair.starts(token, member) for member in people))
    assert await fair.rows("SELECT stage, doubt, count(*) FROM referrals GROUP BY 1, 2 ORDER BY 3") == [
        ("held", "burst", 20),
        ("pending", None, 100),
    ]
    told = "SELECT count(*) FROM deliveries WHERE campaign = 'referrals' AND recipient = 11"
    assert await fair.rows(told) == [(1,)]
    fair.now += timedelta(seconds=60)
    assert not (await fair.starts(token, 2_000)).is_held


async def test_the_same_person_is_brought_once_by_whatever_link_and_account(fair: Fair) -> None:
    mine, other = await fair.token(), await fair.token(13)
    assert (await fair.starts(mine, LI)).code is StartCode.STARTED
    assert (await fair.starts(mine, LI)).code is StartCode.STARTED
    assert (await fair.starts(other, LI)).code is StartCode.REFERRED_ALREADY
    await fair.brings(LI)
    assert (await fair.starts(other, 14)).code is StartCode.STARTED
    await fair.binds(LI, None)
    await fair.binds(14, UUID(int=LI))
    await fair.ticks()
    assert await fair.stands(14) == (Stage.VOID, Doubt.TWICE)
    assert len(await fair.rows("SELECT id FROM referrals")) == 2


async def test_two_who_open_each_others_links_at_once_do_not_both_count(fair: Fair) -> None:
    tokens = {member: await fair.token(member) for member in (21, 22, 23, 24)}
    for member in tokens:
        await fair.binds(member, None)
    ring = [(22, 21), (23, 22), (24, 23), (21, 24)]
    await asyncio.gather(*(fair.starts(tokens[owner], opener) for opener, owner in ring))
    held = await fair.rows("SELECT stage, doubt FROM referrals WHERE stage = 'held'")
    assert held == [("held", "ring")]


async def test_who_is_on_both_sides_is_held(fair: Fair) -> None:
    await fair.starts(await fair.token(), LI)
    await fair.binds(WANG, None)
    await fair.binds(LI, UUID(int=WANG))
    await fair.ticks()
    assert await fair.stands(LI) == (Stage.HELD, Doubt.SELF)


async def test_two_processes_that_pay_at_once_pay_once(fair: Fair) -> None:
    await fair.brings(LI)
    await fair.file(f"C{LI},开户,{TODAY}")
    fair.now = START + timedelta(days=8)
    await asyncio.gather(*(fair.ticks() for _ in range(4)))
    paid = "SELECT count(*) FROM points_movements WHERE reason = 'referral'"
    assert await fair.rows(paid) == [(2,)]
    assert await fair.rows("SELECT count(*) FROM referral_history WHERE stage = 'paid'") == [(1,)]


async def test_a_closed_account_takes_back_what_is_there_and_shows_what_is_not(fair: Fair) -> None:
    await fair.pays(LI)
    async with fair.database.unit_of_work() as uow:
        await fair._points(uow).hold(WANG, 1, 4_000)
    assert await fair.file(f"C{LI},销户,2026-11-30") == [FileCode.CLAWED_BACK]
    assert (await fair.points(WANG), await fair.points(LI)) == (0, 0)
    assert (await fair.came(LI)).free_until == date(2026, 11, 30)
    async with fair.database.unit_of_work() as uow:
        desk = await fair._chat(uow).desk()
        books = (await fair._chat(uow).books())[0]
    assert [(short.missing.referrer, short.missing.newcomer) for short in desk.unreturned] == [(4_000, 0)]
    assert (books.paid, books.returned, books.missing) == (20_000, 16_000, 4_000)
    totals = await fair.totals()
    assert (totals.is_balanced, totals.void, totals.held) == (True, 16_000, 4_000)


async def test_a_person_decides_once_and_never_on_their_own(fair: Fair) -> None:
    await fair.brings(LI, LONG_AGO)
    referral = await fair.came(LI)
    boss = await fair.member(BOSS, Role.COMPLIANCE)
    own = replace(boss, id=WANG)
    assert await fair.decides(referral, own, release=True) is DecideCode.OWN
    assert await fair.decides(referral, replace(boss, customer_id=UUID(int=WANG)), release=True) is DecideCode.OWN
    both = await asyncio.gather(*(fair.decides(referral, boss, release=release) for release in (True, True)))
    assert sorted(both) == [DecideCode.RELEASED, DecideCode.SETTLED_ALREADY]
    assert await fair.decides(referral, boss, release=False) is DecideCode.SETTLED_ALREADY
    assert await fair.decides(replace(referral, id=999), boss, release=False) is DecideCode.UNKNOWN
    assert await fair.stands(LI) == (Stage.NAMED, None)
    decided = "SELECT stage, decided_by FROM referral_history WHERE decided_by IS NOT NULL"
    assert await fair.rows(decided) == [("named", BOSS)]


async def test_the_last_place_goes_to_who_gives_the_name_first_and_all_of_them_can_be_paid(fair: Fair) -> None:
    token = await fair.token()
    for member in range(31, 38):
        await fair.starts(token, member)
        await fair.binds(member, await fair.customer(member, TODAY))
    await fair.ticks()
    stages = await fair.rows("SELECT stage, doubt, count(*) FROM referrals GROUP BY 1, 2 ORDER BY 3")
    assert stages == [("void", "full", 2), ("named", None, 5)]
    assert (await fair.starts(token, 40)).code is StartCode.FULL
    await fair.file(*(f"C{member},开户,{TODAY}" for member in range(31, 38)))
    fair.now = START + timedelta(days=8)
    await fair.ticks()
    assert await fair.points(WANG) == 50_000


async def test_lateness_ends_a_referral_and_a_finished_programme_gives_the_rest_back(fair: Fair) -> None:
    await fair.starts(await fair.token(), LI)
    fair.now = ENDS + timedelta(seconds=1)
    await fair.ticks()
    assert await fair.stands(LI) == (Stage.VOID, Doubt.LATE)
    assert await fair.rows("SELECT owner, balance FROM points_accounts WHERE kind = 'budget' ORDER BY owner") == [
        (purse_of(fair.programme), 0),
        (0, 200_000),
    ]
    assert isinstance(await fair.link(), LinkRefusal)


async def test_terms_never_change_once_open_and_the_history_only_grows(fair: Fair) -> None:
    await fair.starts(await fair.token(), LI)
    for forbidden in (
        "UPDATE referral_programmes SET points = 1",
        "UPDATE referral_history SET stage = 'paid'",
        "DELETE FROM referral_history",
        "UPDATE referrals SET stage = 'paid'",
    ):
        with pytest.raises(DBAPIError):
            await fair.rows(forbidden)


async def test_an_edit_is_the_next_version_and_two_never_run_at_once(fair: Fair) -> None:
    assert await fair.adds(PROGRAMME) is OpenRefusal.ANOTHER_RUNS
    first, old = fair.programme, await fair.token()
    async with fair.database.unit_of_work() as uow:
        assert await fair._chat(uow).stop(first.id)
    fair.now += timedelta(hours=1)
    second = await fair.adds(replace(PROGRAMME, starts_at=fair.now, points=5_000))
    assert isinstance(second, Programme)
    assert (second.version, second.points) == (2, 5_000)
    assert (await fair.starts(old, LI)).code is StartCode.NOT_NOW
    assert await fair.token() != old


async def test_a_programme_that_could_not_pay_everybody_is_not_opened(database: Database, vault: Vault) -> None:
    poor = Fair(database, vault)
    assert await poor.opens(budget=99_999) is OpenRefusal.BUDGET_TOO_SMALL
    late = replace(PROGRAMME, ends_at=ENDS + timedelta(days=50))
    assert await poor.adds(late) is OpenRefusal.BEYOND_CAMPAIGN


async def test_staff_and_strangers_get_no_link_and_a_guess_finds_none(fair: Fair) -> None:
    boss = await fair.member(BOSS, Role.WEALTH_MANAGER)
    stranger = await fair.member(LI)
    async with fair.database.unit_of_work() as uow:
        assert await fair._chat(uow).link(boss) is LinkRefusal.STAFF
        assert await fair._chat(uow).link(stranger) is LinkRefusal.NOT_BOUND
    token = await fair.token()
    assert await fair.token() == token
    assert len(token) >= 22
    for forged in ("", "x" * 22, token[:-1], token.swapcase(), "' OR 1=1 --"):
        assert (await fair.starts(forged, LI)).code is StartCode.UNKNOWN_LINK
    assert (await fair.starts(token, BOSS)).code is StartCode.STAFF
    assert (await fair.starts(token, WANG)).code is StartCode.OWN_LINK


class ReferralMachine(RuleBasedStateMachine):
    """Anybody does anything in any order on real rows: the books balance, nobody is paid twice or for no account."""

    url: str
    vault: Vault

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.fair = Fair(Database(self.url, pool_size=2), self.vault)
        self.run(self.empty())
        assert isinstance(self.run(self.fair.opens()), Programme)
        self.tokens = [self.run(self.fair.token(member)) for member in (WANG, 13)]
        self.boss = self.run(self.fair.member(BOSS, Role.COMPLIANCE))

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(work)

    async def empty(self) -> None:
        async with self.fair.database.unit_of_work() as uow:
            await uow.session.execute(
                text("TRUNCATE members, customers, points_campaigns, partners, data_keys CASCADE")
            )

    @rule(who=st.sampled_from(PEOPLE), link=st.integers(0, 1))
    def opens_a_link(self, who: int, link: int) -> None:
        self.run(self.fair.starts(self.tokens[link], who))

    @rule(who=st.sampled_from(PEOPLE), is_new=st.booleans())
    def gives_the_name(self, who: int, is_new: bool) -> None:
        async def work() -> None:
            if (await self.fair.member(who)).customer_id is None:
                await self.fair.binds(who, await self.fair.customer(who, TODAY if is_new else LONG_AGO))

        self.run(work())

    @rule(who=st.sampled_from(PEOPLE), event=st.sampled_from(["开户", "销户"]), day=st.integers(0, 3))
    def the_bank_tells(self, who: int, event: str, day: int) -> None:
        self.run(self.fair.file(f"C{who},{event},{TODAY + timedelta(days=min(day, self.days))}"))

    @rule(release=st.booleans())
    def a_person_decides(self, release: bool) -> None:
        async def work() -> None:
            for (number,) in await self.fair.rows("SELECT id FROM referrals WHERE stage = 'held' LIMIT 1"):
                held = Referral(int(str(number)), 0, 0, 0, START)
                await self.fair.decides(held, self.boss, release=release)

        self.run(work())

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.fair.now += timedelta(days=days)
        self.run(self.fair.ticks())

    @rule()
    def time_ticks(self) -> None:
        self.run(self.fair.ticks())

    @invariant()
    def the_books_balance_and_a_reward_has_an_account(self) -> None:
        assert self.run(self.fair.rows("SELECT sum(balance) FROM points_accounts")) == [(0,)]
        sides = "SELECT 1 FROM points_movements WHERE reason = 'referral'"
        twice = " GROUP BY split_part(key, ':', 4), split_part(key, ':', 5) HAVING count(*) > 1"
        assert self.run(self.fair.rows(sides + twice)) == []
        paid = self.run(self.fair.rows("SELECT count(*) FROM points_movements WHERE reason = 'referral'"))[0][0]
        earned = "SELECT 2 * count(*) FROM referrals WHERE stage IN ('paid', 'clawed_back') AND opened_on IS NOT NULL"
        assert self.run(self.fair.rows(earned)) == [(paid,)]

    @property
    def days(self) -> int:
        """How many days the clock has gone."""
        return (self.fair.now - START).days

    def teardown(self) -> None:
        self.run(self.fair.database.close())
        self.loop.close()


def test_whatever_happens_in_whatever_order_the_books_balance(postgres: PrivatePostgres) -> None:
    with fresh_database(postgres) as url, tempfile.TemporaryDirectory() as folder:
        ReferralMachine.url, ReferralMachine.vault = url, Vault(Keyring.open(Path(folder) / "keyring.json"))
        run_state_machine_as_test(
            ReferralMachine,
            settings=settings(
                max_examples=5,
                stateful_step_count=15,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
