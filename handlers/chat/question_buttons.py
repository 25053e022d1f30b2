"""The buttons of questions; each names a row, and who may press it is asked again on every press."""

from enum import StrEnum
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from handlers.chat.numbers import RowId


class WithdrawTap(CallbackData, prefix="ask_back"):
    """The asker takes a question back."""

    question: RowId


class HelpedTap(CallbackData, prefix="helped"):
    """The asker's word on the answer of one round."""

    question: RowId
    round: Annotated[int, Field(ge=1, le=10_000)]
    yes: bool


class QuestionVerb(StrEnum):
    """What an owner does with a question."""

    LOOK = "look"
    CHOOSE = "choose"
    WRITE = "write"
    PASS = "pass"  # noqa: S105 - a verb.


class QuestionTap(CallbackData, prefix="question"):
    """A button of the owner's desk."""

    verb: QuestionVerb
    question: RowId
