"""All customers at a glance in the chat: picture and table, lists paged by buttons, roles, groups."""

from collections.abc import Iterator

import httpx
import pytest

from campaigns.staff.model import Role
from sandbox.client import words_of
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import GROWN, NEXT, PEOPLE, copy_of
from tests.driver import Stage

PNG = b"\x89PNG"


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with copy_of(postgres, classed_bank) as url:
        yield url


async def test_a_manager_sees_the_picture_with_the_table_and_the_lists_below(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await manager.says("/segments")
    shown = await manager.sees("客户分层 · 2019-12-31\n60 位")
    assert len(shown["caption"]) <= 1024
    for said in ("A 成长期", "中位", "潜力 高1", "自 2019-09-30：", "A→B 1", "关注名单 "):
        assert said in shown["caption"]
    async with httpx.AsyncClient() as client:
        picture = await client.get(f"{stage.sandbox.url}/api/files/{shown['photo'][-1]['file_id']}")
    assert picture.content.startswith(PNG)
    labels = words_of(shown).removeprefix(shown["caption"]).split()
    assert labels == ["关注名单", "值得培养", "字母与象限不符", "高价值客户", "我的客户"]
    await manager.says("客戶分層")
    again = await manager.sees("客户分层 ·")
    assert again["photo"][-1]["file_unique_id"] == shown["photo"][-1]["file_unique_id"]


async def test_a_list_is_paged_in_its_place_and_each_line_leads_to_a_card_and_back(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await manager.says("/segments")
    await manager.taps("高价值客户")
    first = await manager.sees("共 60 位")
    assert "第 1/8 页" in first["text"]
    assert f"1. {GROWN.number} · B\n每年 " in first["text"]
    await manager.taps("下一页")
    second = await manager.sees("第 2/8 页")
    assert second["message_id"] == first["message_id"]
    assert "\n9. " in second["text"]
    await manager.taps("16. …")
    card = await manager.sees("👤 客户 0x")
    assert card["message_id"] == first["message_id"]
    await manager.taps("返回名单")
    assert (await manager.sees("第 2/8 页"))["message_id"] == first["message_id"]
    seen = "SELECT occasion, count(*) FROM customer_lookups WHERE member_id = :id GROUP BY 1 ORDER BY 1"
    await stage.comes_to(seen, ("card", 1), ("list", 24), id=manager.id)


async def test_each_list_names_whom_it_promises(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await manager.says("/segments")
    await manager.taps("关注名单")
    watched = await manager.sees("按流失风险 × 资产排序")
    assert f"1. {GROWN.number} · B\n流失中 " in watched["text"]
    assert "活期占资产 100%" in watched["text"]
    await manager.taps("值得培养")
    assert " · C\n发展 " in (await manager.sees("按发展潜力排序"))["text"]
    await stage.rows("UPDATE customer_classes SET quadrant = letter RETURNING 1")
    await manager.taps("字母与象限不符")
    assert "名单是空的" in (await manager.sees("按当前价值排序"))["text"]
    await stage.rows("UPDATE customer_classes SET quadrant = 'C' WHERE letter = 'B' RETURNING 1")
    mark = await manager.mark()
    await manager.taps("字母与象限不符")
    assert "象限为 C；" in (await manager.sees("按当前价值排序", since=mark))["text"]
    await manager.taps("我的客户")
    assert "名单是空的" in (await manager.sees("您的群里已绑定的客户"))["text"]


async def test_an_administrator_sees_the_classes_and_no_customer(stage: Stage) -> None:
    chief = await stage.staff("周严", Role.ADMINISTRATOR)
    await chief.says("/segments")
    shown = await chief.sees("客户分层 ·")
    assert "reply_markup" not in shown
    assert "不对您开放" in await stage.forges(chief, "class_list:valuable:1")


async def test_in_a_group_nothing_is_said_of_customers(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    number = PEOPLE[0].number
    for words in ("/segments", "客户分层", f"/customer {number}", f"客户 {number}", "为什么是B类", f"/why {number}"):
        assert "请私聊我" in await stage.asks(manager, words, group)
    await wang.says("客户分层", group)
    await wang.says(f"为什么是B类 {number}", group)
    assert not any(number in words_of(each) and each["from"]["is_bot"] for each in await wang.reads(group))
    assert await stage.rows("SELECT count(*) FROM customer_lookups") == [(0,)]
    assert "不对您开放" in await stage.asks(wang, "/segments", stage.bot)


async def test_the_english_table_is_whole_and_fits_a_caption(stage: Stage) -> None:
    manager = await stage.staff("Ann", language_code="en")
    await manager.says("/segments")
    shown = await manager.sees(f"Classes as of {NEXT}\n60")
    assert len(shown["caption"]) <= 1024
    assert "To watch: " in shown["caption"]
    assert not any("一" <= character <= "鿿" for character in words_of(shown))
    await manager.taps("Most valuable")
    listed = await manager.sees("Page 1 of 8")
    assert not any("一" <= character <= "鿿" for character in words_of(listed))


async def test_before_the_first_run_the_way_is_told(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    async with stage.app.database.unit_of_work() as uow:
        connection = await uow.session.connection()
        await connection.exec_driver_sql("TRUNCATE segmentation_runs CASCADE")
    assert "还没有客户分层" in await stage.asks(manager, "/segments")
    assert "还没有客户。" in await stage.asks(manager, "我的客户")
