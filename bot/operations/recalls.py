"""Recalls by the operator's hand: each command is one transaction on the service that the chat uses."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.operations import OperationRefusedError
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language
from campaigns.recalls.model import RecallRefusal
from campaigns.recalls.service import RecallService
from campaigns.staff.service import StaffService
from handlers.wording.recalls import RecallWords, refusal
from storage.database import Database
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

    async def work() -> Found | RecallRefusal:
        database = Database(url, pool_size=1)
        try:
            async with database.unit_of_work() as uow:
                outbox = Outbox(SqlDeliveryStore(uow), now)
                staff = StaffService(SqlStaffStore(uow), now)
                return await do(RecallService(SqlRecallStore(uow), outbox, staff, RecallWords(), now))
        finally:
            await database.close()

    found = asyncio.run(work())
    if isinstance(found, RecallRefusal):
        raise OperationRefusedError(refusal(found, Language.EN))
    return found
