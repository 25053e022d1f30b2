"""Invented customers whom promotions reach, in a few statements: classes in turn, most of them bound and consenting."""

from datetime import datetime

import psycopg

AUTHOR, REVIEWER, OUTSIDER = 1, 2, 3
RUN = "00000000-0000-0000-0000-000000000001"
FILL = (
    "SET session_replication_role = replica",
    "INSERT INTO segmentation_policies VALUES (1, '{}', 'default', %(now)s) ON CONFLICT DO NOTHING",
    """INSERT INTO segmentation_runs (id, as_of, classifier, policy_version, data_digest, made_at, summary)
        VALUES (%(run)s, %(now)s::date, 'lines-1', 1, repeat('0', 64), %(now)s, '[]')""",
    """INSERT INTO members (id, name, language, private_chat, first_seen_at)
        SELECT n, '', 'zh', 'open', %(now)s FROM generate_series(1, 3) n ON CONFLICT DO NOTHING""",
    """INSERT INTO staff_roles (member_id, role, granted_at)
        VALUES (1, 'wealth_manager', %(now)s), (2, 'compliance', %(now)s)""",
    """INSERT INTO customers SELECT md5('customer ' || n)::uuid, 'K' || lpad(n::text, 8, '0'), %(now)s::date
        FROM generate_series(1, %(people)s) n""",
    """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
        wealth_products, funds, asset_plans, large_certificates, loans, has_activity)
        SELECT %(now)s::date, id, 0, 0, (20000 + right(number, 8)::bigint) * 100, 0, 0, 0, 0, 0, false
        FROM customers""",
    """INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons, confidence, missing,
        quadrant, band, lifecycle, churn, current_value, steps, potential_reasons, churn_reasons)
        SELECT %(run)s, id, chr(65 + (right(number, 8)::int - 1) %% 4), 50, 50, '[]', 1, '{}', 'A', 'small', 'mature',
        10, 0, '[]', '[]', '[]' FROM customers""",
    # Appetites from C1 to C5 in turn; one of eleven was never asked.
    """INSERT INTO customer_traits (department, as_of, customer_id, risk_appetite)
        SELECT 'lines', %(now)s::date, id, CASE WHEN right(number, 8)::int %% 11 > 0
            THEN 'C' || 1 + right(number, 8)::int %% 5 END FROM customers""",
    # All can do without their money for three years.
    """INSERT INTO customer_tags (customer_id, code, source, evidence, set_by, set_at, expires_at)
        SELECT id, 'money_3_years', 'customer', 'told', '1', %(now)s - interval '1 hour', %(now)s + interval '1 year'
        FROM customers""",
    # Of ten, one has no account, one never agreed, one took it back, one has no private chat, one blocked the bot.
    """INSERT INTO members (id, name, language, private_chat, customer_id, bound_at, first_seen_at)
        SELECT 1000 + right(number, 8)::bigint, '', CASE right(number, 8)::int %% 7 WHEN 0 THEN 'en' ELSE 'zh' END,
            CASE right(number, 8)::int %% 10 WHEN 4 THEN 'never' WHEN 5 THEN 'blocked' ELSE 'open' END, id, %(now)s,
            %(now)s
        FROM customers WHERE right(number, 8)::int %% 10 <> 1 OR %(willing)s""",
    "INSERT INTO data_keys SELECT 'member:' || id, 'k', '' FROM members WHERE customer_id IS NOT NULL",
    """INSERT INTO consents (member_id, purpose, wording, given_at, withdrawn_at)
        SELECT id, 'marketing', '1', %(now)s, CASE WHEN id %% 10 = 3 AND NOT %(willing)s THEN %(now)s END
        FROM members WHERE customer_id IS NOT NULL AND (id %% 10 <> 2 OR %(willing)s)""",
    "UPDATE members SET private_chat = 'open' WHERE %(willing)s",
)


def fill(url: str, people: int, now: datetime, *, willing: bool = False) -> None:
    """Write everybody's rows; `willing` people are all bound, consenting and in a private chat."""
    facts = {"people": people, "now": now, "run": RUN, "willing": willing}
    with psycopg.connect(url) as connection:
        for statement in FILL:
            named = {name: value for name, value in facts.items() if f"%({name})s" in statement}
            connection.execute(statement.encode(), named or None)
        connection.execute("RESET session_replication_role")
