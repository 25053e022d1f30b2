"""Audiences in the chat: built step by step with the count at once, written in one line, errors, saved, refused."""

from collections.abc import Iterator

import pytest

from campaigns.staff.model import Role
from sandbox.client import words_of
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import copy_of
from tests.driver import Stage


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with copy_of(postgres, classed_bank) as url:
        yield url


async def test_an_audience_is_built_with_buttons_counted_at_once_and_saved(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    [(in_b,)] = await stage.rows(
        "SELECT count(*) FROM customer_classes WHERE letter = 'B' AND run_id ="
        " (SELECT id FROM segmentation_runs ORDER BY as_of DESC LIMIT 1)"
    )
    await manager.says("客群")
    first = await manager.sees("共 60 位客户，可触达 0 位。")
    assert "· 没有绑定群友：60 位" in first["text"]
    assert "① 客户类别" in first["text"]
    await manager.taps("B 培育期")
    chosen = await manager.sees("条件：类别 属于 (B类)")
    assert f"共 {in_b} 位客户" in chosen["text"]
    assert chosen["message_id"] == first["message_id"]
    await manager.taps("下一步")
    assert "✓" not in words_of(await manager.sees("② 客层"))
    await manager.taps("下一步")
    await manager.sees("③ 生命周期")
    await manager.taps("下一步")
    await manager.sees("④ 标签")
    await manager.taps("持有理财")
    assert "类别 属于 (B类) 且 标签 = 持有理财" in (await manager.sees("✓ 持有理财"))["text"]
    await manager.taps("看样本")
    sample = await manager.sees("· B 培育期 ·")
    assert "0x" not in sample["text"]
    await manager.taps("保存", message_id=first["message_id"])
    await manager.sees("起个名字")
    assert "已保存客群「理财培育」" in await stage.asks(manager, "理财培育")
    line = "class in (B) and tag = holds_wealth_products"
    [(kept, members)] = await stage.rows(
        "SELECT expression, count(customer_id) FROM audiences LEFT JOIN audience_members ON audience = name GROUP BY 1"
    )
    assert (kept, members > 0) == (line, True)
    assert "条件：类别 属于 (B类) 且 标签 = 持有理财" in await stage.asks(manager, "/audience 理财培育")


async def test_a_line_is_counted_with_the_reasons_and_a_wrong_one_is_shown_where(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    said = await stage.asks(manager, "/audience 类别 属于 (A、B、C、D) 且 流失分 已知")
    assert "共 60 位客户，可触达 0 位。" in said
    assert "· 没有绑定群友：60 位" in said
    unknown = await stage.asks(manager, "/audience 女 且 年龄 25-40 且 月消费 > 5000")
    assert "另有 60 位因资料未知无法判断" in unknown
    wrong = await stage.asks(manager, "/audience 女 且 年纪 25-40")
    assert wrong == "女 且 👉年纪 25-40\n第 5 个字：没有叫「年纪」的字段。\n您要写的是不是：年龄？"
    mine = await stage.asks(manager, "/audience 客户经理 = 我")
    assert f"条件：客户经理 = {manager.id}" in mine


async def test_naming_is_stopped_or_asked_again_and_another_s_name_is_refused(stage: Stage) -> None:
    manager, colleague = await stage.staff("李敏"), await stage.staff("Ann", language_code="en")
    await stage.asks(manager, "/audience class = B")
    await manager.taps("保存")
    await manager.sees("起个名字")
    assert "最多 60 个字" in await stage.asks(manager, "长" * 61)
    assert "没有保存" in await stage.asks(manager, "取消")
    mark = await manager.mark()
    await stage.asks(manager, "/audience class = B")
    await manager.taps("保存")
    await manager.sees("起个名字", since=mark)
    assert "已保存客群" in await stage.asks(manager, "B类客户")
    english = await stage.asks(colleague, "/audience class = A")
    assert not any("一" <= character <= "鿿" for character in english)
    await colleague.taps("Save")
    await colleague.sees("Name this audience")
    assert "A colleague uses this name" in await stage.asks(colleague, "B类客户")


async def test_only_managers_and_compliance_build_audiences_and_never_in_a_group(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    assert "请在私聊里" in await stage.asks(manager, "/audience class = B", group)
    assert "不对您开放" in await stage.asks(wang, "/audience class = B", stage.bot)
    assert "不对您开放" in await stage.forges(wang, "audience_do:list", stage.bot)
    chief = await stage.staff("周严", Role.ADMINISTRATOR)
    assert "不对您开放" in await stage.asks(chief, "/audience class = B")
    guard = await stage.staff("何规", Role.COMPLIANCE)
    assert "条件：类别 = B类" in await stage.asks(guard, "/audience class = B")
    assert "已经不在手边" in await stage.forges(manager, "audience_do:save", stage.bot)
