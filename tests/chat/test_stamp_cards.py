"""The stamp card in the chat: one picture that is edited in place, and who is told that their turn is near."""

from typing import Any

from campaigns.rallies.model import Rally
from sandbox.client import Phone
from tests.driver import Stage
from tests.rally_visits import running_rally, stamp


async def visitor(stage: Stage, name: str = "张小明") -> Phone:
    phone = await stage.person(name)
    await phone.starts(stage.bot)
    await phone.sees("/help")
    return phone


async def cards(stage: Stage, phone: Phone, method: str) -> list[dict[str, Any]]:
    return await stage.sandbox.calls(method=method, chat_id=phone.id, bot=stage.app.bot.id)


async def sees_card(phone: Phone, words: str) -> dict[str, Any]:
    """The picture under which these words stand."""
    shown = await phone.sees(words)
    assert shown["photo"]
    return shown


async def test_a_stamp_shows_in_the_picture_card_which_is_edited_in_place(stage: Stage) -> None:
    rally = await running_rally(stage.app)
    zhang = await visitor(stage)
    await stamp(stage.app, rally, zhang.id, ["B1"])
    first = await sees_card(zhang, "已集 1/8 枚印章。")
    [[button]] = first["reply_markup"]["inline_keyboard"]
    assert button["url"].endswith(f"startapp=rally_{rally.id}")
    await stamp(stage.app, rally, zhang.id, ["B2", "B3", "B4", "B5"])
    last = await sees_card(zhang, "已集 5/8 枚印章。")
    assert "已得「五摊勋章」勋章" in last["caption"]
    assert last["message_id"] == first["message_id"]
    assert last["photo"][0]["file_id"] != first["photo"][0]["file_id"]
    assert (len(await cards(stage, zhang, "sendPhoto")), len(await cards(stage, zhang, "editMessageMedia"))) == (1, 1)


async def test_who_asks_for_the_card_has_it_below_and_stamps_go_there(stage: Stage) -> None:
    rally = await running_rally(stage.app)
    zhang = await visitor(stage)
    await stamp(stage.app, rally, zhang.id, ["B1"])
    first = await sees_card(zhang, "已集 1/8 枚印章。")
    await zhang.says("我的集章")
    await stage.comes_to(
        "SELECT count(*) FROM deliveries WHERE method = 'sendPhoto' AND state = 'sent' AND recipient = :me",
        (2,),
        me=zhang.id,
    )
    await stamp(stage.app, rally, zhang.id, ["B2"])
    second = await sees_card(zhang, "已集 2/8 枚印章。")
    assert second["message_id"] > first["message_id"]


async def test_a_picture_that_cannot_be_drawn_is_tried_again_and_holds_up_no_words(stage: Stage) -> None:
    rally = await running_rally(stage.app)
    zhang = await visitor(stage)
    drawn = stage.app.gallery.stamp_card
    stage.app.gallery.stamp_card = broken  # type: ignore[method-assign,assignment]
    await stamp(stage.app, rally, zhang.id, ["B1"])
    await stage.comes_to("SELECT reason FROM deliveries WHERE method = 'sendPhoto'", ("not_drawn",))
    stage.app.gallery.stamp_card = drawn  # type: ignore[method-assign]
    assert "张小明" not in (await sees_card(zhang, "已集 1/8 枚印章。"))["caption"]


async def broken(*_: object) -> bytes:
    raise OSError("no font")


async def test_the_turn_is_told_once_when_it_is_near(stage: Stage) -> None:
    rally = await running_rally(stage.app)
    queue = [await visitor(stage, name) for name in ("赵一", "钱二", "孙三", "李四")]
    for phone in queue:
        await takes_number(stage, rally, phone)
    for gone in queue[:2]:
        await stamp(stage.app, rally, gone.id, ["B7"])
        await sees_card(gone, "已集 1/8 枚印章。")
    await queue[3].sees("「茶艺」4 号，前面还有")
    told = await cards(stage, queue[3], "sendMessage")
    assert sum("快到您了" in call["params"]["text"] for call in told) == 1


async def takes_number(stage: Stage, rally: Rally, phone: Phone) -> None:
    booth = rally.booth("B7")
    assert booth is not None
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        member = await services.people.get(phone.id)
        assert member is not None
        await services.waits.take(rally, booth, member)
