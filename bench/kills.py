"""Kills the leading one of two `serve` processes at random moments, again and again, while campaigns are sent.

    python bench/kills.py [--kills 100] [--campaigns 10] [--messages 1000] [--per-second 12] [--seed 20261122]

Three of a hundred replies of the sandbox are lost. Who is killed is started again and stands by. Per campaign, the
sandbox's record says what arrived, the ledger what it believes: nobody may get an offer twice, nobody may be without it
who is not listed as in doubt, and the equation must close once a person has settled what is listed. Any breach is an
exit code of 1. The pace is low so that a campaign outlives its kills, since a start takes seconds.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bot.clock import Clock  # noqa: E402
from campaigns.deliveries.model import State  # noqa: E402
from campaigns.deliveries.rules import closing  # noqa: E402
from sandbox.client import Sandbox  # noqa: E402
from storage import schema  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.ledger_desk import SqlLedgerDesk  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402
from storage.vault import Keyring, Vault  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.mailing import agree, plan, readers  # noqa: E402
from tests.sandbox_process import running_sandbox  # noqa: E402

TOKEN, USERNAME = "820001:" + "k" * 35, "welfare_bot"
LOST = {"kind": "reset_after_delivery", "method": "sendMessage", "probability": 0.03}
LONGEST = 2.0  # Real seconds that a leader lives at most after both processes are ready.
PENDING = "SELECT count(*) FROM deliveries WHERE campaign = %s AND state IN ('planned', 'retry', 'dispatching')"


@dataclass
class Pair:
    """Two processes of one bot; each start has a log of its own."""

    folder: Path
    environment: dict[str, str]
    running: list[BotProcess] = field(default_factory=list)
    starts: int = 0

    def start(self) -> None:
        """Another process, ready when this returns."""
        self.starts += 1
        process = BotProcess(self.folder / f"serve-{self.starts}.log", **self.environment)
        process.start()
        self.running.append(process)

    def kill_the_leader(self) -> None:
        """kill -9 of whoever leads; waits until somebody does."""
        while not (leading := [each for each in self.running if '"leading"' in each.log.read_text("utf-8")]):
            time.sleep(0.05)
        leading[0].kill()
        self.running.remove(leading[0])

    def stop(self) -> None:
        """End both kindly."""
        for process in self.running:
            process.stop()


@dataclass(frozen=True)
class Account:
    """What one campaign came to."""

    kills: int
    states: dict[State, int]
    arrived: int
    doubled: int
    silent: int
    closes: bool

    @property
    def is_exact(self) -> bool:
        """Nothing twice, nothing lost in silence, and the equation closes."""
        return self.doubled == 0 and self.silent == 0 and self.closes


def main() -> None:
    """Campaign after campaign, a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="in all")
    parser.add_argument(
        "--campaigns", type=int, default=10, help="among which they are parted; more where one ends early"
    )
    parser.add_argument("--messages", type=int, default=1000, help="of each campaign")
    parser.add_argument("--per-second", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    moments, console = random.Random(given.seed), Console()
    with scene(given.per_second) as (api, url, pair):
        people = asyncio.run(prepared(api, url, given.messages, pair.folder))
        pair.start()
        pair.start()
        accounts: list[Account] = []
        while (left := given.kills - sum(account.kills for account in accounts)) > 0:
            number, kills = len(accounts), min(left, max(1, given.kills // given.campaigns))
            asyncio.run(plan(url, f"promotion:{number}", people, Clock().now(), f"缴费立减 {number} 元，本周有效。"))
            done = sum(kill_once(url, f"promotion:{number}", pair, moments) for _ in range(kills))
            while pending(url, f"promotion:{number}"):
                time.sleep(0.2)
            accounts.append(asyncio.run(audited(api, url, number, people, done)))
            console.print(accounts[-1])
    console.print(shown(accounts))
    sys.exit(not all(account.is_exact for account in accounts))


@contextmanager
def scene(per_second: int) -> Iterator[tuple[str, str, Pair]]:
    """A sandbox that loses replies and an empty database; gone when the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        folder.chmod(0o755)  # The server runs as another user when this runs as root.
        api = stack.enter_context(running_sandbox("--bot", f"{TOKEN}:{USERNAME}:福利小助手"))
        server = PrivatePostgres(folder / "pg").start()
        stack.callback(server.stop)
        server.create_database("welfare")
        url = server.url("welfare")
        schema.upgrade(url)
        told = {"DATABASE_URL": url, "BOT_API_URL": api, "BOT_TOKEN": TOKEN, "VAR_DIR": str(folder)}
        pair = Pair(folder, told | {"MESSAGES_PER_SECOND": str(per_second), "LOG_JSON": "true"})
        stack.callback(pair.stop)
        yield api, url, pair


async def prepared(api: str, url: str, heads: int, folder: Path) -> list[int]:
    """People who agreed to offers; from now on replies are lost."""
    async with Sandbox(api) as sandbox:
        people = await readers(sandbox, USERNAME, heads)
        await sandbox.set_faults(LOST)
    agree(url, people, Clock().now(), Vault(Keyring.open(folder / "keys" / "keyring.json")))
    return people


def kill_once(url: str, campaign: str, pair: Pair, moments: random.Random) -> int:
    """Kill the leader in the middle of the campaign and start it again; 0 when the campaign is over already."""
    time.sleep(moments.uniform(0, LONGEST))
    if not pending(url, campaign):
        return 0
    pair.kill_the_leader()
    pair.start()
    return 1


def pending(url: str, campaign: str) -> int:
    """How much of a campaign is under way."""
    with psycopg.connect(url) as connection:
        row = connection.execute(PENDING, [campaign]).fetchone()
    return row[0] if row else 0


async def audited(api: str, url: str, number: int, people: Sequence[int], kills: int) -> Account:
    """The sandbox's record beside the ledger; what is in doubt is settled as a person would who asks the readers."""
    async with Sandbox(api) as sandbox:
        calls = await sandbox.calls(method="sendMessage")
    words = f"缴费立减 {number} 元"
    arrived = Counter(int(call["params"]["chat_id"]) for call in calls if words in call["params"]["text"])
    database, campaign = Database(url, pool_size=2), f"promotion:{number}"
    async with database.unit_of_work() as uow:
        desk = SqlLedgerDesk(uow)
        books = closing(len(people), await desk.states(campaign))
        listed = [delivery for delivery in await desk.unknown() if delivery.campaign == campaign]
        for delivery in listed:
            came = arrived[delivery.recipient] > 0
            await desk.resolve(delivery.id, arrived=came, by="the bench", now=Clock().now())
        closes = closing(len(people), await desk.states(campaign)).can_close
    await database.close()
    doubtful = {delivery.recipient for delivery in listed}
    silent = [who for who in people if not arrived[who] and who not in doubtful]
    doubled = sum(times > 1 for times in arrived.values())
    return Account(kills, books.by_state, sum(arrived.values()), doubled, len(silent), closes and books.balances)


def shown(accounts: Sequence[Account]) -> Table:
    """A row for each campaign, and their sum."""
    table = Table("campaign", "kills", "sent", "in doubt, listed", "arrived", "twice", "lost in silence", "closes")
    for number, each in enumerate(accounts):
        table.add_row(str(number), *figures([each]), "yes" if each.closes else "NO")
    table.add_row("all", *figures(accounts), "yes" if all(each.closes for each in accounts) else "NO")
    return table


def figures(accounts: Sequence[Account]) -> list[str]:
    """The counts of some campaigns together."""
    found = [
        sum(each.kills for each in accounts),
        sum(each.states.get(State.SENT, 0) for each in accounts),
        sum(each.states.get(State.UNKNOWN, 0) for each in accounts),
        sum(each.arrived for each in accounts),
        sum(each.doubled for each in accounts),
        sum(each.silent for each in accounts),
    ]
    return [f"{count:,}" for count in found]


if __name__ == "__main__":
    main()
