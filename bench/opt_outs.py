"""Measures how soon an opt-out holds while offers to the same people are queued and leaving.

    python bench/opt_outs.py [--people 300] [--each 8] [--leaving 200] [--seed 20261122]

`serve` as a process of its own sends at Telegram's pace; at random moments people write 退订. By the sandbox's record,
no offer may reach anybody later than a second after the word was taken; what was queued must end as suppressed. Any
breach is an exit code of 1.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bot.clock import Clock  # noqa: E402
from sandbox.client import Sandbox  # noqa: E402
from storage import schema  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402
from storage.vault import Keyring, Vault  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.mailing import WORDS, agree, plan, readers  # noqa: E402
from tests.sandbox_process import running_sandbox  # noqa: E402

TOKEN, USERNAME = "830001:" + "o" * 35, "welfare_bot"
PACE, BAR = 30, 1.0  # Messages a second; seconds.
STOP, STOPPED = "退订", "已退订"
LEFT = """SELECT count(*) FROM deliveries
    WHERE campaign LIKE 'wave-%%' AND state IN ('planned', 'retry', 'dispatching') AND recipient = ANY(%s)"""
SUPPRESSED = "SELECT count(*) FROM deliveries WHERE campaign LIKE 'wave-%%' AND state = 'suppressed'"


def main() -> None:
    """One campaign in waves, many who leave, a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--each", type=int, default=8, help="offers that wait for each of them")
    parser.add_argument("--leaving", type=int, default=200, help="who opt out meanwhile")
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    with scene() as (api, url, process):
        sys.exit(asyncio.run(measure(api, url, process, given)))


@contextmanager
def scene() -> Iterator[tuple[str, str, BotProcess]]:
    """A sandbox with Telegram's limits, an empty database, a bot that is not started; gone when the block ends."""
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
        yield api, url, BotProcess(folder / "serve.log", **told)


async def measure(api: str, url: str, process: BotProcess, given: argparse.Namespace) -> int:
    """Send, let people leave, and read both records; 1 where an offer came too late."""
    moments, now = random.Random(given.seed), Clock().now()
    async with Sandbox(api) as sandbox:
        people = await readers(sandbox, USERNAME, given.people)
        agree(url, people, now, Vault(Keyring.open(Path(process.environment["VAR_DIR"]) / "keys" / "keyring.json")))
        with process:
            while len(await sandbox.calls(method="sendMessage")) < given.people:  # noqa: ASYNC110 - all are greeted first.
                await asyncio.sleep(0.5)
            for wave in range(given.each):
                await plan(url, f"wave-{wave}", people, now)
            leaving = people[: given.leaving]
            length = given.people * given.each / PACE
            said = dict(await asyncio.gather(*(leaves(sandbox, who, moments.uniform(0, length)) for who in leaving)))
            await nothing_left(url, people)
        calls = await sandbox.calls(method="sendMessage")
    with psycopg.connect(url) as connection:
        [(suppressed,)] = connection.execute(SUPPRESSED).fetchall()
    late = [after for who in leaving for after in offers_after(calls, who, said[who])]
    answers = sorted(answered(calls, who, said[who]) for who in leaving)
    table = Table("what", "figure", title=f"{given.leaving} of {given.people} opt out, {given.each} offers each queued")
    table.add_row("offers that left within a second of the word", str(sum(after <= BAR for after in late)))
    table.add_row("… later", str(sum(after > BAR for after in late)))
    table.add_row("latest offer after the word", f"{max(late, default=0):.2f} s")
    table.add_row("from the word to the answer: p50, p99", " s, ".join(f"{at:.2f}" for at in middle(answers)) + " s")
    table.add_row("queued offers that ended as suppressed", str(suppressed))
    table.add_row("calls that the limiter refused", str(sum(call["outcome"] != "ok" for call in calls)))
    Console().print(table)
    return int(any(after > BAR for after in late) or not suppressed)


async def leaves(sandbox: Sandbox, who: int, after: float) -> tuple[int, datetime]:
    """Wait, then write the word; who, and when the platform had taken it."""
    phone = await sandbox.phone(who)
    await asyncio.sleep(after)
    await phone.says(STOP, USERNAME)
    return who, datetime.now(UTC)


async def nothing_left(url: str, people: Sequence[int]) -> None:
    """Wait until the ledger has nothing under way for these people."""
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    async with connection:
        while (await (await connection.execute(LEFT, [list(people)])).fetchone()) != (0,):  # noqa: ASYNC110 - it tells nobody.
            await asyncio.sleep(0.5)


def offers_after(calls: Sequence[dict[str, object]], who: int, said: datetime) -> list[float]:
    """Seconds from the word to each offer that reached this person afterwards."""
    return [seconds for text, seconds in told_after(calls, who, said) if text.startswith(WORDS)]


def answered(calls: Sequence[dict[str, object]], who: int, said: datetime) -> float:
    """Seconds from the word to the answer; leaves when there was none."""
    for text, seconds in told_after(calls, who, said):
        if STOPPED in text:
            return seconds
    sys.exit(f"{who} wrote {STOP} and was not answered.")


def told_after(calls: Sequence[dict[str, object]], who: int, said: datetime) -> Iterator[tuple[str, float]]:
    """What this person was told after the word, with the seconds since it."""
    for call in calls:
        params, at = call["params"], datetime.fromisoformat(str(call["at"]))
        if isinstance(params, dict) and int(params["chat_id"]) == who and at > said:
            yield str(params.get("text", "")), (at - said).total_seconds()


def middle(times: Sequence[float]) -> tuple[float, float]:
    """The median and the ninety-ninth percentile."""
    cuts = quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


if __name__ == "__main__":
    main()
