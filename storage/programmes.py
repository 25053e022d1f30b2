"""What the programme report reads: customers of two days with class, assets, dealings and costs; who was kept out."""

from datetime import date
from typing import NamedTuple

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv as arrow_csv

from campaigns.channels.model import Touch
from storage.database import libpq_url

NUMBERS = ("assets_before", "assets_after", "online_before", "online_after", "cost", "control")
ONLINE = """{0}.online_uses::float8 / nullif(coalesce({0}.counter_uses, 0) + coalesce({0}.atm_uses, 0)
    + coalesce({0}.transfer_uses, 0) + coalesce({0}.online_uses, 0), 0)"""
# Contacts of the time between: messages outside of the chat as they were costed, and what managers noted as done.
PEOPLE = """WITH contacts AS (
        SELECT customer_id, sum(fen) AS fen FROM (
            SELECT customer_id, cost_fen AS fen FROM channel_messages
            WHERE channel <> 'task' AND state IN ('sent', 'unknown') AND ended_at::date > {before}
                AND ended_at::date <= {after} AND customer_id IS NOT NULL
            UNION ALL SELECT customer_id, CASE channel WHEN 'visit' THEN {visit} WHEN 'call' THEN {call} ELSE 0 END
            FROM customer_interactions WHERE at::date > {before} AND at::date <= {after}) each
        GROUP BY customer_id),
    asked AS (
        SELECT customer_id, bool_or(place = 'global_control')::integer AS control FROM promotion_recipients
        WHERE place IS NOT NULL AND assigned_at::date > {before} AND assigned_at::date <= {after} GROUP BY customer_id)
    SELECT customer_id, b.letter AS letter_before, a.letter AS letter_after,
        s.assets / 100.0 AS assets_before, t.assets / 100.0 AS assets_after,
        {online_before} AS online_before, {online_after} AS online_after,
        coalesce(contacts.fen, 0) / 100.0 AS cost, asked.control
    FROM (SELECT * FROM customer_snapshots WHERE as_of = {before}) s
    FULL JOIN (SELECT * FROM customer_snapshots WHERE as_of = {after}) t USING (customer_id)
    LEFT JOIN (SELECT customer_id, letter FROM customer_classes WHERE run_id = {run_before}) b USING (customer_id)
    LEFT JOIN (SELECT customer_id, letter FROM customer_classes WHERE run_id = {run_after}) a USING (customer_id)
    LEFT JOIN contacts USING (customer_id) LEFT JOIN asked USING (customer_id)
    ORDER BY customer_id"""
RUN = "SELECT id FROM segmentation_runs WHERE as_of = %s ORDER BY made_at DESC LIMIT 1"
CONTROL = "SELECT parts / 10000.0 FROM global_controls WHERE made_at::date <= %s ORDER BY version DESC LIMIT 1"
COSTS = "SELECT coalesce((costs ->> %s)::bigint, %s) FROM channel_policies ORDER BY version DESC LIMIT 1"


class RunError(RuntimeError):
    """A day without a run; the message says which days have one."""


class Days(NamedTuple):
    """Everybody of two days, and the share that the global control was planned to be."""

    people: pd.DataFrame
    planned_control: float | None


def read_days(url: str, before: date, after: date, costs: dict[Touch, int]) -> Days:
    """Everybody of two days; `costs` are what a call and a visit cost where no policy of the bank says it, in fen.

    Raises:
        RunError: there is no run of one of the days.
    """
    with psycopg.connect(libpq_url(url)) as connection:
        runs = {day: connection.execute(RUN, [day]).fetchone() for day in (before, after)}
        if missing := [day for day, run in runs.items() if run is None]:
            known = connection.execute("SELECT DISTINCT as_of FROM segmentation_runs ORDER BY as_of").fetchall()
            days = ", ".join(str(day) for (day,) in known) or "none"
            raise RunError(
                f"No run of {missing[0]} is kept; there are: {days}. Run segment --as-of {missing[0]} first."
            )
        given = {
            touch: (connection.execute(COSTS, [touch, fen]).fetchone() or (fen,))[0] for touch, fen in costs.items()
        }
        query = sql.SQL(PEOPLE).format(
            before=sql.Literal(before),
            after=sql.Literal(after),
            run_before=sql.Literal((runs[before] or [None])[0]),
            run_after=sql.Literal((runs[after] or [None])[0]),
            online_before=sql.SQL(ONLINE.format("s")),
            online_after=sql.SQL(ONLINE.format("t")),
            call=sql.Literal(given[Touch.CALL]),
            visit=sql.Literal(given[Touch.VISIT]),
        )
        found = connection.execute(CONTROL, [after]).fetchone()
        return Days(_frame(connection, query), float(found[0]) if found else None)


def _frame(connection: psycopg.Connection, query: sql.Composed) -> pd.DataFrame:
    with connection.cursor().copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)) as copy:
        data = b"".join(bytes(part) for part in copy)
    names = data.split(b"\n", 1)[0].decode().split(",")
    kinds = {name: pa.float64() if name in NUMBERS else pa.string() for name in names}
    options = arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=True)
    found: pd.DataFrame = arrow_csv.read_csv(pa.BufferReader(data), convert_options=options).to_pandas()
    return found
