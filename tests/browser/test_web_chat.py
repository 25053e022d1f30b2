"""The web chat as people use it: each test opens phones in a real browser and looks at what they show."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.scene import Scene
from tests.browser.scripted_bot import NAME, USERNAME, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

JOIN = {"inline_keyboard": [[{"text": "我要接龙", "callback_data": "join"}]]}
CONTACT = {"keyboard": [[{"text": "分享手机号", "request_contact": True}]], "resize_keyboard": True}


def bubbles(page: Page | Locator, text: str) -> Locator:
    """The bubbles of the open chat that show this text."""
    return page.locator(".bubble").filter(has_text=text)


def send(page: Page | Locator, text: str) -> None:
    """Type a message and press Enter."""
    field = page.get_by_label("输入消息")
    field.fill(text)
    field.press("Enter")


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


def test_a_pinned_text_is_the_announcement_and_a_pinned_card_the_to_do(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    manager = scene.person("李明", "manager")
    group = scene.group("A银行&老王面馆商户福利群", manager)
    announcement = bot.says(group, "欢迎入群，每周三团购")
    bot.call("pinChatMessage", chat_id=group, message_id=announcement)
    page = open_phone(manager, group)
    expect(page.get_by_role("region", name="群公告")).to_contain_text("欢迎入群")
    card = bot.says(group, "本周接龙", reply_markup=JOIN)
    bot.call("pinChatMessage", chat_id=group, message_id=card)
    notice, todo = page.get_by_role("region", name="群公告"), page.get_by_role("region", name="群待办")
    expect(todo).to_contain_text("本周接龙")
    expect(notice).to_contain_text("欢迎入群")
    bot.call("unpinChatMessage", chat_id=group, message_id=announcement)
    expect(notice).to_have_count(0)
    expect(todo).to_be_visible()
    bot.call("unpinChatMessage", chat_id=group, message_id=card)
    expect(todo).to_have_count(0)


def test_a_pinned_card_without_buttons_is_no_to_do_and_links_make_an_announcement(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    manager = scene.person("李明", "manager")
    group = scene.group("A银行&牙科诊所商户福利群", manager)
    link = {"inline_keyboard": [[{"text": "认识一下", "url": f"https://t.me/{USERNAME}?start=hello"}]]}
    announcement = bot.says(group, "欢迎入群", reply_markup=link)
    card = bot.says(group, "本周接龙", reply_markup=JOIN)
    for message in (announcement, card):
        bot.call("pinChatMessage", chat_id=group, message_id=message)
    page = open_phone(manager, group)
    expect(page.get_by_role("region", name="群公告")).to_contain_text("欢迎入群")
    expect(page.get_by_role("region", name="群待办")).to_contain_text("本周接龙")
    bot.call("editMessageText", chat_id=group, message_id=card, text="本周接龙已结束")
    expect(page.get_by_role("region", name="群待办")).to_have_count(0)


def test_the_bar_leads_to_what_is_pinned_and_then_to_what_was_pinned_before(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    manager = scene.person("李明", "manager")
    group = scene.group("A银行&健身房商户福利群", manager)
    for text in ("周三接龙", "周五接龙"):
        bot.call("pinChatMessage", chat_id=group, message_id=bot.says(group, text, reply_markup=JOIN))
    bot.says(group, "很长的话\n" * 80)
    page = open_phone(manager, group)
    todo = page.get_by_role("region", name="群待办")
    expect(todo).to_contain_text("1/2")
    for text in ("周五接龙", "周三接龙"):
        todo.get_by_role("button", name=text).click()
        expect(bubbles(page, text)).to_be_in_viewport()


def test_reactions_stand_below_the_bubble_and_a_person_reacts_too(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    manager, customer = scene.person("李明", "manager"), scene.person("陈静")
    group = scene.group("A银行&水果店商户福利群", manager, customer)
    page = open_phone(customer, group)
    message = scene.says(customer, group, "+1")
    bot.call("setMessageReaction", chat_id=group, message_id=message, reaction=[{"type": "emoji", "emoji": "👌"}])
    reactions = page.get_by_role("group", name="表情回应")
    expect(reactions.get_by_role("button", name="👌 1", pressed=False)).to_be_visible()
    choose(page, "+1", "👍")
    mine = reactions.get_by_role("button", name="👍 1", pressed=True)
    expect(mine).to_be_visible()
    expect(page.locator(".message__note")).to_have_count(0)
    mine.click()
    expect(mine).to_have_count(0)
    reactions.get_by_role("button", name="👌").click()
    expect(reactions.get_by_role("button", name="👌 2", pressed=True)).to_be_visible()


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


def test_a_vote_shows_the_shares_and_can_be_taken_back(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    bot.call("sendPoll", chat_id=person, question="周末团购选哪一款？", options=["草莓", "樱桃"])
    several = {"options": ["早市", "晚市"], "allows_multiple_answers": True}
    bot.call("sendPoll", chat_id=person, question="哪些时段方便？", **several)
    page = open_phone(person, USERNAME)
    one, many = page.locator(".poll").nth(0), page.locator(".poll").nth(1)
    one.get_by_role("button", name="樱桃").click()
    expect(one).to_contain_text("✓ 樱桃")
    expect(one).to_contain_text("1 人参与")
    one.get_by_role("button", name="撤回投票").click()
    expect(one.get_by_role("button", name="樱桃")).to_be_visible()
    many.get_by_label("早市").check()
    many.get_by_label("晚市").check()
    many.get_by_role("button", name="投票").click()
    expect(many.locator(".poll__result", has_text="✓")).to_have_count(2)


def test_a_refusal_is_read_in_chinese(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    manager, customer = scene.person("李明", "manager"), scene.person("陈静")
    group = scene.group("A银行&宠物店商户福利群", manager, customer)
    page = open_phone(customer, group)
    page.get_by_role("button", name="聊天信息").click()
    page.get_by_role("button", name="群聊名称").click()
    page.get_by_role("textbox", name="群名").fill("我的群")
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("status")).to_have_text("陈静没有修改群资料的权限")


def test_a_large_group_shows_its_first_members_and_all_on_request(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    manager = scene.person("李明", "manager")
    group = scene.group("A银行&超市商户福利群", manager, *[scene.person(f"会员{number}") for number in range(30)])
    page = open_phone(manager, group)
    expect(page.get_by_role("heading", name="(32)")).to_be_visible()
    page.get_by_role("button", name="聊天信息").click()
    faces = page.locator(".member[aria-label='邀请成员'], .member:not([aria-label])")
    expect(faces).to_have_count(19)
    page.get_by_role("button", name="查看全部 32 位群成员").click()
    expect(faces).to_have_count(33)


def test_three_phones_and_a_panel_fit_on_a_wide_screen_and_the_newest_words_stay(
    address: str, browser: Browser, scene: Scene, bot: ScriptedBot
) -> None:
    people = [scene.acquaintance(name) for name in ("王芳", "陈静", "刘洋")]
    for number in range(20):
        bot.says(people[0], f"第 {number} 条：" + "满10万元抵用500元，详情请看活动规则。" * 3)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    layout = ", ".join(f'{{"person": {person}, "chat": "{bot.call("getMe")["id"]}"}}' for person in people)
    page.add_init_script(f"localStorage.setItem('sandbox.phones', '[{layout}]')")
    page.goto(address)
    last = page.locator(".phone").first.locator(".bubble").last
    expect(last).to_be_in_viewport(ratio=1)
    page.get_by_role("banner").get_by_role("button", name="调用记录").first.click()
    expect(page.locator(".aside")).to_be_visible()
    expect(last).to_be_in_viewport(ratio=1)
    expect(page.locator(".phone")).to_have_count(3)
    assert page.locator(".wall").evaluate("(wall) => wall.scrollWidth - wall.clientWidth") == 0
    context.close()


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


def test_two_phones_side_by_side_talk_to_each_other(
    address: str, browser: Browser, scene: Scene, bot: ScriptedBot
) -> None:
    manager, customer = scene.person("李明", "manager"), scene.person("陈静")
    group = scene.group("A银行&书店商户福利群", manager, customer)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    phones = f'[{{"person": {manager}, "chat": "{group}"}}, {{"person": {customer}, "chat": "{group}"}}]'
    page.add_init_script(f"localStorage.setItem('sandbox.phones', '{phones}')")
    page.goto(address)
    left, right = page.locator(".phone").nth(0), page.locator(".phone").nth(1)
    send(left, "大家好，我是理财经理")
    expect(bubbles(right, "大家好，我是理财经理")).to_be_visible()
    expect(right.locator(".message__name").filter(has_text="李明")).to_be_visible()
    box = right.bounding_box()
    assert box is not None
    assert box["x"] > 390
    context.close()


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


def test_a_deep_link_opens_the_private_chat_and_starts_it(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    manager, customer = scene.person("李明", "manager"), scene.person("陈静")
    group = scene.group("A银行&花店商户福利群", manager, customer)
    link = {"inline_keyboard": [[{"text": "认识一下", "url": f"https://t.me/{USERNAME}?start=hello-1"}]]}
    bot.says(group, "欢迎 陈静", reply_markup=link)
    page = open_phone(customer, group)
    page.get_by_role("button", name="认识一下").click()
    expect(bubbles(page, "/start")).to_be_visible()
    assert bot.waits_for("message", text="/start hello-1")["from"]["id"] == customer
    expect(bubbles(page, "hello-1")).to_have_count(0)


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


def test_the_clock_can_be_turned_three_days_ahead(address: str, browser: Browser, scene: Scene) -> None:
    scene.person("李明", "manager")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    date = page.locator(".clock__date")
    expect(date).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d 星期."))
    before = date.inner_text()
    page.get_by_role("button", name="+3 天").click()
    expect(date).not_to_have_text(before)
    context.close()


def test_typing_shows_in_the_title(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    person = scene.acquaintance("王芳")
    page = open_phone(person, USERNAME)
    expect(bubbles(page, "/start")).to_be_visible()
    bot.call("sendChatAction", chat_id=person, action="typing")
    expect(page.get_by_role("heading", name="对方正在输入…")).to_be_visible()
    bot.says(person, "来了")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()


def test_an_ephemeral_answer_is_marked_and_seen_by_one_person_only(
    open_phone: OpenPhone, scene: Scene, bot: ScriptedBot
) -> None:
    manager, customer = scene.person("李明", "manager"), scene.person("陈静")
    group = scene.group("A银行&茶馆商户福利群", manager, customer)
    hers, his = open_phone(customer, group), open_phone(manager, group)
    bot.says(group, "只有陈静看得到", receiver_user_id=customer)
    bot.says(group, "大家都看得到")
    expect(hers.locator(".message", has_text="只有陈静看得到").locator(".message__note")).to_have_text("仅你可见")
    expect(bubbles(his, "大家都看得到")).to_be_visible()
    expect(bubbles(his, "只有陈静看得到")).to_have_count(0)


def choose(page: Page, message: str, deed: str) -> None:
    """Open the menu of a message and choose from it."""
    bubbles(page, message).first.click(button="right")
    page.get_by_role("dialog").get_by_role("button", name=deed).click()


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


def test_a_group_is_made_and_the_bot_brought_in_by_hand(open_phone: OpenPhone, scene: Scene, bot: ScriptedBot) -> None:
    manager = scene.person("李明", "manager")
    page = open_phone(manager)
    page.get_by_role("button", name="更多", exact=True).click()
    page.get_by_role("button", name="发起群聊").click()
    page.get_by_label("群名").fill("A银行&烘焙坊商户福利群")
    page.get_by_role("button", name="完成").click()
    page.get_by_role("button", name="聊天信息").click()
    page.get_by_role("button", name="添加机器人").click()
    page.get_by_role("dialog").get_by_role("button", name=NAME).click()
    page.get_by_label("启动参数").fill("register")
    page.get_by_label("置顶消息").check()
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator(".service").filter(has_text=f"你邀请{NAME}加入了群聊")).to_be_visible()
    assert bot.waits_for("my_chat_member")["new_chat_member"]["can_pin_messages"] is True
    bot.waits_for("message", text=f"/start@{USERNAME} register")


def test_a_stranger_joins_a_group_by_its_code(open_phone: OpenPhone, scene: Scene) -> None:
    scene.group("A银行&咖啡馆商户福利群", scene.person("李明", "manager"))
    page = open_phone(scene.person("刘洋"))
    page.get_by_role("button", name="更多", exact=True).click()
    page.get_by_role("button", name="扫码进群").click()
    page.get_by_role("dialog").get_by_role("button", name="A银行&咖啡馆商户福利群").click()
    expect(page.locator(".service").filter(has_text="你加入了群聊")).to_be_visible()


def test_a_fault_switched_on_strikes_the_bot_and_stands_in_the_record(
    address: str, browser: Browser, scene: Scene, bot: ScriptedBot
) -> None:
    person = scene.acquaintance("王芳")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.get_by_role("banner").get_by_role("button", name="故障").first.click()
    switch = page.get_by_role("checkbox", name=re.compile("5xx"))
    with page.expect_response("**/api/faults"):
        switch.check()
    assert bot.refused("sendMessage", chat_id=person, text="不会送达") == 502
    with page.expect_response("**/api/faults"):
        switch.uncheck()
    bot.says(person, "又通了")
    page.get_by_role("banner").get_by_role("button", name="调用记录").first.click()
    newest = page.get_by_role("list", name="最近的调用").get_by_role("listitem")
    expect(newest.nth(0)).to_contain_text("✓")
    expect(newest.nth(1)).to_contain_text("502")
    context.close()
