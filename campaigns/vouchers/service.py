"""Use cases of vouchers for customers: versions of the file, what is on offer, claim by one tap, ask for redemption."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.announcements.service import AnnouncementService
from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import Fault
from campaigns.audiences.parser import parse
from campaigns.catalogue.model import Change, Profile
from campaigns.catalogue.rules import differences
from campaigns.deliveries.model import Draft, Kind
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.vouchers.changes import worsened
from campaigns.vouchers.exploits import Exploit, World, find_exploits
from campaigns.vouchers.files import flat, plain_plan
from campaigns.vouchers.model import (
    Asker,
    Edition,
    Movement,
    MovementKind,
    Voucher,
    VoucherBook,
    VoucherPlan,
    VoucherRefusal,
    VoucherState,
)
from campaigns.vouchers.ports import People, Profiles, VoucherStore, VoucherWording
from campaigns.vouchers.rules import ask, claim, expire, measure, offered
from campaigns.vouchers.settlement import Settlement

ENDING_BEFORE = timedelta(days=3)
MORNING = time(10)
AT_ONCE = 200
WORLD = World()


def campaign_of(voucher: Voucher) -> str:
    """The name under which the ledger keeps what is told of a voucher."""
    return f"voucher:{voucher.id}"


def page_of(code: str) -> str:
    """The subject of a voucher's rule page."""
    return f"voucher:{code}"


@dataclass(frozen=True)
class Offered:
    """A voucher on offer as one customer sees it: `refusal` None means one tap claims it; `missing_fen` unlocks it."""

    plan: VoucherPlan
    refusal: VoucherRefusal | None
    missing_fen: int = 0


@dataclass(frozen=True)
class Held:
    """A voucher with the terms under which it was claimed."""

    voucher: Voucher
    plan: VoucherPlan


