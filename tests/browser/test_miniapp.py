"""The Mini App in a real browser: the chat's balance, one redemption for a double tap, words for every trouble."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from storage.private_postgres import PrivatePostgres
from tests.browser.conftest import OpenPhone
from tests.browser.pages import bubbles
from tests.browser.scene import Scene
from tests.browser.scripted_bot import USERNAME, ScriptedBot
from tests.browser.sites import OpenApp, Site, beyond_the_edge, opening, running_site, small_targets
from tests.miniapp import groupbuy, shelf

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

WANG, LI, ZHAO = 5_000_000_901, 5_000_000_902, 5_000_000_903
STRANGER = 5_000_000_999


@pytest.fixture(scope="module")
def site(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A shelf with one item, and three customers with 50 points."""
    with running_site(postgres, tmp_path_factory.mktemp("app"), lambda app: shelf(app, WANG, LI, ZHAO)) as found:
        yield found


@pytest.fixture
def open_app(browser: Browser, site: Site) -> Iterator[OpenApp]:
    """Open the page as Telegram does; a complaint, or a request to anywhere else, fails the test."""
    with opening(browser, site) as found:
        yield found


def test_in_the_web_chat_the_app_opens_signed_and_redeems_once(
    site: Site, scene: Scene, bot: ScriptedBot, open_phone: OpenPhone
) -> None:
    scene.turns_clock_to(datetime.now(UTC))
    person = scene.acquaintance("王芳")
    site.does(lambda app: shelf(app, person))
    button = {"text": "打开小程序", "web_app": {"url": f"{site.address}/app"}}
    bot.says(person, "您有 50 波豆。", reply_markup={"inline_keyboard": [[button]]})
    phone = open_phone(person, USERNAME)
    phone.get_by_role("button", name="打开小程序").click()
    app = phone.frame_locator("iframe")
    expect(app.locator("#balance")).to_have_text("50")
    app.get_by_role("tab", name="兑换").click()
    app.get_by_role("button", name="兑换", exact=True).first.click()
    sheet = app.get_by_role("dialog")
    expect(sheet).to_contain_text("30 波豆")
    sheet.get_by_role("button", name="确认兑换").dblclick()
    expect(app.get_by_alt_text("兑换二维码")).to_be_visible()
    assert site.redemptions_of(person) == 1
    app.get_by_role("button", name="完成").click()
    expect(app.get_by_role("button", name="出示二维码")).to_be_visible()
    phone.get_by_label("关闭小程序").click()
    expect(phone.locator("iframe")).to_have_count(0)


def test_from_a_group_the_cards_link_opens_the_groupbuy_and_a_friend_is_invited(
    site: Site, scene: Scene, bot: ScriptedBot, open_phone: OpenPhone
) -> None:
    scene.turns_clock_to(datetime.now(UTC))
    scene.sets_main_app(f"{site.address}/app")
    person = scene.acquaintance("赵云")
    group = scene.group("A银行&米店商户福利群", person)
    number = site.does(lambda app: groupbuy(app, person, chat=-900))
    link = f"https://t.me/{USERNAME}?startapp=chain_{number}"
    bot.says(group, "【拼团】稳健理财", reply_markup={"inline_keyboard": [[{"text": "团购小程序", "url": link}]]})
    phone = open_phone(person, group)
    phone.get_by_role("button", name="团购小程序").click()
    app = phone.frame_locator("iframe")
    expect(app.get_by_role("heading", name="稳健理财")).to_be_visible()
    app.get_by_role("button", name="邀请朋友").click()
    phone.get_by_role("dialog").get_by_role("button", name="米店").click()
    phone.get_by_label("关闭小程序").click()
    expect(bubbles(phone, "start=b_")).to_be_visible()
    phone.get_by_role("button", name="团购小程序").click()
    app.get_by_role("button", name="去绑定").click()
    bot.waits_for("message", text="/start bind")
    expect(phone.locator("iframe")).to_have_count(0)


