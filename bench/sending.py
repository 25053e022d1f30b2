"""Measures the sender: how fast it is where the platform sets no limit, and how near it comes to one that it must keep.

    python bench/sending.py [--messages 3000] [--paced 900]

One process sends offers to as many people through the ledger, each with its intent committed before the call and its
outcome after, to a sandbox without limits. Beside it, in the same run and database, a bare psycopg loop claims, commits
and settles a row at a time without any call. Then the sandbox keeps Telegram's limits and the sender its pace of 30 a
second; the rate is counted from the first call to the last by the sandbox's own record, and a 429 is a failure.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bot.clock import Clock  # noqa: E402
from bot.logs import configure  # noqa: E402
from sandbox.client import Sandbox  # noqa: E402
from storage import schema  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.private_postgres import PrivatePostgres  # noqa: E402
from storage.vault import Keyring, Vault  # noqa: E402
from tests.mailing import agree, bot_at, plan, readers, sender_of  # noqa: E402
from tests.sandbox_process import running_sandbox  # noqa: E402

TOKEN, USERNAME = "810001:" + "s" * 35, "welfare_bot"
TELEGRAM, RAISED = 30, 1000  # Messages a second.
CLAIM = """UPDATE deliveries SET state = 'dispatching', attempts = attempts + 1, owner = 'bare' WHERE id = (
    SELECT id FROM deliveries WHERE state IN ('planned', 'retry') AND NOT awaits_release
    ORDER BY priority, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"""
SETTLE = "UPDATE deliveries SET state = 'sent', ended_at = now() WHERE id = %s"


def main() -> None:
    """Three measurements, a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=3000, help="without limits")
    parser.add_argument("--paced", type=int, default=900, help="under Telegram's limits")
    given = parser.parse_args()
    configure(json=False, level="WARNING")
    with scene() as (api, url):
        sys.exit(asyncio.run(measure(api, url, given.messages, given.paced)))


@contextmanager
def scene() -> Iterator[tuple[str, str]]:
    """A sandbox and an empty database that syncs to the disk; gone when the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        folder.chmod(0o755)  # The server runs as another user when this runs as root.
        api = stack.enter_context(running_sandbox("--no-limits", "--bot", f"{TOKEN}:{USERNAME}:福利小助手"))
        server = PrivatePostgres(folder / "pg").start()
        stack.callback(server.stop)
        server.create_database("welfare")
        schema.upgrade(server.url("welfare"))
        yield api, server.url("welfare")


async def measure(api: str, url: str, messages: int, paced: int) -> int:
    """All three; 1 where a goal is missed."""
    now = Clock().now()
    async with Sandbox(api) as sandbox:
        people = await readers(sandbox, USERNAME, max(messages, paced))
        with tempfile.TemporaryDirectory() as keys:
            agree(url, people, now, Vault(Keyring.open(Path(keys) / "keyring.json")))
        await plan(url, "bare", people[:messages], now)
        bare = bare_loop(url, messages)
        await plan(url, "free", people[:messages], now)
        seconds, processor = await sent(api, url, "free", RAISED)
        free = messages / seconds
        await sandbox.set_faults(limits=True)
        mark = len(await sandbox.calls(method="sendMessage"))
        await plan(url, "paced", people[:paced], now)
        await sent(api, url, "paced", TELEGRAM)
        calls = (await sandbox.calls(method="sendMessage"))[mark:]
    refused = sum(call["outcome"] != "ok" for call in calls)
    times = [datetime.fromisoformat(call["at"]).timestamp() for call in calls]
    pace = (len(times) - 1) / (max(times) - min(times))
    table = Table("what", "figure", title=f"{messages:,} messages without limits, {paced:,} under Telegram's")
    table.add_row("bare psycopg loop", f"{bare:,.0f} rows/s")
    table.add_row("exact sending", f"{free:,.0f} messages/s, {free / TELEGRAM:.1f} times Telegram's {TELEGRAM}")
    table.add_row("… beside the bare loop", f"{free / bare:.2f}")
    table.add_row("… processor time of the sender", f"{processor / messages * 1000:.2f} ms a message")
    table.add_row("pace under limits", f"{pace:.2f} messages/s, {pace / TELEGRAM:.1%} of what is allowed")
    table.add_row("refused by the limiter", str(refused))
    Console().print(table)
    return int(free < 10 * TELEGRAM or pace < 0.99 * TELEGRAM or refused > 0)


def bare_loop(url: str, rows: int) -> float:
    """Rows a second that a loop claims, commits, settles and commits, one at a time and without a call."""
    with psycopg.connect(url) as connection:
        begun = time.perf_counter()
        for _ in range(rows):
            [row] = connection.execute(CLAIM).fetchall()
            connection.commit()
            connection.execute(SETTLE, row)
            connection.commit()
        return rows / (time.perf_counter() - begun)


async def sent(api: str, url: str, campaign: str, per_second: int) -> tuple[float, float]:
    """Send all that is planned; returns seconds and those of this process's processor."""
    database, bot = Database(url, pool_size=6), bot_at(TOKEN, api)
    sender = sender_of(database, bot, per_second, Clock())
    begun, processor = time.perf_counter(), time.process_time()
    sending = asyncio.create_task(sender.run())
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    async with connection:
        left = "SELECT count(*) FROM deliveries WHERE campaign = %s AND state NOT IN ('sent', 'failed', 'suppressed')"
        while not sending.done() and (await (await connection.execute(left, [campaign])).fetchone()) != (0,):  # noqa: ASYNC110 - it tells nobody.
            await asyncio.sleep(0.1)
    seconds, used = time.perf_counter() - begun, time.process_time() - processor
    sender.stop()
    await sending
    await database.close()
    await bot.session.close()
    return seconds, used


if __name__ == "__main__":
    main()
