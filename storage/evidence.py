"""Everything that the database holds on one delivery."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.channels.model import Channel
from campaigns.compliance.words import text_of
from campaigns.evidence.model import AudienceReason, Consent, Evidence, Retraction
from storage.database import UnitOfWork

DELIVERY = text("SELECT * FROM deliveries WHERE id = :id")
CONSENTS = text(
    """SELECT purpose, wording, given_at, withdrawn_at FROM consents
    WHERE member_id = :member AND given_at <= :at ORDER BY given_at, id"""
)
OUTSIDE = text("SELECT * FROM channel_messages WHERE id = :id")
AGREED_OUTSIDE = text(
    """SELECT channel AS purpose, wording, given_at, withdrawn_at FROM channel_consents
    WHERE customer_id = :customer AND channel = :channel AND given_at <= :at ORDER BY given_at, id"""
)
# The customer as the gate knew it; a row that never came to the gate is the account's customer of today.
WHY = text(
    """SELECT c.letter, c.reasons, r.id::text AS run, r.as_of::text
    FROM customer_classes c JOIN segmentation_runs r ON r.id = c.run_id
    WHERE c.customer_id = coalesce(CAST(:customer AS uuid), (SELECT customer_id FROM members WHERE id = :member))
        AND r.made_at <= :planned
    ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1"""
)
PROMOTION = text(
    """SELECT v.body ->> 'audience' AS audience, p.place, p.arm, p.letter
    FROM promotion_versions v LEFT JOIN promotion_recipients p ON p.promotion_id = v.promotion_id
        AND p.version = v.version AND (p.member_id = :member OR p.customer_id = CAST(:outside AS uuid))
    WHERE v.promotion_id = :promotion AND v.version = :version"""
)
JOURNEY = text(
    """SELECT e.version, v.body -> 'trigger' ->> 'audience' AS audience, e.trigger, e.since::text, b.source,
        CASE WHEN e.is_held_out THEN 'held_out' ELSE 'arm' END AS place
    FROM journey_entries e JOIN journey_versions v ON (v.name, v.version) = (e.journey, e.version)
    LEFT JOIN events b ON b.id = e.event_id WHERE e.id = :entry AND e.journey = :journey"""
)
RECALL = text(
    """SELECT r.reason, d.way, d.state, r.made_by, d.ended_at
    FROM recalled_deliveries d JOIN recalls r ON r.id = d.recall_id WHERE d.delivery_id = :id"""
)
PLAIN = (
    *("campaign", "step", "product", "risk", "kind", "planned_at", "ended_at"),
    *("state", "reason", "detail", "attempts", "repeats", "gate"),
)


class Person(NamedTuple):
    """Whom a message went to: by the account in the chat, by the customer outside of it."""

    member: int | None = None
    customer: UUID | str | None = None


class SqlEvidence:
    """Evidence inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def of(self, delivery_id: int) -> Evidence | None:
        """All about one delivery; None when there is none of this number."""
        row = (await self._session.execute(DELIVERY, {"id": delivery_id})).mappings().first()
        if row is None:
            return None
        begun = await _begun(self._session, row["campaign"], row["step"])
        version = begun.pop("version", None) or version_of(row["campaign"], row["step"])
        left = row["ended_at"] or row["planned_at"]
        consents = await self._session.execute(CONSENTS, {"member": row["recipient"], "at": left})
        person = Person(row["recipient"], (row["gate"] or {}).get("customer"))
        recall = (await self._session.execute(RECALL, {"id": delivery_id})).first()
        return Evidence(
            delivery=delivery_id,
            recipient=row["recipient"],
            message_id=row["message_id"],
            version=version,
            text=text_of(row["payload"]),
            consents=tuple(Consent(*each) for each in consents),
            why=AudienceReason(**(await _why(self._session, row, person, version) | begun)),
            recall=Retraction(*recall) if recall else None,
            **{name: row[name] for name in PLAIN},
        )

    async def outside(self, message_id: int) -> Evidence | None:
        """All about one message of another channel; None when there is none of this number."""
        row = (await self._session.execute(OUTSIDE, {"id": message_id})).mappings().first()
        if row is None:
            return None
        begun = await _begun(self._session, row["campaign"], row["step"])
        version = begun.pop("version", None) or version_of(row["campaign"], row["step"])
        asked = {"customer": row["customer_id"], "channel": row["channel"], "at": row["ended_at"] or row["planned_at"]}
        consents = await self._session.execute(AGREED_OUTSIDE, asked)
        why = await _why(self._session, row, Person(customer=row["customer_id"]), version)
        return Evidence(
            delivery=message_id,
            recipient=None if row["customer_id"] is None else str(row["customer_id"]),
            message_id=None,
            version=version,
            text="\n".join(filter(None, (row["title"], row["text"]))),
            consents=tuple(Consent(*each) for each in consents),
            why=AudienceReason(**(why | begun)),
            channel=Channel(row["channel"]),
            **{name: row[name] for name in PLAIN},
        )


async def _begun(session: AsyncSession, campaign: str, step: str) -> dict[str, Any]:
    """What began the journey that a ledger row belongs to, with its version; nothing for other campaigns."""
    noun, _, name = campaign.partition(":")
    entry = step.partition(":")[0]
    if noun != "journey" or not entry.isdecimal():
        return {}
    found = (await session.execute(JOURNEY, {"entry": int(entry), "journey": name})).mappings().first()
    return {column: value for column, value in (found or {}).items() if value is not None}


async def _why(session: AsyncSession, row: Any, person: Person, version: int | None) -> dict[str, Any]:
    """Why this person: the class of that time, and what the promotion assigned."""
    asked = {**person._asdict(), "planned": row["planned_at"]}
    known = dict((await session.execute(WHY, asked)).mappings().first() or ())
    if version is None or not row["campaign"].startswith("promotion:"):
        return known
    outside = person.customer if person.member is None else None
    promotion = {"promotion": int(row["campaign"].partition(":")[2]), "version": version}
    found = await session.execute(PROMOTION, {**promotion, "member": person.member, "outside": outside})
    placed = dict(found.mappings().first() or ())
    return known | {name: value for name, value in placed.items() if value is not None}


def version_of(campaign: str, step: str) -> int | None:
    """The version of a promotion that a ledger row belongs to: `promotion:7` and `v2:arm`."""
    noun, _, number = campaign.partition(":")
    version = step.partition(":")[0].removeprefix("v")
    return int(version) if noun == "promotion" and number.isdecimal() and version.isdecimal() else None
