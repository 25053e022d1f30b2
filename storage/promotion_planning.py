"""A promotion's audience found at once, and planned chunk by chunk: recipients and ledger rows in one statement.

The rule decides of each kind of people, of whom there are some hundreds; the database applies it to a million.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from campaigns.audiences.model import Expression, Frame, Unreachable
from campaigns.catalogue.model import CLASSES, Class
from campaigns.channels.model import Channel
from campaigns.deliveries.model import Kind, Message, State
from campaigns.experiments.model import GlobalControl, Place
from campaigns.members.model import Language
from campaigns.promotions.model import Version
from campaigns.promotions.recipients import Exclusion, Facts, Heads, Outside
from storage.assignments import arm_sql, place_sql
from storage.audience_sql import AS_BEFORE, HASHED
from storage.audiences import SqlAudienceStore
from storage.database import UnitOfWork
from storage.deliveries import PRIORITY
from storage.promotion_audiences import DECIDING, REACHABLE, UNASSESSED, UNCLASSED, UNTOLD, Bind, everybody
from storage.promotions import steps_of

ROOMY = "SET LOCAL work_mem = '64MB'"  # A chunk's messages are sorted in memory.
LINE = "promotion_id = %(promotion)s AND version = %(version)s"
CHUNK = f"a.{LINE.replace(' AND ', ' AND a.')} AND a.position > %(after)s AND a.position <= %(upto)s"
RUN_FRAME = "SELECT as_of, report -> 'unknown_tags' FROM segmentation_runs WHERE id = %(run)s"
KINDS = f"""SELECT DISTINCT standing, reach, appetite, horizon, met_before, met_elsewhere FROM promotion_audience a
    WHERE {CHUNK}"""
DECIDED = """SELECT a.position, a.customer_id, a.member_id, a.language, nullif(a.standing, '') AS letter,
        CASE WHEN d.excluded IS NULL THEN {place} END AS place, d.channel, d.excluded
    FROM promotion_audience a JOIN jsonb_to_recordset(%(kinds)s) AS d (standing text, reach text, appetite smallint,
        horizon smallint, met_before boolean, met_elsewhere boolean, channel text, excluded text)
        USING (standing, reach, appetite, horizon, met_before, met_elsewhere)
    WHERE {chunk}"""
PLANNED = """WITH decided AS MATERIALIZED (
    SELECT d.*, CASE WHEN place = 'arm' THEN {arm} END AS arm FROM ({decided}) d),
kept AS (INSERT INTO promotion_recipients (promotion_id, version, customer_id, member_id, letter, place, arm, channel,
        excluded, assigned_at)
    SELECT %(promotion)s, %(version)s, customer_id, member_id, letter, place, arm, channel, excluded, %(now)s
    FROM decided ORDER BY position),
sent AS (INSERT INTO deliveries (campaign, step, recipient, kind, method, payload, state, priority, due_at, expires_at,
        product, risk, planned_at, ended_at)
    SELECT %(campaign)s, m.step, d.member_id, %(kind)s, m.method, m.payload, m.state, %(priority)s, %(due)s,
        %(expires)s, %(product)s, %(risk)s, %(now)s, CASE WHEN m.state = 'held_out' THEN %(now)s END
    FROM decided d JOIN jsonb_to_recordset(%(messages)s) AS m (arm text, language text, step text, method text,
        payload jsonb, state text) ON m.arm = coalesce(d.arm, '') AND m.language = d.language
    WHERE d.channel = 'private' AND d.place IS NOT NULL ORDER BY m.step, d.member_id)
SELECT customer_id, letter, arm, channel FROM decided
    WHERE channel <> 'private' AND place IS NOT NULL ORDER BY position"""
LEFT = f"DELETE FROM promotion_audience WHERE {LINE}"
UNSENT = f"is_free AND place = '{Place.ARM}'"
TALLY = f"""SELECT coalesce(letter, ''), CASE WHEN NOT ({UNSENT}) THEN place END, arm, channel,
        CASE WHEN {UNSENT} THEN '{Exclusion.UNSENT}' ELSE excluded END, count(*) FROM promotion_recipients
    WHERE {LINE} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""
# What a person had to settle may have arrived whatever was said of it, so nobody of these is written to again.
SOMETHING_LEFT = """{0}.campaign = %(campaign)s AND {0}.step = ANY(%(steps)s)
    AND ({0}.state NOT IN ('cancelled', 'suppressed', 'failed') OR starts_with({0}.detail, 'resolved by '))"""
FREED = f"""UPDATE promotion_recipients r SET is_free = true WHERE {LINE} AND place = '{Place.ARM}'
    AND NOT EXISTS (SELECT FROM deliveries d WHERE {SOMETHING_LEFT.format("d")} AND d.recipient = r.member_id)
    AND NOT EXISTS (SELECT FROM channel_messages m
        WHERE {SOMETHING_LEFT.format("m")} AND m.customer_id = r.customer_id)"""
