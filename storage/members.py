"""People in the chat: rows with sealed names and numbers, their consents and bindings."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.members.model import Introduction, Language, Member, PrivateChat, Purpose
from campaigns.staff.model import Role
from storage.columns import big, moment, sealed
from storage.customers import SqlCustomerStore
from storage.database import UnitOfWork
from storage.groups import GroupMemberRow, GroupRow
from storage.rows import one_of
from storage.staff import StaffRoleRow
from storage.vault import Vault


class MemberRow(SQLModel, table=True):
    """A person in the chat; name and phone are sealed under the person's own key."""

    __tablename__ = "members"

    id: int = big(primary_key=True)
    name: bytes = sealed()
    language: str
    language_chosen: bool = False
    private_chat: str = PrivateChat.NEVER
    zone: str | None = None
    customer_id: UUID | None = None
    phone: bytes | None = sealed(default=None)
    phone_index: bytes | None = sealed(default=None)
    bound_at: datetime | None = moment(default=None)
    first_seen_at: datetime = moment()


class ConsentRow(SQLModel, table=True):
    """One consent from its giving to its withdrawal; history stays."""

    __tablename__ = "consents"

    id: int | None = big(default=None, primary_key=True)
    member_id: int = big(foreign_key="members.id")
    purpose: str
    wording: str
    given_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)


def key_owner(member_id: int) -> str:
    """The owner of a member's data key."""
    return f"member:{member_id}"


def name_place(member_id: int) -> str:
    """Where a member's sealed name stands."""
    return f"members.name:{member_id}"


def phone_place(member_id: int) -> str:
    """Where a member's sealed number stands."""
    return f"members.phone:{member_id}"


