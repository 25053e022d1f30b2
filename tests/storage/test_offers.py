"""Offers on real rows: one per person whatever happens, the right text per class, books that balance."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.jobs import Jobs
from campaigns.compliance.rules import Pass, Suppress
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Reason, State
from campaigns.deliveries.rules import Verdict
from campaigns.members.model import Language, Purpose
from campaigns.offers.model import (
    CampaignState,
    ConfirmRefusal,
    Exclusion,
    OfferCampaign,
    PreviewRefusal,
)
from campaigns.offers.service import CHUNK, campaign_name
from storage.compliance import SqlGate
from storage.database import Database
from storage.deliveries import SqlDeliveryStore
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.setbacks import SqlSetbacks
from storage.vault import Vault
from tests.storage.bank import MANAGER, NOON, OTHER, Bank


@pytest.fixture
async def bank(database: Database, vault: Vault) -> Bank:
    run = uuid4()
    async with database.unit_of_work() as uow:
        await uow.session.execute(
            text("INSERT INTO segmentation_policies VALUES (1, '{}', 'default', :now)"), {"now": NOON}
        )
        await uow.session.execute(
            text("INSERT INTO segmentation_runs VALUES (:id, '2025-09-30', 'lines-1', 1, :digest, :now, '[]')"),
            {"id": run, "digest": "0" * 64, "now": NOON},
        )
    made = Bank(database, vault, run)
    for chat in (-1, -2, -3):
        await made.group(chat)
    await made.group(-9, OTHER)
    return made


async def test_each_class_gets_its_own_offer_and_b_the_voucher_with_the_risk_notice(bank: Bank) -> None:
    for member, letter in enumerate(Letter, start=11):
        await bank.customer(member, letter, -1)
    offers = {delivery.recipient: delivery for delivery in await bank.sent_to_all()}
    assert {member: offer.step for member, offer in offers.items()} == {
        11: "utilities",
        12: "voucher",
        13: "lobby",
        14: "self_service",
    }
    words = offers[12].payload["text"]
    assert "满10万元抵用500元" in words
    assert "理财非存款、产品有风险、投资须谨慎" in words
    assert "有效期：2025年11月21日至2025年12月20日" in words
    assert offers[12].expires_at == datetime(2025, 12, 20, 16, tzinfo=UTC)
    assert "抵用" not in offers[14].payload["text"]


@pytest.mark.parametrize("language", Language)
async def test_every_default_offer_passes_the_gate_in_both_languages(bank: Bank, language: Language) -> None:
    for member, letter in enumerate(Letter, start=11):
        await bank.customer(member, letter, -1, language=language)
    offers = await bank.sent_to_all()
    async with bank.database.unit_of_work() as uow:
        assert await SqlGate(uow).judge_many(offers, NOON) == [Pass()] * 4


async def test_a_person_in_three_groups_counts_once_and_gets_one_offer(bank: Bank) -> None:
    await bank.customer(11, Letter.B, -1, -2, -3)
    preview = await bank.previewed()
    assert preview.heads[Letter.B] == preview.total == 1
    [offer] = await bank.sent_to_all()
    assert offer.origin_chat in {-1, -2, -3}


async def test_the_preview_says_who_is_left_out_and_why(bank: Bank) -> None:
    await bank.customer(11, Letter.A, -1)
    await bank.customer(12, Letter.A, -1, bound=False)
    await bank.customer(13, None, -1)
    await bank.customer(14, Letter.A, -1, consent=False)
    await bank.customer(15, Letter.A, -1)
    await bank.customer(16, Letter.A, -1, private=False)
    await bank.customer(17, Letter.A, -9)
    await bank.customer(18, Letter.A, -1)
    await bank.customer(MANAGER, None, -1, bound=False)
    async with bank.database.unit_of_work() as uow:
        await SqlMemberStore(uow, bank.vault).withdraw_consent(15, Purpose.MARKETING, NOON)
        await uow.session.execute(
            text(
                """INSERT INTO customer_restrictions (customer_id, kind, since, set_by)
                SELECT customer_id, 'suspended', now(), 'the bank' FROM members WHERE id = 18"""
            )
        )
    preview = await bank.previewed()
    assert preview.heads == {Letter.A: 1, Letter.B: 0, Letter.C: 0, Letter.D: 0}
    assert preview.excluded == dict.fromkeys(Exclusion, 1)
    assert [offer.recipient for offer in await bank.sent_to_all()] == [11]


async def test_someone_who_left_the_group_gets_nothing(bank: Bank) -> None:
    await bank.customer(11, Letter.A, -1)
    async with bank.database.unit_of_work() as uow:
        groups = SqlGroupStore(uow)
        group = await groups.by_chat(-1)
        assert group is not None
        await groups.remove_member(group, 11, NOON)
    assert await bank.preview() is PreviewRefusal.NOBODY


async def test_two_confirmations_at_the_same_moment_plan_each_person_once(bank: Bank) -> None:
    for member in range(11, 31):
        await bank.customer(member, Letter.D, -1, -2)
    preview = await bank.previewed()
    outcomes = await asyncio.gather(*(bank.confirm(preview.campaign_id) for _ in range(4)))
    assert outcomes.count(ConfirmRefusal.CONFIRMED_ALREADY) == 3
    assert sorted(offer.recipient for offer in await bank.ledger()) == list(range(11, 31))


async def test_another_manager_cannot_confirm(bank: Bank) -> None:
    await bank.customer(11, Letter.A, -1)
    preview = await bank.previewed()
    assert await bank.confirm(preview.campaign_id, by=OTHER) is ConfirmRefusal.NOT_YOURS
    assert await bank.confirm(99_999) is ConfirmRefusal.NO_CAMPAIGN
    assert await bank.ledger() == []


async def test_an_old_or_replaced_preview_sends_nothing(bank: Bank) -> None:
    await bank.customer(11, Letter.A, -1)
    first, second = await bank.previewed(), await bank.previewed()
    assert await bank.confirm(first.campaign_id) is ConfirmRefusal.STALE
    bank.now = NOON + timedelta(hours=1)
    assert await bank.confirm(second.campaign_id) is ConfirmRefusal.STALE
    assert await bank.ledger() == []


async def planning(bank: Bank, heads: int) -> int:
    """A confirmed campaign of which nothing is planned yet, as a large audience leaves it."""
    for member in range(11, 11 + heads):
        await bank.customer(member, Letter.C, -1)
    campaign = (await bank.previewed()).campaign_id
    async with bank.database.unit_of_work() as uow:
        await uow.session.execute(
            text("UPDATE offer_campaigns SET state = 'planning', confirmed_at = :now WHERE id = :id"),
            {"now": NOON, "id": campaign},
        )
    return campaign


async def test_chunks_add_up_to_everybody_once_even_when_planners_meet(bank: Bank) -> None:
    campaign = await planning(bank, 7)

    async def plan() -> None:
        after: int | None = 0
        while after is not None:
            async with bank.database.unit_of_work() as uow:
                after = await bank.service(uow).plan_chunk(campaign, after, 2)

    await asyncio.gather(plan(), plan())
    assert sorted(offer.recipient for offer in await bank.ledger()) == list(range(11, 18))


async def test_the_tick_finishes_what_a_lost_job_left(bank: Bank) -> None:
    campaign = await planning(bank, 5)
    async with bank.database.unit_of_work() as uow:
        assert await bank.service(uow).plan_chunk(campaign, 0, 2) == 12
    async with bank.database.unit_of_work() as uow:
        assert await bank.service(uow).tick(SqlSetbacks(uow, lambda: bank.now)) == 1
    async with bank.database.unit_of_work() as uow:
        assert await bank.service(uow).tick(SqlSetbacks(uow, lambda: bank.now)) == 0
    assert len(await bank.ledger()) == 5


async def test_a_large_audience_is_planned_by_the_job_that_the_confirmation_deferred(bank: Bank) -> None:
    await bank.crowd(1_300, Letter.A, -1)

    async def plan_chunk(campaign: int, after: int) -> int | None:
        async with bank.database.unit_of_work() as uow:
            return await bank.service(uow).plan_chunk(campaign, after, CHUNK)

    jobs = Jobs(bank.database.url, plan_chunk)
    preview, manager = await bank.previewed(), await bank.member()
    async with bank.database.unit_of_work() as uow:
        started = await bank.service(uow, partial(jobs.defer_planning, uow)).confirm(preview.campaign_id, manager)
    assert isinstance(started, OfferCampaign)
    assert (preview.total, started.planned, started.state) == (1_300, CHUNK, CampaignState.PLANNING)
    await jobs.run_waiting()
    async with bank.database.unit_of_work() as uow:
        [books] = await bank.service(uow).books(manager)
    assert (books.campaign.state, books.closing.planned, books.closing.pending) == (CampaignState.PLANNED, 1_300, 1_300)


async def test_a_class_that_changes_between_two_plannings_brings_no_second_offer(bank: Bank) -> None:
    await bank.customer(11, Letter.A, -1)
    [first] = await bank.sent_to_all()
    async with bank.database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE customer_classes SET letter = 'B'"))
        await uow.session.execute(text("UPDATE offer_campaigns SET state = 'planning', after_member = 0"))
    async with bank.database.unit_of_work() as uow:
        await bank.service(uow).tick(SqlSetbacks(uow, lambda: bank.now))
    assert [offer.id for offer in await bank.ledger()] == [first.id]


async def test_a_consent_withdrawn_between_planning_and_dispatch_suppresses(bank: Bank) -> None:
    await bank.customer(11, Letter.B, -1)
    [offer] = await bank.sent_to_all()
    async with bank.database.unit_of_work() as uow:
        await SqlMemberStore(uow, bank.vault).withdraw_consent(11, Purpose.MARKETING, NOON)
    async with bank.database.unit_of_work() as uow:
        assert await SqlGate(uow).judge(offer, NOON) == Suppress(Reason.OPTED_OUT)


async def test_the_books_balance_and_name_the_reasons(bank: Bank) -> None:
    for member in (11, 12, 13):
        await bank.customer(member, Letter.D, -1)
    sent, suppressed, _ = await bank.sent_to_all()
    manager = await bank.member()
    async with bank.database.unit_of_work() as uow:
        store = SqlDeliveryStore(uow)
        await store.settle(sent, Verdict(State.SENT, message_id=1), NOON)
        await store.settle(suppressed, Verdict(State.SUPPRESSED, Reason.OPTED_OUT), NOON)
    async with bank.database.unit_of_work() as uow:
        [books] = await bank.service(uow).books(manager)
    assert (books.closing.planned, books.closing.pending, books.closing.balances) == (3, 1, True)
    assert books.suppressed == {"opted_out": 1}
    assert books.campaign.state is CampaignState.PLANNED
    assert not books.closing.can_close


async def test_why_me_is_the_offer_that_arrived_with_the_reasons_of_its_class(bank: Bank) -> None:
    await bank.customer(11, Letter.B, -1)
    [offer] = await bank.sent_to_all()
    member = await bank.member(11)
    async with bank.database.unit_of_work() as uow:
        assert await bank.service(uow).why(member) is None
        await SqlDeliveryStore(uow).settle(offer, Verdict(State.SENT, message_id=1), NOON)
        why = await bank.service(uow).why(member)
        assert why is not None
        assert (why.offer.code, [reason.code for reason in why.reasons]) == ("voucher", ["assets"])
        await uow.session.execute(text("UPDATE customer_classes SET letter = 'A'"))
        why = await bank.service(uow).why(member)
        assert why is not None
        assert (why.offer.letter, why.reasons) == (Letter.B, ())


async def test_the_ledger_knows_the_campaign_by_its_name(bank: Bank) -> None:
    await bank.customer(11, Letter.A, -1)
    campaign = (await bank.previewed()).campaign_id
    await bank.confirm(campaign)
    assert [offer.campaign for offer in await bank.ledger()] == [campaign_name(campaign)]
