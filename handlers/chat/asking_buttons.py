"""The buttons of a conversation in plain words; of their own, since help and answers both show them."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from campaigns.members.model import Language, Member
from handlers.chat.points_buttons import PointsTap, ToFetchTap
from handlers.wording import answers as words


class PersonTap(CallbackData, prefix="person"):
    """The way to a person."""


class OwnChainsTap(CallbackData, prefix="own_chains"):
    """Open the member's own entries of chains."""


class EntryTap(CallbackData, prefix="entry"):
    """One of several answers that may be meant; the key is looked up again."""

    key: str


class SpeakTap(CallbackData, prefix="speak"):
    """The other language, below the help."""

    to: Language


def to_person(member: Member) -> InlineKeyboardMarkup:
    """The one button below an answer."""
    return InlineKeyboardMarkup(inline_keyboard=[[button(words.PERSON_BUTTON.say(member.language), PersonTap())]])


def own_things(member: Member) -> InlineKeyboardMarkup:
    """The buttons below the help: what is one's own, a person, the other language."""
    language = member.language
    other = Language.EN if language is Language.ZH else Language.ZH
    rows = [
        [
            button(words.POINTS_BUTTON.say(language), PointsTap()),
            button(words.CHAINS_BUTTON.say(language), OwnChainsTap()),
            button(words.COUPONS_BUTTON.say(language), ToFetchTap()),
        ],
        [
            button(words.PERSON_BUTTON.say(language), PersonTap()),
            button(words.LANGUAGE_BUTTON.say(language), SpeakTap(to=other)),
        ],
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    """An inline button."""
    return InlineKeyboardButton(text=text, callback_data=data.pack())
