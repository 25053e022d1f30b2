"""Use cases of draws: publish, draw, close and show the secret, verify."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from campaigns.draws.model import (
    Draw,
    DrawCode,
    DrawOutcome,
    DrawPlan,
    DrawState,
    Finding,
    Prize,
    PublishedDraw,
    PublishRefusal,
    Taker,
    Ticket,
)
from campaigns.draws.rules import budget_of, check_draw, commitment, new_secret, take_part, verify
from campaigns.points.model import Grant, GrantCode, MovementReason, PointsCampaign
from campaigns.points.service import PointsService


class CloseDrawRefusal(StrEnum):
    """Why a draw was not closed."""

    NO_DRAW = "no_draw"
    STILL_OPEN = "still_open"
    CLOSED_ALREADY = "closed_already"


class DrawStore(Protocol):
    """What draws need; every lock lasts until the transaction ends."""

    async def create(
        self, campaign: PointsCampaign, group_id: int, plan: DrawPlan, secret: str, promise: str
    ) -> Draw | None:
        """Store a draw with its sealed secret; None when the group has one of this kind that is open."""
        ...

    async def lock(self, draw_id: int) -> tuple[Draw, str] | None:
        """A draw with its secret, locked."""
        ...

    async def find(self, draw_id: int) -> Draw | None:
        """A draw, unlocked."""
        ...

    async def open_in(self, group_id: int) -> list[Draw]:
        """A group's draws that are not closed."""
        ...

    async def tickets_of(self, draw_id: int, takers: Collection[Taker]) -> Mapping[str, Ticket]:
        """The tickets that these takers have, by `keys_of`."""
        ...

    async def save(self, draw: Draw, drawn: Sequence[tuple[Taker, Ticket]], now: datetime) -> None:
        """Store new tickets and what is left."""
        ...

    async def close(self, draw: Draw, now: datetime) -> None:
        """Mark a draw closed: from now on its secret may be shown."""
        ...

    async def published(self, draw_id: int) -> PublishedDraw | None:
        """A closed draw with its secret and all tickets; None while it is open or unknown."""
        ...

    async def due_for_closing(self, now: datetime) -> list[int]:
        """Open draws past their end."""
        ...


class DrawService:
    """Draws inside one unit of work, paid by the points ledger of the same one."""

    def __init__(self, store: DrawStore, points: PointsService, now: Callable[[], datetime]) -> None:
        self._store = store
        self._points = points
        self._now = now

    async def publish(self, campaign: PointsCampaign, group_id: int, plan: DrawPlan) -> Draw | PublishRefusal:
        """Publish a draw: its terms, its odds and the promise of its secret, its whole cost set aside.

        A draw never changes afterwards; an edit is the plan of the next one.

        Raises:
            DrawError: the plan may not be.
        """
        check_draw(plan, campaign.price)
        cost, secret = budget_of(plan.prizes), new_secret()
        if plan.closes_at > campaign.ends_at:
            return PublishRefusal.BEYOND_CAMPAIGN
        if not await self._points.affords(campaign.id, cost):
            return PublishRefusal.BUDGET_TOO_SMALL
        draw = await self._store.create(campaign, group_id, plan, secret, commitment(secret))
        if draw is None:
            return PublishRefusal.SAME_KIND_OPEN
        await self._points.reserve(campaign.id, draw.id, cost)
        return draw

    async def draw(self, draw_id: int, takers: Sequence[Taker]) -> list[DrawOutcome]:
        """Decide wishes that arrive together, in their order, and pay the winners."""
        found = await self._store.lock(draw_id)
        if found is None:
            return [DrawOutcome(DrawCode.NO_DRAW) for _ in takers]
        before, secret = found
        now = self._now()
        earlier = await self._store.tickets_of(draw_id, takers)
        after, outcomes = take_part(before, secret, takers, earlier, now)
        drawn = [
            (taker, outcome.ticket, outcome.prize)
            for taker, outcome in zip(takers, outcomes, strict=True)
            if outcome.code is DrawCode.DRAWN and outcome.ticket and outcome.prize
        ]
        if drawn:
            await self._store.save(after, [(taker, ticket) for taker, ticket, _ in drawn], now)
            await self._pay(after, [(taker, prize) for taker, _, prize in drawn if prize.points])
        return outcomes

    async def open_in(self, group_id: int) -> list[Draw]:
        """A group's draws that are not closed."""
        return await self._store.open_in(group_id)

    async def find(self, draw_id: int) -> Draw | None:
        """One draw as it was published."""
        return await self._store.find(draw_id)

    async def close(self, draw_id: int) -> Draw | CloseDrawRefusal:
        """Close a draw after its end: its secret may be shown, and what it did not pay goes back."""
        found = await self._store.lock(draw_id)
        if found is None:
            return CloseDrawRefusal.NO_DRAW
        draw, now = found[0], self._now()
        if draw.state is DrawState.CLOSED:
            return CloseDrawRefusal.CLOSED_ALREADY
        if now < draw.closes_at:
            return CloseDrawRefusal.STILL_OPEN
        await self._store.close(draw, now)
        await self._points.release(draw.points_campaign, draw.id)
        return replace(draw, state=DrawState.CLOSED)

    async def close_due(self) -> list[Draw]:
        """Close every draw past its end; returns those that were."""
        closed = [await self.close(draw_id) for draw_id in await self._store.due_for_closing(self._now())]
        return [draw for draw in closed if isinstance(draw, Draw)]

    async def published(self, draw_id: int) -> PublishedDraw | None:
        """All that anybody needs to compute a closed draw again."""
        return await self._store.published(draw_id)

    async def verify(self, draw_id: int) -> list[Finding] | None:
        """Compute a closed draw again; None while it is open or unknown."""
        published = await self._store.published(draw_id)
        return verify(published) if published else None

    async def _pay(self, draw: Draw, winners: Sequence[tuple[Taker, Prize]]) -> None:
        grants = [
            Grant(taker.member_id, prize.points, MovementReason.DRAW, f"draw:{draw.id}", taker.customer_id)
            for taker, prize in winners
        ]
        codes = await self._points.grant(draw.points_campaign, grants, purse=draw.id)
        # The purse holds the most that the draw can cost, and each person has one ticket: anything else is a fault.
        if any(code is not GrantCode.GRANTED for code in codes):
            raise RuntimeError(f"Draw {draw.id} could not pay its winners: {codes}.")
