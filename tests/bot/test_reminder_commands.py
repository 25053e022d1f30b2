"""Reminders on the command line: the next times of each, and what became of the last."""

import json

import psycopg

from bot.commands import reminders
from tests.bot.conftest import Types

SEED = (
    """INSERT INTO members (id, name, language, private_chat, first_seen_at)
        VALUES (1, '\\x00', 'zh', 'open', now()), (2, '\\x00', 'zh', 'open', now())""",
    """INSERT INTO reminders (owner_id, state, version, since, next_at, made_at)
        VALUES (1, 'on', 1, now(), now() + interval '1 day', now()), (1, 'ended', 1, now(), NULL, now())""",
    """INSERT INTO reminder_versions
        SELECT id, 1, '每周三 15:00 节假日顺延', '{}', NULL, 2, '东门见', false, 60, 1, now() FROM reminders""",
    """INSERT INTO reminder_occurrences VALUES
        (1, '2026-11-18T07:00Z', 1, '2026-11-18T07:00Z', '2026-11-18T07:00Z', 'planned', 1)""",
    """INSERT INTO deliveries (campaign, step, recipient, kind, method, payload, state, priority, due_at, planned_at)
        VALUES ('reminder:1', 'weekly:2026-11-18T07:00Z', 2, 'service', 'sendMessage', '{}', 'sent', 1, now(),
            now())""",
)


def test_an_operator_sees_when_each_comes_and_what_became_of_the_last(command_line: Types, database_url: str) -> None:
    assert command_line(reminders.commands, "list") == (0, "There are no reminders.\n")
    with psycopg.connect(database_url) as connection:
        for statement in SEED:
            connection.execute(statement.encode())
    code, said = command_line(reminders.commands, "list", "--json")
    [found] = json.loads(said)
    assert code == 0
    assert (found["reminder"], found["state"], found["time"]) == (1, "on", "每周三 15:00 节假日顺延")
    assert len(found["next"]) == 3
    assert found["last"] == {
        "due_at": "2026-11-18T07:00:00+00:00",
        "outcome": "planned",
        "recipients": 1,
        "states": {"sent": 1},
    }
    assert "东门见" in command_line(reminders.commands, "list")[1]
