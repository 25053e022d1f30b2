"""How long an audience takes to be counted and looked into: invented customers in a database of their own.

`python -m bench.audiences` builds 148,300 customers with three runs, half of them bound to members of groups, and
prints for each line the slowest of some counts and samples, and the processor time of one count, which other work
on the machine changes less (Linux alone).
"""

import argparse
import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from campaigns.audiences.model import Fault
from campaigns.audiences.service import AudienceService
from handlers.wording.audiences import LEXICON
from storage import schema
from storage.audiences import SqlAudienceStore
from storage.database import Database
from storage.private_postgres import PrivatePostgres

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LINES = (
    "everybody",
    "女 且 年龄 25-40 且 月消费 > 5000",
    "class in (A, B) and lifecycle = churn_warning and assets > 20万",
    "tag = funds_lover and not tag = idle_cash",
    "(高净值 or potential > 80) and not received_offer within 30 days",
    "群 = 商户福利群7 and 近30天接龙 and consent = marketing",
    "card_stage = none and 近90天转出 >= 1万 and not contacted within 90 days and owner = 3",
    "reachable and (district = 朝阳区 or tag in (risk_c2, risk_c3, salary)) and churn is known",
)
BUILD = (
    "SET session_replication_role = replica",
    "INSERT INTO segmentation_policies VALUES (1, '{}', 'default', now())",
    """INSERT INTO segmentation_runs SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, '2026-06-30'::date +
        n * 30,
        'lines-1', 1, repeat('0', 64), now(), '[]' FROM generate_series(1, 3) n""",
    """INSERT INTO customers SELECT gen_random_uuid(), '0x' || lpad(to_hex(n), 8, '0'), '2026-06-30'
        FROM generate_series(1, %(people)s) n""",
    """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
        wealth_products,
        funds, asset_plans, large_certificates, loans, logins, transfers, has_activity, sex, birth_date, consumption,
        district,
        amount_out_30, transfers_out_amount, last_transfer_at)
        SELECT r.as_of, c.id, 0, random() * 1e7, random() * 1e7, random() * 1e7, random() * 1e7, 0, 0, 0, random() *
        90,
        random() * 90, true, CASE WHEN random() < 0.5 THEN 'f' ELSE 'm' END, '1950-01-01'::date + (random() *
        20000)::int,
        random() * 2e7, (ARRAY['朝阳区','海淀区','东城区'])[1 + (random() * 2)::int], random() * 1e7, random() * 1e7,
        now() - random() * interval '100 days' FROM segmentation_runs r, customers c""",
    """INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons, confidence, missing,
        quadrant,
        band, lifecycle, churn, current_value, steps, potential_reasons, churn_reasons)
        SELECT r.id, c.id, chr(65 + (random() * 3)::int), random() * 100, random() * 100,
        '[["assets", 21332807, 2.1], ["activity", 12, 1.2], ["age", 44, 0.5]]', random(), '{}', 'A',
        (ARRAY['small','middle','high_net_worth'])[1 + (random() * 2)::int],
        (ARRAY['new','growing','mature','churn_warning'])[1 + (random() * 3)::int], random() * 100, random() * 1e6,
        '[{"letter": "B", "change_fen": 3800000}]', '[["assets", 21332807, 2.1]]', '[["assets", 21332807, 2.1]]'
        FROM segmentation_runs r, customers c""",
    """INSERT INTO customer_actions (run_id, customer_id, action, amount_fen, probability, expected_value_fen,
        opportunity,
        waits, reasons, alternatives, products, tags)
        SELECT r.id, c.id, 'call', 0, 0.1, 100, random() * 100, false, '[["assets", 21332807]]',
        '[["push", 0.1, 120], ["visit", 0.2, 80]]', '[["funds", 0.3], ["loans", 0.2]]',
        jsonb_strip_nulls(jsonb_build_object('funds_lover', CASE WHEN random() < 0.3 THEN 0.4 END,
        'idle_cash', CASE WHEN random() < 0.3 THEN 60000 END, 'salary', CASE WHEN random() < 0.2 THEN 12 END,
        'logs_in_often', CASE WHEN random() < 0.4 THEN 30 END, 'many_products', CASE WHEN random() < 0.3 THEN 4 END))
        FROM segmentation_runs r, customers c""",
    """INSERT INTO members (id, name, language, private_chat, customer_id, bound_at, first_seen_at)
        SELECT 1000 + row_number() OVER (), '', 'zh', (ARRAY['open','open','open','never','blocked'])[1 + (random() *
        4)::int],
        id, now(), now() FROM customers TABLESAMPLE BERNOULLI (50)""",
    "INSERT INTO data_keys SELECT 'member:' || id, 'k', '' FROM members",
    """INSERT INTO consents (member_id, purpose, wording, given_at, withdrawn_at) SELECT id, p, '1', now(),
        CASE WHEN random() < 0.2 THEN now() END FROM members, unnest(ARRAY['binding','marketing']) p""",
    """INSERT INTO groups (id, chat_id, title, merchant, manager_id, registered_at) OVERRIDING SYSTEM VALUE
        SELECT n, -n, '商户福利群' || n, '米店', n % 10 + 1, now() FROM generate_series(1, 400) n""",
    """INSERT INTO group_members (group_id, member_id, joined_at)
        SELECT 1 + id %% 400, id, %(now)s - interval '9 days' FROM members""",
    """INSERT INTO chain_entries (chain_id, sequence, member_id, masked_name, joined_at, quantity, proxy_index, waits)
        SELECT n, id, id, '王*', %(now)s - random() * interval '90 days', 1, '', false FROM members,
        generate_series(1, 3) n""",
    """INSERT INTO deliveries (campaign, step, recipient, kind, method, payload, state, priority, due_at, planned_at,
        ended_at)
        SELECT 'offer:' || n, 's', id, 'marketing', 'sendMessage', '{}', 'sent', 1, now(), now(),
        %(now)s - random() * interval '200 days' FROM members, generate_series(1, 6) n""",
    """INSERT INTO customer_interactions (customer_id, member_id, at, channel) SELECT id, 3,
        %(now)s - random() * interval '200 days', 'call' FROM customers TABLESAMPLE BERNOULLI (30)""",
    """INSERT INTO customer_tags (customer_id, code, source, evidence, set_by, set_at, expires_at) SELECT id,
        'risk_c' || 1 + (random() * 4)::int, 'customer', 'x', '3', %(now)s - interval '1 day', %(now)s + interval '1
        year'
        FROM customers TABLESAMPLE BERNOULLI (40)""",
    "ANALYZE",
)


