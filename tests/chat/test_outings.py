"""A card desk and a school visit in the chat: planned, signed up for, reminded of, told of, with its result."""

from datetime import datetime, timedelta

from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.chat.test_publicity import TITLE, code_of, event, joins_by
from tests.driver import Stage

REMINDER = "SELECT count(*) FROM deliveries WHERE step LIKE 'outing:%' AND state = :state"


async def outing(stage: Stage, manager: Phone, kind: str, line: str) -> None:
    """The outing of the manager's event, planned in the chat."""
    assert "为哪场活动" in await stage.asks(manager, "/outing", stage.bot)
    await manager.taps(TITLE, stage.bot)
    await manager.sees("是哪一种", stage.bot)
    await manager.taps(kind, stage.bot)
    await manager.sees("写一行", stage.bot)
    assert "没看懂" in await stage.asks(manager, "车行门口", stage.bot)
    assert "已安排" in await stage.asks(manager, line, stage.bot)


async def test_a_card_desk_from_its_plan_to_applications_begun_there(stage: Stage, noon: datetime) -> None:
    manager, branch = await stage.staff("李敏"), await stage.staff("陈刚", Role.BRANCH)
    group = await stage.group(manager)
    await event(stage, manager, "3天")
    await outing(stage, manager, "💳 移动办卡点", "宏达车行展厅 | 展架、POS机 | 1")
    wanted = await branch.sees("征集志愿者", stage.bot)
    assert "宏达车行展厅" in wanted["text"]
    await branch.taps("🙋 我报名", stage.bot)
    assert "请携带：展架、POS机" in (await branch.sees("报名成功", stage.bot))["text"]
    assert await stage.forges(manager, "outing:1:join", stage.bot) == "名额已满。"
    await stage.comes_to(REMINDER, (1,), state="planned")
    assert await stage.forges(branch, "outing:1:tell", stage.bot) == "活动还没开始。"
    await stage.passes(timedelta(days=2, hours=7))
    assert "展架、POS机" in (await branch.sees("⏰ 明天外拓「社区开卡节」", stage.bot))["text"]
    await stage.passes(timedelta(hours=19))  # At the desk, some hours after it began.
    assert "本人同意了吗" in await stage.asks(branch, "/prospect", stage.bot)
    await branch.taps("本人已同意", stage.bot)
    await branch.sees("姓名 手机号", stage.bot)
    await stage.asks(branch, "王小芳 想办车主卡", stage.bot)
    wang = await stage.person("王小芳")
    await joins_by(stage, wang, group, await code_of(stage, branch, "desk"))
    await stage.chain(manager, group)
    await wang.opens(group).taps_and_sees("我要接龙", "第 1 位")
    await stage.comes_to("SELECT count(*) FROM applications", (1,))
    assert "您已报名" in await stage.asks(branch, "外拓", stage.bot)
    await branch.taps(f"📝 填结果 · {TITLE}", stage.bot)
    await branch.sees("到场多少人", stage.bot)
    assert "没看懂" in await stage.asks(branch, "很多", stage.bot)
    assert "触达 120 人，资料 80 份" in await stage.asks(branch, "到场120 发放80", stage.bot)
    assert "宏达车行展厅" in await stage.asks(manager, "/outings", stage.bot)
    await manager.taps(f"📊 结果 · {TITLE}", stage.bot)
    told = (await manager.sees("合计触达", stage.bot))["text"]
    assert "陈刚：触达 120 人，资料 80 份" in told
    assert "已同意的意向客户 1 人；扫码进来 1 人；当天办卡申请 1 件" in told
    assert "王小芳" not in told
    assert "不是您的活动" in await stage.forges(branch, "outing:1:result", stage.bot)


async def test_a_school_visit_that_is_called_off_reminds_nobody_and_who_steps_back_is_not_reminded(
    stage: Stage, noon: datetime
) -> None:
    manager, branch = await stage.staff("李敏"), await stage.staff("陈刚", Role.BRANCH)
    await stage.group(manager)
    await event(stage, manager, "3天")
    await outing(stage, manager, "🎓 金融知识进校园", "第一中学礼堂 | 手册100份 | 2")
    await branch.sees("🎓 金融知识进校园", stage.bot)
    await branch.taps("🙋 我报名", stage.bot)
    await branch.sees("报名成功", stage.bot)
    await branch.taps_and_sees("退出报名", "已退出", stage.bot)
    await stage.comes_to(REMINDER, (1,), state="cancelled")
    assert "没有报名" in await stage.forges(branch, "outing:1:leave", stage.bot)
    await branch.taps("🙋 我报名", stage.bot)
    await stage.comes_to(REMINDER, (1,), state="planned")
    await stage.asks(manager, "/publicity", stage.bot)
    await manager.taps(TITLE, stage.bot)
    await manager.taps("取消活动", stage.bot)
    await manager.taps("确定取消", stage.bot)
    await branch.sees("已取消，请停止宣传", stage.bot)
    await stage.comes_to(REMINDER, (2,), state="cancelled")
    assert "没有外拓" in await stage.asks(branch, "/outings", stage.bot)
    assert await stage.parked() == 0
