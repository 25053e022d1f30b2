"""Stops and what they hold: rows of the ledger that the sender leaves out, without changing them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.halts.model import Aim, Halt, HaltState, Scope, Sending
from campaigns.staff.model import Role
from storage.columns import big, moment
from storage.database import UnitOfWork

ASIDE = 9  # The priority of held rows: behind everything that the sender looks at.

_AIMED = """CASE {scope} WHEN 'everything' THEN true
        WHEN 'campaign' THEN {row}.campaign = {target} OR starts_with({row}.campaign, {target} || ':')
        ELSE {row}.product IS NOT DISTINCT FROM {target} OR CASE split_part({row}.campaign, ':', 1)
            WHEN 'offer' THEN {row}.step = {target}
            WHEN 'bundle' THEN EXISTS (SELECT FROM bundle_posts p JOIN catalogue_versions v USING (version),
                    jsonb_array_elements(v.body -> 'bundles') b
                WHERE p.id = split_part({row}.campaign, ':', 2)::bigint AND b ->> 'code' = p.bundle
                    AND b -> 'products' ? {target})
            ELSE false END
        END"""


def is_halted(row: str) -> str:
    """SQL that says whether a marketing row with `campaign`, `step` and `product` is stopped now, whoever sends it."""
    aimed = _AIMED.format(row=row, scope="halts.scope", target="halts.target")
    return f"EXISTS (SELECT FROM halts WHERE halts.state = 'standing' AND {aimed})"


HALTED = is_halted("d")
WAITS = "d.kind = 'marketing' AND d.state IN ('planned', 'retry')"
OF_AIM = f"{WAITS} AND {_AIMED.format(row='d', scope=':scope', target='CAST(:target AS varchar)')}"
LEDGERS = ("deliveries", "channel_messages")  # Of the chat, and of the channels outside of it.
BOTH = """(SELECT campaign, step, product, kind, state FROM deliveries
    UNION ALL SELECT campaign, step, product, kind, state FROM channel_messages) d"""
WAITING = f"SELECT count(*) FROM {BOTH} WHERE {OF_AIM}"  # noqa: S608 - our own text.
SENDING = f"""SELECT d.campaign, count(*) FROM {BOTH} WHERE {WAITS} AND NOT {HALTED}
    GROUP BY d.campaign ORDER BY count(*) DESC, d.campaign LIMIT :limit"""  # noqa: S608 - our own text.
CANCEL = tuple(
    f"UPDATE {each} d SET state = 'cancelled', reason = 'halted', ended_at = :now WHERE {OF_AIM}"  # noqa: S608
    for each in LEDGERS
)
CONCERNED = f"""WITH held AS (
        SELECT DISTINCT split_part(d.campaign, ':', 1) AS noun, split_part(d.campaign, ':', 2) AS id
        FROM {BOTH} WHERE {OF_AIM})
    SELECT member_id FROM staff_roles WHERE role = ANY(:roles)
    UNION SELECT manager_id FROM offer_campaigns JOIN held ON noun = 'offer' AND held.id = offer_campaigns.id::text
    UNION SELECT author_id FROM broadcasts JOIN held ON noun = 'broadcast' AND held.id = broadcasts.id::text
    UNION SELECT manager_id FROM bundle_posts JOIN held ON noun = 'bundle' AND held.id = bundle_posts.id::text
    UNION SELECT author_id FROM promotion_versions JOIN held ON noun = 'promotion' AND held.id = promotion_id::text
    ORDER BY 1"""  # noqa: S608 - our own text.
SET_ASIDE = f"""WITH head AS (SELECT id FROM deliveries
        WHERE state IN ('planned', 'retry') AND NOT awaits_release AND priority < {ASIDE} AND due_at <= :now
        ORDER BY priority, due_at, id LIMIT :limit)
    UPDATE deliveries SET priority = {ASIDE} WHERE id IN (
        SELECT d.id FROM deliveries d JOIN head USING (id) WHERE {WAITS} AND {HALTED}
        FOR UPDATE OF d SKIP LOCKED)"""  # noqa: S608 - our own text.
TAKE_BACK = f"""UPDATE deliveries SET priority = CASE WHEN payload ? 'picture' THEN 3 ELSE 5 END WHERE id IN (
    SELECT d.id FROM deliveries d WHERE d.priority = {ASIDE} AND {WAITS} AND NOT {HALTED}
    LIMIT :limit FOR UPDATE OF d)"""  # noqa: S608 - our own text.
STANDS = "SELECT EXISTS (SELECT FROM halts WHERE state = 'standing')"
ASIDE_STILL = "SELECT EXISTS (SELECT FROM halts WHERE state = 'lifted' AND NOT returned)"
RETURNED = "UPDATE halts SET returned = true WHERE state = 'lifted' AND NOT returned"


class HaltRow(SQLModel, table=True):
    """One stop; `returned` tells that nothing of a lifted one stands aside any more."""

    __tablename__ = "halts"

    id: int | None = big(default=None, primary_key=True)
    scope: str
    target: str = ""
    reason: str
    made_by: str
    member_id: int | None = big(default=None, foreign_key="members.id")
    made_at: datetime = moment()
    state: str = Field(default=HaltState.ASKED)
    stopped_at: datetime | None = moment(default=None)
    lifted_at: datetime | None = moment(default=None)
    lifted_by: str | None = None
    returned: bool = False


class SqlHaltStore:
    """Implements `campaigns.halts.service.HaltStore`; `wake` tells the sender that rows may leave again."""

    def __init__(self, uow: UnitOfWork, *, wake: Any = None) -> None:
        self._uow = uow
        self._session = uow.session
        self._wake = wake

    async def add(self, aim: Aim, reason: str, made_by: str, member_id: int | None, now: datetime) -> Halt:
        """Keep a stop that waits for its confirmation."""
        row = {
            "scope": aim.scope,
            "target": aim.target,
            "reason": reason,
            "made_by": made_by,
            "member_id": member_id,
            "made_at": now,
            "state": HaltState.ASKED,
            "returned": False,
        }
        return _halt((await self._session.scalars(insert(HaltRow).values(row).returning(HaltRow))).one())

    async def lock(self, halt_id: int) -> Halt | None:
        """One stop; nobody else changes any until the transaction ends."""
        await self.lock_all()
        row = await self._session.get(HaltRow, halt_id, populate_existing=True)
        return _halt(row) if row else None

    async def lock_all(self) -> None:
        """Let nobody else begin or end a stop until the transaction ends; the sender reads on."""
        await self._session.execute(text("LOCK TABLE halts IN SHARE ROW EXCLUSIVE MODE"))

    async def save(self, halt: Halt) -> None:
        """Keep how it stands."""
        facts = {name: getattr(halt, name) for name in ("state", "stopped_at", "lifted_at", "lifted_by")}
        await self._session.execute(update(HaltRow).where(col(HaltRow.id) == halt.id).values(**facts))

    async def standing(self) -> list[Halt]:
        """The stops that hold messages, oldest first."""
        held = select(HaltRow).where(col(HaltRow.state) == HaltState.STANDING).order_by(col(HaltRow.id))
        return [_halt(row) for row in await self._session.scalars(held)]

    async def waiting(self, aim: Aim) -> int:
        """How many marketing messages wait of what is aimed at."""
        return await self._session.scalar(text(WAITING), _facts(aim)) or 0

    async def sending(self, limit: int) -> list[Sending]:
        """The campaigns with the most marketing messages that wait and are not held."""
        return [Sending(*row) for row in await self._session.execute(text(SENDING), {"limit": limit})]

    async def cancel(self, aim: Aim, now: datetime) -> int:
        """Cancel for good what waits; what is in flight arrives or comes back and is held."""
        return sum([await self._moved(each, {**_facts(aim), "now": now}) for each in CANCEL])

    async def concerned(self, aim: Aim, roles: Sequence[Role]) -> list[int]:
        """Who wrote the campaigns that are held, and everybody with one of these roles."""
        return list(await self._session.scalars(text(CONCERNED), {**_facts(aim), "roles": list(roles)}))

    async def set_aside(self, now: datetime, limit: int) -> int:
        """Take held rows at the head of the queue out of the sender's way, and lifted ones back; returns how many."""
        moved = 0
        if await self._session.scalar(text(STANDS)):
            moved += await self._moved(SET_ASIDE, {"now": now, "limit": limit})
        if await self._session.scalar(text(ASIDE_STILL)):
            back = await self._moved(TAKE_BACK, {"limit": limit})
            if not back:
                await self._session.execute(text(RETURNED))
            elif self._wake is not None:
                self._uow.after_commit(self._wake)
            moved += back
        return moved

    async def _moved(self, statement: str, facts: Mapping[str, Any]) -> int:
        return int(getattr(await self._session.execute(text(statement), facts), "rowcount", 0))


def _facts(aim: Aim) -> dict[str, str]:
    return {"scope": aim.scope, "target": aim.target}


def _halt(row: HaltRow) -> Halt:
    return Halt(
        id=row.id or 0,
        aim=Aim(Scope(row.scope), row.target),
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        state=HaltState(row.state),
        member_id=row.member_id,
        stopped_at=row.stopped_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )
