"""The gate on real rows: policy, consent and history as the database knows them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from campaigns.compliance.model import GatePolicy
from campaigns.compliance.rules import Defer, Pass, Suppress
from campaigns.customers.model import Customer, CustomerKind
from campaigns.deliveries.model import Delivery, Draft, Kind, Message, Reason, State
from campaigns.deliveries.rules import Verdict
from campaigns.members.model import Introduction, Language, PrivateChat, Purpose
from campaigns.tags.rules import liquidity_need
from campaigns.tags.service import TagService
from storage.audiences import SqlAudienceStore
from storage.clearances import SqlClearances
from storage.compliance import GatePolicyRow, SqlGate
from storage.customers import CustomerRow
from storage.database import UnitOfWork
from storage.deliveries import DeliveryRow, Resting, SqlDeliveryStore, value
from storage.members import SqlMemberStore
from storage.tags import SqlTagStore
from storage.vault import Vault

NOON = datetime(2025, 11, 21, 4, tzinfo=UTC)  # Noon in Shanghai.
ANNA, BEN = 11, 12


@dataclass
class Ledger:
    """Plans offers and settles them as the sender would."""

    uow: UnitOfWork

    async def plan(
        self, *drafts: tuple[str, int], kind: Kind = Kind.MARKETING, at: datetime = NOON, risk: int | None = None
    ) -> Sequence[Delivery]:
        store = SqlDeliveryStore(self.uow)
        await store.plan([Draft(name, "x", to, Message("立减5元"), kind, at, risk=risk) for name, to in drafts], at)
        waiting = select(DeliveryRow).where(col(DeliveryRow.state) == State.PLANNED).order_by(col(DeliveryRow.id))
        return [value(row) for row in await self.uow.session.scalars(waiting)]

    async def send(self, delivery: Delivery, at: datetime, state: State = State.SENT) -> None:
        await SqlDeliveryStore(self.uow).settle(delivery, Verdict(state, message_id=1), at)


@pytest.fixture
async def people(uow: UnitOfWork, vault: Vault) -> SqlMemberStore:
    store = SqlMemberStore(uow, vault)
    for member in (ANNA, BEN):
        await store.meet(Introduction(member, "王芳", Language.ZH, is_private=True), NOON)
        await store.give_consent(member, Purpose.MARKETING, "marketing-1", NOON)
    return store


async def test_the_seeded_policy_is_the_documented_default(uow: UnitOfWork) -> None:
    assert await SqlGate(uow).policy() == GatePolicy()


async def test_who_was_erased_after_the_planning_gets_nothing_of_it(
    uow: UnitOfWork, people: SqlMemberStore, vault: Vault
) -> None:
    offers = await Ledger(uow).plan(("offer:1", ANNA), ("offer:1", BEN))
    await vault.erase(uow.session, f"member:{ANNA}")
    assert await SqlGate(uow).judge_many(offers, NOON) == [Suppress(Reason.RESTRICTED), Pass()]


async def test_the_newest_policy_is_in_force(uow: UnitOfWork, people: SqlMemberStore) -> None:
    night_only = GatePolicyRow(
        version=2,
        quiet_from=time(9),
        quiet_until=time(21),
        per_day=1,
        per_week=3,
        zone="Asia/Shanghai",
        made_by="compliance",
        made_at=NOON,
    )
    uow.session.add(night_only)
    await uow.session.flush()
    [offer] = await Ledger(uow).plan(("offer:1", ANNA))
    assert isinstance(await SqlGate(uow).judge(offer, NOON), Defer)


async def test_a_consent_withdrawn_after_planning_suppresses_the_queued_offer(
    uow: UnitOfWork, people: SqlMemberStore
) -> None:
    [offer] = await Ledger(uow).plan(("offer:1", ANNA))
    assert await SqlGate(uow).judge(offer, NOON) == Pass()
    await people.withdraw_consent(ANNA, Purpose.MARKETING, NOON)
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.OPTED_OUT)
    await people.give_consent(ANNA, Purpose.MARKETING, "marketing-1", NOON)
    assert await SqlGate(uow).judge(offer, NOON) == Pass()


async def test_who_is_suspended_or_wants_nothing_personal_gets_no_offer_whatever_was_agreed_to(
    uow: UnitOfWork, people: SqlMemberStore
) -> None:
    customer = uuid4()
    uow.session.add(CustomerRow(id=customer, number="0xb2d10007", first_as_of=NOON.date()))
    await uow.session.flush()
    await people.bind(ANNA, customer, "+8613800000001", NOON)
    audiences = SqlAudienceStore(uow, "Asia/Shanghai")
    [offer] = await Ledger(uow).plan(("offer:1", ANNA))
    assert await SqlGate(uow).judge(offer, NOON) == Pass()
    await audiences.restrict("0xb2d10007", "non_personal", "the customer", NOON, lift=False)
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.RESTRICTED)
    await audiences.restrict("0xb2d10007", "non_personal", "the customer", NOON, lift=True)
    assert await SqlGate(uow).judge(offer, NOON) == Pass()


async def test_consent_to_binding_is_no_consent_to_marketing(uow: UnitOfWork, vault: Vault) -> None:
    store = SqlMemberStore(uow, vault)
    await store.meet(Introduction(ANNA, "王芳", Language.ZH, is_private=True), NOON)
    await store.give_consent(ANNA, Purpose.BINDING, "binding-1", NOON)
    [offer] = await Ledger(uow).plan(("offer:1", ANNA))
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.NO_CONSENT)


async def test_a_stranger_gets_nothing_of_any_kind(uow: UnitOfWork) -> None:
    offer, service = [
        (await Ledger(uow).plan((name, to), kind=kind))[-1]
        for name, to, kind in (("offer:1", 99, Kind.MARKETING), ("chain:1", 98, Kind.SERVICE))
    ]
    verdicts = await SqlGate(uow).judge_many([offer, service], NOON)
    assert verdicts == [Suppress(Reason.NO_PRIVATE_CHAT)] * 2


async def test_someone_who_blocked_the_bot_gets_no_service_message(uow: UnitOfWork, people: SqlMemberStore) -> None:
    await people.set_private_chat(ANNA, PrivateChat.BLOCKED)
    [service] = await Ledger(uow).plan(("chain:1", ANNA), kind=Kind.SERVICE)
    assert await SqlGate(uow).judge(service, NOON) == Suppress(Reason.BLOCKED)


@pytest.mark.parametrize("state", [State.SENT, State.UNKNOWN, State.DISPATCHING])
async def test_an_offer_that_may_have_arrived_uses_up_the_day(
    uow: UnitOfWork, people: SqlMemberStore, state: State
) -> None:
    ledger = Ledger(uow)
    [first] = await ledger.plan(("offer:1", ANNA))
    if state is State.DISPATCHING:
        await SqlDeliveryStore(uow).dispatch([first.id], "sender")
    else:
        await ledger.send(first, NOON, state)
    [second] = await ledger.plan(("offer:2", ANNA))
    verdict = await SqlGate(uow).judge(second, NOON)
    assert isinstance(verdict, Defer)
    assert await SqlGate(uow).judge(second, NOON + timedelta(days=1)) == (
        Pass() if state is not State.DISPATCHING else Defer(verdict.until + timedelta(days=1), Reason.FREQUENCY_CAP)
    )


async def test_an_offer_counts_on_the_day_it_left_not_on_the_day_it_was_due(
    uow: UnitOfWork, people: SqlMemberStore
) -> None:
    ledger = Ledger(uow)
    [late] = await ledger.plan(("offer:1", ANNA), at=NOON - timedelta(days=2))
    await ledger.send(late, NOON)
    [offer] = await ledger.plan(("offer:2", ANNA))
    assert isinstance(await SqlGate(uow).judge(offer, NOON), Defer)


async def test_offers_judged_together_count_against_each_other(uow: UnitOfWork, people: SqlMemberStore) -> None:
    offers = await Ledger(uow).plan(("offer:1", ANNA), ("offer:2", ANNA), ("offer:3", BEN))
    verdicts = await SqlGate(uow).judge_many(offers, NOON)
    assert [type(verdict) for verdict in verdicts] == [Pass, Defer, Pass]
    gate = SqlGate(uow)
    assert [type(await gate.judge(offer, NOON)) for offer in offers] == [Pass, Defer, Pass]


async def test_a_service_message_does_not_use_up_the_day(uow: UnitOfWork, people: SqlMemberStore) -> None:
    [service] = await Ledger(uow).plan(("chain:1", ANNA), kind=Kind.SERVICE)
    await Ledger(uow).send(service, NOON)
    [offer] = await Ledger(uow).plan(("offer:1", ANNA))
    assert await SqlGate(uow).judge(offer, NOON) == Pass()


@pytest.fixture
async def customer(uow: UnitOfWork, people: SqlMemberStore) -> UUID:
    """A customer to whom an account is linked."""
    customer_id = uuid4()
    uow.session.add(CustomerRow(id=customer_id, number="0xb2d10008", first_as_of=NOON.date()))
    await uow.session.flush()
    await people.bind(ANNA, customer_id, "+8613800000011", NOON)
    return customer_id


async def told(uow: UnitOfWork, customer: UUID, days_ago: int, **fields: str) -> None:
    """A department tells something of a customer."""
    names, values = ", ".join(fields), ", ".join(f":{name}" for name in fields)
    statement = (
        f"INSERT INTO customer_traits (department, as_of, customer_id, {names}) VALUES ('x', :day, :who, {values})"  # noqa: S608
    )
    facts = {"who": customer, "day": NOON.date() - timedelta(days=days_ago), **fields}
    await uow.session.execute(text(statement), facts)


async def assessed(uow: UnitOfWork, customer: UUID, grade: int, until: datetime) -> None:
    """A manager sets the tag of a questionnaire."""
    statement = """INSERT INTO customer_tags (customer_id, code, source, evidence, set_by, set_at, expires_at)
        VALUES (:who, :code, 'customer', 'questionnaire', '1', :at, :until)"""
    facts = {"who": customer, "code": f"risk_c{grade}", "at": until - timedelta(days=365), "until": until}
    await uow.session.execute(text(statement), facts)


async def test_a_product_with_a_grade_leaves_only_under_a_valid_assessment(uow: UnitOfWork, customer: UUID) -> None:
    [offer] = await Ledger(uow).plan(("promotion:1", ANNA), risk=3)
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.NOT_ASSESSED)
    await told(uow, customer, 400, risk_appetite="C5")
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.NOT_ASSESSED)
    await told(uow, customer, 300, risk_appetite="C2")
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.UNSUITABLE)
    await assessed(uow, customer, 4, NOON)
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.UNSUITABLE)
    assert await SqlGate(uow).judge(offer, NOON - timedelta(days=1)) == Pass()


async def test_of_two_grades_of_a_product_the_higher_counts(uow: UnitOfWork, customer: UUID) -> None:
    await assessed(uow, customer, 3, NOON + timedelta(days=1))
    store = SqlDeliveryStore(uow)
    words = Message("立减5元")
    await store.plan([Draft("promotion:1", "x", ANNA, words, Kind.MARKETING, NOON, product="fund", risk=3)], NOON)
    [offer] = await store.due(NOON, Resting(), limit=1)
    assert await SqlGate(uow).judge(offer, NOON) == Pass()
    edition = """INSERT INTO catalogue_versions (version, body, made_by, made_at, reason)
        VALUES (:version, CAST(:body AS jsonb), 'x', :now, 'graded anew')"""
    for version, grade in ((1001, "R2"), (1002, "R4")):
        body = f'{{"products": [{{"code": "fund", "risk": "{grade}"}}, {{"code": "card"}}]}}'
        await uow.session.execute(text(edition), {"version": version, "body": body, "now": NOON})
        expected = Pass() if grade == "R2" else Suppress(Reason.UNSUITABLE)
        assert await SqlGate(uow).judge(offer, NOON) == expected


async def test_a_promotion_of_what_binds_money_never_reaches_who_needs_it_earlier(
    uow: UnitOfWork, customer: UUID
) -> None:
    store, words = SqlDeliveryStore(uow), Message("立减5元")
    await store.plan([Draft("promotion:1", "x", ANNA, words, Kind.MARKETING, NOON, product="closed")], NOON)
    [offer] = await store.due(NOON, Resting(), limit=1)
    edition = """INSERT INTO catalogue_versions (version, body, made_by, made_at, reason)
        VALUES (1001, '{"products": [{"code": "closed", "locked_days": 60}]}', 'x', :now, 'first')"""
    await uow.session.execute(text(edition), {"now": NOON})
    gate, tags = SqlGate(uow), SqlTagStore(uow)
    assert await gate.judge(offer, NOON) == Suppress(Reason.NEED_UNKNOWN)
    await derived(uow, customer, {"money_stays": 0.01, "salary_goes": 3.0})
    assert await gate.judge(offer, NOON) == Suppress(Reason.NEEDED_EARLIER)
    assert gate.said[offer.id]["asked"]["horizon"] == 0
    desk = TagService(tags, NOON)
    await desk.tell(customer, "money_3_months", "told", "1")
    assert await gate.judge(offer, NOON + timedelta(days=30)) == Pass()
    assert gate.said[offer.id]["asked"]["is_horizon_told"] is True
    assert await gate.judge(offer, NOON + timedelta(days=31)) == Suppress(Reason.NEEDED_EARLIER)
    for later in (0, 31, 120):
        moment = NOON + timedelta(days=later)
        found = await tags.tags_of(Customer(customer, "0xb2d10008", CustomerKind.PERSON), moment)
        need = liquidity_need(found, moment.date())
        await gate.judge(offer, moment)
        assert need is not None
        assert gate.said[offer.id]["asked"]["horizon"] == need.days  # One customer's card says what SQL says of many.


async def test_what_left_the_catalogue_meanwhile_binds_money_as_it_did(uow: UnitOfWork, customer: UUID) -> None:
    store, words = SqlDeliveryStore(uow), Message("立减5元")
    await store.plan([Draft("promotion:1", "x", ANNA, words, Kind.MARKETING, NOON, product="closed")], NOON)
    [offer] = await store.due(NOON, Resting(), limit=1)
    edition = """INSERT INTO catalogue_versions (version, body, made_by, made_at, reason)
        VALUES (:version, CAST(:body AS jsonb), 'x', :now, 'left out')"""
    for version, body in ((1001, '{"products": [{"code": "closed", "locked_days": 60}]}'), (1002, '{"products": []}')):
        await uow.session.execute(text(edition), {"version": version, "body": body, "now": NOON})
        assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.NEED_UNKNOWN)


async def derived(uow: UnitOfWork, customer: UUID, tags: dict[str, float]) -> None:
    """A run gives these tags."""
    run, facts = uuid4(), {"who": customer, "now": NOON, "tags": json.dumps(tags)}
    for statement in (
        "INSERT INTO segmentation_policies VALUES (1, '{}', 'default', :now) ON CONFLICT DO NOTHING",
        """INSERT INTO segmentation_runs (id, as_of, classifier, policy_version, data_digest, made_at, summary)
            VALUES (:run, '2025-09-30', 'lines-1', 1, repeat('0', 64), :now, '[]')""",
        """INSERT INTO customer_actions (run_id, customer_id, action, amount_fen, probability, expected_value_fen,
            opportunity, waits, reasons, alternatives, products, tags)
            VALUES (:run, :who, 'nothing', 0, 0, 0, 0, false, '[]', '[]', '[]', CAST(:tags AS jsonb))""",
    ):
        used = {name: value for name, value in {**facts, "run": run}.items() if f":{name}" in statement}
        await uow.session.execute(text(statement), used)


async def test_a_high_risk_customer_is_offered_nothing_before_somebody_cleared_it(
    uow: UnitOfWork, customer: UUID
) -> None:
    [offer] = await Ledger(uow).plan(("promotion:1", ANNA))
    await told(uow, customer, 200, credit_grade="good")
    assert await SqlGate(uow).judge(offer, NOON) == Pass()
    await told(uow, customer, 20, credit_grade="poor")
    assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.NEEDS_REVIEW)
    desk, day = SqlClearances(uow), timedelta(days=1)
    assert not await desk.clear("0x0", "who is that", "compliance", NOON, NOON + day)
    assert await desk.clear("0xb2d10008", "pays again since June", "compliance", NOON, NOON + day)
    assert await SqlGate(uow).judge(offer, NOON) == Pass()
    assert await SqlGate(uow).judge(offer, NOON + day) == Suppress(Reason.NEEDS_REVIEW)


async def test_a_customer_who_links_another_account_gets_a_campaign_once_and_keeps_to_the_caps(
    uow: UnitOfWork, people: SqlMemberStore, customer: UUID
) -> None:
    ledger, gate = Ledger(uow), SqlGate(uow)
    [first] = await ledger.plan(("promotion:1", ANNA))
    assert await gate.judge(first, NOON) == Pass()
    await SqlDeliveryStore(uow).dispatch([first.id], "sender", gate.said)
    await ledger.send(first, NOON)
    await uow.session.execute(
        text("UPDATE members SET customer_id = NULL, phone = NULL, phone_index = NULL, bound_at = NULL")
    )
    await people.bind(BEN, customer, "+8613800000012", NOON)
    again, other = await ledger.plan(("promotion:1", BEN), ("promotion:2", BEN))
    assert await SqlGate(uow).judge(again, NOON + timedelta(days=90)) == Suppress(Reason.CUSTOMER_REACHED)
    assert isinstance(await SqlGate(uow).judge(other, NOON), Defer)


async def test_what_the_groups_of_a_person_were_shown_counts_as_pressure(uow: UnitOfWork, customer: UUID) -> None:
    ledger = Ledger(uow)
    await uow.session.execute(
        text(
            """WITH g AS (INSERT INTO groups (chat_id, title, merchant, manager_id, registered_at)
                VALUES (-7, 'x', 'x', :anna, :now) RETURNING id)
            INSERT INTO group_members (group_id, member_id, joined_at) SELECT id, :anna, :now FROM g"""
        ),
        {"anna": ANNA, "now": NOON},
    )
    for post in await ledger.plan(*((f"post:{at}", -7) for at in range(14))):
        await ledger.send(post, NOON)
    to_anna, to_ben = await ledger.plan(("offer:1", ANNA), ("offer:2", BEN))
    assert isinstance(await SqlGate(uow).judge(to_anna, NOON), Defer)
    assert await SqlGate(uow).judge(to_ben, NOON) == Pass()
