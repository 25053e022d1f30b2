"""Four hundred customers of one manager: delivered, put into classes, named, bound and in groups, all by the stores."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import psycopg

from bot.settings import Settings
from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.segments import SegmentService
from campaigns.members.model import Introduction, Language
from segmentation.synthetic import AS_OF, invent_name, invent_people, write_delivery
from storage.contacts import publish_contacts
from storage.database import Database
from storage.intakes import open_intakes
from storage.members import SqlMemberStore
from storage.segments import open_segments
from storage.vault import Keyring, Vault
from tests.chat.classed_bank import Unwatched

COUNT = 400
FIRST_ID = 7_000_000_001  # Beyond the people of the sandbox.
BEST = """SELECT c.number FROM customer_actions a JOIN customers c ON c.id = a.customer_id
    ORDER BY a.expected_value_fen DESC, c.number"""
BIND = """UPDATE members m SET customer_id = c.id, bound_at = %(now)s
    FROM customers c, unnest(%(ids)s::bigint[], %(numbers)s::text[]) AS who (id, number)
    WHERE m.id = who.id AND c.number = who.number"""
AGREE = """INSERT INTO consents (member_id, purpose, wording, given_at) SELECT id, purpose, 'v1', %(now)s
    FROM unnest(%(ids)s::bigint[]) AS who (id), unnest(ARRAY['binding', 'marketing']) AS purpose"""
JOIN = """INSERT INTO group_members (group_id, member_id, joined_at, source)
    SELECT g.id, who.id, %(now)s, 'unknown' FROM unnest(%(ids)s::bigint[]) AS who (id)
    JOIN groups g ON g.chat_id = %(chat)s
    ON CONFLICT DO NOTHING"""


def deliver(settings: Settings, url: str, folder: Path, now: datetime) -> list[str]:
    """Import the quarter, put everybody into classes and say their names; numbers, whom it pays most to call first."""
    vault = Vault(Keyring.open(settings.keyring_file))
    people = invent_people(COUNT)
    write_delivery(folder, people, compress=False)
    with open_intakes(url, vault) as store:
        report = IntakeService(store, Unwatched(), now).import_delivery(folder, "cn-bank", AS_OF, 0.0)
        assert isinstance(report, IntakeReport), str(report)
    with open_segments(url, settings.time_zone) as store:
        SegmentService(store, now).segment()
    with psycopg.connect(url) as connection:
        best = [number for (number,) in connection.execute(BEST)]
        numbers = best + sorted({person.number for person in people} - set(best))
        contacts = [
            {"number": number, "name": name, "phone": f"+861380016{6880 + at}"}
            for at, (number, name) in enumerate(zip(numbers, names(), strict=False))
        ]
        publish_contacts(connection, vault, contacts, AS_OF)
    return numbers


def names() -> Iterator[str]:
    """The names of the customers in the same order; the first one is alone in hers."""
    yield "欧阳小芳"
    yield from (invent_name(at) for at in range(COUNT))


async def bind(settings: Settings, url: str, numbers: Sequence[str], ids: Sequence[int], now: datetime) -> None:
    """Let these members be these customers, who agreed to be written to."""
    database = Database(url, pool_size=1)
    async with database.unit_of_work() as uow:
        met = [
            Introduction(member, name, Language.ZH, is_private=True) for member, name in zip(ids, names(), strict=False)
        ]
        await SqlMemberStore(uow, Vault(Keyring.open(settings.keyring_file))).meet_all(met, now)
    await database.close()
    with psycopg.connect(url) as connection:
        facts = {"ids": list(ids), "numbers": list(numbers), "now": now}
        connection.execute(BIND, facts)
        connection.execute(AGREE, facts)


def join(url: str, ids: Sequence[int], groups: Sequence[int], now: datetime) -> None:
    """Put members into groups in turn."""
    with psycopg.connect(url) as connection:
        for at, chat in enumerate(groups):
            connection.execute(JOIN, {"ids": list(ids)[at :: len(groups)], "chat": chat, "now": now})
