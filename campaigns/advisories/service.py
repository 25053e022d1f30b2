"""Use cases of advice: write it for one customer and product, and send what was shown by the manager's tap."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from campaigns.advisories.model import Advisory, AdvisoryRefusal, Argument, Draft, Reader
from campaigns.advisories.rules import APART, argue, choose, send
from campaigns.catalogue.model import CustomerBundle, Product
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.deliveries.model import Draft as LedgerDraft
from campaigns.deliveries.model import Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member

CAMPAIGN_PREFIX = "advisory:"
LIVES = timedelta(days=3)


class AdvisoryStore(Protocol):
    """What advice needs of the database."""

    async def reader(self, customer_id: UUID) -> Reader | None:
        """The account of a customer that can be written to."""
        ...

    async def add(self, advisory: Advisory) -> Advisory:
        """Keep a draft; returns it with its id."""
        ...

    async def lock(self, advisory_id: int) -> Advisory | None:
        """One of them, locked together with its customer until the transaction ends."""
        ...

    async def sent_since(self, customer_id: UUID, product: str, since: datetime) -> bool:
        """Whether advice on a product went to a customer since then."""
        ...

    async def set_sent(self, advisory: Advisory) -> None:
        """Write down that it was sent and to whom."""
        ...


class Bundles(Protocol):
    """What a customer gets of the catalogue."""

    async def of_customer(self, customer_id: UUID) -> CustomerBundle | None:
        """The bundle with what may be shown; None while there is no catalogue."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class AdvisoryWording(Protocol):
    """The sentences of advice."""

    def text(self, argument: Argument, manager: str, language: Language) -> Message:
        """What the customer reads."""
        ...


class AdvisoryService:
    """Advice inside one unit of work."""

    def __init__(
        self,
        store: AdvisoryStore,
        bundles: Bundles,
        trail: Trail,
        outbox: Outbox,
        wording: AdvisoryWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._bundles = bundles
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def draft(self, customer_id: UUID, code: str, by: Member) -> Draft | AdvisoryRefusal:
        """Write advice and keep what it says as a draft; nothing is sent."""
        found = await self._written(customer_id, code, by)
        if isinstance(found, AdvisoryRefusal):
            return found
        return replace(found, advisory=await self._store.add(found.advisory))

    async def send(self, advisory_id: int, by: Member) -> Draft | AdvisoryRefusal:
        """Send just what was shown, once; where the facts have changed it must be written anew."""
        ready = send(await self._store.lock(advisory_id), by.id, self._now())
        if isinstance(ready, AdvisoryRefusal):
            return ready
        found = await self._written(ready.customer_id, ready.product, by)
        if isinstance(found, AdvisoryRefusal):
            return found
        if found.advisory.digest != ready.digest:
            return AdvisoryRefusal.STALE
        if found.reader is None:
            return AdvisoryRefusal.UNREACHABLE
        if await self._store.sent_since(ready.customer_id, ready.product, self._now() - APART):
            return AdvisoryRefusal.SENT_LATELY
        sent = replace(ready, sent_to=found.reader.member_id)
        await self._store.set_sent(sent)
        await self._outbox.add(self._delivery(sent, found.argument.product, found.message))
        await self._trail.note(by.id, "send_advice", f"{sent.id} {sent.product} v{sent.version}")
        return replace(found, advisory=sent)

    async def _written(self, customer_id: UUID, code: str, by: Member) -> Draft | AdvisoryRefusal:
        bundle = await self._bundles.of_customer(customer_id)
        product = choose(bundle.selection if bundle else None, code)
        if bundle is None or isinstance(product, AdvisoryRefusal):
            return product if isinstance(product, AdvisoryRefusal) else AdvisoryRefusal.NO_PRODUCT
        argument, reader = argue(product, bundle.profile), await self._store.reader(customer_id)
        message = self._wording.text(argument, by.name, reader.language if reader else by.language)
        if is_blocked(message.text, argument):
            return AdvisoryRefusal.BAD_WORDS
        pros, cons, digest = argument.pros, argument.cons, hashlib.sha256(message.text.encode()).hexdigest()
        advisory = Advisory(0, customer_id, code, bundle.version, pros, cons, digest, by.id, self._now())
        return Draft(advisory, argument, message, reader)

    def _delivery(self, sent: Advisory, product: Product, message: Message) -> LedgerDraft:
        assert sent.sent_to is not None
        now = self._now()
        name, lives = f"{CAMPAIGN_PREFIX}{sent.id}", now + LIVES
        return LedgerDraft(
            name,
            sent.product,
            sent.sent_to,
            message,
            Kind.MARKETING,
            now,
            lives,
            product=product.code,
            risk=product.grade,
        )


def is_blocked(text: str, argument: Argument) -> bool:
    """Whether the gate of words would keep it from its reader."""
    product = argument.product
    context = Context(
        kind=product.kind,
        risk_level=product.grade,
        venue=Venue.PRIVATE,
        customer_risk=argument.profile.appetite,
    )
    return check(text, context).outcome is Outcome.BLOCK
