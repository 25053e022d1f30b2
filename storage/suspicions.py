"""Uses of codes for scoring, and the cases that a person decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, case, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col

from campaigns.stamps.model import StampOutcome
from campaigns.suspicions.model import Case, Reason, Remaining, Seen, Sign, Suspicion, SuspicionState
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.stamps import StampUseRow

LOOKED_AT = frozenset({StampOutcome.STAMPED, StampOutcome.ALREADY, StampOutcome.EXPIRED, StampOutcome.FORGED})
TAKE_DUE = text(
    """INSERT INTO suspicion_looks (rally_id, looked_at)
    SELECT r.id, :now FROM rallies r LEFT JOIN suspicion_looks l ON l.rally_id = r.id
    WHERE r.state IN ('running', 'ended') AND r.starts_at <= :now AND (l.looked_at IS NULL OR l.looked_at <= :before)
        AND (r.state = 'running' OR l.looked_at IS NULL OR l.looked_at < r.moved_at)
    ON CONFLICT (rally_id) DO UPDATE SET looked_at = excluded.looked_at
    RETURNING rally_id"""
)


REMAINING = text(
    """SELECT w.member_id,
        ARRAY(SELECT b.code FROM stamps s JOIN booths b ON b.id = s.booth_id
            WHERE s.rally_id = :rally AND s.member_id = w.member_id AND NOT EXISTS (SELECT FROM stamp_voids v
                WHERE (v.rally_id, v.booth_id, v.member_id) = (s.rally_id, s.booth_id, s.member_id))),
        ARRAY(SELECT target_code FROM medals m WHERE m.rally_id = :rally AND m.member_id = w.member_id)
    FROM (SELECT DISTINCT member_id FROM stamp_voids WHERE rally_id = :rally) w"""
)


class SuspicionRow(SQLModel, table=True):
    """A visitor over the bar."""

    __tablename__ = "suspicions"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    score: int
    reasons: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = SuspicionState.HELD
    found_at: datetime = moment()
    decided_by: int | None = big(default=None, foreign_key="members.id")
    decided_at: datetime | None = moment(default=None)


class SqlSuspicionStore:
    """Implements `campaigns.suspicions.service.SuspicionStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def take_due(self, now: datetime, before: datetime) -> list[int]:
        """Events that run, or ended since they were last looked at, marked as looked at."""
        return list(await self._session.scalars(TAKE_DUE, {"now": now, "before": before}))

    async def seen(self, rally_id: int) -> Sequence[Seen]:
        """Every use of a code in an event; a clerk's word and slips are no uses of a visitor's own."""
        row = StampUseRow
        columns = col(row.member_id), col(row.at), col(row.booth_id), col(row.nonce), col(row.made_at), col(row.outcome)
        statement = select(*columns).where(
            col(row.rally_id) == rally_id, col(row.way) == "code", col(row.outcome).in_([*LOOKED_AT, StampOutcome.GAME])
        )
        return [
            Seen(member, at, booth, nonce, made_at, is_stamp=outcome in {StampOutcome.STAMPED, StampOutcome.GAME})
            for member, at, booth, nonce, made_at, outcome in await self._session.execute(statement)
        ]

    async def remaining(self, rally_id: int) -> Mapping[int, Remaining]:
        """What those have, by member, of whom a stamp was taken back."""
        found = await self._session.execute(REMAINING, {"rally": rally_id})
        return {member: Remaining(frozenset(stamped), frozenset(medals)) for member, stamped, medals in found}

    async def keep(self, rally_id: int, found: Sequence[Suspicion], now: datetime) -> None:
        """Store suspicions over the bar; what a person has decided stays decided."""
        if not found:
            return
        rows = [
            {
                "rally_id": rally_id,
                "member_id": each.member_id,
                "score": each.score,
                "reasons": [_stored(reason) for reason in each.reasons],
                "state": SuspicionState.HELD,
                "found_at": now,
            }
            for each in found
        ]
        statement = insert(SuspicionRow).values(rows)
        changed = {"score": statement.excluded.score, "reasons": statement.excluded.reasons}
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["rally_id", "member_id"],
                set_=changed,
                where=col(SuspicionRow.state) == SuspicionState.HELD,
            )
        )

    async def cases(self, rally_id: int) -> list[Case]:
        """All cases of an event: those that wait first, then by their score."""
        waits = case((col(SuspicionRow.state) == SuspicionState.HELD, 0), else_=1)
        statement = select(SuspicionRow).where(col(SuspicionRow.rally_id) == rally_id)
        ordered = statement.order_by(waits, col(SuspicionRow.score).desc(), col(SuspicionRow.member_id))
        return [_case(row) for row in await self._session.scalars(ordered.execution_options(populate_existing=True))]

    async def decide(self, rally_id: int, member_id: int, state: SuspicionState, by: int, now: datetime) -> bool:
        """Close a case that is held; False where there is none."""
        statement = (
            update(SuspicionRow)
            .where(
                col(SuspicionRow.rally_id) == rally_id,
                col(SuspicionRow.member_id) == member_id,
                col(SuspicionRow.state) == SuspicionState.HELD,
            )
            .values(state=state, decided_by=by, decided_at=now)
            .returning(col(SuspicionRow.member_id))
        )
        return await self._session.scalar(statement) is not None


def _stored(reason: Reason) -> dict[str, Any]:
    return {"code": reason.sign, "points": reason.points, "times": reason.times, "others": list(reason.others)}


def _reason(told: Mapping[str, Any]) -> Reason:
    return Reason(Sign(told["code"]), told["points"], told["times"], tuple(told["others"]))


def _case(row: SuspicionRow) -> Case:
    suspicion = Suspicion(row.member_id, row.score, tuple(map(_reason, row.reasons)))
    state = SuspicionState(row.state)
    return Case(row.rally_id, suspicion, state, row.found_at, row.decided_by, row.decided_at)
