"""Use cases of reviews: hand in, the inbox, the sheet, approve or reject; refusals are recorded, authors are told."""

from collections.abc import Sequence
from typing import Protocol

from campaigns.catalogue.model import Change
from campaigns.compliance.verdicts import Hit
from campaigns.compliance.words import check, text_of
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.promotions.checks import Catalogue, PromotionWording, context_of, notices, product_of
from campaigns.promotions.dry_runs import Check
from campaigns.promotions.model import Decision, PromotionRefusal, Version
from campaigns.promotions.service import PromotionService
from campaigns.reviews.model import Final, Sealed, Sheet
from campaigns.staff.model import Role

REVIEWERS = (Role.TEAM_LEAD, Role.COMPLIANCE)


class Finder(Protocol):
    """Finds a version by what the ledger and buttons name."""

    async def of_campaign(self, promotion_id: int, number: int) -> Version | None:
        """The version of a promotion with this number."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Approvers(Protocol):
    """Who has which role."""

    async def approvers(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int | None, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class ReviewWording(Protocol):
    """The sentences that reviews put into the ledger."""

    def to_review(self, version: Version, author: str, language: Language) -> Message:
        """What a reviewer reads when something was handed in."""
        ...

    def decided(self, version: Version, decision: Decision, by: str, reason: str, language: Language) -> Message:
        """What the author reads then."""
        ...


class ReviewService:
    """Reviews inside one unit of work; whether somebody may review is asked at the door."""

    def __init__(
        self,
        promotions: PromotionService,
        finder: Finder,
        catalogue: Catalogue,
        reading: PromotionWording,
        people: People,
        approvers: Approvers,
        trail: Trail,
        outbox: Outbox,
        wording: ReviewWording,
    ) -> None:
        self._promotions = promotions
        self._finder = finder
        self._catalogue = catalogue
        self._reading = reading
        self._people = people
        self._approvers = approvers
        self._trail = trail
        self._outbox = outbox
        self._wording = wording

    async def submit(self, version: Version, by: Member) -> Version | Check | PromotionRefusal:
        """Hand a version in, and tell the reviewers."""
        outcome = await self._promotions.submit(version.code, by.id)
        if not isinstance(outcome, Version):
            return outcome
        author = await self._name(outcome.author_id)
        people = await self._people.many(await self._approvers.approvers(REVIEWERS))
        letters = [
            (_campaign(outcome), "submitted", each.id, self._wording.to_review(outcome, author, each.language))
            for each in people.values()
            if each.id != outcome.author_id
        ]
        await self._outbox.tell_all(letters)
        return outcome

    async def waiting(self) -> list[Version]:
        """What waits for a second person, the oldest submission first."""
        return await self._promotions.waiting()

    async def find(self, promotion_id: int, number: int) -> Version | None:
        """One version."""
        return await self._finder.of_campaign(promotion_id, number)

    async def sheet(self, promotion_id: int, number: int) -> Sheet | PromotionRefusal:
        """All that a reviewer needs to decide, as of now."""
        version = await self.find(promotion_id, number)
        if version is None:
            return PromotionRefusal.NO_VERSION
        finals = await self._finals(version)
        found = await self._promotions.diff(version.code, None, version.number)
        changes: tuple[Change, ...] = () if isinstance(found, PromotionRefusal) or version.number == 1 else tuple(found)
        examined = await self._promotions.look_over(version)
        hits = _hits(finals, version)
        return Sheet(version, await self._name(version.author_id), finals, changes, hits, examined)

    async def decide(self, about: Sealed, decision: Decision, reason: str, by: Member) -> Version | PromotionRefusal:
        """Approve or reject the very content that was read; whatever is refused is recorded too."""
        version = await self.find(about.promotion_id, about.number)
        if version is None:
            return PromotionRefusal.NO_VERSION
        if decision is Decision.APPROVED:
            outcome = await self._promotions.approve(version.code, about.seal, by.id, reason)
        else:
            outcome = await self._promotions.reject(version.code, about.seal, by.id, reason)
        if isinstance(outcome, PromotionRefusal):
            await self._trail.note(by.id, "review_refused", f"{version.code} v{about.number} {about.seal} {outcome}")
            return outcome
        await self._tell_author(version, decision, by, reason.strip())
        return version

    async def _tell_author(self, version: Version, decision: Decision, by: Member, reason: str) -> None:
        author = (await self._people.many([version.author_id])).get(version.author_id)
        if author is not None:
            words = self._wording.decided(version, decision, by.name, reason, author.language)
            await self._outbox.tell(_campaign(version), "decided", author.id, words)

    async def _finals(self, version: Version) -> tuple[Final, ...]:
        notice = notices(await product_of(self._catalogue, version))
        return tuple(
            Final(
                copy.arm,
                {each: self._reading.message(version, copy.arm, each, notice[each]) for each in Language},
            )
            for copy in version.plan.copies
        )

    async def _name(self, member_id: int) -> str:
        found = (await self._people.many([member_id])).get(member_id)
        return found.name if found else str(member_id)


def _hits(finals: Sequence[Final], version: Version) -> tuple[Hit, ...]:
    """What the gate of words says of everything that will be read, each thing once."""
    context = context_of(version)
    texts = [text_of(message.payload()) for final in finals for message in final.texts.values()]
    found = [hit for text in texts for hit in check(text, context).hits]
    return tuple({(hit.rule, hit.span): hit for hit in found}.values())


def _campaign(version: Version) -> str:
    return f"review:{version.promotion_id}:{version.number}"
