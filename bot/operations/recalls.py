"""Recalls by the operator's hand: each command is one transaction on the service that the chat uses."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language
from campaigns.recalls.model import RecallRefusal
from campaigns.recalls.service import RecallService
from campaigns.staff.service import StaffService
from handlers.wording.recalls import RecallWords, refusal
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.recalls import SqlRecallStore
from storage.staff import SqlStaffStore

Found = TypeVar("Found")
Now = Callable[[], datetime]


def in_office(url: str, now: Now, do: Callable[[RecallService], Awaitable[Found | RecallRefusal]]) -> Found:
    """Do one thing in one transaction.

    Raises:
        OperationRefusedError: nothing can be taken back; the message says why.
    """

    async def work(uow: UnitOfWork) -> Found | RecallRefusal:
        outbox = Outbox(SqlDeliveryStore(uow), now)
        staff = StaffService(SqlStaffStore(uow), now)
        return await do(RecallService(SqlRecallStore(uow), outbox, staff, RecallWords(), now))

    found = in_one_transaction(url, work)
    if isinstance(found, RecallRefusal):
        raise OperationRefusedError(refusal(found, Language.EN))
    return found
