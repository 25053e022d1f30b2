"""Stamp rallies by the operator's hand: each command is one transaction on the services that the chat uses."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.operations.platform import ask
from bot.settings import Settings
from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.rallies.course import RallyCourse
from campaigns.rallies.faults import RallyFileError
from campaigns.rallies.model import Loaded, Rally, RallyFigures, RallyPreview, RallyRefusal, TakenAway
from campaigns.rallies.service import RallyService
from campaigns.staff.model import Action
from campaigns.staff.rules import PERMISSIONS
from campaigns.staff.service import StaffService
from handlers.wording.announcements import RuleWords
from handlers.wording.rallies import RallyWords, refusal
from handlers.wording.rally_files import fault
from storage.announcements import SqlAnnouncementStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.rally_desk import SqlRallyDesk
from storage.staff import SqlStaffStore, StaffRoleRow
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]


class RallyOffice:
    """What commands do with events, inside one unit of work; whoever organises an event is who acts.

    Whatever cannot be is an OperationRefusedError with one sentence.
    """

    def __init__(self, uow: UnitOfWork, vault: Vault, settings: Settings, now: Now) -> None:
        zone = ZoneInfo(settings.time_zone)
        words = RallyWords(zone, cache(lambda: str(ask(settings, "getMe")["username"])))
        outbox, trail = Outbox(SqlDeliveryStore(uow), now), StaffService(SqlStaffStore(uow), now)
        announcements = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(zone), now)
        self._session = uow.session
        self._people = SqlMemberStore(uow, vault)
        store = SqlRallyDesk(uow, vault)
        self._rallies = RallyService(store, announcements, trail, outbox, words, zone, now)
        self._course = RallyCourse(store, trail, outbox, words, now)

    async def load(self, text: str, code: str | None, organiser: int | None) -> Loaded:
        """Store a file as a draft, or change what stands; `code` is the event's, as far as the file tells it."""
        standing = await self._rallies.by_code(code) if code else None
        by = await self._member(standing.organiser_id if standing else await self._organiser(organiser))
        try:
            outcome = await self._rallies.load(text, by)
        except RallyFileError as error:
            lines = [fault(each, Language.EN) for each in error.faults]
            raise OperationRefusedError("\n".join(lines)) from None
        return _unless_refused(outcome)

    async def all(self) -> list[Rally]:
        """Every event, the latest first."""
        return await self._rallies.all()

    async def figures(self, code: str) -> RallyFigures:
        """An event at one look."""
        found = await self._rallies.figures((await self._found(code)).id)
        assert found is not None
        return found

    async def preview(self, code: str, chats: Sequence[int]) -> RallyPreview:
        """Choose groups by their chats, all of the organiser's without any, and say what would be posted to whom."""
        rally = await self._found(code)
        by = await self._member(rally.organiser_id)
        placing = _unless_refused(await self._rallies.placing(rally.id, by))
        known = {group.chat_id: group.id for group in placing.groups}
        if strange := [chat for chat in chats if chat not in known]:
            raise OperationRefusedError(
                f"{strange[0]} is no group of the organiser; these are: {', '.join(map(str, known)) or 'none'}."
            )
        wanted = {known[chat] for chat in chats or known}
        for group in (placing.chosen ^ wanted) - placing.told:
            _unless_refused(await self._rallies.toggle(rally.id, group, by))
        return _unless_refused(await self._rallies.preview(rally.id, by))

    async def announce(self, code: str, chats: Sequence[int]) -> RallyPreview:
        """Publish the rules in these groups; says what was posted to whom."""
        found = await self.preview(code, chats)
        rally = found.placing.rally
        _unless_refused(await self._rallies.announce(rally.id, await self._member(rally.organiser_id)))
        return found

    async def open(self, code: str) -> Rally:
        """Begin by hand."""
        rally = await self._found(code)
        return _unless_refused(await self._course.open(rally.id, await self._member(rally.organiser_id)))

    async def close(self, code: str) -> Rally:
        """End by hand."""
        rally = await self._found(code)
        return _unless_refused(await self._course.close(rally.id, await self._member(rally.organiser_id)))

    async def _found(self, code: str) -> Rally:
        rally = await self._rallies.by_code(code)
        if rally is None:
            raise OperationRefusedError(f"There is no event {code}; `rally list` shows those that there are.")
        return rally

    async def _organiser(self, organiser: int | None) -> int:
        """Who is named, or the only one who may; the event's own screens are theirs."""
        roles = select(col(StaffRoleRow.member_id)).where(
            col(StaffRoleRow.role).in_(PERMISSIONS[Action.MANAGE_RALLIES])
        )
        known = sorted(set(await self._session.scalars(roles)))
        if organiser is None and len(known) == 1:
            return known[0]
        if organiser not in known:
            listed = ", ".join(map(str, known)) or "nobody yet: `python main.py invite wealth_manager` makes one"
            raise OperationRefusedError(f"Name the organiser with --organiser; these may be: {listed}.")
        return organiser

    async def _member(self, member_id: int) -> Member:
        found = await self._people.get(member_id)
        assert found is not None  # Organisers and staff are members.
        return found


def _unless_refused(outcome: Found | RallyRefusal | TakenAway) -> Found:
    if isinstance(outcome, RallyRefusal | TakenAway):
        raise OperationRefusedError(refusal(outcome, Language.EN))
    return outcome


def in_office(settings: Settings, url: str, now: Now, do: Callable[[RallyOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    vault = Vault(Keyring.open(settings.keyring_file))
    return in_one_transaction(url, lambda uow: do(RallyOffice(uow, vault, settings, now)))
