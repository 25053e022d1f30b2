"""Use cases of group-buys: open in several groups, view, sign up, leave, invite, extend."""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from campaigns.chains.eligibility import Standing
from campaigns.chains.model import Chain, Claim, ClaimCode, ClaimOutcome, Order, Verb
from campaigns.chains.service import ChainService, campaign
from campaigns.chains.stages import Groupbuy
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.groupbuys.model import ExtendCode, GroupbuyPlan, GroupbuyRefusal, GroupbuyView, Opened, Refused
from campaigns.groupbuys.rewards import RewardService, cost_of
from campaigns.groupbuys.rules import extended, may_extend, view_of
from campaigns.groups.model import Group
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked

MOST_SHOWN = 5


class GroupbuyStore(Protocol):
    """What group-buys' use cases need."""

    async def create(self, plan: GroupbuyPlan, manager_id: int, now: datetime) -> int:
        """Store a campaign's terms; returns its id."""
        ...

    async def busy_group(self, group_ids: Collection[int], product: str) -> str | None:
        """The title of a group among these that has an open chain for the product."""
        ...

    async def standings(self, chain: Chain, member_ids: Sequence[int]) -> dict[int, Standing]:
        """How these members stand to a chain's conditions."""
        ...

    async def benefits(self, chain_id: int, member_id: int) -> list[str]:
        """What one member earned."""
        ...

    async def chain_behind(self, token: str) -> int | None:
        """The chain that an invitation leads to."""
        ...

    async def of_member(self, member_id: int, limit: int) -> list[int]:
        """The group-buys that a member opened or takes part in: the running ones first, then those that formed."""
        ...

    async def is_in_group(self, group_id: int, member_id: int) -> bool:
        """Whether somebody is in a group now."""
        ...

    async def mark_extended(self, chain_id: int, by: int, now: datetime) -> None:
        """Remember that a group-buy was extended, which it is once."""
        ...


class GroupbuyWording(Protocol):
    """The sentences that group-buys' use cases need."""

    def extended(self, chain: Chain) -> Message:
        """What the group reads when a group-buy was extended."""
        ...

    def invitation(self, view: GroupbuyView, token: str, language: Language) -> str:
        """The text that somebody forwards to a friend, with the link."""
        ...


