"""Channels by the operator's hand: what stands, consents and addresses, costs, printed notices, what is in doubt."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from bot.backing import in_one_transaction
from bot.carriers import carriers
from bot.channels import Gatekeeper
from bot.clock import Clock
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.channels.consent_files import ConsentCode, ConsentLine, ConsentOutcome
from campaigns.channels.model import (
    ADDRESSED,
    COSTS,
    IN_THE_CHAT,
    OUTSIDE,
    Channel,
    ChannelMessage,
    ChannelPolicy,
    Spent,
    Touch,
)
from campaigns.channels.service import ChannelService
from campaigns.deliveries.model import Kind, State
from campaigns.deliveries.rules import Outcome, Verdict
from handlers.pictures.notices import Notice
from storage.channel_ways import SqlWayStore
from storage.channels import SqlChannelStore
from storage.customers import SqlCustomerStore
from storage.database import UnitOfWork
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # No characters that look alike.
MOST_NOTICES = 400


@dataclass(frozen=True)
class Overview:
    """Every channel: whether it is set up, what a contact costs, what left on it; and what is in doubt."""

    policy: ChannelPolicy
    configured: frozenset[Channel]
    spent: tuple[Spent, ...]
    unknown: tuple[ChannelMessage, ...]


class ChannelOffice:
    """What commands do with channels inside one unit of work; what cannot be is an OperationRefusedError."""

    def __init__(self, uow: UnitOfWork, vault: Vault, settings: Settings, now: Now) -> None:
        self._uow = uow
        self._vault = vault
        self._settings = settings
        self._now = now
        self._ways, self._store = SqlWayStore(uow, vault), SqlChannelStore(uow)
        self._channels = ChannelService(self._store, self._ways, now)

    async def overview(self, campaign: str | None) -> Overview:
        """How every channel stands, of one campaign or of all."""
        given = {Channel(name) for name in self._settings.outside_urls}
        configured = frozenset(Channel) - (OUTSIDE - given)
        spent, unknown = await self._channels.spent(campaign), await self._channels.unknown()
        return Overview(await self._ways.policy(), configured, tuple(spent), tuple(unknown))

    async def consent(self, number: str, channel: Channel, wording: str, by: str, address: str | None) -> None:
        """Record a consent for a channel, and the address it was given for."""
        customer = await self._customer(number)
        if address is not None:
            await self._ways.set_address(channel, customer, address, self._now())
        await self._ways.consent(channel, customer, wording, by, self._now())

    async def object(self, number: str, channel: Channel, by: str) -> None:
        """Record that a customer wants nothing on a channel."""
        await self._ways.object(channel, await self._customer(number), by, self._now())

    async def take_in(self, lines: Sequence[ConsentLine | ConsentOutcome], by: str) -> list[ConsentOutcome]:
        """Record every line that can be read of somebody whom the bank knows; what came of each."""
        customers, done = SqlCustomerStore(self._uow), []
        for each in lines:
            if isinstance(each, ConsentOutcome):
                done.append(each)
                continue
            customer = await customers.find_by_number(each.number)
            if customer is None:
                done.append(ConsentOutcome(each.line, ConsentCode.NO_CUSTOMER, each.number))
                continue
            if each.address:
                await self._ways.set_address(each.channel, customer.id, each.address, self._now())
            if each.agreed:
                await self._ways.consent(each.channel, customer.id, each.wording, by, self._now())
            else:
                await self._ways.object(each.channel, customer.id, by, self._now())
            done.append(ConsentOutcome(each.line, ConsentCode.AGREED if each.agreed else ConsentCode.OBJECTED))
        return done

    async def set_cost(self, name: str, fen: int, by: str) -> ChannelPolicy:
        """Another cost of a contact, from now on."""
        if name not in COSTS:
            raise OperationRefusedError(f"There is no cost of {name!r}: write one of {', '.join(COSTS)}.")
        return await self._ways.set_cost(name, fen, by, self._now())

    async def resolve(self, message_id: int, by: str, *, arrived: bool) -> None:
        """Settle a message in doubt."""
        if not await self._channels.resolve(message_id, arrived=arrived, by=by):
            raise OperationRefusedError(f"No message {message_id} is in doubt; `channels list` shows those that are.")

    async def notices(self, campaign: str) -> list[Notice]:
        """What is to be printed of a campaign now, after the gate's yes; each counts as handed out and comes once."""
        due = await self._store.to_print(campaign, MOST_NOTICES)
        passed = await Gatekeeper(self._uow, self._vault).let(due, self._now())
        if not passed:
            raise OperationRefusedError(f"Nothing of {campaign} waits to be printed.")
        found = []
        for message in passed:
            code = message.code or "".join(secrets.choice(ALPHABET) for _ in range(8))
            await self._store.print(message, code, Verdict(State.SENT), self._now())
            found.append(Notice(message.title, message.text, code))
        return found

    async def _customer(self, number: str) -> UUID:
        customer = await SqlCustomerStore(self._uow).find_by_number(number)
        if customer is None:
            raise OperationRefusedError(f"There is no customer {number}.")
        return customer.id


def in_office(settings: Settings, url: str, now: Now, do: Callable[[ChannelOffice], Awaitable[Found]]) -> Found:
    """Do something in one unit of work."""
    vault = Vault(Keyring.open(settings.keyring_file))
    return in_one_transaction(url, lambda uow: do(ChannelOffice(uow, vault, settings, now)))


def try_out(settings: Settings, channel: Channel, text: str, to: str) -> Outcome:
    """Let one word of the operator's own leave now, beside every ledger, to see whether a channel works.

    Raises:
        OperationRefusedError: the channel has no carrier here, or needs an address.
    """
    if channel in IN_THE_CHAT or channel in {Channel.TASK, Channel.CODE}:
        raise OperationRefusedError(f"The channel {channel} has nothing to try: nothing carries it out of the house.")
    known = carriers(settings.outside_urls, settings.channels_dir, settings.bank_name)
    if channel not in known:
        raise OperationRefusedError(f"The channel {channel} is not configured: set {channel.upper()}_URL.")
    if channel in ADDRESSED and not to:
        raise OperationRefusedError(f"Say where a word by {channel} goes with --to.")
    now = Clock(settings.effective_clock_file).now()
    word = ChannelMessage(
        0, "test", "test", channel, None, "", text, Kind.SERVICE, Touch.CALL, State.PLANNED, 0, due_at=now
    )
    return asyncio.run(known[channel].carry(word, to))
