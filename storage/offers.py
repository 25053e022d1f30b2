"""The catalogue of offers, the campaigns that send it, and the people of a manager's groups."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.compliance.rules import standing_of
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Kind, State
from campaigns.deliveries.rules import Closing
from campaigns.members.model import Language, Member, PrivateChat, Purpose
from campaigns.offers.model import (
    Books,
    CampaignState,
    Catalogue,
    Offer,
    OfferCampaign,
    Person,
    Risk,
    Text,
    Why,
)
from campaigns.offers.service import CAMPAIGN_PREFIX, campaign_name
from storage.columns import big, moment
from storage.compliance import is_restricted
from storage.customers import SqlCustomerStore
from storage.database import UnitOfWork
from storage.deliveries import DeliveryRow
from storage.groups import GroupMemberRow, GroupRow
from storage.members import ConsentRow, MemberRow

LAST_CAMPAIGN = """SELECT campaign FROM deliveries
    WHERE recipient = :member AND kind = 'marketing' AND state IN ('sent', 'unknown', 'dispatching')
        AND split_part(campaign, ':', 1) IN ('offer', 'promotion')
    ORDER BY coalesce(ended_at, 'infinity') DESC, id DESC LIMIT 1"""


class OfferRow(SQLModel, table=True):
    """One class's offer in one version of the catalogue; a change is a new version of all."""

    __tablename__ = "offers"

    version: int = Field(primary_key=True)
    code: str = Field(primary_key=True)
    letter: str
    title_zh: str
    title_en: str
    terms_zh: str
    terms_en: str
    condition_zh: str
    condition_en: str
    valid_days: int
    organiser_zh: str
    organiser_en: str
    complaints_zh: str
    complaints_en: str
    risk: str | None = None
    risk_notice_zh: str | None = None
    risk_notice_en: str | None = None


class OfferCampaignRow(SQLModel, table=True):
    """One sending of the catalogue, from preview to the last planned chunk."""

    __tablename__ = "offer_campaigns"

    id: int | None = big(default=None, primary_key=True)
    manager_id: int = big(foreign_key="members.id")
    catalogue: int
    state: str
    made_at: datetime = moment()
    confirmed_at: datetime | None = moment(default=None)
    after_member: int = big(default=0)
    planned: int = 0


class SqlOfferStore:
    """Offers inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._customers = SqlCustomerStore(uow)

    async def catalogue(self, version: int | None = None) -> Catalogue:
        """One version of the offers, the newest by default."""
        newest = select(func.max(col(OfferRow.version))).scalar_subquery()
        wanted = newest if version is None else version
        rows = (await self._session.scalars(select(OfferRow).where(col(OfferRow.version) == wanted))).all()
        return Catalogue(rows[0].version, {offer.letter: offer for offer in sorted(map(_offer, rows), key=_by_letter)})

    async def audience(self, manager_id: int, after_member: int, size: int) -> list[Person]:
        """The next people of a manager's groups by member id, each once, at most `size`; two queries."""
        found = (await self._session.execute(_people(manager_id, after_member, size))).all()
        bound = [row.customer_id for row in found if row.customer_id]
        letters = {key: known.letter for key, known in (await self._customers.classes_of(bound)).items()}
        return [_person(row, letters) for row in found]

    async def has_groups(self, manager_id: int) -> bool:
        """Whether the manager has a registered group."""
        statement = select(GroupRow.id).where(col(GroupRow.manager_id) == manager_id).limit(1)  # type: ignore[call-overload]
        return await self._session.scalar(statement) is not None

    async def draft(self, manager_id: int, catalogue: int, now: datetime) -> OfferCampaign:
        """Store a campaign that waits for confirmation."""
        row = {"manager_id": manager_id, "catalogue": catalogue, "state": CampaignState.DRAFT, "made_at": now}
        statement = insert(OfferCampaignRow).values(**row, after_member=0, planned=0).returning(OfferCampaignRow)
        return _campaign((await self._session.scalars(statement)).one())

    async def lock(self, campaign_id: int) -> OfferCampaign | None:
        """Load a campaign, locked until the transaction ends."""
        statement = select(OfferCampaignRow).where(col(OfferCampaignRow.id) == campaign_id).with_for_update()
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        return _campaign(row) if row else None

    async def save(self, campaign: OfferCampaign) -> None:
        """Store a campaign's state, progress and count."""
        await self._session.execute(
            update(OfferCampaignRow)
            .where(col(OfferCampaignRow.id) == campaign.id)
            .values(
                state=campaign.state,
                confirmed_at=campaign.confirmed_at,
                after_member=campaign.after_member,
                planned=campaign.planned,
            )
        )

    async def newest(self, manager_id: int) -> int:
        """The id of a manager's newest campaign, draft or not; 0 when there is none."""
        newest = select(func.max(col(OfferCampaignRow.id))).where(col(OfferCampaignRow.manager_id) == manager_id)
        return await self._session.scalar(newest) or 0

    async def unfinished(self) -> list[int]:
        """Confirmed campaigns whose planning is not finished."""
        statement = select(OfferCampaignRow.id).where(col(OfferCampaignRow.state) == CampaignState.PLANNING)  # type: ignore[call-overload]
        return list(await self._session.scalars(statement.order_by(col(OfferCampaignRow.id))))

    async def latest(self, manager_id: int, limit: int) -> list[Books]:
        """A manager's last confirmed campaigns with their books, newest first; two queries."""
        row = OfferCampaignRow
        confirmed = select(row).where(col(row.manager_id) == manager_id, col(row.state) != CampaignState.DRAFT)
        rows = await self._session.scalars(confirmed.order_by(col(row.id).desc()).limit(limit))
        campaigns = [_campaign(found) for found in rows]
        states, suppressed = await self._ends([campaign_name(campaign.id) for campaign in campaigns])
        named = [(campaign, campaign_name(campaign.id)) for campaign in campaigns]
        return [Books(campaign, Closing(campaign.planned, states[name]), suppressed[name]) for campaign, name in named]

    async def last_received(self, member: Member) -> Why | None:
        """The last offer that reached a person, and what made the class that chose it.

        The reasons are those of today's class, and left out when the class has changed since.
        """
        found = (await self._session.execute(_last_offer(member.id))).first()
        if found is None:
            return None
        offer = _offer(found[0])
        today = await self._customers.latest_class(member.customer_id) if member.customer_id else None
        return Why(offer, today.reasons if today and today.letter is offer.letter else ())

    async def last_campaign(self, member_id: int) -> str | None:
        """The ledger's name of the campaign whose offer reached a person last (`campaigns.offers.interest`).

        Promotions count beside a manager's offers.
        """
        found: str | None = await self._session.scalar(text(LAST_CAMPAIGN), {"member": member_id})
        return found

    async def _ends(self, campaigns: list[str]) -> tuple[dict[str, Counter[State]], dict[str, Counter[str]]]:
        """Heads by state, and the suppressed by reason, of each campaign."""
        row = DeliveryRow
        statement = (
            select(row.campaign, row.state, row.reason, func.count())  # type: ignore[call-overload]
            .where(col(row.campaign).in_(campaigns))
            .group_by(col(row.campaign), col(row.state), col(row.reason))
        )
        states: defaultdict[str, Counter[State]] = defaultdict(Counter)
        suppressed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for campaign, state, reason, heads in await self._session.execute(statement):
            states[campaign][State(state)] += heads
            if state == State.SUPPRESSED:
                suppressed[campaign][reason] += heads
        return states, suppressed


