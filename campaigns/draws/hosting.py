"""A draw in its group: preview and publication, the living card, claims, newcomers, the end with its secret."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.announcements.model import Announcement, Unfavourable
from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.draws.model import (
    Draw,
    DrawClaim,
    DrawCode,
    DrawOutcome,
    DrawPlan,
    PublishedDraw,
    PublishRefusal,
)
from campaigns.draws.rules import check_draw, next_change, page_of, plan_of
from campaigns.draws.service import DrawService
from campaigns.groups.model import Group
from campaigns.members.model import Language
from campaigns.points.model import PointsCampaign

ONE_THING_AT_A_TIME = timedelta(minutes=1)
TOLD_AT_ONCE = 50


class DrawGroupStore(Protocol):
    """What a draw's group needs beside the draws themselves."""

    async def payer_of(self, group_id: int) -> PointsCampaign | None:
        """The newest open points campaign of a group: its draws are paid by it."""
        ...

    async def chat_of(self, draw: Draw) -> int:
        """The chat of a draw's group."""
        ...

    async def present(self, draw: Draw, members: Collection[int]) -> set[int]:
        """Which of these members are in a draw's group."""
        ...

    async def set_next_change(self, draw: Draw, moment: datetime | None) -> None:
        """Remember when the card says something else."""
        ...

    async def due_for_change(self, now: datetime) -> list[int]:
        """Open draws whose card says something else by now."""
        ...

    async def newcomers(self, known_since: datetime, limit: int) -> list[tuple[Draw, int, Language]]:
        """Open join draws with bound newcomers whom nobody has told; they joined and were bound before a moment."""
        ...


class DrawWording(Protocol):
    """The sentences that draws put into the ledger."""

    def card(self, draw: Draw, now: datetime) -> Message:
        """The group's card."""
        ...

    def announcement(self, draw: Draw, announcement: Announcement) -> Message:
        """The rules that are pinned in the group."""
        ...

    def invitation(self, draw: Draw, language: Language) -> Message:
        """What a bound newcomer hears in private."""
        ...

    def revealed(self, published: PublishedDraw) -> Message:
        """What the group hears at the end: the secret, and where it can be checked."""
        ...


class DrawDesk(Protocol):
    """Takes claims that arrive together and decides them in one transaction."""

    async def claim(self, draw_id: int, claim: DrawClaim) -> DrawOutcome:
        """Decide one claim; a repeated update gets the outcome that was stored."""
        ...


@dataclass(frozen=True)
class PublicDraw:
    """What anybody may see of a draw: the rules as announced, and once it is closed the secret with all tickets."""

    draw: Draw
    announcement: Announcement | None
    published: PublishedDraw | None


def campaign(draw_id: int) -> str:
    """The name of a draw in the delivery ledger, and the subject of its announcement."""
    return f"draw:{draw_id}"


