"""Advice in the chat: a manager has it written, reads both sides, and the customer gets just that by one tap."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from sandbox.client import Phone
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import GROWN, copy_of
from tests.chat.test_catalogue import assess, load
from tests.driver import Stage

BIND = "UPDATE members SET customer_id = (SELECT id FROM customers WHERE number = :number) WHERE id = :member"
AGREE = "INSERT INTO consents (member_id, purpose, wording, given_at) VALUES (:member, 'marketing', 'v1', :now)"


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with copy_of(postgres, classed_bank) as url:
        yield url


async def customer(stage: Stage) -> Phone:
    """The rich customer in the chat, who agreed to offers."""
    phone = await stage.person("王芳")
    await phone.starts(stage.bot)
    await phone.sees("/help", stage.bot)
    now = stage.app.clock.now()
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(text(BIND), {"number": GROWN.number, "member": phone.id})
        await uow.session.execute(text(AGREE), {"member": phone.id, "now": now})
    return phone


@pytest.mark.usefixtures("noon")
async def test_advice_with_both_sides_reaches_the_customer_by_the_managers_tap_and_once(stage: Stage) -> None:
    await load(stage)
    manager = await stage.staff("李敏")
    assert "💡 建议：指数基金" not in str(await stage.asks(manager, f"/catalogue {GROWN.number}"))
    await assess(stage, 4)
    reader = await customer(stage)
    await stage.asks(manager, f"/catalogue {GROWN.number}")
    looks = await stage.rows("SELECT count(*) FROM customer_lookups")
    await manager.taps("💡 建议：指数基金", stage.bot)
    draft = (await manager.sees("给客户的建议（草稿", stage.bot))["text"]
    assert await stage.rows("SELECT count(*) FROM customer_lookups") == [(looks[0][0] + 1,)]
    assert "已失效" in await stage.forges(manager, f"adv:{'0' * 32}:index-fund", stage.bot)
    assert "您在本行的资产 100% 是存款，可以考虑分散一部分" in draft
    assert "净值会波动，可能亏损" in draft
    assert "理财非存款，产品有风险，投资须谨慎" in draft
    assert await stage.rows("SELECT count(*) FROM deliveries WHERE campaign LIKE 'advisory:%'") == [(0,)]
    other = await stage.staff("陈刚")
    assert await stage.forges(other, "adv_send:1", stage.bot) == "只有写的人可以发。"
    await manager.taps("发给客户", stage.bot)
    await manager.sees("已安排发给客户", stage.bot)
    said = (await reader.sees("给您的参考意见：指数基金", stage.bot))["text"]
    assert said in draft
    assert await stage.forges(manager, "adv_send:1", stage.bot) == "已经发过了，不会重复发。"
    told = "SELECT product, risk, kind FROM deliveries WHERE campaign LIKE 'advisory:%'"
    await stage.comes_to(told, ("index-fund", 4, "marketing"))


async def test_what_changed_since_the_draft_is_never_sent(stage: Stage) -> None:
    await load(stage)
    await assess(stage, 5)
    await customer(stage)
    manager = await stage.staff("李敏")
    await stage.asks(manager, f"/catalogue {GROWN.number}")
    await manager.taps("💡 建议：指数基金", stage.bot)
    await manager.sees("您的风险承受能力是 C5，高于这个产品的等级", stage.bot)
    asked_again = "UPDATE customer_tags SET code = 'risk_c4' WHERE code = 'risk_c5' RETURNING 1"
    assert await stage.rows(asked_again) == [(1,)]
    assert "情况变了" in await stage.forges(manager, "adv_send:1", stage.bot)
    assert await stage.rows("SELECT sent_at FROM advisories") == [(None,)]
