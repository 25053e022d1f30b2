"""A stamp rally in the chat: loaded, announced, joined, played and won; what is refused is told in one sentence."""

from datetime import datetime, timedelta

from aiogram.types import BufferedInputFile

from campaigns.staff.model import Role
from campaigns.stamps.codes import mint
from sandbox.client import Phone
from storage.points import SqlPointsStore
from storage.rallies import SqlRallyStore
from tests.chat.test_publicity import photo
from tests.driver import Stage

FILE = """
code: winter-day
title: 冬日集章 | Winter stamps
place: 幸福里广场 | Happy Lane
starts: {starts}
ends: {ends}
booths:
  - {{code: B1, name: 桂花糕 | Cakes, zone: 红区, at: [10, 10], game: scan, partner: 幸福里}}
  - code: B2
    name: 茶艺 | Tea
    zone: 红区
    at: [50, 10]
    game:
      kind: quiz
      question: 哪种是绿茶？ | Which is green?
      options: [龙井 | Longjing, 普洱 | Pu'er]
      answer: 1
  - {{code: B3, name: 转盘 | Wheel, zone: 蓝区, at: [90, 10], game: {{kind: spin, within: 1}}}}
  - code: B4
    name: 合影 | Photo
    zone: 蓝区
    at: [90, 90]
    game: {{kind: photo, task: 拍一张合影 | Take a picture}}
    staff: [{clerk}]
targets:
  - {{code: T1, title: 达人 | Collector, needs: any 3 of B1..B4}}
rules: {{conditions: 到场即可 | Whoever is there, organiser: A银行 | Bank A, complaints: 95500 | 95500}}
"""


async def sends_file(stage: Stage, manager: Phone, text: str) -> None:
    """A manager sends an event's file with the command beneath it."""
    sent = await stage.app.bot.send_document(manager.id, BufferedInputFile(text.encode(), "rally.yaml"))
    assert sent.document is not None
    document = {"file_id": sent.document.file_id, "file_unique_id": "u", "file_name": "rally.yaml", "file_size": 900}
    user = {"id": manager.id, "is_bot": False, "first_name": "李敏", "language_code": "zh"}
    chat = {"id": manager.id, "type": "private"}
    message = {"message_id": 9_000, "date": 1, "chat": chat, "from": user, "document": document, "caption": "/rally"}
    assert await stage.receives("message", message) == 200


