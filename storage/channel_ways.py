"""The ways to customers: what contacts cost, addresses and consents by channel, objections, offers of late."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.channels.model import AT_ONCE, COSTS, Channel, ChannelPolicy, Reach
from campaigns.compliance.model import Facts
from campaigns.compliance.rules import standing_of
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from storage.columns import big, moment, sealed
from storage.customers import ContactRow, contact_place, key_owner
from storage.database import UnitOfWork
from storage.gate_facts import CUSTOMERS, Told, questions
from storage.vault import Vault

REACHES = text(
    """SELECT a.id, k.letter, k.potential, t.tier,
        EXISTS (SELECT FROM customer_contacts c WHERE c.customer_id = a.id),
        ARRAY(SELECT d.channel FROM channel_addresses d WHERE d.customer_id = a.id),
        ARRAY(SELECT n.channel FROM channel_consents n WHERE n.customer_id = a.id GROUP BY n.channel
            HAVING bool_or(n.withdrawn_at IS NULL)),
        ARRAY(SELECT n.channel FROM channel_consents n WHERE n.customer_id = a.id GROUP BY n.channel
            HAVING bool_and(n.withdrawn_at IS NOT NULL)),
        coalesce(m.private_chat = 'open', false),
        EXISTS (SELECT FROM customer_owners o WHERE o.customer_id = a.id)
            OR EXISTS (SELECT FROM group_members g WHERE g.member_id = m.id AND g.left_at IS NULL),
        EXISTS (SELECT FROM customer_restrictions r WHERE r.customer_id = a.id AND r.ended_at IS NULL),
        s.stands, coalesce(s.times, 0)
    FROM (SELECT id FROM customers WHERE id = ANY(CAST(:ids AS uuid[]))) a
    LEFT JOIN members m ON m.customer_id = a.id
    LEFT JOIN LATERAL (SELECT bool_or(withdrawn_at IS NULL) AS stands, count(*) AS times FROM consents
        WHERE member_id = m.id AND purpose = 'marketing') s ON true
    LEFT JOIN LATERAL (SELECT letter, potential FROM customer_classes k JOIN segmentation_runs r ON r.id = k.run_id
        WHERE k.customer_id = a.id ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1) k ON true
    LEFT JOIN LATERAL (SELECT tier FROM enterprise_tiers t JOIN segmentation_runs r ON r.id = t.run_id
        WHERE t.customer_id = a.id ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1) t ON true"""
)
# Whatever reached a customer lately, in the chat and on the channels that interrupt; in flight counts as of now.
OFFERED = text(
    """SELECT m.customer_id, coalesce(d.ended_at, :now) FROM members m JOIN deliveries d ON d.recipient = m.id
        WHERE m.customer_id = ANY(CAST(:customers AS uuid[])) AND d.kind = 'marketing' AND d.method LIKE 'send%'
            AND d.state = ANY(:arrived) AND coalesce(d.ended_at, :now) > :since
    UNION ALL SELECT c.customer_id, coalesce(c.ended_at, :now) FROM channel_messages c
        WHERE c.customer_id = ANY(CAST(:customers AS uuid[])) AND c.kind = 'marketing' AND c.channel = ANY(:at_once)
            AND c.state = ANY(:arrived) AND coalesce(c.ended_at, :now) > :since"""
)
ZONES = text("SELECT customer_id, zone FROM members WHERE customer_id = ANY(CAST(:customers AS uuid[]))")


class ChannelPolicyRow(SQLModel, table=True):
    """One version of what contacts cost, in fen; a change is a new row."""

    __tablename__ = "channel_policies"

    version: int = Field(primary_key=True)
    costs: dict[str, int] = Field(sa_column=Column(JSONB, nullable=False))
    high_sub_score: float
    made_by: str
    made_at: datetime = moment()


class ChannelAddressRow(SQLModel, table=True):
    """A customer's address on a channel, sealed under the customer's key; phones are the contacts' own."""

    __tablename__ = "channel_addresses"

    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    channel: str = Field(primary_key=True)
    address: bytes = sealed()
    set_at: datetime = moment()


class ChannelConsentRow(SQLModel, table=True):
    """A customer's consent to marketing on one channel, from its giving to its withdrawal; history stays."""

    __tablename__ = "channel_consents"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    channel: str
    wording: str
    recorded_by: str
    given_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)


