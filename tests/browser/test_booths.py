"""A booth's screen in a real browser: paired once, readable from afar, and at work while the network is gone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from bot.app import App
from campaigns.rallies.model import BoothState
from campaigns.slips.codes import spoken
from storage.private_postgres import PrivatePostgres
from storage.rallies import SqlRallyStore
from storage.stamps import SqlStampStore
from tests.browser.sites import Site, beyond_the_edge, running_site, small_targets
from tests.rally_visits import ORGANISER, running_rally, visitors

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

WANG, LI, ZHAO = 5_000_000_901, 5_000_000_902, 5_000_000_903
PHONE, DESKTOP = (375, 740), (1440, 900)
OpenScreen = Callable[..., Page]
# A browser that reads QR codes, and a camera before which `held` is held: headless Chromium on Linux has neither.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d");
    return canvas.captureStream();
};
window.BarcodeDetector = class {
    static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
    async detect() { return window.held ? [{ rawValue: window.held }] : []; }
};
"""


async def prepare(app: App) -> None:
    """A running event with three visitors who take part."""
    rally = await running_rally(app)
    await visitors(app, WANG, LI, ZHAO)
    async with app.database.unit_of_work() as uow:
        await SqlStampStore(uow).lock_members(rally.id, [WANG, LI, ZHAO], "poster", app.clock.now())


@pytest.fixture(scope="module")
def site(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(postgres, tmp_path_factory.mktemp("booths"), prepare) as found:
        yield found


def pairing_link(site: Site, booth: str) -> str:
    async def invite(app: App) -> str:
        async with app.database.unit_of_work() as uow:
            services = app.services(uow)
            rally = await SqlRallyStore(uow, app.world.vault).by_code("FAIR")
            place = rally.booth(booth) if rally else None
            assert place is not None
            return await services.screens.invite(place, ORGANISER)

    return f"{site.address}/booth#{site.does(invite)}"


def number_of(site: Site, member: int) -> str:
    """What a visitor says at a booth without network."""

    async def look(app: App) -> str:
        async with app.database.unit_of_work() as uow:
            found = await SqlRallyStore(uow, app.world.vault).member(1, member)
            assert found is not None
            return spoken(found.number)

    return site.does(look)


def stamps_of(site: Site, member: int, way: str) -> int:
    async def count(app: App) -> int:
        async with app.database.unit_of_work() as uow:
            asked = text("SELECT count(*) FROM stamps WHERE member_id = :member AND way = :way")
            return int(await uow.session.scalar(asked, {"member": member, "way": way}) or 0)

    return site.does(count)


@pytest.fixture
def open_screen(browser: Browser, site: Site) -> Iterator[OpenScreen]:
    """A screen that was paired with a booth; a complaint or a request to anywhere else fails the test."""
    contexts, wrong = [], list[str]()

    def open_one(
        booth: str = "B1", size: tuple[int, int] = PHONE, link: str = "", script: str = "", **more: Any
    ) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **more)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(script)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith((site.address, "data:")) else wrong.append(asked.url)
        )
        page.goto(link or pairing_link(site, booth))
        if not link:
            page.get_by_role("button", name="配对").click()
            expect(page.locator(".code")).to_be_visible()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_code_is_large_and_nothing_is_cut_off(
    open_screen: OpenScreen, size: tuple[int, int], tmp_path: Path
) -> None:
    page = open_screen("B1", size)
    box = page.locator(".code").bounding_box()
    assert box is not None
    assert box["width"] >= min(size[0] * 0.9, size[1] * 0.55)
    expect(page.locator("h1")).to_have_text("B1 老王牛肉面")
    expect(page.locator(".seconds")).to_contain_text("秒后换新码")
    expect(page.locator("footer")).to_contain_text("离线章剩 150")
    assert beyond_the_edge(page) == []
    assert small_targets(page) == []
    page.screenshot(path=tmp_path / f"code-{size[0]}.png")
    page.get_by_role("button", name="EN").click()
    expect(page.locator(".scan")).to_contain_text("Scan with your camera")
    page.get_by_role("button", name="Stamp by hand").click()
    assert beyond_the_edge(page) == []
    assert small_targets(page) == []
    page.screenshot(path=tmp_path / f"clerk-{size[0]}.png")


def test_a_pairing_link_works_once(open_screen: OpenScreen, site: Site) -> None:
    link = pairing_link(site, "B2")
    first, second = open_screen(link=link), open_screen(link=link)
    first.get_by_role("button", name="配对").click()
    expect(first.locator("h1")).to_have_text("B2 米店")
    second.get_by_role("button", name="配对").click()
    expect(second.locator(".told")).to_contain_text("已用过或已过期")


