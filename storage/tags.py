"""Tags of a customer: what the latest run gave, and what people set; no frames here."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import SQLModel, col

from campaigns.customers.model import Customer
from campaigns.customers.next_actions import NextAction, advised_rate
from campaigns.customers.portraits import Portrait
from campaigns.tags.model import Tag, TagSource
from campaigns.tags.rules import RULE_DAYS
from segmentation.lending import LoanOffer, NoLoan
from segmentation.rates import Quote
from storage.columns import big, moment
from storage.customers import SegmentationRunRow, SqlCustomerStore
from storage.database import UnitOfWork, one_transaction
from storage.lending import SqlLendingStore
from storage.next_actions import CustomerActionRow, SqlNextActionStore

BY_RUN = "segment"
RunTags = tuple[datetime, dict[str, float]]


class CustomerTagRow(SQLModel, table=True):
    """A tag that people set, until it ended."""

    __tablename__ = "customer_tags"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID
    code: str
    source: str
    evidence: str
    set_by: str
    set_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(default=None, nullable=True)
    ended_by: str | None = None


async def beside_of(
    url: str, portrait: Portrait, now: datetime
) -> tuple[NextAction | None, tuple[Tag, ...], Quote | None, LoanOffer | NoLoan | None]:
    """What follows from one portrait for a command: next action, tags, an advised loan rate, a loan to propose."""
    async with one_transaction(url) as uow:
        actions, tags = SqlNextActionStore(uow), SqlTagStore(uow)
        action, customer = await actions.next_action(portrait.number), await tags.customer(portrait.number)
        rate = advised_rate(portrait, action, await actions.rate_table(portrait.policy_version))
        if customer is None:
            return action, (), rate, None
        loan = await SqlLendingStore(uow).proposal(customer.id, now)
        return action, await tags.tags_of(customer, now), rate, loan


class SqlTagStore:
    """Implements `campaigns.tags.service.TagStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._session = uow.session

    async def customer(self, number: str) -> Customer | None:
        """The customer with the bank's number."""
        return await SqlCustomerStore(self._uow).find_by_number(number)

    async def tags_of(self, customer: Customer, now: datetime) -> tuple[Tag, ...]:
        """What people set and holds at `now` first, then the tags of the latest run, each by code."""
        query = (
            select(CustomerTagRow)
            .where(
                col(CustomerTagRow.customer_id) == customer.id,
                col(CustomerTagRow.ended_at).is_(None),
                col(CustomerTagRow.expires_at) > now,
            )
            .order_by(col(CustomerTagRow.code))
        )
        said = [_tag(row) for row in await self._session.scalars(query)]
        return (*said, *_derived(await self._runs(customer), now))

    async def add(self, customer_id: UUID, tag: Tag) -> None:
        """Keep a tag."""
        row = {
            "customer_id": customer_id,
            "code": tag.code,
            "source": tag.source,
            "evidence": tag.evidence,
            "set_by": tag.set_by,
            "set_at": tag.set_at,
            "expires_at": tag.expires_at,
        }
        await self._session.execute(insert(CustomerTagRow).values(row))

    async def end(self, customer_id: UUID, codes: frozenset[str], ended_by: str, now: datetime) -> int:
        """End what holds under these codes; returns how many still did."""
        held = (
            col(CustomerTagRow.customer_id) == customer_id,
            col(CustomerTagRow.code).in_(codes),
            col(CustomerTagRow.ended_at).is_(None),
        )
        done = update(CustomerTagRow).where(*held).values(ended_at=now, ended_by=ended_by)
        rows = await self._session.scalars(done.returning(col(CustomerTagRow.expires_at)))
        return sum(expires_at > now for expires_at in rows)

    async def _runs(self, customer: Customer) -> list[RunTags]:
        """The tags of every day's latest run, the latest day first."""
        run, row = SegmentationRunRow, CustomerActionRow
        query = (
            select(run, row)
            .join(run, col(run.id) == col(row.run_id))
            .where(col(row.customer_id) == customer.id)
            .ext(distinct_on(col(run.as_of)))
            .order_by(col(run.as_of).desc(), col(run.made_at).desc())
        )
        found = (await self._session.execute(query)).all()
        return [(datetime.combine(by.as_of, time(), UTC), said.tags) for by, said in found]


def _derived(runs: Sequence[RunTags], now: datetime) -> list[Tag]:
    """The tags of the latest run, set on the first day since which every run gave them.

    They stand until the next run, also past their expiry, which tells that the run is too old.
    """
    if not runs:
        return []
    expires_at, tags = runs[0][0] + timedelta(days=RULE_DAYS), []
    for code, figure in sorted(runs[0][1].items()):
        since = [day for at, (day, _) in enumerate(runs) if all(code in tags for _, tags in runs[: at + 1])]
        tags.append(Tag(code, TagSource.RULE, since[-1], expires_at, f"{figure:g}", BY_RUN, expires_at <= now))
    return tags


def _tag(row: CustomerTagRow) -> Tag:
    return Tag(row.code, TagSource(row.source), row.set_at, row.expires_at, row.evidence, row.set_by)
