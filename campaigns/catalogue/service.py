"""Use cases of the catalogue: keep a version, change a cell, what a customer or a group gets, post it to a group."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.catalogue.files import flat, read_catalogue
from campaigns.catalogue.model import (
    Bundle,
    Catalogue,
    CatalogueRefusal,
    Change,
    CustomerBundle,
    Edition,
    Post,
    Preview,
    Profile,
    Readers,
    Selection,
)
from campaigns.catalogue.plans import fitting_plan
from campaigns.catalogue.rules import (
    APART,
    bundles_for,
    confirm,
    differences,
    line_for,
    may_be_posted,
    select,
    select_for_group,
    set_advice,
)
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member

POST_LIVES = timedelta(hours=12)
CAMPAIGN_PREFIX = "bundle:"


class CatalogueStore(Protocol):
    """What the catalogue needs of the database."""

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version, the newest by default."""
        ...

    async def newest_for_change(self) -> Edition | None:
        """The newest version; nobody else can add one until the transaction ends."""
        ...

    async def history(self) -> list[Edition]:
        """Every version, the newest first."""
        ...

    async def add(self, edition: Edition) -> None:
        """Keep a version for good."""
        ...

    async def profile(self, customer_id: UUID, now: datetime) -> Profile:
        """What decides what a customer gets, as of now."""
        ...

    async def readers_of(self, managers: Sequence[int]) -> list[Readers]:
        """The groups of these managers."""
        ...

    async def readers(self, group_id: int) -> Readers | None:
        """One group."""
        ...

    async def draft(self, post: Post) -> Post:
        """Keep a preview; returns it with its id."""
        ...

    async def lock(self, post_id: int) -> Post | None:
        """A preview, locked together with its group until the transaction ends."""
        ...

    async def posted_since(self, group_id: int, bundle: str, since: datetime) -> bool:
        """Whether a bundle was posted in a group since then."""
        ...

    async def set_posted(self, post: Post) -> None:
        """Write down that it was posted."""
        ...


