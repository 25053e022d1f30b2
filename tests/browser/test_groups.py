"""Groups on the phones: pinned bars, members, joining, links and refusals."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.pages import JOIN, bubbles
from tests.browser.scene import Scene
from tests.browser.scripted_bot import NAME, USERNAME, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


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
