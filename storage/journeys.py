"""Journeys in rows: versions that never change, and where each customer stands in them."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.events.model import Event, EventKind
from campaigns.experiments.model import GlobalControl
from campaigns.journeys.files import plain
from campaigns.journeys.model import (
    LEDGER,
    Change,
    Deed,
    Edition,
    Entry,
    Figures,
    Journey,
    JourneyState,
    Outcome,
)
from storage.customers import CustomerRow
from storage.database import UnitOfWork
from storage.events import A_MINUTE_AGO, LOOK, NEWEST_RUN, SOMETHING_NEW, BehaviourEventRow, event_of
from storage.journey_rows import (
    JourneyChangeRow,
    JourneyEntryRow,
    JourneyRow,
    JourneyStepRow,
    JourneyVersionRow,
    edition_of,
    entry_of,
    journey_of,
    row_of,
)
from storage.members import MemberRow
from storage.rows import insert_rows, one_of
from storage.setbacks import is_resting

LOCK = "SELECT pg_advisory_xact_lock(hashtext('journeys.' || :name))"
CLAIM = "SELECT pg_try_advisory_xact_lock(hashtext('journeys.engine'))"
CONTROL = "SELECT salt, parts FROM global_controls ORDER BY version DESC LIMIT 1"
STAMP = f"""SELECT :version || ' ' || (CAST(:now AS timestamptz) AT TIME ZONE :zone)::date || ' '
    || coalesce(({NEWEST_RUN})::text, '')"""
DEPARTED = "DELETE FROM journey_audience WHERE journey = :journey AND NOT (customer_id = ANY(:belonging))"
# Of each running journey what is due first: a paused one, however many wait in it, is never read.
DUE = f"""SELECT e.id FROM journeys j CROSS JOIN LATERAL (SELECT id, due_at FROM journey_entries
        WHERE journey = j.name AND outcome IS NULL AND due_at <= :now AND NOT {is_resting("journeys", "id")}
        ORDER BY due_at, id LIMIT :limit) e
    WHERE j.state = 'running' ORDER BY e.due_at, e.id LIMIT :limit"""  # noqa: S608 - our own text.
JOINED = """WITH joined AS (INSERT INTO journey_audience SELECT :journey, unnest(CAST(:belonging AS uuid[]))
        ON CONFLICT DO NOTHING RETURNING customer_id)
    INSERT INTO events (customer_id, kind, at, payload, source, key, recorded_at)
    SELECT customer_id, 'audience_entered', :now, jsonb_build_object('journey', CAST(:journey AS varchar)), 'journey',
        'audience:' || :journey || ':' || customer_id || ':' || extract(epoch FROM CAST(:now AS timestamptz)), :now
    FROM joined ON CONFLICT (key) DO NOTHING"""
# Who leaves: erased (the key of a person's name is gone), kept from personal messages, or opted out of what advertises.
LEAVING = """WITH gone AS (SELECT member_id FROM consents WHERE purpose = 'marketing' AND withdrawn_at IS NOT NULL
        EXCEPT SELECT member_id FROM consents WHERE purpose = 'marketing' AND withdrawn_at IS NULL),
    inside AS (SELECT e.id, e.journey, e.version, coalesce(e.customer_id, n.customer_id) AS customer_id,
            coalesce(h.id, n.id) AS member_id
        FROM journey_entries e LEFT JOIN members h ON h.customer_id = e.customer_id
        LEFT JOIN members n ON n.id = e.member_id
        WHERE e.outcome IS NULL AND (CAST(:these AS bigint[]) IS NULL OR e.id = ANY(:these)))
    SELECT i.id, CASE WHEN i.member_id IS NOT NULL AND y.owner IS NULL THEN 'erased'
        WHEN r.customer_id IS NOT NULL THEN 'restricted' ELSE 'opted_out' END
    FROM inside i JOIN journey_versions v ON (v.name, v.version) = (i.journey, i.version)
    LEFT JOIN data_keys y ON y.owner = 'member:' || i.member_id
    LEFT JOIN (SELECT DISTINCT customer_id FROM customer_restrictions WHERE ended_at IS NULL) r
        ON r.customer_id = i.customer_id
    LEFT JOIN gone g ON g.member_id = i.member_id
    WHERE (i.member_id IS NOT NULL AND y.owner IS NULL) OR r.customer_id IS NOT NULL
        OR (v.markets AND g.member_id IS NOT NULL)"""
HOLD_OUT = """UPDATE deliveries d SET state = 'held_out', ended_at = :now
    FROM unnest(CAST(:campaigns AS varchar[]), CAST(:steps AS varchar[])) n (campaign, step)
    WHERE d.campaign = n.campaign AND d.step = n.step AND d.state = 'planned'"""
MOVE = """UPDATE journey_entries e SET node = n.node, due_at = n.due_at, waits_for = n.waits_for,
        is_waiting = n.is_waiting, ended_at = n.ended_at, outcome = n.outcome
    FROM jsonb_to_recordset(CAST(:told AS jsonb)) n (id bigint, node varchar, due_at timestamptz, waits_for varchar,
        is_waiting boolean, ended_at timestamptz, outcome varchar) WHERE e.id = n.id"""
HAPPENED = """SELECT id, array_agg(kind) FROM (
        SELECT e.id, b.kind FROM journey_entries e JOIN events b ON b.customer_id = e.customer_id
        WHERE e.id = ANY(:entries) AND b.at >= e.since AND b.id <> e.event_id
        UNION SELECT e.id, b.kind FROM journey_entries e JOIN events b ON b.member_id = e.member_id
        WHERE e.id = ANY(:entries) AND b.at >= e.since AND b.id <> e.event_id) found GROUP BY id"""
LAST_OFFER = """SELECT campaign, step FROM deliveries WHERE recipient = :member AND kind = 'marketing'
    AND method LIKE 'send%' AND state IN ('sent', 'unknown', 'dispatching') ORDER BY id DESC LIMIT 1"""


class SqlJourneyStore:
    """Implements `campaigns.journeys.ports.JourneyStore` and `EngineStore` inside one unit of work."""

    def __init__(self, uow: UnitOfWork, zone: str) -> None:
        self._uow, self._session = uow, uow.session
        self._zone = zone

    async def lock(self, name: str) -> Journey | None:
        """A journey, locked; whoever loads the first version of the same name at once waits, too."""
        await self._session.execute(text(LOCK), {"name": name})
        row = await self._session.get(JourneyRow, name, with_for_update=True, populate_existing=True)
        return journey_of(row, await self._newest(name)) if row else None

    async def all(self) -> list[Journey]:
        """Every journey, by name."""
        version = JourneyVersionRow
        newest = select(func.max(col(version.version))).where(col(version.name) == col(JourneyRow.name))
        query = select(JourneyRow, newest.scalar_subquery()).order_by(col(JourneyRow.name))
        return [journey_of(row, number) for row, number in await self._session.execute(query)]

    async def edition(self, name: str, version: int) -> Edition | None:
        """One version."""
        row = await self._session.get(JourneyVersionRow, (name, version))
        return edition_of(row) if row else None

    async def history(self, name: str) -> list[Edition]:
        """Every version, the newest first."""
        query = select(JourneyVersionRow).where(col(JourneyVersionRow.name) == name)
        rows = await self._session.scalars(query.order_by(col(JourneyVersionRow.version).desc()))
        return [edition_of(row) for row in rows]

    async def add(self, edition: Edition) -> None:
        """Keep a version for good; its journey is made with the first."""
        name = edition.plan.name
        made = insert(JourneyRow).values(name=name, state=JourneyState.DRAFT)
        await self._session.execute(made.on_conflict_do_nothing())
        row = {
            "name": name,
            "version": edition.version,
            "body": plain(edition.plan),
            "markets": edition.plan.markets,
            "made_by": edition.made_by,
            "made_at": edition.made_at,
            "reason": edition.reason,
        }
        await self._session.execute(insert(JourneyVersionRow).values(row))

    async def set_state(self, name: str, state: JourneyState, version: int | None) -> None:
        """Let a version run, or pause or stop the journey."""
        statement = update(JourneyRow).where(col(JourneyRow.name) == name)
        await self._session.execute(statement.values(state=state, version=version))

    async def record(self, name: str, version: int, change: Change, by: str, at: datetime, reason: str) -> None:
        """Append to what was done with the journey."""
        row = {"name": name, "version": version, "change": change, "made_by": by, "made_at": at, "reason": reason}
        await self._session.execute(insert(JourneyChangeRow).values(row))

    async def figures(self, name: str) -> Figures:
        """Where its customers stand, and how it ended for the others."""
        row = JourneyEntryRow
        query = (
            select(col(row.outcome), col(row.node), col(row.is_held_out), func.count())
            .where(col(row.journey) == name)
            .group_by(col(row.outcome), col(row.node), col(row.is_held_out))
        )
        entered = held_out = 0
        standing: Counter[str] = Counter()
        ends: Counter[Outcome] = Counter()
        for outcome, node, is_held_out, heads in await self._session.execute(query):
            entered, held_out = entered + heads, held_out + (heads if is_held_out else 0)
            if outcome is None:
                standing[node or ""] += heads
            else:
                ends[Outcome(outcome)] += heads
        return Figures(entered, held_out, dict(standing), dict(ends))

    async def end_all(self, name: str, now: datetime) -> int:
        """End every entry as stopped; returns how many."""
        row = JourneyEntryRow
        ended = {"outcome": Outcome.STOPPED, "ended_at": now, "due_at": None, "waits_for": None, "is_waiting": False}
        statement = update(row).where(col(row.journey) == name, col(row.outcome).is_(None)).values(ended)
        return len((await self._session.execute(statement.returning(col(row.id)))).all())

    async def last_sent(self, member_id: int) -> Entry | None:
        """The entry behind the last offer that reached a member; None where another feature sent that."""
        found = (await self._session.execute(text(LAST_OFFER), {"member": member_id})).first()
        if found is None or not found.campaign.startswith(LEDGER):
            return None
        row = await self._session.get(JourneyEntryRow, int(found.step.partition(":")[0]))
        return entry_of(row) if row else None

    async def claim(self) -> bool:
        """Whether nobody else moves journeys until this transaction ends."""
        return bool(await self._session.scalar(text(CLAIM)))

    async def editions(self) -> dict[tuple[str, int], Edition]:
        """Every version that runs, or that somebody is still in."""
        version, entry, journey = JourneyVersionRow, JourneyEntryRow, JourneyRow
        lowest = (  # Of this version or later: `min` reads one entry of the index, where a join would read them all.
            select(func.min(col(entry.version)))
            .where(
                col(entry.journey) == col(version.name),
                col(entry.version) >= col(version.version),
                col(entry.outcome).is_(None),
            )
            .scalar_subquery()
        )
        runs = (
            select(journey.name)  # type: ignore[call-overload]
            .where(col(journey.name) == col(version.name), col(journey.version) == col(version.version))
            .exists()
        )
        rows = await self._session.scalars(select(version).where(or_(lowest == col(version.version), runs)))
        return {(row.name, row.version): edition_of(row) for row in rows}

    async def running(self) -> dict[str, int]:
        """The running journeys with the version that new customers enter."""
        query = select(JourneyRow).where(col(JourneyRow.state) == JourneyState.RUNNING).order_by(col(JourneyRow.name))
        return {row.name: row.version or 0 for row in await self._session.scalars(query)}

    async def pass_over(self, heeded: frozenset[EventKind], now: datetime) -> None:
        """Events of all other kinds need no look."""
        row = BehaviourEventRow
        others = update(row).where(col(row.handled_at).is_(None), col(row.kind).not_in(list(heeded)))
        await self._session.execute(others.values(handled_at=now).execution_options(synchronize_session=False))

    async def unhandled(self, now: datetime, limit: int) -> list[Event]:
        """Events that nobody looked at and that do not rest, in the order in which they came."""
        row = BehaviourEventRow
        rests = text(f"NOT {is_resting('journey_events', 'events.id')}").bindparams(now=now)
        query = select(row).where(col(row.handled_at).is_(None), rests).order_by(col(row.id)).limit(limit)
        return [event_of(found) for found in await self._session.scalars(query.with_for_update(skip_locked=True))]

    async def handled(self, events: Sequence[Event], now: datetime) -> None:
        """These were looked at."""
        row = BehaviourEventRow
        found = one_of(row.id, [event.id for event in events])
        statement = update(row).where(found).values(handled_at=now)
        await self._session.execute(statement.execution_options(synchronize_session=False))

    async def entered(self, journey: str, events: Sequence[Event]) -> list[Entry]:
        """How often the persons of events were in a journey, and are."""
        row = JourneyEntryRow
        query = select(row).where(col(row.journey) == journey, _is_of(events)).order_by(col(row.id))
        return [entry_of(found) for found in await self._session.scalars(query)]

    async def open_of(self, events: Sequence[Event]) -> list[Entry]:
        """The journeys that the persons of events are in, locked."""
        row = JourneyEntryRow
        query = select(row).where(col(row.outcome).is_(None), _is_of(events)).order_by(col(row.id))
        return await self._locked(query.with_for_update())

    async def due(self, now: datetime, limit: int) -> list[Entry]:
        """Entries of running journeys whose time has come and that do not rest, the oldest first, locked."""
        row = JourneyEntryRow
        ids = list(await self._session.scalars(text(DUE), {"now": now, "limit": limit}))
        query = (
            select(row).where(one_of(row.id, ids), col(row.outcome).is_(None)).order_by(col(row.due_at), col(row.id))
        )
        return await self._locked(query.with_for_update(skip_locked=True)) if ids else []

    async def enter(self, entries: Sequence[Entry]) -> list[Entry]:
        """Keep entries; those whose person is inside already, or whose event was used, are not among what returns."""
        if not entries:
            return []
        made = insert_rows(JourneyEntryRow, [row_of(each) for each in entries]).on_conflict_do_nothing()
        kept = list(await self._session.scalars(made.returning(col(JourneyEntryRow.id))))
        rows = await self._session.scalars(select(JourneyEntryRow).where(one_of(JourneyEntryRow.id, kept)))
        return [entry_of(row) for row in rows]

    async def save(self, entries: Sequence[Entry]) -> None:
        """Keep where entries stand."""
        if entries:
            told = [_standing(each) for each in entries]
            await self._session.execute(text(MOVE), {"told": json.dumps(told)})

    async def mark(self, marks: Sequence[tuple[Entry, str, Deed]], now: datetime) -> None:
        """Note what steps did; what each did first stands."""
        if marks:
            rows = [{"entry_id": entry.id, "node": node, "at": now, "deed": deed} for entry, node, deed in marks]
            await self._session.execute(insert_rows(JourneyStepRow, rows).on_conflict_do_nothing())

    async def hold_out(self, messages: Sequence[tuple[str, str]], now: datetime) -> None:
        """Messages that were just planned are withheld, and stand in the closing equation as held out."""
        campaigns, steps = zip(*messages, strict=True)
        await self._session.execute(text(HOLD_OUT), {"campaigns": list(campaigns), "steps": list(steps), "now": now})

    async def happened(self, entries: Sequence[Entry]) -> dict[int, frozenset[EventKind]]:
        """What happened to each entry's person since its trigger, which is left out; by the entry."""
        if not entries:
            return {}
        found = await self._session.execute(text(HAPPENED), {"entries": [each.id for each in entries]})
        return {number: frozenset(map(EventKind, kinds)) for number, kinds in found}

    async def holders(self, customer_ids: Collection[UUID]) -> dict[UUID, int]:
        """The members bound to customers."""
        if not customer_ids:
            return {}
        bound = select(col(MemberRow.customer_id), col(MemberRow.id)).where(one_of(MemberRow.customer_id, customer_ids))
        return {customer: member for customer, member in await self._session.execute(bound) if customer}

    async def is_time_to_sweep(self, now: datetime) -> bool:
        """Whether to look who left, for everybody: once a minute."""
        facts = {"source": "journeys", "now": now, "seen": None}
        return await self._session.scalar(text(LOOK.format(when=A_MINUTE_AGO)), facts) is not None

    async def leaving(self, these: Sequence[Entry] | None = None) -> list[tuple[Entry, Outcome]]:
        """Who opted out of a journey that advertises, is restricted or was erased, locked; of these entries, or all."""
        facts = {"these": None if these is None else [entry.id for entry in these]}
        outcomes = {number: Outcome(how) for number, how in await self._session.execute(text(LEAVING), facts)}
        if not outcomes:
            return []
        row = JourneyEntryRow
        found = select(row).where(one_of(row.id, outcomes), col(row.outcome).is_(None)).with_for_update()
        rows = await self._session.scalars(found.execution_options(populate_existing=True))
        return [(entry_of(each), outcomes[each.id or 0]) for each in rows]

    async def numbers(self, customer_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The bank's numbers of customers."""
        rows = await self._session.scalars(select(CustomerRow).where(one_of(CustomerRow.id, customer_ids)))
        return {row.id: row.number for row in rows}

    async def control(self) -> GlobalControl:
        """The one group that no campaign writes to."""
        salt, parts = (await self._session.execute(text(CONTROL))).one()
        return GlobalControl(salt, parts)

    async def is_time_for(self, journey: str, version: int, now: datetime) -> bool:
        """Whether a journey's audience is to be looked at: once a day, with each new run, and of each version."""
        facts = {"version": str(version), "now": now, "zone": self._zone}
        stamp = await self._session.scalar(text(STAMP), facts)
        look = {"source": f"{LEDGER}{journey}", "now": now, "seen": stamp}
        return await self._session.scalar(text(LOOK.format(when=SOMETHING_NEW)), look) is not None

    async def joined(self, journey: str, belonging: Collection[UUID], now: datetime) -> int:
        """Keep who belongs to a journey's audience; for each who did not before there is an event."""
        facts = {"journey": journey, "belonging": list(belonging)}
        await self._session.execute(text(DEPARTED), facts)
        done = await self._session.execute(text(JOINED), {**facts, "now": now})
        return int(done.rowcount)  # type: ignore[attr-defined]

    async def _locked(self, query: Select[JourneyEntryRow]) -> list[Entry]:
        rows = await self._session.scalars(query.execution_options(populate_existing=True))
        return [entry_of(row) for row in rows]

    async def _newest(self, name: str) -> int:
        newest = select(func.max(col(JourneyVersionRow.version))).where(col(JourneyVersionRow.name) == name)
        return await self._session.scalar(newest) or 0


def _standing(entry: Entry) -> dict[str, object]:
    """What moves of an entry, as JSON has it."""
    moments = {"due_at": entry.due_at, "ended_at": entry.ended_at}
    told: dict[str, object] = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    words = {"id": entry.id, "node": entry.node, "waits_for": entry.waits_for, "outcome": entry.outcome}
    return told | words | {"is_waiting": entry.is_waiting}


def _is_of(events: Sequence[Event]) -> ColumnElement[bool]:
    """Whether an entry is a person's to whom one of the events happened."""
    row = JourneyEntryRow
    customers = {each.customer_id for each in events if each.customer_id}
    members = {each.member_id for each in events if each.member_id}
    return or_(one_of(row.customer_id, customers), one_of(row.member_id, members))
