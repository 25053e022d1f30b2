"""Draws and their tickets; what was published is kept from change by the database itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, String, cast, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col

from campaigns.draws.model import Draw, DrawKind, DrawPlan, DrawState, Prize, PublishedDraw, Taker, Terms, Ticket
from campaigns.groups.model import Group
from campaigns.members.model import Language, PrivateChat
from campaigns.points.model import CampaignState, PointsCampaign
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.deliveries import DeliveryRow
from storage.groups import GroupMemberRow, GroupRow
from storage.groups import value as group_value
from storage.members import MemberRow
from storage.points import SqlPointsStore
from storage.points_rows import PointsCampaignRow
from storage.rows import insert_rows
from storage.vault import Vault


class DrawRow(SQLModel, table=True):
    """A draw; `published` holds titles, prizes and terms, `stock` what is left of each prize."""

    __tablename__ = "draws"

    id: int | None = big(default=None, primary_key=True)
    points_campaign_id: int = big(foreign_key="points_campaigns.id")
    group_id: int = big(foreign_key="groups.id")
    kind: str
    published: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    commitment: str
    secret: bytes = sealed()
    state: str
    drawn: int = 0
    stock: list[int | None] = Field(sa_column=Column(JSONB, nullable=False))
    head: str = ""
    closed_at: datetime | None = moment(default=None)
    changes_at: datetime | None = moment(default=None)


class DrawTicketRow(SQLModel, table=True):
    """One drawn ticket: one per member and per customer of the bank."""

    __tablename__ = "draw_tickets"

    draw_id: int = big(primary_key=True, foreign_key="draws.id")
    number: int = Field(primary_key=True)
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID
    masked_name: str
    prize: int
    receipt: str
    drawn_at: datetime = moment()


class SqlDrawStore:
    """Implements `campaigns.draws.service.DrawStore` and `campaigns.draws.hosting.DrawGroupStore`.

    Secrets are sealed under a key of each draw's own.
    """

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._uow = uow
        self._session = uow.session
        self._vault = vault

    async def create(
        self, campaign: PointsCampaign, group_id: int, plan: DrawPlan, secret: str, promise: str
    ) -> Draw | None:
        """Store a draw with its sealed secret; None when the group has one of this kind that is open."""
        owner, place = _secret_place(promise)
        await self._vault.ensure(self._session, owner)
        row = {
            "points_campaign_id": campaign.id,
            "group_id": group_id,
            "kind": plan.kind,
            "published": {
                "title_zh": plan.title_zh,
                "title_en": plan.title_en,
                "prizes": [asdict(prize) for prize in plan.prizes],
                "terms": asdict(plan.terms),
            },
            "opens_at": plan.opens_at,
            "closes_at": plan.closes_at,
            "commitment": promise,
            "secret": self._vault.seal(owner, place, secret),
            "state": DrawState.OPEN,
            "stock": [prize.stock for prize in plan.prizes],
        }
        statement = insert(DrawRow).values(row).on_conflict_do_nothing().returning(DrawRow)
        made = (await self._session.scalars(statement)).one_or_none()
        return _draw(made) if made else None

    async def lock(self, draw_id: int) -> tuple[Draw, str] | None:
        """A draw with its secret, locked until the transaction ends."""
        statement = select(DrawRow).where(col(DrawRow.id) == draw_id).with_for_update()
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        return (_draw(row), await self._secret(row)) if row else None

    async def find(self, draw_id: int) -> Draw | None:
        """A draw, unlocked."""
        row = await self._session.get(DrawRow, draw_id, populate_existing=True)
        return _draw(row) if row else None

    async def open_in(self, group_id: int) -> list[Draw]:
        """A group's draws that are not closed, the oldest first."""
        statement = (
            select(DrawRow)
            .where(col(DrawRow.group_id) == group_id, col(DrawRow.state) == DrawState.OPEN)
            .order_by(col(DrawRow.id))
        )
        return [_draw(row) for row in await self._session.scalars(statement)]

    async def tickets_of(self, draw_id: int, takers: Collection[Taker]) -> Mapping[str, Ticket]:
        """The tickets that these takers have, by `campaigns.draws.rules.keys_of`."""
        statement = select(DrawTicketRow).where(
            col(DrawTicketRow.draw_id) == draw_id,
            or_(
                col(DrawTicketRow.member_id).in_([taker.member_id for taker in takers]),
                col(DrawTicketRow.customer_id).in_([taker.customer_id for taker in takers if taker.customer_id]),
            ),
        )
        rows = (await self._session.scalars(statement)).all()
        by_member = {f"member:{row.member_id}": _ticket(row) for row in rows}
        return by_member | {f"customer:{row.customer_id}": _ticket(row) for row in rows}

    async def save(self, draw: Draw, drawn: Sequence[tuple[Taker, Ticket]], now: datetime) -> None:
        """Store new tickets and what is left."""
        rows = [
            {
                "draw_id": draw.id,
                "member_id": taker.member_id,
                "customer_id": taker.customer_id,
                "drawn_at": now,
                **asdict(ticket),
            }
            for taker, ticket in drawn
        ]
        await self._session.execute(insert_rows(DrawTicketRow, rows))
        left = {"drawn": draw.drawn, "stock": list(draw.left), "head": draw.head}
        await self._session.execute(update(DrawRow).where(col(DrawRow.id) == draw.id).values(left))

    async def close(self, draw: Draw, now: datetime) -> None:
        """Mark a draw closed."""
        values = {"state": DrawState.CLOSED, "closed_at": now}
        await self._session.execute(update(DrawRow).where(col(DrawRow.id) == draw.id).values(values))

    async def published(self, draw_id: int) -> PublishedDraw | None:
        """A closed draw with its secret and all tickets; None while it is open or unknown."""
        row = await self._session.get(DrawRow, draw_id, populate_existing=True)
        if row is None or row.state != DrawState.CLOSED:
            return None
        statement = select(DrawTicketRow).where(col(DrawTicketRow.draw_id) == draw_id)
        tickets = await self._session.scalars(statement.order_by(col(DrawTicketRow.number)))
        return PublishedDraw(_draw(row), await self._secret(row), tuple(_ticket(ticket) for ticket in tickets))

    async def due_for_closing(self, now: datetime) -> list[int]:
        """Open draws past their end."""
        statement = select(col(DrawRow.id)).where(col(DrawRow.state) == DrawState.OPEN, col(DrawRow.closes_at) <= now)
        return [number for number in await self._session.scalars(statement) if number is not None]

    async def payer_of(self, group_id: int) -> PointsCampaign | None:
        """The newest open points campaign of a group: its draws are paid by it."""
        statement = (
            select(col(PointsCampaignRow.id))
            .where(col(PointsCampaignRow.group_id) == group_id, col(PointsCampaignRow.state) == CampaignState.OPEN)
            .order_by(col(PointsCampaignRow.id).desc())
            .limit(1)
        )
        found = await self._session.scalar(statement)
        return await SqlPointsStore(self._uow).campaign(found) if found else None

    async def group_named(self, name: str) -> Group | None:
        """The group with this title or chat id."""
        statement = select(GroupRow).where(
            or_(col(GroupRow.title) == name, cast(col(GroupRow.chat_id), String) == name)
        )
        row = (await self._session.scalars(statement.order_by(col(GroupRow.id)).limit(1))).one_or_none()
        return group_value(row) if row else None

    async def chat_of(self, draw: Draw) -> int:
        """The chat of a draw's group."""
        found = await self._session.scalar(select(col(GroupRow.chat_id)).where(col(GroupRow.id) == draw.group_id))
        assert found is not None
        return found

    async def present(self, draw: Draw, members: Collection[int]) -> set[int]:
        """Which of these members are in a draw's group."""
        statement = select(col(GroupMemberRow.member_id)).where(
            col(GroupMemberRow.group_id) == draw.group_id,
            col(GroupMemberRow.member_id).in_(members),
            col(GroupMemberRow.left_at).is_(None),
        )
        return set(await self._session.scalars(statement))

    async def set_next_change(self, draw: Draw, moment: datetime | None) -> None:
        """Remember when the card says something else."""
        await self._session.execute(update(DrawRow).where(col(DrawRow.id) == draw.id).values(changes_at=moment))

    async def due_for_change(self, now: datetime) -> list[int]:
        """Open draws whose card says something else by now."""
        statement = select(col(DrawRow.id)).where(col(DrawRow.state) == DrawState.OPEN, col(DrawRow.changes_at) <= now)
        return [number for number in await self._session.scalars(statement) if number is not None]

    async def newcomers(self, known_since: datetime, limit: int) -> list[tuple[Draw, int, Language]]:
        """Open join draws with bound newcomers whom nobody has told; they joined and were bound before a moment."""
        told = exists().where(
            col(DeliveryRow.campaign) == func.concat("draw:", col(DrawRow.id)),
            col(DeliveryRow.step) == "invitation",
            col(DeliveryRow.recipient) == col(GroupMemberRow.member_id),
        )
        drew = exists().where(
            col(DrawTicketRow.draw_id) == col(DrawRow.id),
            or_(
                col(DrawTicketRow.member_id) == col(MemberRow.id),
                col(DrawTicketRow.customer_id) == col(MemberRow.customer_id),
            ),
        )
        statement = (
            select(DrawRow, col(MemberRow.id), col(MemberRow.language))
            .join(GroupMemberRow, col(GroupMemberRow.group_id) == col(DrawRow.group_id))
            .join(MemberRow, col(MemberRow.id) == col(GroupMemberRow.member_id))
            .where(
                col(DrawRow.state) == DrawState.OPEN,
                col(DrawRow.kind) == DrawKind.JOIN,
                col(DrawRow.opens_at) <= known_since,
                col(GroupMemberRow.joined_at).between(col(DrawRow.opens_at), known_since),
                col(GroupMemberRow.left_at).is_(None),
                col(MemberRow.bound_at) <= known_since,
                col(MemberRow.private_chat) == PrivateChat.OPEN,
                ~told,
                ~drew,
            )
            .limit(limit)
        )
        rows = await self._session.execute(statement)
        return [(_draw(row), member, Language(language)) for row, member, language in rows]

    async def _secret(self, row: DrawRow) -> str:
        owner, place = _secret_place(row.commitment)
        await self._vault.load(self._session, [owner])
        return self._vault.open(owner, place, row.secret)


def _secret_place(promise: str) -> tuple[str, str]:
    """The key that seals a draw's secret, and where it stands."""
    return f"draw:{promise[:32]}", f"draws.secret:{promise}"


def _ticket(row: DrawTicketRow) -> Ticket:
    return Ticket(row.number, row.masked_name, row.prize, row.receipt)


def _draw(row: DrawRow) -> Draw:
    assert row.id is not None
    said = row.published
    return Draw(
        id=row.id,
        points_campaign=row.points_campaign_id,
        group_id=row.group_id,
        kind=DrawKind(row.kind),
        title_zh=said["title_zh"],
        title_en=said["title_en"],
        prizes=tuple(Prize(**prize) for prize in said["prizes"]),
        terms=Terms(**said["terms"]),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        commitment=row.commitment,
        state=DrawState(row.state),
        drawn=row.drawn,
        left=tuple(row.stock),
        head=row.head,
    )
