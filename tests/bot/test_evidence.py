"""Evidence and clearances at the command line: what proves a delivery, one sentence where there is none."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import text

from bot.carriers import carriers
from bot.channels import ChannelWorker
from bot.clock import Clock
from bot.commands import evidence, recalls
from campaigns.channels.model import Channel, ChannelDraft
from campaigns.deliveries.model import Draft, Kind, Message, State
from campaigns.deliveries.rules import Verdict
from campaigns.members.model import Introduction, Language, Purpose
from storage.compliance import SqlGate
from storage.customers import CustomerRow
from storage.database import Database
from storage.deliveries import Resting, SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.vault import Vault
from tests.bot.conftest import Types
from tests.storage.channel_desk import NOON as OUTSIDE_NOON
from tests.storage.channel_desk import classed_bank

NOON = datetime(2025, 11, 21, 4, tzinfo=UTC)  # Noon in Shanghai.
ANNA = 11


def sent(url: str, vault: Vault) -> int:
    """An offer of a promotion to somebody linked, through the gate; returns its number."""
    return asyncio.run(_sent(url, vault))


async def _sent(url: str, vault: Vault) -> int:
    customer, database = uuid4(), Database(url, pool_size=1)
    async with database.unit_of_work() as uow:
        people, store, gate = SqlMemberStore(uow, vault), SqlDeliveryStore(uow), SqlGate(uow)
        uow.session.add(CustomerRow(id=customer, number="0xb2d10009", first_as_of=NOON.date()))
        await uow.session.flush()
        await people.meet(Introduction(ANNA, "王芳", Language.ZH, is_private=True), NOON)
        await people.bind(ANNA, customer, "+8613800000011", NOON)
        await people.give_consent(ANNA, Purpose.MARKETING, "marketing-1", NOON - timedelta(days=3))
        await store.plan([Draft("promotion:7", "v2:a", ANNA, Message("缴费立减"), Kind.MARKETING, NOON)], NOON)
        [offer] = await store.due(NOON, Resting(), limit=1)
        await gate.judge(offer, NOON)
        await store.dispatch([offer.id], "sender", gate.said)
        await store.settle(offer, Verdict(State.SENT, message_id=55), NOON)
    await database.close()
    return offer.id


def test_a_delivery_is_proved_from_its_words_to_its_recall(
    database_url: str, vault: Vault, command_line: Types
) -> None:
    number = sent(database_url, vault)
    code, said = command_line(recalls.commands, "promotion:7", "--reason", "wrong rate", "--by", "lee")
    assert (code, "wrong rate" in said) == (0, True)
    code, said = command_line(evidence.commands, "evidence", str(number), "--json")
    found = json.loads(said)
    assert code == 0
    assert (found["text"], found["version"], found["state"], found["attempts"]) == ("缴费立减", 2, "sent", 1)
    assert [(each["purpose"], each["wording"]) for each in found["consents"]] == [("marketing", "marketing-1")]
    assert (found["gate"]["verdict"], found["gate"]["asked"]["standing"]) == ("pass", "agreed")
    assert (found["recall"]["state"], found["recall"]["made_by"]) == ("pending", "lee")
    code, said = command_line(evidence.commands, "evidence", str(number))
    assert code == 0
    assert "marketing-1" in said
    assert command_line(recalls.commands, "promotion:7", "--reason", "again", "--by", "lee")[0] == 2


def test_a_message_of_another_channel_is_proved_too(
    database_url: str, vault: Vault, command_line: Types, tmp_path: Path
) -> None:
    number, customer = asyncio.run(_sent_outside(database_url, vault, tmp_path))
    code, said = command_line(evidence.commands, "evidence", f"channel:{number}", "--json")
    found = json.loads(said)
    assert (code, found["channel"], found["recipient"], found["version"]) == (0, "sms", customer, 2)
    assert (found["text"], found["state"], found["attempts"]) == (
        "周末营业\n网点开了周末营业。",
        "failed",
        0,
    )
    assert [(each["purpose"], each["wording"]) for each in found["consents"]] == [("sms", "offers by text message")]
    assert (found["gate"]["verdict"], found["gate"]["asked"]["standing"]) == ("pass", "agreed")
    assert (found["why"]["letter"], found["recall"]) == ("C", None)
    code, said = command_line(evidence.commands, "evidence", f"channel:{number}")
    assert (code, "by sms" in said) == (0, True)


async def _sent_outside(url: str, vault: Vault, folder: Path) -> tuple[int, str]:
    """A text message of a promotion through the gate, which nobody set up a provider for."""
    database, clock = Database(url, pool_size=1), folder / "clock.json"
    clock.write_text(json.dumps({"anchor_real": 0, "anchor_domain": OUTSIDE_NOON.isoformat(), "rate": 0}))
    desk = await classed_bank(database, vault)
    customer = await desk.customer()
    await desk.agree(customer)
    words = ("网点开了周末营业。", OUTSIDE_NOON, "周末营业")
    await desk.plan(ChannelDraft("promotion:7", "v2", Channel.SMS, customer, *words))
    worker = ChannelWorker(database, vault, Clock(clock), carriers({}, folder, "A银行"), desk.followups)
    await worker.round()
    async with database.unit_of_work() as uow:
        number = await uow.session.scalar(text("SELECT id FROM channel_messages"))
    await database.close()
    return number, str(customer)


def test_a_number_that_nobody_knows_is_one_sentence(command_line: Types) -> None:
    code, said = command_line(evidence.commands, "evidence", "4711")
    assert (code, said.count("\n"), "There is no delivery 4711" in said) == (1, 1, True)
    code, said = command_line(evidence.commands, "evidence", "channel:4711")
    assert (code, said.count("\n"), "There is no delivery channel:4711" in said) == (1, 1, True)
    code, said = command_line(evidence.commands, "evidence", "sms:4711")
    assert (code, said.count("\n"), "give 4711, or channel:12" in said) == (2, 1, True)
    code, said = command_line(evidence.commands, "clear-customer", "0x0", "--reason", "looked", "--by", "lee")
    assert (code, "No customer has the number 0x0" in said) == (2, True)


def test_a_review_of_a_customer_is_kept_with_its_end(database_url: str, vault: Vault, command_line: Types) -> None:
    sent(database_url, vault)
    asked = ("clear-customer", "0xb2d10009", "--reason", "pays again", "--by", "lee", "--days", "30")
    assert command_line(evidence.commands, *asked)[0] == 0
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT reason, until - cleared_at FROM customer_clearances").fetchall()
    assert rows == [("pays again", timedelta(days=30))]
