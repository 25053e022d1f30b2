"""The buttons by which a customer lets the manager be in touch, shared with the own progress."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from campaigns.applications.model import Application
from campaigns.members.model import Member
from handlers.chat.numbers import RowId
from handlers.wording import contacts as words


class LetTap(CallbackData, prefix="contact_let"):
    """A customer wants to be contacted for an application."""

    application: RowId


class AgreeTap(CallbackData, prefix="contact_yes"):
    """The customer's answer."""

    application: RowId
    agrees: bool


class NumberTap(CallbackData, prefix=words.NUMBER_DATA):
    """A manager wants to see the number."""

    application: RowId


def let_button(one: Application, member: Member) -> InlineKeyboardButton:
    """The button below the own progress."""
    label = words.LET_LABEL.say(member.language, product=one.product)
    return InlineKeyboardButton(text=label, callback_data=LetTap(application=one.id).pack())
