"""Quizzes in the chat: answered once by button or in private, closed by the clock, paid once, told once."""

from datetime import timedelta

import pytest
from aiogram.types import BufferedInputFile
from sqlalchemy.exc import DBAPIError

from sandbox.client import Phone
from tests.chat.test_tasks import campaign
from tests.driver import Stage

RIDDLE = """kind: riddle
title_zh: 中秋灯谜
title_en: Riddle
question_zh: 圆圆脸，甜心肠，八月十五人人尝（打一食品）
question_en: Round and sweet, eaten at mid-autumn
answers: [月饼]
prize: 20
sharing: each
winners: 1
closes_at: 2天
"""
CHOICE = """kind: guess
title_zh: 决赛竞猜
title_en: Final
question_zh: 谁会赢？
question_en: Who wins?
options: [主队, 平局, 客队]
prize: 25
sharing: equal
closes_at: 2天
"""
SCORE = CHOICE.replace("options: [主队, 平局, 客队]\n", "")


async def quiz(stage: Stage, manager: Phone, group: int, form: str, budget: int = 1000) -> None:
    """A quiz that the manager published."""
    number = await campaign(stage, group, budget)
    assert "已发布" in await stage.asks(manager, f"/quiz {number}\n{form}", stage.bot)


async def answer(stage: Stage, phone: Phone, said: str) -> str:
    """Open the card's link and answer in private."""
    before = await phone.mark(stage.bot)
    await phone.starts(stage.bot, "quiz_1")
    await phone.sees("请直接发答案", stage.bot, since=before)
    return await stage.asks(phone, said, stage.bot)


async def sends_file(stage: Stage, manager: Phone, text: str, caption: str) -> None:
    """A CSV of quizzes with these words beneath it."""
    sent = await stage.app.bot.send_document(manager.id, BufferedInputFile(text.encode("gb18030"), "quizzes.csv"))
    assert sent.document is not None
    user = {"id": manager.id, "is_bot": False, "first_name": "李敏"}
    document = {"file_id": sent.document.file_id, "file_unique_id": "u", "file_name": "灯谜.CSV", "file_size": 500}
    chat = {"id": manager.id, "type": "private", "first_name": "李敏"}
    message = {"message_id": 9_000, "date": 1, "chat": chat, "from": user, "document": document, "caption": caption}
    assert await stage.receives("message", message) == 200


