"""What the bank's file told of applications, and who settled where it disagreed with the chat."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.applications.model import Application, Stage, Verdict
from campaigns.applications.reconciling import CardEvent, CardLine, Disagreement
from storage.application_rows import ApplicationRow, application_of
from storage.columns import big, moment
from storage.database import UnitOfWork


class CardEventRow(SQLModel, table=True):
    """One event of one application on one day."""

    __tablename__ = "card_events"

    id: int | None = big(default=None, primary_key=True)
    application_id: int = big(foreign_key="applications.id")
    stage: str
    happened_on: date
    verdict: str
    told_at: datetime = moment()
    settled_by: int | None = big(default=None, foreign_key="members.id")
    settled_at: datetime | None = moment(default=None)


# A number of ours is SQ and the id; a customer's number reaches those who were bound only later, too.
OF_NUMBERS = text(
    """SELECT n.number, a.id FROM unnest(CAST(:numbers AS text[])) n (number)
    JOIN applications a ON n.number = 'SQ' || lpad(a.id::text, 8, '0')
    UNION
    SELECT c.number, a.id FROM customers c JOIN applications a ON a.customer_id = c.id WHERE c.number = ANY(:numbers)
    UNION
    SELECT c.number, a.id FROM customers c JOIN members m ON m.customer_id = c.id
    JOIN applications a ON a.member_id = m.id AND a.customer_id IS NULL WHERE c.number = ANY(:numbers)
    ORDER BY 2"""
)


class SqlCardEventStore:
    """Implements `campaigns.applications.reconciling.CardEventStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def of_numbers(self, numbers: Collection[str]) -> dict[str, list[int]]:
        """The applications of these application numbers and customer numbers, the oldest first."""
        found: dict[str, list[int]] = {}
        for number, application in await self._session.execute(OF_NUMBERS, {"numbers": list(numbers)}):
            found.setdefault(number, []).append(application)
        return found

    async def lock(self, application_ids: Collection[int]) -> dict[int, Application]:
        """These applications, locked in the order of their ids."""
        row = ApplicationRow
        wanted = select(row).where(col(row.id).in_(application_ids)).order_by(col(row.id)).with_for_update()
        found = await self._session.scalars(wanted.execution_options(populate_existing=True))
        return {one.id: one for one in map(application_of, found)}

    async def keep(self, application_id: int, line: CardLine, now: datetime) -> tuple[CardEvent, bool]:
        """The event as it is kept, locked by its application, and whether it is new."""
        row = {
            "application_id": application_id,
            "stage": line.stage,
            "happened_on": line.on,
            "verdict": Verdict.DISAGREES,
            "told_at": now,
        }
        statement = insert(CardEventRow).values(row).on_conflict_do_nothing().returning(col(CardEventRow.id))
        made = await self._session.scalar(statement)
        kept = select(CardEventRow).where(
            col(CardEventRow.application_id) == application_id,
            col(CardEventRow.stage) == line.stage,
            col(CardEventRow.happened_on) == line.on,
        )
        return _event((await self._session.scalars(kept)).one()), made is not None

    async def judged(self, event_id: int, verdict: Verdict) -> None:
        """Keep what an event means."""
        row = CardEventRow
        await self._session.execute(update(row).where(col(row.id) == event_id).values(verdict=verdict))

    async def event(self, event_id: int) -> CardEvent | None:
        """One event, locked."""
        wanted = select(CardEventRow).where(col(CardEventRow.id) == event_id).with_for_update()
        row = await self._session.scalar(wanted.execution_options(populate_existing=True))
        return _event(row) if row else None

    async def settle(self, event_id: int, by: int, now: datetime) -> None:
        """Remember who settled a disagreement."""
        row = CardEventRow
        statement = update(row).where(col(row.id) == event_id, col(row.settled_at).is_(None))
        await self._session.execute(statement.values(settled_by=by, settled_at=now))

    async def unsettled(self, owner_ids: Collection[int] | None, limit: int) -> list[Disagreement]:
        """Disagreements that nobody settled, of these owners or of all, the oldest first."""
        row = CardEventRow
        wanted = (
            select(row, ApplicationRow)
            .join(ApplicationRow, col(ApplicationRow.id) == col(row.application_id))
            .where(col(row.verdict) == Verdict.DISAGREES, col(row.settled_at).is_(None))
            .order_by(col(row.id))
            .limit(limit)
        )
        if owner_ids is not None:
            wanted = wanted.where(col(ApplicationRow.owner_id).in_(owner_ids))
        return [Disagreement(_event(event), application_of(one)) for event, one in await self._session.execute(wanted)]


def _event(row: CardEventRow) -> CardEvent:
    assert row.id is not None
    settled = row.settled_at is not None
    return CardEvent(row.id, row.application_id, Stage(row.stage), row.happened_on, Verdict(row.verdict), settled)
