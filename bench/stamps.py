"""Measures how soon a stamp is on its visitor's Mini App card while many scan, and how the chat's card follows.

    python bench/stamps.py [--rate 100] [--seconds 20] [--people 400]

One sandbox that keeps Telegram's limits, the product as a process of its own that answers it, and this load share the
cores. Everybody has the page of the event open. Scans come as updates through the webhook's door, each a booth's
current code in a deep link; the time runs from there until the page has the stamp. In the chat every visitor has one
picture card: how many calls it took, and how long after the last scan the last card was as it is.
"""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402
import psycopg  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bot.app import App  # noqa: E402
from bot.settings import Settings  # noqa: E402
from campaigns.rallies.model import Rally  # noqa: E402
from campaigns.stamps.codes import mint  # noqa: E402
from handlers.http.sessions import Sessions  # noqa: E402
from handlers.http.telegram import SECRET_HEADER  # noqa: E402
from sandbox.client import Sandbox  # noqa: E402
from storage import schema  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402
from storage.rallies import SqlRallyStore  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.browser.sites import app_on  # noqa: E402
from tests.rally_visits import running_rally  # noqa: E402
from tests.sandbox_process import running_sandbox  # noqa: E402

TOKEN, BOT, SECRET = "800001:" + "p" * 35, 800001, "hook"
STEP = 0.05  # Seconds between two handfuls of scans.
LATEST = 60  # Seconds until a stamp that is on no page counts as missing.
UPDATE_IDS, MESSAGE_IDS = count(2_000_000_001), count(1_000_001)  # Beyond those of the sandbox.
TIMEOUT = aiohttp.ClientTimeout(sock_read=60)
PENDING = """SELECT (SELECT count(*) FROM deliveries WHERE state IN ('planned', 'retry', 'dispatching'))
    + (SELECT count(*) FROM stamp_card_changes)"""


@dataclass(frozen=True)
class Event:
    """A running rally, the key of its codes, who is there, and the time."""

    rally: Rally
    secret: bytes
    people: list[int]
    now: Callable[[], datetime]


@dataclass
class Course:
    """Seconds from each scan to the page, by member and booth; what is missing has no end."""

    scanned: dict[tuple[int, str], float] = field(default_factory=dict)
    shown: dict[tuple[int, str], float] = field(default_factory=dict)

    @property
    def taken(self) -> list[float]:
        """Seconds of every stamp that came."""
        return [self.shown[each] - begun for each, begun in self.scanned.items() if each in self.shown]

    @property
    def missing(self) -> int:
        """Scans whose stamp is on no page."""
        return len(self.scanned.keys() - self.shown.keys())

    @property
    def a_second(self) -> float:
        """How many scans were sent in a second."""
        times = list(self.scanned.values())
        return (len(times) - 1) / (max(times) - min(times))


def main() -> None:
    """One course, a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=100, help="scans a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--people", type=int, default=400)
    given = parser.parse_args()
    with scene() as (folder, url, database):
        asyncio.run(measure(folder, url, database, given.rate, given.seconds, given.people))


@contextmanager
def scene() -> Iterator[tuple[Path, str, str]]:
    """A sandbox that keeps Telegram's limits, and an empty database; gone when the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        folder.chmod(0o755)  # The server runs as another user when this runs as root.
        url = stack.enter_context(running_sandbox("--bot", f"{TOKEN}:welfare_bot:福利小助手"))
        server = PrivatePostgres(folder / "pg").start()
        stack.callback(server.stop)
        server.create_database("welfare")
        schema.upgrade(server.url("welfare"))
        yield folder, url, server.url("welfare")


async def measure(folder: Path, url: str, database: str, rate: int, seconds: float, people: int) -> None:
    """The course, and what the chat did meanwhile."""
    told = {"DATABASE_URL": database, "BOT_API_URL": url, "BOT_TOKEN": TOKEN, "VAR_DIR": str(folder)}
    settings = Settings(_env_file=None, var_dir=folder, bot_token=TOKEN, bot_api_url=url)
    serve = BotProcess(folder / "serve.log", WEBHOOK_SECRET=SECRET, **told)
    async with Sandbox(url) as sandbox:
        phones = await sandbox.new_people(f"访客{number}" for number in range(people))
        with serve:
            for phone in phones:
                await phone.starts("welfare_bot")
                await phone.sees("/help")
            async with app_on(settings, database) as app:
                rally = await running_rally(app)
                event = Event(rally, await secret_of(app, rally), [phone.id for phone in phones], app.clock.now)
                await quiet(database)
                before, used = len(await sandbox.calls()), serve.processor_seconds
                wide = aiohttp.TCPConnector(limit=5_000, keepalive_timeout=2)  # The door's is 5.
                address = f"http://127.0.0.1:{serve.port}"
                async with aiohttp.ClientSession(address, connector=wide, timeout=TIMEOUT) as door:
                    found = await storm(door, event, TOKEN, BOT, rate, seconds)
                used = serve.processor_seconds - used
                begun = time.monotonic()
                await quiet(database)
        follows = time.monotonic() - begun
        calls = (await sandbox.calls())[before:]
    report(found, calls, follows, used)


