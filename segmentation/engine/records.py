"""From records — accounts, cards, loans, single transactions — to what a bank of balances would have delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from segmentation.engine.windows import window_statement
from segmentation.intake.profiles import Department

EVERYBODY = "CREATE VIEW {subject}_of AS SELECT *, number AS customer FROM {subject}"
LED = "CREATE VIEW {subject}_of AS SELECT r.*, k.customer FROM {subject} r JOIN ({keys}) k USING (number)"
ASTRAY = "SELECT DISTINCT number FROM {subject} WHERE number NOT IN (SELECT number FROM ({keys})) ORDER BY 1"
KEYS = {
    "customer": "SELECT DISTINCT number, number AS customer FROM {subject}",
    "account": "SELECT account AS number, MIN(number) AS customer FROM holders WHERE role = 'owner' GROUP BY account",
    "holder": "SELECT holder AS number, MIN(number) AS customer FROM holders GROUP BY holder",
}
# A debt shrinks by its monthly payment; how a loan ended is not known on any day before its end.
BALANCES = """
WITH last AS (
    SELECT customer, number, balance, ROW_NUMBER() OVER (PARTITION BY number ORDER BY day DESC, file_row DESC) AS place
    FROM transactions_of WHERE day <= DATE '{day}' AND balance IS NOT NULL
), money AS (
    SELECT customer, SUM(GREATEST(balance, 0)) AS held, SUM(GREATEST(-balance, 0)) AS overdrawn
    FROM last WHERE place = 1 GROUP BY customer
), elapsed AS (
    SELECT customer, amount, monthly, DATEDIFF('month', opened_on, DATE '{day}')
        - CASE WHEN EXTRACT(DAY FROM opened_on) > EXTRACT(DAY FROM DATE '{day}') THEN 1 ELSE 0 END AS paid
    FROM loans_of WHERE opened_on <= DATE '{day}'
), debts AS (
    SELECT customer, SUM(GREATEST(amount - monthly * paid, 0)) AS owed FROM elapsed GROUP BY customer
)
SELECT DISTINCT a.customer AS number, 0 AS structured_deposit, 0 AS time_deposit,
    CAST(COALESCE(held, 0) AS BIGINT) AS demand_deposit, 0 AS wealth_products, 0 AS funds, 0 AS asset_plans,
    0 AS large_certificates, CAST(COALESCE(owed, 0) + COALESCE(overdrawn, 0) AS BIGINT) AS loans
FROM accounts_of a LEFT JOIN money ON money.customer = a.customer LEFT JOIN debts ON debts.customer = a.customer
WHERE a.opened_on <= DATE '{day}' ORDER BY 1
"""
# Interest and fees are the bank's doing, not the customer's.
MOVEMENTS = "SELECT * FROM transactions_of WHERE COALESCE(kind, 'other') NOT IN ('interest', 'fee')"
ACTIVITY = """
SELECT customer AS number, CAST(NULL AS INTEGER) AS logins,
    CAST(count_in_90 + count_out_90 AS INTEGER) AS transfers,
    CAST(count_in_90 AS INTEGER) AS transfers_in, amount_in_90 AS transfers_in_amount,
    CAST(count_out_90 AS INTEGER) AS transfers_out, amount_out_90 AS transfers_out_amount,
    CAST(DATE '{day}' - CAST(recency_days AS INTEGER) AS TIMESTAMP) AS last_transfer_at,
    CAST(counter_90 AS INTEGER) AS counter_uses, CAST(atm_90 AS INTEGER) AS atm_uses,
    CAST(transfer_90 AS INTEGER) AS transfer_uses, CAST(online_90 AS INTEGER) AS online_uses
FROM ({windows}) ORDER BY 1
"""
TENURE = """
SELECT customer AS number, MIN(opened_on) AS customer_since FROM accounts_of
WHERE opened_on <= DATE '{day}' GROUP BY 1 ORDER BY 1
"""
CARDS = """
WITH everybody AS (SELECT customer FROM accounts_of WHERE opened_on <= DATE '{day}'
    UNION SELECT customer FROM cards_of WHERE issued_on <= DATE '{day}')
