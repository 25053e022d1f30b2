"""Referrals in the chat: from the link to the pay and back, what is doubtful decided by a person."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from campaigns.points.model import Share
from campaigns.referrals.model import Programme
from campaigns.staff.model import Role
from sandbox.client import Phone
from storage.points import SqlPointsStore
from tests.driver import Stage

WANG_PHONE, LI_PHONE = "+8613800000011", "+8613800000012"


def today(stage: Stage) -> date:
    return stage.app.clock.now().astimezone(stage.app.zone).date()


async def customer(stage: Stage, number: str, phone: str, since: date) -> UUID:
    """A customer with a contact, whom the bank knows since a day."""
    key = uuid4()
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(
            text("INSERT INTO customers (id, number, first_as_of) VALUES (:id, :number, :since)"),
            {"id": key, "number": number, "since": since},
        )
        await uow.session.execute(
            text("INSERT INTO customer_contacts VALUES (:id, '', '', :index, :since)"),
            {"id": key, "index": stage.app.world.vault.index(phone), "since": since},
        )
    return key


@pytest.fixture
async def programme(stage: Stage) -> Programme:
    """A running programme that gives both sides 100 yuan in points."""
    now = stage.app.clock.now()
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        partner = await SqlPointsStore(uow).add_partner("A银行", "bank")
        campaign = await services.points.open(
            "老带新", 100, 90, [Share(partner, 10_000)], 400_000, now + timedelta(days=120)
        )
        made = await services.referrals.open(
            Programme(0, campaign.id, 10_000, now, now + timedelta(days=30), places=20), campaign
        )
    assert isinstance(made, Programme)
    return made


async def binds(stage: Stage, phone: Phone) -> None:
    """Agree to the purpose and share the own number, from a button that asks for it."""
    mark = await phone.mark(stage.bot)
    await phone.taps("绑定手机号")
    question = await phone.sees("您同意", since=mark)
    await phone.taps("同意", message_id=question["message_id"])
    await phone.sees("分享我的手机号", since=mark)
    await phone.shares_contact()
    await phone.sees("绑定成功", since=mark)


async def referrer(stage: Stage) -> tuple[Phone, str]:
    """王芳, a customer for long, with the parameter of the own link."""
    await customer(stage, "C11", WANG_PHONE, date(2020, 1, 1))
    wang = await stage.person("王芳", phone=WANG_PHONE)
    await wang.starts(stage.bot)
    await wang.sees("您好")
    await binds(stage, wang)
    mark = await wang.mark(stage.bot)
    await wang.says("老带新")
    page = await wang.sees("🔗 您的邀请链接", since=mark)
    copy = await wang.sees("点链接参加", since=mark)
    link = copy["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link in page["text"]
    return wang, link.split("start=")[1]


async def told(stage: Stage, *lines: str) -> None:
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).referral_course.take_in("number,event,date\n" + "\n".join(lines))


async def test_from_the_link_to_the_pay_and_back_when_the_account_closes(stage: Stage, programme: Programme) -> None:
    wang, parameter = await referrer(stage)
    day = today(stage)
    await customer(stage, "C12", LI_PHONE, day)
    li = await stage.person("李小明", phone=LI_PHONE)
    await li.starts(stage.bot, parameter)
    invitation = await li.sees("王* 邀请您加入")
    for words in ("双方各得 10,000 波豆", "3 个月免费短信通知", "在本行新开立账户", "前 20 位", "不分级"):
        assert words in invitation["text"]
    await binds(stage, li)
    await li.sees("实名完成，名额已为您保留")
    await wang.sees("您邀请的 李*明 已实名")
    await told(stage, f"C12,开户,{day}")
    await li.sees("开户成功，10,000 波豆将在")
    await wang.sees("李*明 已开户")
    assert "李*明：已开户" in await stage.asks(wang, "/refer")
    await stage.passes(timedelta(days=8))
    await li.sees("新客礼到账：10,000 波豆，免费短信通知至")
    await wang.sees("老带新奖励到账：10,000 波豆（邀请 李*明）")
    assert "免费短信通知至" in await stage.asks(li, "我的福利")
    assert "您有 10,000 波豆" in await stage.asks(wang, "/points")
    await told(stage, f"C12,销户,{today(stage)}")
    await li.sees("您已销户，按活动规则新客礼和免费短信已收回")
    await wang.sees("李*明 已销户，按活动规则这笔老带新奖励已收回")
    assert "免费短信" not in await stage.asks(li, "我的福利")
    assert await stage.rows("SELECT sum(balance) FROM points_accounts") == [(0,)]
    twice = "SELECT campaign, step, recipient FROM deliveries WHERE campaign LIKE 'referral:%' GROUP BY 1, 2, 3"
    assert len(await stage.rows(twice)) == 8


async def test_a_doubtful_one_waits_for_a_person_who_is_on_neither_side(stage: Stage, programme: Programme) -> None:
    boss = await stage.staff("周琳", Role.COMPLIANCE)
    wang, parameter = await referrer(stage)
    await customer(stage, "C12", LI_PHONE, date(2024, 1, 1))
    li = await stage.person("李小明", phone=LI_PHONE)
    await li.starts(stage.bot, parameter)
    await li.sees("邀请您加入")
    await binds(stage, li)
    kind = await li.sees("您的资料正在核实中")
    assert "已是本行客户" not in kind["text"]
    await wang.sees("您对 李*明 的邀请正在核实中")
    await boss.sees("有 1 条老带新待核实，发 /held 处理", stage.bot)
    found = await stage.asks(boss, "/held", stage.bot)
    for words in ("王* → 李*明", "邀请之前已是本行客户", "2024年1月1日 起为本行客户"):
        assert words in found
    number = (await stage.rows("SELECT id FROM referrals"))[0][0]
    for stranger in (wang, li):
        assert "不对您开放" in await stage.forges(stranger, f"referral:{number}:1")
        assert "不对您开放" in await stage.asks(stranger, "/held")
    async with stage.app.database.unit_of_work() as uow:
        grant = "INSERT INTO staff_roles (member_id, role, granted_at) VALUES (:who, 'wealth_manager', now())"
        await uow.session.execute(text(grant), {"who": wang.id})
    assert "与您本人有关" in await stage.forges(wang, f"referral:{number}:1")
    assert "没有这一条" in await stage.forges(boss, "referral:999:1", stage.bot)
    assert "失效" in await stage.forges(boss, "referral:1 OR 1=1:1", stage.bot)
    tap = await boss.taps(f"#{number} 驳回", chat=stage.bot)
    assert "已驳回" in (await tap.answer())["text"]
    again = await boss.taps(f"#{number} 放行", chat=stage.bot)
    assert "已处理过" in (await again.answer())["text"]
    await li.sees("这次新客礼未能生效：活动面向首次开户的新朋友")
    await wang.sees("的邀请未能生效")
    decided = "SELECT stage, decided_by FROM referral_history WHERE decided_by IS NOT NULL"
    await stage.comes_to(decided, ("void", boss.id))


async def test_who_cannot_take_part_is_told_why_in_kind_words(stage: Stage, programme: Programme) -> None:
    wang, parameter = await referrer(stage)
    assert "您自己的邀请链接" in await stage.asks(wang, f"/start {parameter}")
    zhao = await stage.person("赵四")
    await zhao.starts(stage.bot, "f_forged")
    await zhao.sees("这个邀请链接无效")
    assert "先绑定手机号" in await stage.asks(zhao, "/refer")
    assert "还没有老带新福利" in await stage.asks(zhao, "/benefits")
    boss = await stage.staff("周琳", Role.COMPLIANCE)
    assert "工作人员不参加" in await stage.asks(boss, "/refer", stage.bot)
    assert "没有待核实" in await stage.asks(boss, "待核实", stage.bot)
    assert "工作人员不参加" in await stage.asks(boss, f"/start {parameter}", stage.bot)
    anna = await stage.person("Anna", language_code="en")
    await anna.starts(stage.bot, parameter)
    await anna.sees("王* invites you to A银行: Bring a friend")
    await stage.passes(timedelta(days=31))
    await anna.sees("The gift did not come about: the time was over")
    bai = await stage.person("白云")
    await bai.starts(stage.bot, parameter)
    await bai.sees("这次活动不在进行中")


async def test_a_group_learns_nothing_of_anybodys_referrals(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    assert "请私聊我" in await stage.asks(manager, "/refer", group)
    await stage.passes(timedelta(minutes=1))
    assert "请私聊我" in await stage.asks(manager, "/held", group)
