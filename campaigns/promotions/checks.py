"""Looking a version over before anybody else does: words, audience, product, rule page, budget; and its dry run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.announcements.model import Announcement
from campaigns.audiences.model import Audience, Expression, Fault, Frame, Sampled
from campaigns.catalogue.model import Advice, Class, Edition, Product
from campaigns.compliance.model import GatePolicy
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check, text_of
from campaigns.deliveries.model import Message
from campaigns.experiments.model import GlobalControl
from campaigns.members.model import Language
from campaigns.promotions.conclusions import Conclusion
from campaigns.promotions.dry_runs import Check, DryRun, reckon
from campaigns.promotions.faults import CheckCode, CheckFault
from campaigns.promotions.model import Measure, Version
from campaigns.promotions.recipients import Heads
from campaigns.promotions.supplies import RunOut, Supply, gone, rate_of, run_out


class Counting(Protocol):
    """What counting a promotion's audience needs of the database."""

    async def frame(self, run: UUID | None) -> Frame: ...
    async def count(
        self, version: Version, expression: Expression, frame: Frame, control: GlobalControl, now: datetime
    ) -> tuple[list[Heads], int]: ...


class Audiences(Protocol):
    """Whom a line means."""

    def understand(self, line: str, me: int | None = None) -> Expression | Fault: ...
    async def find(self, name: str) -> Audience | None: ...
    async def sample(self, expression: Expression) -> tuple[Sampled, ...]: ...


class Controls(Protocol):
    """The one global control."""

    async def global_control(self, at: datetime | None = None) -> GlobalControl: ...


class Catalogue(Protocol):
    """What is on sale."""

    async def edition(self, version: int | None = None) -> Edition | None: ...


class Pages(Protocol):
    """Published rule pages."""

    async def standing(self, subject: str) -> Announcement | None: ...


class Hours(Protocol):
    """The gate's numbers: quiet hours and the bank's zone."""

    async def policy(self) -> GatePolicy: ...


class Supplies(Protocol):
    """What can be handed out, and what is left of it."""

    async def find(self, subject: str) -> Supply | None: ...


class Results(Protocol):
    """What was concluded of promotions."""

    async def concluded(self, promotion_id: int) -> Conclusion | None: ...


class PromotionWording(Protocol):
    """What a customer reads of a promotion."""

    def message(self, version: Version, arm: str, language: Language, notice: str) -> Message:
        """The final message of an arm in the private chat, with the product's risk notice."""
        ...

    def script(self, version: Version, arm: str, notice: str) -> str:
        """The same outside of the chat: without buttons, in Chinese."""
        ...


