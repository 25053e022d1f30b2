"""Vouchers in the chat: 我的权益, one tap, progress, asked for, paid by the manager, nobody else's by forged taps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.catalogue.files import read_catalogue
from campaigns.vouchers.files import read_book
from campaigns.vouchers.intake import ProgressLine
from campaigns.vouchers.model import Event, VoucherBook
from handlers.wording.audiences import LEXICON
from sandbox.client import Phone
from storage.members import SqlMemberStore
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import GROWN, copy_of
from tests.driver import Stage
from tests.voucher_desk import desk

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
BOOK = read_book((FOLDER / "vouchers" / "example.yaml").read_text("utf-8"), LEXICON)
PRODUCTS = read_catalogue((FOLDER / "catalogue" / "example.yaml").read_text("utf-8")).products

MANY = """INSERT INTO vouchers (version, code, customer_id, member_id, value_fen, need_fen, claimed_at, counts_from,
        last_day, expires_at, state, progress_fen)
    SELECT version, s.code, customer_id, member_id, value_fen, need_fen, claimed_at, counts_from, last_day, expires_at,
        state, progress_fen FROM vouchers v JOIN voucher_stocks s ON s.code <> v.code RETURNING 1"""


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with copy_of(postgres, classed_bank) as url:
        yield url


async def load(stage: Stage) -> None:
    """The payment voucher for everybody and the cinema tickets by level, on offer now."""
    today = stage.app.clock.now().date()
    plans = [
        replace(BOOK.plans[code], aim=None, first=today - timedelta(1), last=today + timedelta(60))
        for code in ("pay-50", "cinema")
    ]
    async with stage.app.database.unit_of_work() as uow:
        book = VoucherBook({each.code: each for each in plans})
        await stage.app.services(uow).vouchers.load(book, "王", "首次")


async def bound(stage: Stage, name: str, group: int) -> Phone:
    """A customer of the bank in a group, in private with the bot."""
    phone = await stage.person(name)
    await phone.joins(group)
    await phone.starts(stage.bot)
    await phone.sees("您好", stage.bot)
    [(customer,)] = await stage.rows("SELECT id FROM customers WHERE number = :number", number=GROWN.number)
    async with stage.app.database.unit_of_work() as uow:
        store = SqlMemberStore(uow, stage.app.world.vault)
        await store.bind(phone.id, customer, f"+86138{phone.id % 10**8:08}", stage.app.clock.now())
    return phone


async def buys(stage: Stage, reference: str, event: Event, yuan: int) -> None:
    """What the bank's file tells."""
    async with stage.app.database.unit_of_work() as uow:
        now = stage.app.clock.now
        day = now().astimezone(stage.app.zone).date()
        line = ProgressLine(1, reference, GROWN.number, event, "merchant-qr", yuan * 100, day, "退货")
        intake = await desk(uow, stage.app.world.vault, now).intake.take_in([line], PRODUCTS)
        assert intake.is_clean


