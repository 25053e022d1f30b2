"""Takes messages of other channels than the chat out of their ledger: intent before the call, the outcome after."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.carriers import Carrier
from bot.clock import Clock
from bot.rounds import Rounds
from campaigns.channels.model import ADDRESSED, SIMULATED, Channel, ChannelMessage, NoWay, Reach
from campaigns.channels.rules import as_delivery, counts_as_offer, judge_message, standing_on
from campaigns.compliance.minutes import minutes
from campaigns.compliance.model import Facts
from campaigns.compliance.rules import Defer, GateVerdict, Pass, Suppress
from campaigns.deliveries.model import Kind, Reason, State
from campaigns.deliveries.rules import Ambiguous, Outcome, Sent, Verdict, after
from campaigns.followups.model import FollowUpRefusal, Source
from campaigns.followups.service import FollowUpService
from handlers.wording.channels import task
from storage.channel_ways import SqlWayStore
from storage.channels import SqlChannelStore
from storage.compliance import SqlGate
from storage.database import Database, UnitOfWork
from storage.gate_facts import graded
from storage.vault import Vault

AT_ONCE = 100
LOOK_AGAIN = 0.5  # Real seconds.

log: structlog.stdlib.BoundLogger = structlog.get_logger("channels")
FollowUps = Callable[[UnitOfWork], FollowUpService]


class Leaving(NamedTuple):
    """A message that may leave, and where to."""

    message: ChannelMessage
    address: str


class ChannelWorker:
    """One worker; only the process that holds the bot's advisory lock runs it."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        carriers: Mapping[Channel, Carrier],
        followups: FollowUps,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._carriers = carriers
        self._followups = followups
        self._owner = uuid4().hex
        self._rounds = Rounds(self.round, LOOK_AGAIN)

    async def run(self) -> None:
        """Send until `stop`; what is in flight is waited for."""
        await self.recover()
        await self._rounds.run()

    def stop(self) -> None:
        """Claim nothing more; `run` returns once every call in flight is settled."""
        self._rounds.stop()

    async def recover(self) -> int:
        """Put what a killed worker left in flight in doubt; returns how many."""
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            store = SqlChannelStore(uow)
            left = await store.abandoned(self._owner)
            for message in left:
                await store.settle(message, after(as_delivery(message), Ambiguous(Reason.KILLED), now), now)
                log.warning("message_abandoned", message=message.id, channel=message.channel)
        return len(left)

    async def round(self) -> int:
        """Take what is due: the gate decides, tasks become follow-ups, the rest flies; returns how many were taken."""
        room = AT_ONCE - len(self._rounds.in_hand)
        if room <= 0:
            await asyncio.wait(self._rounds.in_hand, return_when=asyncio.FIRST_COMPLETED)
            return 1
        async with self._database.unit_of_work() as uow:
            due = await SqlChannelStore(uow).due(self._clock.now(), room)
            leaving = await self._prepare(uow, await Gatekeeper(uow, self._vault).let(due, self._clock.now()))
            await SqlChannelStore(uow).dispatch([each.message.id for each in leaving], self._owner)
        for batch in batches(leaving):
            self._rounds.launch(self._deliver(batch))
        return len(due)

    async def settled(self) -> None:
        """Wait until nothing is in flight."""
        while self._rounds.in_hand:
            await asyncio.gather(*self._rounds.in_hand)

    async def _prepare(self, uow: UnitOfWork, passed: Sequence[ChannelMessage]) -> list[Leaving]:
        """What flies, with its address; a task is done within this transaction, and what has no way ends here."""
        store, now, leaving = SqlChannelStore(uow), self._clock.now(), []
        for message in passed:
            if message.channel is Channel.TASK:
                await store.settle(message, await self._open_task(uow, message), now)
            elif message.channel not in self._carriers:
                await store.settle(message, Verdict(State.FAILED, NoWay.NOT_CONFIGURED), now)
            elif (address := await self._address(uow, message)) is None:
                await store.settle(message, Verdict(State.SUPPRESSED, NoWay.NO_ADDRESS), now)
            else:
                leaving.append(Leaving(message, address))
        return leaving

    async def _open_task(self, uow: UnitOfWork, message: ChannelMessage) -> Verdict:
        """A follow-up of the customer's owner, with the reason and the script; once, since its occasion is the row."""
        assert message.customer_id is not None
        occasion = f"{message.campaign}/{message.step}"
        opened = await self._followups(uow).open(message.customer_id, Source.CAMPAIGN, task(message), ref=occasion)
        if isinstance(opened, FollowUpRefusal):
            return Verdict(State.SUPPRESSED, NoWay.NO_OWNER)
        return Verdict(State.SENT)

    async def _address(self, uow: UnitOfWork, message: ChannelMessage) -> str | None:
        if message.channel not in ADDRESSED or message.customer_id is None:
            return ""
        return await SqlWayStore(uow, self._vault).address(message.channel, message.customer_id)

    async def _deliver(self, batch: Sequence[Leaving]) -> None:
        """Make the calls and record what came of them, however long the database needs to come back."""
        came = [(each.message, await self._carry(each)) for each in batch]
        while True:
            try:
                return await self._settle(came)
            except SQLAlchemyError as fault:
                log.warning("outcomes_not_recorded", count=len(came), fault=str(fault))
                await asyncio.sleep(LOOK_AGAIN)

    async def _carry(self, leaving: Leaving) -> Outcome:
        message = leaving.message
        try:
            return await self._carriers[message.channel].carry(message, leaving.address)
        except Exception:
            log.exception("carrier_failed", message=message.id, channel=message.channel)
            return Ambiguous(Reason.TIMED_OUT)

    async def _settle(self, came: Sequence[tuple[ChannelMessage, Outcome]]) -> None:
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            store = SqlChannelStore(uow)
            await store.sent([message.id for message, outcome in came if isinstance(outcome, Sent)], now)
            for message, outcome in came:
                if not isinstance(outcome, Sent):
                    tried = replace(message, attempts=message.attempts + 1)
                    await store.settle(message, after(as_delivery(tried), outcome, now), now)
        log.info("carried", messages=len(came), channel=came[0][0].channel)


