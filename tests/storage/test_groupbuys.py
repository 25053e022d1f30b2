"""Group-buys on real rows: one seat per person across groups whoever taps at once, the course to its end, the books."""

import asyncio
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaigns.chains.eligibility import Condition, ConditionKind, Standing
from campaigns.chains.model import Chain, Claim, ClaimCode, ClaimOutcome, Plan, Verb
from campaigns.chains.service import ChainService
from campaigns.chains.stages import GroupbuyState, LeaderRule, Stage
from campaigns.deliveries.service import Outbox
from campaigns.groupbuys.course import GroupbuyCourse
from campaigns.groupbuys.model import ExtendCode, GroupbuyPlan, GroupbuyRefusal, Opened, OwnState, Refused
from campaigns.groupbuys.rewards import RewardService, is_returned, points_in
from campaigns.groupbuys.rules import check_plan
from campaigns.groupbuys.service import GroupbuyService
from campaigns.groups.model import Group
from campaigns.members.model import Introduction, Language, Member
from campaigns.places.model import Spot
from campaigns.points.model import Share
from campaigns.points.service import PointsService
from handlers.wording.chains import ChainWords
from handlers.wording.groupbuy_news import GroupbuyWords
from storage.chains import SqlChainStore
from storage.compliance import SqlGate
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.groupbuy_rewards import SqlRewardStore
from storage.groupbuys import SqlGroupbuyStore
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.places import SqlPlaceStore
from storage.points import SqlPointsStore
from storage.setbacks import SqlSetbacks
from storage.vault import Vault

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # Noon in Shanghai.
NIGHT = datetime(2026, 11, 22, 15, tzinfo=UTC)
DEADLINE = NOON + timedelta(days=2)
ZONE = ZoneInfo("Asia/Shanghai")
MANAGER, PEOPLE, CHATS = 1, range(11, 17), (-100, -200)
STAGES = (Stage(3, "首年免年费"), Stage(5, "洗车券"))
CUSTOMER = UUID(int=7)


def terms(*conditions: Condition, rule: LeaderRule = LeaderRule.NEXT, ends_at_top: bool = False) -> GroupbuyPlan:
    plan = check_plan(Plan("联名信用卡", 9, DEADLINE), STAGES, conditions, leader_rule=rule, ends_at_top=ends_at_top)
    assert isinstance(plan, GroupbuyPlan)
    return plan


class Follower:
    """What goes on with entries beyond the chain: notes who is out again."""

    def __init__(self) -> None:
        self.gone: list[int] = []

    async def entered(self, chain: Chain, member_ids: Sequence[int]) -> None: ...

    async def left(self, chain: Chain, member_ids: Sequence[int]) -> None:
        self.gone += member_ids


