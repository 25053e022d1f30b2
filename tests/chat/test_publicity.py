"""Publicity in the chat, from the flyer to the report: plan, tasks, proofs, codes, and people who came."""

import asyncio
import base64
import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from bot.operations.publicity import find_report
from campaigns.staff.model import Role
from sandbox.client import Phone, RefusedError
from tests.driver import RIGHTS, Stage

TITLE = "社区开卡节"


def photo() -> str:
    """A small photo, as a phone sends it."""
    drawn = io.BytesIO()
    Image.new("RGB", (120, 160), "#0B5FA5").save(drawn, "JPEG")
    return base64.b64encode(drawn.getvalue()).decode()


async def planned(stage: Stage, manager: Phone, title: str, benefits: str, starts: str) -> None:
    """An event told step by step in private, up to the last question."""
    for words, question in (
        ("/event", "活动叫什么"),
        (title, "大家能得到什么"),
        (benefits, "什么时候开始"),
        (starts, "咨询与投诉"),
    ):
        await manager.says(words, stage.bot)
        await manager.sees(question, stage.bot)


async def event(stage: Stage, manager: Phone, starts: str = "3天") -> None:
    """An event that the manager planned and published."""
    await planned(stage, manager, TITLE, "新户送五十元券", starts)
    await manager.says("95500", stage.bot)
    await manager.taps("确认发布", stage.bot)
    await manager.sees("已计划", stage.bot)


async def enlisted(stage: Stage, manager: Phone, *staff: Phone) -> None:
    """These people of staff, made publicists by the manager."""
    for phone in staff:
        await manager.taps("➕ 宣传人员", stage.bot)
        await manager.sees("谁来宣传", stage.bot)
        await manager.taps(phone.name, stage.bot)
        await manager.sees(f"{phone.name} 已添加", stage.bot)
        await phone.sees("的宣传人员", stage.bot)


async def code_of(stage: Stage, person: Phone, material: str) -> str:
    """The printed code of a publicist."""
    [(found,)] = await stage.rows(
        "SELECT text FROM publicity_codes WHERE publicist_id = :id AND material = :material",
        id=person.id, material=material,
    )  # fmt: skip
    return str(found)


async def joins_by(stage: Stage, person: Phone, group: int, code: str, since: int = 0) -> None:
    """Open a code's link, press the button that it shows (after a mark), be in the group."""
    await person.starts(stage.bot, f"j_{code}")
    shown = await person.sees("进群", stage.bot, since=since)
    await person.joins(group, shown["reply_markup"]["inline_keyboard"][0][0]["url"])
    there = "SELECT count(*) FROM group_members WHERE member_id = :id AND left_at IS NULL"
    await stage.comes_to(there, (1,), id=person.id)


async def pictures(stage: Stage, method: str) -> list[dict[str, Any]]:
    """The pictures that the bot sent."""
    return await stage.sandbox.calls(method=method, bot=stage.app.bot.id)