def batches(leaving: Sequence[Leaving]) -> list[list[Leaving]]:
    """What flies together: pages that are only laid down as one, a provider's calls each by itself."""
    laid = [each for each in leaving if each.message.channel in SIMULATED]
    return [*([laid] if laid else []), *([each] for each in leaving if each.message.channel not in SIMULATED)]


class Gatekeeper:
    """The one gate's question to messages of other channels, within one transaction."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._uow = uow
        self._ways = SqlWayStore(uow, vault)

    async def let(self, due: Sequence[ChannelMessage], now: datetime) -> list[ChannelMessage]:
        """Those that may leave now; the others are settled with the reason. What passes counts for what follows."""
        if not due:
            return []
        store, policy = SqlChannelStore(self._uow), await SqlGate(self._uow).policy()
        customers = list({each.customer_id for each in due if each.customer_id})
        reaches, facts = await self._ways.reaches(customers), await self._ways.facts(customers, now)
        rated = await graded(self._uow.session, [as_delivery(each) for each in due])
        passed: defaultdict[UUID | None, list[datetime]] = defaultdict(list)
        said = {}
        left = []
        for each, offer in zip(due, rated, strict=True):
            message = replace(each, risk=offer.risk, locked_days=offer.locked_days)
            theirs = facts[message.customer_id] if message.customer_id else Facts()
            known = replace(theirs, offered_at=(*theirs.offered_at, *passed[message.customer_id]))
            reach = reaches.get(message.customer_id, Reach()) if message.customer_id else Reach()
            standing = standing_on(message.channel, reach)
            verdict = judge_message(message, standing, known, policy, now)
            if message.kind is Kind.MARKETING:
                asked = replace(known, standing=standing)
                said[message.id] = minutes(as_delivery(message), asked, policy, verdict, now)
            if counts_as_offer(message, verdict):
                passed[message.customer_id].append(now)
            if await self._may_leave(store, message, verdict, now):
                left.append(message)
        await store.note(said)
        return left

    async def _may_leave(
        self, store: SqlChannelStore, message: ChannelMessage, verdict: GateVerdict, now: datetime
    ) -> bool:
        match verdict:
            case Pass():
                return True
            case Suppress(reason):
                await store.settle(message, Verdict(State.SUPPRESSED, reason), now)
            case Defer(until, reason):
                await store.settle(message, Verdict(State.RETRY, reason, until), now)
        return False