SELECT e.customer AS number, CAST(COUNT(c.customer) AS INTEGER) AS cards FROM everybody e
LEFT JOIN cards_of c ON c.customer = e.customer AND c.issued_on <= DATE '{day}' GROUP BY 1 ORDER BY 1
"""
COLUMNS = {
    "holders": {"number": "VARCHAR", "account": "VARCHAR", "holder": "VARCHAR", "role": "VARCHAR"},
    "accounts": {"number": "VARCHAR", "opened_on": "DATE"},
    "cards": {"number": "VARCHAR", "issued_on": "DATE"},
    "loans": {
        "number": "VARCHAR", "opened_on": "DATE", "amount": "BIGINT", "months": "INTEGER", "monthly": "BIGINT",
    },
    "transactions": {
        "number": "VARCHAR", "day": "DATE", "direction": "VARCHAR", "amount": "BIGINT", "balance": "BIGINT",
        "channel": "VARCHAR", "kind": "VARCHAR",
    },
}  # fmt: skip


@dataclass(frozen=True)
class RecordFiles:
    """Parquet files of one record department; later ones continue the earlier."""

    department: Department
    paths: Sequence[Path]


@dataclass(frozen=True)
class Assembled:
    """What records say as of a day: tables by the department they come from, and keys that lead to no customer.

    A table's columns are `number` and the fields of its subject; a department may say something of two subjects.
    """

    tables: tuple[tuple[Department, str, pa.Table], ...]
    unknown: Mapping[str, list[str]] = field(default_factory=dict)


def assemble(engine: duckdb.DuckDBPyConnection, records: Sequence[RecordFiles], as_of: date) -> Assembled:
    """Look at every record up to that day; later rows change nothing."""
    by_subject = {found.department.subject: found for found in records}
    for subject, columns in COLUMNS.items():
        _open(engine, subject, columns, by_subject.get(subject))
    unknown = {}
    for subject, found in by_subject.items():
        if subject != "holders":
            unknown[found.department.name] = _lead_to_customers(engine, subject, found.department)
    for subject in COLUMNS.keys() - by_subject.keys() - {"holders"}:
        engine.execute(EVERYBODY.format(subject=subject))
    return Assembled(tuple(_tables(engine, by_subject, as_of)), unknown)


def _open(
    engine: duckdb.DuckDBPyConnection, subject: str, columns: Mapping[str, str], found: RecordFiles | None
) -> None:
    """A view of the subject's files with all columns, those nobody delivers being null."""
    if found is None:
        nothing = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items())
        engine.execute(f"CREATE VIEW {subject} AS SELECT {nothing}, 0 AS file_row WHERE false")
        return
    source = engine.read_parquet([str(path) for path in found.paths], file_row_number=True, filename=True)
    chosen = ", ".join(
        name if name in source.columns else f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items()
    )
    source.project(f"{chosen}, filename || printf('%020d', file_row_number) AS file_row").create_view(subject)


def _lead_to_customers(engine: duckdb.DuckDBPyConnection, subject: str, department: Department) -> list[str]:
    """A view `…_of` with the customer of every row; returns the keys that lead to nobody."""
    keys = KEYS[department.key_is].format(subject=subject)
    engine.execute(LED.format(subject=subject, keys=keys))
    rows = engine.execute(ASTRAY.format(subject=subject, keys=keys)).fetchall()
    return [str(number) for (number,) in rows]


def _tables(
    engine: duckdb.DuckDBPyConnection, given: Mapping[str, RecordFiles], as_of: date
) -> Sequence[tuple[Department, str, pa.Table]]:
    day = f"{as_of:%Y-%m-%d}"
    found: list[tuple[Department, str, pa.Table]] = []
    if "accounts" in given:
        accounts = given["accounts"].department
        found.append((accounts, "balances", engine.sql(BALANCES.format(day=day)).to_arrow_table()))
        found.append((accounts, "traits", engine.sql(TENURE.format(day=day)).to_arrow_table()))
    if "transactions" in given:
        engine.execute(f"CREATE VIEW movements AS {MOVEMENTS}")
        statement = ACTIVITY.format(day=day, windows=window_statement("movements", as_of))
        found.append((given["transactions"].department, "activity", engine.sql(statement).to_arrow_table()))
    if "cards" in given:
        found.append((given["cards"].department, "traits", engine.sql(CARDS.format(day=day)).to_arrow_table()))
    return found
