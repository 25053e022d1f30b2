"""A manager's desk in the chat: the own customers, searched and paged; notes, needs, tags and a field asked again."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from sandbox.client import Phone, words_of
from segmentation.synthetic import AS_OF
from storage.contacts import publish_contacts
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import GROWN, PEOPLE, copy_of
from tests.chat.test_customers import bound
from tests.driver import Stage

NUMBER = GROWN.number
NAMES = ("王小芳", "曾小明", *(f"客户{number}" for number in range(8)))
LOOKS = "SELECT occasion, count(*) FROM customer_lookups WHERE member_id = :id GROUP BY 1 ORDER BY 1"


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with followed(postgres, classed_bank) as url:
        yield url


@contextmanager
def followed(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """The same, with changes of class that were followed up before the test begins."""
    with copy_of(postgres, classed_bank) as url:
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO followed_runs SELECT id, made_at FROM segmentation_runs")
        yield url


async def own(stage: Stage, manager: Phone, *names: str) -> list[str]:
    """Customers whom the manager owns, with names that the bank knows; the first is the grown one."""
    numbers = [NUMBER, *(person.number for person in PEOPLE if person.number != NUMBER)][: len(names)]
    url, vault = stage.app.database.url, stage.app.world.vault
    contacts = [
        {"number": number, "name": name, "phone": f"+861380013{8000 + at}"}
        for at, (number, name) in enumerate(zip(numbers, names, strict=True))
    ]
    with psycopg.connect(url) as connection:
        publish_contacts(connection, vault, contacts, AS_OF)
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        for number in numbers:
            customer = await services.lookups.numbered(number)
            assert customer is not None
            await services.owners.assign(customer.id, manager.id)
    return numbers


async def test_own_customers_are_listed_searched_and_paged_and_every_look_is_recorded(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈刚")
    await own(stage, manager, *NAMES)
    assert "还没有客户" in await stage.asks(other, "/my")
    await manager.says("我的客户")
    first = await manager.sees("我的客户 · 共 10 位\n第 1/2 页")
    await manager.taps("下一页")
    assert (await manager.sees("第 2/2 页"))["message_id"] == first["message_id"]
    for words in ("/my zxm", "我的客户 曾", "/my cxm", "我的客户8001"):
        found = await stage.asks(manager, words)
        assert "共 1 位" in found, words
        assert "曾*明" in found
        assert "曾小明" not in found
    assert "没有找到" in await stage.asks(other, "/my zxm")
    await stage.asks(manager, "/my wxf")
    await manager.taps("1. …")
    card = await manager.sees(f"👤 客户 {NUMBER} · 王*芳 · 138****8000")
    await manager.taps("‹ 我的客户")
    assert (await manager.sees("我的客户 ·「wxf」（拼音）· 共 1 位"))["message_id"] == card["message_id"]
    await stage.comes_to(LOOKS, ("card", 1), ("list", 10), ("search", 6), id=manager.id)
    assert await stage.parked() == 0


async def test_a_note_a_need_and_a_tag_are_added_at_the_card_sealed_and_settled(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await own(stage, manager, "王小芳")
    await manager.says(f"客户 {NUMBER}")
    card = await manager.sees("✅ 同意：无")
    await manager.taps("📝 备注")
    await manager.sees("请发一句备注")
    assert "像是银行卡号" in await stage.asks(manager, "卡号 4111 1111 1111 1111")
    assert "备注已加密保存" in await stage.asks(manager, "女儿明年上小学")
    await manager.taps("💡 需求", message_id=card["message_id"])
    await manager.sees("客户需要什么")
    assert "没有保存" in await stage.asks(manager, "取消")
    mark = await manager.mark()
    await manager.taps("💡 需求", message_id=card["message_id"])
    await manager.sees("客户需要什么", since=mark)
    assert "需求已加密保存" in await stage.asks(manager, "教育金规划")
    await manager.taps("🏷 标签", message_id=card["message_id"])
    await manager.sees("点一下加上或取消标签")
    await manager.taps("有理财意向")
    await manager.sees("✓ 有理财意向")
    said = await stage.asks(manager, f"客户 {NUMBER}")
    assert "💡 需求：教育金规划" in said
    assert "📝 备注：女儿明年上小学（" in said
    assert "有理财意向（员工，" in said
    [(sealed,)] = await stage.rows("SELECT words FROM customer_notes WHERE kind = 'need'")
    assert "教育金".encode() not in sealed
    await manager.taps("💡 需求")
    await manager.sees("✓ 教育金规划")
    await manager.taps("✓ 教育金规划")
    await stage.comes_to("SELECT count(*) FROM customer_notes WHERE settled_at IS NOT NULL", (1,))
    assert "💡 需求：" not in await stage.asks(manager, f"客户 {NUMBER}")
    for words in ("4111", "女儿"):
        assert not await stage.rows("SELECT 1 FROM conversations WHERE data::text LIKE :words", words=f"%{words}%")


async def test_one_stale_field_is_asked_at_a_time(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await own(stage, manager, "王小芳")
    await stage.rows(
        """INSERT INTO customer_traits (department, as_of, customer_id, occupation, income_band)
        SELECT 'interviews', '2019-06-30', id, 'student', 'low' FROM customers WHERE number = :number RETURNING 1""",
        number=NUMBER,
    )
    await manager.says(f"客户 {NUMBER}")
    card = await manager.sees("❓ 请核实一项：")
    assert words_of(card).count("❓") == 2
    await manager.taps("❓ 职业")
    await manager.sees("客户怎么说？职业")
    await manager.taps("受雇")
    await manager.sees("已更新：职业 受雇")
    said = await stage.asks(manager, f"客户 {NUMBER}")
    assert "🆕 已核实：职业 受雇（" in said
    assert "❓ 请核实一项：收入档" in said
    [(customer,)] = await stage.rows("SELECT id FROM customers WHERE number = :number", number=NUMBER)
    for data in (f"ask:{customer.hex}:occupation:king", f"work:{customer.hex}:burn", f"work:{'0' * 32}:note"):
        assert "已失效" in await stage.forges(manager, data), data


async def test_a_customer_tells_the_own_data_and_the_manager_sees_them_at_the_card(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await wang.starts(stage.bot)
    await wang.sees("您好，我是", stage.bot)
    assert "请先发 /bind" in await stage.asks(wang, "我的资料", stage.bot)
    await bound(stage, wang)
    assert "职业：还没填" in await stage.asks(wang, "/my_data", stage.bot)
    await wang.taps("职业", stage.bot)
    await wang.sees("职业，请选一项", stage.bot)
    await wang.taps("退休", stage.bot)
    await wang.sees("已更新：职业 退休", stage.bot)
    assert "职业：退休（" in await stage.asks(wang, "我的资料", stage.bot)
    await wang.taps("用钱时间", stage.bot)
    await wang.sees("用钱时间，请选一项", stage.bot)
    await wang.taps("3 个月内不用", stage.bot)
    await wang.sees("已更新：用钱时间 3 个月内不用", stage.bot)
    card = await stage.asks(manager, f"客户 {NUMBER}", stage.bot)
    assert "；职业 退休（" in card
    assert "资金最多可锁定 90 天（客户告知：3 个月内不用钱）" in card
    for data in ("own_value:occupation:king", "own_value:letter:A", "own_field:letter"):
        assert "已失效" in await stage.forges(wang, data, stage.bot), data
    assert "请私聊我" in await stage.asks(wang, "/my_data", group)
    await stage.comes_to(
        "SELECT field, value, told_to FROM customer_updates WHERE field = 'occupation'",
        ("occupation", "retired", wang.id),
    )
