"""Use cases of packs: versions of the file, the packs of one customer with their reason, and the quarter's round."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import Expression, Fault
from campaigns.audiences.parser import parse
from campaigns.catalogue.model import Aim, Change, Product, Profile
from campaigns.catalogue.model import Edition as CatalogueEdition
from campaigns.catalogue.rules import differences, line_for
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.packs.files import flat
from campaigns.packs.model import Pack, PackCard, PackEdition, PackFile, Standing
from campaigns.packs.rules import is_for, limit_progress, next_step, round_of
from campaigns.vouchers.service import Held, Offered, VoucherService

ROUND_LIVES = timedelta(days=21)


class PackStore(Protocol):
    """What packs need of the database."""

    async def edition(self, version: int | None = None) -> PackEdition | None:
        """One version, the newest by default."""
        ...

    async def newest_for_change(self) -> PackEdition | None:
        """The newest version; nobody else can add one until the transaction ends."""
        ...

    async def history(self) -> list[PackEdition]:
        """Every version, the newest first."""
        ...

    async def add(self, edition: PackEdition) -> None:
        """Keep a version for good."""
        ...

    async def standing(self, customer_id: UUID) -> Standing:
        """What the latest two deliveries tell of a customer."""
        ...

    async def begin_round(self, pack: str, name: str, now: datetime) -> bool:
        """Whether a round is new; nobody else begins it."""
        ...

    async def end_round(self, pack: str, name: str, planned: int) -> None:
        """Write down how many were planned."""
        ...

    async def members_of(self, aim: Aim) -> Sequence[tuple[int, Language]]:
        """The members whose customer the latest run put into these classes, stages or tiers."""
        ...


class CatalogueEditions(Protocol):
    """Products, and what is known of customers."""

    async def edition(self, version: int | None = None) -> CatalogueEdition | None:
        """One version, the newest by default."""
        ...

    async def profile(self, customer_id: UUID, now: datetime) -> Profile:
        """What decides what a customer gets."""
        ...


class Audiences(Protocol):
    """Who belongs to an audience."""

    async def belongs(self, customer_id: UUID, expression: Expression, now: datetime) -> bool:
        """Whether a customer does."""
        ...


class PackWording(Protocol):
    """The sentence that packs put into the ledger."""

    def round(self, pack: Pack, language: Language) -> Message:
        """What is said of a pack once a quarter."""
        ...


async def keep(
    store: PackStore, file: PackFile, by: str, reason: str, now: datetime
) -> tuple[PackEdition, list[Change]]:
    """Keep a file as a new version; one that says the same as the newest is not kept again."""
    newest = await store.newest_for_change()
    if newest is not None and newest.file == file:
        return newest, []
    edition = PackEdition(newest.version + 1 if newest else 1, file, by, now, reason)
    await store.add(edition)
    return edition, differences(flat(newest.file) if newest else {}, flat(file))


class PackService:
    """Packs inside one unit of work."""

    def __init__(
        self,
        store: PackStore,
        vouchers: VoucherService,
        catalogue: CatalogueEditions,
        audiences: Audiences,
        outbox: Outbox,
        wording: PackWording,
        lexicon: Lexicon,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._vouchers = vouchers
        self._catalogue = catalogue
        self._audiences = audiences
        self._outbox = outbox
        self._wording = wording
        self._lexicon = lexicon
        self._now = now
        self._zone = zone

    async def mine(self, member: Member) -> list[PackCard]:
        """The packs of one customer, each with why, what may be claimed and what is missing."""
        edition = await self._store.edition()
        if edition is None or member.customer_id is None:
            return []
        profile = await self._catalogue.profile(member.customer_id, self._now())
        standing = await self._store.standing(member.customer_id)
        vouchers = await self._vouchers.mine(member)
        return [
            await self._card(pack, edition.version, profile, standing, vouchers)
            for pack in edition.file.packs.values()
            if is_for(pack, profile, belongs=await self._belongs(pack, member.customer_id))
        ]

    async def tick(self) -> int:
        """Tell who fits of the packs of a new quarter, once; what may be sent is the gate's to say (S-151)."""
        edition = await self._store.edition()
        planned = 0
        for pack in edition.file.packs.values() if edition else ():
            if pack.every is None or pack.aim is None:
                continue
            name = round_of(pack.every, self._today())
            if await self._store.begin_round(pack.code, name, self._now()):
                planned += await self._plan(pack, name, pack.aim)
        return planned

    async def _plan(self, pack: Pack, name: str, aim: Aim) -> int:
        now, words = self._now(), {each: self._wording.round(pack, each) for each in Language}
        drafts = [
            Draft(f"pack:{pack.code}", name, member, words[language], Kind.MARKETING, now, now + ROUND_LIVES)
            for member, language in await self._store.members_of(aim)
        ]
        planned = await self._outbox.add(*drafts) if drafts else 0
        await self._store.end_round(pack.code, name, planned)
        return planned

    async def _card(
        self,
        pack: Pack,
        version: int,
        profile: Profile,
        standing: Standing,
        vouchers: tuple[list[Offered], list[Held]],
    ) -> PackCard:
        offered, held = vouchers
        products = await self._products(pack, profile)
        return PackCard(
            pack,
            version,
            profile,
            tuple(each for each in offered if each.plan.code in pack.vouchers),
            tuple(each for each in held if each.plan.code in pack.vouchers),
            products,
            next_step(products, standing) if pack.ladder else None,
            limit_progress(pack.limit, standing) if pack.limit else None,
        )

    async def _products(self, pack: Pack, profile: Profile) -> tuple[Product, ...]:
        """The products that this customer may be shown: on sale, not barred, R not above C (S-58)."""
        edition = await self._catalogue.edition()
        if edition is None:
            return ()
        known = edition.catalogue.products
        lines = [
            line_for(edition.catalogue, known[code], profile, self._today()) for code in pack.products if code in known
        ]
        return tuple(each.product for each in lines if each.left_out is None)

    async def _belongs(self, pack: Pack, customer_id: UUID) -> bool:
        if pack.audience is None:
            return True
        line = parse(pack.audience, self._lexicon)
        return not isinstance(line, Fault) and await self._audiences.belongs(customer_id, line, self._now())

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()
