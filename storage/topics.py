"""Topics, contributions and sources in rows; what is withdrawn leaves no words behind."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col

from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.rules import PERMISSIONS
from campaigns.topics.files import plain, restored
from campaigns.topics.model import Contribution, ContributionState, EditionCount, Local, Topic
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.staff import StaffRoleRow


class TopicRow(SQLModel, table=True):
    """A topic in its file's own form."""

    __tablename__ = "topics"

    code: str = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    last_on: date
    made_by: str
    made_at: datetime = moment()


class ContributionRow(SQLModel, table=True):
    """What one member told; no words once it is withdrawn."""

    __tablename__ = "topic_contributions"

    id: int | None = big(default=None, primary_key=True)
    topic: str = Field(foreign_key="topics.code")
    edition: int
    member_id: int = big(foreign_key="members.id")
    words: str | None
    state: str
    sent_at: datetime = moment()
    judged_by: int | None = big(default=None, foreign_key="members.id")
    judged_at: datetime | None = moment(default=None)


CAME = text(
    """INSERT INTO topic_sources (topic, member_id, edition, found_at, was_customer)
    VALUES (:topic, :member, :edition, :now, :known) ON CONFLICT DO NOTHING"""
)
PLACES = text(
    """SELECT DISTINCT a.name FROM group_members m JOIN groups g ON g.id = m.group_id JOIN places p ON p.id = g.place_id
    JOIN places a ON a.id IN (p.branch_id, p.community_id) WHERE m.member_id = :member AND m.left_at IS NULL"""
)
# Accounts are those that the bank's file told of since the person opened the link, by customer.
COUNTS = text(
    """WITH came AS (
        SELECT s.edition, count(*) FILTER (WHERE NOT s.was_customer) AS came,
            count(*) FILTER (WHERE NOT s.was_customer AND EXISTS (SELECT FROM account_events e
                WHERE e.customer_id = m.customer_id AND e.event = 'opened'
                    AND e.happened_on >= CAST(s.found_at AT TIME ZONE :zone AS date))) AS accounts,
            count(*) FILTER (WHERE s.was_customer) AS customers
        FROM topic_sources s JOIN members m ON m.id = s.member_id WHERE s.topic = :topic GROUP BY s.edition
    ), told AS (
        SELECT edition, count(*) FILTER (WHERE state = 'approved') AS approved,
            count(*) FILTER (WHERE state = 'pending') AS pending,
            count(*) FILTER (WHERE state = 'rejected') AS rejected
        FROM topic_contributions WHERE topic = :topic GROUP BY edition
    )
    SELECT coalesce(c.edition, t.edition), coalesce(came, 0), coalesce(accounts, 0), coalesce(customers, 0),
        coalesce(approved, 0), coalesce(pending, 0), coalesce(rejected, 0)
    FROM came c FULL JOIN told t ON t.edition = c.edition ORDER BY 1"""
)
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('topics:' || CAST(:member AS text), 0))")


