"""Reactions below bubbles, and votes in polls."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.pages import choose
from tests.browser.scene import Scene
from tests.browser.scripted_bot import USERNAME, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


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
