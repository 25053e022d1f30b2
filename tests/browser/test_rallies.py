"""A stamp rally in a real browser: the card that changes by itself, map and queues, numbers, codes, both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.app import App
from campaigns.rallies.model import Rally
from storage.private_postgres import PrivatePostgres
from tests.browser.sites import OpenApp, Site, beyond_the_edge, opening, running_site, small_targets
from tests.rally_visits import pause, running_rally, screen, stamp, visitors

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

ZHANG, LI, WANG, CHEN = 5_000_000_801, 5_000_000_802, 5_000_000_803, 5_000_000_804
FIVE = ("B1", "B2", "B4", "B5", "B8")


class Fair:
    """The event of these tests: B6 is paused, Li has five stamps and a medal."""

    rally: Rally

    async def prepare(self, app: App) -> None:
        """Open it."""
        self.rally = await running_rally(app)
        await visitors(app, ZHANG, LI, WANG, CHEN)
        await pause(app, self.rally, "B6", "停电，稍后恢复")
        await stamp(app, self.rally, LI, FIVE)


@pytest.fixture(scope="module")
def fair() -> Fair:
    return Fair()


@pytest.fixture(scope="module")
def site(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory, fair: Fair) -> Iterator[Site]:
    """The door beside which the event runs."""
    with running_site(postgres, tmp_path_factory.mktemp("rallies"), fair.prepare) as found:
        yield found


@pytest.fixture
def open_app(browser: Browser, site: Site) -> Iterator[OpenApp]:
    """Open the page as Telegram does; a complaint, or a request to anywhere else, fails the test."""
    with opening(browser, site) as found:
        yield found


def test_a_stamp_is_on_the_open_card_by_itself_and_the_page_stays_where_it_was(
    site: Site, fair: Fair, open_app: OpenApp
) -> None:
    page = open_app(ZHANG, start=f"rally_{fair.rally.id}")
    expect(page.locator("#count")).to_have_text("0/8 枚")
    expect(page.locator("#view")).to_contain_text("王* 的集章卡")
    page.evaluate("window.scrollTo(0, 300)")
    site.does(lambda app: stamp(app, fair.rally, ZHANG, ["B3"]))
    expect(page.locator("#count")).to_have_text("1/8 枚")
    expect(page.locator("[data-booth=B3] .seal")).to_have_text("小红书店")
    expect(page.get_by_role("status").last).to_contain_text("盖章成功：小红书店（1/8 枚）")
    assert page.evaluate("window.scrollY") == 300
    assert page.locator("[data-spot=B3].spot_stamped").count() == 1


def test_the_map_tells_states_and_queues_and_where_to_go_next(site: Site, fair: Fair, open_app: OpenApp) -> None:
    page = open_app(WANG, "rallies")
    expect(page.locator("[data-spot=B6]")).to_have_class(re.compile("spot_paused"))
    expect(page.locator(".banner_next")).to_contain_text("下一站")
    page.locator("[data-spot=B6]").click()
    expect(page.get_by_role("dialog")).to_contain_text("暂停：停电，稍后恢复")
    expect(page.get_by_role("button", name="取号排队")).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator("[data-booth=B7]").click()
    page.get_by_role("button", name="取号排队").click()
    expect(page.locator("#view .banner").first).to_contain_text("茶艺")
    expect(page.locator("#view .banner").first).to_contain_text("1 号，轮到您了")
    page.get_by_role("button", name="不排了").click()
    expect(page.get_by_role("status").last).to_contain_text("号已退回。")
    expect(page.get_by_role("button", name="不排了")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_beyond_the_edge_and_every_button_fits_a_thumb(fair: Fair, open_app: OpenApp, language: str) -> None:
    for width in (360, 1280):
        page = open_app(LI, start=f"rally_{fair.rally.id}", width=width, language=language)
        expect(page.locator(".medal_won")).to_have_count(1)
        assert (beyond_the_edge(page), small_targets(page)) == ([], [])
        page.locator("[data-spot=B6]").click()
        assert (beyond_the_edge(page), small_targets(page)) == ([], [])
        page.keyboard.press("Escape")
        page.get_by_role("button", name="活动规则" if language == "zh" else "Rules").click()
        expect(page.locator(".rules")).to_contain_text("五摊勋章" if language == "zh" else "Five booths")
        assert (beyond_the_edge(page), small_targets(page)) == ([], [])


def test_a_coupon_shows_its_code_and_a_gift_asks_for_the_real_name_first(fair: Fair, open_app: OpenApp) -> None:
    page = open_app(LI, start=f"rally_{fair.rally.id}")
    page.get_by_role("button", name="使用").click()
    expect(page.get_by_alt_text("兑换二维码")).to_be_visible()
    expect(page.locator(".code__text")).to_have_text(re.compile("^[2-9A-Z]{6}$"))
    assert (beyond_the_edge(page), small_targets(page)) == ([], [])
    page.get_by_role("button", name="完成").click()
    page.get_by_role("button", name="出示二维码").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="去绑定")).to_be_visible()


def test_the_clients_scanner_reads_a_booths_screen_and_a_clerk_reads_the_member_code(
    site: Site, fair: Fair, open_app: OpenApp
) -> None:
    page = open_app(WANG, "rallies")
    expect(page.get_by_role("button", name="扫码集章")).to_have_count(0)
    page.add_init_script("window.told = []; window.TelegramWebviewProxy = {postEvent: (name) => told.push(name)}")
    page.reload()
    code = site.does(lambda app: screen(app, fair.rally, "B8"))
    for text in ("https://example.org/", f"https://t.me/bot?start=k_{code}"):
        page.get_by_role("button", name="扫码集章").click()
        script = "text => Telegram.WebView.receiveEvent('qr_text_received', {data: text})"
        page.evaluate(script, text)
        expect(page.get_by_role("status").last).to_contain_text("不是摊位的码" if "example" in text else "洗车行")
    expect(page.locator("[data-booth=B8] .seal")).to_be_visible()
    assert page.evaluate("told.filter(name => name.includes('scan')).length") == 4
    page.get_by_role("button", name="会员码").click()
    expect(page.get_by_role("dialog").locator(".code__text")).to_have_text(re.compile("^[2-9A-Z]{6}$"))
    assert (beyond_the_edge(page), small_targets(page)) == ([], [])


def test_the_language_is_chosen_on_the_page_and_kept(fair: Fair, open_app: OpenApp) -> None:
    page = open_app(CHEN, "rallies")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("tab", name="Stamps")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#count")).to_have_text("0 of 8")
    expect(page.locator("[data-booth=B2]")).to_contain_text("Rice Shop")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#count")).to_have_text("0/8 枚")


def test_without_a_connection_the_card_waits_and_goes_on(site: Site, fair: Fair, open_app: OpenApp) -> None:
    page = open_app(CHEN, "rallies")
    expect(page.locator("#count")).to_have_text("0/8 枚")
    page.context.set_offline(True)
    site.does(lambda app: stamp(app, fair.rally, CHEN, ["B8"]))
    page.context.set_offline(False)
    expect(page.locator("#count")).to_have_text("1/8 枚", timeout=10_000)
