"""Use cases of members: consent, binding a phone number, letting go of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import BindingOutcome, Language, Member, PrivateChat, Purpose
from campaigns.members.rules import bind


class MemberStore(Protocol):
    """What members' use cases need."""

    async def give_consent(self, member_id: int, purpose: Purpose, wording: str, now: datetime) -> None:
        """Record a consent."""
        ...

    async def withdraw_consent(self, member_id: int, purpose: Purpose, now: datetime) -> bool:
        """Withdraw a consent; False when there was none."""
        ...

    async def has_consent(self, member_id: int, purpose: Purpose) -> bool:
        """Whether a consent stands now."""
        ...

    async def customer_by_phone(self, phone: str) -> UUID | None:
        """The bank customer with this E.164 number."""
        ...

    async def holder_of(self, customer_id: UUID) -> int | None:
        """The member bound to a customer, locked against a second binding."""
        ...

    async def bind(self, member_id: int, customer_id: UUID | None, phone: str, now: datetime) -> None:
        """Keep the number sealed and, where a customer is behind it, the binding."""
        ...

    async def unbind(self, member_id: int, now: datetime) -> bool:
        """Forget number and binding; False when there was none."""
        ...

    async def managers_of(self, member_id: int) -> list[int]:
        """The managers of the groups that a person is in."""
        ...

    async def set_private_chat(self, member_id: int, state: PrivateChat) -> None:
        """Remember whether the bot may write to a person."""
        ...

    async def set_language(self, member_id: int, language: Language) -> None:
        """Keep the language a person chose."""
        ...


class MemberWording(Protocol):
    """The sentences that members' use cases put into the ledger."""

    def ask_marketing(self, member: Member) -> Message:
        """What a newly bound member is asked next."""
        ...

    def number_taken(self, member: Member) -> Message:
        """What staff read when somebody shares a number that is bound already."""
        ...


class MemberService:
    """Consent and binding inside one unit of work."""

    def __init__(
        self,
        store: MemberStore,
        outbox: Outbox,
        wording: MemberWording,
        read_phone: Callable[[str], str | None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._wording = wording
        self._read_phone = read_phone
        self._now = now

    async def consent(self, member: Member, purpose: Purpose, wording: str) -> None:
        """Record that the member agreed to a purpose after reading `wording` (its version)."""
        await self._store.give_consent(member.id, purpose, wording, self._now())

    async def withdraw(self, member: Member, purpose: Purpose) -> bool:
        """Take a consent back; holds for the next send, queued ones too."""
        return await self._store.withdraw_consent(member.id, purpose, self._now())

    async def has_consent(self, member: Member, purpose: Purpose) -> bool:
        """Whether the member's consent stands."""
        return await self._store.has_consent(member.id, purpose)

    async def share_phone(self, member: Member, contact_user: int | None, number: str) -> BindingOutcome:
        """Bind a shared number to the bank customer behind it; an unknown number stays a prospect."""
        phone = self._read_phone(number)
        if phone is None:
            return BindingOutcome.UNREADABLE
        consented = await self._store.has_consent(member.id, Purpose.BINDING)
        customer = await self._store.customer_by_phone(phone)
        holder = await self._store.holder_of(customer) if customer else None
        outcome = bind(member, contact_user=contact_user, consented=consented, customer=customer, holder=holder)
        if outcome in {BindingOutcome.BOUND, BindingOutcome.PROSPECT}:
            await self._store.bind(member.id, customer, phone, self._now())
        if outcome is BindingOutcome.BOUND:
            await self._outbox.cancel(f"member:{member.id}", "bind-reminder")
            await self._ask_marketing(member)
        if outcome is BindingOutcome.TAKEN:
            await self._tell_staff(member, holder)
        return outcome

    async def _ask_marketing(self, member: Member) -> None:
        """The next purpose is asked alone, after the first is settled (PIPL art. 14): once a day."""
        if not await self._store.has_consent(member.id, Purpose.MARKETING):
            step = f"ask-marketing:{self._now():%Y-%m-%d}"
            await self._outbox.tell(f"member:{member.id}", step, member.id, self._wording.ask_marketing(member))

    async def _tell_staff(self, member: Member, holder: int | None) -> None:
        """A number that is bound already goes to staff: once a day, whatever the person taps.

        Somebody who is in no group has no manager: then it is a matter for the holder's.
        """
        words = self._wording.number_taken(member)
        step = f"taken:{self._now():%Y-%m-%d}"
        managers = await self._store.managers_of(member.id)
        if not managers and holder is not None:
            managers = await self._store.managers_of(holder)
        for manager in managers:
            await self._outbox.tell(f"member:{member.id}", step, manager, words)

    async def unbind(self, member: Member) -> bool:
        """Let go of the number and the binding; the consent for binding ends with it."""
        now = self._now()
        await self._store.withdraw_consent(member.id, Purpose.BINDING, now)
        return await self._store.unbind(member.id, now)

    async def choose_language(self, member: Member, language: Language) -> None:
        """Speak this language to the member from now on."""
        await self._store.set_language(member.id, language)

    async def set_private_chat(self, member: Member, state: PrivateChat) -> None:
        """Remember that the member opened, blocked or unblocked the private chat."""
        await self._store.set_private_chat(member.id, state)
