"""Measures a tap from the finger to the answer: the product, which commits before it answers, beside an echo bot.

    python bench/taps.py [--rates 50 200 500] [--seconds 10] [--burst 1000]

One sandbox, both bots as processes of their own that poll it, one after the other; sandbox and load share the cores
with them. 400 people, who have tapped before, join and leave a chain with a place for each at a steady rate, and at
last all at once. Seconds are the sandbox's, from the press to `answerCallbackQuery`. Nothing may stay unanswered.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import cycle, groupby, islice
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bench import echo  # noqa: E402
from bot.clock import Clock  # noqa: E402
from bot.operations.invitations import invite  # noqa: E402
from bot.settings import Settings  # noqa: E402
from campaigns.staff.model import Role  # noqa: E402
from handlers.wording.chains import JOIN_LABEL, LEAVE_LABEL  # noqa: E402
from sandbox.client import Phone, Sandbox  # noqa: E402
from storage import schema  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.driver import GROUP, RIGHTS  # noqa: E402
from tests.sandbox_process import running_sandbox  # noqa: E402

PEOPLE = PLACES = 400
PRODUCT, ECHO = "800001:" + "p" * 35, "800002:" + "e" * 35
STEP = 0.05  # Seconds between two handfuls of taps.


@dataclass(frozen=True)
class Scene:
    """Where both bots run: a folder, the sandbox's and the database's addresses, an invitation for the manager."""

    folder: Path
    url: str
    database: str
    invitation: str


@dataclass(frozen=True)
class Card:
    """A message whose buttons are pressed in turn."""

    group: int
    message: int
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """What came of one rate: seconds of every tap, and how many were answered a second."""

    taken: list[float]
    a_second: float

    def percentile(self, part: int) -> float:
        """In milliseconds."""
        return quantiles(self.taken, n=100, method="inclusive")[part - 1] * 1000


def main() -> None:
    """Both bots, every rate, a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", type=int, nargs="*", default=[50, 200, 500], help="taps a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--burst", type=int, default=1000, help="taps at once at the end")
    given = parser.parse_args()
    with scene() as here:
        found = asyncio.run(measure(here, given.rates, given.seconds, given.burst))
    caption = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, sandbox and load on the same cores"
    table = Table(title="From a tap to its answer", caption=caption)
    for column in ("taps", "bot", "answered a second", "p50 ms", "p99 ms", "of the echo's"):
        table.add_column(column, justify="left" if column in ("taps", "bot") else "right")
    for name, by_bot in found.items():
        share = by_bot["product"].a_second / by_bot["echo"].a_second
        for bot, course in by_bot.items():
            figures = (f"{course.a_second:.0f}", f"{course.percentile(50):.0f}", f"{course.percentile(99):.0f}")
            table.add_row(name, bot, *figures, f"{share:.0%}" if bot == "product" else "")
    Console(width=100).print(table)


@contextmanager
def scene() -> Iterator[Scene]:
    """A sandbox that knows both bots, and an empty database; gone when the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        folder.chmod(0o755)  # The server runs as another user when this runs as root.
        bots = ("--bot", f"{PRODUCT}:welfare_bot:福利小助手", "--bot", f"{ECHO}:echo_bot:回声")
        url = stack.enter_context(running_sandbox("--no-limits", "--clock-file", str(folder / "clock.json"), *bots))
        server = PrivatePostgres(folder / "pg").start()
        stack.callback(server.stop)
        server.create_database("welfare")
        database = server.url("welfare")
        schema.upgrade(database)
        start = invite(Settings(_env_file=None, var_dir=folder), database, Role.WEALTH_MANAGER, Clock().now)
        yield Scene(folder, url, database, start.removeprefix("start="))


async def measure(here: Scene, rates: list[int], seconds: float, burst: int) -> dict[str, dict[str, Course]]:
    """By rate and bot; both bots meet the same people."""
    found: dict[str, dict[str, Course]] = {}
    async with Sandbox(here.url) as sandbox:
        manager = await sandbox.new_person("李敏", role="manager")
        people = await sandbox.new_people(f"客户{number}" for number in range(PEOPLE))
        for bot, run in (("product", the_product), ("echo", the_echo)):
            async with run(here, sandbox, manager, people) as card:
                await at_once(sandbox, people, card, PEOPLE * len(card.buttons))
                for rate in rates:
                    found.setdefault(f"{rate} a second", {})[bot] = await steadily(sandbox, people, card, rate, seconds)
                found.setdefault(f"{burst} at once", {})[bot] = await at_once(sandbox, people, card, burst)
    return found


@asynccontextmanager
async def the_product(here: Scene, sandbox: Sandbox, manager: Phone, people: list[Phone]) -> AsyncIterator[Card]:
    """`serve`, and a chain's card in a registered group."""
    told = {"DATABASE_URL": here.database, "BOT_API_URL": here.url, "BOT_TOKEN": PRODUCT, "VAR_DIR": str(here.folder)}
    with BotProcess(here.folder / "serve.log", CLOCK_FILE=str(here.folder / "clock.json"), **told):
        await manager.starts("welfare_bot", here.invitation)
        await manager.sees("/help")
        group = await sandbox.new_group(GROUP, manager, people)
        await manager.adds_bot("welfare_bot", group, parameter="register", rights=RIGHTS)
        await manager.sees("群公告", group)
        await manager.says(f"/chain 联名信用卡 {PLACES} 3天", group)
        card = await manager.sees("【接龙】联名信用卡", group)
        yield Card(group, card["message_id"], (JOIN_LABEL.zh, LEAVE_LABEL.zh))