def _people(manager_id: int, after_member: int, size: int) -> Select[Any]:
    """A page of distinct people, without the manager, with their standing to marketing and one of their groups."""
    place, group, consent = GroupMemberRow, GroupRow, ConsentRow
    page = (
        select(place.member_id, func.min(col(group.chat_id)).label("origin_chat"))  # type: ignore[call-overload]
        .join(group, col(group.id) == col(place.group_id))
        .where(
            col(group.manager_id) == manager_id,
            col(place.left_at).is_(None),
            col(place.member_id) != manager_id,
            col(place.member_id) > after_member,
        )
        .group_by(col(place.member_id))
        .order_by(col(place.member_id))
        .limit(size)
        .subquery()
    )
    member = MemberRow
    stands = func.bool_or(col(consent.withdrawn_at).is_(None)).label("stands")
    statement: Select[Any] = (
        select(  # type: ignore[call-overload]
            member.id,
            member.language,
            member.private_chat,
            member.customer_id,
            page.c.origin_chat,
            stands,
            func.count(col(consent.id)).label("given"),
            is_restricted().label("restricted"),
        )
        .join(page, page.c.member_id == col(member.id))
        .outerjoin(consent, (col(consent.member_id) == col(member.id)) & (col(consent.purpose) == Purpose.MARKETING))
        .group_by(col(member.id), page.c.origin_chat)
        .order_by(col(member.id))
    )
    return statement


def _last_offer(member_id: int) -> Select[Any]:
    """The catalogue's row behind the last offer that reached, or may have reached, a person.

    One whose call is under way counts: the person may ask why before the outcome is written down.
    """
    sent, campaign, offer = DeliveryRow, OfferCampaignRow, OfferRow
    return (
        select(offer)
        .join(campaign, col(campaign.catalogue) == col(offer.version))
        .join(
            sent,
            (col(sent.campaign) == func.concat(CAMPAIGN_PREFIX, col(campaign.id)))
            & (col(sent.step) == col(offer.code)),
        )
        .where(
            col(sent.recipient) == member_id,
            col(sent.kind) == Kind.MARKETING,
            col(sent.state).in_((State.SENT, State.UNKNOWN, State.DISPATCHING)),
        )
        .order_by(col(sent.id).desc())
        .limit(1)
    )


def _person(row: Any, letters: dict[UUID, Letter]) -> Person:
    return Person(
        member_id=row.id,
        language=Language(row.language),
        private_chat=PrivateChat(row.private_chat),
        standing=standing_of(row.stands, row.given, restricted=row.restricted),
        customer_id=row.customer_id,
        letter=letters.get(row.customer_id),
        origin_chat=row.origin_chat,
    )


def _campaign(row: OfferCampaignRow) -> OfferCampaign:
    return OfferCampaign(
        id=row.id or 0,
        manager_id=row.manager_id,
        catalogue=row.catalogue,
        state=CampaignState(row.state),
        made_at=row.made_at,
        confirmed_at=row.confirmed_at,
        after_member=row.after_member,
        planned=row.planned,
    )


def _offer(row: OfferRow) -> Offer:
    notice = Text(row.risk_notice_zh, row.risk_notice_en) if row.risk_notice_zh and row.risk_notice_en else None
    return Offer(
        code=row.code,
        letter=Letter(row.letter),
        title=Text(row.title_zh, row.title_en),
        terms=Text(row.terms_zh, row.terms_en),
        condition=Text(row.condition_zh, row.condition_en),
        valid_days=row.valid_days,
        organiser=Text(row.organiser_zh, row.organiser_en),
        complaints=Text(row.complaints_zh, row.complaints_en),
        risk=Risk(row.risk) if row.risk else None,
        risk_notice=notice,
    )


def _by_letter(offer: Offer) -> Letter:
    return offer.letter
