"""Chains and their entries; the unique constraints are the last guard against a second place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Column, Text, delete, exists, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from campaigns.chains.eligibility import Condition, ConditionKind
from campaigns.chains.model import CONFIRM_WITHIN, Act, Chain, ChainState, Entry, Plan
from campaigns.groups.model import Group
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.groupbuy_rows import GroupbuyChainRow, GroupbuyRow, groupbuy_of
from storage.groups import GroupMemberRow, GroupRow
from storage.members import MemberRow, key_owner, name_place
from storage.rows import insert_rows, one_of
from storage.staff import StaffRoleRow
from storage.vault import Vault

MANAGERS_LATEST = 10
ACT = TypeAdapter(Act)


class ChainRow(SQLModel, table=True):
    """A chain; `taken` repeats the units that entries hold so that the database itself refuses too many."""

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
    quantity_limit: int = 1
    items: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    confirm_within: timedelta = CONFIRM_WITHIN
    conditions: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class ChainEntryRow(SQLModel, table=True):
    """One place, or wait for one, from joining to leaving; what was written of others is sealed by the writer's key."""

    __tablename__ = "chain_entries"

    chain_id: int = big(primary_key=True, foreign_key="chains.id")
    sequence: int = big(primary_key=True)
    member_id: int = big(foreign_key="members.id")
    masked_name: str
    item: int = 0
    quantity: int = 1
    note: bytes | None = sealed(default=None)
    proxy: bytes | None = sealed(default=None)
    proxy_index: bytes = sealed(default=b"")
    waits: bool = False
    confirm_by: datetime | None = moment(default=None)
    joined_at: datetime = moment()
    left_at: datetime | None = moment(default=None)