def test_the_statement_is_the_chats_and_giving_up_brings_the_points_back(site: Site, open_app: OpenApp) -> None:
    page = open_app(LI, "shelf")
    page.get_by_role("button", name="兑换", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="确认兑换").click()
    code = page.locator("code").inner_text()
    page.get_by_role("tab", name="待领取").click()
    page.get_by_role("button", name="出示二维码").click()
    expect(page.locator("code")).not_to_have_text(code)
    page.get_by_role("tab", name="波豆").click()
    expect(page.locator("#balance")).to_have_text("30")
    expect(page.locator("#view")).to_contain_text("另有 20 已留作兑换")
    page.get_by_role("tab", name="待领取").click()
    page.get_by_role("button", name="取消兑换").click()
    page.get_by_role("dialog").get_by_role("button", name="确认取消").click()
    expect(page.get_by_role("status")).to_contain_text("已取消，20 波豆已退回。")
    page.get_by_role("tab", name="波豆").click()
    expect(page.locator("#balance")).to_have_text("50")
    assert page.locator("li .amount").all_inner_texts() == ["+20", "−20", "+50"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_beyond_the_edge_and_every_button_fits_a_thumb(open_app: OpenApp, language: str) -> None:
    for width in (360, 1280):
        page = open_app(ZHAO, width=width, language=language)
        for tab in range(3):
            page.get_by_role("tab").nth(tab).click()
            expect(page.locator("#view .notice")).to_have_count(0)
            assert beyond_the_edge(page) == []
            assert small_targets(page) == []
        page.get_by_role("tab").nth(1).click()
        page.locator(".card__button").first.click()
        assert (small_targets(page), beyond_the_edge(page)) == ([], [])
        page.get_by_role("dialog").locator(".weui-btn_primary").click()
        page.locator(".code__text").wait_for()
        assert (small_targets(page), beyond_the_edge(page)) == ([], [])
        page.get_by_role("tab").nth(2).click()
        page.locator(".card").first.wait_for()
        assert (small_targets(page), beyond_the_edge(page)) == ([], [])
        page.locator(".card .weui-btn_default").first.click()
        assert (small_targets(page), beyond_the_edge(page)) == ([], [])
        page.get_by_role("dialog").locator(".weui-btn_warn").click()
        expect(page.locator(".card")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_groupbuy_opens_by_its_link_and_is_joined_after_the_terms(
    site: Site, open_app: OpenApp, language: str
) -> None:
    chat = -100 if language == "zh" else -200
    number = site.does(lambda app: groupbuy(app, ZHAO, items=("红色", "蓝色"), limit=3, chat=chat))
    page = open_app(ZHAO, start=f"chain_{number}", language=language)
    join = page.locator(".panel .weui-btn_primary")
    expect(join).to_be_disabled()
    assert page.locator(".risk").first.is_visible()
    page.get_by_role("radio").nth(1).check()
    page.locator(".step").nth(1).click()
    expect(join).to_be_disabled()
    page.get_by_role("checkbox").check()
    assert (small_targets(page), beyond_the_edge(page)) == ([], [])
    join.dblclick()
    expect(page.locator(".panel_own")).to_contain_text("蓝色 × 2")
    assert (small_targets(page), beyond_the_edge(page)) == ([], [])
    page.get_by_role("tab").nth(3).click()
    page.locator(".card_link").click()
    page.locator(".panel_own .weui-btn_default").click()
    page.get_by_role("dialog").locator(".weui-btn_warn").click()
    expect(page.locator(".panel_own")).to_have_count(0)


def test_forged_and_old_data_and_a_strangers_session_say_what_to_do(open_app: OpenApp) -> None:
    forged = open_app(WANG, token=f"7000000001:{'x' * 35}")
    expect(forged.get_by_role("alert")).to_contain_text("请回到聊天重新打开")
    old = open_app(WANG, age=timedelta(minutes=6))
    expect(old.get_by_role("alert")).to_contain_text("Please open this page again from the chat")
    assert old.locator("#balance").count() == 0


def test_who_is_not_bound_is_led_to_the_chat_and_cannot_redeem(open_app: OpenApp) -> None:
    page = open_app(STRANGER, "shelf")
    expect(page.locator("#view")).to_contain_text("兑换前需要实名")
    expect(page.get_by_role("button", name="去绑定")).to_be_visible()
    expect(page.locator(".card__button").first).to_be_disabled()


def test_without_a_connection_the_page_says_so_and_tries_again(open_app: OpenApp) -> None:
    page = open_app(WANG)
    expect(page.locator("#balance")).to_have_text("50")
    page.context.set_offline(True)
    page.get_by_role("tab", name="兑换").click()
    expect(page.get_by_role("alert")).to_contain_text("网络不通")
    page.context.set_offline(False)
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".card__button").first).to_be_visible()
    page.reload()
    expect(page.locator("#balance")).to_have_text("50")