async def test_from_flyer_to_report_every_person_counts_once_and_staff_apart(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    partner, estate = await stage.staff("周强", Role.PARTNER), await stage.staff("吴静", Role.PROPERTY)
    group = await stage.group(manager)
    await event(stage, manager)
    await enlisted(stage, manager, partner, estate)
    await partner.sees("您是「社区开卡节」的宣传人员（合作伙伴）", stage.bot)
    poster, flyer = await code_of(stage, estate, "poster"), await code_of(stage, estate, "flyer")
    moments = await code_of(stage, partner, "moments")
    wang, zhang, zhao = [await stage.person(name) for name in ("王芳", "张小明", "赵云")]
    await joins_by(stage, wang, group, flyer)
    await wang.starts(stage.bot, f"j_{moments}")  # A second publicist's code changes nothing any more.
    await wang.sees("您已经在群里了", stage.bot)
    await zhang.starts(stage.bot, f"j_{poster}")
    await zhang.sees(TITLE, stage.bot)
    await joins_by(stage, zhang, group, moments)  # Heard of it by the poster first.
    await zhao.says(f"进群 {moments.lower()}", stage.bot)
    shown = await zhao.sees("95500", stage.bot)
    await zhao.joins(group, shown["reply_markup"]["inline_keyboard"][0][0]["url"])
    await joins_by(stage, estate, group, moments)  # Staff who add each other.
    await joins_by(stage, partner, group, moments)  # Oneself.
    await zhao.sees("👋 欢迎", group)
    await zhao.leaves(group)
    await stage.comes_to("SELECT count(*) FROM group_members WHERE left_at IS NOT NULL", (1,))
    await stage.chain(manager, group)
    await wang.opens(group).taps_and_sees("我要接龙", "第 1 位")
    await manager.says("/publicity", stage.bot)
    await manager.taps(TITLE, stage.bot)
    await manager.sees("合作伙伴", stage.bot)
    await manager.taps("📊 效果", stage.bot)
    report = (await manager.sees("员工和本人单列", stage.bot))["text"]
    lines = dict(zip(report.splitlines()[1:-2:2], report.splitlines()[2:-2:2], strict=True))
    assert "还没带来人：" in report.splitlines()[-2]
    assert "进群 1" in lines[f"吴静 · 宣传单页 {flyer}"]
    assert "接龙 1" in lines[f"吴静 · 宣传单页 {flyer}"]
    assert "来源 1 · 进群 1" in lines[f"吴静 · 海报 {poster}"]
    assert "进群 1" in lines[f"周强 · 朋友圈 {moments}"]
    assert lines[f"周强 · 朋友圈 {moments}"].endswith("退群 1 · 员工/本人 2")
    assert lines["合计"].startswith("  来源 3 · 进群 3")
    assert "王芳" not in report
    world = stage.app.world
    found = await asyncio.to_thread(find_report, world.settings, stage.app.database.url, 1)
    assert found is not None
    assert (found.total.opened, found.total.joined, found.total.chained, found.total.apart) == (3, 3, 1, 2)
    await stage.passes(timedelta(days=4))  # What an event offered is promised to nobody after its day.
    late = await stage.person("迟到")
    await late.starts(stage.bot, f"j_{flyer}")
    told = await late.sees(f"「{TITLE}」已于", stage.bot)
    assert "五十元券" not in told["text"]
    assert told["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert await asyncio.to_thread(find_report, world.settings, stage.app.database.url, 2) is None


async def test_a_link_of_the_chat_alone_says_whose_code_brought_somebody(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    partner = await stage.staff("周强", Role.PARTNER)
    group = await stage.group(manager)
    await event(stage, manager)
    await enlisted(stage, manager, partner)
    first, second = await stage.person("王芳"), await stage.person("张小明")
    await joins_by(stage, first, group, await code_of(stage, partner, "moments"))
    [(link,)] = await stage.rows("SELECT link FROM publicity_codes WHERE link IS NOT NULL")
    await second.joins(group, str(link))  # Forwarded: this person never opened the bot.
    await stage.comes_to("SELECT count(*) FROM group_members m JOIN publicity_codes c ON c.text = m.source", (2,))
    await manager.says("/publicity", stage.bot)
    await manager.taps(TITLE, stage.bot)
    await manager.sees("已进群 2 人", stage.bot)


async def test_a_printed_code_of_a_full_group_leads_to_the_next_and_the_source_stays(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    partner = await stage.staff("周强", Role.PARTNER)
    body = "INSERT INTO group_templates VALUES (NULL, '{\"capacity\": 3}', now()) RETURNING 1"
    await stage.rows(body)
    group = await stage.group(manager)
    await event(stage, manager)
    await enlisted(stage, manager, partner)
    code = await code_of(stage, partner, "moments")
    wang, zhang, zhao = [await stage.person(name) for name in ("王芳", "张小明", "赵云")]
    await joins_by(stage, wang, group, code)
    await zhao.starts(stage.bot, f"j_{code}")  # Opens the code, and comes when the group is full.
    await zhao.sees("进群", stage.bot)
    await joins_by(stage, zhang, group, code)
    full = await manager.sees("下一个群", stage.bot)
    following = await stage.sandbox.new_group("新群", manager)
    opens = full["reply_markup"]["inline_keyboard"][0][0]["url"].split("startgroup=")[1].split("&")[0]
    await manager.adds_bot(stage.bot, following, parameter=opens, rights=(*RIGHTS, "can_change_info"))
    await manager.sees("开好了", following)
    await joins_by(stage, zhao, following, code, since=await zhao.mark(stage.bot))
    await wang.starts(stage.bot, f"j_{code}")
    await wang.sees("您已经在群里了", stage.bot)
    came = "SELECT g.number, m.source FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.member_id = :id"
    await stage.comes_to(came, (2, code), id=zhao.id)
    found = await asyncio.to_thread(find_report, stage.app.world.settings, stage.app.database.url, 1)
    assert found is not None
    assert (found.total.opened, found.total.joined, found.total.left) == (3, 3, 0)


async def test_a_publicist_forwards_approved_copy_hands_in_a_proof_and_the_manager_checks_it(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    partner = await stage.staff("周强", Role.PARTNER)
    await stage.group(manager)
    await event(stage, manager)
    await enlisted(stage, manager, partner)
    assert "发朋友圈 · ⬜ 待完成" in await stage.asks(partner, "/tasks", stage.bot)
    await partner.taps("T-3 朋友圈", stage.bot)
    await partner.taps("📋 文案", stage.bot)
    copy = (await partner.sees("📣 社区活动预告：社区开卡节", stage.bot))["text"]
    assert f"start=j_{await code_of(stage, partner, 'moments')}" in copy
    assert "Coming up near you" not in copy  # Given in Chinese alone: no mixture.
    await partner.taps("🖼 海报", stage.bot)
    await partner.sees("A4 印刷版", stage.bot)
    await partner.taps("A4 印刷版", stage.bot)
    await stage.sandbox.waits_for_calls(method="sendDocument", bot=stage.app.bot.id)
    assert [call["outcome"] for call in await pictures(stage, "sendPhoto")] == ["ok"]
    await partner.taps("✔ 已完成", stage.bot)
    await partner.sees("请发一张", stage.bot)
    assert "请发一张" in await stage.asks(partner, "做完了", stage.bot)
    await partner.sends(stage.bot, photo_base64=photo())
    await partner.sees("等理财经理核对", stage.bot)
    await manager.sees("周强 交了凭证：T-3 朋友圈", stage.bot)
    await manager.taps("看凭证", stage.bot)
    await manager.sees("🟡 待核对", stage.bot)
    await manager.taps_and_sees("退回", "已退回", stage.bot)
    await partner.sees("凭证被退回", stage.bot)
    await manager.taps_and_sees("通过", "还没有交凭证", stage.bot)
    await partner.taps("✔ 已完成", stage.bot)
    await partner.sends(stage.bot, photo_base64=photo())
    await stage.comes_to("SELECT state FROM publicity_tasks WHERE proof IS NOT NULL", ("done",))
    await manager.taps_and_sees("通过", "已通过", stage.bot)
    await manager.taps_and_sees("通过", "已处理过", stage.bot)
    await stage.comes_to("SELECT state FROM publicity_tasks WHERE proof IS NOT NULL", ("checked",))


async def test_who_has_not_done_it_is_reminded_once_and_a_cancelled_event_reminds_nobody(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    partner = await stage.staff("周强", Role.PARTNER)
    await stage.group(manager)
    await event(stage, manager, "20天")
    await enlisted(stage, manager, partner)
    due = "UPDATE publicity_tasks SET remind_at = :now WHERE days_before = 3 AND publicist_id = :id RETURNING id"
    no_night = "UPDATE gate_policies SET quiet_from = '00:00', quiet_until = '00:00' RETURNING version"
    now = stage.app.clock.now()
    await stage.rows(no_night)
    await stage.rows(due, now=now, id=partner.id)
    await partner.sees("⏰ 「社区开卡节」还有宣传任务没完成", stage.bot)
    await stage.app.tick()
    reminders = "SELECT count(*) FROM deliveries WHERE step LIKE 'remind:%'"
    await stage.comes_to(reminders, (1,))
    await manager.says("/publicity", stage.bot)
    await manager.taps(TITLE, stage.bot)
    await manager.taps("取消活动", stage.bot)
    await manager.taps("确定取消", stage.bot)
    await manager.sees("活动已取消", stage.bot)
    await partner.sees("已取消，请停止宣传", stage.bot)
    await stage.rows("UPDATE publicity_tasks SET remind_at = :now RETURNING id", now=now)
    await stage.app.tick()
    await stage.comes_to(reminders, (1,))
    assert "没有宣传任务" in await stage.asks(partner, "/tasks", stage.bot)
    wang = await stage.person("王芳")
    await wang.starts(stage.bot, f"j_{await code_of(stage, partner, 'moments')}")
    await wang.sees("这场活动已取消", stage.bot)


async def test_a_reminder_that_falls_into_the_night_waits_for_the_morning(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await stage.group(manager)
    await event(stage, manager, "20天")
    quiet = "UPDATE gate_policies SET quiet_from = :start, quiet_until = :until RETURNING version"
    local = stage.app.clock.now().astimezone(stage.app.zone)
    edges = [(local + timedelta(hours=hours)).time().replace(second=0, microsecond=0) for hours in (-2, 6)]
    await stage.rows(quiet, start=edges[0], until=edges[1])
    await stage.rows("UPDATE publicity_tasks SET remind_at = :now WHERE days_before = 3 RETURNING id", now=local)
    await stage.app.tick()
    assert await stage.rows("SELECT count(*) FROM publicity_tasks WHERE reminded_at IS NOT NULL") == [(0,)]
    await stage.rows(quiet, start=edges[0], until=edges[0])
    await manager.sees("还有宣传任务没完成", stage.bot)


async def test_nobody_presses_a_button_of_another_publicist_or_manager(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈刚")
    partner, rival = await stage.staff("周强", Role.PARTNER), await stage.staff("吴静", Role.PROPERTY)
    wang = await stage.person("王芳")
    await wang.starts(stage.bot)
    await stage.group(manager)
    await event(stage, manager)
    await enlisted(stage, manager, partner)
    [(task, event_id)] = await stage.rows(
        "SELECT id, event_id FROM publicity_tasks WHERE publicist_id = :id AND days_before = 3", id=partner.id
    )
    [(code,)] = await stage.rows("SELECT id FROM publicity_codes WHERE publicist_id = :id LIMIT 1", id=partner.id)
    await stage.rows("UPDATE publicity_tasks SET state = 'done', proof = 'x' WHERE id = :id RETURNING id", id=task)
    for person in (other, rival):
        await person.sees("/help", stage.bot)
        for data in (
            *(f"publicity_task:{task}:{want}" for want in ("task", "copy", "done")),
            f"poster:{code}:0",
        ):
            assert "不是您的" in await stage.forges(person, data, stage.bot)
    for data in (
        *(f"event:{event_id}:{view}" for view in ("page", "who", "codes", "report", "cancel", "sure")),
        *(f"publicity_proof:{task}:{do}" for do in ("see", "accept", "reject")),
        f"enlist:{event_id}:{other.id}",
    ):
        assert "不是您的" in await stage.forges(other, data, stage.bot)
        assert "不对您开放" in await stage.forges(rival, data, stage.bot)
        assert "不对您开放" in await stage.forges(wang, data, stage.bot)
    assert "不对您开放" in await stage.forges(wang, f"poster:{code}:0", stage.bot)
    await stage.comes_to("SELECT state FROM publicity_tasks WHERE id = :id", ("done",), id=task)
    await stage.comes_to("SELECT state FROM publicity_events", ("planned",))
    await stage.comes_to("SELECT count(*) FROM publicists", (2,))
    assert await stage.parked() == 0


async def test_a_prospect_is_recorded_with_consent_sealed_and_invited_by_a_link_for_one(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    partner = await stage.staff("周强", Role.PARTNER)
    group = await stage.group(manager)
    await event(stage, manager)
    assert "没有要宣传的活动" in await stage.asks(partner, "/prospect", stage.bot)
    await enlisted(stage, manager, partner)
    assert "本人同意了吗" in await stage.asks(partner, "/prospect", stage.bot)
    await partner.taps("本人已同意", stage.bot)
    await partner.sees("姓名 手机号", stage.bot)
    assert "请先写姓名" in await stage.asks(partner, "13800138000", stage.bot)
    told = await stage.asks(partner, "王小芳 13800138000 周末带孩子来", stage.bot)
    code = told.split("start=j_")[1].strip()
    [sealed] = await stage.rows("SELECT name, phone, words FROM prospects")
    assert all("王".encode() not in value and b"138" not in value for value in sealed)
    assert "王*芳 · 已邀请" in await stage.asks(partner, "/prospects", stage.bot)
    wang, other = await stage.person("王小芳"), await stage.person("张小明")
    await joins_by(stage, wang, group, code)
    await other.starts(stage.bot, f"j_{code}")
    await other.sees("邀请已被使用", stage.bot)
    [(link,)] = await stage.rows("SELECT link FROM publicity_codes WHERE text = :code", code=code)
    with pytest.raises(RefusedError, match="used up"):
        await other.joins(group, str(link))
    assert "王*芳 · ✅ 已进群" in await stage.asks(partner, "/prospects", stage.bot)
    [(prospect,)] = await stage.rows("SELECT id FROM prospects")
    assert "没有这条登记" in await stage.forges(manager, f"forget:{prospect.hex}", stage.bot)
    await partner.taps_and_sees("🗑 王*芳", "已删除", stage.bot)
    assert await stage.rows("SELECT id FROM prospects") == []
    assert await stage.rows("SELECT owner FROM data_keys WHERE owner LIKE 'prospect:%'") == []


async def test_an_event_whose_copy_the_law_forbids_is_not_planned(stage: Stage) -> None:
    manager, stranger = await stage.staff("李敏"), await stage.person("王芳")
    await stage.group(manager)
    await planned(stage, manager, "保本理财节", "稳赚不赔", "3天")
    assert "文案含违禁词「保本」" in await stage.asks(manager, "95500", stage.bot)
    assert "好的，已取消" in await stage.asks(manager, "取消", stage.bot)
    assert await stage.rows("SELECT id FROM publicity_events") == []
    await stranger.starts(stage.bot)
    await stranger.sees("/help", stage.bot)
    assert "不对您开放" in await stage.asks(stranger, "/event", stage.bot)
    await stranger.starts(stage.bot, "j_NOSUCHCODE")
    await stranger.sees("没有这个码", stage.bot)
