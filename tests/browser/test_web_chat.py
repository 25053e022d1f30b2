"""A chat as people use it: each test opens phones in a real browser and looks at what they show."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.pages import CONTACT, JOIN, bubbles, choose, send
from tests.browser.scene import Scene
from tests.browser.scripted_bot import NAME, USERNAME, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def test_a_first_chat_begins_with_the_start_button(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.person("王芳")
    page = open_phone(person)
    page.get_by_role("button", name="通讯录").click()
    page.get_by_role("button", name=NAME).click()
    page.get_by_role("button", name="开始").click()
    expect(bubbles(page, "/start")).to_be_visible()
    assert bot.waits_for("message")["text"] == "/start"


def test_a_sent_text_stands_in_a_green_bubble(open_phone: OpenPhone, scene: Scene) -> None:
    page = open_phone(scene.acquaintance("王芳"), USERNAME)
    send(page, "你好，我想接龙")
    expect(page.locator(".message_out .bubble").filter(has_text="你好，我想接龙")).to_have_css(
        "background-color", "rgb(149, 236, 105)"
    )
    expect(page.get_by_label("输入消息")).to_have_value("")


def test_a_tap_shows_the_bots_answer_as_a_toast(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    bot.says(person, "周三团购", reply_markup=JOIN)
    page = open_phone(person, USERNAME)
    page.get_by_role("button", name="我要接龙").click()
    query = bot.waits_for("callback_query")
    assert (query["from"]["id"], query["data"]) == (person, "join")
    bot.call("answerCallbackQuery", callback_query_id=query["id"], text="已报名，第 1 位")
    expect(page.get_by_role("status").filter(has_text="已报名，第 1 位")).to_be_visible()


def test_an_alert_waits_for_the_person(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    bot.says(person, "周三团购", reply_markup=JOIN)
    page = open_phone(person, USERNAME)
    page.get_by_role("button", name="我要接龙").click()
    query = bot.waits_for("callback_query")
    bot.call("answerCallbackQuery", callback_query_id=query["id"], text="名额已满", show_alert=True)
    expect(page.get_by_role("dialog")).to_contain_text("名额已满")
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_double_tap_reaches_the_bot_twice(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    bot.says(person, "周三团购", reply_markup=JOIN)
    page = open_phone(person, USERNAME)
    page.get_by_role("button", name="我要接龙").dblclick()
    first, second = bot.waits_for("callback_query"), bot.waits_for("callback_query")
    assert first["id"] != second["id"]


def test_a_shared_contact_is_asked_for_first(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    bot.says(person, "请分享手机号", reply_markup=CONTACT)
    page = open_phone(person, USERNAME)
    page.get_by_role("button", name="分享手机号").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"分享手机号给 {NAME}?")
    page.get_by_role("button", name="分享", exact=True).click()
    expect(page.locator(".name-card")).to_contain_text("王芳")
    bot.waits_for("message", text="/start")
    assert bot.waits_for("message")["contact"]["user_id"] == person


def test_an_edited_message_that_was_read_is_not_unread_again(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    person = scene.acquaintance("王芳")
    card = bot.says(person, "名额 1/20")
    page = open_phone(person, USERNAME)
    expect(bubbles(page, "名额 1/20")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    row = page.get_by_role("button", name=re.compile(NAME))
    expect(row.locator(".badge")).to_have_count(0)
    bot.call("editMessageText", chat_id=person, message_id=card, text="名额 2/20")
    expect(row).to_contain_text("名额 2/20")
    expect(row.locator(".badge")).to_have_count(0)


def test_an_edited_message_changes_in_place(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    card = bot.says(person, "名额 1/20")
    page = open_phone(person, USERNAME)
    expect(bubbles(page, "名额 1/20")).to_be_visible()
    count = page.locator(".message").count()
    bot.call("editMessageText", chat_id=person, message_id=card, text="名额 2/20")
    expect(bubbles(page, "名额 2/20")).to_be_visible()
    expect(page.locator(".message")).to_have_count(count)
    expect(page.locator(".message__note").filter(has_text="已编辑")).to_be_visible()


def test_a_deleted_message_disappears(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    message = bot.says(person, "发错了")
    page = open_phone(person, USERNAME)
    expect(bubbles(page, "发错了")).to_be_visible()
    bot.call("deleteMessage", chat_id=person, message_id=message)
    expect(bubbles(page, "发错了")).to_have_count(0)


def test_unread_messages_are_counted_on_a_red_badge(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    page = open_phone(person)
    row = page.get_by_role("button", name=re.compile(NAME))
    expect(row).to_be_visible()
    bot.says(person, "一")
    bot.says(person, "二")
    badge = row.locator(".badge")
    expect(badge).to_have_text("2")
    expect(badge).to_have_css("background-color", "rgb(250, 81, 81)")
    row.click()
    page.get_by_role("button", name="返回").click()
    expect(badge).to_have_count(0)


@pytest.mark.parametrize("width", [320, 375])
def test_nothing_sticks_out_of_a_narrow_phone(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot, width: int
) -> None:
    person = scene.acquaintance("王芳")
    bot.says(person, "无空格" + "x" * 400, reply_markup={"inline_keyboard": [[JOIN["inline_keyboard"][0][0]] * 4]})
    bot.says(person, "菜单", reply_markup=CONTACT)
    page = open_phone(person, USERNAME, width)
    expect(bubbles(page, "无空格")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    inside = page.locator(".scroller").evaluate("(scroller) => scroller.scrollWidth - scroller.clientWidth")
    assert (wide, inside) == (0, 0)


def test_markup_written_by_people_is_shown_as_letters(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("<i>王芳</i>")
    attack = "<img src=x onerror=\"document.title='owned'\"><b>粗</b>"
    page = open_phone(person, USERNAME)
    send(page, attack)
    expect(bubbles(page, attack)).to_be_visible()
    bot.says(person, attack)
    expect(bubbles(page, attack)).to_have_count(2)
    assert page.locator(".bubble img, .bubble b").count() == 0
    assert page.title() != "owned"


def test_formatting_of_the_bot_is_drawn(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    text = '<b>满10万元</b>，<a href="https://example.com/rules">规则</a>，<code>A-01</code> 🎉<i>好</i>'
    bot.says(person, text, parse_mode="HTML")
    page = open_phone(person, USERNAME)
    expect(page.locator(".bubble b")).to_have_text("满10万元")
    expect(page.locator(".bubble a")).to_have_attribute("href", "https://example.com/rules")
    expect(page.locator(".bubble code")).to_have_text("A-01")
    expect(page.locator(".bubble i")).to_have_text("好")


def test_new_words_wait_below_while_the_person_reads_above(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    person = scene.acquaintance("王芳")
    for number in range(3):
        bot.says(person, f"第 {number} 段\n" + "很长的话\n" * 30)
    page = open_phone(person, USERNAME)
    expect(bubbles(page, "第 2 段")).to_be_visible()
    page.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = 0; }")
    bot.says(person, "最新的话")
    page.get_by_role("button", name="1 条新消息").click()
    expect(bubbles(page, "最新的话")).to_be_in_viewport()


def test_a_blocked_bot_can_be_let_back(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    page = open_phone(person, USERNAME)
    page.get_by_role("button", name="聊天信息").click()
    page.get_by_role("button", name="加入黑名单").click()
    expect(page.get_by_role("button", name="移出黑名单")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    page.get_by_role("button", name="移出黑名单").click()
    expect(page.get_by_label("输入消息")).to_be_visible()


def test_the_command_menu_opens_with_a_slash(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    bot.call("setMyCommands", commands=[{"command": "join", "description": "参加接龙"}])
    page = open_phone(person, USERNAME)
    page.get_by_label("输入消息").fill("/")
    page.get_by_role("option", name="参加接龙").click()
    expect(bubbles(page, "/join")).to_be_visible()


def test_typing_shows_in_the_title(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    page = open_phone(person, USERNAME)
    expect(bubbles(page, "/start")).to_be_visible()
    bot.call("sendChatAction", chat_id=person, action="typing")
    expect(page.get_by_role("heading", name="对方正在输入…")).to_be_visible()
    bot.says(person, "来了")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()


def test_a_message_can_be_quoted_edited_and_forwarded(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    manager = scene.person("李明", "manager")
    group = scene.group("A银行&果园商户福利群", manager)
    scene.says(manager, USERNAME, "/start")
    page = open_phone(manager, group)
    send(page, "周三发货")
    choose(page, "周三发货", "引用")
    send(page, "收到")
    expect(page.locator(".quote")).to_have_text("李明：周三发货")
    choose(page, "周三发货", "编辑")
    send(page, "周四发货")
    expect(bubbles(page, "周四发货")).to_be_visible()
    choose(page, "周四发货", "转发")
    page.get_by_role("dialog").get_by_role("button", name=NAME).click()
    assert bot.waits_for("message", text="周四发货")["forward_origin"]["sender_user"]["id"] == manager


def test_a_sent_photo_opens_in_the_lightbox(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    page = open_phone(scene.acquaintance("王芳"), USERNAME)
    page.get_by_role("button", name="更多功能").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="图片").click()
    chooser.value.set_files({"name": "card.png", "mimeType": "image/png", "buffer": page.screenshot()})
    page.get_by_role("button", name="查看大图").click()
    page.get_by_role("button", name="关闭大图").click()
    expect(page.get_by_role("button", name="关闭大图")).to_have_count(0)
    bot.waits_for("message", text="/start")
    assert bot.waits_for("message")["photo"]
