"""Chains and their entries; the unique constraints are the last guard against a second place."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.chains.model import Chain, ChainState, Entry, Plan
from campaigns.groups.model import Group
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.groups import GroupRow
from storage.members import MemberRow, key_owner, name_place
from storage.vault import Vault

MANAGERS_LATEST = 10


class ChainRow(SQLModel, table=True):
    """A chain; `taken` repeats the number of active entries so that the database itself refuses too many."""

    __tablename__ = "chains"

    id: int | None = big(default=None, primary_key=True)
    group_id: int = big(foreign_key="groups.id")
    product: str
    places: int
    taken: int = 0
    deadline: datetime = moment()
    state: str = ChainState.OPEN
    leader_id: int = big(foreign_key="members.id")
    next_sequence: int = 1
    opened_at: datetime = moment()
    remind_at: datetime = moment()
    reminded_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)


class ChainEntryRow(SQLModel, table=True):
    """One place from joining to leaving."""

    __tablename__ = "chain_entries"

    chain_id: int = big(primary_key=True, foreign_key="chains.id")
    sequence: int = big(primary_key=True)
    member_id: int = big(foreign_key="members.id")
    masked_name: str
    joined_at: datetime = moment()
    left_at: datetime | None = moment(default=None)


class SqlChainStore:
    """Chains inside one unit of work."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def create(self, group: Group, plan: Plan, leader_id: int, now: datetime, remind: datetime) -> Chain | None:
        """Store a new open chain; None when the group has an open one for the same product."""
        row = {
            "group_id": group.id,
            "product": plan.product,
            "places": plan.places,
            "taken": 0,
            "deadline": plan.deadline,
            "state": ChainState.OPEN,
            "leader_id": leader_id,
            "next_sequence": 1,
            "opened_at": now,
            "remind_at": remind,
        }
        statement = insert(ChainRow).values(row).on_conflict_do_nothing().returning(ChainRow)
        made = (await self._session.scalars(statement)).one_or_none()
        return _chain(made, group.chat_id, []) if made else None

    async def lock(self, chain_id: int) -> Chain | None:
        """Load a chain with its entries, locked until the transaction ends."""
        return await self._load(chain_id, lock=True)

    async def save_entries(self, before: Chain, after: Chain, now: datetime) -> None:
        """Store who joined and who left between two states of a chain."""
        old = {entry.sequence for entry in before.entries}
        new = {entry.sequence: entry for entry in after.entries}
        came = [self._entry_row(after.id, new[sequence], now) for sequence in sorted(new.keys() - old)]
        await self._end_entries(after.id, sorted(old - new.keys()), now)
        if came:
            await self._session.execute(insert(ChainEntryRow).values(came))
        await self._session.execute(
            update(ChainRow)
            .where(col(ChainRow.id) == after.id)
            .values(taken=len(after.entries), next_sequence=after.next_sequence)
        )

    async def close(self, chain: Chain, now: datetime) -> None:
        """Mark a chain closed."""
        await self._session.execute(
            update(ChainRow).where(col(ChainRow.id) == chain.id).values(state=ChainState.CLOSED, closed_at=now)
        )

    async def mark_reminded(self, chain: Chain, now: datetime) -> None:
        """Remember that the reminder is planned."""
        await self._session.execute(update(ChainRow).where(col(ChainRow.id) == chain.id).values(reminded_at=now))

    async def open_in_chat(self, chat_id: int) -> list[Chain]:
        """The open chains of one group."""
        statement = (
            select(col(ChainRow.id))
            .join(GroupRow, col(GroupRow.id) == col(ChainRow.group_id))
            .where(col(GroupRow.chat_id) == chat_id, col(ChainRow.state) == ChainState.OPEN)
            .order_by(col(ChainRow.id))
        )
        return await self._all(list(await self._session.scalars(statement)))

    async def of_manager(self, manager_id: int) -> list[Chain]:
        """The latest chains of a manager's groups, newest first."""
        statement = (
            select(col(ChainRow.id))
            .join(GroupRow, col(GroupRow.id) == col(ChainRow.group_id))
            .where(col(GroupRow.manager_id) == manager_id)
            .order_by(col(ChainRow.id).desc())
            .limit(MANAGERS_LATEST)
        )
        return await self._all(list(await self._session.scalars(statement)))

    async def due_for_reminder(self, now: datetime) -> list[int]:
        """Open chains whose reminder's time has come."""
        return list(
            await self._session.scalars(
                select(col(ChainRow.id)).where(
                    col(ChainRow.state) == ChainState.OPEN,
                    col(ChainRow.remind_at) <= now,
                    col(ChainRow.reminded_at).is_(None),
                )
            )
        )

    async def due_for_closing(self, now: datetime) -> list[int]:
        """Open chains past their deadline."""
        return list(
            await self._session.scalars(
                select(col(ChainRow.id)).where(col(ChainRow.state) == ChainState.OPEN, col(ChainRow.deadline) <= now)
            )
        )

    async def names(self, chain: Chain) -> dict[int, str]:
        """Full names of a chain's members, for the manager only."""
        wanted = [entry.member_id for entry in chain.entries]
        rows = (await self._session.scalars(select(MemberRow).where(col(MemberRow.id).in_(wanted)))).all()
        await self._vault.load(self._session, [key_owner(row.id) for row in rows])
        return {row.id: self._vault.open(key_owner(row.id), name_place(row.id), row.name) for row in rows}

    async def _all(self, chain_ids: list[int]) -> list[Chain]:
        loaded = [await self._load(chain_id, lock=False) for chain_id in chain_ids]
        return [chain for chain in loaded if chain is not None]

    async def _load(self, chain_id: int, *, lock: bool) -> Chain | None:
        statement = (
            select(ChainRow, col(GroupRow.chat_id))
            .join(GroupRow, col(GroupRow.id) == col(ChainRow.group_id))
            .where(col(ChainRow.id) == chain_id)
            .execution_options(populate_existing=True)
        )
        if lock:
            statement = statement.with_for_update(of=ChainRow)
        found = (await self._session.execute(statement)).first()
        if found is None:
            return None
        entries = await self._session.scalars(
            select(ChainEntryRow)
            .where(col(ChainEntryRow.chain_id) == chain_id, col(ChainEntryRow.left_at).is_(None))
            .order_by(col(ChainEntryRow.sequence))
        )
        return _chain(found[0], found[1], list(entries))

    async def _end_entries(self, chain_id: int, sequences: list[int], now: datetime) -> None:
        if sequences:
            await self._session.execute(
                update(ChainEntryRow)
                .where(col(ChainEntryRow.chain_id) == chain_id, col(ChainEntryRow.sequence).in_(sequences))
                .values(left_at=now)
            )

    @staticmethod
    def _entry_row(chain_id: int, entry: Entry, now: datetime) -> dict[str, object]:
        return {
            "chain_id": chain_id,
            "sequence": entry.sequence,
            "member_id": entry.member_id,
            "masked_name": entry.masked_name,
            "joined_at": now,
        }


def _chain(row: ChainRow, chat_id: int, entries: list[ChainEntryRow]) -> Chain:
    assert row.id is not None
    return Chain(
        id=row.id,
        group_id=row.group_id,
        chat_id=chat_id,
        product=row.product,
        places=row.places,
        deadline=row.deadline,
        state=ChainState(row.state),
        leader_id=row.leader_id,
        next_sequence=row.next_sequence,
        entries=tuple(Entry(entry.member_id, entry.masked_name, entry.sequence) for entry in entries),
    )