class UnfavourableError(ValueError):
    """A file that takes something from customers while a voucher is on offer; `codes` are those vouchers."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


class ExploitableError(ValueError):
    """A file with exploits that pay, and nobody who takes that upon themselves."""

    def __init__(self, exploits: Sequence[Exploit]) -> None:
        super().__init__(", ".join(f"{each.code}: {each.strategy}" for each in exploits))
        self.exploits = tuple(exploits)


class VoucherService:
    """Vouchers inside one unit of work."""

    def __init__(
        self,
        store: VoucherStore,
        profiles: Profiles,
        people: People,
        announcements: AnnouncementService,
        outbox: Outbox,
        wording: VoucherWording,
        lexicon: Lexicon,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._profiles = profiles
        self._people = people
        self._announcements = announcements
        self._outbox = outbox
        self._wording = wording
        self._lexicon = lexicon
        self._now = now
        self._zone = zone

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version, the newest by default; None where there is none."""
        return await self._store.edition(version)

    async def history(self) -> list[Edition]:
        """Every version, the newest first."""
        return await self._store.history()

    async def load(
        self, book: VoucherBook, by: str, reason: str, override: str | None = None, world: World = WORLD
    ) -> tuple[Edition, list[Change]]:
        """Keep a file once nothing in it pays who games it, or with the word of who lets it through (S-217).

        Raises:
            ExploitableError: an exploit pays, and there is no override.
            UnfavourableError: something would be taken from customers while it is on offer.
        """
        paying = [each for each in find_exploits(book, world) if each.pays]
        if paying and not override:
            raise ExploitableError(paying)
        return await self.keep(book, by, reason, override if paying else None)

    async def keep(
        self, book: VoucherBook, by: str, reason: str, override: str | None = None
    ) -> tuple[Edition, list[Change]]:
        """Keep a file as a new version and publish each voucher's rule page; the same file makes none.

        Raises:
            UnfavourableError: something would be taken from customers while it is on offer.
        """
        newest = await self._store.newest_for_change()
        if newest is not None and newest.book == book:
            return newest, []
        old = newest.book.plans if newest else {}
        if worse := worsened(old, book.plans, self._today()):
            raise UnfavourableError(worse)
        edition = Edition(newest.version + 1 if newest else 1, book, by, self._now(), reason, override)
        await self._store.add(edition)
        for plan in book.plans.values():
            await self._publish(plan)
        before = flat(newest.book) if newest else {}
        return edition, differences(before, flat(book))

    async def mine(self, member: Member) -> tuple[list[Offered], list[Held]]:
        """What is on offer to somebody now, and what they have or had: what still runs first, the newest first."""
        edition = await self._store.edition()
        if edition is None or member.customer_id is None:
            return [], []
        held = await self.held(member.customer_id)
        had = {each.voucher.code for each in held}
        profile = await self._profiles.profile(member.customer_id, self._now())
        holds = await self._store.holds_fen(member.customer_id)
        found = []
        for plan in edition.book.plans.values():
            if plan.code in had:
                continue
            asker = await self._asker(member, plan, profile, holds)
            refusal = offered(plan, asker, self._today())
            found.append(Offered(plan, refusal, max((plan.holds_fen or 0) - holds, 0)))
        return found, sorted(held, key=lambda each: not each.voucher.is_open)

    async def held(self, customer_id: UUID) -> list[Held]:
        """All that a customer has or had, each under its own terms."""
        return await self.with_terms(await self._store.of_customer(customer_id))

    async def with_terms(self, vouchers: Collection[Voucher]) -> list[Held]:
        """Vouchers with the terms of the version that was claimed."""
        editions = await self._store.editions({each.version for each in vouchers})
        return [Held(each, editions[each.version].book.plans[each.code]) for each in vouchers]

    async def claim(self, code: str, member: Member) -> Held | VoucherRefusal:
        """Take a voucher by one tap: once per customer, while stock, budget and cap have room (S-187)."""
        edition = await self._store.edition()
        plan = edition.book.plans.get(code) if edition else None
        if edition is None or plan is None:
            return VoucherRefusal.UNKNOWN
        if member.customer_id is None:
            return VoucherRefusal.NOT_BOUND
        await self._store.lock_customer(member.customer_id)
        held = [(each.voucher, each.plan) for each in await self.held(member.customer_id)]
        profile = await self._profiles.profile(member.customer_id, self._now())
        asker = await self._asker(member, plan, profile, await self._store.holds_fen(member.customer_id))
        wished = claim(plan, edition.version, asker, held, self._now(), self._zone)
        if isinstance(wished, VoucherRefusal):
            return wished
        taken = await self._store.take(plan, wished)
        return taken if isinstance(taken, VoucherRefusal) else await self._begin(Held(taken, plan), member)

    async def ask(self, voucher_id: int, member: Member) -> Held | VoucherRefusal:
        """The first step of a redemption: who looks after the customer is told."""
        voucher = await self._store.lock(voucher_id)
        if voucher is None:
            return VoucherRefusal.UNKNOWN
        movement = ask(voucher, member.id, member.customer_id, self._now())
        if isinstance(movement, VoucherRefusal):
            return movement
        await self._store.book([movement])
        [held] = await self.with_terms([movement.voucher])
        managers = await self._people.many(await self._people.managers_of(member.id))
        step = f"asked:{int(self._now().timestamp())}"
        for manager in managers.values():
            words = self._wording.asked(manager, held.plan, held.voucher, member)
            await self._outbox.tell(campaign_of(voucher), step, manager.id, words)
        return held

    async def rules(self, code: str, member: Member) -> str | None:
        """A voucher's rule page: who has claimed it reads the terms of the claim, everybody else what is published."""
        held = await self.held(member.customer_id) if member.customer_id else []
        own = next((each.plan for each in held if each.plan.code == code), None)
        if own is not None:
            return self._wording.rules(own, member.language)
        page = await self._announcements.standing(page_of(code))
        return None if page is None else page.text_zh if member.language is Language.ZH else page.text_en

    async def settlement(self) -> Settlement:
        """What became of every piece, and what was paid by partner and product."""
        newest = await self._store.edition()
        partners = {plan.code: plan.partner for plan in newest.book.plans.values()} if newest else {}
        return Settlement(tuple(await self._store.sheets()), tuple(await self._store.payouts(partners)))

    async def tick(self) -> int:
        """End what nobody asked for in time, and tell its owner; returns how many."""
        found = [expire(each, self._now()) for each in await self._store.over(self._now(), AT_ONCE)]
        movements = [each for each in found if each is not None]
        await self._store.book(movements)
        await self.tell(movements)
        return len(movements)

    async def tell(self, movements: Sequence[Movement]) -> None:
        """Tell owners what happened to their vouchers; what is over needs no more reminder."""
        held = await self.with_terms([each.voucher for each in movements])
        owners = await self.owners([each.voucher for each in movements])
        for movement, each in zip(movements, held, strict=True):
            campaign = campaign_of(each.voucher)
            if not each.voucher.is_open:
                await self._outbox.cancel_steps([(campaign, "ending")])
            owner = owners.get(each.voucher.customer_id)
            words = self._wording.moved(owner, each.plan, movement) if owner else None
            if owner is not None and words is not None:
                step = f"{movement.kind}:{int(movement.at.timestamp())}"
                await self._outbox.tell(campaign, step, owner.id, words)

    async def owners(self, vouchers: Collection[Voucher]) -> dict[UUID, Member]:
        """Who is linked to the customers of these vouchers now: whoever claimed may have let go of the number."""
        holders = await self._store.holders({each.customer_id for each in vouchers})
        people = await self._people.many(sorted(holders.values()))
        return {customer: people[member] for customer, member in holders.items()}

    async def _begin(self, held: Held, member: Member) -> Held:
        """Book a claim with what counts already, and plan the reminder of its end."""
        voucher, now = held.voucher, self._now()
        movements = [Movement(MovementKind.CLAIMED, voucher, now, member.id)]
        if voucher.state is VoucherState.CLAIMED:
            known = (await self._store.purchases([voucher.customer_id])).get(voucher.customer_id, [])
            voucher, met = measure(held.plan, voucher, known, now, self._zone)
            movements += [met] if met else []
        await self._store.book(movements)
        await self._store.note_progress([voucher])
        due = datetime.combine(voucher.last_day - ENDING_BEFORE, MORNING, tzinfo=self._zone)
        if due > now:
            words = self._wording.ending(member, held.plan, voucher)
            draft = Draft(campaign_of(voucher), "ending", member.id, words, Kind.SERVICE, due, voucher.expires_at)
            await self._outbox.add(draft)
        return Held(voucher, held.plan)

    async def _asker(self, member: Member, plan: VoucherPlan, profile: Profile, holds: int) -> Asker:
        belongs = True
        if plan.audience is not None and member.customer_id is not None:
            line = parse(plan.audience, self._lexicon)
            belongs = not isinstance(line, Fault) and await self._store.belongs(member.customer_id, line, self._now())
        return Asker(member.id, member.customer_id, profile, belongs, holds)

    async def _publish(self, plan: VoucherPlan) -> None:
        """The rule page has all of the configuration, so that no condition is hidden (S-199, S-200)."""
        configuration = json.dumps(plain_plan(plan), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        zh, en = (self._wording.rules(plan, language) for language in (Language.ZH, Language.EN))
        await self._announcements.keep(page_of(plan.code), configuration, zh, en, lambda _: True)

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()
