"""Evidence and clearances by the operator's hand."""

from datetime import datetime

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from campaigns.evidence.model import Evidence
from storage.clearances import SqlClearances
from storage.evidence import SqlEvidence


def evidence_of(url: str, delivery: int) -> Evidence | None:
    """All about one delivery; None when there is none of this number."""
    return in_one_transaction(url, lambda uow: SqlEvidence(uow).of(delivery))


def evidence_outside(url: str, message: int) -> Evidence | None:
    """All about one message of another channel; None when there is none of this number."""
    return in_one_transaction(url, lambda uow: SqlEvidence(uow).outside(message))


def clear(url: str, number: str, reason: str, by: str, now: datetime, until: datetime) -> None:
    """Keep that a customer was reviewed.

    Raises:
        OperationRefusedError: nobody has this number.
    """
    if not in_one_transaction(url, lambda uow: SqlClearances(uow).clear(number, reason, by, now, until)):
        raise OperationRefusedError(f"No customer has the number {number}: check it in the bank's file.")
