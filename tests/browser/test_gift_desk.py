"""The gift desk in a real browser, by the web chat: the code on the visitor's phone, the desk on phone and desktop."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot import serving
from bot.app import App
from bot.settings import Settings
from campaigns.rallies.model import RallyState, Visit
from campaigns.staff.model import Role
from storage.private_postgres import PrivatePostgres
from storage.rallies import SqlRallyStore
from tests import rally_day
from tests.browser.conftest import OpenPhone
from tests.browser.pages import bubbles, send
from tests.browser.scene import Scene
from tests.databases import fresh_database

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

T = TypeVar("T")
TOKEN = f"720001:{'g' * 35}"
CODE = re.compile(r"领奖码 (\w{3}) (\w{3})")


@dataclass
class Served:
    """The bot as `serve` runs it, in a thread of its own beside the browser's."""

    settings: Settings
    url: str
    ready: threading.Event = field(default_factory=threading.Event)
    app: App = field(init=False)
    loop: asyncio.AbstractEventLoop = field(init=False)
    stop: asyncio.Event = field(init=False)

    def run(self) -> None:
        """Serve until told to stop."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        async with serving.opened(self.settings, self.url) as self.app:
            self.ready.set()
            await serving.lead(self.app, self.url, self.stop)

    def does(self, work: Callable[[App], Awaitable[T]]) -> T:
        """Work in the bot's own loop."""

        async def within() -> T:
            return await work(self.app)

        return asyncio.run_coroutine_threadsafe(within(), self.loop).result()


@pytest.fixture(scope="module")
def served(address: str, postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A bot of these tests' own in the browser's sandbox."""
    folder: Path = tmp_path_factory.mktemp("gift_desk")
    settings = Settings(_env_file=None, var_dir=folder, bot_token=TOKEN, bot_api_url=address, pool_size=6)
    with fresh_database(postgres) as url:
        bot = Served(settings, url)
        thread = threading.Thread(target=bot.run)
        thread.start()
        assert bot.ready.wait(60)
        yield bot
        bot.loop.call_soon_threadsafe(bot.stop.set)
        thread.join()


@pytest.fixture
def people(address: str, served: Served) -> Iterator[tuple[int, int]]:
    """A visitor with a medal, and somebody of the branch at the desk of an event that runs."""
    with httpx.Client(base_url=address) as client:
        scene = Scene(client, served.app.world.username)
        visitor, clerk = scene.acquaintance("王芳"), scene.acquaintance("柜员")
        served.does(lambda app: begin(app, visitor, clerk))
        yield visitor, clerk


async def begin(app: App, visitor: int, clerk: int) -> None:
    """The event runs, the clerk has the role, and the visitor has just earned the medal."""
    async with asyncio.timeout(20):
        while True:
            async with app.database.unit_of_work() as uow:
                if len(await app.services(uow).people.many([visitor, clerk])) == 2:
                    break
            await asyncio.sleep(0.05)  # The bot has not met both yet.
    now = datetime.now(UTC)
    async with app.database.unit_of_work() as uow:
        services, store = app.services(uow), SqlRallyStore(uow, app.world.vault)
        token = await services.staff.invite(Role.BRANCH, None)
        member = (await services.people.many([clerk]))[clerk]
        await services.staff.accept(token, member)
        rally = await store.create(rally_day.plan(now, code=f"day-{visitor}"), clerk, {}, now)
        await store.move(rally.id, RallyState.RUNNING, now)
        found = await store.find(rally.id)
        assert found is not None
        await store.give_medals(rally.id, [(visitor, "T1")], now)
        await services.gift_desk.stamped(found, [Visit(visitor, found.booths[1])])


def shown_code(phone: Page) -> str:
    """The six characters below the visitor's QR code."""
    phone.get_by_role("button", name="出示领奖码").click()
    caption = bubbles(phone, "「集章达人」伴手礼：帆布袋")
    expect(caption).to_be_visible()
    expect(phone.locator(".bubble img").last).to_be_visible()
    found = CODE.search(caption.inner_text())
    assert found is not None
    return "".join(found.groups())


def cut_off(page: Page) -> bool:
    """Whether anything stands beyond the right edge."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_a_gift_is_handed_out_from_phone_to_phone(
    served: Served, people: tuple[int, int], open_phone: OpenPhone
) -> None:
    visitor, clerk = people
    name = served.app.world.username
    phone, desk = open_phone(visitor, name), open_phone(clerk, name)
    expect(bubbles(phone, "恭喜获得勋章「集章达人」")).to_be_visible()
    code = shown_code(phone)
    send(desk, code.lower())
    expect(bubbles(desk, "礼品台 · 集章日")).to_contain_text("会员：王*（未绑定）")
    desk.get_by_role("button", name="确认发放").dblclick()
    expect(bubbles(desk, "✅ 已发放。会员还没绑定手机号")).to_be_visible()
    expect(bubbles(phone, "您已领取伴手礼「帆布袋」")).to_be_visible()
    expect(bubbles(phone, "的客户经理可以联系您吗？")).to_be_visible()
    send(desk, code)
    expect(bubbles(desk, "这份礼品已经发过了")).to_be_visible()
    assert (cut_off(phone), cut_off(desk)) == (False, False)


def test_a_desk_with_both_phones_on_a_wide_screen_takes_a_gift_back(
    served: Served, people: tuple[int, int], address: str, browser: Browser
) -> None:
    visitor, clerk = people
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="zh-CN")
    page = context.new_page()
    chat = served.app.world.username
    phones = ", ".join(f'{{"person": {person}, "chat": "{chat}"}}' for person in (visitor, clerk))
    page.add_init_script(f"localStorage.setItem('sandbox.phones', '[{phones}]')")
    page.goto(address)
    left, right = page.locator(".phone").nth(0), page.locator(".phone").nth(1)
    left.get_by_role("button", name="出示领奖码").click()
    caption = bubbles(left, "「集章达人」伴手礼：帆布袋")
    expect(caption).to_be_visible()
    found = CODE.search(caption.inner_text())
    assert found is not None
    send(right, f"核销 {''.join(found.groups())}")
    right.get_by_role("button", name="确认发放").click()
    right.get_by_role("button", name="撤回发放").click()
    right.get_by_role("button", name="客户退回").click()
    expect(bubbles(right, "已撤回，库存已退回")).to_be_visible()
    expect(bubbles(left, "工作人员撤回了伴手礼的发放（客户退回）")).to_be_visible()
    assert not cut_off(page)
    context.close()
