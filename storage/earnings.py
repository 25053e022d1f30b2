"""Rules of earning, and the newcomers whom they have judged."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.earnings.model import Arrival, Earner, EarnEvent, EarnLimit, EarnRule, RuleState
from campaigns.points.model import GrantCode
from storage.columns import big, moment
from storage.customers import CustomerRow
from storage.database import UnitOfWork
from storage.groups import GroupRow
from storage.members import MemberRow
from storage.points_rows import PointsCampaignRow


class EarnRuleRow(SQLModel, table=True):
    """One rule of a points campaign."""

    __tablename__ = "earn_rules"

    id: int | None = big(default=None, primary_key=True)
    campaign_id: int = big(foreign_key="points_campaigns.id")
    event: str
    points: int
    limit: str = Field(sa_column_kwargs={"name": "limited_to"})
    title_zh: str
    title_en: str
    product: str | None = None
    state: str = RuleState.DRAFT
    activated_at: datetime | None = moment(default=None)
    ends_at: datetime | None = moment(default=None)


class EarnArrivalRow(SQLModel, table=True):
    """What came of a newcomer by a rule for joining or binding."""

    __tablename__ = "earn_arrivals"

    rule_id: int = big(primary_key=True, foreign_key="earn_rules.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    code: str
    judged_at: datetime = moment()


ACTIVE_FOR = text(
    """SELECT r.id FROM earn_rules r JOIN points_campaigns c ON c.id = r.campaign_id
    WHERE r.state = 'active' AND r.event = coalesce(:event, r.event) AND c.state = 'open' AND c.ends_at > :now
        AND (r.ends_at IS NULL OR r.ends_at > :now)
        AND (c.group_id IS NULL OR EXISTS (
            SELECT 1 FROM group_members g
            WHERE g.group_id = c.group_id AND g.member_id = :member AND g.left_at IS NULL))"""
)
# Who adds another way to be paid for checking in waits here, so that two cannot both find that there is none.
CAMPAIGN_LOCK = text("SELECT id FROM points_campaigns WHERE id = :campaign FOR UPDATE")
CHECK_IN_TASK = text("SELECT id FROM tasks WHERE campaign_id = :campaign AND published ->> 'kind' = 'check_in' LIMIT 1")
ARRIVALS = text(
    """SELECT DISTINCT r.id, m.id, m.customer_id
    FROM earn_rules r
    JOIN points_campaigns c ON c.id = r.campaign_id AND c.state = 'open' AND c.ends_at > :now
    JOIN group_members g ON (c.group_id IS NULL OR g.group_id = c.group_id)
        AND g.left_at IS NULL AND g.welcomed_at IS NOT NULL
    JOIN members m ON m.id = g.member_id
    WHERE r.state = 'active'
        AND (r.event = 'join' AND g.joined_at >= r.activated_at OR r.event = 'bind' AND m.customer_id IS NOT NULL)
        AND (r.ends_at IS NULL OR r.ends_at > CASE r.event WHEN 'join' THEN g.joined_at ELSE :now END)
        AND NOT EXISTS (SELECT 1 FROM earn_arrivals a WHERE a.rule_id = r.id AND a.member_id = m.id)
        AND NOT EXISTS (SELECT 1 FROM staff_roles s WHERE s.member_id = m.id)
    ORDER BY r.id, m.id LIMIT :limit"""
)


class SqlEarnStore:
    """Implements `campaigns.earnings.service.EarnStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add(self, rule: EarnRule) -> EarnRule:
        """Keep a new draft; its id is the database's."""
        row = EarnRuleRow(**{**vars(rule), "id": None, "state": RuleState.DRAFT})
        self._session.add(row)
        await self._session.flush()
        return _rule(row)

    async def lock(self, rule_id: int) -> EarnRule | None:
        """One rule, locked until the transaction ends."""
        row = await self._session.get(EarnRuleRow, rule_id, with_for_update=True, populate_existing=True)
        return _rule(row) if row else None

    async def set_state(self, rule: EarnRule, state: RuleState, now: datetime) -> None:
        """Store where a rule stands; its first activation is kept."""
        values: dict[str, object] = {"state": state}
        if state is RuleState.ACTIVE and rule.state is RuleState.DRAFT:
            values["activated_at"] = now
        await self._session.execute(update(EarnRuleRow).where(col(EarnRuleRow.id) == rule.id).values(values))

    async def set_points(self, rule: EarnRule, points: int) -> None:
        """Store what a rule pays from now on."""
        await self._session.execute(update(EarnRuleRow).where(col(EarnRuleRow.id) == rule.id).values(points=points))

    async def set_end(self, rule: EarnRule, ends_at: datetime) -> None:
        """Store from when on a rule pays no more."""
        await self._session.execute(update(EarnRuleRow).where(col(EarnRuleRow.id) == rule.id).values(ends_at=ends_at))

    async def has_check_in_task(self, campaign_id: int) -> bool:
        """Whether a task of the campaign pays for checking in."""
        await self._session.execute(CAMPAIGN_LOCK, {"campaign": campaign_id})
        return await self._session.scalar(CHECK_IN_TASK, {"campaign": campaign_id}) is not None

    async def chat_of(self, campaign_id: int) -> int | None:
        """The chat of a campaign's group."""
        statement = (
            select(col(GroupRow.chat_id))
            .join(PointsCampaignRow, col(PointsCampaignRow.group_id) == col(GroupRow.id))
            .where(col(PointsCampaignRow.id) == campaign_id)
        )
        return await self._session.scalar(statement)

    async def of(self, campaign_id: int) -> list[EarnRule]:
        """A campaign's rules, in the order they were written."""
        own = select(EarnRuleRow).where(col(EarnRuleRow.campaign_id) == campaign_id).order_by(col(EarnRuleRow.id))
        rows = await self._session.scalars(own.execution_options(populate_existing=True))
        return [_rule(row) for row in rows]

    async def active_for(self, member_id: int, event: EarnEvent | None, now: datetime) -> list[EarnRule]:
        """The active rules that are for a member."""
        ids = await self._session.scalars(ACTIVE_FOR, {"member": member_id, "event": event, "now": now})
        return list((await self._many(list(ids))).values())

    async def arrivals(self, now: datetime, limit: int) -> list[Arrival]:
        """Newcomers whom active rules for joining and binding have not judged yet."""
        rows = (await self._session.execute(ARRIVALS, {"now": now, "limit": limit})).all()
        rules = await self._many([rule for rule, _, _ in rows])
        return [Arrival(rules[rule], Earner(member, customer)) for rule, member, customer in rows]

    async def judged(self, arrival: Arrival, code: GrantCode, now: datetime) -> None:
        """Keep what came of an arrival."""
        row = {
            "rule_id": arrival.rule.id,
            "member_id": arrival.earner.member_id,
            "code": code,
            "judged_at": now,
        }
        await self._session.execute(insert(EarnArrivalRow).values(row).on_conflict_do_nothing())

    async def earners(self, numbers: Collection[str]) -> Mapping[str, Earner | None]:
        """The bank's customers by number, with the member who is bound."""
        found = await self._session.execute(
            select(col(CustomerRow.number), col(CustomerRow.id), col(MemberRow.id))
            .outerjoin(MemberRow, col(MemberRow.customer_id) == col(CustomerRow.id))
            .where(col(CustomerRow.number).in_(numbers))
        )
        return {number: Earner(member, customer) if member else None for number, customer, member in found}

    async def _many(self, ids: list[int]) -> dict[int, EarnRule]:
        rows = await self._session.scalars(select(EarnRuleRow).where(col(EarnRuleRow.id).in_(ids)))
        return {row.id or 0: _rule(row) for row in rows}


def _rule(row: EarnRuleRow) -> EarnRule:
    assert row.id is not None
    return EarnRule(
        row.id,
        row.campaign_id,
        EarnEvent(row.event),
        row.points,
        EarnLimit(row.limit),
        row.title_zh,
        row.title_en,
        row.product,
        RuleState(row.state),
        row.ends_at,
    )
