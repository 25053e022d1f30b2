"""Promotions in the database: versions that never change once submitted, their reviews, and how they stand."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.deliveries.model import State
from campaigns.experiments.model import GlobalControl
from campaigns.promotions.model import (
    Basis,
    Decision,
    Progress,
    PromotionState,
    Review,
    Version,
)
from campaigns.promotions.records import plain, restored
from storage.columns import big, moment
from storage.database import UnitOfWork

LATEST_RUN = """SELECT r.id, r.classifier, r.policy_version FROM segmentation_runs r
    ORDER BY as_of DESC, made_at DESC LIMIT 1"""
PLANNING_BEFORE = """SELECT EXISTS (SELECT FROM promotion_versions WHERE state = 'running' AND cancelled_at IS NULL
    AND (gathered IS NULL OR planned_to < gathered) AND (started_at, promotion_id) < (:at, :id))"""
HELD = "SELECT EXISTS (SELECT FROM halts WHERE state = 'standing' AND scope = 'campaign' AND target = :campaign)"
BOOKS = """SELECT state, reason, count(*) FROM (
        SELECT state, reason FROM deliveries WHERE campaign = :campaign AND step = ANY(:steps)
        UNION ALL SELECT state, reason FROM channel_messages WHERE campaign = :campaign AND step = ANY(:steps)) kept
    GROUP BY 1, 2"""
STAMPS = ("checked_at", "submitted_at", "scheduled_at", "started_at", "cancelled_at", "ended_at")


class PromotionRow(SQLModel, table=True):
    """One promotion; all that it says stands in its versions."""

    __tablename__ = "promotions"

    id: int | None = big(default=None, primary_key=True)
    code: str
    made_at: datetime = moment()


class PromotionVersionRow(SQLModel, table=True):
    """One version; the database refuses to change what was submitted."""

    __tablename__ = "promotion_versions"

    promotion_id: int = big(primary_key=True, foreign_key="promotions.id")
    version: int = Field(primary_key=True)
    state: str
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    digest: str
    author_id: int = big(foreign_key="members.id")
    send_at: datetime = moment()
    closes_at: datetime = moment()
    made_at: datetime = moment()
    checked_at: datetime | None = moment(default=None)
    submitted_at: datetime | None = moment(default=None)
    scheduled_at: datetime | None = moment(default=None)
    started_at: datetime | None = moment(default=None)
    cancelled_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)
    run_id: UUID | None = Field(default=None, foreign_key="segmentation_runs.id")
    basis: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))
    gathered: int | None = None
    planned_to: int = 0


class PromotionReviewRow(SQLModel, table=True):
    """What a second person decided of one content."""

    __tablename__ = "promotion_reviews"

    id: int | None = big(default=None, primary_key=True)
    promotion_id: int = big()
    version: int
    digest: str
    author_id: int = big()
    reviewer_id: int = big(foreign_key="members.id")
    decision: str
    reason: str = ""
    at: datetime = moment()


class SqlPromotionStore:
    """Implements `campaigns.promotions.service.PromotionStore` inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow, self._session = uow, uow.session

    async def newest(self, code: str, *, lock: bool = False) -> Version | None:
        """The newest version of a promotion; locked until the transaction ends, if asked, with the promotion itself."""
        row = PromotionVersionRow
        query = _versions().where(col(PromotionRow.code) == code).order_by(col(row.version).desc()).limit(1)
        if lock:
            await self._session.execute(text("SELECT FROM promotions WHERE code = :code FOR UPDATE"), {"code": code})
            query = query.with_for_update(of=row)  # A planner may have it in hand.
        return await self._one(query)

    async def version(self, code: str, number: int) -> Version | None:
        """One version."""
        return await self._one(
            _versions().where(col(PromotionRow.code) == code, col(PromotionVersionRow.version) == number)
        )

    async def of_campaign(self, promotion_id: int, number: int) -> Version | None:
        """The version behind a name and step of the ledger."""
        row = PromotionVersionRow
        return await self._one(_versions().where(col(row.promotion_id) == promotion_id, col(row.version) == number))

    async def versions(self, code: str | None = None) -> list[Version]:
        """Every version of one promotion, or of all, promotions by code and the newest first."""
        query = _versions() if code is None else _versions().where(col(PromotionRow.code) == code)
        return await self._all(query.order_by(col(PromotionRow.code), col(PromotionVersionRow.version).desc()))

    async def waiting(self) -> list[Version]:
        """The versions that wait for a second person, the oldest submission first."""
        row = PromotionVersionRow
        query = _versions().where(col(row.state) == PromotionState.CHECKED, col(row.submitted_at).is_not(None))
        return await self._all(query.order_by(col(row.submitted_at)))

    async def live(self, state: PromotionState, *, due: datetime | None = None) -> list[tuple[int, int]]:
        """Ids and versions in a state, those alone whose time to be sent has come if asked, the earliest first."""
        row = PromotionVersionRow
        query = select(col(row.promotion_id), col(row.version)).where(col(row.state) == state)
        if due is not None:
            query = query.where(col(row.send_at) <= due)
        return [(found[0], found[1]) for found in await self._session.execute(query.order_by(col(row.send_at)))]

    async def is_planning_before(self, version: Version) -> bool:
        """Whether another version that started earlier is not planned to its end yet."""
        facts = {"at": version.started_at, "id": version.promotion_id}
        return bool(await self._session.scalar(text(PLANNING_BEFORE), facts))

    async def is_held(self, version: Version) -> bool:
        """Whether a stop of just this campaign stands."""
        return bool(await self._session.scalar(text(HELD), {"campaign": version.campaign}))

    async def lock(self, promotion_id: int, number: int, *, skip: bool = False) -> Version | None:
        """One version, locked until the transaction ends; with `skip` None while somebody else works on it."""
        row = PromotionVersionRow
        query = _versions().where(col(row.promotion_id) == promotion_id, col(row.version) == number)
        return await self._one(query.with_for_update(of=row, skip_locked=skip))

    async def alone(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Do one version's part by itself; False where it failed: it is undone and logged, and the others go on."""
        return await self._uow.alone(work, "promotion_not_planned")

    async def add(self, code: str, version: Version) -> Version | None:
        """Keep a new version, and the promotion itself before its first; returns it with the promotion's id.

        None when somebody else kept one at the same moment, for whose end this waits.
        """
        made = insert(PromotionRow).values(code=code, made_at=version.made_at)
        made = made.on_conflict_do_update(index_elements=["code"], set_={"code": code})
        promotion_id = (await self._session.execute(made.returning(col(PromotionRow.id)))).scalar_one()
        row = {"promotion_id": promotion_id, "version": version.number, **_columns(version)}
        kept = (
            insert(PromotionVersionRow).values(row).on_conflict_do_nothing().returning(col(PromotionVersionRow.version))
        )
        return await self.version(code, version.number) if (await self._session.scalars(kept)).all() else None

    async def save(self, version: Version) -> None:
        """Store where a version stands, and what a draft says."""
        row = PromotionVersionRow
        await self._session.execute(
            update(row)
            .where(col(row.promotion_id) == version.promotion_id, col(row.version) == version.number)
            .values(**_columns(version))
        )

    async def add_review(self, review: Review) -> None:
        """Keep what a second person decided; the database refuses an author's own review."""
        values = {**asdict(review), "version": review.number}
        del values["number"]
        await self._session.execute(insert(PromotionReviewRow).values(values))

    async def reviews(self, promotion_id: int) -> list[Review]:
        """What was decided of every version, the oldest first."""
        row = PromotionReviewRow
        query = select(row).where(col(row.promotion_id) == promotion_id).order_by(col(row.id))
        return [_review(found) for found in await self._session.scalars(query)]

    async def is_staff(self, member_id: int) -> bool:
        """Whether a member works for the bank."""
        query = "SELECT EXISTS (SELECT FROM staff_roles WHERE member_id = :member AND role <> 'customer')"
        return bool(await self._session.scalar(text(query), {"member": member_id}))

    async def basis(self) -> Basis:
        """The latest run and its model."""
        found = (await self._session.execute(text(LATEST_RUN))).first()
        return Basis(*found) if found else Basis()

    async def global_control(self, at: datetime | None = None) -> GlobalControl:
        """The one global control in force, or the one that was at a moment; the first was from the beginning."""
        query = """SELECT salt, parts FROM global_controls
            WHERE version = 1 OR made_at <= coalesce(CAST(:at AS timestamptz), 'infinity')
            ORDER BY version DESC LIMIT 1"""
        return GlobalControl(*(await self._session.execute(text(query), {"at": at})).one())

    async def set_global_control(self, control: GlobalControl, by: str, now: datetime) -> int:
        """Keep another global control as the next version; returns its number. Who keeps one at once waits."""
        await self._session.execute(text("LOCK TABLE global_controls IN SHARE ROW EXCLUSIVE MODE"))
        query = """INSERT INTO global_controls SELECT max(version) + 1, :salt, :parts, :by, :now FROM global_controls
            RETURNING version"""
        facts = {"salt": control.salt, "parts": control.parts, "by": by, "now": now}
        return int((await self._session.execute(text(query), facts)).scalar_one())

    async def deliveries(self, version: Version) -> tuple[Counter[State], Counter[str]]:
        """How a version's messages stand by state in both ledgers, and the suppressed by reason."""
        asked = {"campaign": version.campaign, "steps": steps_of(version)}
        states: Counter[State] = Counter()
        suppressed: Counter[str] = Counter()
        for state, reason, heads in await self._session.execute(text(BOOKS), asked):
            states[State(state)] += heads
            if state == State.SUPPRESSED:
                suppressed[str(reason)] += heads
        return states, suppressed

    async def _one(self, query: Select[Any]) -> Version | None:
        found = await self._all(query)
        return found[0] if found else None

    async def _all(self, query: Select[Any]) -> list[Version]:
        found = await self._session.execute(query.execution_options(populate_existing=True))
        return [_version(row, code) for row, code in found]


def _versions() -> Select[Any]:
    joined = col(PromotionRow.id) == col(PromotionVersionRow.promotion_id)
    return select(PromotionVersionRow, col(PromotionRow.code)).join(PromotionRow, joined)  # type: ignore[return-value]


def steps_of(version: Version) -> list[str]:
    """The version's steps in the ledger: its own, which those who are held out have, and each arm's."""
    return list(dict.fromkeys([version.step(), *(version.step(copy.arm) for copy in version.plan.copies)]))


def _columns(version: Version) -> dict[str, Any]:
    basis = version.basis
    return {
        "state": str(version.state),
        "body": plain(version.plan),
        "digest": version.digest,
        "author_id": version.author_id,
        "send_at": version.plan.send_at,
        "closes_at": version.plan.closes_at,
        "made_at": version.made_at,
        **{name: getattr(version, name) for name in STAMPS},
        "run_id": basis.run if basis else None,
        "basis": basis and {name: value for name, value in asdict(basis).items() if name != "run"},
        "gathered": version.progress.gathered,
        "planned_to": version.progress.after,
    }


def _version(row: PromotionVersionRow, code: str) -> Version:
    return Version(
        promotion_id=row.promotion_id,
        code=code,
        number=row.version,
        state=PromotionState(row.state),
        plan=restored(row.body),
        digest=row.digest,
        author_id=row.author_id,
        made_at=row.made_at,
        **{name: getattr(row, name) for name in STAMPS},
        basis=None if row.basis is None else Basis(run=row.run_id, **row.basis),
        progress=Progress(row.gathered, row.planned_to),
    )


def _review(row: PromotionReviewRow) -> Review:
    return Review(
        row.promotion_id,
        row.version,
        row.digest,
        row.author_id,
        row.reviewer_id,
        Decision(row.decision),
        row.reason,
        row.at,
    )