class SqlTopicStore:
    """Implements `campaigns.topics.service.TopicStore`."""

    def __init__(self, uow: UnitOfWork, zone: str) -> None:
        self._session = uow.session
        self._zone = zone

    async def topic(self, code: str) -> Topic | None:
        """One topic."""
        body = await self._session.scalar(select(col(TopicRow.body)).where(col(TopicRow.code) == code))
        return restored(body) if body else None

    async def topics(self, since: date) -> list[Topic]:
        """Topics that run on this day or later, the first to end first."""
        found = select(col(TopicRow.body)).where(col(TopicRow.last_on) >= since)
        bodies = await self._session.scalars(found.order_by(col(TopicRow.last_on), col(TopicRow.code)))
        return [restored(body) for body in bodies]

    async def keep(self, topic: Topic, by: str, now: datetime) -> None:
        """Keep a topic, or another text in its place."""
        values = {"body": plain(topic), "last_on": topic.last, "made_by": by, "made_at": now}
        kept = insert(TopicRow).values(code=topic.code, **values)
        await self._session.execute(kept.on_conflict_do_update(index_elements=["code"], set_=values))

    async def places_of(self, member_id: int) -> list[str]:
        """The branches and communities of the groups that somebody is in."""
        return list(await self._session.scalars(PLACES, {"member": member_id}))

    async def came(self, local: Local, member: Member, now: datetime) -> None:
        """By which edition somebody came; the first stays."""
        facts = {"topic": local.topic.code, "member": member.id, "edition": local.number, "now": now}
        await self._session.execute(CAME, facts | {"known": member.customer_id is not None})

    async def lock_member(self, member_id: int) -> None:
        """Let the same person add nothing else meanwhile."""
        await self._session.execute(LOCK, {"member": member_id})

    async def count_own(self, code: str, member_id: int) -> int:
        """How many contributions of somebody stand or wait."""
        row = ContributionRow
        counted = select(func.count()).where(col(row.topic) == code, col(row.member_id) == member_id)
        return int(await self._session.scalar(counted.where(col(row.state) != ContributionState.WITHDRAWN)) or 0)

    async def add(self, local: Local, member_id: int, words: str, now: datetime) -> Contribution:
        """Keep a contribution that waits."""
        row = {"topic": local.topic.code, "edition": local.number, "member_id": member_id, "words": words}
        row |= {"state": ContributionState.PENDING, "sent_at": now}
        made = await self._session.scalars(insert(ContributionRow).values(row).returning(ContributionRow))
        return _contribution(made.one())

    async def contribution(self, contribution_id: int) -> Contribution | None:
        """One contribution that was not withdrawn, locked."""
        row = ContributionRow
        found = select(row).where(col(row.id) == contribution_id, col(row.words).is_not(None)).with_for_update()
        kept = await self._session.scalar(found.execution_options(populate_existing=True))
        return _contribution(kept) if kept else None

    async def judge(self, contribution_id: int, state: ContributionState, by: int, now: datetime) -> None:
        """Keep the word of staff."""
        await self._change(contribution_id, state=state, judged_by=by, judged_at=now)

    async def withdraw(self, contribution_id: int) -> None:
        """Forget the words of a contribution."""
        await self._change(contribution_id, state=ContributionState.WITHDRAWN, words=None)

    async def contributions(self, state: ContributionState, limit: int, topic: str | None = None) -> list[Contribution]:
        """Contributions in a state, of one topic or all: what waits the oldest first, the others the newest first."""
        row = ContributionRow
        found = select(row).where(col(row.state) == state)
        if topic is not None:
            found = found.where(col(row.topic) == topic)
        order = col(row.id) if state is ContributionState.PENDING else col(row.id).desc()
        return [_contribution(each) for each in await self._session.scalars(found.order_by(order).limit(limit))]

    async def moderators(self) -> list[int]:
        """Everybody who may judge."""
        judges = col(StaffRoleRow.role).in_(sorted(PERMISSIONS[Action.APPROVE_POSTS]))
        found = select(col(StaffRoleRow.member_id)).where(judges).distinct()
        return list(await self._session.scalars(found.order_by(col(StaffRoleRow.member_id))))

    async def counts(self, code: str) -> list[EditionCount]:
        """What each edition brought, by its number."""
        rows = await self._session.execute(COUNTS, {"topic": code, "zone": self._zone})
        return [EditionCount(*map(int, row)) for row in rows]

    async def _change(self, contribution_id: int, **values: object) -> None:
        changed = update(ContributionRow).where(col(ContributionRow.id) == contribution_id)
        await self._session.execute(changed.values(**values))


def _contribution(row: ContributionRow) -> Contribution:
    state = ContributionState(row.state)
    return Contribution(row.id or 0, row.topic, row.edition, row.member_id, row.words or "", state, row.sent_at)
