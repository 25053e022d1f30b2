"""What could not go on, and when it is tried again; savepoints keep its fault from the others."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlmodel import Field, SQLModel, col

from campaigns.setbacks.ports import T, Told, Work
from campaigns.setbacks.rules import rest_after
from storage.columns import moment
from storage.database import UnitOfWork
from storage.rows import one_of

log: structlog.stdlib.BoundLogger = structlog.get_logger("setbacks")
FORGOTTEN = timedelta(days=7)  # What was not due any more when its rest was over is looked for by nobody.


def is_resting(look: str, number: str) -> str:
    """SQL that says whether a row with this number rests from a look at `:now`, so that a page of others is found."""
    return f"""EXISTS (SELECT FROM setbacks WHERE setbacks.look = '{look}'
        AND setbacks.subject = {number}::text AND setbacks.retry_at > :now)"""


class SetbackRow(SQLModel, table=True):
    """Something that failed by itself so many times; gone once it goes on."""

    __tablename__ = "setbacks"

    look: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    times: int
    since: datetime = moment()
    retry_at: datetime = moment()
    fault: str


class SqlSetbacks:
    """Implements `campaigns.setbacks.ports.Setbacks` inside one unit of work."""

    def __init__(self, uow: UnitOfWork, now: Callable[[], datetime]) -> None:
        self._session = uow.session
        self._now = now

    async def apart(
        self, look: str, due: Sequence[T], work: Work[T], name: Callable[[T], object] = str, told: Told[T] | None = None
    ) -> None:
        """Do what is due all together; where that fails, each by itself. A database that fails is nobody's setback."""
        if not due:
            return
        known = await self._known(look, [str(name(each)) for each in due])
        fresh = [each for each in due if str(name(each)) not in known]
        again = [each for each in due if (row := known.get(str(name(each)))) and row.retry_at <= self._now()]
        if fresh and await self._fault_of(work, fresh):
            again = [*fresh, *again]
        for each in again:
            subject = str(name(each))
            row = known.get(subject)
            fault = await self._fault_of(work, [each])
            if fault:
                await self._set_back(look, subject, row, fault)
            elif row:
                await self._forget(look, subject)
            if fault and not row:
                await self._tell(look, subject, each, told, fault)

    async def _known(self, look: str, subjects: Collection[str]) -> dict[str, SetbackRow]:
        query = select(SetbackRow).where(col(SetbackRow.look) == look, one_of(SetbackRow.subject, subjects))
        return {row.subject: row for row in await self._session.scalars(query)}

    async def _fault_of(self, work: Work[T], due: Sequence[T]) -> Exception | None:
        """Do it; what went wrong, where something did, and then nothing of it is left."""
        try:
            async with self._session.begin_nested():
                await work(due)
        except OperationalError:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the others must go on.
            return fault
        return None

    async def _set_back(self, look: str, subject: str, row: SetbackRow | None, fault: Exception) -> None:
        now, times = self._now(), (row.times if row else 0) + 1
        kept = {"times": times, "retry_at": now + rest_after(times), "fault": f"{type(fault).__name__}"}
        over = col(SetbackRow.retry_at) < now - FORGOTTEN
        await self._session.execute(delete(SetbackRow).where(over))
        made = insert(SetbackRow).values(look=look, subject=subject, since=now, **kept)
        await self._session.execute(made.on_conflict_do_update(index_elements=["look", "subject"], set_=kept))

    async def _tell(self, look: str, subject: str, each: T, told: Told[T] | None, fault: Exception) -> None:
        """Once: to the log, and to whom it concerns; that nobody could be told holds up nothing either."""
        log.error("set_back", look=look, subject=subject, exc_info=fault)

        async def tell(_: Sequence[T]) -> None:
            if told is not None:
                await told(each)

        if again := await self._fault_of(tell, [each]):
            log.error("set_back_untold", look=look, subject=subject, exc_info=again)

    async def _forget(self, look: str, subject: str) -> None:
        gone = col(SetbackRow.look) == look, col(SetbackRow.subject) == subject
        await self._session.execute(delete(SetbackRow).where(*gone))