async def quiet(database: str) -> None:
    """Wait until nothing is to be sent or shown any more."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        while True:
            if await (await connection.execute(PENDING)).fetchone() == (0,):
                return
            await asyncio.sleep(0.2)


async def secret_of(app: App, rally: Rally) -> bytes:
    """The key of a rally's codes."""
    async with app.database.unit_of_work() as uow:
        return await SqlRallyStore(uow, app.world.vault).secret(rally)


async def storm(door: aiohttp.ClientSession, event: Event, token: str, bot: int, rate: int, seconds: float) -> Course:
    """Everybody opens the page, then codes are scanned at their times, whether earlier stamps are there or not."""
    found = Course()
    opened = await asyncio.gather(*(look(door, event, token, person) for person in event.people))
    pages = [
        asyncio.create_task(page(door, event, token, person, told["version"], found))
        for person, told in zip(event.people, opened, strict=True)
    ]
    places = ((person, booth.code) for booth in event.rally.booths for person in event.people)
    begin = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for step in range(round(seconds / STEP)):
            await asyncio.sleep(max(0, begin + step * STEP - time.monotonic()))
            due = round(rate * STEP * (step + 1)) - round(rate * STEP * step)
            for person, code in islice(places, due):
                group.create_task(scan(door, event, bot, person, code, found))
    for _ in range(round(LATEST / STEP)):
        if not found.missing:
            break
        await asyncio.sleep(STEP)
    for task in pages:
        task.cancel()
    return found


async def look(door: aiohttp.ClientSession, event: Event, token: str, person: int, seen: str = "") -> dict[str, Any]:
    """One question of a page; with what was seen it waits for news."""
    headers = {"Authorization": f"Bearer {Sessions(token).issue(person, event.now())}"}
    asked = {"seen": seen} if seen else {}
    async with door.get(f"/app/api/rallies/{event.rally.id}", params=asked, headers=headers) as answer:
        answer.raise_for_status()
        told: dict[str, Any] = await answer.json()
    return told


async def page(door: aiohttp.ClientSession, event: Event, token: str, person: int, seen: str, found: Course) -> None:
    """One visitor's page: it asks as its script does, and notes when a stamp is there."""
    while True:
        told = await look(door, event, token, person, seen)
        for booth in told["booths"]:
            if booth["stamped"]:
                found.shown.setdefault((person, booth["code"]), time.monotonic())
        seen = told["version"]


async def scan(door: aiohttp.ClientSession, event: Event, bot: int, person: int, code: str, found: Course) -> None:
    """The update of somebody who scanned a booth's screen, as Telegram brings it."""
    booth = event.rally.booth(code)
    assert booth is not None
    now = event.now()
    text = f"/start k_{mint(event.secret, booth.id, now, secrets.token_bytes(8))}"
    who = {"id": person, "is_bot": False, "first_name": "访客", "language_code": "zh"}
    chat = {"id": person, "type": "private", "first_name": "访客"}
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    message = {"message_id": next(MESSAGE_IDS), "date": int(now.timestamp()), "chat": chat, "from": who}
    update = {"update_id": next(UPDATE_IDS), "message": message | {"text": text, "entities": entities}}
    found.scanned[person, code] = time.monotonic()
    async with door.post(f"/telegram/{bot}", json=update, headers={SECRET_HEADER: SECRET}) as answer:
        answer.raise_for_status()


def report(found: Course, calls: list[dict[str, Any]], follows: float, used: float) -> None:
    """What came of it."""
    caption = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, sandbox and load on the same cores"
    table = Table(title="From a scan to the page", caption=caption)
    for column in ("scans", "a second", "missing", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(column, justify="right")
    parts = [f"{quantiles(found.taken, n=100, method='inclusive')[part - 1] * 1000:.0f}" for part in (50, 95, 99)]
    table.add_row(str(len(found.scanned)), f"{found.a_second:.0f}", str(found.missing), *parts)
    methods = Counter(call["method"] for call in calls)
    refused = sum(call["error_code"] == 429 for call in calls)
    console = Console(width=100)
    console.print(table)
    console.print(f"The product's process used {used / len(found.scanned) * 1000:.1f} ms of a core for each scan.")
    pictures = methods["sendPhoto"] + methods["editMessageMedia"]
    console.print(
        f"In the chat: {methods['sendPhoto']} cards posted, {methods['editMessageMedia']} edits for "
        f"{len(found.scanned)} stamps ({pictures} pictures), {refused} calls over Telegram's pace, "
        f"the last card as it is {follows:.0f} s after the last stamp."
    )


if __name__ == "__main__":
    main()
