"""Buttons of an organiser's screens of an event, and how a screen takes another's place."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Language, Member
from campaigns.rallies.model import Rally, RallyRefusal
from handlers.chat.numbers import RowId
from handlers.wording.members import STALE_BUTTON
from handlers.wording.phrase import Phrase
from handlers.wording.rallies import refusal

LONGEST = 4096
Reply = SendMessage | EditMessageText | AnswerCallbackQuery


class RallyVerb(StrEnum):
    """What an organiser does with an event."""

    SHOW = "show"
    RULES = "rules"
    PLACES = "places"
    ALL = "all"
    PREVIEW = "preview"
    ANNOUNCE = "announce"
    OPEN = "open"
    SURE_OPEN = "sure_open"
    CLOSE = "close"
    SURE_CLOSE = "sure_close"
    BOOTHS = "booths"
    CODE = "code"


class RallyTap(CallbackData, prefix="rally"):
    """An event and what is done with it."""

    rally: RowId
    verb: RallyVerb


def edited(query: CallbackQuery, text: str, rows: list[list[InlineKeyboardButton]], member: Member) -> Reply:
    """The same message with other words; a button of a message that is gone answers as such."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.edit_text(text, reply_markup=keyboard(rows))


def refused(query: CallbackQuery, found: RallyRefusal, member: Member) -> AnswerCallbackQuery:
    """Why a tap does nothing."""
    return query.answer(refusal(found, member.language), show_alert=True)


def keyboard(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup:
    """Rows of buttons beneath a message."""
    return InlineKeyboardMarkup(inline_keyboard=rows)


def button(label: Phrase, rally: Rally, verb: RallyVerb, language: Language) -> InlineKeyboardButton:
    """A button that leads to something of an event."""
    return labelled(label.say(language), rally, verb)


def labelled(text: str, rally: Rally, verb: RallyVerb) -> InlineKeyboardButton:
    """The same with words that are made already."""
    return InlineKeyboardButton(text=text, callback_data=RallyTap(rally=rally.id, verb=verb).pack())
