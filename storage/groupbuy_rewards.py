"""Points of group-buys: out of which campaign they are paid, what was paid, what was taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.applications.model import Stage
from campaigns.groupbuys.model import Benefit
from campaigns.groupbuys.rewards import Reward, is_returned
from campaigns.points.model import GrantCode
from storage.columns import big, moment
from storage.database import UnitOfWork

BENEFITS = """SELECT f.groupbuy_id, f.campaign_id, g.manager_id, c.product,
        b.chain_id, b.sequence, b.member_id, b.customer_id, b.stage, b.benefit
    FROM groupbuy_benefits b JOIN groupbuy_chains p ON p.chain_id = b.chain_id
    JOIN groupbuy_funds f ON f.groupbuy_id = p.groupbuy_id JOIN chains c ON c.id = b.chain_id
    JOIN groupbuys g ON g.id = p.groupbuy_id"""
TO_PAY = f"""{BENEFITS} WHERE f.released_at IS NULL AND NOT EXISTS (SELECT FROM groupbuy_rewards r
        WHERE r.chain_id = b.chain_id AND r.sequence = b.sequence AND r.stage = b.stage)
    ORDER BY b.earned_at, b.chain_id, b.sequence, b.stage LIMIT :limit"""
TO_TAKE_BACK = f"""{BENEFITS} JOIN groupbuy_rewards r
        ON r.chain_id = b.chain_id AND r.sequence = b.sequence AND r.stage = b.stage
    JOIN applications a ON a.chain_id = b.chain_id AND a.member_id = b.member_id
    WHERE r.code = :paid AND r.is_returned AND r.taken_back IS NULL AND a.stage = ANY(:ended)
    ORDER BY r.paid_at LIMIT :limit FOR UPDATE OF r SKIP LOCKED"""
TO_RELEASE = """UPDATE groupbuy_funds f SET released_at = :now
    WHERE f.released_at IS NULL
    AND NOT EXISTS (SELECT FROM groupbuy_chains p WHERE p.groupbuy_id = f.groupbuy_id
        AND (p.settled_at IS NULL OR p.settled_at > :settled_before))
    AND NOT EXISTS (SELECT FROM groupbuy_benefits b JOIN groupbuy_chains p ON p.chain_id = b.chain_id
        WHERE p.groupbuy_id = f.groupbuy_id AND NOT EXISTS (SELECT FROM groupbuy_rewards r
            WHERE r.chain_id = b.chain_id AND r.sequence = b.sequence AND r.stage = b.stage))
    RETURNING f.groupbuy_id, f.campaign_id"""
ENDED = (Stage.WITHDRAWN, Stage.LOST, Stage.DECLINED)


class GroupbuyFundRow(SQLModel, table=True):
    """Out of which points campaign a group-buy pays, and what was set aside for it."""

    __tablename__ = "groupbuy_funds"

    groupbuy_id: int = big(primary_key=True, foreign_key="groupbuys.id")
    campaign_id: int = big(foreign_key="points_campaigns.id")
    points: int
    released_at: datetime | None = moment(default=None)


class GroupbuyRewardRow(SQLModel, table=True):
    """What came of one benefit: paid or why not (no code where it promises no points), and what was taken back."""

    __tablename__ = "groupbuy_rewards"

    chain_id: int = big(primary_key=True)
    sequence: int = big(primary_key=True)
    stage: int = Field(primary_key=True)
    points: int
    code: str | None = None
    is_returned: bool
    paid_at: datetime = moment()
    taken_back: int | None = None
    taken_back_at: datetime | None = moment(default=None)


class SqlRewardStore:
    """Implements `campaigns.groupbuys.rewards.RewardStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def fund(self, groupbuy_id: int, campaign_id: int, points: int) -> None:
        """Remember out of which points campaign a group-buy pays, and how much was set aside."""
        row = {"groupbuy_id": groupbuy_id, "campaign_id": campaign_id, "points": points}
        await self._session.execute(insert(GroupbuyFundRow).values(row))

    async def to_pay(self, limit: int) -> list[Reward]:
        """Benefits of funded group-buys that nobody decided on yet, the first earned first."""
        return [_reward(row) for row in await self._session.execute(text(TO_PAY), {"limit": limit})]

    async def decided(self, reward: Reward, code: GrantCode | None, now: datetime) -> None:
        """Keep what came of one; None where no points were promised."""
        benefit = reward.benefit
        row = {
            "chain_id": benefit.chain_id,
            "sequence": benefit.sequence,
            "stage": benefit.stage,
            "points": reward.points,
            "code": code,
            "is_returned": is_returned(benefit.benefit),
            "paid_at": now,
        }
        await self._session.execute(insert(GroupbuyRewardRow).values(row))

    async def to_take_back(self, limit: int) -> list[Reward]:
        """What was paid, can be taken back and belongs to somebody whose application ended without a card."""
        facts = {"limit": limit, "paid": GrantCode.GRANTED, "ended": list(ENDED)}
        return [_reward(row) for row in await self._session.execute(text(TO_TAKE_BACK), facts)]

    async def took_back(self, reward: Reward, points: int, now: datetime) -> None:
        """Keep how much was taken back."""
        row, benefit = GroupbuyRewardRow, reward.benefit
        await self._session.execute(
            update(row)
            .where(
                col(row.chain_id) == benefit.chain_id,
                col(row.sequence) == benefit.sequence,
                col(row.stage) == benefit.stage,
            )
            .values(taken_back=points, taken_back_at=now)
        )

    async def to_release(self, settled_before: datetime, now: datetime) -> list[tuple[int, int]]:
        """Funded group-buys that are over everywhere and have paid, marked as released; with their campaigns."""
        rows = await self._session.execute(text(TO_RELEASE), {"settled_before": settled_before, "now": now})
        return [(groupbuy, campaign) for groupbuy, campaign in rows]


def _reward(row: Sequence[Any]) -> Reward:
    groupbuy, campaign, manager, product, *benefit = row
    return Reward(groupbuy, campaign, manager, product, Benefit(*benefit))
