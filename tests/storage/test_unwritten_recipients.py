"""The revision that frees whom ended versions wrote nothing to reads what is there already by the same rule."""

from importlib import import_module

import psycopg

REVISION = import_module("storage.migrations.versions.0072_unwritten_recipients")
BEFORE = (
    "SET session_replication_role = replica",
    "ALTER TABLE promotion_recipients DROP COLUMN is_free",
    """CREATE UNIQUE INDEX promotion_recipients_once ON promotion_recipients (promotion_id, customer_id)
        WHERE place = 'arm'""",
    "INSERT INTO promotions (code, made_at) VALUES ('autumn', now())",
    """INSERT INTO promotion_versions (promotion_id, version, state, body, digest, author_id, send_at, closes_at,
            made_at, submitted_at, basis)
        SELECT 1, n, CASE n WHEN 1 THEN 'closed' ELSE 'running' END, '{}', repeat('0', 64), 1, now(), now(),
            now(), now(), '{}' FROM generate_series(1, 2) n""",
    # In the first version: sent, cancelled, in doubt and settled, a text message that was sent, held out.
    """INSERT INTO promotion_recipients (promotion_id, version, customer_id, member_id, place, arm, assigned_at)
        SELECT 1, v, md5(n::text)::uuid, n, p, CASE p WHEN 'arm' THEN 'a' END, now()
        FROM (VALUES (1, 1, 'arm'), (1, 2, 'arm'), (1, 3, 'arm'), (1, 4, 'arm'), (1, 5, 'held_out'),
            (2, 5, 'held_out'), (2, 6, 'arm')) r (v, n, p)""",
    """INSERT INTO deliveries (campaign, step, recipient, kind, method, payload, state, detail, priority, due_at,
            planned_at)
        SELECT 'promotion:1', s, n, 'marketing', 'sendMessage', '{}', t, d, 5, now(), now()
        FROM (VALUES ('v1:a', 1, 'sent', NULL), ('v1:a', 2, 'cancelled', NULL),
            ('v1:a', 3, 'failed', 'resolved by 王'), ('v2:a', 6, 'cancelled', NULL)) r (s, n, t, d)""",
    """INSERT INTO channel_messages (campaign, step, channel, customer_id, title, text, kind, touch, state, cost_fen,
            due_at, attempts, repeats, planned_at)
        VALUES ('promotion:1', 'v1', 'sms', md5('4')::uuid, '', '', 'marketing', 'call', 'sent', 0, now(), 1, 0,
            now())""",
)


def test_what_ended_before_the_rule_is_freed_by_it_and_whom_two_versions_held_out_counts_once(
    database_url: str,
) -> None:
    with psycopg.connect(database_url) as connection:
        for statement in (*BEFORE, *REVISION.STATEMENTS):
            connection.execute(statement.encode())
        free = connection.execute("SELECT version, member_id FROM promotion_recipients WHERE is_free ORDER BY 1, 2")
        assert free.fetchall() == [(1, 2), (2, 5)]
