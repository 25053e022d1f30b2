"""The registry of partners in rows: contracts, what was done with them, the people whom a link brought."""

from datetime import date, datetime

from sqlalchemy import Row, Select, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.members.model import Member
from campaigns.partners.model import (
    Act,
    Brought,
    Contract,
    ContractState,
    Deed,
    DueItem,
    Partner,
    PartnerKind,
    Terms,
)
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.points_rows import PartnerRow


class ContractRow(SQLModel, table=True):
    """The contract of a partner; what went before stands in its acts."""

    __tablename__ = "partner_contracts"

    partner_id: int = big(primary_key=True, foreign_key="partners.id")
    number: str
    starts_on: date
    ends_on: date
    answerable: str
    contact: str
    state: str
    token: str = Field(unique=True)


class ActRow(SQLModel, table=True):
    """One thing that somebody did with a contract; rows are only ever added."""

    __tablename__ = "partner_acts"

    id: int | None = big(default=None, primary_key=True)
    partner_id: int = big(foreign_key="partner_contracts.partner_id")
    deed: str
    item: str | None = None
    note: str
    done_by: str
    done_at: datetime = moment()


# Accounts are those that the bank's file told of since the person opened the link, by customer.
BROUGHT = text(
    """SELECT count(*) FILTER (WHERE NOT s.was_customer),
        count(*) FILTER (WHERE NOT s.was_customer AND EXISTS (SELECT FROM account_events e
            WHERE e.customer_id = m.customer_id AND e.event = 'opened'
                AND e.happened_on >= CAST(s.found_at AT TIME ZONE :zone AS date))),
        count(*) FILTER (WHERE s.was_customer)
    FROM partner_sources s JOIN members m ON m.id = s.member_id WHERE s.partner_id = :partner"""
)
CAME = text(
    """INSERT INTO partner_sources (member_id, partner_id, found_at, was_customer)
    VALUES (:member, :partner, :now, :known) ON CONFLICT DO NOTHING"""
)


class SqlRegistryStore:
    """Implements `campaigns.partners.registry.RegistryStore`."""

    def __init__(self, uow: UnitOfWork, zone: str) -> None:
        self._session = uow.session
        self._zone = zone

    async def partner(self, name: str, kind: PartnerKind) -> Partner:
        """The partner with this name, made where there is none."""
        await self._session.execute(insert(PartnerRow).values(name=name, kind=kind).on_conflict_do_nothing())
        row = (await self._session.scalars(select(PartnerRow).where(col(PartnerRow.name) == name))).one()
        return Partner(row.id or 0, row.name, PartnerKind(row.kind))

    async def contract(self, name: str) -> Contract | None:
        """The contract of the partner with this name, locked."""
        found = _contracts().where(col(PartnerRow.name) == name).with_for_update(of=ContractRow)
        row = (await self._session.execute(found)).one_or_none()
        return _contract(row) if row else None

    async def by_token(self, token: str) -> Contract | None:
        """The contract whose link has this token."""
        row = (await self._session.execute(_contracts().where(col(ContractRow.token) == token))).one_or_none()
        return _contract(row) if row else None

    async def contracts(self) -> list[Contract]:
        """Every contract, in the order of the partners."""
        return [_contract(row) for row in await self._session.execute(_contracts().order_by(col(PartnerRow.id)))]

    async def keep(self, contract: Contract) -> None:
        """Keep a contract; the token of an earlier one of the same partner stays."""
        values = vars(contract.terms) | {"state": contract.state}
        row = {**values, "partner_id": contract.partner.id, "token": contract.token}
        kept = insert(ContractRow).values(row)
        await self._session.execute(kept.on_conflict_do_update(index_elements=["partner_id"], set_=values))

    async def act(self, partner_id: int, act: Act) -> None:
        """Add what somebody did."""
        row = {"partner_id": partner_id, "deed": act.deed, "item": act.item, "note": act.note}
        await self._session.execute(insert(ActRow).values(**row, done_by=act.by, done_at=act.at))

    async def acts(self, partner_id: int) -> list[Act]:
        """What was done with a partner's contracts, the first first."""
        found = select(ActRow).where(col(ActRow.partner_id) == partner_id).order_by(col(ActRow.id))
        return [
            Act(Deed(row.deed), row.done_by, row.done_at, row.note, DueItem(row.item) if row.item else None)
            for row in await self._session.scalars(found)
        ]

    async def came(self, partner_id: int, member: Member, now: datetime) -> None:
        """Where somebody came from; the first partner stays, and staff come from nowhere."""
        if not member.is_staff:
            facts = {"member": member.id, "partner": partner_id, "now": now, "known": member.customer_id is not None}
            await self._session.execute(CAME, facts)

    async def brought(self, partner_id: int) -> Brought:
        """What a partner's link brought."""
        facts = {"partner": partner_id, "zone": self._zone}
        return Brought(*map(int, (await self._session.execute(BROUGHT, facts)).one()))


def _contracts() -> Select[ContractRow, PartnerRow]:
    found = select(ContractRow, PartnerRow).join(PartnerRow, col(PartnerRow.id) == col(ContractRow.partner_id))
    return found.execution_options(populate_existing=True)


def _contract(row: Row[ContractRow, PartnerRow]) -> Contract:
    kept, partner = row
    terms = Terms(kept.number, kept.starts_on, kept.ends_on, kept.answerable, kept.contact)
    known = Partner(kept.partner_id, partner.name, PartnerKind(partner.kind))
    return Contract(known, terms, ContractState(kept.state), kept.token)
