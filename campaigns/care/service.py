"""Use cases of group care: remove and report, restore or mute, and tell a manager what the bot lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.care.model import Case, CaseState, DecisionRefusal, Suspicion, Words
from campaigns.care.rules import digest, named_like_staff, suspect
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import BotRights, Group
from campaigns.groups.service import People
from campaigns.members.model import Member

MUTED_FOR = timedelta(days=7)
REMINDER_HOUR = 10
SILENT = {"can_send_messages": False}


class CareStore(Protocol):
    """What care needs."""

    async def group(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        ...

    async def add(self, group: Group, member_id: int, message_id: int, reason: Suspicion, text: str) -> Case | None:
        """Keep a case, its words sealed; None when this message has one."""
        ...

    async def is_allowed(self, group: Group, member_id: int, reason: Suspicion, words: bytes) -> bool:
        """Whether a manager let these words, or this person for this reason, stand before."""
        ...

    async def case(self, case_id: int) -> Case | None:
        """One case, locked, with its words."""
        ...

    async def decide(self, case: Case, state: CaseState, by: int, now: datetime) -> None:
        """Record a manager's word."""
        ...

    async def record(self, actor: int | None, action: str, subject: str, now: datetime) -> None:
        """Append to the audit trail."""
        ...


class CareWording(Protocol):
    """The sentences that care needs."""

    def report(self, group: Group, case: Case, member: Member, *, is_removed: bool) -> Message:
        """What the manager reads of a removed message, with the buttons that decide."""
        ...

    def restored(self, case: Case, name: str) -> Message:
        """The words again, under a masked name."""
        ...

    def suspicious_name(self, group: Group, member: Member) -> Message:
        """What the manager reads of a newcomer who is named like staff."""
        ...

    def rights_lost(self, group: Group, missing: tuple[str, ...]) -> Message:
        """What the manager reads when the bot may do less than before."""
        ...

    def removed(self, group: Group) -> Message:
        """What the manager reads when the bot is out of a group."""
        ...

    def anonymous(self, group: Group) -> Message:
        """What the manager reads when an administrator asks without a name."""
        ...

    def upgraded(self, group: Group) -> Message:
        """What the manager reads when a group became a supergroup."""
        ...

    def bind_reminder(self) -> Message:
        """The one reminder of somebody who has not linked a number."""
        ...