async def test_a_file_of_riddles_is_shown_with_its_faults_and_published_whole_or_not_at_all(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    number = await campaign(stage, group, 50)
    header = "kind,title_zh,title_en,question_zh,question_en,answers,prize,sharing,winners,closes_at\n"
    rows = [f"riddle,灯谜{at},Riddle,圆圆脸,Round,月饼,20,each,1,2天\n" for at in range(1, 4)]
    await sends_file(stage, manager, header + rows[0] + rows[1].replace("20", "很多"), f"/quiz {number}")
    await manager.sees("第 3 行：prize 要写整数", stage.bot)
    await sends_file(stage, manager, header + "".join(rows), f"/quiz {number}")
    await manager.sees("3. 猜灯谜「灯谜3」· 圆圆脸 · 答案 月饼 · 20 波豆", stage.bot)
    assert "月饼" not in str(await stage.rows("SELECT * FROM conversations"))
    await manager.taps_and_sees("发布", "预算", stage.bot)
    assert await stage.rows("SELECT count(*) FROM quizzes") == [(0,)]
    await manager.taps_and_sees("发布", "没有待发布的题目", stage.bot)
    mark = await manager.mark(stage.bot)
    await sends_file(stage, manager, header + "".join(rows[:2]), f"/quiz {number}")
    await manager.sees("将发布 2 题", stage.bot, since=mark)
    await manager.taps_and_sees("发布", "已发布 2 题", stage.bot)
    await manager.sees("【猜灯谜】灯谜2 · 进行中", group)
    await stage.comes_to("SELECT count(*) FROM quizzes", (2,))


async def test_a_riddle_is_answered_in_private_and_paid_when_it_closes(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, zhang, zhao = await stage.members(group, "王芳", "张小明", "赵晓")
    await quiz(stage, manager, group, RIDDLE)
    card = await wang.sees("【猜灯谜】中秋灯谜 · 进行中", group)
    assert "月饼" not in card["text"]
    assert "不涉及任何投注" in card["text"]
    [(published,)] = await stage.rows("SELECT published::text FROM quizzes")
    assert "月饼" not in published
    assert "月饼".encode().hex() not in published
    assert "已收到你的答案" in await answer(stage, wang, "「月餅」！")
    assert "已收到你的答案：粽子" in await answer(stage, zhang, "粽子")
    assert "已收到" in await answer(stage, zhao, "月饼")
    assert "每人一次，你的答案是：粽子" in await answer(stage, zhang, "月饼")
    await wang.sees("已有 3 人作答", group)
    await stage.passes(timedelta(days=2, minutes=5))
    results = await wang.sees("「中秋灯谜」开奖：2 人答对", group)
    assert "王* +20" in results["text"]
    assert "赵" not in results["text"]
    await wang.sees("你答对了，+20 波豆", stage.bot)
    await wang.sees("【猜灯谜】中秋灯谜 · 已开奖", group)
    await zhang.starts(stage.bot, "quiz_1")
    await zhang.sees("已截止", stage.bot)
    query = "SELECT count(*), sum(points) FROM points_movements WHERE reason = 'quiz'"
    await stage.comes_to(query, (1, 20))
    left = "SELECT owner, balance FROM points_accounts WHERE kind = 'budget' ORDER BY owner"
    await stage.comes_to(left, (-1, 0), (0, 980))
    posted = "SELECT count(*) FROM deliveries WHERE campaign = 'quiz:1' AND step = 'results'"
    await stage.comes_to(posted, (1,))


async def test_fifty_taps_at_once_count_once_each_and_equal_parts_add_up(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    people = await stage.sandbox.new_people([f"客户{n}" for n in range(25)])
    group = await stage.sandbox.new_group("A银行&幸福里商户福利群", manager, people)
    await manager.adds_bot(stage.bot, group, parameter="register", rights=["can_pin_messages"])
    await manager.sees("已登记", group)
    await quiz(stage, manager, group, CHOICE)
    card = await manager.sees("【竞猜】决赛竞猜", group)
    first = await stage.sandbox.tap_together([*people[:15], *people[:10]], "主队", group, card["message_id"])
    again = await stage.sandbox.tap_together([*people[10:], *people[:10]], "客队", group, card["message_id"])
    assert len(first) + len(again) == 50
    taken = sum("已收到你的答案" in (said or "") for said in first + again)
    assert taken == 25
    assert sum("每人一次" in (said or "") for said in first + again) == 25
    await manager.sees("已有 25 人作答", group)
    await stage.comes_to("SELECT answer, count(*) FROM quiz_answers GROUP BY 1 ORDER BY 1", ("1", 15), ("3", 10))
    assert "还没有截止" in await stage.asks(manager, "/result 1 主队", stage.bot)
    await stage.passes(timedelta(days=2, minutes=5))
    await manager.sees("请发：/result 1", stage.bot)
    assert "答对 10 人，将发放 25 波豆" in await stage.asks(manager, "/result 1 客队", stage.bot)
    assert "答对 15 人，将发放 25 波豆" in await stage.asks(manager, "/result 1 主队", stage.bot)
    await manager.taps_and_sees("确认结果：主队", "15 人答对，发放 25 波豆", stage.bot)
    await manager.taps_and_sees("确认结果：客队", "已经开奖", stage.bot)
    await manager.sees("「决赛竞猜」开奖：15 人答对", group)
    paid = "SELECT points, count(*) FROM points_movements WHERE reason = 'quiz' GROUP BY 1 ORDER BY 1"
    await stage.comes_to(paid, (1, 5), (2, 10))
    with pytest.raises(DBAPIError, match="never changed"):
        await stage.rows("UPDATE quiz_answers SET answer = '1'")


async def test_a_score_that_was_cancelled_pays_nobody(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await quiz(stage, manager, group, SCORE, budget=25)
    assert "无法识别" in await answer(stage, wang, "主队赢")
    assert "你的答案：2:1" in await stage.asks(wang, "2：1", stage.bot)
    await stage.passes(timedelta(days=2, minutes=5))
    await manager.sees("请发：/result 1", stage.bot)
    assert "结果无法识别" in await stage.asks(manager, "/result 1 主队", stage.bot)
    assert "答对 0 人" in await stage.asks(manager, "/result 1 无效", stage.bot)
    await manager.taps_and_sees("确认结果", "0 人答对", stage.bot)
    await wang.sees("「决赛竞猜」无效，不发放奖励", group)
    left = "SELECT owner, balance FROM points_accounts WHERE kind = 'budget' ORDER BY owner"
    await stage.comes_to(left, (-1, 0), (0, 25))


async def test_who_may_answer_and_who_may_settle(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    elsewhere = await stage.group(other, "A银行&阳光城商户福利群")
    [wang] = await stage.members(group, "王芳")
    [zhang] = await stage.members(elsewhere, "张小明")
    await quiz(stage, manager, group, CHOICE)
    await wang.sees("【竞猜】决赛竞猜", group)

    async def forge(phone: Phone, chat: int | str, data: str) -> str:
        return str((await (await phone.taps(chat=chat, data=data)).answer())["text"])

    assert "没有找到这个题目" in await forge(zhang, elsewhere, "quiz:1:1")
    assert "没有找到这个题目" in await forge(zhang, elsewhere, "quiz:9:1")
    assert "无法识别" in await forge(wang, group, "quiz:1:9")
    assert "按钮已失效" in await forge(wang, group, "quiz:1:0")
    await zhang.starts(stage.bot, "quiz_1")
    await zhang.sees("只对群成员开放", stage.bot)
    assert "没有这个编号" in await stage.asks(other, "/result 1 主队", stage.bot)
    assert "不对您开放" in await stage.forges(zhang, "result:1:1", stage.bot)
    assert "没有这个编号" in await stage.forges(other, "result:1:1", stage.bot)
    assert await stage.rows("SELECT count(*) FROM quiz_answers") == [(0,)]


async def test_a_quiz_beyond_its_budget_or_of_another_group_is_refused(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    await stage.group(other, "A银行&阳光城商户福利群")
    number = await campaign(stage, group, 10)
    assert "预算不够" in await stage.asks(manager, f"/quiz {number}\n{RIDDLE}", stage.bot)
    assert "属于别的群" in await stage.asks(other, f"/quiz {number}\n{RIDDLE}", stage.bot)
    assert "没有这个波豆活动" in await stage.asks(manager, f"/quiz 77\n{RIDDLE}", stage.bot)
    late = RIDDLE.replace("2天", "2029-01-01 20:00")
    assert "早于波豆活动的结束" in await stage.asks(manager, f"/quiz {number}\n{late}", stage.bot)
    bad = RIDDLE.replace("prize: 20", "prize: many")
    assert "prize 要写整数" in await stage.asks(manager, f"/quiz {number}\n{bad}", stage.bot)
    assert "私聊我发 /quiz" in await stage.asks(manager, f"/quiz {number}\n{RIDDLE}", group)
    assert await stage.rows("SELECT count(*) FROM quizzes") == [(0,)]