async def plan(stage: Stage, noon: datetime, clerk: int = 5) -> str:
    """The file of an event from an hour after noon to the evening, whose partner is known."""
    async with stage.app.database.unit_of_work() as uow:
        await SqlPointsStore(uow).add_partner("幸福里", "merchant")
    starts, ends = (f"{noon + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in (1, 6))
    return FILE.format(starts=starts, ends=ends, clerk=clerk)


async def announced(stage: Stage, manager: Phone, text: str) -> None:
    """Load the file and announce the event in the manager's only group."""
    await sends_file(stage, manager, text)
    await manager.sees("已存为草稿", stage.bot)
    await manager.taps("打开活动", stage.bot)
    await manager.sees("草稿", stage.bot)
    await manager.taps("公告", stage.bot)
    await manager.sees("公告到哪些群", stage.bot)
    await manager.taps("全选", stage.bot)
    await manager.sees("✓ A银行", stage.bot)
    await manager.taps("预览", stage.bot)
    await manager.sees("将发到 1 个群，", stage.bot)
    await manager.taps("发布（", stage.bot)
    await manager.sees("已公告", stage.bot)


async def scans(stage: Stage, phone: Phone, booth: str) -> None:
    """Somebody opens the link of the code on a booth's screen."""
    async with stage.app.database.unit_of_work() as uow:
        store = SqlRallyStore(uow, stage.app.world.vault)
        rally = await store.by_code("winter-day")
        assert rally is not None
        found = rally.booth(booth)
        assert found is not None
        code = mint(await store.secret(rally), found.id, stage.app.clock.now(), b"12345678")
    await phone.starts(stage.bot, f"k_{code}")


async def test_from_the_file_to_the_medal(stage: Stage, noon: datetime) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    clerk = await stage.staff("店员", Role.BRANCH)
    await announced(stage, manager, await plan(stage, noon, clerk.id))
    rules = await wang.sees("《冬日集章》活动规则", group)
    assert "· 达人：B1–B4 中任选 3 个" in rules["text"]
    assert "规则第 1 版" in rules["text"]
    [[button]] = rules["reply_markup"]["inline_keyboard"]
    await wang.starts(stage.bot, button["url"].partition("start=")[2])
    wang.opens(stage.bot)
    await wang.sees("您已参加「冬日集章」")
    assert "开始。" in await stage.asks(wang, "集章")
    await stage.comes_to("SELECT source FROM rally_members", (button["url"].rpartition("_")[2],))

    await stage.passes(timedelta(hours=1, minutes=1))
    await wang.sees("🎪「冬日集章」开始了！", group)
    assert "下一站：B1 桂花糕（红区）· 扫码即得" in await stage.asks(wang, "/stamps")
    await scans(stage, wang, "B1")
    await wang.sees("「桂花糕」盖章成功！已有 1/4 枚")
    await scans(stage, wang, "B2")
    await wang.sees("哪种是绿茶？")
    await wang.taps("普洱")
    await wang.sees("再想想（还可答 1 次）")
    assert await stage.forges(wang, "play:2:2:0") == "收到了，请看上面。"
    await wang.taps("龙井")
    await wang.sees("「茶艺」盖章成功！已有 2/4 枚")
    await scans(stage, wang, "B4")
    await wang.sees("把照片直接发给我")
    await wang.sends(stage.bot, photo_base64=photo())
    await wang.sees("收到照片")
    assert await stage.forges(wang, f"photo_play:4:{wang.id}:accept") == "不能给自己确认，请同事来。"
    [zhao] = await stage.members(group, "赵刚")
    await stage.asks(zhao, "/start", stage.bot)
    assert "不在这个摊位值班" in await stage.forges(zhao, f"photo_play:4:{wang.id}:accept", stage.bot)
    clerk.opens(stage.bot)
    await clerk.taps("看照片")
    await clerk.taps("请重拍")
    await wang.sees("请再拍一张发给我：拍一张合影")
    await wang.sends(stage.bot, photo_base64=photo())
    await clerk.sees("B4 合影：有客人交了照片")
    await clerk.taps("看照片")
    await clerk.taps("✓ 盖章")
    await wang.sees("「合影」盖章成功！已有 3/4 枚")
    await wang.sees("🏅 恭喜！您获得「冬日集章」的「达人」勋章")
    await stage.comes_to("SELECT target_code, member_id FROM medals", ("T1", wang.id))
    await scans(stage, wang, "B3")
    await wang.taps("转一次")
    await wang.sees("「转盘」盖章成功！已有 4/4 枚")
    assert "🏅 达人：已获得" in await stage.asks(wang, "我的集章")
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE step LIKE 'medal:%'", (1,))
    assert "参加 1 人 · 印章 4 枚 · 勋章 1 枚" in await screen(stage, manager)

    await stage.passes(timedelta(hours=5))
    await wang.sees("「冬日集章」已结束", group)
    assert "活动已结束" in await stage.asks(wang, "集章")


async def screen(stage: Stage, manager: Phone) -> str:
    """An event's screen, out of the list."""
    await stage.asks(manager, "集章活动", stage.bot)
    await manager.taps("冬日集章 ·", stage.bot)
    return str((await manager.sees("【集章】冬日集章", stage.bot))["text"])


async def test_a_file_with_mistakes_is_answered_with_all_of_them(stage: Stage, noon: datetime) -> None:
    manager = await stage.staff("李敏")
    assert "还没有集章活动" in await stage.asks(manager, "/rally", stage.bot)
    await manager.taps("样例文件", stage.bot)
    assert (await manager.sees("这是一个完整的活动", stage.bot))["document"]["file_name"] == "example.yaml"
    text = (await plan(stage, noon)).replace("answer: 1", "answer: 3").replace("at: [90, 90]", "at: [90]")
    await sends_file(stage, manager, text)
    said = (await manager.sees("这个文件有 2 处要改", stage.bot))["text"]
    assert "booths.2.game.answer 要写整数 1–2" in said
    assert "booths.4.at 看不懂 [90]" in said
    assert "第 16 行：booths.2.game.answer" in await stage.asks(manager, f"/rally\n{text}", stage.bot)
    assert "已存为草稿" in await stage.asks(manager, f"/rally\n{await plan(stage, noon)}", stage.bot)


async def test_what_is_announced_only_changes_in_the_customers_favour(stage: Stage, noon: datetime) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    text = await plan(stage, noon)
    await announced(stage, manager, text)
    await sends_file(stage, manager, text.replace("any 3 of", "any 4 of"))
    await manager.sees("这些地方对客户更差了：targets.T1", stage.bot)
    await sends_file(stage, manager, text.replace("any 3 of", "any 2 of"))
    await manager.sees("已改为规则第 2 版", stage.bot)
    assert "规则第 2 版" in (await manager.sees("B1–B4 中任选 2 个", group))["text"]
    await stage.comes_to("SELECT version FROM announcements ORDER BY version", (1,), (2,))


async def test_an_event_is_opened_paused_and_ended_by_hand_and_asks_before(stage: Stage, noon: datetime) -> None:
    manager = await stage.staff("李敏")
    await stage.group(manager)
    await announced(stage, manager, await plan(stage, noon))
    manager.opens(stage.bot)
    await screen(stage, manager)
    await manager.taps("现在开始")
    await manager.taps("确定现在开始")
    await manager.sees("冬日集章 · 进行中")
    await manager.taps("二维码")
    assert "start=rally_winter-day_poster" in (await manager.sees("扫码就能参加"))["caption"]
    await screen(stage, manager)
    await manager.taps("摊位")
    await manager.taps("⏸ 暂停 B3 转盘")
    await manager.sees("B3 转盘 为什么暂停？")
    await manager.says("  缺料\n十分钟 ")
    await manager.sees("B3 已暂停：缺料 十分钟")
    await screen(stage, manager)
    await manager.sees("暂停（缺料 十分钟）")
    await manager.taps("摊位")
    await manager.taps("▶️ 恢复 B3 转盘")
    await manager.sees("的摊位")
    await screen(stage, manager)
    await manager.taps("现在结束")
    await manager.taps("确定现在结束")
    await manager.sees("冬日集章 · 已结束")
    await stage.comes_to("SELECT state FROM rallies", ("ended",))
    assert await stage.forges(manager, "rally:1:sure_open") == "活动现在的状态不能这样做。"
    await sends_file(stage, manager, await plan(stage, noon))
    await manager.sees("活动已经结束了。")


async def test_strangers_learn_nothing_of_a_draft_and_move_nothing(stage: Stage, noon: datetime) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    await sends_file(stage, manager, await plan(stage, noon))
    await manager.sees("已存为草稿", stage.bot)
    wang = await stage.person("王芳")
    await wang.starts(stage.bot, "rally_winter-day_poster")
    await wang.sees("没有这个集章活动", stage.bot)
    assert "没有这个集章活动" in await stage.asks(wang, "/start rally_", stage.bot)
    assert await stage.forges(wang, "rally_rules:1", stage.bot) == "没有这个集章活动。"
    assert await stage.forges(wang, "play:1:1:0", stage.bot) == "请先扫摊位屏幕上的码。"
    assert "还没有印章" in await stage.asks(wang, "集章", stage.bot)
    assert await stage.forges(wang, "rally:1:announce", stage.bot) != ""
    assert await stage.forges(other, "rally:1:announce", stage.bot) == "这个活动由另一位同事负责。"
    assert await stage.forges(other, "rally:1:sure_open", stage.bot) == "这个活动由另一位同事负责。"
    assert await stage.forges(other, "rally_booth:1:B1:0", stage.bot) == "这个活动由另一位同事负责。"
    await stage.comes_to("SELECT state FROM rallies", ("draft",))
    assert await stage.parked() == 0
