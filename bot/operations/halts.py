"""Stops by the operator's hand: each command is one transaction on the service that the chat uses."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.deliveries.service import Outbox
from campaigns.halts.model import Halt, HaltRefusal, Held
from campaigns.halts.rules import read_aim
from campaigns.halts.service import HaltService
from campaigns.members.model import Language
from campaigns.staff.service import StaffService
from handlers.wording.halts import HaltWords, refusal
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.halts import SqlHaltStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]


class HaltOffice:
    """What commands do with stops; whatever cannot be is an OperationRefusedError with one sentence."""

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        vault = Vault(Keyring.open(settings.keyring_file))
        self._halts = HaltService(
            SqlHaltStore(uow),
            SqlMemberStore(uow, vault),
            StaffService(SqlStaffStore(uow), now),
            Outbox(SqlDeliveryStore(uow), now),
            HaltWords(),
            now,
        )

    async def standing(self) -> list[Held]:
        """What is stopped now, with how much each holds."""
        return await self._halts.standing()

    async def stop(self, words: str, reason: str, by: str) -> Held:
        """Stop it from the sender's next claim on."""
        aim = read_aim(words)
        return allowed(aim if isinstance(aim, HaltRefusal) else await self._halts.stop(aim, reason, by))

    async def lift(self, halt_id: int, by: str) -> Halt:
        """Let it go on."""
        return allowed(await self._halts.lift(halt_id, by))

    async def cancel(self, halt_id: int, by: str) -> Held:
        """End for good what it holds."""
        return allowed(await self._halts.cancel(halt_id, by))


def allowed(found: Found | HaltRefusal) -> Found:
    """What was done, unless it was refused."""
    if isinstance(found, HaltRefusal):
        raise OperationRefusedError(refusal(found, Language.EN))
    return found


def in_office(settings: Settings, url: str, now: Now, do: Callable[[HaltOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""

    return in_one_transaction(url, lambda uow: do(HaltOffice(uow, settings, now)))
