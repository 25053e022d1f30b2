"""kill -9 of senders at random moments, replies lost and another waiting: nothing twice, nothing lost in silence."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Event

import psycopg
import pytest

from bot.clock import Clock
from campaigns.compliance.matching import matcher
from campaigns.deliveries.model import State
from campaigns.deliveries.rules import closing
from sandbox.client import Sandbox
from storage.database import Database
from storage.ledger_desk import SqlLedgerDesk
from storage.vault import Vault
from tests.e2e.conftest import TOKEN, USERNAME
from tests.mailing import agree, plan, readers, sender_process

pytestmark = pytest.mark.e2e
KILLS, MESSAGES, PER_SECOND, PATIENCE = 10, 1000, 300, 60
CAMPAIGN = "promotion:1"
FORKS = get_context("fork")  # What this process has imported and read costs its children nothing.


@dataclass
class Senders:
    """Two senders of one bot, of which one leads; who is killed is followed by a new one."""

    url: str
    api: str
    running: list[tuple[ForkProcess, Event]] = field(default_factory=list)

    def start(self) -> None:
        leads = FORKS.Event()
        process = FORKS.Process(target=sender_process, args=(self.url, self.api, TOKEN, PER_SECOND, leads), daemon=True)
        process.start()
        self.running.append((process, leads))

    def kill_the_leader(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (leaders := [process for process, leads in self.running if leads.is_set()]):
            assert time.monotonic() < deadline, "nobody leads"
            time.sleep(0.01)
        [process] = leaders
        process.kill()
        process.join()
        self.running = [each for each in self.running if each[0] is not process]

    def stop(self) -> None:
        for process, _ in self.running:
            process.kill()
            process.join()


async def test_ten_kills_of_the_sender_double_no_offer_and_lose_none_in_silence(
    sandbox: Sandbox, sandbox_url: str, database_url: str, vault: Vault
) -> None:
    moments, now = random.Random(20261122), Clock().now()
    await sandbox.set_faults(
        {"kind": "reset_after_delivery", "method": "sendMessage", "probability": 0.03}, limits=False
    )
    people = await readers(sandbox, USERNAME, MESSAGES)
    agree(database_url, people, now, vault)
    await plan(database_url, CAMPAIGN, people, now)
    matcher()  # Each sender would read the word list anew, which costs more than a hundred messages.
    senders = Senders(database_url, sandbox_url)
    try:
        senders.start()
        senders.start()
        for kill in range(KILLS):
            waits_until(database_url, MESSAGES - moments.randrange(60, 95) * (kill + 1))
            senders.kill_the_leader()
            senders.start()
        waits_until(database_url, 0)
    finally:
        senders.stop()
    delivered = Counter(int(call["params"]["chat_id"]) for call in await sandbox.calls(method="sendMessage"))
    assert max(delivered.values()) == 1
    database = Database(database_url)
    async with database.unit_of_work() as uow:
        desk = SqlLedgerDesk(uow)
        books = closing(MESSAGES, await desk.states(CAMPAIGN))
        doubtful = await desk.unknown()
        listed = {delivery.recipient for delivery in doubtful}
        for delivery in doubtful:  # As a person does who asks the readers.
            await desk.resolve(delivery.id, arrived=delivery.recipient in delivered, by="李敏", now=now)
        settled = closing(MESSAGES, await desk.states(CAMPAIGN))
    await database.close()
    assert books.balances
    assert books.pending == 0
    assert books.by_state.keys() == {State.SENT, State.UNKNOWN}
    assert len(listed) == books.by_state[State.UNKNOWN] < MESSAGES // 2
    assert set(people) - listed <= delivered.keys()  # Who did not get it is listed.
    assert settled.can_close
    assert settled.by_state[State.SENT] == len(delivered)


def waits_until(url: str, left: int) -> None:
    """Until so many are neither sent nor in doubt."""
    query = "SELECT count(*) FROM deliveries WHERE state IN ('planned', 'retry', 'dispatching')"
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(url, autocommit=True) as connection:
        while (found := connection.execute(query).fetchone()) and found[0] > left:
            assert time.monotonic() < deadline, f"{found[0]} of them wait for ever"
            time.sleep(0.01)
