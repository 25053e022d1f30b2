"""What staff do with promotions at their desk: look at one as it stands, and move it on where nobody was faster."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from campaigns.catalogue.model import CLASSES, Class
from campaigns.channels.model import Channel
from campaigns.checklists.model import Checklist, Subject
from campaigns.checklists.service import ChecklistService
from campaigns.deliveries.rules import Closing
from campaigns.experiments.model import Place
from campaigns.halts.model import Halt
from campaigns.halts.rules import covers
from campaigns.members.model import Member
from campaigns.promotions.conclusions import Conclusion
from campaigns.promotions.dry_runs import Check
from campaigns.promotions.model import Act, PromotionRefusal, Version
from campaigns.promotions.recipients import Exclusion
from campaigns.promotions.service import PromotionService, newest_of

Tallied = tuple[str, str | None, str | None, str | None, str | None, int]  # Class, place, arm, channel, why not, heads.
BY_CODE: Mapping[str, Class] = {each.value: each for each in CLASSES}


@dataclass(frozen=True)
class Card:
    """A promotion as it stands: whom it reaches, its equation, who takes part, what is ready.

    `heads` counts those who are written to, `interested` those who answered that they are interested.
    """

    version: Version
    author: str
    closing: Closing
    interested: int
    checklist: Checklist
    names: Mapping[int, str]
    heads: Mapping[tuple[Class, Channel], int]
    held_out: int
    global_control: int
    excluded: Mapping[Exclusion, int]
    halts: tuple[Halt, ...] = ()
    conclusion: Conclusion | None = None


class Counts(Protocol):
    """What the desk needs to know of recipients."""

    async def tally(self, version: Version) -> list[Tallied]:
        """Recipients by class, place, arm, channel and reason of exclusion."""
        ...

    async def interested(self, version: Version) -> int:
        """How many customers answered since a version started that they are interested."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Halts(Protocol):
    """What is stopped."""

    async def in_force(self) -> list[Halt]:
        """Every stop that holds messages."""
        ...


class Results(Protocol):
    """What was concluded of promotions."""

    async def concluded(self, promotion_id: int) -> Conclusion | None:
        """The main figures of the newest version whose results were concluded."""
        ...


class PromotionDesk:
    """The desk inside one unit of work."""

    def __init__(
        self,
        promotions: PromotionService,
        counts: Counts,
        people: People,
        checklists: ChecklistService,
        halts: Halts,
        results: Results,
    ) -> None:
        self._halts = halts
        self._results = results
        self._promotions = promotions
        self._counts = counts
        self._people = people
        self._checklists = checklists

    async def newest(self) -> list[Version]:
        """The newest version of every promotion."""
        return newest_of(await self._promotions.versions())

    async def card(self, code: str) -> Card | None:
        """One promotion by its newest version."""
        version = await self._promotions.find(code)
        if version is None:
            return None
        checklist = await self._checklists.find(Subject(version.promotion_id, version.number))
        known = {version.author_id, *(mark.member_id for mark in checklist.marks)}
        people = await self._people.many([*known, *([checklist.override.member_id] if checklist.override else [])])
        names = {number: who.name for number, who in people.items()}
        rows = await self._counts.tally(version)
        return Card(
            version=version,
            author=names.get(version.author_id, str(version.author_id)),
            closing=await self._promotions.closing(version),
            interested=await self._counts.interested(version),
            checklist=checklist,
            names=names,
            heads=_heads(rows),
            held_out=_at(rows, Place.HELD_OUT),
            global_control=_at(rows, Place.GLOBAL_CONTROL),
            excluded=_excluded(rows),
            halts=await self._holding(version),
            conclusion=await self._results.concluded(version.promotion_id),
        )

    async def _holding(self, version: Version) -> tuple[Halt, ...]:
        """The stops that hold this promotion's messages now."""
        product = version.plan.product.code if version.plan.product else None
        return tuple(each for each in await self._halts.in_force() if covers(each.aim, version.campaign, product))

    async def act(self, code: str, number: int, wanted: Act, by: Member) -> Version | Check | PromotionRefusal:
        """Do what a button says, unless the promotion has another version by now."""
        version = await self._promotions.find(code)
        if version is None or version.number != number:
            return PromotionRefusal.NO_PROMOTION if version is None else PromotionRefusal.CHANGED
        match wanted:
            case Act.CHECK:
                found = await self._promotions.check(code)
                return found if isinstance(found, PromotionRefusal) else found[1]
            case Act.SCHEDULE:
                return await self._promotions.schedule(code, by.id)
            case Act.PAUSE:
                return await self._promotions.pause(code, by.id)
            case Act.RESUME:
                return await self._promotions.resume(code, by.id)
            case Act.CLOSE:
                return await self._promotions.close(code, by.id)
            case Act.CANCEL:
                return await self._promotions.cancel(code, by.id)
            case _:
                return PromotionRefusal.NOT_NOW


def _heads(rows: list[Tallied]) -> dict[tuple[Class, Channel], int]:
    found: Counter[tuple[Class, Channel]] = Counter()
    for standing, place, _, channel, _, heads in rows:
        if place == Place.ARM and channel and standing in BY_CODE:
            found[(BY_CODE[standing], Channel(channel))] += heads
    return dict(found)


def _at(rows: list[Tallied], wanted: Place) -> int:
    return sum(heads for _, place, _, _, _, heads in rows if place == wanted)


def _excluded(rows: list[Tallied]) -> dict[Exclusion, int]:
    found: Counter[Exclusion] = Counter()
    for *_, excluded, heads in rows:
        if excluded:
            found[Exclusion(excluded)] += heads
    return dict(found)
