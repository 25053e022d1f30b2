"""Use cases of announcements: publish the page of an activity, and later only what favours the customer."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from campaigns.announcements.model import Announcement, RulePage, Unfavourable
from campaigns.announcements.rules import canonical, digest_of, in_favour, read_page
from campaigns.members.model import Language


class AnnouncementStore(Protocol):
    """What announcements need; nothing that was added ever changes."""

    async def lock_newest(self, subject: str) -> Announcement | None:
        """The newest version of a subject's page; until the transaction ends nobody else adds one."""
        ...

    async def newest(self, subject: str) -> Announcement | None:
        """The same, unlocked."""
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
        configuration = canonical(page)
        standing = await self._store.lock_newest(subject)
        if standing is not None and standing.configuration == configuration:
            return standing
        if standing is not None and not in_favour(read_page(standing.configuration), page):
            return Unfavourable(standing)
        made = self._made(subject, standing.version + 1 if standing else 1, page)
        await self._store.add(made)
        return made

    async def standing(self, subject: str) -> Announcement | None:
        """What holds for a subject now."""
        return await self._store.newest(subject)

    def _made(self, subject: str, version: int, page: RulePage) -> Announcement:
        zh, en = (self._wording.rule_text(page, language) for language in (Language.ZH, Language.EN))
        configuration = canonical(page)
        digest = digest_of(configuration, zh, en)
        return Announcement(subject, version, configuration, zh, en, digest, self._now())
