"""Channels on real rows: once per customer and step, within the cap, nothing of what is stopped, books that balance."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from campaigns.channels.model import Channel, ChannelDraft, NoWay, Reach, Route, Touch, Unreached
from campaigns.compliance.model import Standing
from campaigns.compliance.rules import Defer, Pass
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Delivery, Kind, Reason, State
from campaigns.deliveries.rules import Verdict
from campaigns.members.model import Introduction, Language, Purpose
from storage.channel_ways import SqlWayStore
from storage.channels import SqlChannelStore
from storage.compliance import SqlGate
from storage.database import Database
from storage.members import SqlMemberStore
from storage.vault import Vault
from tests.storage.channel_desk import NOON, ChannelDesk, classed_bank

CAMPAIGN = "promotion:1"


@pytest.fixture
async def desk(database: Database, vault: Vault) -> ChannelDesk:
    return await classed_bank(database, vault)


def draft(customer: UUID, channel: Channel = Channel.SMS, **facts: object) -> ChannelDraft:
    return ChannelDraft(CAMPAIGN, "v1", channel, customer, "网点新开了周末营业，欢迎您来。", NOON, **facts)  # type: ignore[arg-type]


async def test_a_message_is_planned_once_whoever_plans_it(desk: ChannelDesk) -> None:
    customer = await desk.customer()
    assert await desk.plan(draft(customer)) == (1, 0, 0)
    assert await desk.plan(draft(customer), draft(customer, Channel.POPUP)) == (1, 1, 0)


async def test_the_staffs_group_hears_a_word_once(desk: ChannelDesk) -> None:
    word = ChannelDraft(CAMPAIGN, "v1", Channel.STAFF_GROUP, None, "今天开始发送。", NOON)
    assert await desk.plan(word) == (1, 0, 0)
    assert await desk.plan(word) == (0, 1, 0)


async def test_the_cost_cap_counts_what_was_planned_before(desk: ChannelDesk) -> None:
    customers = [await desk.customer(Letter.D) for _ in range(3)]
    first, *rest = (draft(customer, Channel.POPUP) for customer in customers)
    assert await desk.plan(first, cap=12) == (1, 0, 0)
    assert await desk.plan(*rest, cap=12) == (1, 0, 1)


async def test_ways_are_known_by_address_consent_objection_and_class(desk: ChannelDesk) -> None:
    high, low, stranger = await desk.customer(potential=80), await desk.customer(potential=20), uuid4()
    await desk.agree(low)
    await desk.agree(high, Channel.EMAIL, "wang@example.com")
    async with desk.database.unit_of_work() as uow:
        await SqlWayStore(uow, desk.vault).object(Channel.POPUP, high, "branch 1", NOON)
        ways = await desk.channels(uow).choose([high, low, stranger])
        reaches = await SqlWayStore(uow, desk.vault).reaches([high, low])
    assert ways[low] == Route(Channel.SMS, Touch.CALL, ((Channel.TASK, NoWay.LOW_SUB_SCORE),))
    assert ways[high] == Route(
        Channel.CODE,
        Touch.CALL,
        ((Channel.TASK, NoWay.NO_OWNER), (Channel.SMS, NoWay.NO_ADDRESS), (Channel.POPUP, NoWay.OBJECTED)),
    )
    assert ways[stranger] == Unreached(((Channel.PRIVATE, NoWay.UNCLASSED),))
    assert reaches[high] == Reach(
        Letter.C,
        80.0,
        frozenset({Channel.EMAIL}),
        frozenset({Channel.EMAIL}),
        frozenset({Channel.POPUP}),
        standing=Standing.NEVER,
    )


async def test_a_consent_taken_back_holds_and_history_stays(desk: ChannelDesk) -> None:
    customer = await desk.customer()
    await desk.agree(customer)
    async with desk.database.unit_of_work() as uow:
        ways = SqlWayStore(uow, desk.vault)
        await ways.object(Channel.SMS, customer, "the customer, by text", NOON)
        found = (await ways.reaches([customer]))[customer]
        kept = await uow.session.scalar(text("SELECT count(*) FROM channel_consents"))
    assert (found.consents, found.objections, kept) == (frozenset(), frozenset({Channel.SMS}), 1)


async def test_an_address_is_sealed_and_read_again(desk: ChannelDesk) -> None:
    customer = await desk.customer()
    await desk.agree(customer, Channel.EMAIL, "wang@example.com")
    async with desk.database.unit_of_work() as uow:
        stored = await uow.session.scalar(text("SELECT address FROM channel_addresses"))
        found = await SqlWayStore(uow, desk.vault).address(Channel.EMAIL, customer)
    assert found == "wang@example.com"
    assert b"wang" not in bytes(stored)


async def test_what_is_stopped_is_not_due_and_goes_on_when_lifted(desk: ChannelDesk) -> None:
    customer = await desk.customer()
    await desk.plan(draft(customer))
    async with desk.database.unit_of_work() as uow:
        store = SqlChannelStore(uow)
        assert len(await store.due(NOON, 10)) == 1
        await uow.session.execute(
            text(
                """INSERT INTO halts (scope, target, reason, made_by, made_at, stopped_at, state, returned)
                VALUES ('campaign', 'promotion', 'complaints', 'compliance', :now, :now, 'standing', false)"""
            ),
            {"now": NOON},
        )
        assert await store.due(NOON, 10) == []
        lifted = "UPDATE halts SET state = 'lifted', lifted_at = :now, lifted_by = 'compliance'"
        await uow.session.execute(text(lifted), {"now": NOON})
        assert len(await store.due(NOON, 10)) == 1


async def test_a_message_outside_counts_for_the_caps_of_the_chat(desk: ChannelDesk) -> None:
    customer, earlier = await desk.customer(), NOON - timedelta(hours=1)
    await desk.plan(draft(customer))
    async with desk.database.unit_of_work() as uow:
        people = SqlMemberStore(uow, desk.vault)
        await people.meet(Introduction(7, "王先生", Language.ZH, is_private=True), NOON)
        await people.bind(7, customer, "+8613800000001", NOON)
        await people.give_consent(7, Purpose.MARKETING, "offers", NOON)
    offer = Delivery(
        1, "offer:9", "lobby", 7, Kind.MARKETING, "sendMessage", {"text": "网点新开了周末营业。"}, State.PLANNED, NOON
    )
    async with desk.database.unit_of_work() as uow:
        assert await SqlGate(uow).judge(offer, NOON) == Pass()
        store = SqlChannelStore(uow)
        [message] = await store.due(NOON, 10)
        await store.settle(message, Verdict(State.SENT), earlier)
        facts = (await SqlWayStore(uow, desk.vault).facts([customer], NOON))[customer]
        verdict = await SqlGate(uow).judge(offer, NOON)
    assert facts.offered_at == (earlier,)
    assert isinstance(verdict, Defer)
    assert verdict.reason is Reason.FREQUENCY_CAP


async def test_the_equation_closes_over_both_ledgers(desk: ChannelDesk) -> None:
    customers = [await desk.customer(Letter.D) for _ in range(4)]
    await desk.plan(*(draft(each, Channel.POPUP, held_out=at == 0) for at, each in enumerate(customers)))
    async with desk.database.unit_of_work() as uow:
        store, channels = SqlChannelStore(uow), desk.channels(uow)
        first, second, _ = await store.due(NOON, 10)
        await store.dispatch([first.id, second.id], "worker")
        await store.settle(first, Verdict(State.SENT), NOON)
        await store.settle(second, Verdict(State.UNKNOWN, Reason.TIMED_OUT), NOON)
        assert await channels.cancel(CAMPAIGN) == 1
        closing = await channels.closing(CAMPAIGN)
        assert closing.balances
        assert not closing.can_close
        assert await channels.resolve(second.id, arrived=True, by="Li")
        assert not await channels.resolve(second.id, arrived=True, by="Li")
        closing = await channels.closing(CAMPAIGN)
        [spent] = await channels.spent(CAMPAIGN)
    assert closing.by_state == {State.SENT: 2, State.HELD_OUT: 1, State.CANCELLED: 1}
    assert closing.can_close
    assert (spent.channel, spent.cost_fen) == (Channel.POPUP, 10)
