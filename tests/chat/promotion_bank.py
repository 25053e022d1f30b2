"""A promotion in the chat's bank: a catalogue, classed customers behind phones, and a file that reaches them."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from campaigns.experiments.model import GlobalControl
from campaigns.promotions.model import Version
from sandbox.client import Phone
from storage.members import SqlMemberStore
from tests.driver import Stage

CATALOGUE = Path(__file__).parents[2] / "campaigns" / "catalogue" / "example.yaml"
FILE = """code: spring
title: 春日便民季 | Spring services
audience: class in (A, B)
channels: {{ A: private, B: private }}
window: {{ from: {opens}, until: {closes} }}
send_at: {opens}
arms:
  - name: plain
    text: {words} | Come and see us at the branch this weekend.
hold_out: 0%
budget_yuan: 100
rules:
  organiser: 个人金融部 | Retail banking
  complaints: 请到任一网点 | At any branch
"""
WORDS = "周末到店办理缴费签约，工作人员现场协助"


async def customer(stage: Stage, name: str, letter: str = "A") -> Phone:
    """Somebody of this class who opened the bot, agreed to offers and is bound."""
    phone = await stage.person(name)
    await phone.starts(stage.bot)
    await phone.sees("您好", stage.bot)
    await phone.says("订阅", stage.bot)
    await phone.taps_and_sees("同意接收", "会发到这里", stage.bot)
    key, now = uuid4(), stage.app.clock.now()
    statements = (
        "INSERT INTO segmentation_policies VALUES (1, '{}', 'default', :now) ON CONFLICT DO NOTHING",
        "INSERT INTO segmentation_runs (id, as_of, classifier, policy_version, data_digest, made_at, summary) VALUES"
        " (md5('run')::uuid, '2025-09-30', 'lines-1', 1, repeat('0', 64), :now, '[]') ON CONFLICT DO NOTHING",
        "INSERT INTO customers VALUES (:key, :number, '2025-09-30')",
        "INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,"
        " wealth_products, funds, asset_plans, large_certificates, loans, has_activity)"
        " VALUES ('2025-09-30', :key, 0, 0, 2000000, 0, 0, 0, 0, 0, false)",
        "INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons, confidence, missing,"
        " quadrant, band, lifecycle, churn, current_value, steps, potential_reasons, churn_reasons) VALUES"
        " (md5('run')::uuid, :key, :letter, 50, 50, '[[\"digital\", 1, 2.0]]', 1, '{}', 'A', 'small', 'mature', 10, 0,"
        " '[]', '[]', '[]')",
    )
    facts = {"now": now, "key": key, "number": key.hex, "letter": letter}
    async with stage.app.database.unit_of_work() as uow:
        for statement in statements:
            await uow.session.execute(text(statement), {k: v for k, v in facts.items() if f":{k}" in statement})
        await SqlMemberStore(uow, stage.app.world.vault).bind(phone.id, key, f"+86138{phone.id % 10**8:08}", now)
    return phone


async def load(stage: Stage, author: Phone, words: str = WORDS, opens: datetime | None = None) -> Version:
    """The file as its author keeps it; it opens in an hour."""
    begins = (opens or stage.app.clock.now() + timedelta(hours=1)).astimezone(stage.app.zone)
    facts = {"opens": f"{begins:%Y-%m-%d %H:%M}", "closes": f"{begins + timedelta(days=3):%Y-%m-%d %H:%M}"}
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        if await services.catalogue.edition() is None:
            await services.catalogue.load(CATALOGUE.read_text("utf-8"), "王", "首次")
            await services.promotions.set_control(GlobalControl("nobody", 0), "王")  # Everybody is written to.
        loaded = await services.promotions.load(FILE.format(words=words, **facts), author.id)
    assert isinstance(loaded, Version), loaded
    return loaded
