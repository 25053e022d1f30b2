"""Next actions and derived tags of a run, written in its transaction; for commands and jobs."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql

from campaigns.tags.rules import APPETITES, CREDIT_BARS
from segmentation.next_actions import Circumstances, NextActions, corrected
from segmentation.tags import DerivedTags
from storage.copying import Copying
from storage.liquidity import told_days

KEY = ("run_id", "customer_id")
PLAIN = (
    "action",
    "channel",
    "product",
    "amount_fen",
    "probability",
    "expected_value_fen",
    "opportunity",
    "waits",
)
# What people set holds before what a department told: the questionnaire of today before the register of last quarter.
CIRCUMSTANCES = f"""
    SELECT s.customer_id::text,
        coalesce(t.appetite, substr(s.risk_appetite, 2)::integer) AS appetite, need.days AS horizon, need.as_told,
        EXISTS (SELECT FROM members m WHERE m.customer_id = s.customer_id) AS bound,
        coalesce(t.refused, false) OR coalesce(s.credit_grade = 'poor', false) AS credit_refused
    FROM customer_snapshots s LEFT JOIN (
        SELECT customer_id, max(substr(code, 7)::integer) FILTER (WHERE code = ANY(%(appetites)s)) AS appetite,
            bool_or(code = ANY(%(refused)s)) AS refused
        FROM customer_tags WHERE set_at <= %(now)s AND coalesce(ended_at, 'infinity') > %(now)s
            AND expires_at > %(now)s AND code = ANY(%(appetites)s || %(refused)s)
        GROUP BY 1) t USING (customer_id)
    LEFT JOIN ({told_days("%(now)s::timestamptz")}) need USING (customer_id)
    WHERE s.as_of = %(as_of)s
"""  # noqa: S608 - our own text.
SPOKEN_OF = "SELECT * FROM ({}) c WHERE coalesce(appetite, as_told) IS NOT NULL OR bound OR credit_refused ORDER BY 1"


class SqlActionRuns:
    """Reads what actions depend on beside figures, and keeps what a run decided.

    With `known_by` only what was told by then counts; who is linked in the chat has no history and is read as it is.
    """

    def __init__(self, connection: psycopg.Connection, copying: Copying, known_by: datetime | None = None) -> None:
        self._connection = connection
        self._copying = copying
        self._known_by = known_by

    def circumstances(self, as_of: date, now: datetime) -> Circumstances:
        """Appetites for risk, who is linked in the chat, whose credit is refused; and chances by recorded outcomes."""
        moment = self._known_by or now
        query = sql.SQL(SPOKEN_OF).format(sql.SQL(CIRCUMSTANCES))
        rows = self._connection.execute(query, _given(as_of, moment)).fetchall()
        table = pd.DataFrame(rows, columns=["customer_id", "appetite", "horizon", "as_told", "bound", "credit_refused"])
        return Circumstances(table.set_index("customer_id"), self._corrections(moment))

    def digest(self, as_of: date, now: datetime) -> str:
        """A digest of the same; empty where there is nothing to speak of. That a day has passed changes nothing."""
        query = sql.SQL(
            """SELECT concat(string_agg(concat_ws(' ', customer_id, appetite, as_told, bound, credit_refused), ' '
                       ORDER BY customer_id),
                   (SELECT string_agg(concat_ws(' ', run_id, customer_id, succeeded), ' ' ORDER BY run_id, customer_id)
                    FROM action_outcomes WHERE recorded_at <= %(now)s))
               FROM ({}) known"""
        ).format(sql.SQL(SPOKEN_OF).format(sql.SQL(CIRCUMSTANCES)))
        row = self._connection.execute(query, _given(as_of, self._known_by or now)).fetchone()
        return str(row[0]) if row else ""

    def save(self, run: UUID, actions: NextActions, tags: DerivedTags) -> None:
        """Keep the actions and tags of every customer, while the run is being saved."""
        self._copying.begin("customer_actions", _action_tables(run, actions, tags), KEY + PLAIN)

    def _corrections(self, now: datetime) -> dict[str, float]:
        rows = self._connection.execute(
            """SELECT action, sum(probability), count(*) FILTER (WHERE succeeded)
               FROM action_outcomes JOIN customer_actions USING (run_id, customer_id)
               WHERE recorded_at <= %s GROUP BY action""",
            [now],
        ).fetchall()
        return {action: corrected(tried, succeeded) for action, tried, succeeded in rows}


def _given(as_of: date, now: datetime) -> dict[str, object]:
    return {"as_of": as_of, "now": now, "appetites": list(APPETITES), "refused": list(CREDIT_BARS)}


def _action_tables(run: UUID, actions: NextActions, tags: DerivedTags) -> Iterator[pa.Table]:
    yield pa.table(
        {
            "run_id": pa.repeat(pa.scalar(str(run)), len(actions.table)),
            "customer_id": pa.array(actions.table.index, pa.string()),
            **{name: pa.array(actions.table[name], from_pandas=True) for name in PLAIN},
            "reasons": actions.reasons.as_stored(),
            "alternatives": actions.alternatives,
            "products": actions.products.as_json(),
            "tags": tags.as_json(),
        }
    )
