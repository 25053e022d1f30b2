"""Use cases of the registry of partners: hand a contract in, look at it, approve, suspend, count what a link brings."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.members.model import Member
from campaigns.partners.model import (
    Act,
    Brought,
    Contract,
    ContractRefusal,
    ContractState,
    Deed,
    DueItem,
    Entry,
    Partner,
    PartnerKind,
    Terms,
)
from campaigns.partners.rules import approve, is_open, latest

TOKEN_BYTES = 9


class RegistryStore(Protocol):
    """What the registry needs of the rows; every lock lasts until the transaction ends."""

    async def partner(self, name: str, kind: PartnerKind) -> Partner:
        """The partner with this name, made where there is none."""
        ...

    async def contract(self, name: str) -> Contract | None:
        """The contract of the partner with this name, locked."""
        ...

    async def by_token(self, token: str) -> Contract | None:
        """The contract whose link has this token."""
        ...

    async def contracts(self) -> list[Contract]:
        """Every contract, in the order of the partners."""
        ...

    async def keep(self, contract: Contract) -> None:
        """Keep a contract; the token of an earlier one of the same partner stays."""
        ...

    async def act(self, partner_id: int, act: Act) -> None:
        """Add what somebody did."""
        ...

    async def acts(self, partner_id: int) -> list[Act]:
        """What was done with a partner's contracts, the first first."""
        ...

    async def came(self, partner_id: int, member: Member, now: datetime) -> None:
        """Where somebody came from; the first partner stays, and staff come from nowhere."""
        ...

    async def brought(self, partner_id: int) -> Brought:
        """What a partner's link brought."""
        ...


class RegistryService:
    """The registry of partners inside one unit of work."""

    def __init__(self, store: RegistryStore, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._store = store
        self._now = now
        self._zone = zone

    async def register(self, name: str, kind: PartnerKind, terms: Terms, by: str) -> Entry | ContractRefusal:
        """Hand a contract in; one that replaces another begins anew, looked at and approved from the start."""
        partner = await self._store.partner(name, kind)
        if partner.kind is not kind:
            return ContractRefusal.OTHER_KIND
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await self._store.keep(Contract(partner, terms, ContractState.PROPOSED, token))
        await self._done(partner, Deed.REGISTERED, by, terms.number)
        return await self._entry_of(name)

    async def look_at(self, name: str, item: DueItem, by: str, note: str, *, passed: bool) -> Entry | ContractRefusal:
        """Keep what was found of one item; what fails suspends an approved contract at once."""
        contract = await self._store.contract(name)
        if contract is None:
            return ContractRefusal.UNKNOWN
        await self._done(contract.partner, Deed.PASSED if passed else Deed.FAILED, by, note, item)
        if not passed and contract.state is ContractState.APPROVED:
            await self._move(contract, ContractState.SUSPENDED, by, note)
        return await self._entry_of(name)

    async def approve(self, name: str, by: str) -> Entry | ContractRefusal:
        """Approve a contract of which everything has passed, by a person who did not look at it."""
        contract = await self._store.contract(name)
        if contract is None:
            return ContractRefusal.UNKNOWN
        if refusal := approve(contract, await self._store.acts(contract.partner.id), by):
            return refusal
        await self._move(contract, ContractState.APPROVED, by, "")
        return await self._entry_of(name)

    async def suspend(self, name: str, by: str, reason: str) -> Entry | ContractRefusal:
        """Let an approved partner's link work no more, from now on."""
        contract = await self._store.contract(name)
        if contract is None:
            return ContractRefusal.UNKNOWN
        if contract.state is not ContractState.APPROVED:
            return ContractRefusal.NOT_APPROVED
        await self._move(contract, ContractState.SUSPENDED, by, reason)
        return await self._entry_of(name)

    async def entries(self) -> list[Entry]:
        """The whole registry."""
        return [await self._entry(each) for each in await self._store.contracts()]

    async def open_link(self, token: str, member: Member) -> Partner | None:
        """Somebody opened a partner's link: who sends them; None, and nobody is counted, where it does not work."""
        contract = await self._store.by_token(token)
        if contract is None or not is_open(contract, self._now().astimezone(self._zone).date()):
            return None
        await self._store.came(contract.partner.id, member, self._now())
        return contract.partner

    async def _move(self, contract: Contract, state: ContractState, by: str, note: str) -> None:
        await self._store.keep(Contract(contract.partner, contract.terms, state, contract.token))
        await self._done(contract.partner, Deed(state.value), by, note)

    async def _done(self, partner: Partner, deed: Deed, by: str, note: str, item: DueItem | None = None) -> None:
        await self._store.act(partner.id, Act(deed, by, self._now(), note, item))

    async def _entry_of(self, name: str) -> Entry:
        contract = await self._store.contract(name)
        assert contract is not None  # It was kept a moment ago.
        return await self._entry(contract)

    async def _entry(self, contract: Contract) -> Entry:
        acts = latest(await self._store.acts(contract.partner.id))
        return Entry(contract, acts, await self._store.brought(contract.partner.id))
