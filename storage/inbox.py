"""The inbox: raw updates, stored before they are confirmed, and what became of each."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel, col

from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.rows import insert_rows, one_of
from storage.vault import Vault

CONTACT = text("'{message,contact}'")
SEALED, SEALS_OWNER = "sealed", "inbox"
NEW, DONE, PARKED = "new", "done", "parked"
KEPT = timedelta(days=2)  # Updates live 24 hours at Telegram; after two days none can come again.


class InboxRow(SQLModel, table=True):
    """One update as it came; `outcome` is what a batch decided for it.

    What people wrote leaves with the update's end: a done row keeps its number, to know a repeat, and no payload.
    """

    __tablename__ = "inbox"

    bot_id: int = big(primary_key=True)
    update_id: int = big(primary_key=True)
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = NEW
    attempts: int = 0
    outcome: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    fault: str | None = None
    received_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


@dataclass(frozen=True)
class Seals:
    """Which words may lie in no table, not even until they are worked on, and the vault that seals them."""

    vault: Vault
    hides: Callable[[str], bool]

    def needed(self, found: Any) -> bool:
        """Whether such words stand anywhere in an update, also in a message that another one answers."""
        match found:
            case str():
                return self.hides(found)
            case Mapping():
                return any(map(self.needed, found.values()))
            case list():
                return any(map(self.needed, found))
            case _:
                return False


class SqlInbox:
    """The inbox inside one unit of work; who stores updates and takes them out has the `seals`."""

    def __init__(self, uow: UnitOfWork, bot_id: int, seals: Seals | None = None) -> None:
        self._session = uow.session
        self._bot_id = bot_id
        self._seals = seals

    async def store(self, updates: Iterable[Mapping[str, Any]], now: datetime) -> int:
        """Keep raw updates; one that came before is left alone. Returns how many were new."""
        rows = [
            {"bot_id": self._bot_id, "update_id": raw["update_id"], "payload": await self._kept(raw)}
            | {"received_at": now, "state": NEW, "attempts": 0}
            for raw in updates
        ]
        if not rows:
            return 0
        statement = insert_rows(InboxRow, rows).on_conflict_do_nothing().returning(col(InboxRow.update_id))
        return len((await self._session.execute(statement)).all())

    async def waiting(self, *, beyond: Sequence[int], limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Updates to work on, oldest first, without those that are being worked on."""
        statement = (
            select(col(InboxRow.update_id), col(InboxRow.payload))
            .where(*self._mine(), col(InboxRow.state) == NEW, ~one_of(InboxRow.update_id, beyond))
            .order_by(col(InboxRow.update_id))
            .limit(limit)
        )
        return [(update_id, await self._read(payload)) for update_id, payload in await self._session.execute(statement)]

    async def mark_done(self, update_id: int, now: datetime) -> None:
        """The update's effects are in this transaction, and its words (names, a phone number) are gone with it."""
        await self._session.execute(
            update(InboxRow)
            .where(*self._mine(), col(InboxRow.update_id) == update_id, col(InboxRow.state) == NEW)
            .values(state=DONE, ended_at=now, payload={})
        )

    async def outcomes(self, update_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Outcomes that batches have stored for these updates."""
        statement = select(col(InboxRow.update_id), col(InboxRow.outcome)).where(
            *self._mine(), one_of(InboxRow.update_id, update_ids), col(InboxRow.outcome).is_not(None)
        )
        return {update_id: outcome for update_id, outcome in await self._session.execute(statement) if outcome}

    async def mark_decided(self, outcomes: Mapping[int, Mapping[str, Any]], now: datetime) -> None:
        """Store a batch's outcomes and mark its updates, in one statement."""
        await self._session.execute(
            text(
                "UPDATE inbox SET state = 'done', outcome = decided.value, ended_at = :now, payload = '{}' "
                "FROM jsonb_each(CAST(:outcomes AS jsonb)) AS decided "
                "WHERE inbox.bot_id = :bot AND inbox.update_id = decided.key::bigint"
            ),
            {"now": now, "bot": self._bot_id, "outcomes": json.dumps(outcomes)},
        )

    async def mark_failed(self, update_id: int, fault: str, now: datetime, *, park: bool) -> None:
        """Remember what went wrong; a parked update is left for a person, without the contact that it may hold."""
        values: dict[str, Any] = {"attempts": InboxRow.attempts + 1, "fault": fault[:2000]}
        if park:
            kept = col(InboxRow.payload).op("#-")(CONTACT)
            values |= {"state": PARKED, "ended_at": now, "payload": kept}
        await self._session.execute(
            update(InboxRow).where(*self._mine(), col(InboxRow.update_id) == update_id).values(**values)
        )

    async def forget_old(self, now: datetime) -> int:
        """Drop what was done so long ago that it cannot be repeated; parked updates stay."""
        statement = (
            delete(InboxRow)
            .where(*self._mine(), col(InboxRow.state) == DONE, col(InboxRow.received_at) < now - KEPT)
            .returning(col(InboxRow.update_id))
        )
        return len((await self._session.execute(statement)).all())

    async def counts(self) -> dict[str, int]:
        """How many updates stand in each state."""
        statement = select(col(InboxRow.state), func.count()).where(*self._mine()).group_by(InboxRow.state)
        return {state: count for state, count in await self._session.execute(statement)}  # noqa: C416 - rows are no pairs to mypy.

    async def _kept(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """An update as it lies in the table: in plain, or sealed whole, which it stays if it is parked."""
        plain: Mapping[str, Any] = _storable(raw)
        if self._seals is None or not self._seals.needed(plain):
            return plain
        await self._seals.vault.ensure(self._session, SEALS_OWNER)
        sealed = self._seals.vault.seal(SEALS_OWNER, self._place(raw["update_id"]), json.dumps(plain))
        return {"update_id": raw["update_id"], SEALED: sealed.hex()}

    async def _read(self, payload: dict[str, Any]) -> dict[str, Any]:
        if SEALED not in payload or self._seals is None:
            return payload
        await self._seals.vault.load(self._session, [SEALS_OWNER])
        place = self._place(payload["update_id"])
        opened: dict[str, Any] = json.loads(self._seals.vault.open(SEALS_OWNER, place, bytes.fromhex(payload[SEALED])))
        return opened

    def _place(self, update_id: int) -> str:
        return f"inbox.payload:{self._bot_id}:{update_id}"

    def _mine(self) -> tuple[Any, ...]:
        return (col(InboxRow.bot_id) == self._bot_id,)


def _storable(found: Any) -> Any:
    """What JSON can say and PostgreSQL cannot keep (NUL, half characters, NaN) by its replacement.

    One such update must not stop those that came with it.
    """
    match found:
        case str():
            return found.replace("\x00", "\ufffd").encode(errors="replace").decode()
        case Mapping():
            return {_storable(key): _storable(value) for key, value in found.items()}
        case list():
            return [_storable(value) for value in found]
        case float() if not math.isfinite(found):
            return None
        case _:
            return found
