"""The desk: phones side by side, the clock, faults and the record."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import bubbles, send
from tests.browser.scene import Scene
from tests.browser.scripted_bot import ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


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
