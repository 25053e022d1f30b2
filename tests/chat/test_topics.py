"""A topic in the chat: the words of one's own branch, words that wait for staff, and who came by which edition."""

from dataclasses import replace
from datetime import timedelta

from campaigns.staff.model import Role
from campaigns.topics.files import EXAMPLE, read_topic
from tests.driver import Stage


async def test_a_member_reads_the_branches_words_tells_theirs_and_staff_let_them_through(stage: Stage) -> None:
    manager, lead = await stage.staff("李敏"), await stage.staff("陈静", Role.TEAM_LEAD)
    wang, stranger = await stage.person("王小芳"), await stage.person("张小明")
    group = await stage.group(manager)
    topic = read_topic(EXAMPLE.read_text("utf-8"))
    topic = replace(topic, last=stage.app.clock.now().date() + timedelta(days=9))
    async with stage.app.database.unit_of_work() as uow:
        assert await stage.app.services(uow).topics.load(topic, "李敏") is None
    await stage.rows(
        """WITH b AS (INSERT INTO places (kind, name) VALUES ('branch', '福田支行') RETURNING id),
            m AS (INSERT INTO places (kind, name, branch_id) SELECT 'merchant', '车行', id FROM b RETURNING id)
        UPDATE groups SET place_id = m.id FROM m RETURNING groups.id"""
    )
    await wang.joins(group)
    await wang.starts(stage.bot, "t_first-car_1")  # Came by the link that 南山 spread.
    assert "南山支行" in (await wang.sees("#我的第一辆车#", stage.bot))["text"]
    await stage.comes_to("SELECT count(*) FROM group_members WHERE member_id = :id", (1,), id=wang.id)
    assert "福田支行：周日上午" in await stage.asks(wang, "话题", stage.bot)
    await wang.taps("✍ 我来说", stage.bot)
    await wang.sees("脱敏姓名公开展示", stage.bot)
    assert "不能公开展示" in await stage.asks(wang, "加我13800138000，稳赚不赔", stage.bot)
    assert "审核后展示" in await stage.asks(wang, "桑塔纳，去过青海湖", stage.bot)
    await lead.sees("有发言待审", stage.bot)
    assert "王*芳" in await stage.asks(lead, "/contributions", stage.bot)
    await lead.taps("✅ 展示", stage.bot)
    await lead.sees("已展示", stage.bot)
    await wang.sees("发言已展示，谢谢", stage.bot)
    assert "已审核过" in await stage.forges(lead, "topic_judge:1:0", stage.bot)
    assert "不对您开放" in await stage.forges(manager, "topic_judge:1:1", stage.bot)
    assert "没有这条发言" in await stage.forges(manager, "topic_withdraw:1", stage.bot)
    await stranger.starts(stage.bot, "t_nothing")
    await stranger.sees("没有或已结束", stage.bot)
    assert await stage.rows("SELECT edition, member_id FROM topic_sources") == [(1, wang.id)]
    async with stage.app.database.unit_of_work() as uow:
        found = await stage.app.services(uow).topics.counts("first-car")
    assert found is not None
    assert [(each.came, each.approved) for each in found[1]] == [(0, 0), (1, 0), (0, 1)]