class Owners(Protocol):
    """Whose groups somebody looks after."""

    async def acting_for(self, manager_id: int) -> list[int]:
        """The manager and those of whom the manager stands in for today."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class CatalogueWording(Protocol):
    """The sentences that the catalogue puts into the ledger."""

    def card(self, selection: Selection) -> Message:
        """A bundle as a group reads it: products with terms, fees, risk and notice."""
        ...


class CatalogueService:
    """The catalogue inside one unit of work."""

    def __init__(
        self,
        store: CatalogueStore,
        owners: Owners,
        trail: Trail,
        outbox: Outbox,
        wording: CatalogueWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._owners = owners
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version, the newest by default; None where there is none."""
        return await self._store.edition(version)

    async def history(self) -> list[Edition]:
        """Every version, the newest first."""
        return await self._store.history()

    async def load(self, text: str, by: str, reason: str) -> tuple[Edition, list[Change]]:
        """Keep a file as a new version; one that says the same as the newest is not kept again.

        Raises:
            FileError: says everything that is wrong with the file.
        """
        found = read_catalogue(text)
        return await self._keep(await self._store.newest_for_change(), found, by, reason)

    async def set(
        self, standing: str, product: str, advice: str, by: str, reason: str
    ) -> tuple[Edition, list[Change]] | CatalogueRefusal:
        """Change one cell of the matrix, as a new version."""
        newest = await self._store.newest_for_change()
        if newest is None:
            return CatalogueRefusal.NO_CATALOGUE
        changed = set_advice(newest.catalogue, standing, product, advice, reason)
        if isinstance(changed, CatalogueRefusal):
            return changed
        return await self._keep(newest, changed, by, reason.strip())

    async def set_by(
        self, standing: str, product: str, advice: str, reason: str, by: Member
    ) -> tuple[Edition, list[Change]] | CatalogueRefusal:
        """The same in the chat; recorded in the audit trail."""
        outcome = await self.set(standing, product, advice, f"{by.name} ({by.id})", reason)
        if not isinstance(outcome, CatalogueRefusal):
            await self._trail.note(by.id, "set_catalogue", f"{outcome[0].version} {standing} {product} {advice}")
        return outcome

    async def of_customer(self, customer_id: UUID) -> CustomerBundle | None:
        """What a customer gets; None while there is no catalogue."""
        newest = await self._store.edition()
        if newest is None:
            return None
        profile, today = await self._store.profile(customer_id, self._now()), self._today()
        catalogue = newest.catalogue
        selection = select(catalogue, newest.version, profile, today)
        plan = fitting_plan(catalogue.plans, profile.business)
        named = [catalogue.products[each] for each in plan.plan.products] if plan else []
        lines = tuple(line_for(catalogue, each, profile, today) for each in named)
        return CustomerBundle(customer_id, newest.version, profile, selection, plan, lines)

    async def groups(self, member: Member) -> list[Readers]:
        """The groups that a manager looks after."""
        return await self._store.readers_of(await self._owners.acting_for(member.id))

    async def bundles_of(self, group_id: int, member: Member) -> tuple[Readers, list[Bundle]] | CatalogueRefusal:
        """The bundles that may be posted in one of the own groups."""
        found = await self._own(group_id, member)
        if isinstance(found, CatalogueRefusal):
            return found
        readers, edition = found
        bundles = bundles_for(edition.catalogue, readers.merchant)
        return (readers, bundles) if bundles else CatalogueRefusal.NO_BUNDLE

    async def preview(self, group_id: int, code: str, member: Member) -> Preview | CatalogueRefusal:
        """Keep what would be posted, so that just this is confirmed."""
        found = await self._own(group_id, member)
        if isinstance(found, CatalogueRefusal):
            return found
        readers, edition = found
        selection = self._selection(edition, readers, code)
        if isinstance(selection, CatalogueRefusal):
            return selection
        post = Post(0, edition.version, code, group_id, member.id, self._now())
        return Preview(await self._store.draft(post), readers, selection)

    async def post(self, post_id: int, member: Member) -> Preview | CatalogueRefusal:
        """Post what was previewed, once; the version stands beside it for good."""
        post, newest = await self._store.lock(post_id), await self._store.edition()
        confirmed = confirm(post, member.id, newest.version if newest else 0, self._now())
        if isinstance(confirmed, CatalogueRefusal) or newest is None:
            return confirmed if isinstance(confirmed, CatalogueRefusal) else CatalogueRefusal.NO_CATALOGUE
        found = await self._own(confirmed.group_id, member)
        if isinstance(found, CatalogueRefusal):
            return found
        selection = self._selection(newest, found[0], confirmed.bundle)
        if isinstance(selection, CatalogueRefusal):
            return selection
        if await self._store.posted_since(confirmed.group_id, confirmed.bundle, self._now() - APART):
            return CatalogueRefusal.POSTED_LATELY
        await self._place(confirmed, found[0], selection)
        return Preview(confirmed, found[0], selection)

    async def _place(self, post: Post, readers: Readers, selection: Selection) -> None:
        now = self._now()
        await self._store.set_posted(post)
        draft = Draft(
            f"{CAMPAIGN_PREFIX}{post.id}",
            f"v{post.version}",
            readers.chat_id,
            self._wording.card(selection),
            Kind.MARKETING,
            now,
            now + POST_LIVES,
        )
        await self._outbox.add(draft)
        await self._trail.note(post.manager_id, "post_bundle", f"{post.id} {post.bundle} v{post.version}")

    async def _own(self, group_id: int, member: Member) -> tuple[Readers, Edition] | CatalogueRefusal:
        edition = await self._store.edition()
        if edition is None:
            return CatalogueRefusal.NO_CATALOGUE
        readers = await self._store.readers(group_id)
        if not may_be_posted(readers, await self._owners.acting_for(member.id)) or readers is None:
            return CatalogueRefusal.NO_GROUP
        return readers, edition

    def _selection(self, edition: Edition, readers: Readers, code: str) -> Selection | CatalogueRefusal:
        offered: Collection[Bundle] = bundles_for(edition.catalogue, readers.merchant)
        bundle = next((each for each in offered if each.code == code), None)
        if bundle is None:
            return CatalogueRefusal.NO_BUNDLE
        found = select_for_group(edition.catalogue, edition.version, bundle, readers.classes, self._today())
        return found if found.shown else CatalogueRefusal.NOTHING_LEFT

    async def _keep(
        self, newest: Edition | None, found: Catalogue, by: str, reason: str
    ) -> tuple[Edition, list[Change]]:
        old = flat(newest.catalogue) if newest else {}
        if newest is not None and newest.catalogue == found:
            return newest, []
        edition = Edition(newest.version + 1 if newest else 1, found, by, self._now(), reason)
        await self._store.add(edition)
        return edition, differences(old, flat(found))

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()
