"""A customer asks in plain words: answers at once, a person under a clock, and what managers write of themselves."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.answers.reading import read_entries
from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.chat.points_bank import campaign, customer
from tests.driver import Stage

STARTING = (Path(__file__).resolve().parents[2] / "handlers" / "wording" / "answers.yaml").read_text("utf-8")
STATES = "SELECT state, round, lines FROM questions ORDER BY id"
FOLLOW_UPS = "SELECT source, state FROM followups ORDER BY id"
ANSWERS = "SELECT step, state FROM deliveries WHERE recipient = :id AND step LIKE 'answer:%' ORDER BY id"


@pytest.fixture
async def bank(stage: Stage) -> Stage:
    """A stage whose starting set of answers was reviewed."""
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).answers.take_in(read_entries(STARTING, "陈静", date(2026, 11, 1)))
    return stage


async def member(stage: Stage, group: int, name: str = "王芳") -> Phone:
    """Somebody of the group who opened the bot."""
    [phone] = await stage.members(group, name)
    await phone.starts(stage.bot)
    await phone.sees("您好，我是", stage.bot)
    return phone.opens(stage.bot)


async def tells(stage: Stage) -> None:
    """Let the minute pass in which lines are gathered."""
    await stage.passes(timedelta(minutes=2))


async def test_plain_words_get_live_data_or_a_reviewed_answer_at_once(bank: Stage) -> None:
    manager = await bank.staff("李敏")
    group = await bank.group(manager)
    await bank.chain(manager, group)
    wang = await customer(bank, "王芳", 25, await campaign(bank, group))
    await wang.joins(group)
    assert "25" in await bank.asks(wang, "我 的 積分？", bank.bot)
    assert "没有参加接龙" in await bank.asks(wang, "我的接龙", bank.bot)
    await wang.says("+1", group)
    await wang.sees("第 1 位", group)
    assert "联名信用卡" in await bank.asks(wang, "我参加了哪些接龍", bank.bot)
    assert "还没有印章" in await bank.asks(wang, "我的集章", bank.bot)
    assert "到商户出示" in await bank.asks(wang, "請問積分怎麼兌換禮品？", bank.bot)
    assert "找人工" in str((await wang.sees("到商户出示", bank.bot))["reply_markup"])
    assert "您想问的是" in await bank.asks(wang, "怎么退出", bank.bot)
    await wang.taps("怎么退群、不再使用", bank.bot)
    await wang.sees("然后在群设置里退群", bank.bot)
    assert "不客气" in await bank.asks(wang, "谢谢！", bank.bot)
    assert "English from now on" in await bank.asks(wang, "换語言", bank.bot)
    assert "one ticket in a draw" in await bank.asks(wang, "how to take part in a draw", bank.bot)
    assert await bank.rows(STATES) == []


async def test_what_no_entry_answers_goes_to_the_owner_once_and_comes_back_once(bank: Stage) -> None:
    manager = await bank.staff("李敏")
    group = await bank.group(manager)
    wang = await member(bank, group)
    assert "已转给您的理财经理，最晚" in await bank.asks(wang, "我的快递单号是多少")
    for line in range(3):
        await wang.says(f"补充 {line}")
    await bank.comes_to(STATES, ("open", 1, 4))
    await tells(bank)
    notice = await manager.sees("王* 问了您一个问题（4 条）", bank.bot)
    assert "快递" not in notice["text"]
    await manager.taps("看问题 1", bank.bot)
    await manager.sees("我的快递单号是多少", bank.bot)
    await manager.says("我们的产品保本，全网第一", bank.bot, reply_to=notice["message_id"])
    refused = await manager.sees("合规检查未通过", bank.bot)
    assert "保本" in refused["text"]
    assert "广告法第二十五条" in refused["text"]
    await manager.says("快递明天到，请留意短信。", bank.bot)
    await manager.sees("预览 · 发给 王芳", bank.bot)
    await manager.taps_and_sees("发送", "已发送", bank.bot)
    await manager.taps_and_sees("发送", "这份草稿已经发出或放弃了", bank.bot)
    await wang.sees("快递明天到，请留意短信。")
    await bank.comes_to(ANSWERS, ("answer:1", "sent"), id=wang.id)
    await wang.taps_and_sees("没解决", "已再次转给理财经理")
    await manager.sees("说上次的答复没有解决问题", bank.bot)
    await manager.taps("看问题 1", bank.bot)
    await manager.sees("补充 2", bank.bot)
    await manager.taps("选审核过的答复", bank.bot)
    await manager.sees("请选一段审核过的文字", bank.bot)
    await manager.taps("已收到，稍后答复", bank.bot)
    await manager.sees("请填「日期」", bank.bot)
    await manager.says("周五", bank.bot)
    await manager.sees("李敏正在核实，周五前给您答复", bank.bot)
    await manager.taps_and_sees("发送", "已发送", bank.bot)
    await wang.sees("李敏正在核实，周五前给您答复")
    await wang.taps_and_sees("解决了", "谢谢您的反馈")
    await wang.taps_and_sees("解决了", "已经处理过了")
    await bank.comes_to(STATES, ("solved", 2, 4))
    sealed = "SELECT count(*) FROM question_lines WHERE position('快递'::bytea in words) > 0"
    assert await bank.rows(sealed.replace(":", "\\:")) == [(0,)]
    assert await bank.parked() == 0


async def test_an_owner_is_reminded_and_the_team_lead_hears_what_is_late(bank: Stage) -> None:
    manager, lead = await bank.staff("李敏"), await bank.staff("周涛", Role.TEAM_LEAD)
    group = await bank.group(manager)
    wang = await member(bank, group)
    await bank.asks(wang, "我的快递单号是多少")
    [(half, due)] = await bank.rows("SELECT remind_at - asked_at, due_at - asked_at FROM questions")
    await bank.passes(half + timedelta(minutes=1))
    await manager.sees("时间过半", bank.bot)
    await bank.passes(due - half)
    await lead.sees("已超过答复时限", bank.bot)
    await wang.sees("抱歉让您久等了")
    assert "已超时" in await bank.asks(lead, "待答复")
    await lead.taps("看问题 1", bank.bot)
    await lead.sees("我的快递单号是多少", bank.bot)
    await lead.taps("自己写", bank.bot)
    await lead.sees("请写给 王芳 的话", bank.bot)
    await lead.says("单号已发到您的短信。", bank.bot)
    await lead.taps_and_sees("发送", "已发送", bank.bot)
    await wang.sees("单号已发到您的短信。")
    assert "没有待答复的提问" in await bank.asks(manager, "/questions", bank.bot)


async def test_nobody_elses_question_is_read_answered_taken_back_or_judged(bank: Stage) -> None:
    manager, other = await bank.staff("李敏"), await bank.staff("赵强")
    group = await bank.group(manager)
    wang, chen = await member(bank, group), await member(bank, group, "陈晨")
    await bank.asks(wang, "我的快递单号是多少")
    await tells(bank)
    await manager.sees("问了您一个问题", bank.bot)
    for verb in ("look", "choose", "write", "pass"):
        assert "不归您处理" in await bank.forges(other.opens(bank.bot), f"question:{verb}:1")
        assert "不对您开放" in await bank.forges(chen, f"question:{verb}:1")
        assert "这个按钮已失效" in await bank.forges(other, f"question:{verb}:0")
    assert "不归您处理" in await bank.forges(other, "text:1:1:chain-join:0")
    assert "不在您的群里" in await bank.forges(other, f"text:{wang.id}:0:chain-join:0")
    assert "不在您的群里" in await bank.forges(other, f"write:{wang.id}")
    assert "不对您开放" in await bank.forges(chen, "letter:1:1")
    assert "已经答复或撤回" in await bank.forges(chen, "ask_back:1")
    assert "已经处理过了" in await bank.forges(chen, "helped:1:1:1")
    assert "这条答复已更新" in await bank.forges(chen, "entry:letter-thanks")
    await manager.says("快递明天到。", bank.bot, reply_to=(await manager.sees("问了您", bank.bot))["message_id"])
    await manager.sees("预览", bank.bot)
    assert "不归您处理" in await bank.forges(other, "letter:1:1")
    await bank.comes_to("SELECT state FROM letters", ("draft",))
    await wang.taps_and_sees("撤回问题", "问题已撤回")
    await manager.sees("撤回了问题", bank.bot)
    await manager.taps_and_sees("发送", "已经答复或撤回", bank.bot)
    assert "已经答复或撤回" in await bank.forges(manager.opens(bank.bot), "question:look:1")
    assert await bank.rows(ANSWERS, id=wang.id) == []
    assert await bank.parked() == 0


async def test_in_a_group_the_bot_speaks_when_addressed_and_of_nothing_personal(bank: Stage) -> None:
    manager = await bank.staff("李敏")
    group = await bank.group(manager)
    wang = await member(bank, group)
    await bank.chain(manager, group)
    small_talk = ("怎么参加接龙", "我的波豆", "有人知道快递单号吗")
    unanswered = [await wang.says(words, group) for words in small_talk]
    assert "「我要接龙」" in await bank.asks(wang, f"@{bank.bot} 怎么参加接龙", group)
    assert "只在私聊里说" in await bank.asks(wang, f"@{bank.bot} 我的波豆", group)
    assert "联名信用卡" in await bank.asks(wang, f"@{bank.bot}", group)
    assert "联名信用卡" in await bank.asks(wang, "/help", group)
    assert "私聊答复您" in await bank.asks(wang, f"我的快递单号是多少 @{bank.bot}", group)
    card = await wang.sees("【接龙】", group)
    unanswered.append(await wang.says("哈哈真好", group, reply_to=card["message_id"]))
    assert "只在私聊里说" in await bank.asks(wang, f"@{bank.bot} 我的券", group)
    answered = {message.get("reply_to_message", {}).get("message_id") for message in await wang.reads(group)}
    assert not answered & {message["message_id"] for message in unanswered}
    await bank.comes_to(STATES, ("open", 1, 1))


async def test_a_manager_writes_to_an_own_customer_and_the_gate_says_what_will_not_arrive(bank: Stage) -> None:
    manager = await bank.staff("李敏")
    group = await bank.group(manager)
    wang = await member(bank, group)
    assert "没有叫「赵六」的客户" in await bank.asks(manager, "/write 赵六", bank.bot)
    assert "请选一段审核过的文字" in await bank.asks(manager, "给客户发消息 王芳", bank.bot)
    await manager.taps("感谢参加", bank.bot)
    await manager.sees("请填「活动或产品」", bank.bot)
    await manager.says("洗车活动", bank.bot)
    await manager.sees("预览 · 发给 王芳", bank.bot)
    await manager.taps_and_sees("发送", "已发送", bank.bot)
    await wang.sees("感谢您参加洗车活动")
    await bank.asks(manager, "/write 王芳", bank.bot)
    await manager.taps("自己写", bank.bot)
    await manager.sees("请写给 王芳 的话", bank.bot)
    await manager.says("周末来坐坐。", bank.bot)
    preview = await manager.sees("未同意接收营销信息", bank.bot)
    assert "发送" not in [button["text"] for row in preview["reply_markup"]["inline_keyboard"] for button in row]
    await manager.taps_and_sees("放弃", "没有发出", bank.bot)
    trail = "SELECT action FROM audit_events WHERE actor = :id AND action LIKE '%letter%'"
    await bank.comes_to(trail, ("send_letter",), id=manager.id)


async def test_a_complaint_and_an_answer_that_is_late_are_followed_up_once_and_end_with_the_answer(bank: Stage) -> None:
    manager, lead = await bank.staff("李敏"), await bank.staff("周涛", Role.TEAM_LEAD)
    group = await bank.group(manager)
    wang = await customer(bank, "王芳", 25, await campaign(bank, group))
    await wang.joins(group)
    wang.opens(bank.bot)
    assert "您的投诉已转给理财经理专人跟进" in await bank.asks(wang, "我要投诉，网点排队两个小时没人管", bank.bot)
    await wang.says("我还是要投诉")
    [(due,)] = await bank.rows("SELECT due_at - asked_at FROM questions")
    await bank.comes_to(FOLLOW_UPS, ("complaint", "open"))
    assert "投诉\n客户投诉，原话见提问 1" in await bank.asks(manager, "/tasks", bank.bot)
    await bank.passes(due + timedelta(minutes=1))
    await lead.sees("已超过答复时限", bank.bot)
    await bank.comes_to(FOLLOW_UPS, ("complaint", "open"), ("question", "open"))
    await manager.says("看问题", bank.bot)
    await manager.taps("看问题 1", bank.bot)
    await manager.taps("自己写", bank.bot)
    await manager.sees("请写给 王芳 的话", bank.bot)
    await manager.says("网点已增开窗口。", bank.bot)
    await manager.taps_and_sees("发送", "已发送", bank.bot)
    await bank.comes_to(FOLLOW_UPS, ("complaint", "open"), ("question", "done"))
    assert await bank.rows("SELECT 1 FROM deliveries WHERE strpos(payload::text, '排队') > 0") == []
