"""All groups on one screen, and a post that a colleague approves, that leaves after a minute or is taken back."""

from datetime import timedelta

from campaigns.staff.model import Role
from tests.driver import Stage

SECOND = "A银行&阳光里商户福利群"


async def test_all_groups_stand_on_one_screen_and_a_post_reaches_the_chosen_ones_after_its_minute(
    stage: Stage,
) -> None:
    manager, lead = await stage.staff("李敏"), await stage.staff("赵强", Role.TEAM_LEAD)
    assert "您还没有群" in await stage.asks(manager, "/groups")
    first, second = await stage.group(manager), await stage.group(manager, SECOND)
    [wang, zhou] = await stage.members(first, "王芳", "周周")
    await wang.joins(second)
    await stage.chain(manager, first)
    await stage.comes_to("SELECT count(*) FROM group_members WHERE left_at IS NULL", (5,))
    screen = await stage.asks(manager, "我的群", stage.bot)
    assert "我的群 · 2 个" in screen
    assert "接龙：联名信用卡 0/3" in screen
    assert "保证收益" not in await stage.asks(manager, "/broadcast", stage.bot)
    assert "「保证收益」：保本保收益承诺（广告法" in await stage.asks(manager, "本周活动保证收益", stage.bot)
    assert "已提交审核" in await stage.asks(manager, "周六上午十点小区门口有活动", stage.bot)
    await lead.sees("李敏 请您审核一条群发", stage.bot)
    assert "不对您开放" in await stage.forges(manager, "post:1:approve", stage.bot)
    await lead.taps("✅ 通过", stage.bot)
    await manager.sees("赵强 通过了您的群发", stage.bot)
    mark = await manager.mark()
    await manager.taps("选群", stage.bot)
    await manager.sees("已选 0/2 个", stage.bot, since=mark)
    await manager.taps("全选 / 全不选", stage.bot)
    await manager.sees("已选 2/2 个", stage.bot, since=mark)
    await manager.taps("预览 ›", stage.bot)
    preview = await manager.sees("去重后 ", stage.bot, since=mark)
    [(seats, heads)] = await stage.rows("SELECT count(*), count(DISTINCT member_id) FROM group_members")
    assert f"发到 2 个群，共 {seats} 人次，去重后 {heads} 人" in preview["text"]
    await manager.taps(f"确认发送给 {heads} 人", stage.bot)
    await manager.sees("60 秒后发出", stage.bot, since=mark)
    await manager.taps("撤回", stage.bot)
    await manager.sees("已撤回，2 个群都没有发", stage.bot, since=mark)
    await stage.passes(timedelta(minutes=2))
    assert not [each for each in await zhou.reads(first) if "周六上午十点" in each.get("text", "")]
    assert await stage.parked() == 0


async def test_what_nobody_takes_back_arrives_in_every_chosen_group(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    lead = await stage.staff("赵强", Role.TEAM_LEAD)
    first = await stage.group(manager)
    [zhou] = await stage.members(first, "周周")
    await stage.asks(manager, "/broadcast", stage.bot)
    await stage.asks(manager, "周六上午十点有活动", stage.bot)
    await lead.sees("请您审核", stage.bot)
    await lead.taps("✅ 通过", stage.bot)
    await manager.sees("通过了您的群发", stage.bot)
    assert "请先选至少一个群" in await stage.forges(manager, "post:1:send", stage.bot)
    assert "没有这条群发" in await stage.forges(lead, "post:1:send", stage.bot)
    await manager.taps("选群", stage.bot)
    await manager.sees("已选 0/1 个", stage.bot)
    await manager.taps("全选 / 全不选", stage.bot)
    await manager.sees("已选 1/1 个", stage.bot)
    await manager.taps("预览 ›", stage.bot)
    await manager.sees("去重后", stage.bot)
    await manager.taps("确认发送给", stage.bot)
    await manager.sees("60 秒后发出", stage.bot)
    await stage.passes(timedelta(seconds=61))
    await zhou.sees("周六上午十点有活动", first)
    assert "撤不回了" in await stage.forges(manager, "post:1:take_back", stage.bot)
