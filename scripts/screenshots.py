"""Takes the pictures of the README from a fresh demo world: `make run`, then `python scripts/screenshots.py`."""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESK = (375, 812), (1440, 900)
PATIENCE = 60
VOUCHER = "满10万元抵用500元"
CHAIN = "联名信用卡"
BANK_ZONE, MORNING, EVENING = ZoneInfo("Asia/Shanghai"), 9, 21

Found = TypeVar("Found")
Json = dict[str, Any]


class World:
    """The person side of a running sandbox, as far as the pictures need it."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._http = httpx.Client(base_url=self.address, timeout=30)
        found = self._get("/api/world")
        self.people: list[Json] = found["people"]
        self.bot: Json = found["bots"][0]
        self.group: Json = found["groups"][0]

    def people_who_are(self, role: str) -> list[int]:
        """Everybody with a role."""
        return [person["id"] for person in self.people if person["role"] == role]

    def turn_to_reminder(self) -> None:
        """Six minutes on: the short chain of the demo world reminds its group."""
        self._http.post("/api/clock", json={"advance": "6m"}).raise_for_status()

    def leave_quiet_hours(self) -> None:
        """Turn a night in the bank's zone into the next morning: offers wait for it."""
        now = datetime.fromisoformat(self._get("/api/clock")["now"]).astimezone(BANK_ZONE)
        if MORNING <= now.hour < EVENING:
            return
        day = now + timedelta(days=now.hour >= EVENING)
        moment = day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        self._http.post("/api/clock", json={"now": moment.isoformat()}).raise_for_status()

    def reader_of(self, text: str) -> int | None:
        """A customer whose private chat holds this text."""
        for person in self.people_who_are("customer"):
            chat = self._get(f"/api/people/{person}/chats/{self.bot['id']}/messages")
            if any(text in message.get("text", "") for message in chat["messages"]):
                return person
        return None

    def _get(self, path: str) -> Any:
        answer = self._http.get(path)
        answer.raise_for_status()
        return answer.json()


def main() -> int:
    """Act a morning in the demo world and take three pictures of it; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8081", help="where the web chat is")
    parser.add_argument("--out", type=Path, default=PICTURES)
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.stderr.write(f"No browser found: install one of {', '.join(BROWSERS)}.\n")
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        take_all(browser, World(options.url), options.out)
        browser.close()
    return 0


def take_all(browser: Browser, world: World, out: Path) -> None:
    """The group's chain card, the manager's preview, and the desk after the offers have arrived."""
    manager, merchant = world.people_who_are("manager")[0], world.people_who_are("merchant")[0]
    group = open_phone(browser, world, world.people_who_are("customer")[-1], world.group["id"])
    world.turn_to_reminder()
    expect(group.locator(".bubble").filter(has_text="⏰")).to_be_visible(timeout=PATIENCE * 1000)
    show_chain(group)
    keep(group, out / "group.png")

    world.leave_quiet_hours()
    private = open_phone(browser, world, manager, world.bot["id"])
    say(private, "/offer")
    confirm = private.get_by_role("button", name="确认发放给").last
    expect(confirm).to_be_visible()
    keep(private, out / "preview.png")

    confirm.click()
    customer = wait_for(lambda: world.reader_of(VOUCHER))
    phones = [(manager, world.bot["id"]), (merchant, world.group["id"]), (customer, world.bot["id"])]
    desk = open_desk(browser, world, phones)
    wait_for(lambda: books_closed(desk.locator(f'.phone[data-person="{manager}"]')) or None)
    show_chain(desk.locator(f'.phone[data-person="{merchant}"]'))
    keep(desk, out / "web-chat.png")


def open_phone(browser: Browser, world: World, person: int, chat: int) -> Page:
    """One person's phone over the whole screen, with a chat open."""
    page = new_page(browser, PHONE, scale=2)
    page.goto(f"{world.address}/?person={person}&chat={chat}")
    return page


def open_desk(browser: Browser, world: World, phones: list[tuple[int, int]]) -> Page:
    """Several phones side by side, each with its chat open."""
    page = new_page(browser, DESK, scale=1)
    layout = [{"person": person, "chat": str(chat)} for person, chat in phones]
    page.add_init_script(f"localStorage.setItem('sandbox.phones', {json.dumps(json.dumps(layout))})")
    page.goto(world.address)
    return page


def new_page(browser: Browser, size: tuple[int, int], *, scale: int) -> Page:
    """A page of its own, in Chinese, at a size in CSS pixels."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, locale="zh-CN"
    )
    return context.new_page()


def say(place: Page | Locator, text: str) -> None:
    """Type a message and press Enter."""
    field = place.get_by_label("输入消息")
    field.fill(text)
    field.press("Enter")


def show_chain(place: Page | Locator) -> None:
    """Bring the chain's card into the middle of the glass."""
    card = place.locator(".bubble").filter(has_text=f"【接龙】{CHAIN}").first
    card.evaluate("card => card.scrollIntoView({block: 'center'})")


def books_closed(phone: Locator) -> bool:
    """Ask for the campaign's books and look whether they balance and are closed."""
    say(phone, "/offers")
    bubble = phone.locator(".bubble").filter(has_text="计划").last
    expect(bubble).to_be_visible()
    return "已结清" in bubble.inner_text()


def keep(page: Page, file: Path) -> None:
    """Take one picture once the page has drawn its last message."""
    page.wait_for_timeout(500)
    page.screenshot(path=file)
    sys.stdout.write(f"{file.name}: {file.stat().st_size // 1024} KiB\n")


def wait_for(look: Callable[[], Found | None]) -> Found:
    """What `look` finds, asked again until it finds something.

    Raises:
        TimeoutError: nothing for a minute.
    """
    deadline = time.monotonic() + PATIENCE
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError("The demo world did not get as far as the picture: is the bot running?")
        time.sleep(1)
    return found


if __name__ == "__main__":
    sys.exit(main())
