"""Follow-ups and contacts; the words are sealed under the customer's key."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Customer, CustomerKind, Letter
from campaigns.customers.next_actions import ActionChannel
from campaigns.followups.model import (
    ClassChange,
    CloseReason,
    FollowUp,
    FollowUpState,
    Interaction,
    ServiceClock,
    Source,
)
from campaigns.staff.model import Role
from storage.columns import big, moment, sealed
from storage.customers import ContactRow, CustomerRow, contact_place, key_owner
from storage.database import UnitOfWork
from storage.owners import OWNED_BY_ANYBODY
from storage.service_clocks import newest_clock
from storage.staff import StaffRoleRow
from storage.vault import Vault

STANDING = """SELECT coalesce(
    (SELECT letter FROM customer_classes k JOIN segmentation_runs r ON r.id = k.run_id
        WHERE k.customer_id = :customer ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1),
    (SELECT tier FROM enterprise_tiers t JOIN segmentation_runs r ON r.id = t.run_id
        WHERE t.customer_id = :customer ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1))"""
NEW_RUN = """INSERT INTO followed_runs (run_id, at)
    SELECT id, :now FROM (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1) newest
    ON CONFLICT DO NOTHING RETURNING run_id"""
CHANGED = f"""SELECT a.customer_id, b.letter, a.letter
    FROM customer_classes a JOIN segmentation_runs r ON r.id = a.run_id
    JOIN customer_classes b ON b.customer_id = a.customer_id AND b.run_id = (
        SELECT id FROM segmentation_runs p WHERE p.as_of < r.as_of ORDER BY p.as_of DESC, p.made_at DESC LIMIT 1)
    WHERE a.run_id = :run AND a.letter <> b.letter AND a.customer_id IN ({OWNED_BY_ANYBODY})
    ORDER BY a.customer_id"""  # noqa: S608 - our own text.


class FollowUpRow(SQLModel, table=True):
    """One follow-up; `mark` names it to the vault."""

    __tablename__ = "followups"

    id: int | None = big(default=None, primary_key=True)
    mark: UUID = Field(unique=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    owner_id: int = big(foreign_key="members.id")
    opened_by: int | None = big(default=None, foreign_key="members.id")
    requester_id: int | None = big(default=None, foreign_key="members.id")
    source: str
    ref: str | None = None
    why: bytes = sealed()
    opened_at: datetime = moment()
    due_at: datetime = moment()
    deferrals: int = 0
    state: str = FollowUpState.OPEN
    reason: str | None = None
    closed_at: datetime | None = moment(default=None)
    closed_by: int | None = big(default=None, foreign_key="members.id")
    escalated_at: datetime | None = moment(default=None)


class FollowedRunRow(SQLModel, table=True):
    """A run whose changes of class became follow-ups."""

    __tablename__ = "followed_runs"

    run_id: UUID = Field(primary_key=True)
    at: datetime = moment()


class InteractionRow(SQLModel, table=True):
    """One contact with a customer; rows are only ever appended."""

    __tablename__ = "customer_interactions"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    member_id: int = big(foreign_key="members.id")
    at: datetime = moment()
    channel: str


OPEN = col(FollowUpRow.state) == FollowUpState.OPEN


class SqlFollowUpStore:
    """Implements `campaigns.followups.service.FollowUpStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def clock(self) -> ServiceClock:
        """The service clock in force: the newest version."""
        return await newest_clock(self._session)

    async def standing(self, customer_id: UUID) -> Letter | Tier | None:
        """The class of a person or the tier of an enterprise, as the latest run has it."""
        found = await self._session.scalar(text(STANDING), {"customer": customer_id})
        return None if found is None else Letter(found) if found in set(Letter) else Tier(found)

    async def add(
        self,
        customer_id: UUID,
        owner: int,
        source: Source,
        why: str,
        *,
        due: datetime,
        now: datetime,
        by: int | None,
        ref: str | None,
    ) -> int | None:
        """Keep a follow-up with its words sealed; None where one of the same source and `ref` is there."""
        key, mark = key_owner(customer_id), uuid4()
        await self._vault.ensure(self._session, key)
        row = {
            "mark": mark,
            "customer_id": customer_id,
            "owner_id": owner,
            "opened_by": by,
            "source": source,
            "ref": ref,
            "why": self._vault.seal(key, _place(mark), why),
            "opened_at": now,
            "due_at": due,
        }
        statement = insert(FollowUpRow).values(row).on_conflict_do_nothing().returning(col(FollowUpRow.id))
        return await self._session.scalar(statement)

    async def named(self, customer_id: UUID, source: Source, ref: str) -> int | None:
        """The follow-up of an occasion."""
        row = FollowUpRow
        query = select(col(row.id)).where(
            col(row.customer_id) == customer_id, col(row.source) == source, col(row.ref) == ref
        )
        return await self._session.scalar(query)

    async def open_until(self, customer_id: UUID, source: Source) -> datetime | None:
        """Until when something of this source is to be done for a customer; None where nothing is open."""
        row = FollowUpRow
        query = select(col(row.due_at)).where(OPEN, col(row.customer_id) == customer_id, col(row.source) == source)
        return await self._session.scalar(query.order_by(col(row.due_at)).limit(1))

    async def find(self, followup_id: int) -> FollowUp | None:
        """One follow-up, locked."""
        query = (
            _rows()
            .where(col(FollowUpRow.id) == followup_id)
            .with_for_update(of=FollowUpRow)
            .execution_options(populate_existing=True)
        )
        return next(iter(await self._values(query)), None)

    async def open_of(self, owners: Sequence[int], limit: int) -> list[FollowUp]:
        """What these people have to do, the first due first."""
        query = _rows().where(OPEN, col(FollowUpRow.owner_id).in_(owners))
        return await self._values(query.order_by(col(FollowUpRow.due_at), col(FollowUpRow.id)).limit(limit))

    async def of_customer(self, customer_id: UUID, limit: int) -> list[FollowUp]:
        """What is open for a customer, the first due first."""
        query = _rows().where(OPEN, col(FollowUpRow.customer_id) == customer_id)
        return await self._values(query.order_by(col(FollowUpRow.due_at), col(FollowUpRow.id)).limit(limit))

    async def put_off(self, followup_id: int, due: datetime) -> None:
        """Give it another day; being late is told anew."""
        await self._set(followup_id, due_at=due, deferrals=FollowUpRow.deferrals + 1, escalated_at=None)

    async def hand_over(self, followup_id: int, to: int, requester: int) -> None:
        """Give it to somebody else."""
        await self._set(followup_id, owner_id=to, requester_id=requester)

    async def close(
        self, followup_id: int, state: FollowUpState, reason: CloseReason | None, by: int, now: datetime
    ) -> None:
        """End it."""
        await self._set(followup_id, state=state, reason=reason, closed_by=by, closed_at=now)

    async def withdraw(self, campaign: str, by: int, now: datetime) -> int:
        """What a campaign asked of managers and nobody did yet is asked no more; returns how many."""
        row = FollowUpRow
        theirs = (OPEN, col(row.source) == Source.CAMPAIGN, col(row.ref).startswith(f"{campaign}/", autoescape=True))
        ended = {
            "state": FollowUpState.DROPPED,
            "reason": CloseReason.NOT_NEEDED,
            "closed_by": by,
            "closed_at": now,
        }
        found = await self._session.scalars(update(row).where(*theirs).values(ended).returning(col(row.id)))
        return len(found.all())

    async def late(self, now: datetime, limit: int) -> list[FollowUp]:
        """What is overdue and nobody was told of."""
        due = (OPEN, col(FollowUpRow.due_at) <= now, col(FollowUpRow.escalated_at).is_(None))
        query = _rows().where(*due).order_by(col(FollowUpRow.due_at), col(FollowUpRow.id)).limit(limit)
        return await self._values(query)

    async def mark_late(self, ids: Sequence[int], now: datetime) -> None:
        """Somebody was told of these."""
        told = col(FollowUpRow.id).in_(ids)
        await self._session.execute(update(FollowUpRow).where(told).values(escalated_at=now))

    async def class_changes(self, now: datetime) -> tuple[str, list[ClassChange]]:
        """The latest run, once, with the owned customers whom it put into another class; an empty name before."""
        run = await self._session.scalar(text(NEW_RUN), {"now": now})
        if run is None:
            return "", []
        rows = await self._session.execute(text(CHANGED), {"run": run})
        return str(run), [ClassChange(*row) for row in rows]

    async def add_interaction(self, customer_id: UUID, interaction: Interaction) -> None:
        """Keep a contact."""
        row = {"customer_id": customer_id, **vars(interaction)}
        await self._session.execute(insert(InteractionRow).values(row))

    async def interactions(self, customer_id: UUID, limit: int) -> list[Interaction]:
        """The latest contacts."""
        query = select(InteractionRow).where(col(InteractionRow.customer_id) == customer_id)
        rows = await self._session.scalars(query.order_by(col(InteractionRow.id).desc()).limit(limit))
        return [Interaction(row.at, row.member_id, ActionChannel(row.channel)) for row in rows]

    async def staff(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        query = select(col(StaffRoleRow.member_id)).where(col(StaffRoleRow.role).in_(roles)).distinct()
        return list(await self._session.scalars(query.order_by(col(StaffRoleRow.member_id))))

    async def _set(self, followup_id: int, **values: object) -> None:
        await self._session.execute(update(FollowUpRow).where(col(FollowUpRow.id) == followup_id).values(**values))

    async def _values(self, query: Select[FollowUpRow, CustomerRow, ContactRow]) -> list[FollowUp]:
        rows = (await self._session.execute(query)).all()
        await self._vault.load(self._session, [key_owner(row.customer_id) for row, _, _ in rows])
        return [self._value(*row) for row in rows]

    def _value(self, row: FollowUpRow, customer: CustomerRow, contact: ContactRow | None) -> FollowUp:
        key, name = key_owner(customer.id), None
        if contact is not None:
            name = self._vault.open(key, contact_place("name", customer.id), contact.name)
        return FollowUp(
            id=row.id or 0,
            customer=Customer(customer.id, customer.number, CustomerKind(customer.kind)),
            owner_id=row.owner_id,
            source=Source(row.source),
            why=self._vault.open(key, _place(row.mark), row.why),
            opened_at=row.opened_at,
            due_at=row.due_at,
            state=FollowUpState(row.state),
            name=name,
            requester_id=row.requester_id,
            deferrals=row.deferrals,
            reason=CloseReason(row.reason) if row.reason else None,
            closed_at=row.closed_at,
        )


def _rows() -> Select[FollowUpRow, CustomerRow, ContactRow]:
    return (
        select(FollowUpRow, CustomerRow, ContactRow)
        .join(CustomerRow, col(CustomerRow.id) == col(FollowUpRow.customer_id))
        .outerjoin(ContactRow, col(ContactRow.customer_id) == col(FollowUpRow.customer_id))
    )


def _place(mark: UUID) -> str:
    return f"followups.why:{mark}"
