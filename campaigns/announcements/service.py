"""Use cases of announcements: publish the page of an activity, and later only what favours the customer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from campaigns.announcements.model import Announcement, RulePage, Unfavourable
from campaigns.announcements.rules import canonical, digest_of, in_favour, may_end, read_page
from campaigns.members.model import Language


class AnnouncementStore(Protocol):
    """What announcements need; nothing that was added ever changes."""

    async def lock_newest(self, subject: str) -> Announcement | None:
        """The newest version of a subject's page; until the transaction ends nobody else adds one."""
        ...

    async def newest(self, subject: str) -> Announcement | None:
        """The same, unlocked."""
        ...

    async def version(self, subject: str, version: int) -> Announcement | None:
        """One version of a subject's page."""
        ...

    async def add(self, announcement: Announcement) -> None:
        """Keep a version for ever."""
        ...


class RuleWording(Protocol):
    """How a page reads."""

    def rule_text(self, page: RulePage, language: Language) -> str:
        """The whole page in one language."""
        ...


class AnnouncementService:
    """Announcements inside one unit of work."""

    def __init__(self, store: AnnouncementStore, wording: RuleWording, now: Callable[[], datetime]) -> None:
        self._store = store
        self._wording = wording
        self._now = now

    def text(self, page: RulePage, language: Language) -> str:
        """A page as it would be published."""
        return self._wording.rule_text(page, language)

    async def publish(self, subject: str, page: RulePage) -> Announcement | Unfavourable:
        """Publish the page of a subject, such as `draw:7`; the same page again is the announcement that stands."""
        zh, en = (self._wording.rule_text(page, language) for language in (Language.ZH, Language.EN))
        return await self.keep(subject, canonical(page), zh, en, lambda old: in_favour(read_page(old), page))

    async def keep(
        self, subject: str, configuration: str, text_zh: str, text_en: str, favours: Callable[[str], bool]
    ) -> Announcement | Unfavourable:
        """Publish a configuration in its canonical form with both texts.

        `favours` is asked of the configuration that stands whether the change takes nothing from the customer.
        """
        standing = await self._store.lock_newest(subject)
        if standing is not None and standing.configuration == configuration:
            return standing
        if standing is not None and not favours(standing.configuration):
            return Unfavourable(standing)
        version = standing.version + 1 if standing else 1
        digest = digest_of(configuration, text_zh, text_en)
        made = Announcement(subject, version, configuration, text_zh, text_en, digest, self._now())
        await self._store.add(made)
        return made

    async def end_early(self, subject: str, closes_at: datetime) -> Announcement | None:
        """Publish a page that ends earlier than the one that stands; None where that one does not allow it."""
        standing = await self._store.lock_newest(subject)
        if standing is None:
            return None
        page = replace(read_page(standing.configuration), closes_at=closes_at)
        zh, en = (self._wording.rule_text(page, language) for language in (Language.ZH, Language.EN))
        may = may_end(read_page(standing.configuration), closes_at, self._now())
        made = await self.keep(subject, canonical(page), zh, en, lambda _: may)
        return made if isinstance(made, Announcement) else None

    async def standing(self, subject: str, version: int | None = None) -> Announcement | None:
        """What holds for a subject now, or one version of its page."""
        return await (self._store.newest(subject) if version is None else self._store.version(subject, version))
