"""What the use cases of promotions ask of the world: rows, ledgers, products, pages, checks, and who holds what."""

from collections import Counter
from datetime import datetime
from typing import Protocol

from campaigns.announcements.model import Announcement
from campaigns.catalogue.model import Edition
from campaigns.channels.model import ChannelPolicy
from campaigns.checklists.model import Subject
from campaigns.deliveries.model import State
from campaigns.deliveries.rules import Closing
from campaigns.experiments.model import GlobalControl
from campaigns.promotions.dry_runs import Check, DryRun
from campaigns.promotions.model import (
    Basis,
    Review,
    Version,
)


class PromotionStore(Protocol):
    """What promotions need of the database."""

    async def newest(self, code: str, *, lock: bool = False) -> Version | None: ...
    async def version(self, code: str, number: int) -> Version | None: ...
    async def versions(self, code: str | None = None) -> list[Version]: ...
    async def waiting(self) -> list[Version]: ...
    async def add(self, code: str, version: Version) -> Version | None: ...
    async def save(self, version: Version) -> None: ...
    async def add_review(self, review: Review) -> None: ...
    async def reviews(self, promotion_id: int) -> list[Review]: ...
    async def is_staff(self, member_id: int) -> bool: ...
    async def basis(self) -> Basis: ...
    async def global_control(self) -> GlobalControl: ...
    async def set_global_control(self, control: GlobalControl, by: str, now: datetime) -> int: ...
    async def deliveries(self, version: Version) -> tuple[Counter[State], Counter[str]]: ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int | None, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class Ledger(Protocol):
    """What promotions ask of the delivery ledger, and of the channels outside of the chat."""

    async def cancel(self, campaign: str, step: str | None = None) -> int:
        """Cancel what has not left yet; returns how many."""
        ...


class Outside(Ledger, Protocol):
    """The channels outside of the chat."""

    async def policy(self) -> ChannelPolicy:
        """What contacts cost."""
        ...


class Tasks(Protocol):
    """What managers are asked to do."""

    async def withdraw(self, campaign: str, by: int, now: datetime) -> int:
        """What a campaign asked and nobody did yet is asked no more; returns how many."""
        ...


class Catalogue(Protocol):
    """What is on sale."""

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version, the newest by default."""
        ...


class Supplies(Protocol):
    """What can be handed out."""

    async def known(self) -> frozenset[str]:
        """The subjects that can be handed out now, such as voucher:pay-50."""
        ...


class Pages(Protocol):
    """Published rule pages."""

    async def standing(self, subject: str, version: int | None = None) -> Announcement | None:
        """What holds for a subject now, or one version of its page."""
        ...


class Examiner(Protocol):
    """Who looks a version over before anybody else does."""

    async def check(self, version: Version) -> Check:
        """All that is wrong with a version, and its dry run where there can be one."""
        ...

    async def dry_run(self, version: Version) -> DryRun | Check:
        """What sending would do, or why that cannot be told."""
        ...

    async def line_of(self, audience: str) -> str:
        """The line behind a saved audience's name, or the line itself."""
        ...


class Books(Protocol):
    """How a version's messages stand."""

    async def closing(self, version: Version) -> Closing:
        """Its closing equation."""
        ...

    async def free(self, version: Version) -> None:
        """Let the next version plan whom nothing left to."""
        ...


class Holding(Protocol):
    """What holds a paused campaign's messages."""

    async def hold(self, version: Version) -> None:
        """Let nothing of it leave from now on."""
        ...

    async def release(self, version: Version) -> None:
        """Let what waits go on."""
        ...


class Preparations(Protocol):
    """What the departments have ready (S-182)."""

    async def is_ready(self, subject: Subject) -> bool:
        """Whether the version may be scheduled."""
        ...