def test_a_clerk_stamps_a_visitor_by_the_member_code(open_screen: OpenScreen, site: Site) -> None:
    async def fresh(app: App) -> str:
        async with app.database.unit_of_work() as uow:
            return (await app.services(uow).stamps.member_code(ZHAO))[0]

    page, code = open_screen("B1"), site.does(fresh)
    page.get_by_role("button", name="人工盖章").click()
    page.get_by_label("访客的会员码").fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_have_text("✅ 已盖章，访客共 1/8 枚")
    page.get_by_label("访客的会员码").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_contain_text("会员码无效")
    assert stamps_of(site, ZHAO, "staff") == 1


def test_a_clerks_camera_reads_one_visitor_after_another(open_screen: OpenScreen, site: Site) -> None:
    async def fresh(app: App) -> str:
        async with app.database.unit_of_work() as uow:
            return (await app.services(uow).stamps.member_code(ZHAO))[0]

    page, code = open_screen("B5", script=CAMERA), site.does(fresh)
    page.get_by_role("button", name="人工盖章").click()
    page.get_by_role("button", name="扫会员码").click()
    for held, told in (
        ("https://example.org/", "这不是会员码"),
        (f"https://t.me/bot?start=v_{code}", "✅ 已盖章"),
        (f"v_{'Z' * 6}", "会员码无效"),
    ):
        page.evaluate("held => { window.held = held; }", held)
        expect(page.locator(".told")).to_contain_text(told)
    assert beyond_the_edge(page) == []
    page.get_by_role("button", name="关闭相机").click()
    expect(page.locator("video")).to_have_count(0)


def test_a_screen_moves_to_another_booth_once_it_has_handed_in_what_it_keeps(
    open_screen: OpenScreen, site: Site
) -> None:
    page = open_screen("B6")
    expect(page.locator("footer")).to_contain_text("离线章剩 150")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.get_by_role("button", name="人工盖章").click()
    page.get_by_label("访客号码").fill(number_of(site, ZHAO))
    page.keyboard.press("Enter")
    expect(page.locator("footer")).to_contain_text("待上传 1")
    page.goto(f"{pairing_link(site, 'B7')}")
    page.reload()
    page.get_by_role("button", name="配对").click()
    expect(page.locator(".told")).to_contain_text("还有没上传的印章")
    page.context.set_offline(False)
    page.get_by_role("button", name="配对").click()
    expect(page.locator("h1")).to_contain_text("B7")
    expect(page.locator(".code")).to_be_visible()
    assert stamps_of(site, ZHAO, "slip") == 1


def test_a_screen_works_on_without_network_and_hands_its_stamps_in_later(open_screen: OpenScreen, site: Site) -> None:
    page = open_screen("B3")
    expect(page.locator("footer")).to_contain_text("离线章剩 150")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    said = number_of(site, WANG)
    page.context.set_offline(True)
    expect(page.locator("#banner")).to_contain_text("网络断了")
    page.reload()
    page.get_by_role("button", name="人工盖章").click()
    page.get_by_label("访客号码").fill(said[:-1] + str((int(said[-1]) + 1) % 10))
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_have_text("号码不对，请再核对一次")
    page.get_by_label("访客号码").fill(said)
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_have_text("已记下，等待上传")
    page.get_by_label("访客号码").fill(spoken(987_654))
    page.keyboard.press("Enter")
    expect(page.locator("footer")).to_contain_text("待上传 2")
    assert stamps_of(site, WANG, "slip") == 0
    page.context.set_offline(False)
    expect(page.locator("footer")).to_contain_text("冲突 1")
    expect(page.locator(".told")).to_have_text("✅ 已上传")
    expect(page.locator("footer")).not_to_contain_text("待上传")
    assert stamps_of(site, WANG, "slip") == 1
    expect(page.locator(".conflicts")).to_contain_text("没有这个号码，请核对")
    page.locator(".conflicts input").fill(number_of(site, LI))
    page.get_by_role("button", name="改号码").click()
    expect(page.locator("footer")).not_to_contain_text("冲突")
    expect(page.locator("footer")).not_to_contain_text("待上传")
    assert stamps_of(site, LI, "slip") == 1


def test_a_paused_booth_shows_a_sign_and_a_stopped_screen_shows_nothing(open_screen: OpenScreen, site: Site) -> None:
    page = open_screen("B4")

    async def pause(app: App) -> None:
        async with app.database.unit_of_work() as uow:
            store = SqlRallyStore(uow, app.world.vault)
            rally = await store.by_code("FAIR")
            booth = rally.booth("B4") if rally else None
            assert booth is not None
            await store.set_booth(booth.id, BoothState.PAUSED, "补货中，十分钟后回来")

    async def stop(app: App) -> None:
        async with app.database.unit_of_work() as uow:
            await uow.session.execute(text("UPDATE booth_devices SET revoked_at = now()"))

    site.does(pause)
    page.reload()
    expect(page.locator(".sign")).to_contain_text("暂停中")
    expect(page.locator(".sign")).to_contain_text("补货中，十分钟后回来")
    site.does(stop)
    page.reload()
    expect(page.locator(".sign")).to_contain_text("已被停用")
    expect(page.locator("footer")).to_be_hidden()