class CareService:
    """Care for groups inside one unit of work."""

    def __init__(
        self,
        store: CareStore,
        people: People,
        outbox: Outbox,
        wording: CareWording,
        bank: str,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        own_hosts: frozenset[str] = frozenset(),
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._bank = bank
        self._now = now
        self._zone = zone
        self._own_hosts = own_hosts

    def suspect(self, member: Member, words: Words) -> Suspicion | None:
        """Why a message should not stand; staff are never asked."""
        return None if member.is_staff else suspect(words, self._bank, self._own_hosts)

    async def remove(
        self, chat_id: int, member: Member, message_id: int, reason: Suspicion, words: Words, *, may_delete: bool
    ) -> Case | None:
        """Take a message away and report it to the manager with a way back; None where care has no say.

        Without the right to delete, the report says that the message still stands.
        """
        group = await self._store.group(chat_id)
        if group is None or member.is_staff or member.id == group.manager_id:
            return None
        if await self._store.is_allowed(group, member.id, reason, digest(words.text)):
            return None
        case = await self._store.add(group, member.id, message_id, reason, words.text)
        if case is None:
            return None
        ledger = _ledger(case)
        if may_delete:
            await self._outbox.run(ledger, "delete", chat_id, "deleteMessage", message_id=message_id)
        report = self._wording.report(group, case, member, is_removed=may_delete)
        await self._outbox.tell(ledger, "report", group.manager_id, report)
        await self._store.record(None, "care_removed", f"{ledger} member:{member.id} {reason}", self._now())
        return case

    async def restore(self, case_id: int, manager: Member) -> Case | DecisionRefusal:
        """Say the words again under a masked name, and let them stand from now on."""
        case = await self._store.case(case_id)
        refusal = _refuse(case, manager)
        if refusal is not None or case is None:
            return refusal or DecisionRefusal.UNKNOWN
        await self._decide(case, CaseState.RESTORED, manager)
        writer = (await self._people.many([case.member_id]))[case.member_id]
        await self._outbox.tell(_ledger(case), "restored", case.chat_id, self._wording.restored(case, writer.name))
        return case

    async def mute(self, case_id: int, manager: Member, rights: BotRights) -> Case | DecisionRefusal:
        """Let somebody read but not write for a week."""
        case = await self._store.case(case_id)
        refusal = _refuse(case, manager)
        if refusal is not None or case is None:
            return refusal or DecisionRefusal.UNKNOWN
        if not rights.restrict:
            return DecisionRefusal.MAY_NOT_RESTRICT
        await self._decide(case, CaseState.MUTED, manager)
        until = int((self._now() + MUTED_FOR).timestamp())
        details = {"user_id": case.member_id, "permissions": SILENT, "until_date": until}
        await self._outbox.run(_ledger(case), "mute", case.chat_id, "restrictChatMember", **details)
        return case

    async def find(self, case_id: int) -> Case | None:
        """One case."""
        return await self._store.case(case_id)

    async def look_at_newcomer(self, chat_id: int, member: Member) -> None:
        """A newcomer who is named like the bank's staff is reported, once; nobody is thrown out for a name."""
        group = await self._store.group(chat_id)
        if group is None or member.is_staff or not named_like_staff(member.name, self._bank):
            return
        words = self._wording.suspicious_name(group, member)
        await self._outbox.tell(f"group:{group.id}", f"named:{member.id}", group.manager_id, words)

    async def rights_changed(self, chat_id: int, before: BotRights, rights: BotRights, *, is_inside: bool) -> None:
        """The bot was removed, or lost rights that it had: the manager hears of each loss once."""
        group = await self._store.group(chat_id)
        if group is None:
            return
        now = self._now()
        ledger, moment = f"group:{group.id}", f"{now.timestamp():.0f}"
        lost = tuple(name for name in rights.missing() if name not in before.missing())
        if not is_inside:
            await self._outbox.tell(ledger, f"removed:{moment}", group.manager_id, self._wording.removed(group))
            await self._store.record(None, "bot_removed", ledger, now)
        elif lost:
            words = self._wording.rights_lost(group, lost)
            await self._outbox.tell(ledger, f"rights:{moment}", group.manager_id, words)

    async def met_anonymous(self, chat_id: int) -> None:
        """An administrator without a name asked for something: nobody can be answered; told once a day."""
        if group := await self._store.group(chat_id):
            step = f"anonymous:{self._now():%Y-%m-%d}"
            await self._outbox.tell(f"group:{group.id}", step, group.manager_id, self._wording.anonymous(group))

    async def was_upgraded(self, chat_id: int) -> None:
        """The group became a supergroup: the manager hears it once."""
        if group := await self._store.group(chat_id):
            await self._outbox.tell(f"group:{group.id}", "upgraded", group.manager_id, self._wording.upgraded(group))

    async def remind_to_bind(self, member: Member) -> None:
        """Remind a person once, on the morning of tomorrow, of however many groups they are; binding cancels it."""
        if member.customer_id is not None or member.is_staff:
            return
        tomorrow = self._now().astimezone(self._zone) + timedelta(days=1)
        due = tomorrow.replace(hour=REMINDER_HOUR, minute=0, second=0, microsecond=0)
        words = self._wording.bind_reminder()
        await self._outbox.add(Draft(f"member:{member.id}", "bind-reminder", member.id, words, Kind.SERVICE, due))

    async def _decide(self, case: Case, state: CaseState, manager: Member) -> None:
        await self._store.decide(case, state, manager.id, self._now())
        await self._store.record(manager.id, f"care_{state}", f"{_ledger(case)} member:{case.member_id}", self._now())


def _refuse(case: Case | None, manager: Member) -> DecisionRefusal | None:
    if case is None:
        return DecisionRefusal.UNKNOWN
    if case.manager_id != manager.id:
        return DecisionRefusal.NOT_YOURS
    return DecisionRefusal.DECIDED if case.state is not CaseState.REMOVED else None


def _ledger(case: Case) -> str:
    return f"care:{case.id}"
