"""Next actions in rows that follow what happened since their run: who is affected, what is known, what is kept."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from campaigns.customers.adapting import FOLLOWED, ActionNumbers, Happening, Known
from campaigns.customers.next_actions import NextAction
from campaigns.events.model import EventKind
from campaigns.tags.rules import APPETITES, CREDIT_BARS
from segmentation.liquidity import TOLD
from storage.database import UnitOfWork
from storage.gate_facts import CUSTOMERS, Told, questions
from storage.lending import DECLINED_FOR
from storage.next_actions import CustomerActionRow, as_the_run_said
from storage.rows import one_of
from storage.setbacks import is_resting

LOOK = """INSERT INTO event_looks (source, looked_at) VALUES ('actions', :now)
    ON CONFLICT (source) DO UPDATE SET looked_at = excluded.looked_at
    WHERE event_looks.looked_at <= :now - interval '1 minute' OR event_looks.looked_at > :now RETURNING 1"""
FRESH = timedelta(days=2)  # News that no look found within it waits for the next run.
RUN = "SELECT id, as_of, made_at FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1"
# Each with when it became known; what a run knew already is no news. An action whose outcome was recorded stays.
NEWS = """SELECT customer_id, recorded_at AS at FROM events WHERE kind = ANY(:kinds) AND recorded_at > :fresh
        AND recorded_at <= :now AND at >= run.as_of
    UNION ALL SELECT customer_id, set_at FROM customer_tags WHERE code = ANY(:codes) AND set_at > :fresh
        AND set_at <= :now
    UNION ALL SELECT customer_id, ended_at FROM customer_tags WHERE code = ANY(:codes) AND ended_at > :fresh
        AND ended_at <= :now
    UNION ALL SELECT customer_id, state_since FROM loan_requests WHERE state <> 'draft' AND state_since > :fresh
        AND state_since <= :now"""
AFFECTED = f"""WITH run AS MATERIALIZED ({RUN})
    SELECT a.customer_id FROM run CROSS JOIN LATERAL (
        SELECT customer_id, max(at) AS at FROM ({NEWS}) news WHERE customer_id IS NOT NULL GROUP BY 1) n
    JOIN customer_actions a ON a.run_id = run.id AND a.customer_id = n.customer_id
    WHERE n.at > coalesce(a.adapted_at, run.made_at) AND NOT EXISTS (SELECT FROM action_outcomes o
        WHERE o.run_id = run.id AND o.customer_id = a.customer_id) AND NOT {is_resting("actions", "a.customer_id")}
    ORDER BY n.at, a.customer_id LIMIT :limit"""  # noqa: S608
BESIDE = f"""WITH run AS ({RUN}) SELECT k.customer_id, k.churn, k.potential, k.current_value,
        EXISTS (SELECT FROM members m WHERE m.customer_id = k.customer_id AND m.private_chat = 'open'),
        EXISTS (SELECT FROM customer_tags t WHERE t.customer_id = k.customer_id AND t.code = ANY(:bars)
            AND t.set_at <= :now AND coalesce(t.ended_at, 'infinity') > :now AND t.expires_at > :now),
        EXISTS (SELECT FROM loan_requests l WHERE l.customer_id = k.customer_id AND (l.state IN ('asked', 'contacted',
            'documents', 'approved') OR l.state = 'declined' AND l.state_since > :since)), s.assets, k.letter::text
    FROM run JOIN customer_classes k ON k.run_id = run.id
    JOIN customer_snapshots s ON s.as_of = run.as_of AND s.customer_id = k.customer_id
    WHERE k.customer_id = ANY(CAST(:customers AS uuid[]))"""  # noqa: S608
HAPPENINGS = f"""SELECT customer_id, kind, at, amount FROM events
    WHERE customer_id = ANY(CAST(:customers AS uuid[])) AND kind = ANY(:kinds) AND at <= :now
        AND at >= (SELECT as_of FROM ({RUN}) run) ORDER BY at, id"""  # noqa: S608
POLICY = f"""SELECT p.body FROM segmentation_policies p JOIN segmentation_runs r ON r.policy_version = p.version
    WHERE r.id = (SELECT id FROM ({RUN}) run)"""  # noqa: S608
KEEP = """UPDATE customer_actions a SET adapted_at = :now, as_run = coalesce(a.as_run, to_jsonb(a) - 'tags' - 'as_run'),
        action = f.action, channel = f.channel, product = f.product, amount_fen = f.amount_fen,
        probability = f.probability, expected_value_fen = f.expected_value_fen, waits = f.waits, reasons = f.reasons,
        alternatives = f.alternatives, products = f.products
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS f (customer_id uuid, action varchar, channel varchar,
        product varchar, amount_fen bigint, probability real, expected_value_fen bigint, waits boolean, reasons jsonb,
        alternatives jsonb, products jsonb)
    WHERE a.run_id = :run AND a.customer_id = f.customer_id AND NOT EXISTS (SELECT FROM action_outcomes o
        WHERE o.run_id = a.run_id AND o.customer_id = a.customer_id)"""


class SqlAdaptingStore:
    """Implements `campaigns.customers.adapting.AdaptingStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def affected(self, now: datetime, limit: int) -> list[UUID]:
        """Customers of whom something is news since their action was made or adapted, the longest waiting first.

        Looked at once a minute; nobody within it.
        """
        if await self._session.scalar(text(LOOK), {"now": now}) is None:
            return []
        facts = {
            "now": now,
            "fresh": now - FRESH,
            "kinds": list(FOLLOWED),
            "codes": [*APPETITES, *TOLD, *CREDIT_BARS],
            "limit": limit,
        }
        return list(await self._session.scalars(text(AFFECTED), facts))

    async def numbers(self) -> ActionNumbers | None:
        """Those of the newest run's policy; None where it has none, as one of before actions."""
        body = await self._session.scalar(text(POLICY))
        return ActionNumbers.of_policy(body) if body and "actions" in body else None

    async def read(self, customers: Sequence[UUID], now: datetime) -> list[tuple[UUID, NextAction, Known]]:
        """The run's own word on these customers, locked, and what is known of them today."""
        asked = {**questions(now), "customers": list(customers), "kinds": list(FOLLOWED)}
        asked |= {"bars": list(CREDIT_BARS), "since": now - DECLINED_FOR}
        told = {who: Told(*said) for who, *said in await self._session.execute(CUSTOMERS, asked)}
        happened: dict[UUID, list[Happening]] = {}
        for who, kind, at, amount in await self._session.execute(text(HAPPENINGS), asked):
            happened.setdefault(who, []).append(Happening(EventKind(kind), at, amount))
        beside = {row[0]: row[1:] for row in await self._session.execute(text(BESIDE), asked)}
        return [
            (who, action, _known(happened.get(who, []), told.get(who, Told()), beside[who]))
            for who, action in await self._actions(customers)
            if who in beside
        ]

    async def keep(self, adapted: Sequence[tuple[UUID, NextAction]], now: datetime) -> None:
        """Put what to do next in the place of the run's word, which stays beside it from the first time on.

        Where an outcome was recorded meanwhile, the action that it is of stays.
        """
        run = await self._session.scalar(text(f"SELECT id FROM ({RUN}) run"))  # noqa: S608 - our own text.
        rows = [_row(who, action) for who, action in adapted]
        await self._session.execute(text(KEEP), {"now": now, "run": run, "rows": json.dumps(rows)})

    async def _actions(self, customers: Sequence[UUID]) -> list[tuple[UUID, NextAction]]:
        run = await self._session.scalar(text(f"SELECT id FROM ({RUN}) run"))  # noqa: S608 - our own text.
        row = CustomerActionRow
        query = select(row).where(col(row.run_id) == run, one_of(row.customer_id, customers))
        query = query.order_by(col(row.customer_id)).with_for_update()
        return [(each.customer_id, as_the_run_said(each)) for each in await self._session.scalars(query)]


def _known(happened: Sequence[Happening], told: Told, beside: Sequence[Any]) -> Known:
    churn, potential, value, is_bound, is_barred, has_asked, assets, letter = beside
    return Known(
        tuple(happened),
        told.appetite,
        told.derived_days if told.told_days is None else told.told_days,
        is_barred or bool(told.needs_review),
        has_asked,
        is_bound,
        churn or 0.0,
        potential or 0.0,
        value or 0,
        assets,
        letter,
    )


def _row(who: UUID, action: NextAction) -> dict[str, Any]:
    plain = action.as_json()
    names = ("action", "channel", "product", "amount_fen", "probability", "expected_value_fen", "waits", "products")
    return {
        "customer_id": str(who),
        **{name: plain[name] for name in names},
        "reasons": [[each.code, each.value, each.points] for each in action.reasons],
        "alternatives": plain["alternatives"],
    }