IN_THE_LEDGERS = f"SELECT count(*) FROM promotion_recipients WHERE {LINE} AND place IS NOT NULL"
BEYOND = f"""UPDATE promotion_recipients r SET place = NULL, arm = NULL, excluded = 'budget'
    WHERE {LINE} AND customer_id = ANY(%(customers)s) AND place IS NOT NULL AND NOT EXISTS (
        SELECT FROM channel_messages m WHERE m.campaign = %(campaign)s AND m.step = ANY(%(steps)s)
            AND m.channel = r.channel AND m.customer_id = r.customer_id)
    RETURNING NULL"""
INTERESTED = """SELECT count(DISTINCT customer_id) FROM followups
    WHERE source = 'offer_answered' AND ref = %(campaign)s AND opened_at >= %(since)s"""
BY_CODE: Mapping[str, Class] = {each.value: each for each in CLASSES}


class SqlPromotionPlanning:
    """Implements `campaigns.promotions.planning.PlanningStore`; `wake` tells the sender of what may leave."""

    def __init__(self, uow: UnitOfWork, zone: str, *, wake: Any = None) -> None:
        self._uow = uow
        self._session = uow.session
        self._zone = zone
        self._wake = wake

    async def frame(self, run: UUID | None) -> Frame:
        """What an audience is looked at by: the run that a version was scheduled with, or the latest."""
        if run is None:
            return await SqlAudienceStore(self._uow, self._zone).frame()
        day, unknown = (await self._rows(RUN_FRAME, {"run": run}))[0]
        return Frame(run, day, frozenset(unknown or ()))

    async def count(
        self, version: Version, expression: Expression, frame: Frame, control: GlobalControl, now: datetime
    ) -> tuple[list[Heads], int]:
        """Everybody who belongs, by what decides, place and zone; and of how many it cannot be told."""
        found = everybody(version, expression, frame, now, self._zone)
        facts, experiment = dict(found.facts), version.experiment
        bind = _binder(facts)
        place = place_sql(experiment, control, "customer_id", bind)
        arm = arm_sql(experiment, "customer_id", bind)
        rows = await self._all(
            f"""SELECT {", ".join(DECIDING)}, place, CASE WHEN place = '{Place.ARM}' THEN arm END, zone, fits, count(*)
            FROM (SELECT found.*, {place} AS place, {arm} AS arm FROM ({found.sql}) found) placed
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9""",
            facts,
        )
        heads = [Heads(_facts(*row[:6]), Place(row[6]), row[10], row[7], row[8]) for row in rows if row[9]]
        return heads, sum(row[10] for row in rows if not row[9])

    async def gather(self, version: Version, expression: Expression, frame: Frame, now: datetime) -> int:
        """Put everybody who belongs in line, in the order of their ids; returns how many."""
        found = everybody(version, expression, frame, now, self._zone)
        told = ", ".join(["customer_id", "member_id", "language", *DECIDING])
        connection = await self._session.connection()
        await connection.exec_driver_sql(HASHED)
        done = await connection.exec_driver_sql(
            f"""INSERT INTO promotion_audience (promotion_id, version, position, {told})
                SELECT %(promotion)s, %(version)s, row_number() OVER (ORDER BY customer_id), {told}
                FROM ({found.sql}) found WHERE fits""",
            {**found.facts, **_of(version)},
        )
        await connection.exec_driver_sql(AS_BEFORE)
        return done.rowcount

    async def kinds(self, version: Version, size: int) -> list[Facts]:
        """What decides, each once, of the next `size` in line."""
        return [_facts(*row) for row in await self._rows(KINDS, _chunk(version, size))]

    async def plan(
        self,
        version: Version,
        size: int,
        chosen: Mapping[Facts, Channel | Exclusion],
        messages: Mapping[tuple[str, Language], Message],
        control: GlobalControl,
        now: datetime,
    ) -> list[Outside]:
        """Plan the next `size` in line, in one statement; returns whom channels outside of the chat must reach."""
        facts = {**_chunk(version, size), **self._sending(version, now)}
        facts["kinds"] = Jsonb([{**_columns(each), **_choice(choice)} for each, choice in chosen.items()])
        facts["messages"] = Jsonb(_messages(version, messages))

        bind, experiment = _binder(facts), version.experiment
        decided = DECIDED.format(place=place_sql(experiment, control, "a.customer_id", bind), chunk=CHUNK)
        await (await self._session.connection()).exec_driver_sql(ROOMY)
        statement = PLANNED.format(decided=decided, arm=arm_sql(experiment, "d.customer_id", bind))
        rows = await self._rows(statement, facts)
        if self._wake is not None:
            self._uow.after_commit(self._wake)
        return [Outside(row[0], BY_CODE[row[1]], row[2], Channel(row[3])) for row in rows]

    async def leave(self, version: Version) -> None:
        """Let the line go, once everybody in it is planned or nobody will be any more."""
        await self._rows(f"{LEFT} RETURNING NULL", _of(version))

    async def recipients(self, version: Version) -> int:
        """How many messages the ledgers must hold of a version, those held out among them."""
        return int((await self._rows(IN_THE_LEDGERS, _of(version)))[0][0])

    async def free(self, version: Version) -> None:
        """Let the next version plan whom nothing left to, once a version came to its end."""
        connection = await self._session.connection()
        await connection.exec_driver_sql(HASHED)
        asked = {**_of(version), "campaign": version.campaign, "steps": steps_of(version)}
        await connection.exec_driver_sql(FREED, asked)
        await connection.exec_driver_sql(AS_BEFORE)

    async def leave_out(self, version: Version, customers: Sequence[UUID]) -> None:
        """Take recipients out again whom the budget does not reach."""
        asked = {"customers": list(customers), "campaign": version.campaign, "steps": steps_of(version)}
        await self._rows(BEYOND, {**_of(version), **asked})

    async def tally(self, version: Version) -> list[tuple[str, str | None, str | None, str | None, str | None, int]]:
        """Recipients by class, place, arm, channel and reason of exclusion."""
        return [tuple(row) for row in await self._rows(TALLY, _of(version))]

    async def interested(self, version: Version) -> int:
        """How many customers answered since a version started that they are interested."""
        if version.started_at is None:
            return 0
        return int((await self._rows(INTERESTED, {"campaign": version.campaign, "since": version.started_at}))[0][0])

    def _sending(self, version: Version, now: datetime) -> dict[str, Any]:
        plan = version.plan
        return {
            "campaign": version.campaign,
            "kind": str(Kind.MARKETING),
            "priority": PRIORITY[Kind.MARKETING],
            "due": max(plan.send_at, now),
            "expires": plan.closes_at,
            "product": plan.product.code if plan.product else None,
            "risk": plan.product.grade if plan.product else None,
            "now": now,
        }

    async def _all(self, sql: str, facts: Mapping[str, Any]) -> Sequence[Any]:
        """What a statement over all customers says."""
        connection = await self._session.connection()
        await connection.exec_driver_sql(HASHED)
        rows = await self._rows(sql, facts)
        await connection.exec_driver_sql(AS_BEFORE)
        return rows

    async def _rows(self, sql: str, facts: Mapping[str, Any]) -> Sequence[Any]:
        connection = await self._session.connection()
        return (await connection.exec_driver_sql(sql, dict(facts))).all()