def main() -> None:
    """Build, measure, print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=148_300)
    asked.add_argument("--repeats", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="audiences-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as another user when this runs as root.
        server = PrivatePostgres(Path(folder) / "pg").start()
        try:
            server.create_database("bench")
            schema.upgrade(server.url("bench"))
            build(server.url("bench"), given.people)
            asyncio.run(measure(server.url("bench"), given.repeats))
        finally:
            server.stop()


def build(url: str, people: int) -> None:
    """Fill the database; what rows refer to beside customers is left out."""
    with psycopg.connect(url) as connection:
        for statement in BUILD:
            facts = {"people": people, "now": NOW}
            named = {name: value for name, value in facts.items() if f"%({name})s" in statement}
            connection.execute(statement.encode(), named or None)


async def measure(url: str, repeats: int) -> None:
    """Count and sample each line some times, and print the slowest of each."""
    database = Database(url, pool_size=1)
    print("| line | customers | reachable | count, ms | sample, ms | processor, ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for line in LINES:
        counts, samples, counted = [], [], None
        for _ in range(repeats):
            async with database.unit_of_work() as uow:
                audiences = AudienceService(SqlAudienceStore(uow, "Asia/Shanghai"), LEXICON, lambda: NOW)
                began = time.perf_counter()
                expression = await audiences.read(line)
                assert not isinstance(expression, Fault), expression
                counted = await audiences.count(expression)
                counts.append(time.perf_counter() - began)
                began = time.perf_counter()
                await audiences.sample(expression)
                samples.append(time.perf_counter() - began)
        assert counted
        slow = f"{max(counts) * 1000:.0f} | {max(samples) * 1000:.0f} | {await processor_time(database, line)}"
        print(f"| `{line}` | {counted.heads:,} | {counted.reachable:,} | {slow} |")
    await database.close()


async def processor_time(database: Database, line: str) -> int:
    """Milliseconds of the processor that one count takes; a single process of the server does it all."""
    async with database.unit_of_work() as uow:
        connection = await uow.session.connection()
        backend = int((await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one())
        audiences = AudienceService(SqlAudienceStore(uow, "Asia/Shanghai"), LEXICON, lambda: NOW)
        expression = await audiences.read(line)
        assert not isinstance(expression, Fault), expression
        before = ticks(backend)
        await audiences.count(expression)
        return (ticks(backend) - before) * 1000 // os.sysconf("SC_CLK_TCK")


def ticks(process: int) -> int:
    """The processor time of a process in the system's ticks, its own and the kernel's."""
    user, kernel = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2].split()[11:13]
    return int(user) + int(kernel)


if __name__ == "__main__":
    main()
