"""What the use cases of rallies need of others: their store, and their words."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.groups.model import Group
from campaigns.members.model import Language
from campaigns.rallies.model import (
    BoothState,
    Medal,
    Rally,
    RallyFigures,
    RallyMember,
    RallyPlan,
    RallyState,
)


class RallyStore(Protocol):
    """Rallies in one transaction."""

    async def lock_code(self, code: str) -> None:
        """Let nobody else load an event of this code until the transaction ends."""
        ...

    async def create(self, plan: RallyPlan, organiser_id: int, partners: Mapping[str, int], now: datetime) -> Rally:
        """Store a plan as a draft with a secret of its own."""
        ...

    async def replace(self, rally: Rally, plan: RallyPlan, partners: Mapping[str, int]) -> Rally:
        """Put a plan in the place of the one that stands; booths that it lacks go, the others keep their numbers."""
        ...

    async def partners(self) -> dict[str, int]:
        """The ids of all partners by name."""
        ...

    async def find(self, rally_id: int) -> Rally | None:
        """One rally with its booths, unlocked."""
        ...

    async def by_code(self, code: str) -> Rally | None:
        """The rally with this code, unlocked."""
        ...

    async def lock(self, rally_id: int) -> Rally | None:
        """One rally, its row locked until the transaction ends."""
        ...

    async def all(self) -> list[Rally]:
        """Every rally, the latest first."""
        ...

    async def of_member(self, member_id: int, *, with_settled: bool = False) -> list[Rally]:
        """The rallies that somebody takes part in, the latest first; those that are settled only on request."""
        ...

    async def due(self, now: datetime) -> list[int]:
        """Announced rallies past their start and running ones past their end."""
        ...

    async def move(self, rally_id: int, state: RallyState, now: datetime) -> None:
        """Put a rally into a state."""
        ...

    async def begin_now(self, rally: Rally, now: datetime) -> None:
        """Let an event begin before its hour, and with it every booth that was to open then."""
        ...

    async def set_booth(self, booth_id: int, state: BoothState, reason: str | None) -> None:
        """Open a booth, or pause it for a reason."""
        ...

    async def figures(self, rally: Rally) -> RallyFigures:
        """An event at one look."""
        ...

    async def groups_of(self, manager_id: int) -> list[Group]:
        """A manager's groups."""
        ...

    async def chosen(self, rally_id: int) -> dict[Group, int | None]:
        """The groups chosen for a rally, each with the version that was posted there last."""
        ...

    async def choose(self, rally_id: int, groups: Collection[int]) -> None:
        """Choose these groups, and no others of those that nothing was posted in."""
        ...

    async def posted(self, rally_id: int, groups: Collection[int], version: int) -> None:
        """Remember which version was posted in groups."""
        ...

    async def heads(self, groups: Collection[int]) -> int:
        """How many people groups hold, each counted once."""
        ...

    async def join(self, rally_id: int, member_id: int, source: str, now: datetime) -> tuple[RallyMember, bool]:
        """Let somebody take part; says whether that is new. The first source stays."""
        ...

    async def stamped(self, rally_id: int, member_id: int) -> frozenset[str]:
        """The codes of the booths whose stamps somebody has; void ones do not count."""
        ...

    async def medals(self, rally_id: int, member_id: int) -> list[Medal]:
        """Somebody's medals of a rally."""
        ...

    async def member(self, rally_id: int, member_id: int) -> RallyMember | None:
        """Somebody who takes part."""
        ...


class RallyWording(Protocol):
    """The sentences of rallies that are published or put into the ledger."""

    def page(self, plan: RallyPlan, language: Language) -> str:
        """The whole rule page in one language."""
        ...

    def post(self, rally: Rally, page: str, version: int, digest: str, group: Group) -> Message:
        """The rule page as a group reads it."""
        ...

    def opened(self, rally: Rally, group: Group) -> Message:
        """What a group hears when the event begins."""
        ...

    def closed(self, rally: Rally) -> Message:
        """What a group hears when the event is over."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...