class ChainActRow(SQLModel, table=True):
    """A member's latest change of a chain, for an undo; what was there before is sealed by the member's key."""

    __tablename__ = "chain_acts"

    chain_id: int = big(primary_key=True, foreign_key="chains.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    at: datetime = moment()
    before: bytes | None = sealed(default=None)


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
            "quantity_limit": plan.limit,
            "items": list(plan.items),
            "confirm_within": plan.confirm_within,
            "conditions": [asdict(each) for each in plan.conditions],
        }
        statement = insert(ChainRow).values(row).on_conflict_do_nothing().returning(ChainRow)
        made = (await self._session.scalars(statement)).one_or_none()
        if made is not None and plan.groupbuy is not None:
            part = {"chain_id": made.id, "groupbuy_id": plan.groupbuy.id, "token": plan.groupbuy.token}
            await self._session.execute(insert(GroupbuyChainRow).values(part | {"state": plan.groupbuy.state}))
        return replace(_chain(made, group.chat_id, (), ()), groupbuy=plan.groupbuy) if made else None

    async def find(self, chain_id: int) -> Chain | None:
        """Load a chain with its entries."""
        return await self._load(chain_id, lock=False)

    async def lock(self, chain_id: int) -> Chain | None:
        """Load a chain with its entries, locked until the transaction ends."""
        return await self._load(chain_id, lock=True)

    async def save_entries(self, before: Chain, after: Chain, now: datetime) -> None:
        """Store who came, went, moved up or changed something between two states of a chain."""
        old, new = _standing(before), _standing(after)
        changed = [sequence for sequence, one in sorted(new.items()) if old.get(sequence) != one]
        moved = [sequence for sequence in changed if sequence in old and old[sequence][0].item != new[sequence][0].item]
        await self._end_entries(after.id, [*sorted(old.keys() - new.keys()), *moved], now)
        if changed:
            await self._load_keys(entry for entry, _ in (new[sequence] for sequence in changed))
            await self._put([self._entry_row(after.id, *new[sequence], now) for sequence in changed])
        await self._session.execute(
            update(ChainRow)
            .where(col(ChainRow.id) == after.id)
            .values(taken=after.taken, next_sequence=after.next_sequence)
        )

    async def acts(self, chain_id: int, member_ids: Sequence[int]) -> dict[int, Act]:
        """The latest change of each of these members that can still be undone."""
        rows = await self._session.scalars(
            select(ChainActRow).where(col(ChainActRow.chain_id) == chain_id, one_of(ChainActRow.member_id, member_ids))
        )
        return {row.member_id: await self._act(row) for row in rows.all()}

    async def save_acts(self, chain_id: int, acts: Mapping[int, Act | None]) -> None:
        """Remember the latest change of each member; None where nothing is left to undo."""
        owners = [key_owner(act.member_id) for act in acts.values() if act and act.before]
        await self._vault.load(self._session, owners)
        gone = [member_id for member_id, act in acts.items() if act is None]
        if gone:
            await self._session.execute(
                delete(ChainActRow).where(col(ChainActRow.chain_id) == chain_id, one_of(ChainActRow.member_id, gone))
            )
        kept = [self._act_row(chain_id, act) for act in acts.values() if act]
        if kept:
            put = insert_rows(ChainActRow, kept)
            put = put.on_conflict_do_update(
                index_elements=["chain_id", "member_id"], set_={"at": put.excluded.at, "before": put.excluded.before}
            )
            await self._session.execute(put)

    async def close(self, chain: Chain, now: datetime) -> None:
        """Mark a chain closed."""
        await self._session.execute(
            update(ChainRow).where(col(ChainRow.id) == chain.id).values(state=ChainState.CLOSED, closed_at=now)
        )

    async def extend(self, chain: Chain, now: datetime, remind: datetime) -> bool:
        """Store a new deadline and the open state; False when the group has another one open for the product."""
        other = aliased(ChainRow)
        twin = exists().where(
            col(other.group_id) == chain.group_id,
            col(other.product) == chain.product,
            col(other.state) == ChainState.OPEN,
            col(other.id) != chain.id,
        )
        values = {"state": chain.state, "deadline": chain.deadline, "closed_at": None}
        if remind > now:
            values |= {"remind_at": remind, "reminded_at": None}
        done = await self._session.execute(
            update(ChainRow).where(col(ChainRow.id) == chain.id, ~twin).values(values).returning(col(ChainRow.id))
        )
        return done.first() is not None

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

    async def due_for_lapse(self, now: datetime) -> list[int]:
        """Chains with a place that was offered and not confirmed in time."""
        statement = select(col(ChainEntryRow.chain_id)).where(
            col(ChainEntryRow.confirm_by) <= now, col(ChainEntryRow.left_at).is_(None)
        )
        return list(await self._session.scalars(statement.distinct()))

    async def names(self, chain: Chain) -> dict[int, str]:
        """Full names of a chain's members, for the manager only."""
        wanted = [entry.member_id for entry in (*chain.entries, *chain.waiting)]
        rows = (await self._session.scalars(select(MemberRow).where(one_of(MemberRow.id, wanted)))).all()
        return await self._opened(rows)

    async def missing(self, chain: Chain) -> dict[int, str]:
        """Full names of the group's members who are in the list in no way, by id; its staff is not asked."""
        there = {entry.member_id for entry in (*chain.entries, *chain.waiting) if entry.proxy is None}
        statement = (
            select(MemberRow)
            .join(GroupMemberRow, col(GroupMemberRow.member_id) == col(MemberRow.id))
            .where(
                col(GroupMemberRow.group_id) == chain.group_id,
                col(GroupMemberRow.left_at).is_(None),
                ~exists().where(col(StaffRoleRow.member_id) == col(MemberRow.id)),
            )
            .order_by(col(GroupMemberRow.joined_at), col(MemberRow.id))
        )
        rows = (await self._session.scalars(statement)).all()
        return await self._opened([row for row in rows if row.id not in there])

    async def _opened(self, rows: Sequence[MemberRow]) -> dict[int, str]:
        await self._vault.load(self._session, [key_owner(row.id) for row in rows])
        return {row.id: self._vault.open(key_owner(row.id), name_place(row.id), row.name) for row in rows}

    async def _all(self, chain_ids: list[int]) -> list[Chain]:
        loaded = [await self._load(chain_id, lock=False) for chain_id in chain_ids]
        return [chain for chain in loaded if chain is not None]

    async def _load(self, chain_id: int, *, lock: bool) -> Chain | None:
        statement = (
            select(ChainRow, col(GroupRow.chat_id), GroupbuyRow, GroupbuyChainRow)
            .join(GroupRow, col(GroupRow.id) == col(ChainRow.group_id))
            .outerjoin(GroupbuyChainRow, col(GroupbuyChainRow.chain_id) == col(ChainRow.id))
            .outerjoin(GroupbuyRow, col(GroupbuyRow.id) == col(GroupbuyChainRow.groupbuy_id))
            .where(col(ChainRow.id) == chain_id)
            .execution_options(populate_existing=True)
        )
        if lock:
            statement = statement.with_for_update(of=ChainRow)
        found: Any = (await self._session.execute(statement)).first()
        if found is None:
            return None
        rows = await self._session.scalars(
            select(ChainEntryRow)
            .where(col(ChainEntryRow.chain_id) == chain_id, col(ChainEntryRow.left_at).is_(None))
            .order_by(col(ChainEntryRow.sequence))
        )
        standing = list(rows)
        await self._vault.load(self._session, [key_owner(row.member_id) for row in standing if row.note or row.proxy])
        held = tuple(self._entry(row) for row in standing if not row.waits)
        waiting = tuple(self._entry(row) for row in standing if row.waits)
        chain = _chain(found[0], found[1], held, waiting)
        return replace(chain, groupbuy=groupbuy_of(found[2], found[3])) if found[3] is not None else chain

    async def _end_entries(self, chain_id: int, sequences: list[int], now: datetime) -> None:
        if sequences:
            await self._session.execute(
                update(ChainEntryRow)
                .where(col(ChainEntryRow.chain_id) == chain_id, one_of(ChainEntryRow.sequence, sequences))
                .values(left_at=now)
            )

    async def _put(self, rows: list[dict[str, object]]) -> None:
        """New entries, and those that changed or came back under their old sequence."""
        put = insert_rows(ChainEntryRow, rows)
        columns = ("item", "quantity", "note", "waits", "confirm_by")
        changes = {column: getattr(put.excluded, column) for column in columns} | {"left_at": None}
        await self._session.execute(put.on_conflict_do_update(index_elements=["chain_id", "sequence"], set_=changes))

    async def _load_keys(self, entries: Iterable[Entry]) -> None:
        """The keys of those whose entries carry something to seal."""
        owners = [key_owner(entry.member_id) for entry in entries if entry.note or entry.proxy]
        await self._vault.load(self._session, owners)

    def _entry_row(self, chain_id: int, entry: Entry, waits: bool, now: datetime) -> dict[str, object]:
        owner, sequence = key_owner(entry.member_id), entry.sequence
        proxy = self._vault.index(entry.proxy) if entry.proxy else b""
        return {
            "chain_id": chain_id,
            "sequence": sequence,
            "member_id": entry.member_id,
            "masked_name": entry.masked_name,
            "item": entry.item,
            "quantity": entry.quantity,
            "note": self._vault.seal(owner, _place("note", chain_id, sequence), entry.note) if entry.note else None,
            "proxy": self._vault.seal(owner, _place("proxy", chain_id, sequence), entry.proxy) if entry.proxy else None,
            "proxy_index": proxy,
            "waits": waits,
            "confirm_by": entry.confirm_by,
            "joined_at": now,
        }

    def _entry(self, row: ChainEntryRow) -> Entry:
        owner, place = key_owner(row.member_id), partial(_place, chain_id=row.chain_id, sequence=row.sequence)
        return Entry(
            row.member_id,
            row.masked_name,
            row.sequence,
            row.item,
            row.quantity,
            self._vault.open(owner, place("note"), row.note) if row.note else "",
            self._vault.open(owner, place("proxy"), row.proxy) if row.proxy else None,
            row.confirm_by,
        )

    def _act_row(self, chain_id: int, act: Act) -> dict[str, object]:
        owner, place = key_owner(act.member_id), f"chain_acts.before:{chain_id}:{act.member_id}"
        before = self._vault.seal(owner, place, ACT.dump_json(act).decode()) if act.before else None
        return {"chain_id": chain_id, "member_id": act.member_id, "at": act.at, "before": before}

    async def _act(self, row: ChainActRow) -> Act:
        if row.before is None:
            return Act(row.member_id, row.at)
        await self._vault.load(self._session, [key_owner(row.member_id)])
        place = f"chain_acts.before:{row.chain_id}:{row.member_id}"
        return ACT.validate_json(self._vault.open(key_owner(row.member_id), place, row.before))


def _standing(chain: Chain) -> dict[int, tuple[Entry, bool]]:
    """Every entry by its sequence, and whether it waits."""
    held = {entry.sequence: (entry, False) for entry in chain.entries}
    return held | {entry.sequence: (entry, True) for entry in chain.waiting}


def _place(column: str, chain_id: int, sequence: int) -> str:
    return f"chain_entries.{column}:{chain_id}:{sequence}"


def _condition(told: Mapping[str, Any]) -> Condition:
    return Condition(ConditionKind(told["kind"]), tuple(told["values"]))


def _chain(row: ChainRow, chat_id: int, entries: tuple[Entry, ...], waiting: tuple[Entry, ...]) -> Chain:
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
        entries=entries,
        waiting=waiting,
        limit=row.quantity_limit,
        items=tuple(row.items),
        confirm_within=row.confirm_within,
        ending_at=row.remind_at,
        conditions=tuple(map(_condition, row.conditions)),
    )
