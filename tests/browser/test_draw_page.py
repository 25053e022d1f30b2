"""A draw's page in a real browser: computed again there, honest about what was tampered with, fit for a phone."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Route, expect

from campaigns.announcements.model import Announcement
from campaigns.announcements.rules import canonical, digest_of
from campaigns.draws.hosting import PublicDraw
from campaigns.draws.model import Draw, DrawKind, DrawState, Prize, PublishedDraw, Terms
from campaigns.draws.rules import commitment, next_ticket, page_of, plan_of
from campaigns.members.model import Language
from campaigns.points.model import PointsCampaign, Share
from handlers.http.draws import draws_router
from handlers.wording.announcements import RuleWords

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

OPENS = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
SECRET = "5e" * 32
TERMS = Terms("无其他条件", "No other condition", "A银行", "Bank A", "拨打95500", "Call 95500")
PRIZES = (
    Prize("一等奖", "First", 888, 100_000, 2),
    Prize("二等奖", "Second", 8, 400_000, 9),
    Prize("谢谢参与", "Thank you", 0, 500_000),
)
CAMPAIGN = PointsCampaign(7, "波豆", 100, 30, (Share(1, 10_000),), OPENS + timedelta(days=9))
NAMES = [f"张*{at}" for at in range(38)] + ["<b>坏*", "A***h"]
CLOSED, OPEN, EMPTY = 3, 4, 5


def public(number: int, names: list[str], *, closed: bool) -> PublicDraw:
    left = tuple(prize.stock for prize in PRIZES)
    closes, promise = OPENS + timedelta(days=1), commitment(SECRET)
    draw = Draw(
        number, 7, 1, DrawKind.JOIN, "入群抽波豆", "Join draw", PRIZES, TERMS, OPENS, closes, promise, left=left
    )
    page = page_of(plan_of(draw), CAMPAIGN, draw.commitment)
    zh, en = (RuleWords(ZONE).rule_text(page, language) for language in Language)
    told = Announcement(f"draw:{number}", 1, canonical(page), zh, en, digest_of(canonical(page), zh, en), OPENS)
    tickets = []
    for name in names:
        draw, ticket = next_ticket(draw, SECRET, name)
        tickets.append(ticket)
    if not closed:
        return PublicDraw(draw, told, None)
    draw = replace(draw, state=DrawState.CLOSED)
    return PublicDraw(draw, told, PublishedDraw(draw, SECRET, tuple(tickets)))


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The router on a port of its own."""
    known = {CLOSED: public(CLOSED, NAMES, closed=True), OPEN: public(OPEN, NAMES, closed=False)}
    known[EMPTY] = public(EMPTY, [], closed=True)

    async def find(number: int) -> PublicDraw | None:
        return known.get(number)

    web = FastAPI()
    web.include_router(draws_router(find, ZONE))
    server = uvicorn.Server(uvicorn.Config(web, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A phone's screen; a complaint of the page, or a request to anywhere else, fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda message: wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "request", lambda request: wrong.append(request.url) if not request.url.startswith((site, "data:")) else None
    )
    yield opened
    context.close()
    assert wrong == []


def tampered(page: Page, change: Any) -> None:
    """Let the JSON arrive changed."""

    def serve(route: Route) -> None:
        told = route.fetch().json()
        change(told)
        route.fulfill(body=json.dumps(told), content_type="application/json")

    page.route("**/draws/*.json", serve)


def test_every_ticket_is_computed_again_and_right(page: Page, site: str) -> None:
    page.goto(f"{site}/draws/{CLOSED}")
    expect(page.locator("#verdict")).to_contain_text("✓ 全部一致")
    assert page.locator(".mark").all_inner_texts() == ["✓"] * len(NAMES)
    assert page.locator("#checks li.right").count() == 4
    expect(page.locator("tbody")).to_contain_text("<b>坏*")
    expect(page.locator("#rules")).to_contain_text("一等奖：888 波豆，概率 10%，数量 2")


def swap_prize(told: dict[str, Any]) -> None:
    told["tickets"][4]["prize"] = (told["tickets"][4]["prize"] + 1) % 3


def rename(told: dict[str, Any]) -> None:
    told["tickets"][4]["name"] = "李*"


def drop_last(told: dict[str, Any]) -> None:
    told["tickets"].pop()


def other_secret(told: dict[str, Any]) -> None:
    told["secret"] = "6f" * 32


def other_promise(told: dict[str, Any]) -> None:
    told |= {"secret": "6f" * 32, "commitment": commitment("6f" * 32)}


def other_odds(told: dict[str, Any]) -> None:
    told["prizes"][0]["odds_per_million"] = 0
    told["prizes"][1]["odds_per_million"] = 500_000


def other_rules(told: dict[str, Any]) -> None:
    told["rules"]["text_zh"] += "仅限新客户"


@pytest.mark.parametrize(
    "change", [swap_prize, rename, drop_last, other_secret, other_promise, other_odds, other_rules]
)
def test_whatever_is_tampered_with_is_found(page: Page, site: str, change: Any) -> None:
    tampered(page, change)
    page.goto(f"{site}/draws/{CLOSED}")
    expect(page.locator("#verdict")).to_contain_text("✗ 有不一致")
    assert page.locator("#checks li.wrong").count() >= 1
    if change in (swap_prize, rename):
        assert page.locator('tr[data-number="5"] .mark').inner_text() == "✗"
        assert page.locator('tr[data-number="4"] .mark').inner_text() == "✓"


def test_a_draw_that_is_open_shows_rules_and_promise_and_no_secret(page: Page, site: str) -> None:
    page.goto(f"{site}/draws/{OPEN}")
    expect(page.locator("#promise")).to_have_text(commitment(SECRET))
    expect(page.locator("#proof")).to_contain_text("结束前口令是保密的")
    assert SECRET not in page.content()
    assert page.locator("#secret, #verdict, table").count() == 0


def test_a_draw_without_tickets_is_right_too(page: Page, site: str) -> None:
    page.goto(f"{site}/draws/{EMPTY}")
    expect(page.locator("#verdict")).to_contain_text("✓ 全部一致")
    expect(page.locator("#tickets")).to_contain_text("没有人参加")


@pytest.mark.parametrize("width", [360, 375, 1280])
def test_nothing_overflows_sideways(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{site}/draws/{CLOSED}")
    expect(page.locator("#verdict")).to_contain_text("✓")
    assert page.evaluate("document.documentElement.scrollWidth") == width
