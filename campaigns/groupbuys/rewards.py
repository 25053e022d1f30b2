"""Points that stages of a group-buy pay: set aside at its opening, paid once formed, taken back by the stage's rule."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from campaigns.chains.stages import Stage
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.groupbuys.model import Benefit, GroupbuyPlan
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.points.model import CampaignState, Grant, GrantCode, MovementReason, PointsCampaign
from campaigns.setbacks.ports import Setbacks

PURSES = 1 << 41
AT_A_TIME = 100
LATE_SEATS = timedelta(days=1)  # A place that was offered may be confirmed after the end.
_POINTS = re.compile(r"(?<!\d)(\d{1,6})\s*(?:波豆|积分|積分|points?\b)", re.IGNORECASE)
_RETURNED = re.compile(r"退办收回|退辦收回|taken back", re.IGNORECASE)


@dataclass(frozen=True)
class Reward:
    """What one person is paid for one stage of a group-buy, out of what a points campaign set aside for it."""

    groupbuy_id: int
    campaign_id: int
    manager_id: int
    product: str
    benefit: Benefit

    @property
    def points(self) -> int:
        """How many points the benefit promises."""
        return points_in(self.benefit.benefit)


class RewardStore(Protocol):
    """What rewards need of the database."""

    async def fund(self, groupbuy_id: int, campaign_id: int, points: int) -> None:
        """Remember out of which points campaign a group-buy pays, and how much was set aside."""
        ...

    async def to_pay(self, limit: int) -> list[Reward]:
        """Benefits of funded group-buys that nobody decided on yet."""
        ...

    async def decided(self, reward: Reward, code: GrantCode | None, now: datetime) -> None:
        """Keep what came of one; None where no points were promised."""
        ...

    async def to_take_back(self, limit: int) -> list[Reward]:
        """What was paid, can be taken back and belongs to somebody whose application ended without a card."""
        ...

    async def took_back(self, reward: Reward, points: int, now: datetime) -> None:
        """Keep how much was taken back."""
        ...

    async def to_release(self, settled_before: datetime, now: datetime) -> list[tuple[int, int]]:
        """Funded group-buys that are over everywhere and have paid, marked as released; with their campaigns."""
        ...


class Purses(Protocol):
    """What rewards ask of points."""

    async def campaigns(self, manager_id: int | None = None) -> list[PointsCampaign]:
        """The newest campaigns of a manager's groups."""
        ...

    async def affords(self, campaign_id: int, points: int) -> bool:
        """Whether an open campaign's budget holds as much."""
        ...

    async def reserve(self, campaign_id: int, purse: int, points: int) -> None:
        """Set a part of the budget aside."""
        ...

    async def release(self, campaign_id: int, purse: int) -> int:
        """Give back what was not paid out."""
        ...

    async def grant(self, campaign_id: int, grants: Sequence[Grant], purse: int = 0) -> list[GrantCode]:
        """Pay members, each once per occasion."""
        ...

    async def claw_back(self, campaign_id: int, member_id: int, points: int, occasion: str) -> int:
        """Take points from a member again, as far as they are there."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class RewardWording(Protocol):
    """The sentences that rewards put into the ledger."""

    def paid(self, reward: Reward, language: Language) -> Message:
        """What a person reads who was paid."""
        ...

    def unpaid(self, reward: Reward, language: Language) -> Message:
        """What a person reads whom the points campaign could not pay any more."""
        ...

    def unpaid_member(self, reward: Reward, name: str, language: Language) -> Message:
        """What the manager reads of that."""
        ...

    def taken_back(self, reward: Reward, points: int, language: Language) -> Message:
        """What a person reads whose points were taken back."""
        ...


class RewardService:
    """Rewards inside one unit of work."""

    def __init__(
        self,
        store: RewardStore,
        points: Purses,
        people: People,
        outbox: Outbox,
        wording: RewardWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._points = points
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def source(self, plan: GroupbuyPlan, groups: int, manager: Member) -> int | None:
        """The points campaign that can pay the most that these stages cost; None where none of the manager's can."""
        for campaign in await self._points.campaigns(manager.id):
            runs_on = campaign.state is CampaignState.OPEN and campaign.ends_at > plan.chain.deadline
            if runs_on and await self._points.affords(campaign.id, cost_of(plan, groups)):
                return campaign.id
        return None

    async def fund(self, groupbuy_id: int, campaign_id: int, points: int) -> None:
        """Set the most that a group-buy can cost aside."""
        await self._points.reserve(campaign_id, purse_of(groupbuy_id), points)
        await self._store.fund(groupbuy_id, campaign_id, points)

    async def tick(self, setbacks: Setbacks) -> int:
        """Pay what was earned, take back what is not deserved, give back what was not needed; returns how many."""
        due = await self._store.to_pay(AT_A_TIME)
        await setbacks.apart("groupbuy_rewards", due, partial(_each, self._pay), occasion_of)
        lost = await self._store.to_take_back(AT_A_TIME)
        await setbacks.apart("lost_rewards", lost, partial(_each, self._take_back), occasion_of)
        now = self._now()
        for groupbuy_id, campaign_id in await self._store.to_release(now - LATE_SEATS, now):
            await self._points.release(campaign_id, purse_of(groupbuy_id))
        return len(due) + len(lost)

    async def _pay(self, reward: Reward) -> None:
        benefit = reward.benefit
        if not reward.points:
            await self._store.decided(reward, None, self._now())
            return
        grant = Grant(
            benefit.member_id, reward.points, MovementReason.GROUPBUY, occasion_of(reward), benefit.customer_id
        )
        [code] = await self._points.grant(reward.campaign_id, [grant], purse_of(reward.groupbuy_id))
        await self._store.decided(reward, code, self._now())
        if code is GrantCode.GRANTED:
            await self._tell(reward, "paid", lambda language: self._wording.paid(reward, language))
        elif code is not GrantCode.TWICE:
            await self._tell_unpaid(reward)

    async def _take_back(self, reward: Reward) -> None:
        member = reward.benefit.member_id
        taken = await self._points.claw_back(reward.campaign_id, member, reward.points, occasion_of(reward))
        await self._store.took_back(reward, taken, self._now())
        if taken:
            await self._tell(reward, "taken-back", lambda language: self._wording.taken_back(reward, taken, language))

    async def _tell_unpaid(self, reward: Reward) -> None:
        """Somebody closed the points campaign in between: what was promised is a case for the manager."""
        await self._tell(reward, "unpaid", lambda language: self._wording.unpaid(reward, language))
        known = await self._people.many([reward.manager_id, reward.benefit.member_id])
        name, manager = masked(known[reward.benefit.member_id].name), known[reward.manager_id]
        words = self._wording.unpaid_member(reward, name, manager.language)
        await self._outbox.tell(_name(reward), "unpaid:told", manager.id, words)

    async def _tell(self, reward: Reward, step: str, say: Callable[[Language], Message]) -> None:
        benefit = reward.benefit
        member = (await self._people.many([benefit.member_id]))[benefit.member_id]
        await self._outbox.tell(_name(reward), step, member.id, say(member.language))


