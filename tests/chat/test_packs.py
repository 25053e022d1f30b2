"""Packs in the chat: one card with the reason, a level still locked, one tap a voucher, no amounts in a group."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.packs.files import read_packs
from campaigns.packs.service import keep
from campaigns.vouchers.model import VoucherBook
from handlers.wording.audiences import LEXICON
from storage.packs import SqlPackStore
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import copy_of
from tests.chat.test_vouchers import BOOK, FOLDER, bound
from tests.driver import Stage

EXAMPLE = (FOLDER / "packs" / "example.yaml").read_text("utf-8")
CATALOGUE = (Path(FOLDER) / "catalogue" / "example.yaml").read_text("utf-8")


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with copy_of(postgres, classed_bank) as url:
        yield url


async def load(stage: Stage) -> None:
    """Vouchers on offer now, the catalogue, and the packs."""
    now = stage.app.clock.now()
    plans = [
        replace(each, aim=None, first=now.date() - timedelta(1), last=now.date() + timedelta(60))
        for each in BOOK.plans.values()
    ]
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        await services.vouchers.load(VoucherBook({each.code: each for each in plans}), "王", "首次")
        await services.catalogue.load(CATALOGUE, "王", "首次")
        await keep(SqlPackStore(uow), read_packs(EXAMPLE, LEXICON), "王", "首次", now)


async def test_a_customer_reads_the_packs_with_why_and_claims_by_one_tap(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang = await bound(stage, "王芳", group)
    assert "没有给您的权益包" in await stage.asks(wang, "我的权益包", stage.bot)
    await load(stage)
    stage_of = "UPDATE customer_classes SET lifecycle = 'growing' WHERE customer_id = :c RETURNING 1"
    [(customer,)] = await stage.rows("SELECT customer_id FROM members WHERE id = :id", id=wang.id)
    await stage.rows(stage_of, c=customer)
    assert "私聊我" in await stage.asks(wang, "我的权益包", group)
    shown = await stage.asks(wang, "我的权益包", stage.bot)
    assert "🎁 成长礼包\n为什么给您：您在我行的业务正在成长" in shown
    assert "🔒 双人电影票：资产达标解锁，还差 5 万元" in shown
    assert "进阶：通知存款 → 固收类理财" in shown
    assert "下一步可了解：固收类理财" in shown
    assert "📈 更高额度：" in shown
    assert "🎁 支付礼包\n为什么给您：所有客户都有" in shown
    await wang.taps("领取：刷卡满", stage.bot)
    await wang.sees("已领取「刷卡满 500 元减 50 元」", stage.bot)
    again = await stage.asks(wang, "/packs", stage.bot)
    assert "刷卡满 500 元减 50 元：还差 500 元即可使用" in again
    assert await stage.parked() == 0
