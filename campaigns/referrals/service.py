"""Use cases of referrals in the chat: open a programme, give links, begin, see how it stands, decide."""

import secrets
from dataclasses import dataclass, replace

from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.points.model import PointsCampaign
from campaigns.referrals.model import (
    DecideCode,
    Doubtful,
    Link,
    LinkRefusal,
    OpenRefusal,
    Programme,
    ProgrammeBooks,
    Referral,
    Rejected,
    Released,
    Stage,
    StartCode,
    Unreturned,
)
from campaigns.referrals.news import News
from campaigns.referrals.ports import Ties
from campaigns.referrals.rules import after, begin, may_start
from campaigns.referrals.terms import check_programme, fits, purse_of

SHOWN = 10


@dataclass(frozen=True)
class Started:
    """What came of opening a link; `referrer` is masked."""

    code: StartCode
    programme: Programme | None = None
    referrer: str = ""
    is_held: bool = False


@dataclass(frozen=True)
class Friend:
    """One referral as one of its sides sees it; `other` is the other side, masked."""

    referral: Referral
    programme: Programme
    other: str


@dataclass(frozen=True)
class Desk:
    """What those who decide see: how many wait, the oldest of them, and what could not be taken back."""

    waiting: int
    doubtful: tuple[Doubtful, ...]
    unreturned: tuple[Unreturned, ...]


class ReferralService:
    """Referrals inside one unit of work, paid by the points ledger of the same one."""

    def __init__(self, ties: Ties) -> None:
        self._store = ties.store
        self._points = ties.points
        self._people = ties.people
        self._outbox = ties.outbox
        self._wording = ties.wording
        self._now = ties.now
        self._zone = ties.zone
        self._news = News(ties)

    async def open(self, programme: Programme, campaign: PointsCampaign) -> Programme | OpenRefusal:
        """Open the next version of a programme, with the points of every place set aside in a purse of its own.

        Its terms never change afterwards; an edit is the next programme.

        Raises:
            ProgrammeError: the terms may not be.
        """
        check_programme(programme)
        if not fits(programme, campaign):
            return OpenRefusal.BEYOND_CAMPAIGN
        await self._store.lock()
        if not await self._points.affords(campaign.id, programme.budget):
            return OpenRefusal.BUDGET_TOO_SMALL
        made = await self._store.create(programme, self._now())
        if made is None:
            return OpenRefusal.ANOTHER_RUNS
        await self._points.reserve(campaign.id, purse_of(made), made.budget)
        return made

    async def stop(self, programme_id: int) -> bool:
        """Take no newcomers any more; those under way go on by their terms."""
        await self._store.lock()
        return await self._store.stop(programme_id, self._now())

    async def link(self, member: Member) -> Link | LinkRefusal:
        """A member's own link, the same every time; its text to forward follows by itself."""
        now = self._now()
        programme = await self._store.running(now)
        if programme is None:
            return LinkRefusal.NO_PROGRAMME
        if member.is_staff:
            return LinkRefusal.STAFF
        if member.customer_id is None:
            return LinkRefusal.NOT_BOUND
        link = await self._store.link_of(programme, member, secrets.token_urlsafe(16), now)
        step = f"copy:{now:%Y-%m-%d %H:%M}"
        await self._outbox.tell(f"referral-link:{programme.id}", step, member.id, self._wording.copy(member, link))
        return link

    async def start(self, token: str, member: Member) -> Started:
        """A member opened a link: bursts, rings and places are judged one newcomer after the other."""
        link, now = await self._store.find_link(token), self._now()
        if link is None:
            return Started(StartCode.UNKNOWN_LINK)
        await self._store.lock()
        programme = link.programme
        code = may_start(programme, link.referrer_id, await self._store.opener(link, member), now)
        if code is StartCode.REFERRED_ALREADY:
            return await self._again(member, link)
        if code not in {StartCode.STARTED, StartCode.RING}:
            return Started(code, programme)
        earlier = await self._store.recent(link.referrer_id, now - programme.burst_within)
        fresh = Referral(0, programme.id, link.referrer_id, member.id, now)
        made = await self._store.add(begin(programme, fresh, earlier, in_ring=code is StartCode.RING))
        is_held = made.stage is Stage.HELD
        if is_held:
            await self._news.held_at_start(made)
        return Started(StartCode.STARTED, programme, await self._name(link.referrer_id), is_held)

    async def own(self, member: Member) -> tuple[list[Friend], Friend | None]:
        """Whom a member brought, and the referral that they came by."""
        brought = await self._store.brought_by(member.id, SHOWN)
        coming = await self._store.coming(member.id)
        friends = [await self._friend(referral, referral.newcomer_id) for referral in brought]
        return friends, await self._friend(coming, coming.referrer_id) if coming else None

    async def desk(self) -> Desk:
        """What waits for a person, with masked names."""
        waiting, held = await self._store.held(SHOWN)
        doubtful = [
            replace(
                each,
                referrer=await self._name(each.referral.referrer_id),
                newcomer=await self._name(each.referral.newcomer_id),
            )
            for each in held
        ]
        short = [
            replace(each, referrer=await self._name(int(each.referrer)), newcomer=await self._name(int(each.newcomer)))
            for each in await self._store.unreturned(SHOWN)
        ]
        return Desk(waiting, tuple(doubtful), tuple(short))

    async def decide(self, referral_id: int, member: Member, *, release: bool) -> DecideCode:
        """A person's word on a held referral: once, and never on one that they gain by."""
        referral = await self._store.lock_referral(referral_id)
        programme = await self._store.programme(referral.programme_id) if referral else None
        if referral is None or programme is None:
            return DecideCode.UNKNOWN
        if await self._is_own(referral, member):
            return DecideCode.OWN
        if referral.stage is not Stage.HELD:
            return DecideCode.SETTLED_ALREADY
        decided = after(programme, referral, Released() if release else Rejected(), self._zone)
        await self._store.save(referral, decided, self._now(), by=member.id)
        await self._news.tell(programme, decided)
        return DecideCode.RELEASED if release else DecideCode.REJECTED

    async def books(self) -> list[ProgrammeBooks]:
        """How every programme stands, the newest first."""
        return await self._store.books()

    async def _again(self, member: Member, link: Link) -> Started:
        """The same link a second time changes nothing and says the same; another one is refused."""
        coming = await self._store.coming(member.id)
        if coming is None or coming.referrer_id != link.referrer_id or coming.stage is not Stage.PENDING:
            return Started(StartCode.REFERRED_ALREADY, link.programme)
        return Started(StartCode.STARTED, link.programme, await self._name(link.referrer_id))

    async def _is_own(self, referral: Referral, member: Member) -> bool:
        if member.id in {referral.referrer_id, referral.newcomer_id}:
            return True
        sides = await self._people.many([referral.referrer_id, referral.newcomer_id])
        customers = {side.customer_id for side in sides.values()} | {referral.customer_id}
        return member.customer_id is not None and member.customer_id in customers

    async def _friend(self, referral: Referral, other: int) -> Friend:
        programme = await self._store.programme(referral.programme_id)
        assert programme is not None
        return Friend(referral, programme, await self._name(other))

    async def _name(self, member_id: int) -> str:
        found = (await self._people.many([member_id])).get(member_id)
        return masked(found.name) if found else "*"
