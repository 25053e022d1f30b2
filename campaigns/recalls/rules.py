"""How a message is taken back: deleted while the platform allows it, else edited, else corrected."""

from datetime import timedelta
from typing import Any

from campaigns.recalls.model import RecallState, Way

DELETABLE = timedelta(hours=48)  # core.telegram.org/bots/api#deletemessage.
SPARE = timedelta(minutes=10)  # For what waits in the ledger.
_NEXT = {Way.DELETE: Way.EDIT, Way.EDIT: Way.CORRECT}


def after(way: Way, *, arrived: bool) -> tuple[Way, RecallState]:
    """What follows from one try: its end, or the next way."""
    if arrived:
        return way, RecallState.RECALLED if way is Way.DELETE else RecallState.CORRECTED
    further = _NEXT.get(way)
    return (further, RecallState.PENDING) if further else (way, RecallState.FAILED)


def call_for(way: Way, method: str, message_id: int, correction: str) -> tuple[str, dict[str, Any]]:
    """The platform's call that deletes or edits one message; a picture keeps itself and gets another caption."""
    if way is Way.DELETE:
        return "deleteMessage", {"message_id": message_id}
    if method == "sendPhoto":
        return "editMessageCaption", {"message_id": message_id, "caption": correction}
    return "editMessageText", {"message_id": message_id, "text": correction}
