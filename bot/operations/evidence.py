"""Evidence and clearances by the operator's hand."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.operations import OperationRefusedError
from campaigns.evidence.model import Evidence
from storage.clearances import SqlClearances
from storage.database import Database, UnitOfWork
from storage.evidence import SqlEvidence

Found = TypeVar("Found")


def evidence_of(url: str, delivery: int) -> Evidence | None:
    """All about one delivery; None when there is none of this number."""
    return _in_one(url, lambda uow: SqlEvidence(uow).of(delivery))


def evidence_outside(url: str, message: int) -> Evidence | None:
    """All about one message of another channel; None when there is none of this number."""
    return _in_one(url, lambda uow: SqlEvidence(uow).outside(message))


def clear(url: str, number: str, reason: str, by: str, now: datetime, until: datetime) -> None:
    """Keep that a customer was reviewed.

    Raises:
        OperationRefusedError: nobody has this number.
    """
    if not _in_one(url, lambda uow: SqlClearances(uow).clear(number, reason, by, now, until)):
        raise OperationRefusedError(f"No customer has the number {number}: check it in the bank's file.")


def _in_one(url: str, do: Callable[[UnitOfWork], Awaitable[Found]]) -> Found:
    async def work() -> Found:
        database = Database(url, pool_size=1)
        try:
            async with database.unit_of_work() as uow:
                return await do(uow)
        finally:
            await database.close()

    return asyncio.run(work())