def _of(version: Version) -> dict[str, Any]:
    return {"promotion": version.promotion_id, "version": version.number}


def _binder(facts: dict[str, Any]) -> Bind:
    """Keeps values among the parameters of a statement."""

    def bind(value: Any) -> str:
        name = f"x{len(facts)}"
        facts[name] = value
        return f"%({name})s"

    return bind


def _chunk(version: Version, size: int) -> dict[str, Any]:
    after = version.progress.after
    return {**_of(version), "after": after, "upto": after + size}


def _facts(standing: str, reach: str, appetite: int, horizon: int, met_before: bool, met_elsewhere: bool) -> Facts:
    unreachable = None if reach == REACHABLE else Unreachable(reach)
    known = None if horizon == UNTOLD else horizon
    return Facts(BY_CODE.get(standing), unreachable, appetite or None, known, met_before, met_elsewhere)


def _columns(facts: Facts) -> dict[str, Any]:
    return {
        "standing": facts.standing or UNCLASSED,
        "reach": facts.unreachable or REACHABLE,
        "appetite": facts.appetite or UNASSESSED,
        "horizon": UNTOLD if facts.horizon is None else facts.horizon,
        "met_before": facts.met_before,
        "met_elsewhere": facts.met_elsewhere,
    }


def _choice(choice: Channel | Exclusion) -> dict[str, Any]:
    if isinstance(choice, Exclusion):
        return {"channel": None, "excluded": str(choice)}
    return {"channel": str(choice), "excluded": None}


def _messages(version: Version, messages: Mapping[tuple[str, Language], Message]) -> list[dict[str, Any]]:
    """What each arm reads in each language; who is held out reads nothing and is kept as such."""
    said = [
        {
            "arm": arm,
            "language": str(language),
            "step": version.step(arm),
            "method": message.posting,
            "payload": message.payload(),
            "state": str(State.PLANNED),
        }
        for (arm, language), message in messages.items()
    ]
    unsaid = {"arm": "", "step": version.step(), "method": "sendMessage", "payload": {}, "state": str(State.HELD_OUT)}
    return [*said, *({**unsaid, "language": str(language)} for language in Language)]