@asynccontextmanager
async def the_echo(here: Scene, sandbox: Sandbox, manager: Phone, people: list[Phone]) -> AsyncIterator[Card]:
    """The echo bot, and its card in a group of the same people."""
    told = {**os.environ, "BOT_API_URL": here.url, "BOT_TOKEN": ECHO}
    process = await asyncio.create_subprocess_exec(sys.executable, str(ROOT / "bench/echo.py"), cwd=ROOT, env=told)
    try:
        group = await sandbox.new_group("回声群", manager, people)
        await manager.adds_bot("echo_bot", group, rights=RIGHTS)
        await manager.says("/echo", group)
        card = await manager.sees(echo.CARD, group)
        yield Card(group, card["message_id"], (echo.BUTTON,))
    finally:
        process.terminate()
        await process.wait()


async def steadily(sandbox: Sandbox, people: list[Phone], card: Card, rate: int, seconds: float) -> Course:
    """Handfuls of taps at their times, whether earlier ones are answered or not."""
    presses = pressing(people, card)
    begin = time.monotonic()
    async with asyncio.TaskGroup() as group:
        tasks = []
        for step in range(round(seconds / STEP)):
            await asyncio.sleep(max(0, begin + step * STEP - time.monotonic()))
            due = round(rate * STEP * (step + 1)) - round(rate * STEP * step)
            tasks += [group.create_task(press(sandbox, card, *each)) for each in handful(presses, due)]
    return course([seconds for task in tasks for seconds in task.result()], time.monotonic() - begin)


async def at_once(sandbox: Sandbox, people: list[Phone], card: Card, count: int) -> Course:
    """All at the same moment."""
    begin = time.monotonic()
    found = await asyncio.gather(*(press(sandbox, card, *each) for each in handful(pressing(people, card), count)))
    return course([seconds for taken in found for seconds in taken], time.monotonic() - begin)


def pressing(people: list[Phone], card: Card) -> Iterator[tuple[str, Phone]]:
    """Who presses what next: everybody the first button, then everybody the next, for ever."""
    for button in cycle(card.buttons):
        for person in people:
            yield button, person


def handful(presses: Iterator[tuple[str, Phone]], count: int) -> Iterator[tuple[str, list[Phone]]]:
    """The next presses, by button."""
    for button, each in groupby(islice(presses, count), key=lambda press: press[0]):
        yield button, [person for _, person in each]


async def press(sandbox: Sandbox, card: Card, button: str, people: list[Phone]) -> list[float]:
    """Seconds to every answer; leaves when one is missing."""
    taps = await sandbox.taps_together(people, button, card.group, card.message, within=60)
    taken = [tap["seconds"] for tap in taps]
    if None in taken:
        sys.exit(f"{taken.count(None)} of {len(taken)} taps were not answered.")
    return taken


def course(taken: list[float], seconds: float) -> Course:
    """What came of so many taps in that time."""
    return Course(taken, len(taken) / seconds)


if __name__ == "__main__":
    main()
