"""An organiser's live board in a real browser: opened once, figures, a booth paused, a notice sent and taken back."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from aiogram import Bot
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from bot.app import App
from bot.clock import Clock
from bot.services import Services, Surroundings
from bot.settings import Settings
from bot.web import build_web
from campaigns.boards.service import Link
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import RallyState
from campaigns.staff.model import Role
from campaigns.stamps.codes import mint
from campaigns.stamps.model import StampClaim
from storage.database import Database, UnitOfWork
from storage.private_postgres import PrivatePostgres
from storage.rallies import SqlRallyStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault
from tests.browser.scripted_bot import TOKEN, USERNAME
from tests.databases import fresh_database
from tests.rally_plans import STARTS, rally_plan

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
T = TypeVar("T")
ORGANISER = 990
NOW = STARTS + timedelta(hours=2)
CLOCK = '{"anchor_real": 0, "anchor_domain": "%s", "rate": 0}'
OpenBoard = Callable[..., Page]


@dataclass
class Site:
    """The product's HTTP door on a port of its own."""

    address: str
    settings: Settings
    url: str

    def does(self, work: Callable[[Services, UnitOfWork], Awaitable[T]]) -> T:
        """Work in a loop of its own, beside that of the browser."""

        async def with_database() -> T:
            async with _app(self.settings, self.url) as app, app.database.unit_of_work() as uow:
                return await work(app.services(uow), uow)

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(with_database())).result()

    def link(self) -> str:
        """A fresh link to the board."""

        async def make(services: Services, _: UnitOfWork) -> str:
            organiser = await services.people.get(ORGANISER)
            (rally,) = await services.rallies.all()
            assert organiser is not None
            found = await services.boards.link(rally.id, organiser)
            assert isinstance(found, Link)
            return f"{self.address}/boards#{found.word}"

        return self.does(make)


@asynccontextmanager
async def _app(settings: Settings, url: str) -> Any:
    database = Database(url, pool_size=4)
    vault, bot = Vault(Keyring.open(settings.keyring_file)), Bot(TOKEN)
    try:
        yield App(Surroundings(settings, database, vault, Clock(settings.effective_clock_file), bot, USERNAME))
    finally:
        await database.close()
        await bot.session.close()


async def market(app: App) -> None:
    """A running event with twelve visitors who have stamped at one to five booths in the last half hour."""
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        for number in (ORGANISER, *range(1, 13)):
            await services.people.meet(Introduction(number, f"访客{number}", Language.ZH, is_private=True), NOW)
        await SqlStaffStore(uow).grant(ORGANISER, Role.WEALTH_MANAGER, NOW)
        store = SqlRallyStore(uow, app.world.vault)
        rally = await store.create(rally_plan(scan_only=True), ORGANISER, {}, STARTS)
        await store.move(rally.id, RallyState.RUNNING, STARTS)
        found = await store.by_code("FAIR")
        assert found is not None
        secret = await store.secret(found)
        for number in range(1, 13):
            claims = []
            for booth in found.booths[: 1 + number % 5]:
                at = NOW - timedelta(minutes=2 * number, seconds=booth.id)
                code = mint(secret, booth.id, at, number.to_bytes(8, "big"))
                claims.append(StampClaim(number, None, code, at))
            await services.stamps.decide(claims)
        await uow.session.execute(text("UPDATE rally_members SET joined_at = joined_at - member_id * interval '3 min'"))