class SqlMemberStore:
    """Members inside one unit of work."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault
        self._customers = SqlCustomerStore(uow)

    async def meet(self, who: Introduction, now: datetime) -> Member:
        """Know the sender of an update: made on first sight, renamed when the name changed."""
        return (await self.meet_all([who], now))[who.id]

    async def meet_all(self, everybody: Sequence[Introduction], now: datetime) -> dict[int, Member]:
        """The same for several, by platform id, in three queries for all who are known."""
        ids = [who.id for who in everybody]
        rows = {row.id: row for row in await self._session.scalars(select(MemberRow).where(one_of(MemberRow.id, ids)))}
        await self._vault.load(self._session, [key_owner(member_id) for member_id in rows])
        roles = await self._roles(ids)
        found = {}
        for who in everybody:
            row = self._renew(rows[who.id], who) if who.id in rows else await self._greet(who, now)
            found[who.id] = _member(row, who.name, roles.get(who.id, frozenset()))
        return found

    def _renew(self, row: MemberRow, who: Introduction) -> MemberRow:
        if self._name(row) != who.name:
            row.name = self._vault.seal(key_owner(row.id), name_place(row.id), who.name)
        if not row.language_chosen:
            row.language = who.language
        if who.is_private and row.private_chat != PrivateChat.OPEN:
            row.private_chat = PrivateChat.OPEN
        return row

    async def get(self, member_id: int) -> Member | None:
        """A member by platform id."""
        found = await self.many([member_id])
        return found.get(member_id)

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by platform id, in three queries whatever their number."""
        if not member_ids:
            return {}
        rows = (await self._session.scalars(select(MemberRow).where(one_of(MemberRow.id, member_ids)))).all()
        await self._vault.load(self._session, [key_owner(row.id) for row in rows])
        roles = await self._roles(member_ids)
        return {row.id: _member(row, self._name(row), roles.get(row.id, frozenset())) for row in rows}

    async def _greet(self, who: Introduction, now: datetime) -> MemberRow:
        await self._vault.ensure(self._session, key_owner(who.id))
        chat = PrivateChat.OPEN if who.is_private else PrivateChat.NEVER
        row = MemberRow(
            id=who.id,
            name=self._vault.seal(key_owner(who.id), name_place(who.id), who.name),
            language=who.language,
            private_chat=chat,
            first_seen_at=now,
        )
        await self._session.execute(insert(MemberRow).values(row.model_dump()).on_conflict_do_nothing())
        return row

    async def _roles(self, member_ids: list[int]) -> dict[int, frozenset[Role]]:
        """The roles of those who have any."""
        held = select(col(StaffRoleRow.member_id), func.array_agg(col(StaffRoleRow.role))).group_by(
            col(StaffRoleRow.member_id)
        )
        rows = await self._session.execute(held.where(one_of(StaffRoleRow.member_id, member_ids)))
        return {member_id: frozenset(map(Role, roles)) for member_id, roles in rows}

    def _name(self, row: MemberRow) -> str:
        return self._vault.open(key_owner(row.id), name_place(row.id), row.name)

    async def managers_of(self, member_id: int) -> list[int]:
        """The managers of the groups that a person is in."""
        statement = (
            select(col(GroupRow.manager_id))
            .join(GroupMemberRow, col(GroupMemberRow.group_id) == col(GroupRow.id))
            .where(col(GroupMemberRow.member_id) == member_id, col(GroupMemberRow.left_at).is_(None))
            .distinct()
        )
        return list(await self._session.scalars(statement))

    async def set_private_chat(self, member_id: int, state: PrivateChat) -> None:
        """Remember whether the bot may write to a person."""
        await self._session.execute(update(MemberRow).where(col(MemberRow.id) == member_id).values(private_chat=state))

    async def set_language(self, member_id: int, language: Language) -> None:
        """Keep the language a person chose, whatever the app says."""
        await self._session.execute(
            update(MemberRow).where(col(MemberRow.id) == member_id).values(language=language, language_chosen=True)
        )

    async def give_consent(self, member_id: int, purpose: Purpose, wording: str, now: datetime) -> None:
        """Record a consent; one that stands already stays as it was given."""
        row = {"member_id": member_id, "purpose": purpose, "wording": wording, "given_at": now}
        await self._session.execute(insert(ConsentRow).values(row).on_conflict_do_nothing())

    async def withdraw_consent(self, member_id: int, purpose: Purpose, now: datetime) -> bool:
        """Withdraw a consent; False when there was none."""
        statement = (
            update(ConsentRow)
            .where(*_standing(member_id, purpose))
            .values(withdrawn_at=now)
            .returning(col(ConsentRow.id))
        )
        return bool((await self._session.execute(statement)).all())

    async def has_consent(self, member_id: int, purpose: Purpose) -> bool:
        """Whether a consent stands now."""
        return await self._session.scalar(select(col(ConsentRow.id)).where(*_standing(member_id, purpose))) is not None

    async def took_back(self, member_ids: Sequence[int], purpose: Purpose) -> set[int]:
        """Which of these members took their consent back and gave no new one."""
        row = ConsentRow
        wanted = (col(row.member_id).in_(member_ids), col(row.purpose) == purpose)
        statement = select(col(row.member_id)).where(*wanted).group_by(col(row.member_id))
        return set(await self._session.scalars(statement.having(func.bool_and(col(row.withdrawn_at).is_not(None)))))

    async def phone_of(self, member_id: int) -> str | None:
        """The number that a member linked, opened; None where there is none."""
        row = await self._session.get(MemberRow, member_id)
        if row is None or row.phone is None:
            return None
        await self._vault.load(self._session, [key_owner(member_id)])
        return self._vault.open(key_owner(member_id), phone_place(member_id), row.phone)

    async def customer_by_phone(self, phone: str) -> UUID | None:
        """The bank customer with this E.164 number."""
        found = await self._customers.find_by_phone(self._vault.index(phone))
        return found.id if found else None

    async def holder_of(self, customer_id: UUID) -> int | None:
        """The member bound to a customer; the unique constraint is the last guard against a second."""
        return await self._session.scalar(select(col(MemberRow.id)).where(col(MemberRow.customer_id) == customer_id))

    async def bind(self, member_id: int, customer_id: UUID | None, phone: str, now: datetime) -> None:
        """Keep the number sealed and, where a customer is behind it, the binding."""
        owner = key_owner(member_id)
        await self._vault.load(self._session, [owner])
        await self._session.execute(
            update(MemberRow)
            .where(col(MemberRow.id) == member_id)
            .values(
                customer_id=customer_id,
                phone=self._vault.seal(owner, phone_place(member_id), phone),
                phone_index=self._vault.index(phone),
                bound_at=now if customer_id else None,
            )
        )

    async def unbind(self, member_id: int, now: datetime) -> bool:
        """Forget number and binding; False when there was none."""
        statement = (
            update(MemberRow)
            .where(col(MemberRow.id) == member_id, col(MemberRow.phone_index).is_not(None))
            .values(customer_id=None, phone=None, phone_index=None, bound_at=None)
            .returning(col(MemberRow.id))
        )
        return bool((await self._session.execute(statement)).all())


def _member(row: MemberRow, name: str, roles: frozenset[Role]) -> Member:
    return Member(
        id=row.id,
        name=name,
        language=Language(row.language),
        roles=roles | {Role.CUSTOMER},
        customer_id=row.customer_id,
        private_chat=PrivateChat(row.private_chat),
        zone=row.zone,
    )


def _standing(member_id: int, purpose: Purpose) -> tuple[ColumnElement[bool], ...]:
    return (
        col(ConsentRow.member_id) == member_id,
        col(ConsentRow.purpose) == purpose,
        col(ConsentRow.withdrawn_at).is_(None),
    )
