"""A partner's link in the chat: works while approved, counts new people and their accounts, staff see the registry."""

from datetime import timedelta

from campaigns.partners.model import DueItem, Entry, PartnerKind, Terms
from campaigns.staff.model import Role
from tests.driver import Stage

NAME = "安心保险"


async def test_new_people_of_an_approved_partners_link_count_with_their_accounts_by_source(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    assert "还没有登记合作方" in await stage.asks(manager, "/partners", stage.bot)
    now = stage.app.clock.now()
    terms = Terms("HT-1", now.date() - timedelta(days=9), now.date() + timedelta(days=90), "李敏", "95500")
    async with stage.app.database.unit_of_work() as uow:
        registry = stage.app.services(uow).registry
        entry = await registry.register(NAME, PartnerKind.INSURER, terms, "甲")
    assert isinstance(entry, Entry)
    start = f"ally_{entry.contract.token}"
    early, wang, known = await stage.person("来早了"), await stage.person("王芳"), await stage.person("老客户")
    await early.starts(stage.bot, start)
    await early.sees("链接已失效", stage.bot)
    async with stage.app.database.unit_of_work() as uow:
        registry = stage.app.services(uow).registry
        for item in DueItem:
            await registry.look_at(NAME, item, "乙", "看过", passed=True)
        assert isinstance(await registry.approve(NAME, "丁"), Entry)
    await known.starts(stage.bot)
    await known.sees("/help", stage.bot)
    bind = """WITH made AS (INSERT INTO customers (id, number, first_as_of)
            VALUES (gen_random_uuid(), :number, '2020-01-01') RETURNING id)
        UPDATE members SET customer_id = made.id FROM made WHERE members.id = :id RETURNING members.customer_id"""
    await stage.rows(bind, number="C2", id=known.id)
    for person in (wang, known, wang):
        mark = await person.mark(stage.bot)
        await person.starts(stage.bot, start)
        assert "不会把您的任何资料" in (await person.sees(NAME, stage.bot, since=mark))["text"]
    await manager.starts(stage.bot, start)  # Staff count nowhere.
    await manager.sees("不会把您的任何资料", stage.bot)
    await stage.comes_to("SELECT count(*) FROM partner_sources", (2,))
    [(customer,)] = await stage.rows(bind, number="C1", id=wang.id)
    opened = "INSERT INTO account_events VALUES (:id, 'opened', :day, :now) RETURNING event"
    await stage.rows(opened, id=customer, day=now.astimezone(stage.app.zone).date(), now=now)
    told = await stage.asks(manager, "合作方", stage.bot)
    assert "安心保险（保险公司）· 已准入" in told
    assert "尽调 4/4 · 新客 1 · 开户 1 · 老客 1" in told
    assert f"start={start}" in told
    compliance = await stage.staff("陈静", Role.COMPLIANCE)
    assert "负责人 李敏" in await stage.asks(compliance, "/partners", stage.bot)
    assert "不对您开放" in await stage.asks(wang, "/partners", stage.bot)