class PromotionExaminer:
    """Implements `campaigns.promotions.service.Examiner` inside one unit of work."""

    def __init__(
        self,
        counting: Counting,
        audiences: Audiences,
        controls: Controls,
        catalogue: Catalogue,
        pages: Pages,
        hours: Hours,
        supplies: Supplies,
        results: Results,
        wording: PromotionWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._hours = hours
        self._supplies = supplies
        self._results = results
        self._counting = counting
        self._audiences = audiences
        self._controls = controls
        self._catalogue = catalogue
        self._pages = pages
        self._wording = wording
        self._now = now
        self._zone = zone

    async def check(self, version: Version) -> Check:
        """All that is wrong with a version, one sentence each, and its dry run where there can be one."""
        faults = [
            *self._late(version),
            *check_words(version, await self._notices(version), self._wording),
            *await self._product(version),
            *await self._page(version),
            *await self._supply(version),
        ]
        found = await self.dry_run(version)
        if isinstance(found, Check):
            return Check((*faults, *found.faults))
        return Check((*faults, *_sums(found)), found)

    async def dry_run(self, version: Version) -> DryRun | Check:
        """What sending would do now, or why the audience cannot be counted.

        A version that is scheduled is reckoned as it will be planned: by its own run, and by the control of its start.
        """
        expression = self._audiences.understand(version.plan.audience, version.author_id)
        if isinstance(expression, Fault):
            facts: Mapping[str, str | int] = {"position": expression.start + 1, "found": expression.found}
            return Check((CheckFault(CheckCode.AUDIENCE, facts),))
        frame = await self._counting.frame(version.basis.run if version.basis else None)
        control = await self._controls.global_control(version.started_at)
        heads, undecided = await self._counting.count(version, expression, frame, control, self._now())
        sample, policy = await self._audiences.sample(expression), await self._hours.policy()
        never = await barred(self._catalogue, version)
        found = reckon(version, heads, never, undecided, sample, policy, self._now())
        return replace(found, run_out=await self._run_out(found))

    async def line_of(self, audience: str) -> str:
        """The line itself where a saved audience is named: what is approved must not change with what is saved."""
        saved = await self._audiences.find(audience)
        return saved.expression if saved else audience

    def _late(self, version: Version) -> list[CheckFault]:
        is_late = version.plan.closes_at <= self._now()
        return [CheckFault(CheckCode.TOO_LATE, {"until": _said(version.plan.closes_at, self._zone)})] if is_late else []

    async def _product(self, version: Version) -> list[CheckFault]:
        plan = version.plan
        product = await product_of(self._catalogue, version)
        if product is None:
            return []
        first, last = (moment.astimezone(self._zone).date() for moment in (plan.opens_at, plan.closes_at))
        faults = []
        if not (product.first <= first and last <= product.last):
            days: Mapping[str, str | int] = {
                "product": product.code,
                "first": str(product.first),
                "last": str(product.last),
            }
            faults.append(CheckFault(CheckCode.OFF_SALE, days))
        never = sorted(set(map(str, await barred(self._catalogue, version))) & set(map(str, plan.channels)))
        if never:
            faults.append(CheckFault(CheckCode.BARRED, {"product": product.code, "classes": ", ".join(never)}))
        return faults

    async def _page(self, version: Version) -> list[CheckFault]:
        """Prizes are promised by a published page alone, whose hash the version then carries (S-200)."""
        plan = version.plan
        if plan.rule_page is None:
            return [CheckFault(CheckCode.NO_PAGE, {"yuan": plan.prize_yuan})] if plan.prize_yuan else []
        page = await self._pages.standing(plan.rule_page)
        return [] if page else [CheckFault(CheckCode.PAGE_MISSING, {"page": plan.rule_page})]

    async def _supply(self, version: Version) -> list[CheckFault]:
        """What is handed out can be taken the whole time, by everybody who is written to of it."""
        plan = version.plan
        if plan.gives is None:
            return []
        supply = await self._supplies.find(plan.gives)
        if supply is None:
            return [CheckFault(CheckCode.SUPPLY_GONE, {"supply": plan.gives})]
        if not supply.covers(plan.opens_at, plan.closes_at):
            first, last = (_said(at, self._zone) if at else "-" for at in (supply.opens_at, supply.closes_at))
            return [CheckFault(CheckCode.NOT_ON_OFFER, {"supply": plan.gives, "first": first, "last": last})]
        others = [each for each in plan.channels if supply.classes and each not in supply.classes]
        facts = {"supply": plan.gives, "classes": ", ".join(sorted(map(str, others)))}
        return [CheckFault(CheckCode.NOT_FOR_THEM, facts)] if others else []

    async def _run_out(self, found: DryRun) -> RunOut | None:
        """How far what is handed out lasts for those who are written to; what is gone lasts for nobody."""
        version, plan = found.version, found.version.plan
        if plan.gives is None:
            return None
        supply = await self._supplies.find(plan.gives) or gone(plan.gives)
        rate = rate_of(plan, _took_part(await self._results.concluded(version.promotion_id)))
        return run_out(supply, found.treated, rate, found.sending.starts_at, plan.closes_at)

    async def _notices(self, version: Version) -> Mapping[Language, str]:
        return notices(await product_of(self._catalogue, version))


def check_words(version: Version, notice: Mapping[Language, str], wording: PromotionWording) -> list[CheckFault]:
    """Ask the gate of words about every copy as it will be read, with the product's kind and risk and the prize."""
    context = context_of(version)
    faults: list[CheckFault] = []
    for copy in version.plan.copies:
        for language in Language:
            message = wording.message(version, copy.arm, language, notice[language])
            for hit in check(text_of(message.payload()), context).hits:
                if hit.verdict is Outcome.BLOCK:
                    facts = {"arm": copy.arm, "language": str(language), "rule": hit.rule, "span": hit.span}
                    said = {"basis": hit.basis.en, "basis_zh": hit.basis.zh}
                    advice = {"advice": hit.advice.en, "advice_zh": hit.advice.zh}
                    fault = CheckFault(CheckCode.WORDS, {**facts, **said, **advice})
                    faults += [] if fault in faults else [fault]
    return faults


def context_of(version: Version) -> Context:
    """What the gate of words is asked with: the product's kind and risk, the private chat, the prize."""
    plan = version.plan
    return Context(
        kind=plan.product.kind if plan.product else None,
        risk_level=plan.product.grade if plan.product else None,
        venue=Venue.PRIVATE,
        prize_value_yuan=plan.prize_yuan,
    )


async def product_of(catalogue: Catalogue, version: Version) -> Product | None:
    """The product as the version's own edition of the catalogue has it."""
    line = version.plan.product
    edition = await catalogue.edition(line.edition) if line else None
    return edition.catalogue.products.get(line.code) if edition and line else None


async def barred(catalogue: Catalogue, version: Version) -> frozenset[Class]:
    """The classes that must never be offered the product, by the version's own edition or by today's (S-89).

    All of them if the product is private, or was taken off the catalogue since.
    """
    line, channels = version.plan.product, frozenset(version.plan.channels)
    if line is None:
        return frozenset()
    never: set[Class] = set()
    for edition in (await catalogue.edition(line.edition), await catalogue.edition()):
        product = edition.catalogue.products.get(line.code) if edition else None
        if edition is None or product is None or product.is_private:
            return channels
        never |= {each for each in channels if edition.catalogue.advice(each, line.code) is Advice.NEVER}
    return frozenset(never)


def notices(product: Product | None) -> Mapping[Language, str]:
    """The product's risk notice in each language; empty for a product without one."""
    notice = product.notice if product else None
    return {language: notice.read_in(language) if notice else "" for language in Language}


def _sums(found: DryRun) -> list[CheckFault]:
    if not found.audience:
        return [CheckFault(CheckCode.NOBODY)]
    if not found.treated:
        return [CheckFault(CheckCode.NO_RECIPIENTS, {"audience": found.audience})]
    cap = found.version.plan.budget_fen
    if found.cost_fen > cap:
        return [CheckFault(CheckCode.OVER_BUDGET, {"cost": found.cost_fen, "cap": cap})]
    return []


def _took_part(concluded: Conclusion | None) -> tuple[int, float] | None:
    """The version whose results were concluded last, with the share that took part, where that is known."""
    aims = concluded.aims if concluded else ()
    share = next((each.value for each in aims if each.measure is Measure.PARTICIPATION), None)
    return (concluded.version, share) if concluded and share is not None else None


def _said(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
