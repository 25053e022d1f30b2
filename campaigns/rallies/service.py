"""Use cases of an organiser: load an event's file, choose groups, look at the rules, announce, see the figures."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.announcements.model import Announcement, Unfavourable
from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.model import Draft, Kind
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.rallies.changes import taken
from campaigns.rallies.checks import partners_of
from campaigns.rallies.configuration import published, read_published
from campaigns.rallies.medals import campaign
from campaigns.rallies.model import (
    Loaded,
    Placing,
    Rally,
    RallyFigures,
    RallyPlan,
    RallyPreview,
    RallyRefusal,
    RallyState,
    TakenAway,
)
from campaigns.rallies.ports import RallyStore, RallyWording, Trail
from campaigns.rallies.reading import read_rally
from campaigns.rallies.rules import PUBLIC, Step, may_run, move, why_not_replaced

LONGEST_PAGE = 3_700  # A message takes 4,096 UTF-16 units, and version, hash and buttons' words need theirs.


class RallyService:
    """Events as their organisers make them, inside one unit of work."""

    def __init__(
        self,
        store: RallyStore,
        announcements: AnnouncementService,
        trail: Trail,
        outbox: Outbox,
        wording: RallyWording,
        zone: ZoneInfo,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._announcements = announcements
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._zone = zone
        self._now = now

    async def load(self, text: str, by: Member) -> Loaded | RallyRefusal | TakenAway:
        """Store a file as a draft, or in the place of the one with its code.

        What is published is only changed in the customers' favour: as a new version of the rules, posted again where
        the first was.

        Raises:
            RallyFileError: says everything that is wrong with the file.
        """
        partners = await self._store.partners()
        plan = read_rally(text, self._now(), self._zone, partners)
        if any(_units(self._wording.page(plan, language)) > LONGEST_PAGE for language in Language):
            return RallyRefusal.PAGE_TOO_LONG
        known = {name: partners[name] for name in partners_of(plan)}
        await self._store.lock_code(plan.code)
        standing = await self._store.by_code(plan.code)
        if standing is None:
            made = await self._store.create(plan, by.id, known, self._now())
            await self._trail.note(by.id, "load_rally", plan.code)
            return Loaded(made, is_new=True)
        return await self._replace(standing, plan, known, by)

    async def all(self) -> list[Rally]:
        """Every event, the latest first."""
        return await self._store.all()

    async def find(self, rally_id: int) -> Rally | None:
        """One event."""
        return await self._store.find(rally_id)

    async def by_code(self, code: str) -> Rally | None:
        """The event with this code."""
        return await self._store.by_code(code)

    async def figures(self, rally_id: int) -> RallyFigures | None:
        """An event at one look."""
        rally = await self._store.find(rally_id)
        return await self._store.figures(rally) if rally else None

    async def rules(self, rally: Rally, language: Language) -> str:
        """The rules as they hold: those announced, or of a draft as they would be."""
        standing = await self._announcements.standing(campaign(rally))
        if standing is None:
            return self._wording.page(rally.plan, language)
        return standing.text_zh if language is Language.ZH else standing.text_en

    async def announced_rules(self, rally_id: int, language: Language) -> str | None:
        """The rules for everybody; a draft's are nobody's business yet."""
        rally = await self._store.find(rally_id)
        return await self.rules(rally, language) if rally and rally.state is not RallyState.DRAFT else None

    async def placing(self, rally_id: int, by: Member) -> Placing | RallyRefusal:
        """The groups in which an event may be announced, and those that are chosen."""
        rally = await self._own(rally_id, by)
        if isinstance(rally, RallyRefusal):
            return rally
        if rally.state not in PUBLIC | {RallyState.DRAFT} or rally.ends_at <= self._now():
            return RallyRefusal.OVER
        announced = await self._store.chosen(rally.id)
        own = {group.id: group for group in [*announced, *await self._store.groups_of(by.id)]}
        told = frozenset(group.id for group, version in announced.items() if version is not None)
        return Placing(rally, tuple(own.values()), frozenset(group.id for group in announced), told)

    async def toggle(self, rally_id: int, group_id: int | None, by: Member) -> Placing | RallyRefusal:
        """Choose a group or leave it out; without one all of them, or none where all are chosen."""
        found = await self.placing(rally_id, by)
        if isinstance(found, RallyRefusal):
            return found
        every = frozenset(group.id for group in found.groups)
        if group_id is None:
            chosen = every if found.chosen != every else frozenset()
        else:
            chosen = (found.chosen ^ {group_id}) & every
        await self._store.choose(rally_id, chosen | found.told)
        return await self.placing(rally_id, by)

    async def preview(self, rally_id: int, by: Member) -> RallyPreview | RallyRefusal:
        """The rules as they will be posted, and how many people that reaches."""
        found = await self.placing(rally_id, by)
        if isinstance(found, RallyRefusal):
            return found
        fresh = found.chosen - found.told
        if not fresh:
            return RallyRefusal.NO_GROUP
        return RallyPreview(found, await self.rules(found.rally, by.language), await self._store.heads(fresh))

    async def announce(self, rally_id: int, by: Member) -> Rally | RallyRefusal:
        """Publish the rules and post them in the chosen groups; a group that has this version gets nothing again."""
        await self._store.lock(rally_id)
        found = await self.preview(rally_id, by)
        if isinstance(found, RallyRefusal):
            return found
        rally = found.placing.rally
        made = await self._publish(rally.plan)
        assert not isinstance(made, Unfavourable)  # Loading has made sure of it.
        if rally.state is RallyState.DRAFT:
            state = move(rally.state, Step.ANNOUNCE)
            assert isinstance(state, RallyState)
            await self._store.move(rally.id, state, self._now())
        await self._post(rally, made)
        await self._trail.note(by.id, "announce_rally", rally.code)
        return await self._store.find(rally.id) or RallyRefusal.NO_RALLY

    async def _own(self, rally_id: int, by: Member) -> Rally | RallyRefusal:
        rally = await self._store.find(rally_id)
        if rally is None:
            return RallyRefusal.NO_RALLY
        return rally if may_run(rally, by) else RallyRefusal.NOT_YOURS

    async def _replace(
        self, standing: Rally, plan: RallyPlan, partners: dict[str, int], by: Member
    ) -> Loaded | RallyRefusal | TakenAway:
        rally = await self._store.lock(standing.id)
        assert rally is not None
        if not may_run(rally, by):
            return RallyRefusal.NOT_YOURS
        if refusal := why_not_replaced(rally):
            return refusal
        if rally.state is RallyState.DRAFT:
            return Loaded(await self._store.replace(rally, plan, partners), is_new=False)
        if places := taken(rally.plan, plan):
            return TakenAway(places)
        changed = await self._store.replace(rally, plan, partners)
        made = await self._publish(plan)
        if isinstance(made, Unfavourable):
            return TakenAway(taken(read_published(made.standing.configuration), plan))
        await self._post(changed, made)
        await self._trail.note(by.id, "change_rally", f"{plan.code} v{made.version}")
        return Loaded(changed, is_new=False, version=made.version)

    async def _publish(self, plan: RallyPlan) -> Announcement | Unfavourable:
        zh, en = (self._wording.page(plan, language) for language in (Language.ZH, Language.EN))
        return await self._announcements.keep(
            f"rally:{plan.code}", published(plan), zh, en, lambda old: not taken(read_published(old), plan)
        )

    async def _post(self, rally: Rally, made: Announcement) -> None:
        """Each version once in each group that is chosen."""
        announced = await self._store.chosen(rally.id)
        behind = [group for group, version in announced.items() if version != made.version]
        now = self._now()
        drafts = [
            Draft(
                campaign(rally),
                f"rules:{made.version}",
                group.chat_id,
                self._wording.post(rally, made.text_zh, made.version, made.digest, group),
                Kind.SERVICE,
                now,
                pin=True,
            )
            for group in behind
        ]
        await self._outbox.add(*drafts)
        await self._store.posted(rally.id, [group.id for group in behind], made.version)


def _units(text: str) -> int:
    """The length of a text as the platform counts it."""
    return len(text.encode("utf-16-le")) // 2
