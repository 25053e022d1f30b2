"""审核 in the chat: the sheet, one decision of two reviewers, never by the author, never with an old button."""

import asyncio

import pytest

from campaigns.staff.model import Role
from tests.chat.promotion_bank import WORDS, customer, load
from tests.driver import Stage


@pytest.mark.usefixtures("noon")
async def test_a_reviewer_reads_all_of_it_and_sends_it_back_or_approves_the_next_version(stage: Stage) -> None:
    manager, lead = await stage.staff("李敏"), await stage.staff("赵强", Role.TEAM_LEAD)
    await customer(stage, "王芳")
    await customer(stage, "周周", "D")
    assert "没有待审核" in await stage.asks(lead, "/review", stage.bot)
    await load(stage, manager)
    await stage.asks(manager, "/promotion", stage.bot)
    await manager.taps("春日便民季 · v1", stage.bot)
    await manager.sees("spring 第 1 版", stage.bot)
    await manager.taps("🔎 自查", stage.bot)
    await manager.sees("自查通过，可以提交审核", stage.bot)
    await manager.taps("📤 提交审核", stage.bot)
    await manager.sees("提交后不能再改", stage.bot)
    await manager.taps("确认：📤 提交审核", stage.bot)
    await manager.sees("👀 待审核", stage.bot)
    await lead.sees("李敏 提交了「春日便民季」v1", stage.bot)
    await lead.taps("打开审核单", stage.bot)
    sheet = (await lead.sees("【正文 plain · 中文】", stage.bot))["text"]
    for words in (
        WORDS,
        "Come and see us",
        "作者 李敏",
        "第一版",
        "没有命中",
        "客群 1 人，其中会发 1 人",
        "A 类",
        "预算 100 元",
    ):
        assert words in sheet
    await lead.taps("📄 正文 plain", stage.bot)
    await lead.sees("按钮：我感兴趣", stage.bot)
    await lead.taps("❌ 退回", stage.bot)
    await lead.sees("请写明退回", stage.bot)
    assert "请写理由" in await stage.asks(lead, "错" * 301, stage.bot)
    assert "已退回「春日便民季」v1" in await stage.asks(lead, "时间写错了", stage.bot)
    await manager.sees("赵强 退回了「春日便民季」v1：时间写错了", stage.bot)
    await load(stage, manager, "周末到店缴费签约，现场有人协助")
    await stage.asks(manager, "/promotion", stage.bot)
    await manager.taps("春日便民季 · v2", stage.bot)
    await manager.sees("spring 第 2 版", stage.bot)
    for button, seen in (("🔎 自查", "自查通过"), ("📤 提交审核", "提交后不能再改"), ("确认：📤", "👀 待审核")):
        mark = await manager.mark()
        await manager.taps(button, stage.bot)
        await manager.sees(seen, stage.bot, since=mark)
    assert "待审核：1 个" in await stage.asks(lead, "/review", stage.bot)
    await lead.taps("春日便民季 · v2", stage.bot)
    sheet = (await lead.sees("与上一版相比", stage.bot))["text"]
    assert "copies.plain.text.zh" in sheet
    await lead.taps("✅ 通过", stage.bot)
    await lead.sees("已通过「春日便民季」v2", stage.bot)
    await manager.sees("赵强 通过了「春日便民季」v2", stage.bot)
    assert await stage.parked() == 0


@pytest.mark.usefixtures("noon")
async def test_one_decision_of_two_never_by_the_author_and_never_by_an_old_button(stage: Stage) -> None:
    author, lead = await stage.staff("赵强", Role.TEAM_LEAD), await stage.staff("钱总", Role.TEAM_LEAD)
    officer = await stage.staff("孙合规", Role.COMPLIANCE)
    await customer(stage, "王芳")
    version = await load(stage, author)
    seal = version.digest[:12]
    async with stage.app.database.unit_of_work() as uow:
        reviews = stage.app.services(uow).reviews
        people = await stage.app.services(uow).people.many([author.id])
        await stage.app.services(uow).promotions.check("spring")
        await reviews.submit(version, people[author.id])
    await lead.sees("提交了「春日便民季」v1", stage.bot)
    await author.says("/review", stage.bot)
    await author.sees("您写的，由别人审核", stage.bot)
    assert "不能审核自己写的活动" in await stage.forges(author, f"review_say:1:1:{seal}:approve", stage.bot)
    assert "不是现在这一版" in await stage.forges(lead, f"review_say:1:1:{'0' * 12}:approve", stage.bot)
    await lead.says("/review", stage.bot)
    await officer.says("/review", stage.bot)
    for phone in (lead, officer):
        await phone.sees("待审核：1 个", stage.bot)
        await phone.taps("春日便民季 · v1", stage.bot)
        await phone.sees("【正文 plain · 中文】", stage.bot)
    await asyncio.gather(*(phone.taps("✅ 通过", stage.bot) for phone in (lead, officer)))
    await author.sees("通过了「春日便民季」v1", stage.bot)
    await stage.comes_to("SELECT count(*) FROM promotion_reviews WHERE decision = 'approved'", (1,))
    refused = "SELECT split_part(subject, ' ', 4) FROM audit_events WHERE action = 'review_refused' ORDER BY id"
    await stage.comes_to(refused, ("own_work",), ("changed",), ("not_now",))
