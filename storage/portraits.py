"""Portraits read from the stored runs, inside one unit of work; no frames here."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import column, select, table
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlmodel import col

from campaigns.customers.model import Axis, Band, Letter, Lifecycle
from campaigns.customers.portraits import PastClass, Portrait, Step
from storage.customers import CustomerClassRow, CustomerRow, SegmentationRunRow, reasons_of
from storage.database import UnitOfWork, one_transaction
from storage.fields import fields_of

POLICIES = table("segmentation_policies", column("version"), column("body", JSONB))


async def portrait_of(url: str, number: str) -> Portrait | None:
    """One portrait for a command, on a connection of its own."""
    async with one_transaction(url) as uow:
        return await SqlPortraitStore(uow).portrait(number)


class SqlPortraitStore:
    """Implements `campaigns.customers.portraits.PortraitStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def portrait(self, number: str) -> Portrait | None:
        """The portrait by the run of the latest day, and of that day's the latest run."""
        run, row = SegmentationRunRow, CustomerClassRow
        query = (
            select(CustomerRow, row, run, POLICIES.c.body)
            .join(row, col(row.customer_id) == col(CustomerRow.id))
            .join(run, col(run.id) == col(row.run_id))
            .join(POLICIES, POLICIES.c.version == col(run.policy_version))
            .where(col(CustomerRow.number) == number)
            .order_by(col(run.as_of).desc(), col(run.made_at).desc())
            .limit(1)
        )
        found = (await self._session.execute(query)).first()
        if found is None:
            return None
        customer, said, by, policy = found
        history = await self._history(customer.id)
        fields = await fields_of(self._session, customer.id, by.as_of)
        return replace(_portrait(customer.number, said, by, history), fields=fields, **_lines(by.report, policy))

    async def _history(self, customer_id: UUID) -> tuple[PastClass, ...]:
        """One entry per day, the latest first."""
        run, row = SegmentationRunRow, CustomerClassRow
        query = (
            select(row, col(run.as_of))
            .join(run, col(run.id) == col(row.run_id))
            .where(col(row.customer_id) == customer_id)
            .ext(distinct_on(col(run.as_of)))
            .order_by(col(run.as_of).desc(), col(run.made_at).desc())
        )
        found = await self._session.execute(query)
        return tuple(PastClass(as_of, Letter(row.letter), row.confidence, row.provisional) for row, as_of in found)


def _portrait(number: str, row: CustomerClassRow, run: SegmentationRunRow, history: tuple[PastClass, ...]) -> Portrait:
    return Portrait(
        number=number,
        as_of=run.as_of,
        policy_version=run.policy_version,
        letter=Letter(row.letter),
        runner_up=Letter(row.runner_up) if row.runner_up else None,
        gap=row.gap,
        confidence=row.confidence,
        provisional=row.provisional,
        reasons=reasons_of(Axis.LETTER, row.reasons),
        steps=tuple(Step(Letter(step["letter"]), step["change_fen"]) for step in row.steps),
        current=row.current,
        current_value=row.current_value,
        value_parts=row.value_parts,
        potential=row.potential,
        potential_reasons=reasons_of(Axis.POTENTIAL, row.potential_reasons),
        quadrant=Letter(row.quadrant) if row.quadrant else None,
        churn=row.churn,
        churn_reasons=reasons_of(Axis.CHURN, row.churn_reasons),
        band=Band(row.band) if row.band else None,
        lifecycle=Lifecycle(row.lifecycle) if row.lifecycle else None,
        development=row.development,
        missing=tuple(row.missing),
        left_out=run.report.get("left_out", {}),
        history=history,
    )


def _lines(report: dict[str, Any], policy: dict[str, Any]) -> dict[str, Any]:
    """The policy's and the run's lines that a portrait is read by, where they say them."""
    middle, high = report.get("tercile_bounds") or (None, None)
    watch, warning = policy.get("watch_line"), policy.get("churn_line")
    return {
        "margin": policy.get("margin"),
        "potential_bounds": None if middle is None else (middle, high),
        "churn_bounds": None if watch is None or warning is None else (watch, warning),
    }