def _name(reward: Reward) -> str:
    """What the ledger calls everything about one person's reward."""
    return f"groupbuy:{reward.groupbuy_id}:{reward.benefit.stage}:{reward.benefit.member_id}"


def points_in(benefit: str) -> int:
    """How many points a benefit promises: 30 in "30波豆"; 0 where it promises none."""
    found = _POINTS.search(benefit)
    return int(found[1]) if found else 0


def is_returned(benefit: str) -> bool:
    """Whether the benefit's words say that it is taken back from who gives the card up."""
    return bool(_RETURNED.search(benefit))


def cost_of(plan: GroupbuyPlan, groups: int) -> int:
    """The most that a group-buy can pay: every place of every group reaches every stage."""
    return sum(points_in(stage.benefit) for stage in plan.stages) * plan.chain.places * groups


def pays(stages: Sequence[Stage]) -> bool:
    """Whether any stage promises points."""
    return any(points_in(stage.benefit) for stage in stages)


def purse_of(groupbuy_id: int) -> int:
    """The purse that a group-buy's points lie in: below -2^41, where no draw, quiz or programme ever is."""
    return -(PURSES + groupbuy_id)


def occasion_of(reward: Reward) -> str:
    """What a person is paid for once, in whichever group."""
    return f"groupbuy:{reward.groupbuy_id}:{reward.benefit.stage}"


async def _each(work: Callable[[Reward], Awaitable[None]], rewards: Sequence[Reward]) -> None:
    for reward in rewards:
        await work(reward)