class DrawHost:
    """Draws as their groups see them, inside one unit of work."""

    def __init__(
        self,
        draws: DrawService,
        store: DrawGroupStore,
        announcements: AnnouncementService,
        outbox: Outbox,
        wording: DrawWording,
        now: Callable[[], datetime],
    ) -> None:
        self._draws = draws
        self._store = store
        self._announcements = announcements
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def preview(self, group: Group | None, by: int, plan: DrawPlan, language: Language) -> str | PublishRefusal:
        """The rules that `publish` would announce, the promise apart; nothing is written.

        Raises:
            DrawError: the plan may not be.
        """
        payer = await self._payer(group, by, plan)
        if isinstance(payer, PublishRefusal):
            return payer
        check_draw(plan, payer.price)
        return self._announcements.text(page_of(plan, payer), language)

    async def publish(self, group: Group | None, by: int, plan: DrawPlan) -> Draw | PublishRefusal:
        """Publish a draw in a manager's own group: rules and promise pinned, then the card.

        Raises:
            DrawError: the plan may not be.
        """
        payer = await self._payer(group, by, plan)
        if isinstance(payer, PublishRefusal) or group is None:
            return payer if isinstance(payer, PublishRefusal) else PublishRefusal.NO_GROUP
        draw = await self._draws.publish(payer, group.id, plan)
        if isinstance(draw, PublishRefusal):
            return draw
        now, page = self._now(), page_of(plan_of(draw), payer, draw.commitment)
        made = await self._announcements.publish(campaign(draw.id), page)
        assert not isinstance(made, Unfavourable)  # A draw's number is new: nothing stands to its disfavour.
        words = self._wording.announcement(draw, made)
        await self._outbox.add(
            Draft(campaign(draw.id), "announcement", group.chat_id, words, Kind.SERVICE, now, pin=True)
        )
        await self._refresh(draw)
        return draw

    async def decide(self, draw_id: int, claims: Sequence[DrawClaim]) -> list[DrawOutcome]:
        """Decide claims that arrive together, in their order, and refresh the card once.

        Only the draw's group may draw: there, or in private by somebody who is in it.
        """
        draw = await self._draws.find(draw_id)
        if draw is None:
            return [DrawOutcome(DrawCode.NO_DRAW) for _ in claims]
        chat = await self._store.chat_of(draw)
        private = {claim.taker.member_id for claim in claims if claim.chat_id == claim.taker.member_id}
        present = await self._store.present(draw, private) if private else set()
        own = [claim.chat_id == chat or claim.taker.member_id in present & {claim.chat_id} for claim in claims]
        admitted = [claim.taker for claim, is_own in zip(claims, own, strict=True) if is_own]
        decided = iter(await self._draws.draw(draw_id, admitted))
        outcomes = [next(decided) if is_own else DrawOutcome(DrawCode.NO_DRAW) for is_own in own]
        if any(outcome.code is DrawCode.DRAWN for outcome in outcomes):
            await self._show(draw_id)
        return outcomes

    async def tick(self) -> int:
        """End what is over, turn cards whose time has come, tell newcomers; returns how many draws were touched."""
        ended = await self._draws.close_due()
        for draw in ended:
            await self._end(draw)
        changed = await self._store.due_for_change(self._now())
        for draw_id in changed:
            if found := await self._draws.find(draw_id):
                await self._refresh(found)
        await self._tell_newcomers()
        return len(ended) + len(changed)

    async def open_in(self, group: Group) -> list[Draw]:
        """A group's draws that are not closed."""
        return await self._draws.open_in(group.id)

    async def public(self, draw_id: int) -> PublicDraw | None:
        """What anybody may see of a draw."""
        draw = await self._draws.find(draw_id)
        if draw is None:
            return None
        announcement = await self._announcements.standing(campaign(draw_id))
        return PublicDraw(draw, announcement, await self._draws.published(draw_id))

    async def show_again(self, group: Group) -> None:
        """Bring the cards of a group's open draws up to date: in a chat that has moved, they are posted anew."""
        for draw in await self._draws.open_in(group.id):
            await self._show(draw.id)

    async def _payer(self, group: Group | None, by: int, plan: DrawPlan) -> PointsCampaign | PublishRefusal:
        if group is None:
            return PublishRefusal.NO_GROUP
        if group.manager_id != by:
            return PublishRefusal.NOT_YOUR_GROUP
        if plan.closes_at <= self._now():
            return PublishRefusal.OVER_ALREADY
        payer = await self._store.payer_of(group.id)
        if payer is None:
            return PublishRefusal.NO_POINTS
        if plan.closes_at > payer.ends_at:
            return PublishRefusal.BEYOND_CAMPAIGN
        if any(draw.kind is plan.kind for draw in await self._draws.open_in(group.id)):
            return PublishRefusal.SAME_KIND_OPEN
        return payer

    async def _refresh(self, draw: Draw) -> None:
        await self._show(draw.id)
        await self._store.set_next_change(draw, next_change(draw, self._now()))

    async def _end(self, draw: Draw) -> None:
        chat = await self._show(draw.id)
        await self._outbox.unpin_card(campaign(draw.id), chat)
        await self._outbox.cancel(campaign(draw.id), "invitation")
        published = await self._draws.published(draw.id)
        assert published is not None
        await self._outbox.tell(campaign(draw.id), "revealed", chat, self._wording.revealed(published))

    async def _show(self, draw_id: int) -> int:
        draw = await self._draws.find(draw_id)
        assert draw is not None
        chat = await self._store.chat_of(draw)
        await self._outbox.show_card(campaign(draw_id), chat, self._wording.card(draw, self._now()), pin=True)
        return chat

    async def _tell_newcomers(self) -> None:
        """Once each, and a minute after the welcome and the question that follows binding: one thing at a time."""
        settled = self._now() - ONE_THING_AT_A_TIME
        for draw, member, language in await self._store.newcomers(settled, TOLD_AT_ONCE):
            words = self._wording.invitation(draw, language)
            await self._outbox.tell(campaign(draw.id), "invitation", member, words)