class SqlWayStore:
    """Implements `campaigns.channels.service.WayStore`, and what the worker asks of customers."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def policy(self) -> ChannelPolicy:
        """The newest policy."""
        newest = select(ChannelPolicyRow).order_by(col(ChannelPolicyRow.version).desc()).limit(1)
        row = (await self._session.scalars(newest)).one()
        return ChannelPolicy(row.version, {**COSTS, **row.costs}, row.high_sub_score)

    async def set_cost(self, name: str, fen: int, by: str, now: datetime) -> ChannelPolicy:
        """Keep another cost as a new version."""
        found = await self.policy()
        row = {
            "version": found.version + 1,
            "costs": {**found.costs, name: fen},
            "high_sub_score": found.high_sub_score,
            "made_by": by,
            "made_at": now,
        }
        await self._session.execute(insert(ChannelPolicyRow).values(row))
        return await self.policy()

    async def reaches(self, customer_ids: Sequence[UUID]) -> dict[UUID, Reach]:
        """What is known of the ways to customers; whom the bank does not know is missing."""
        found = await self._session.execute(REACHES, {"ids": list(customer_ids)})
        return {row[0]: _reach(*row[1:]) for row in found}

    async def facts(self, customer_ids: Sequence[UUID], now: datetime) -> dict[UUID, Facts]:
        """What the gate asks about customers; the standing is asked by channel."""
        asked = {**questions(now), "customers": list(customer_ids), "at_once": list(AT_ONCE)}
        offered: defaultdict[UUID, list[datetime]] = defaultdict(list)
        for customer, at in await self._session.execute(OFFERED, asked):
            offered[customer].append(at)
        zones = {row[0]: row[1] for row in await self._session.execute(ZONES, asked)}
        told = {row[0]: Told(*row[1:]) for row in await self._session.execute(CUSTOMERS, asked)}
        return {
            each: told.get(each, Told()).on(Facts(zone=zones.get(each), offered_at=tuple(offered[each])))
            for each in customer_ids
        }

    async def address(self, channel: Channel, customer_id: UUID) -> str | None:
        """The address of a customer, opened; of SMS the contact's number where no other is kept."""
        await self._vault.load(self._session, [key_owner(customer_id)])
        row = await self._session.get(ChannelAddressRow, (customer_id, channel))
        if row is not None:
            return self._vault.open(key_owner(customer_id), address_place(channel, customer_id), row.address)
        contact = await self._session.get(ContactRow, customer_id) if channel is Channel.SMS else None
        if contact is None:
            return None
        return self._vault.open(key_owner(customer_id), contact_place("phone", customer_id), contact.phone)

    async def set_address(self, channel: Channel, customer_id: UUID, address: str, now: datetime) -> None:
        """Keep an address, sealed; the newest holds."""
        owner = key_owner(customer_id)
        await self._vault.ensure(self._session, owner)
        row = {
            "customer_id": customer_id,
            "channel": channel,
            "address": self._vault.seal(owner, address_place(channel, customer_id), address),
            "set_at": now,
        }
        fresh = {name: row[name] for name in ("address", "set_at")}
        statement = insert(ChannelAddressRow).values(row)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["customer_id", "channel"], set_=fresh)
        )

    async def consent(self, channel: Channel, customer_id: UUID, wording: str, by: str, now: datetime) -> None:
        """Record a consent; one that stands stays as it was given."""
        row = _consent(channel, customer_id, wording, by, now)
        await self._session.execute(insert(ChannelConsentRow).values(row).on_conflict_do_nothing())

    async def object(self, channel: Channel, customer_id: UUID, by: str, now: datetime) -> None:
        """Record that a customer wants nothing on a channel, whether there was a consent or not."""
        row = ChannelConsentRow
        standing = (col(row.customer_id) == customer_id, col(row.channel) == channel, col(row.withdrawn_at).is_(None))
        ended = await self._session.scalars(
            update(row).where(*standing).values(withdrawn_at=now).returning(col(row.id))
        )
        if not ended.all():
            objection = _consent(channel, customer_id, "objection", by, now) | {"withdrawn_at": now}
            await self._session.execute(insert(row).values(objection))


def address_place(channel: Channel, customer_id: UUID) -> str:
    """Where a sealed address stands."""
    return f"channel_addresses.{channel}:{customer_id}"


def _consent(channel: Channel, customer_id: UUID, wording: str, by: str, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "channel": channel,
        "wording": wording,
        "recorded_by": by,
        "given_at": now,
    }


def _reach(
    letter: str | None,
    potential: float | None,
    tier: str | None,
    has_phone: bool,
    addresses: Sequence[str],
    consents: Sequence[str],
    objections: Sequence[str],
    has_private_chat: bool,
    has_owner: bool,
    restricted: bool,
    stands: bool | None,
    times: int,
) -> Reach:
    segment = Letter(letter) if letter else Tier(tier) if tier else None
    return Reach(
        segment,
        potential,
        frozenset(map(Channel, addresses)) | ({Channel.SMS} if has_phone else set()),
        frozenset(map(Channel, consents)),
        frozenset(map(Channel, objections)),
        has_private_chat,
        has_owner,
        standing_of(stands, times, restricted=restricted),
    )
