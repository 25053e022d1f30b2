"""One customer in the chat: found by number or name, the card, why this class in many words, and who looked."""

from collections.abc import Iterator

import psycopg
import pytest

from campaigns.members.model import Purpose
from campaigns.staff.model import Role
from sandbox.client import Phone, words_of
from segmentation.synthetic import AS_OF
from storage.contacts import publish_contacts
from storage.members import SqlMemberStore
from storage.private_postgres import PrivatePostgres
from tests.chat.classed_bank import GROWN, copy_of
from tests.driver import Stage

NUMBER = GROWN.number
PHONE = "+8613800138000"
QUESTIONS = (
    "为什么是B类 {number}", "為什麼是B類 {number}", "为什么是Ｂ类　{number}？", "why B {number}", "{number}为什么是b类",
    "/why {number}", "/why B {number}",
)  # fmt: skip
LOOKS = "SELECT occasion FROM customer_lookups WHERE member_id = :id ORDER BY id"


@pytest.fixture
def database_url(postgres: PrivatePostgres, classed_bank: str) -> Iterator[str]:
    """A database with customers of two quarters."""
    with copy_of(postgres, classed_bank) as url:
        yield url


@pytest.fixture
async def manager(stage: Stage) -> Phone:
    """A wealth manager with the private chat open."""
    return await stage.staff("李敏")


async def bound(stage: Stage, phone: Phone, number: str = NUMBER) -> None:
    """The person, already in a group, is this customer, whose name and number the bank knows."""
    await stage.comes_to("SELECT count(*) FROM group_members WHERE member_id = :id", (1,), id=phone.id)
    url, vault = stage.app.database.url, stage.app.world.vault
    with psycopg.connect(url) as connection:
        publish_contacts(connection, vault, [{"number": number, "name": phone.name, "phone": PHONE}], AS_OF)
    [(customer,)] = await stage.rows("SELECT id FROM customers WHERE number = :number", number=number)
    async with stage.app.database.unit_of_work() as uow:
        store, now = SqlMemberStore(uow, vault), stage.app.clock.now()
        await store.bind(phone.id, customer, PHONE, now)
        await store.give_consent(phone.id, Purpose.MARKETING, "marketing-1", now)


async def test_the_card_says_everything_of_a_customer_and_the_look_is_recorded(stage: Stage, manager: Phone) -> None:
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        by = await services.people.get(manager.id)
        assert by is not None
        await services.tags.set(NUMBER, "interest_in_loans", "柜面问过房贷", by, by.roles)
    await manager.says(f"客户 {NUMBER}")
    card = (await manager.sees("👤 客户"))["text"]
    assert len(card) <= 4096
    for said in (
        f"👤 客户 {NUMBER}",
        "B 培育期（2019-12-31）· 可信度 ",
        "高净值客户 · 成熟",
        "＋ 资产 9,000,000 元",
        "💰 每年价值 161,797 元",
        "活期存款 +162,000",
        "📈 潜力：低（",
        "⚠️ 流失风险：中（",
        "＋ 活期占资产 100%",
        "➡️ 距离下一类：减少 ",
        "历史：2019-12-31 B；2019-09-30 A",
        "🎯 下一步：",
        "预期收益 ",
        "💧 流动性：",
        "💳 可主动推荐贷款：最多约 62,000 元，以审批为准（本季转入 62,512.50 元）",
        "🏷 标签\n  有贷款意向（员工，",
        "未绑定",
        "还没有给他发过消息",
    ):
        assert said in card, said
    await stage.comes_to(LOOKS, ("card",), id=manager.id)


async def test_a_bound_customer_shows_a_masked_name_and_number_and_whether_offers_may_go(
    stage: Stage, manager: Phone
) -> None:
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await bound(stage, wang)
    assert "已绑定，未开私聊，不能发福利" in await stage.asks(manager, f"/customer {NUMBER}", stage.bot)
    await wang.starts(stage.bot)
    await wang.sees("您的手机号已绑定", stage.bot)
    card = await stage.asks(manager, f"/customer {NUMBER}", stage.bot)
    assert f"👤 客户 {NUMBER} · 王*芳 · 138****8000" in card
    assert "已绑定，已同意接收福利，可以发福利" in card
    assert "联系方式：已登记" in card
    assert "王小芳" not in card
    assert "13800138000" not in card


async def test_a_member_of_the_own_groups_is_found_by_name(stage: Stage, manager: Phone) -> None:
    other = await stage.staff("陈刚")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await bound(stage, wang)
    for words in ("王*芳", "王小芳", "王＊芳"):
        assert f"👤 客户 {NUMBER}" in await stage.asks(manager, f"客户 {words}", stage.bot)
    assert "没有找到" in await stage.asks(other, "客户 王*芳", stage.bot)
    assert f"1. {NUMBER} 王*芳 · B" in await stage.asks(manager, "我的客户", stage.bot)
    assert "还没有客户" in await stage.asks(other, "我的客户", stage.bot)