class GroupbuyService:
    """Group-buys inside one unit of work; the chat and the Mini App call the same use cases."""

    def __init__(
        self,
        store: GroupbuyStore,
        chains: ChainService,
        outbox: Outbox,
        wording: GroupbuyWording,
        rewards: RewardService,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._chains = chains
        self._outbox = outbox
        self._wording = wording
        self._rewards = rewards
        self._now = now

    async def open(self, groups: Sequence[Group | None], manager: Member, plan: GroupbuyPlan) -> Opened | Refused:
        """Open one campaign with a chain in each of the groups: in all of them, or in none."""
        known = {group.id: group for group in groups if group is not None}
        if not known or None in groups:
            return Refused(GroupbuyRefusal.NO_GROUP)
        if any(group.manager_id != manager.id for group in known.values()):
            return Refused(GroupbuyRefusal.NOT_YOUR_GROUP)
        if plan.chain.deadline <= self._now():
            return Refused(GroupbuyRefusal.PAST_DEADLINE)
        if busy := await self._store.busy_group(known, plan.chain.product):
            return Refused(GroupbuyRefusal.SAME_PRODUCT_OPEN, busy)
        source, cost = None, cost_of(plan, len(known))
        if cost:
            source = await self._rewards.source(plan, len(known), manager)
            if source is None:
                return Refused(GroupbuyRefusal.NO_BUDGET, f"{cost:,}")
        number = await self._store.create(plan, manager.id, self._now())
        if source is not None:
            await self._rewards.fund(number, source, cost)
        chains = [await self._open_in(group, manager, plan, number) for group in known.values()]
        return Opened(number, tuple(chains))

    async def view(self, chain_id: int, member: Member) -> GroupbuyView | None:
        """All that one person may see of a group-buy (see `GroupbuyView`); None when there is no such one."""
        chain = await self._chains.find(chain_id)
        if chain is None or chain.groupbuy is None:
            return None
        standing = (await self._store.standings(chain, [member.id])).get(member.id, Standing())
        earned = await self._store.benefits(chain.id, member.id)
        return view_of(chain, member.id, standing, earned, self._now())

    async def sign_up(
        self, chain_id: int, member: Member, orders: tuple[Order, ...] = (), note: str = ""
    ) -> ClaimOutcome:
        """Take a place as the group's button does; only members of the group can (NO_CHAIN for others)."""
        return await self._claim(chain_id, member, Verb.JOIN, orders, note)

    async def change(self, chain_id: int, member: Member, order: Order, note: str = "") -> ClaimOutcome:
        """Change how many units of an item a member has; the place in the list stays."""
        return await self._claim(chain_id, member, Verb.EDIT, (order,), note)

    async def leave(self, chain_id: int, member: Member) -> ClaimOutcome:
        """Give the place back as the group's button does."""
        return await self._claim(chain_id, member, Verb.LEAVE)

    async def confirm(self, chain_id: int, member: Member) -> ClaimOutcome:
        """Take the place that was offered from the waitlist."""
        return await self._claim(chain_id, member, Verb.CONFIRM)

    async def invitation(self, chain_id: int, member: Member) -> str | None:
        """The text with the link that somebody forwards to a friend; None when there is nothing to invite to."""
        chain = await self._chains.find(chain_id)
        view = await self.view(chain_id, member)
        if chain is None or chain.groupbuy is None or view is None or not view.is_open:
            return None
        return self._wording.invitation(view, chain.groupbuy.token, member.language)

    async def invited_to(self, token: str) -> Chain | None:
        """The chain that an invitation leads to."""
        chain_id = await self._store.chain_behind(token)
        return None if chain_id is None else await self._chains.find(chain_id)

    async def is_in_group(self, chain: Chain, member: Member) -> bool:
        """Whether somebody is in the chain's group now."""
        return await self._store.is_in_group(chain.group_id, member.id)

    async def of(self, member: Member) -> list[GroupbuyView]:
        """The latest group-buys of somebody, who takes part or opened them: the running ones first, then the formed."""
        found = [await self.view(chain_id, member) for chain_id in await self._store.of_member(member.id, MOST_SHOWN)]
        return [view for view in found if view is not None]

    async def running(self, member: Member) -> list[Chain]:
        """The chains of those group-buys of somebody that take sign-ups now."""
        found = [await self._chains.find(view.chain_id) for view in await self.of(member) if view.is_open]
        return [chain for chain in found if chain is not None]

    async def extend(self, chain_id: int, member: Member, days: int) -> ExtendCode:
        """Let a group-buy run longer, once, by its leader's or manager's word; the group is told."""
        chain, now = await self._chains.lock(chain_id), self._now()
        code = may_extend(chain, member.id, days, now)
        if code is not ExtendCode.EXTENDED or chain is None:
            return code
        longer = extended(chain, days, now)
        await self._store.mark_extended(chain.id, member.id, now)
        await self._chains.run_until(longer, longer.deadline)
        await self._outbox.tell(campaign(chain.id), "extended", chain.chat_id, self._wording.extended(longer))
        return code

    async def _open_in(self, group: Group, manager: Member, plan: GroupbuyPlan, number: int) -> Chain:
        part = Groupbuy(number, plan.stages, secrets.token_urlsafe(16), plan.leader_rule, plan.ends_at_top)
        wanted = replace(plan.chain, conditions=plan.conditions, groupbuy=part)
        match await self._chains.open(group, manager, wanted):
            case Chain() as chain:
                return chain
            case refusal:  # Somebody else's transaction came between: none of the groups is opened.
                raise RuntimeError(f"The chain of group {group.id} could not be opened: {refusal}.")

    async def _claim(
        self, chain_id: int, member: Member, verb: Verb, orders: tuple[Order, ...] = (), note: str = ""
    ) -> ClaimOutcome:
        chain = await self._chains.find(chain_id)
        if chain is None or chain.groupbuy is None:
            return ClaimOutcome(ClaimCode.NO_CHAIN)
        here = chain.chat_id if await self.is_in_group(chain, member) else member.id
        [outcome] = await self._chains.decide(
            chain_id, [Claim(verb, member.id, masked(member.name), here, orders, note)]
        )
        return outcome
