"""The newest run at a glance, and its lists page by page; plain enough for the bot, every line shown is recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from campaigns.customers.class_lists import ClassLine, ListKind, Migration
from campaigns.customers.lookups import Lookup, Occasion
from campaigns.customers.report import Quadrant
from campaigns.members.model import Member

PAGE = 8


@dataclass(frozen=True)
class RunView:
    """What a stored run says of everybody: `classes` and `report` as `segmentation.summary` makes them.

    `lines` are the policy's own: of both values, of the watch list and of a churn warning.
    """

    id: UUID
    as_of: date
    policy_version: int
    classes: tuple[Mapping[str, Any], ...]
    report: Mapping[str, Any]
    lines: Mapping[str, float]

    @property
    def sizes(self) -> Mapping[str, int]:
        """Customers per letter."""
        return {entry["letter"]: entry["customers"] for entry in self.classes}

    @property
    def churn_bounds(self) -> tuple[float, float] | None:
        """From where on a churn score is middling and high."""
        watch, warning = self.lines.get("watch_line"), self.lines.get("churn_line")
        return None if watch is None or warning is None else (watch, warning)

    @property
    def assets_fen(self) -> Mapping[str, int]:
        """The sum of assets per letter."""
        return {entry["letter"]: entry["assets_fen"] for entry in self.classes}


@dataclass(frozen=True)
class Overview:
    """The newest run, and who moved since the run of the day before it."""

    run: RunView
    migration: Migration | None


class ListedCustomer(NamedTuple):
    """One line of a list; `name` is masked, None where no contact is known."""

    customer_id: UUID
    line: ClassLine
    name: str | None


@dataclass(frozen=True)
class ListPage:
    """One page of a list, counted from 1; `churn_bounds` are the policy's lines that make a churn score a word."""

    kind: ListKind
    as_of: date
    page: int
    total: int
    customers: tuple[ListedCustomer, ...]
    churn_bounds: tuple[float, float] | None = None

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return pages(self.total)


class OverviewStore(Protocol):
    """Where stored runs are read."""

    async def newest_run(self) -> RunView | None:
        """The run of the latest day, and of that day's the latest."""
        ...

    async def migration(self, run: RunView) -> Migration | None:
        """Who moved since the run of the day before; None when there is none."""
        ...

    async def quadrant(self, run: RunView) -> Quadrant:
        """What the picture needs: the lines, the sizes and a sample."""
        ...

    async def count(self, kind: ListKind, run: RunView, manager: int) -> int:
        """How many customers a list has; `manager` is asked for by the list of the own groups."""
        ...

    async def part(
        self, kind: ListKind, run: RunView, manager: int, *, offset: int, limit: int
    ) -> list[ListedCustomer]:
        """A part of a list in its order."""
        ...


class LookupLog(Protocol):
    """Where it is kept who looked at whom."""

    async def record(self, lookups: Sequence[Lookup]) -> None:
        """Append to the log."""
        ...


class OverviewService:
    """Shows the newest run and its lists."""

    def __init__(self, store: OverviewStore, log: LookupLog, now: Callable[[], datetime]) -> None:
        self._store = store
        self._log = log
        self._now = now

    async def overview(self) -> Overview | None:
        """The newest run with its migration; None before the first run."""
        run = await self._store.newest_run()
        return Overview(run, await self._store.migration(run)) if run else None

    async def quadrant(self, run: RunView) -> Quadrant:
        """What the picture of a run shows."""
        return await self._store.quadrant(run)

    async def page(self, kind: ListKind, page: int, member: Member) -> ListPage | None:
        """One page of a list, the last one where the list is shorter; None before the first run."""
        run = await self._store.newest_run()
        if run is None:
            return None
        total = await self._store.count(kind, run, member.id)
        at = min(max(page, 1), pages(total))
        part = await self._store.part(kind, run, member.id, offset=(at - 1) * PAGE, limit=PAGE)
        now = self._now()
        await self._log.record([Lookup(now, member.id, each.customer_id, Occasion.LIST) for each in part])
        return ListPage(kind, run.as_of, at, total, tuple(part), run.churn_bounds)


def pages(total: int) -> int:
    """How many pages a list of so many customers has, at least one."""
    return max(-(-total // PAGE), 1)
