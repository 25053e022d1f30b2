"""The catalogue in the chat: a group's bundle is previewed and posted once, a customer's stands on the card."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from campaigns.staff.model import Role
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import GROWN, copy_of
from tests.driver import Stage

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with copy_of(postgres, classed_bank) as url:
        yield url


async def load(stage: Stage) -> None:
    """The example is the catalogue."""
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).catalogue.load(EXAMPLE, "王", "首次")


async def test_a_group_gets_its_bundle_once_after_a_preview(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    assert "还没有产品目录" in await stage.asks(manager, "产品目录", stage.bot)
    await load(stage)
    assert "商户生意组合（所有商户群）" in await stage.asks(manager, "产品目录", stage.bot)
    await manager.taps("类别 × 产品矩阵", stage.bot)
    await manager.sees("主动介绍：", stage.bot)
    await manager.taps("‹ 产品目录", stage.bot)
    await manager.sees("点群名", stage.bot)
    await manager.taps("幸福里", stage.bot)
    await manager.sees("这个群可以发", stage.bot)
    await manager.taps("预览：商户生意组合", stage.bot)
    preview = await manager.sees("确认有效", stage.bot)
    assert "贷款有风险，请量力而行" in preview["text"]
    await manager.taps("确认发到群里", stage.bot)
    await manager.sees("已安排发到", stage.bot)
    card = (await manager.sees("📦 商户生意组合", group))["text"]
    assert "理财非存款，产品有风险，投资须谨慎" in card
    assert "目录第 1 版" in card
    assert "已经发过了" in await stage.forges(manager, "bundle_post:1", stage.bot)
    other = await stage.staff("陈刚")
    for data in ("bundle_post:1", "bundles:1", "bundle_see:1:shops"):
        assert await stage.forges(other, data, stage.bot) in {"只有预览的人可以确认。", "这不是您的群。"}
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE campaign LIKE 'bundle:%'", (1,))


async def test_a_customers_card_says_what_the_customer_gets_and_what_not(stage: Stage) -> None:
    await load(stage)
    manager = await stage.staff("李敏")
    card = await stage.asks(manager, f"客户 {GROWN.number}")
    assert "📦 组合「培育期组合」（目录第 1 版）：固收类理财、通知存款、店铺财产保险" in card
    assert "不展示：指数基金（R4，要先做风险测评，私下谈）" in card
    await manager.taps("📦 组合", stage.bot)
    await manager.sees("未做风险测评，只展示 R1、R2", stage.bot)
    assert "产品风险等级：R2" in await stage.asks(manager, f"/catalogue {GROWN.number}")
    looks = "SELECT count(*) FROM customer_lookups WHERE member_id = :id"
    await stage.comes_to(looks, (3,), id=manager.id)


async def assess(stage: Stage, appetite: int) -> None:
    """The customer answered the questionnaire."""
    statement = """INSERT INTO customer_tags (customer_id, code, source, evidence, set_by, set_at, expires_at)
        SELECT id, :code, 'customer', '', 'test', :now, :until FROM customers WHERE number = :number"""
    now = stage.app.clock.now()
    facts = {
        "code": f"risk_c{appetite}",
        "now": now - timedelta(1),
        "until": now + timedelta(300),
        "number": GROWN.number,
    }
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(text(statement), facts)


async def test_a_manager_invites_to_an_exclusive_product_and_reads_the_portfolio(stage: Stage) -> None:
    await load(stage)
    await assess(stage, 4)
    manager = await stage.staff("李敏")
    closed = await stage.asks(manager, f"/catalogue {GROWN.number}")
    assert "高净值专属理财（要先邀请）" in closed
    assert "· 其余 25% 先不动" in closed
    await manager.taps("✉️ 邀请：高净值专属理财", stage.bot)
    await manager.sees("已邀请这位客户了解「高净值专属理财」", stage.bot)
    await manager.taps("‹ 组合", stage.bot)
    opened = (await manager.sees("高净值专属理财 25%，约 2,250,000 元，R3 中风险", stage.bot))["text"]
    assert "组合按其中最高的算：R4 中高风险" in opened
    assert "现有 9,000,000 元：存款 100%" in opened
    await manager.taps("收回邀请：高净值专属理财", stage.bot)
    await manager.sees("邀请已收回", stage.bot)
    assert "高净值专属理财（要先邀请）" in await stage.asks(manager, f"/catalogue {GROWN.number}")
    assert await stage.rows("SELECT count(*) FROM deliveries WHERE kind = 'marketing'") == [(0,)]
    await stage.comes_to(
        "SELECT action FROM audit_events WHERE action IN ('admit', 'end_admission') ORDER BY id",
        ("admit",),
        ("end_admission",),
    )


async def test_who_may_changes_a_cell_with_a_reason_and_others_may_not(stage: Stage) -> None:
    await load(stage)
    lead = await stage.staff("赵队", Role.TEAM_LEAD)
    assert "请写理由" in await stage.asks(lead, "/matrix B index-fund 不推荐")
    changed = await stage.asks(lead, "产品矩阵 B类 index-fund 不推荐 近期波动大")
    assert "第 2 版" in changed
    assert "matrix.B.index-fund: offer → never" in changed.replace("：", ": ")
    assert "不展示：指数基金（矩阵：不推荐）" in await stage.asks(lead, f"客户 {GROWN.number}")
    assert await stage.rows("SELECT version, reason FROM catalogue_versions ORDER BY 1") == [
        (1, "首次"),
        (2, "近期波动大"),
    ]
    manager = await stage.staff("李敏")
    assert "不对您开放" in await stage.asks(manager, "/matrix A index-fund never x")