async def test_a_voucher_from_one_tap_to_the_managers_payment(stage: Stage) -> None:
    await load(stage)
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    stranger = await stage.person("路人")
    await stranger.starts(stage.bot)
    assert "绑定手机号" in await stage.asks(stranger, "我的权益", stage.bot)
    wang = await bound(stage, "王芳", group)
    assert "私聊我" in await stage.asks(wang, "我的权益", group)
    shown = await stage.asks(wang, "我的权益", stage.bot)
    assert "刷卡满 500 元减 50 元：" in shown
    assert "🔒 双人电影票：资产达标解锁，还差 5 万元" in shown
    await wang.taps("规则：刷卡满", stage.bot)
    rules = (await wang.sees("《刷卡满 500 元减 50 元》规则", stage.bot))["text"]
    assert "每位客户一张" in rules
    assert "起算前 30 天内赎回的也扣除" in rules
    await wang.taps("领取：刷卡满", stage.bot)
    await wang.sees("还差 500 元即可使用", stage.bot)
    assert "每位客户一张" in await stage.forges(wang, "voucher_claim:pay-50", stage.bot)
    assert "解锁" in await stage.forges(wang, "voucher_claim:cinema", stage.bot)
    assert "没有这张券" in await stage.forges(wang, "voucher_claim:none", stage.bot)
    assert "还没达标" in await stage.forges(wang, "voucher_use:1", stage.bot)
    await buys(stage, "R1", Event.BOUGHT, 400)
    await wang.sees("🎫「刷卡满 500 元减 50 元」还差 100 元即可使用", stage.bot)
    assert "王* · 刷卡满 500 元减 50 元：还差 100 元" in await stage.asks(manager, "客户满额券", stage.bot)
    await buys(stage, "R2", Event.BOUGHT, 100)
    await wang.sees("已达标", stage.bot)
    assert "还没有申请" in await stage.forges(manager, "voucher_desk:pay:1", stage.bot)
    await wang.taps("申请使用：刷卡满", stage.bot)
    await manager.sees("王* 申请使用「刷卡满 500 元减 50 元」", stage.bot)
    assert "不对您开放" in await stage.forges(wang, "voucher_desk:pay:1", stage.bot)
    other = await stage.staff("陈刚")
    assert "没有未结的满额券" in await stage.asks(other, "/client_vouchers", stage.bot)
    for verb in ("pay", "send_back", "met"):
        assert "不是您群里的客户" in await stage.forges(other, f"voucher_desk:{verb}:1", stage.bot)
    assert "不是您的券" in await stage.forges(other, "voucher_use:1", stage.bot)
    assert "等您确认兑付" in await stage.asks(manager, "/client_vouchers", stage.bot)
    await manager.taps("1 退回", stage.bot)
    await wang.sees("暂未兑付：资料待补", stage.bot)
    await stage.forges(wang, "voucher_use:1", stage.bot)
    assert "等您确认兑付" in await stage.asks(manager, "/client_vouchers", stage.bot)
    await manager.taps("1 确认兑付", stage.bot)
    await wang.sees("✅「刷卡满 500 元减 50 元」50 元已兑付", stage.bot)
    await buys(stage, "R3", Event.RETURNED, 300)
    await wang.sees("已收回：达标的产品在约定时间内退回（R3 退货）", stage.bot)
    assert "已收回" in await stage.asks(wang, "/vouchers", stage.bot)
    await stage.comes_to("SELECT state FROM vouchers", ("clawed_back",))
    trail = "SELECT action FROM audit_events WHERE actor = :id AND action LIKE 'voucher_%' ORDER BY id"
    assert await stage.rows(trail, id=manager.id) == [("voucher_sent_back",), ("voucher_redeemed",)]
    assert await stage.parked() == 0


async def test_more_vouchers_than_a_page_holds_are_turned_through(stage: Stage) -> None:
    today = stage.app.clock.now().date()
    plan = replace(BOOK.plans["pay-50"], aim=None, first=today - timedelta(1), last=today + timedelta(60))
    plans = {code: replace(plan, code=code) for code in (f"pay-{at}" for at in range(10, 28))}
    manager = await stage.staff("李敏")
    wang = await bound(stage, "王芳", await stage.group(manager))
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        await services.vouchers.load(VoucherBook(plans), "王", "首次")
        await services.vouchers.claim("pay-10", (await services.people.many([wang.id]))[wang.id])
    await stage.rows(MANY)
    first = await stage.asks(manager, "/client_vouchers", stage.bot)
    assert "（共 18，第 1/2 页）" in first
    assert "\n15. " in first
    await manager.taps("▶", stage.bot)
    second = (await manager.sees("第 2/2 页", stage.bot))["text"]
    assert [line.partition(".")[0] for line in second.splitlines()[1:]] == ["16", "17", "18"]
    await manager.taps("◀", stage.bot)
    await manager.sees("第 1/2 页", stage.bot)