class Scene:
    """Two groups of one manager, with a clock that the test turns."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault, self.now = database, vault, NOON
        self.follower = Follower()
        self.groups: list[Group] = []
        self.people: dict[int, Member] = {}

    def services(self, uow: UnitOfWork) -> tuple[ChainService, GroupbuyService]:
        outbox, store = Outbox(SqlDeliveryStore(uow), lambda: self.now), SqlGroupbuyStore(uow)
        words, people = GroupbuyWords(ZONE, "welfare_bot"), SqlMemberStore(uow, self.vault)
        course = GroupbuyCourse(store, people, outbox, words, SqlGate(uow).policy, lambda: self.now, ZONE)
        chain_store = SqlChainStore(uow, self.vault)
        followers = [self.follower]
        chains = ChainService(chain_store, outbox, ChainWords(ZONE), lambda: self.now, followers, course=course)
        return chains, GroupbuyService(store, chains, outbox, words, self.rewards(uow), lambda: self.now)

    def rewards(self, uow: UnitOfWork) -> RewardService:
        points = PointsService(SqlPointsStore(uow), lambda: self.now, ZONE)
        outbox, words = Outbox(SqlDeliveryStore(uow), lambda: self.now), GroupbuyWords(ZONE, "welfare_bot")
        people = SqlMemberStore(uow, self.vault)
        return RewardService(SqlRewardStore(uow), points, people, outbox, words, lambda: self.now)

    async def people_come(self) -> None:
        async with self.database.unit_of_work() as uow:
            store, groups = SqlMemberStore(uow, self.vault), SqlGroupStore(uow)
            await SqlPlaceStore(uow).keep(Spot("米店", "幸福里", "城南支行"))
            for member in (MANAGER, *PEOPLE):
                who = Introduction(member, f"王{member}", Language.ZH, is_private=True)
                self.people[member] = await store.meet(who, NOON)
            for chat in CHATS:
                group = await groups.save(chat, f"A银行&米店商户福利群{-chat}", "米店", MANAGER, NOON)
                self.groups.append(group)
                for member in PEOPLE:
                    await groups.add_member(group, member, NOON)

    async def open(self, plan: GroupbuyPlan, groups: Sequence[Group | None] | None = None) -> tuple[Chain, ...]:
        outcome = await self.wants(plan, self.groups if groups is None else groups)
        assert isinstance(outcome, Opened)
        return outcome.chains

    async def wants(self, plan: GroupbuyPlan, groups: Sequence[Group | None], by: int = MANAGER) -> Opened | Refused:
        async with self.database.unit_of_work() as uow:
            return await self.services(uow)[1].open(groups, self.people[by], plan)

    async def claims(self, chain: Chain, *claims: tuple[Verb, int]) -> list[ClaimOutcome]:
        """Claims of one batch."""
        asked = [Claim(verb, member, f"王{member}*", chain.chat_id) for verb, member in claims]
        async with self.database.unit_of_work() as uow:
            return await self.services(uow)[0].decide(chain.id, asked)

    async def joins(self, chain: Chain, *members: int) -> list[ClaimOutcome]:
        return await self.claims(chain, *((Verb.JOIN, member) for member in members))

    async def leaves(self, chain: Chain, member: int) -> ClaimOutcome:
        return (await self.claims(chain, (Verb.LEAVE, member)))[0]

    async def extends(self, chain: Chain, member: int) -> ExtendCode:
        async with self.database.unit_of_work() as uow:
            return await self.services(uow)[1].extend(chain.id, self.people[member], 1)

    async def tick(self, now: datetime) -> None:
        self.now = now
        async with self.database.unit_of_work() as uow:
            await self.services(uow)[0].tick(SqlSetbacks(uow, lambda: self.now))

    async def binds(self, member: int, customer: UUID | None) -> None:
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(
                text("UPDATE members SET customer_id = :customer WHERE id = :member"),
                {"customer": customer, "member": member},
            )

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        async with self.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query))]

    async def told(self, step: str) -> list[str]:
        """What the ledger has to say of one step, by text."""
        rows = await self.rows(f"SELECT payload ->> 'text' FROM deliveries WHERE step LIKE '{step}' ORDER BY recipient")  # noqa: S608
        return [str(said) for (said,) in rows]


@pytest.fixture
async def scene(database: Database, vault: Vault) -> Scene:
    made = Scene(database, vault)
    await made.people_come()
    async with database.unit_of_work() as uow:
        for statement in (
            "INSERT INTO customers (id, number, first_as_of) VALUES (:customer, '0007', '2026-09-30')",
            "INSERT INTO segmentation_policies VALUES (1, '{}', 'default', now())",
        ):
            facts = {"customer": CUSTOMER} if ":customer" in statement else {}
            await uow.session.execute(text(statement), facts)
    return made


async def test_parallel_joins_of_one_person_in_two_groups_give_one_entry(scene: Scene) -> None:
    first, second = await scene.open(terms())
    everybody = list(PEOPLE)
    told = await asyncio.gather(scene.joins(first, *everybody), scene.joins(second, *reversed(everybody)))
    codes = {
        member: {here.code, there.code}
        for member, here, there in zip(everybody, told[0], reversed(told[1]), strict=True)
    }
    assert codes == {member: {ClaimCode.JOINED, ClaimCode.NOT_ELIGIBLE} for member in everybody}
    refused = [outcome for outcomes in told for outcome in outcomes if outcome.code is ClaimCode.NOT_ELIGIBLE]
    assert {outcome.unmet for outcome in refused} == {Condition(ConditionKind.ONCE)}
    assert {outcome.elsewhere for outcome in refused} <= {group.title for group in scene.groups}
    entered = await scene.rows("SELECT count(*), count(DISTINCT member_id) FROM chain_entries WHERE left_at IS NULL")
    assert entered == [(len(everybody), len(everybody))]


async def test_who_leaves_one_group_may_enter_the_other(scene: Scene) -> None:
    first, second = await scene.open(terms())
    await scene.joins(first, 11)
    assert (await scene.joins(second, 11))[0].code is ClaimCode.NOT_ELIGIBLE
    await scene.leaves(first, 11)
    assert (await scene.joins(second, 11))[0].code is ClaimCode.JOINED
    [undone] = await scene.claims(first, (Verb.UNDO, 11))
    assert undone.code is ClaimCode.NOT_ELIGIBLE


async def test_one_customer_under_two_accounts_is_one_person(scene: Scene) -> None:
    first, second = await scene.open(terms(Condition(ConditionKind.BOUND)))
    await scene.binds(11, CUSTOMER)
    assert (await scene.joins(first, 11, 12))[0].code is ClaimCode.JOINED
    await scene.binds(11, None)
    await scene.binds(12, CUSTOMER)
    for chain in (first, second):
        [refused] = await scene.joins(chain, 12)
        assert (refused.unmet, refused.elsewhere) == (Condition(ConditionKind.ONCE), scene.groups[0].title)


async def test_the_database_refuses_a_second_seat(scene: Scene) -> None:
    first, second = await scene.open(terms())
    await scene.binds(11, CUSTOMER)
    await scene.joins(first, 11)
    assert second.groupbuy
    seat = text("INSERT INTO groupbuy_seats VALUES (:groupbuy, :member, :customer, :chain, now())")
    asked = {"groupbuy": second.groupbuy.id, "chain": second.id}
    for member, customer, name in ((12, CUSTOMER, "per_customer"), (11, None, "per_member")):
        with pytest.raises(IntegrityError, match=name):
            async with scene.database.unit_of_work() as uow:
                await uow.session.execute(seat, asked | {"member": member, "customer": customer})


async def test_a_standing_is_what_the_latest_run_and_delivery_say(scene: Scene) -> None:
    [chain] = await scene.open(terms(Condition(ConditionKind.BOUND)), scene.groups[:1])
    await scene.binds(11, CUSTOMER)
    async with scene.database.unit_of_work() as uow:
        for day, letter, cards, district in (("2026-06-30", "D", 0, "老城"), ("2026-09-30", "B", 2, "城南区")):
            asked = {"run": uuid4(), "customer": CUSTOMER, "letter": letter, "cards": cards, "district": district}
            run = f"INSERT INTO segmentation_runs VALUES (:run, '{day}', 'lines-1', 1, repeat('0', 64), now(), '[]')"  # noqa: S608
            said = "INSERT INTO customer_classes VALUES (:run, :customer, :letter, 1, 1, '[]', 1, '{}')"
            balances = "structured_deposit, time_deposit, demand_deposit, wealth_products, funds, asset_plans,"
            known = f"""INSERT INTO customer_snapshots (as_of, customer_id, {balances} large_certificates, loans,
                has_activity, cards, district)
                VALUES ('{day}', :customer, 0, 0, 5, 0, 100, 0, 0, 0, false, :cards, :district)"""  # noqa: S608
            for statement in (run, said, known):
                facts = {name: fact for name, fact in asked.items() if f":{name}" in statement}
                await uow.session.execute(text(statement), facts)
        found = await SqlGroupbuyStore(uow).standings(chain, [11, 12])
    places = frozenset({"米店", "幸福里", "城南支行"})
    assert found == {
        11: Standing(CUSTOMER, "B", places | {"城南区"}, frozenset({"cards", "funds"})),
        12: Standing(regions=places),
    }


async def test_a_groupbuy_that_forms_tells_the_group_once_and_writes_down_what_each_entry_earned(scene: Scene) -> None:
    first, second = await scene.open(terms())
    await scene.binds(11, CUSTOMER)
    await scene.joins(first, 11, 12, 13)
    await scene.joins(second, 14)
    await scene.tick(DEADLINE)
    await scene.tick(DEADLINE + timedelta(hours=1))
    failed, formed = await scene.told("settled")
    assert "成团了：3 人" in formed
    assert "首年免年费" in formed
    assert "洗车券" not in formed
    assert "没有成团：1 人，成团要 3 人" in failed
    assert "接下来" in failed
    earned = "SELECT member_id, customer_id, stage, benefit FROM groupbuy_benefits ORDER BY sequence"
    assert await scene.rows(earned) == [
        (11, CUSTOMER, 3, "首年免年费"),
        (12, None, 3, "首年免年费"),
        (13, None, 3, "首年免年费"),
    ]
    states = await scene.rows("SELECT chain_id, state, formed FROM groupbuy_chains ORDER BY chain_id")
    assert states == [(first.id, "formed", 3), (second.id, "failed", None)]
    assert await scene.rows("SELECT DISTINCT chain_id FROM groupbuy_seats") == [(first.id,)]
    assert scene.follower.gone == [14]
    ended = "".join(await scene.told("ended:%"))
    assert "未成团，1 人" in ended
    assert "已成团，3 人" in ended


async def test_the_top_stage_ends_a_groupbuy_in_the_middle_of_a_batch(scene: Scene) -> None:
    [chain] = await scene.open(terms(ends_at_top=True), scene.groups[:1])
    codes = [outcome.code for outcome in await scene.joins(chain, *PEOPLE)]
    assert codes == [ClaimCode.JOINED] * 5 + [ClaimCode.CLOSED]
    [said] = await scene.told("settled")
    assert "洗车券" in said
    assert await scene.rows("SELECT count(*) FROM groupbuy_benefits") == [(10,)]
    await scene.tick(DEADLINE)
    assert len(await scene.told("settled")) == 1


async def test_the_next_in_order_leads_and_is_told_or_the_group_is_dissolved(scene: Scene) -> None:
    lasting, *_ = await scene.open(terms(), scene.groups[:1])
    ending, *_ = await scene.open(terms(rule=LeaderRule.ENDS), scene.groups[1:])
    await scene.joins(lasting, 11, 12)
    await scene.joins(ending, 13, 14)
    await scene.leaves(lasting, 11)
    await scene.leaves(ending, 13)
    heard = await scene.rows("SELECT recipient, origin_chat FROM deliveries WHERE step LIKE 'leads:%'")
    assert heard == [(12, lasting.chat_id)]
    [dissolved] = await scene.told("settled")
    assert "团长退出" in dissolved
    assert [row for (row,) in await scene.rows("SELECT state FROM chains ORDER BY id")] == ["open", "closed"]


async def test_one_missing_is_said_once_and_not_at_night(scene: Scene) -> None:
    [chain] = await scene.open(terms(), scene.groups[:1])
    scene.now = NIGHT
    await scene.joins(chain, 11, 12)
    await scene.leaves(chain, 12)
    await scene.joins(chain, 13)
    [(due, state, said)] = await scene.rows(
        "SELECT due_at, state, payload ->> 'text' FROM deliveries WHERE step = 'missing:3'"
    )
    assert (due, state) == (datetime(2026, 11, 23, 1, tzinfo=UTC), "planned")  # Nine in the morning.
    assert "还差 1 位成团" in str(said)
    await scene.joins(chain, 14)
    assert await scene.rows("SELECT state FROM deliveries WHERE step = 'missing:3'") == [("cancelled",)]


async def test_the_leader_extends_once_and_the_group_is_told(scene: Scene) -> None:
    [chain] = await scene.open(terms(), scene.groups[:1])
    await scene.joins(chain, 11, 12)
    assert await scene.extends(chain, 12) is ExtendCode.NOT_YOURS
    assert await scene.extends(chain, 11) is ExtendCode.EXTENDED
    assert await scene.extends(chain, MANAGER) is ExtendCode.ONCE_ONLY
    assert len(await scene.told("extended")) == 1
    [card] = await scene.told("card")
    assert "已延期一次" in card
    await scene.tick(DEADLINE)
    assert await scene.rows("SELECT deadline, state FROM chains") == [(DEADLINE + timedelta(days=1), "open")]
    await scene.tick(DEADLINE + timedelta(days=1))
    assert await scene.rows("SELECT state FROM groupbuy_chains") == [("failed",)]


async def test_a_campaign_opens_in_all_of_its_groups_or_in_none(scene: Scene) -> None:
    assert await scene.wants(terms(), [scene.groups[0], None]) == Refused(GroupbuyRefusal.NO_GROUP)
    assert await scene.wants(terms(), scene.groups, by=11) == Refused(GroupbuyRefusal.NOT_YOUR_GROUP)
    await scene.open(terms(), scene.groups[1:])
    busy = Refused(GroupbuyRefusal.SAME_PRODUCT_OPEN, scene.groups[1].title)
    assert await scene.wants(terms(), scene.groups) == busy
    late = replace(terms(), chain=Plan("水杯", 9, NOON))
    assert await scene.wants(late, scene.groups) == Refused(GroupbuyRefusal.PAST_DEADLINE)
    assert await scene.rows("SELECT count(*) FROM chains") == [(1,)]


async def test_the_mini_app_signs_up_members_of_the_group_alone_and_shows_the_own_state(scene: Scene) -> None:
    [chain] = await scene.open(terms(), scene.groups[:1])
    async with scene.database.unit_of_work() as uow:
        groupbuys = scene.services(uow)[1]
        stranger = scene.people[MANAGER]
        assert (await groupbuys.sign_up(chain.id, stranger)).code is ClaimCode.NO_CHAIN
        assert (await groupbuys.sign_up(chain.id, scene.people[11])).code is ClaimCode.JOINED
        view = await groupbuys.view(chain.id, scene.people[11])
        assert view is not None
        assert (view.own, view.place, view.people, view.is_leader) == (OwnState.IN, 1, 1, True)
        invitation = await groupbuys.invitation(chain.id, scene.people[11])
        assert invitation is not None
        token = invitation.rpartition("start=b_")[2]
        behind = await groupbuys.invited_to(token)
        assert behind is not None
        assert (behind.id, behind.groupbuy and behind.groupbuy.state) == (chain.id, GroupbuyState.RUNNING)
        assert await groupbuys.of(scene.people[11]) == [view]
        assert [each.is_manager for each in await groupbuys.of(stranger)] == [True]
        assert await groupbuys.of(scene.people[12]) == []
        assert (await groupbuys.leave(chain.id, scene.people[11])).code is ClaimCode.LEFT
        assert await groupbuys.view(10**9, scene.people[11]) is None


def paying(points: str = "30波豆，退办收回") -> GroupbuyPlan:
    plan = check_plan(Plan("联名信用卡", 9, DEADLINE), (Stage(2, points), Stage(3, "洗车券")), ())
    assert isinstance(plan, GroupbuyPlan)
    return plan


async def budget(scene: Scene, points: int) -> None:
    async with scene.database.unit_of_work() as uow:
        share = Share(await SqlPointsStore(uow).add_partner("A银行", "bank"), 10_000)
        service = PointsService(SqlPointsStore(uow), lambda: scene.now, ZONE)
        await service.open("拼团", 100, 60, (share,), points, DEADLINE + timedelta(days=30), scene.groups[0].id)


async def rewarded(scene: Scene, now: datetime) -> int:
    scene.now = now
    async with scene.database.unit_of_work() as uow:
        return await scene.rewards(uow).tick(SqlSetbacks(uow, lambda: scene.now))


BALANCES = "SELECT kind, sum(balance)::int FROM points_accounts WHERE kind <> 'issue' GROUP BY 1 ORDER BY 1"
PURSES = "SELECT owner <> 0, balance FROM points_accounts WHERE kind = 'budget' ORDER BY owner"


async def test_points_of_a_stage_are_set_aside_paid_once_and_taken_back_by_its_rule(scene: Scene) -> None:
    await budget(scene, 500)
    refused = await scene.wants(paying(), scene.groups)
    assert refused == Refused(GroupbuyRefusal.NO_BUDGET, "540")  # Nine places in two groups, 30 points each.
    await budget(scene, 1_000)
    first, second = await scene.open(paying())
    assert (True, 540) in await scene.rows(PURSES)
    await scene.joins(first, 11, 12, 13)
    await scene.joins(second, 14)
    await scene.tick(DEADLINE)
    assert await rewarded(scene, DEADLINE) == 6  # Three people, two stages; only one of them pays.
    assert await rewarded(scene, DEADLINE) == 0
    assert await scene.rows(BALANCES) == [("budget", 1_410), ("member", 90)]
    assert len(await scene.told("paid")) == 3
    assert "不办卡的话这些波豆会收回" in (await scene.told("paid"))[0]
    await scene.rows(
        f"""INSERT INTO applications (chain_id, campaign, member_id, product, stage, ended_from, owner_id, opened_at,
            stage_since, version, reminded, escalations)
        SELECT {first.id}, 'chain:1', 12, '联名信用卡', 'withdrawn', 'signed', {MANAGER}, at, at, 1, false, 0
        FROM (SELECT '2026-11-24'::timestamptz AS at) RETURNING 1"""  # noqa: S608
    )
    assert await rewarded(scene, DEADLINE) == 1
    assert await rewarded(scene, DEADLINE) == 0
    assert await scene.rows(BALANCES) == [("budget", 1_410), ("member", 60), ("void", 30)]
    assert "收回 30 波豆" in (await scene.told("taken-back"))[0]
    await rewarded(scene, DEADLINE + timedelta(days=1, minutes=1))
    assert (True, 0) in await scene.rows(PURSES)
    assert await scene.rows("SELECT count(*) FROM groupbuy_funds WHERE released_at IS NULL") == [(0,)]


async def test_what_a_closed_campaign_cannot_pay_is_told_to_the_member_and_to_the_manager(scene: Scene) -> None:
    await budget(scene, 1_000)
    [chain] = await scene.open(paying("30波豆"), scene.groups[:1])
    await scene.joins(chain, 11, 12)
    await scene.tick(DEADLINE)
    await scene.rows("UPDATE points_campaigns SET state = 'closed', closed_at = now() RETURNING 1")
    await rewarded(scene, DEADLINE)
    assert [("30 波豆" in told, "已通知您的理财经理" in told) for told in await scene.told("unpaid")] == [
        (True, True)
    ] * 2
    assert len(await scene.told("unpaid:told")) == 2
    assert await rewarded(scene, DEADLINE) == 0


@pytest.mark.parametrize(
    ("benefit", "points", "returned"),
    [
        ("30波豆", 30, False),
        ("首年免年费和 ５0 积分，退办收回", 50, True),
        ("20 points, taken back", 20, True),
        ("首年免年费", 0, False),
        ("满10万元抵用500元", 0, False),
        ("1234567波豆", 0, False),
    ],
)
def test_what_a_benefit_pays_is_read_from_its_words(benefit: str, points: int, returned: bool) -> None:
    assert (points_in(unicodedata.normalize("NFKC", benefit)), is_returned(benefit)) == (points, returned)