async def test_the_last_digits_find_a_customer_or_give_a_choice(stage: Stage, manager: Phone) -> None:
    assert f"👤 客户 {NUMBER}" in await stage.asks(manager, f"客户 {NUMBER[-4:].upper()}")
    late = f"88{NUMBER}"  # Known to the bank since the run, and therefore without a class.
    await stage.rows("INSERT INTO customers VALUES (gen_random_uuid(), :number, now()) RETURNING 1", number=late)
    await manager.says(f"/customer {NUMBER[-4:]}")
    assert "有 2 位符合" in (await manager.sees("是哪一位"))["text"]
    await manager.sees(f"{NUMBER} B")
    await manager.taps(late)
    await manager.sees("还没有分层")
    for words in ("99999", "%%%", NUMBER[-2:]):
        assert f"没有找到「{words}」" in await stage.asks(manager, f"客户 {words}")
    assert "号码的后几位" in await stage.asks(manager, "/customer")


async def test_why_is_understood_in_both_scripts_and_widths(stage: Stage, manager: Phone) -> None:
    for words in QUESTIONS:
        said = await stage.asks(manager, words.format(number=NUMBER))
        assert said.startswith(f"🔎 {NUMBER} 为什么是 B 培育期"), words
    assert await stage.rows(LOOKS, id=manager.id) == [("why",)] * len(QUESTIONS)


async def test_why_explains_exactly_and_its_terms_add_up(stage: Stage, manager: Phone) -> None:
    said = await stage.asks(manager, f"为什么是A类 {NUMBER}")
    assert said.startswith("不是 A 成长期，是 B 培育期。")
    lines = said.splitlines()
    start = next(at for at, line in enumerate(lines) if "距离平方之差" in line)
    total = float(lines[start].partition("距离平方之差")[2].strip("： "))
    terms = [float(line.split()[0]) for line in lines[start + 1 :] if line.startswith("  ")]
    assert len(terms) >= 3
    assert sum(terms) == pytest.approx(total, abs=0.02)
    assert "可信度 " in said
    assert "全行未纳入：年龄（未交付）" in said
    assert "怎样会变：减少 " in said


async def test_a_letter_that_is_only_held_says_so(stage: Stage, manager: Phone) -> None:
    await stage.rows(
        "UPDATE customer_classes SET gap = -0.2 WHERE customer_id = (SELECT id FROM customers WHERE number = :number)"
        " RETURNING 1",
        number=NUMBER,
    )
    said = await stage.asks(manager, f"/why {NUMBER}")
    assert "但还没有超过滞后区间 0.4，所以保留B 培育期" in said


async def test_the_cards_button_explains_and_a_question_alone_means_the_customer_just_seen(
    stage: Stage, manager: Phone
) -> None:
    assert "先打开一张客户卡" in await stage.asks(manager, "为什么是B类")
    await manager.says(f"客户 {NUMBER}")
    await manager.taps("为什么是B类")
    await manager.sees(f"🔎 {NUMBER} 为什么是 B 培育期")
    assert f"🔎 {NUMBER} 为什么是" in await stage.asks(manager, "為什麼是Ｂ類")
    await manager.taps("客户卡")
    await stage.comes_to(LOOKS, ("card",), ("why",), ("why",), ("card",), id=manager.id)


async def test_compliance_reads_who_looked_at_whom_and_nobody_else_does(stage: Stage, manager: Phone) -> None:
    compliance = await stage.staff("周严", Role.COMPLIANCE)
    assert "没有查阅记录" in await stage.asks(compliance, "/lookups")
    await stage.asks(manager, f"客户 {NUMBER}")
    await manager.says("/segments")
    await manager.taps("高价值客户")
    await manager.sees("共 60 位")
    of_one = await stage.asks(compliance, f"/lookups {NUMBER}")
    assert f"李敏（{manager.id}）看名单 {NUMBER}\n" in of_one
    assert of_one.endswith(f"李敏（{manager.id}）看客户卡 {NUMBER}")
    assert f"看名单 {NUMBER} 等 8 位" in await stage.asks(compliance, "/lookups")
    assert "没有找到" in await stage.asks(compliance, "/lookups 7")
    assert "不对您开放" in await stage.asks(manager, "/lookups")


async def test_a_customer_learns_neither_own_nor_other_letters(stage: Stage, manager: Phone) -> None:
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await wang.starts(stage.bot)
    await wang.sees("您好", stage.bot)
    await bound(stage, wang)
    [(customer,)] = await stage.rows("SELECT id FROM customers WHERE number = :number", number=NUMBER)
    for words in (f"客户 {NUMBER}", "为什么是B类", f"/why {NUMBER}", f"/customer {NUMBER}", "/lookups"):
        assert "不对您开放" in await stage.asks(wang, words, stage.bot)
    for data in (f"customer:{customer.hex}::", f"class_why:{customer.hex}", "class_list:valuable:1"):
        assert "不对您开放" in await stage.forges(wang, data, stage.bot)
    assert not any("培育期" in words_of(each) for each in await wang.reads(stage.bot))
    assert await stage.rows("SELECT count(*) FROM customer_lookups") == [(0,)]


async def test_forged_buttons_of_staff_find_nobody(stage: Stage, manager: Phone) -> None:
    for data in (
        "customer:x::",
        f"customer:{'0' * 32}::",
        f"class_why:{'0' * 32}",
        "class_list:all:1",
        "class_list:mine:0",
    ):
        assert "这个按钮已失效" in await stage.forges(manager, data), data
    assert await stage.parked() == 0
