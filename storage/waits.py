"""Waiting numbers in the database: given in their order booth by booth, one open for each person and rally."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.rallies.model import Booth, RallyState
from campaigns.waits.model import Number, WaitState
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.rally_rows import RallyRow, StampRow
from storage.rows import one_of

SERVE = text(
    """UPDATE waits w SET state = 'served', ended_at = :now
    FROM unnest(CAST(:booths AS bigint[]), CAST(:members AS bigint[])) AS s(booth_id, member_id)
    WHERE w.booth_id = s.booth_id AND w.member_id = s.member_id AND w.state IN ('waiting', 'called')"""
)
OPEN = (WaitState.WAITING, WaitState.CALLED)


class WaitRow(SQLModel, table=True):
    """One number at a booth."""

    __tablename__ = "waits"

    id: int | None = big(default=None, primary_key=True)
    rally_id: int = big(foreign_key="rallies.id")
    booth_id: int = big()
    member_id: int = big(foreign_key="members.id")
    number: int
    state: str = WaitState.WAITING
    taken_at: datetime = moment()
    told_at: datetime | None = moment(default=None)
    called_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)


class SqlWaitStore:
    """Implements `campaigns.waits.service.WaitStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def lock_booth(self, booth_id: int) -> None:
        """Numbers of one booth are given one after the other."""
        await self._session.execute(text("SELECT 1 FROM booths WHERE id = :booth FOR UPDATE"), {"booth": booth_id})

    async def add(self, booth: Booth, member_id: int, now: datetime, *, is_told: bool) -> Number:
        """Give the next number of a booth; numbers are never given twice, whatever became of the first."""
        last = select(func.coalesce(func.max(col(WaitRow.number)), 0) + 1).where(col(WaitRow.booth_id) == booth.id)
        row = {"rally_id": booth.rally_id, "booth_id": booth.id, "member_id": member_id, "taken_at": now}
        row |= {"number": last.scalar_subquery(), "told_at": now if is_told else None}
        made = await self._session.scalars(insert(WaitRow).values(row).returning(WaitRow))
        return _number(made.one())

    async def open_of(self, rally_id: int, member_id: int) -> Number | None:
        """The only open number that somebody has in a rally."""
        statement = select(WaitRow).where(
            col(WaitRow.rally_id) == rally_id, col(WaitRow.member_id) == member_id, col(WaitRow.state).in_(OPEN)
        )
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        return _number(row) if row else None

    async def open_among(self, rally_id: int, member_ids: Collection[int]) -> list[Number]:
        """The open numbers that these people have in a rally."""
        own = select(WaitRow).where(
            col(WaitRow.rally_id) == rally_id, one_of(WaitRow.member_id, member_ids), col(WaitRow.state).in_(OPEN)
        )
        return [_number(row) for row in await self._session.scalars(own.execution_options(populate_existing=True))]

    async def queue(self, booth_id: int) -> list[Number]:
        """The open numbers of a booth, the first first."""
        statement = select(WaitRow).where(col(WaitRow.booth_id) == booth_id, col(WaitRow.state).in_(OPEN))
        rows = await self._session.scalars(
            statement.order_by(col(WaitRow.number)).execution_options(populate_existing=True)
        )
        return [_number(row) for row in rows]

    async def queues(self) -> list[Number]:
        """All open numbers of running rallies, locked until the transaction ends."""
        statement = (
            select(WaitRow)
            .join(RallyRow, col(RallyRow.id) == col(WaitRow.rally_id))
            .where(col(WaitRow.state).in_(OPEN), col(RallyRow.state) == RallyState.RUNNING)
            .order_by(col(WaitRow.booth_id), col(WaitRow.number))
            .with_for_update(of=WaitRow, skip_locked=True)
        )
        rows = await self._session.scalars(statement.execution_options(populate_existing=True))
        return [_number(row) for row in rows]

    async def sizes(self, rally_id: int) -> Mapping[int, int]:
        """How many open numbers the booths of a rally have; a booth without is missing."""
        statement = (
            select(col(WaitRow.booth_id), func.count())
            .where(col(WaitRow.rally_id) == rally_id, col(WaitRow.state).in_(OPEN))
            .group_by(col(WaitRow.booth_id))
        )
        return dict((await self._session.execute(statement)).all())

    async def stamped_at(self, rally_id: int, since: datetime) -> Mapping[int, list[datetime]]:
        """When the booths of a rally gave stamps of late."""
        statement = select(col(StampRow.booth_id), col(StampRow.at)).where(
            col(StampRow.rally_id) == rally_id, col(StampRow.stored_at) >= since, col(StampRow.at) >= since
        )
        found: defaultdict[int, list[datetime]] = defaultdict(list)
        for booth, at in await self._session.execute(statement):
            found[booth].append(at)
        return found

    async def move(self, numbers: Collection[Number], state: WaitState, now: datetime) -> None:
        """Put open numbers into a state."""
        if not numbers:
            return
        moment_ = {"called_at": now} if state is WaitState.CALLED else {"ended_at": now}
        await self._session.execute(
            update(WaitRow)
            .where(col(WaitRow.id).in_([each.id for each in numbers]), col(WaitRow.state).in_(OPEN))
            .values(state=state, **moment_)
        )

    async def mark_told(self, numbers: Collection[Number], now: datetime) -> None:
        """Remember that these were told."""
        if numbers:
            told = update(WaitRow).where(col(WaitRow.id).in_([each.id for each in numbers])).values(told_at=now)
            await self._session.execute(told)

    async def serve(self, places: Collection[tuple[int, int]], now: datetime) -> None:
        """These members have the stamps of these booths: their numbers there end."""
        booths, members = [booth for booth, _ in places], [member for _, member in places]
        await self._session.execute(SERVE, {"booths": booths, "members": members, "now": now})

    async def has_stamp(self, booth_id: int, member_id: int) -> bool:
        """Whether somebody has this booth's stamp already."""
        statement = select(col(StampRow.at)).where(
            col(StampRow.booth_id) == booth_id, col(StampRow.member_id) == member_id
        )
        return await self._session.scalar(statement) is not None


def _number(row: WaitRow) -> Number:
    assert row.id is not None
    return Number(
        row.id,
        row.rally_id,
        row.booth_id,
        row.member_id,
        row.number,
        WaitState(row.state),
        row.taken_at,
        row.told_at,
        row.called_at,
    )
