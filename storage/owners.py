"""Who owns a customer, and what went from one manager to another."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel

from campaigns.members.model import Language, PrivateChat
from campaigns.owners.service import HandOver, Told
from storage.columns import big, moment
from storage.database import UnitOfWork

OWNER = """SELECT coalesce(
    (SELECT owner_id FROM customer_owners WHERE customer_id = :customer),
    (SELECT g.manager_id FROM members m JOIN group_members i ON i.member_id = m.id AND i.left_at IS NULL
        JOIN groups g ON g.id = i.group_id WHERE m.customer_id = :customer ORDER BY i.joined_at, g.id LIMIT 1))"""
OWNED = """SELECT customer_id FROM customer_owners WHERE owner_id = ANY(:managers)
    UNION SELECT m.customer_id FROM groups g
        JOIN group_members i ON i.group_id = g.id AND i.left_at IS NULL JOIN members m ON m.id = i.member_id
    WHERE g.manager_id = ANY(:managers) AND m.customer_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM customer_owners o WHERE o.customer_id = m.customer_id)"""

OWNED_BY_ANYBODY = """SELECT customer_id FROM customer_owners
    UNION SELECT m.customer_id FROM group_members i JOIN members m ON m.id = i.member_id
    WHERE i.left_at IS NULL AND m.customer_id IS NOT NULL"""

WAITING = " AND EXISTS (SELECT FROM followups f WHERE f.customer_id = m.customer_id AND f.state = 'open')"
REACHABLE = f"""SELECT m.id, m.language FROM members m
    WHERE m.customer_id IN ({OWNED}) AND m.private_chat = :open"""  # noqa: S608 - our own text.
COUNT = f"""SELECT (SELECT count(*) FROM ({OWNED}) o),
    (SELECT count(*) FROM followups WHERE state = 'open' AND owner_id = ANY(:managers)),
    (SELECT count(*) FROM ({REACHABLE}) r),
    (SELECT count(*) FROM groups WHERE manager_id = ANY(:managers)),
    (SELECT count(*) FROM applications WHERE owner_id = ANY(:managers) AND due_on IS NOT NULL),
    (SELECT count(*) FROM visits v JOIN visit_slots s ON s.id = v.slot_id
        WHERE v.state = 'booked' AND s.manager_id = ANY(:managers)),
    (SELECT count(*) FROM questions WHERE state = 'open' AND owner_id = ANY(:managers))"""  # noqa: S608 - our own text.
MOVE = f"""INSERT INTO customer_owners (customer_id, owner_id, since)
    SELECT customer_id, :to, :now FROM ({OWNED}) o
    ON CONFLICT (customer_id) DO UPDATE SET owner_id = excluded.owner_id, since = excluded.since"""  # noqa: S608
MOVE_FOLLOW_UPS = "UPDATE followups SET owner_id = :to WHERE state = 'open' AND owner_id = :owner"
MOVE_LOANS = """UPDATE loan_requests SET owner_id = :to
    WHERE owner_id = :owner AND state IN ('asked', 'contacted', 'documents')"""
MOVE_GROUPS = "UPDATE groups SET manager_id = :to WHERE manager_id = :owner"
MOVE_CHAINS = "UPDATE chains SET leader_id = :to WHERE leader_id = :owner AND state = 'open'"
MOVE_QUESTIONS = """UPDATE questions SET owner_id = :to
    WHERE state = 'open' AND owner_id = :owner AND member_id <> :to"""
# The successor gets as much room at these hours as is booked: the free places were the other one's offer.
MOVE_SLOTS = """INSERT INTO visit_slots (manager_id, starts_at, ends_at, places, offered_at)
    SELECT :to, s.starts_at, s.ends_at, count(*), :now FROM visits v JOIN visit_slots s ON s.id = v.slot_id
    WHERE v.state = 'booked' AND s.manager_id = :owner GROUP BY s.id
    ON CONFLICT (manager_id, starts_at) DO UPDATE SET places = visit_slots.places + excluded.places"""
MOVE_REMINDERS = """UPDATE reminders r SET owner_id = :to WHERE owner_id = :owner AND state <> 'ended'
    AND NOT EXISTS (SELECT FROM reminder_versions v WHERE v.reminder_id = r.id AND v.member_id = :owner)"""
MOVE_VISITS = """UPDATE visits v SET slot_id = new.id, routed = false FROM visit_slots old
    JOIN visit_slots new ON new.manager_id = :to AND new.starts_at = old.starts_at
    WHERE v.slot_id = old.id AND v.state = 'booked' AND old.manager_id = :owner"""
KEEP = """INSERT INTO handovers (from_id, to_id, at, customers, followups)
    VALUES (:owner, :to, :now, :customers, :followups) RETURNING id"""
BEGUN = """INSERT INTO told_absences (absence_id, at)
    SELECT id, :now FROM staff_absences WHERE starts_on <= :today AND ends_on >= :today
    ON CONFLICT DO NOTHING RETURNING absence_id,
        (SELECT member_id FROM staff_absences a WHERE a.id = absence_id),
        (SELECT stand_in_id FROM staff_absences a WHERE a.id = absence_id)"""


class OwnerRow(SQLModel, table=True):
    """Who was named as the owner of a customer."""

    __tablename__ = "customer_owners"

    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    owner_id: int = big(foreign_key="members.id")
    since: datetime = moment()


class HandOverRow(SQLModel, table=True):
    """One hand-over; rows are only ever appended."""

    __tablename__ = "handovers"

    id: int | None = big(default=None, primary_key=True)
    from_id: int = big(foreign_key="members.id")
    to_id: int = big(foreign_key="members.id")
    at: datetime = moment()
    customers: int
    followups: int


class ToldAbsenceRow(SQLModel, table=True):
    """An absence of which waiting customers were told."""

    __tablename__ = "told_absences"

    absence_id: int = big(primary_key=True, foreign_key="staff_absences.id")
    at: datetime = moment()


class SqlOwnerStore:
    """Implements `campaigns.owners.service.OwnerStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def owner_of(self, customer_id: UUID) -> int | None:
        """Who owns a customer: whoever was named, else the manager of the first group with the bound member."""
        found: int | None = await self._session.scalar(text(OWNER), {"customer": customer_id})
        return found

    async def assign(self, customer_id: UUID, owner_id: int, now: datetime) -> None:
        """Name the owner of a customer."""
        row = {"customer_id": customer_id, "owner_id": owner_id, "since": now}
        statement = insert(OwnerRow).values(row)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["customer_id"], set_={"owner_id": owner_id, "since": now})
        )

    async def count(self, owner_id: int) -> HandOver:
        """What somebody would hand over."""
        facts = {"managers": [owner_id], "open": PrivateChat.OPEN}
        return HandOver(*(await self._session.execute(text(COUNT), facts)).one())

    async def reachable(self, owner_id: int, *, waiting: bool) -> list[Told]:
        """The customers of somebody who can be written to; `waiting` for those with something open alone."""
        facts = {"managers": [owner_id], "open": PrivateChat.OPEN}
        rows = await self._session.execute(text(REACHABLE + WAITING * waiting + " ORDER BY m.id"), facts)
        return [Told(member, Language(language)) for member, language in rows]

    async def move(self, owner_id: int, to: int, now: datetime) -> int:
        """Give all but the applications to a successor in one step; returns the number of the hand-over.

        Customers come first: those of groups belong to whoever has the group.
        """
        counted = await self.count(owner_id)
        facts = {"owner": owner_id, "managers": [owner_id], "to": to, "now": now}
        for step in (
            MOVE,
            MOVE_FOLLOW_UPS,
            MOVE_LOANS,
            MOVE_GROUPS,
            MOVE_CHAINS,
            MOVE_QUESTIONS,
            MOVE_SLOTS,
            MOVE_VISITS,
            MOVE_REMINDERS,
        ):
            await self._session.execute(text(step), facts)
        kept = {**facts, "customers": counted.customers, "followups": counted.followups}
        number: int = await self._session.scalar(text(KEEP), kept)
        return number

    async def begun_absences(self, today: date, now: datetime) -> list[tuple[int, int, int]]:
        """Absences that have begun and nobody was told of, marked as told: number, who is away, who stands in."""
        rows = await self._session.execute(text(BEGUN), {"today": today, "now": now})
        return [(number, absent, stand_in) for number, absent, stand_in in rows]
