"""Use cases of a promotion's life: load, check, submit, approve, reject, schedule, pause, resume, cancel, close."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.announcements.model import Announcement
from campaigns.catalogue.model import Change, Product
from campaigns.catalogue.rules import differences
from campaigns.checklists.model import Subject
from campaigns.deliveries.rules import Closing
from campaigns.experiments.model import GlobalControl
from campaigns.promotions import rules
from campaigns.promotions.checks import product_of
from campaigns.promotions.dry_runs import Check, DryRun
from campaigns.promotions.files import Loaded, read_promotion
from campaigns.promotions.model import (
    OVER,
    Act,
    Decision,
    Plan,
    PromotionRefusal,
    PromotionState,
    Review,
    Version,
)
from campaigns.promotions.ports import (
    Books,
    Catalogue,
    Examiner,
    Holding,
    Ledger,
    Outside,
    Pages,
    Preparations,
    PromotionStore,
    Supplies,
    Tasks,
    Trail,
)
from campaigns.promotions.records import digest_of, flat


class PromotionService:
    """Promotions inside one unit of work; `code` names one, its newest version is meant unless a number is given."""

    def __init__(
        self,
        store: PromotionStore,
        trail: Trail,
        ledger: Ledger,
        outside: Outside,
        catalogue: Catalogue,
        pages: Pages,
        examiner: Examiner,
        holding: Holding,
        books: Books,
        preparations: Preparations,
        supplies: Supplies,
        tasks: Tasks,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._trail = trail
        self._ledger = ledger
        self._outside = outside
        self._catalogue = catalogue
        self._pages = pages
        self._examiner = examiner
        self._holding = holding
        self._books = books
        self._preparations = preparations
        self._supplies = supplies
        self._tasks = tasks
        self._now = now
        self._zone = zone

    async def find(self, code: str, number: int | None = None) -> Version | None:
        """One version, the newest by default."""
        return await (self._store.newest(code) if number is None else self._store.version(code, number))

    async def versions(self, code: str | None = None) -> list[Version]:
        """Every version of one promotion, or of all, by code and the newest first."""
        return await self._store.versions(code)

    async def waiting(self) -> list[Version]:
        """What waits for a second person, the oldest submission first."""
        return await self._store.waiting()

    async def reviews(self, promotion_id: int) -> list[Review]:
        """What was decided of every version of a promotion, the oldest first."""
        return await self._store.reviews(promotion_id)

    async def read(self, text: str) -> Loaded:
        """A file, read against the catalogue of today.

        Raises:
            FileError: names every place that is wrong, what is wrong there, and its line.
        """
        edition, policy = await self._catalogue.edition(), await self._outside.policy()
        told = read_promotion(text, edition, policy, self._zone, await self._supplies.known())
        line = await self._examiner.line_of(told.plan.audience)
        return replace(told, plan=replace(told.plan, audience=line))

    async def examine(self, text: str) -> tuple[Version, Check]:
        """Look a file over as if it were loaded; nothing is kept.

        Raises:
            FileError: names every place that is wrong, what is wrong there, and its line.
        """
        told = await self.read(text)
        newest = await self._store.newest(told.code)
        number, promotion = (newest.number, newest.promotion_id) if newest else (1, 0)
        if newest is not None and (newest.submitted_at is not None or newest.state in OVER):
            number += 1  # What was submitted never changes: this would be the next.
        digest = digest_of(told.code, number, told.plan)
        draft = Version(promotion, told.code, number, PromotionState.DRAFT, told.plan, digest, 0, self._now())
        return draft, await self._examiner.check(draft)

    async def load(self, text: str, author_id: int) -> Version | PromotionRefusal:
        """Keep a file as a draft: in place of one that was not submitted yet, else as the next version.

        Raises:
            FileError: names every place that is wrong, what is wrong there, and its line.
        """
        if not await self._store.is_staff(author_id):
            return PromotionRefusal.NOT_STAFF
        told = await self.read(text)
        newest = await self._store.newest(told.code, lock=True)
        if newest is not None and newest.state not in OVER:
            return await self._edit(newest, told.plan, author_id)
        if newest is not None and newest.plan == told.plan:
            return PromotionRefusal.SAME_ALREADY
        return await self._add(told.code, newest, told.plan, author_id)

    async def diff(self, code: str, old: int | None = None, new: int | None = None) -> list[Change] | PromotionRefusal:
        """What changed between two versions, place by place; the newest against the one before, unless told."""
        later = await self.find(code, new)
        if later is None:
            return PromotionRefusal.NO_VERSION if await self.find(code) else PromotionRefusal.NO_PROMOTION
        earlier = await self.find(code, old if old is not None else later.number - 1)
        if earlier is None and old is not None:
            return PromotionRefusal.NO_VERSION
        return differences(flat(earlier.plan) if earlier else {}, flat(later.plan))

    async def check(self, code: str) -> tuple[Version, Check] | PromotionRefusal:
        """Look a draft over: it is checked when nothing is wrong, a draft again when something is."""
        version = await self._store.newest(code, lock=True)
        if version is None:
            return PromotionRefusal.NO_PROMOTION
        if version.submitted_at is not None:
            return PromotionRefusal.SUBMITTED_ALREADY
        checked = rules.act(version, Act.CHECK)
        if isinstance(checked, PromotionRefusal):
            return checked
        found = await self._examiner.check(version)
        draft = replace(version, state=PromotionState.DRAFT, checked_at=None)
        after = draft if found.faults else replace(checked, checked_at=self._now())
        await self._store.save(after)
        return after, found

    async def look_over(self, version: Version) -> Check:
        """All that is wrong with a version now, and its dry run; nothing is kept."""
        return await self._examiner.check(version)

    async def dry_run(self, code: str, number: int | None = None) -> DryRun | Check | PromotionRefusal:
        """What sending would do now; nothing is kept."""
        version = await self.find(code, number)
        return PromotionRefusal.NO_PROMOTION if version is None else await self._examiner.dry_run(version)

    async def submit(self, code: str, by: int) -> Version | Check | PromotionRefusal:
        """Hand a checked version to a second person; it is checked once more, and never changes from here on."""
        version = await self._store.newest(code, lock=True)
        submitted = PromotionRefusal.NO_PROMOTION if version is None else rules.submit(version, self._now())
        if isinstance(submitted, PromotionRefusal):
            return submitted
        found = await self._examiner.check(submitted)
        return found if found.faults else await self._kept(submitted, by, Act.SUBMIT)

    async def approve(self, code: str, digest: str, by: int, reason: str = "") -> Version | PromotionRefusal:
        """A second person lets the very content that was read pass; `digest` is at least the hash's first 12 signs."""
        version = await self._store.newest(code, lock=True)
        approved = PromotionRefusal.NO_PROMOTION if version is None else rules.approve(version, digest, by)
        if isinstance(approved, PromotionRefusal):
            return approved
        if not await self._store.is_staff(by):
            return PromotionRefusal.NOT_STAFF
        await self._review(approved, by, Decision.APPROVED, reason)
        return await self._kept(approved, by, Act.APPROVE)

    async def reject(self, code: str, digest: str, by: int, reason: str) -> Version | PromotionRefusal:
        """A second person sends it back: it stays as it was rejected; returns the next version, a draft of the same."""
        version = await self._store.newest(code, lock=True)
        rejected = PromotionRefusal.NO_PROMOTION if version is None else rules.reject(version, digest, by, reason)
        if isinstance(rejected, PromotionRefusal):
            return rejected
        if not await self._store.is_staff(by):
            return PromotionRefusal.NOT_STAFF
        await self._review(rejected, by, Decision.REJECTED, reason.strip())
        await self._kept(replace(rejected, ended_at=self._now()), by, Act.REJECT)
        return await self._add(code, rejected, rejected.plan, rejected.author_id)

    async def schedule(self, code: str, by: int) -> Version | Check | PromotionRefusal:
        """Let an approved version start at its time, by the run, the model and the rule page of this moment.

        It is checked once more: since it was read, a product, a page or the gate's words may have changed.
        """
        version = await self._store.newest(code, lock=True)
        if version is None:
            return PromotionRefusal.NO_PROMOTION
        if not await self._preparations.is_ready(Subject(version.promotion_id, version.number)):
            return PromotionRefusal.UNPREPARED
        basis = await self._store.basis()
        page = await self._pages.standing(version.plan.rule_page) if version.plan.rule_page else None
        if page is not None:
            basis = replace(basis, page=page.version, page_digest=page.digest)
        scheduled = rules.schedule(version, basis, self._now())
        if isinstance(scheduled, PromotionRefusal):
            return scheduled
        found = await self._examiner.check(version)
        return found if found.faults else await self._kept(scheduled, by, Act.SCHEDULE)

    async def pause(self, code: str, by: int) -> Version | PromotionRefusal:
        """Plan no more, and hold what waits."""
        version = await self._store.newest(code, lock=True)
        paused = PromotionRefusal.NO_PROMOTION if version is None else rules.act(version, Act.PAUSE)
        if isinstance(paused, PromotionRefusal):
            return paused
        await self._holding.hold(paused)
        return await self._kept(paused, by, Act.PAUSE)

    async def resume(self, code: str, by: int) -> Version | PromotionRefusal:
        """Go on with planning and sending."""
        version = await self._store.newest(code, lock=True)
        resumed = PromotionRefusal.NO_PROMOTION if version is None else rules.resume(version)
        if isinstance(resumed, PromotionRefusal):
            return resumed
        await self._holding.release(resumed)
        return await self._kept(resumed, by, Act.RESUME)

    async def cancel(self, code: str, by: int) -> Version | PromotionRefusal:
        """Stop for good: what waits is cancelled, nothing more is planned; it closes with the last call in flight.

        What managers were asked and have not done is asked no more.
        """
        version = await self._store.newest(code, lock=True)
        cancelled = PromotionRefusal.NO_PROMOTION if version is None else rules.cancel(version, self._now())
        if isinstance(cancelled, PromotionRefusal):
            return cancelled
        await self._ledger.cancel(cancelled.campaign)
        await self._outside.cancel(cancelled.campaign)
        await self._tasks.withdraw(cancelled.campaign, by, self._now())
        if cancelled.started_at is not None:
            await self._holding.release(cancelled)
        return await self._kept(cancelled, by, Act.CANCEL)

    async def close(self, code: str, by: int) -> Version | PromotionRefusal:
        """End it: only when everybody is planned and the equation closes."""
        version = await self._store.newest(code, lock=True)
        if version is None:
            return PromotionRefusal.NO_PROMOTION
        closed = rules.close(version, await self.closing(version), self._now())
        if isinstance(closed, PromotionRefusal):
            return closed
        await self._books.free(closed)
        await self._holding.release(closed)
        return await self._kept(closed, by, Act.CLOSE)

    async def evaluate(self, code: str, by: int | None = None) -> Version | PromotionRefusal:
        """Write down that its results were read; the next version can follow."""
        version = await self._store.newest(code, lock=True)
        evaluated = PromotionRefusal.NO_PROMOTION if version is None else rules.act(version, Act.EVALUATE)
        return evaluated if isinstance(evaluated, PromotionRefusal) else await self._kept(evaluated, by, Act.EVALUATE)

    async def closing(self, version: Version) -> Closing:
        """The closing equation over the chat's ledger and the channels outside of it; HELD_OUT counts too."""
        return await self._books.closing(version)

    async def suppressed(self, version: Version) -> Counter[str]:
        """Why messages of the chat were suppressed at the gate, by reason."""
        return (await self._store.deliveries(version))[1]

    async def product(self, version: Version) -> Product | None:
        """The product as the version's own edition of the catalogue has it."""
        return await product_of(self._catalogue, version)

    async def page(self, version: Version) -> Announcement | None:
        """The rule page by which it was scheduled; before that, the one that stands."""
        if version.plan.rule_page is None:
            return None
        number = version.basis.page if version.basis else None
        return await self._pages.standing(version.plan.rule_page, number)

    async def control(self) -> GlobalControl:
        """The one group that no promotion writes to."""
        return await self._store.global_control()

    async def set_control(self, control: GlobalControl, by: str) -> int:
        """Another global control, for what starts from now on; returns its version."""
        number = await self._store.set_global_control(control, by, self._now())
        await self._trail.note(None, "set_global_control", f"{number} {control.salt} {control.parts}")
        return number

    async def _edit(self, newest: Version, plan: Plan, author_id: int) -> Version | PromotionRefusal:
        digest = digest_of(newest.code, newest.number, plan)
        edited = rules.edit(newest, plan, digest, author_id, self._now())
        return edited if isinstance(edited, PromotionRefusal) else await self._kept(edited, author_id, Act.EDIT)

    async def _add(self, code: str, before: Version | None, plan: Plan, author_id: int) -> Version | PromotionRefusal:
        """The next version; of two who load a new promotion at once the second hears that a colleague was faster."""
        number = before.number + 1 if before else 1
        digest, now = digest_of(code, number, plan), self._now()
        draft = Version(0, code, number, PromotionState.DRAFT, plan, digest, author_id, now)
        added = await self._store.add(code, draft)
        if added is None:
            return PromotionRefusal.LOADED_AT_ONCE
        await self._trail.note(author_id, "promotion_draft", _subject(added))
        return added

    async def _review(self, version: Version, by: int, decision: Decision, reason: str) -> None:
        review = Review(
            version.promotion_id,
            version.number,
            version.digest,
            version.author_id,
            by,
            decision,
            reason[: rules.LONGEST_REASON],
            self._now(),
        )
        await self._store.add_review(review)

    async def _kept(self, version: Version, by: int | None, done: Act) -> Version:
        await self._store.save(version)
        await self._trail.note(by, f"promotion_{done}", _subject(version))
        return version


def newest_of(versions: Sequence[Version]) -> list[Version]:
    """The newest version of each promotion, in the order given."""
    seen: set[str] = set()
    return [each for each in versions if not (each.code in seen or seen.add(each.code))]  # type: ignore[func-returns-value]


def _subject(version: Version) -> str:
    return f"{version.code} v{version.number} {version.digest[:12]}"
