"""From a merchant's name to an open group: two taps, templates, batches, the next group when one is full, sources."""

from datetime import UTC, datetime
from typing import Any

from campaigns.groups.rules import greets_before
from campaigns.members.model import Introduction, Language
from storage.group_plans import SqlGroupPlanStore
from storage.members import SqlMemberStore
from tests.driver import GROUP, Stage

RIGHTS = ("can_pin_messages", "can_change_info", "can_delete_messages", "can_invite_users", "can_restrict_members")
WELCOME = "👋 欢迎"


async def set_template(stage: Stage, body: dict[str, Any]) -> None:
    """The default template of the bank."""
    async with stage.app.database.unit_of_work() as uow:
        await SqlGroupPlanStore(uow).set_template(None, body, stage.app.clock.now())


def start_parameter(link: str, kind: str) -> str:
    """What a deep link hands to the bot."""
    return link.split(f"?{kind}=")[1].split("&", maxsplit=1)[0]


async def test_two_taps_open_a_group_with_name_description_and_announcement(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await set_template(stage, {"description": "{bank}和{merchant}的福利群", "announcement": "📢 欢迎来到{title}"})
    asked = await stage.asks(manager, "/newgroup 幸福里,阳光社区,城东支行", stage.bot)
    assert f"「{GROUP}」准备好了" in asked
    [[button]] = ((await manager.keyboard(stage.bot)) or {})["keyboard"]
    group = await manager.shares_chat(button["request_chat"]["request_id"], stage.bot, title="新群")
    opened = await manager.sees(f"「{GROUP}」开好了", stage.bot)
    assert "还缺" not in opened["text"]
    await stage.comes_to(
        "SELECT method, state FROM deliveries WHERE method LIKE 'set%' ORDER BY method",
        ("setChatDescription", "sent"),
        ("setChatTitle", "sent"),
    )
    await stage.comes_to("SELECT state FROM deliveries WHERE method = 'pinChatMessage'", ("sent",))
    assert ((await manager.pinned(group)) or {})["text"] == f"📢 欢迎来到{GROUP}"
    seen = await stage.sandbox.act("GET", f"/api/groups/{group}")
    assert (seen["title"], seen["description"]) == (GROUP, "A银行和幸福里的福利群")
    places = "SELECT kind, name FROM places ORDER BY kind"
    await stage.comes_to(places, ("branch", "城东支行"), ("community", "阳光社区"), ("merchant", "幸福里"))
    assert "幸福里（阳光社区 · 城东支行）：1 群" in await stage.asks(manager, "/places", stage.bot)
    assert "已开" in await stage.asks(manager, "待建群", stage.bot)


async def test_every_link_of_a_batch_opens_one_group(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈刚")
    wrong = await stage.asks(manager, "/newgroups\n米店\n,没有商户", stage.bot)
    assert "第 2 行：没有商户名" in wrong
    assert await stage.rows("SELECT id FROM group_plans") == []
    await manager.says("/newgroups\n米店,幸福里\n面馆\n米店,幸福里", stage.bot)
    rows = (await manager.sees("准备好 2 个群", stage.bot))["reply_markup"]["inline_keyboard"]
    first, second = (start_parameter(row[0]["url"], "startgroup") for row in rows)
    group = await stage.sandbox.new_group("随便", manager, [other])
    await other.opens(group).says(f"/start@{stage.bot} {first}")
    await manager.adds_bot(stage.bot, group, parameter=first)
    await manager.sees("允许「置顶消息」", group)
    await manager.adds_bot(stage.bot, group, parameter=first, rights=RIGHTS[:1])
    await manager.sees("没有「修改群资料」权限", group)
    await manager.adds_bot(stage.bot, group, parameter=first, rights=RIGHTS)
    await manager.sees("「A银行&米店商户福利群」开好了", group)
    await manager.sees("📢 群公告", group)
    another = await stage.sandbox.new_group("随便", manager)
    await manager.adds_bot(stage.bot, another, parameter=first, rights=RIGHTS)
    await manager.sees("每个链接只能用一次", another)
    theirs = await stage.sandbox.new_group("随便", other)
    await other.adds_bot(stage.bot, theirs, parameter=second, rights=RIGHTS)
    await other.sees("另一位理财经理的", theirs)
    states = "SELECT title, opened_at IS NULL FROM group_plans ORDER BY id"
    await stage.comes_to(states, ("A银行&米店商户福利群", False), ("A银行&面馆商户福利群", True))


async def test_a_member_cannot_prepare_groups(stage: Stage) -> None:
    wang = await stage.person("王芳")
    for words in ("/newgroup 米店", "/newgroups\n米店", "/plans", "/places 米店"):
        assert "不对您开放" in await stage.asks(wang, words, stage.bot)
    assert await stage.rows("SELECT id FROM places") == []


async def test_a_full_group_prepares_the_next_and_sends_people_there(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await set_template(stage, {"capacity": 3})
    group = await stage.group(manager)
    [(first,)] = await stage.rows("SELECT id FROM groups")
    await stage.members(group, "王芳", "张小明")
    told = await manager.sees(f"「{GROUP}」已满", stage.bot)
    assert f"下一个群「{GROUP}2」已准备好" in told["text"]
    link = told["reply_markup"]["inline_keyboard"][0][0]["url"]
    following = await stage.sandbox.new_group("新群", manager)
    await manager.adds_bot(stage.bot, following, parameter=start_parameter(link, "startgroup"), rights=RIGHTS)
    await manager.sees(f"「{GROUP}2」开好了", following)
    moved = await manager.sees("本群已满", group)
    entry = start_parameter(moved["reply_markup"]["inline_keyboard"][0][0]["url"], "start")
    assert entry == f"group_{first}"
    zhao = await stage.person("赵丽")
    await zhao.starts(stage.bot, entry)
    shown = await zhao.sees(f"请加入「{GROUP}2」", stage.bot)
    await zhao.joins(following, shown["reply_markup"]["inline_keyboard"][0][0]["url"])
    await zhao.sees(WELCOME, following)
    source = "SELECT source FROM group_members WHERE member_id = :id"
    await stage.comes_to(source, ("link",), id=zhao.id)
    assert len(await stage.rows("SELECT id FROM group_plans")) == 1
    # Whoever comes by a forwarded link of the full group is welcomed with the way into the next.
    qian = await stage.person("钱进")
    await qian.joins(group)
    welcome = await qian.sees(f"本群已满，请点下方进「{GROUP}2」", group)
    assert WELCOME in welcome["text"]
    await qian.starts(stage.bot, start_parameter(welcome["reply_markup"]["inline_keyboard"][0][0]["url"], "start"))
    shown = await qian.sees(f"请加入「{GROUP}2」", stage.bot)
    await qian.joins(following, shown["reply_markup"]["inline_keyboard"][0][0]["url"])
    assert "本群已满" not in (await qian.sees("钱* 加入", following))["text"]


async def test_a_wrong_name_is_corrected_where_the_bot_may(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await manager.renames("老友群", group)
    alone = await manager.sees("没有「修改群资料」权限", stage.bot)
    assert f"「{GROUP}」被改名为「老友群」" in alone["text"]
    await manager.sets_bot_rights(stage.bot, RIGHTS, group)
    await manager.renames("新友群", group)
    await manager.sees(f"群名已改回「{GROUP}」", group)
    await stage.comes_to("SELECT state FROM deliveries WHERE method = 'setChatTitle'", ("sent",))
    assert (await stage.sandbox.act("GET", f"/api/groups/{group}"))["title"] == GROUP
    assert len(await stage.rows("SELECT id FROM deliveries WHERE step LIKE 'name:%'")) == 1


async def test_the_source_is_the_first_link_and_welcomes_follow_it(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    await set_template(stage, {"welcomes": [{"source": "flyer-07", "text": "👋 欢迎 {names}，传单上的朋友"}]})
    group = await stage.group(manager)
    await manager.sets_bot_rights(stage.bot, RIGHTS, group)
    links = [await stage.app.bot.create_chat_invite_link(group, name=name) for name in ("flyer-07", "flyer-08")]
    wang = await stage.person("王芳")
    await wang.joins(group, links[0].invite_link)
    await wang.sees("王*，传单上的朋友")
    await wang.leaves(group)
    await wang.joins(group, links[1].invite_link)
    zhang = await stage.person("张小明")
    await zhang.joins(group, links[1].invite_link)
    welcome = await zhang.sees("欢迎 张*明 加入")
    assert welcome["reply_markup"]["inline_keyboard"][0][0]["url"].endswith("?start=hello")
    sources = "SELECT member_id, source FROM group_members WHERE member_id <> :manager ORDER BY joined_at"
    await stage.comes_to(sources, (wang.id, "flyer-07"), (zhang.id, "flyer-08"), manager=manager.id)


async def test_a_night_welcome_is_sent_over_midnight(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    spans = [("夜", "22:00", "06:00"), ("日", "06:00", "22:00")]
    welcomes = [{"text": f"{name}好，{{names}}", "from": begins, "until": ends} for name, begins, ends in spans]
    await set_template(stage, {"welcomes": welcomes})
    for moment, words in (("23:59:00", "夜好"), ("00:01:00", "夜好"), ("06:01:00", "日好")):
        day = "22" if moment > "12" else "23"
        await stage.sandbox.turn_clock(now=f"2027-01-{day}T{moment}+08:00")
        [newcomer] = await stage.members(group, f"王{moment}")
        await newcomer.sees(words)


async def test_two_hundred_who_join_at_once_are_welcomed_within_the_limits(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await stage.sandbox.set_faults(limits=True)
    people = await stage.sandbox.new_people(f"新{number}" for number in range(200))
    for person in people:
        await person.joins(group)
    left = "SELECT count(*) FROM group_members WHERE welcomed_at IS NULL"
    await stage.comes_to("SELECT count(*) FROM group_members", (201,))
    await stage.comes_to(left, (0,))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE state IN ('planned', 'retry', 'dispatching')", (0,))
    calls = await stage.sandbox.calls(method="sendMessage", chat_id=group, bot=stage.app.bot.id)
    welcomes = [call for call in calls if WELCOME in call["params"]["text"]]
    assert all(call["outcome"] == "ok" for call in welcomes)
    assert 0 < len(welcomes) < 50
    assert sum(_welcomed(call["params"]["text"]) for call in welcomes) == 200


def _welcomed(text: str) -> int:
    """How many newcomers a welcome speaks of."""
    if " 等 " in text:
        return int(text.split(" 等 ")[1].split(" 位", maxsplit=1)[0])
    return text.split("欢迎 ")[1].split(" 加入", maxsplit=1)[0].count("、") + 1


async def test_a_flood_over_a_minute_is_greeted_in_time_ten_times_at_most(stage: Stage) -> None:
    """On the store alone, with the minute given second by second: nobody waits 20 s, and the group hears ten words."""
    start = datetime(2026, 11, 21, 4, tzinfo=UTC)
    manager = await stage.staff("李敏")
    waits, greetings = [], 0
    async with stage.app.database.unit_of_work() as uow:
        store, people = SqlGroupPlanStore(uow), SqlMemberStore(uow, stage.app.world.vault)
        group = await store.save(-555, GROUP, "幸福里", manager.id, start)
        waiting = {}
        for second in range(70):
            now = start.replace(minute=second // 60, second=second % 60)
            for number in range(200 * second // 60, min(200 * (second + 1) // 60, 200)):
                member = 9_000_000 + number
                await people.meet(Introduction(member, "新", Language.ZH, is_private=False), now)
                await store.add_member(group, member, now)
                waiting[member] = now
            taken = await store.take_newcomers(now, greets_before(now), await store.to_welcome(now, greets_before(now)))
            greetings += bool(taken)
            waits += [(now - waiting.pop(each.member_id)).total_seconds() for each in taken]
    assert (len(waits), waiting) == (200, {})
    assert max(waits) < 20
    assert greetings <= 12