@pytest.fixture(scope="module")
def site(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An event in its second hour."""
    folder: Path = tmp_path_factory.mktemp("board")
    clock = folder / "clock.json"
    clock.write_text(CLOCK % NOW.isoformat(), "utf-8")
    settings = Settings(
        _env_file=None, var_dir=folder, bot_token=TOKEN, bot_api_url="http://127.0.0.1:1", clock_file=clock
    )
    with fresh_database(postgres) as url:
        started: list[uvicorn.Server] = []

        async def run() -> None:
            async with _app(settings, url) as app:
                await market(app)
                web = uvicorn.Config(build_web(app), host="127.0.0.1", port=0, log_config=None, lifespan="off")
                started.append(uvicorn.Server(web))
                await started[0].serve()

        thread = threading.Thread(target=lambda: asyncio.run(run()))
        thread.start()
        while not (started and started[0].started):
            thread.join(0.02)
            assert thread.is_alive()
        server = started[0]
        yield Site(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", settings, url)
        server.should_exit = True
        thread.join()


@pytest.fixture
def open_board(browser: Browser, site: Site) -> Iterator[OpenBoard]:
    """Open a board by a fresh link; a complaint of the page, or a request to anywhere else, fails the test."""
    contexts, wrong = [], list[str]()

    def open_one(width: int = 390, height: int = 844, address: str = "", **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith((site.address, "data:")) else wrong.append(asked.url)
        )
        page.goto(address or site.link())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_board_fits_its_screen_and_shows_every_part(open_board: OpenBoard, width: int) -> None:
    page = open_board(width)
    expect(page.locator("#title")).to_have_text("冬日市集")
    expect(page.locator("#booths li")).to_have_count(8)
    expect(page.locator("#totals")).to_contain_text("12")
    expect(page.locator('#gifts [data-target="T1"]')).to_contain_text("剩 40")
    expect(page.locator("#suspects")).to_contain_text("没有疑点")
    assert page.locator("#chart rect").count() == 120
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = "all => all.filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.textContent)"
    assert page.locator("button").evaluate_all(small) == []


def test_a_link_opens_once_and_leaves_no_word_in_the_address(open_board: OpenBoard, site: Site) -> None:
    link = site.link()
    page = open_board(address=link)
    expect(page.locator("#booths li")).to_have_count(8)
    assert page.url == f"{site.address}/boards"
    page.reload()
    expect(page.locator("#booths li")).to_have_count(8)
    other = open_board(address=link)
    expect(other.locator("#message")).to_contain_text("链接已失效")
    expect(other.locator("#board")).to_be_hidden()


def test_a_booth_is_paused_with_one_tap_and_a_reason_and_opened_again(open_board: OpenBoard) -> None:
    page = open_board()
    booth = page.locator('[data-booth="B3"]')
    booth.get_by_role("button", name="暂停").click()
    page.get_by_role("dialog").get_by_role("button", name="设备故障").click()
    expect(booth).to_contain_text("已暂停（设备故障）")
    expect(booth.get_by_role("button", name="告知暂停")).to_be_visible()
    booth.get_by_role("button", name="恢复", exact=True).click()
    expect(booth.get_by_role("button", name="暂停", exact=True)).to_be_visible()


def test_a_notice_is_previewed_with_its_head_count_sent_once_and_taken_back(open_board: OpenBoard, site: Site) -> None:
    page = open_board()
    page.locator('[data-booth="B2"]').get_by_role("button", name="不用排队").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("B2「摊位2」现在不用排队")
    expect(dialog).to_contain_text("no queue at booth B2")
    expect(dialog).to_contain_text("发给附近 12 人")
    dialog.get_by_role("button", name="发送").dblclick()
    sent = page.locator("#notices li")
    expect(sent).to_have_count(1)
    expect(sent).to_contain_text("B2 · 不用排队")

    async def planned(_: Services, uow: UnitOfWork) -> list[tuple[str, int]]:
        counted = "SELECT state, count(*) FROM deliveries WHERE campaign LIKE 'rally_notice:%' GROUP BY state"
        return [(state, count) for state, count in await uow.session.execute(text(counted))]

    assert site.does(planned) == [("planned", 12)]
    sent.get_by_role("button", name="撤回").click()
    expect(sent).to_contain_text("已撤回")
    assert site.does(planned) == [("cancelled", 12)]


def test_the_board_speaks_english_at_a_tap(open_board: OpenBoard) -> None:
    page = open_board(1280, 900)
    page.get_by_role("button", name="English").click()
    expect(page.locator("#title")).to_have_text("Winter fair")
    expect(page.locator("main")).to_contain_text("Booths")
    expect(page.locator('[data-booth="B1"]').get_by_role("button", name="No queue")).to_be_visible()
    assert "摊位" not in page.locator("main").inner_text()


def test_a_forged_request_of_another_site_changes_nothing(open_board: OpenBoard) -> None:
    page = open_board()
    expect(page.locator("#booths li")).to_have_count(8)
    told = """async () => (await fetch('/boards/api/booths/B1?lang=zh', {method: 'POST',
        headers: {'Content-Type': 'application/json'}, body: '{"state":"paused","reason":"x"}'})).status"""
    assert page.evaluate(told) == 403
    assert page.evaluate("document.cookie") == ""


def test_the_board_of_an_event_that_is_over_offers_nothing_to_do(open_board: OpenBoard, site: Site) -> None:
    async def turn(uow: UnitOfWork, state: RallyState) -> None:
        await uow.session.execute(text("UPDATE rallies SET state = :state"), {"state": state})

    site.does(lambda _, uow: turn(uow, RallyState.ENDED))
    page = open_board()
    expect(page.locator("#about")).to_contain_text("已结束")
    expect(page.locator("#board button")).to_have_count(0)
    site.does(lambda _, uow: turn(uow, RallyState.RUNNING))
