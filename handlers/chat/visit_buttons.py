"""The button by which a customer comes from the own progress to the times for a visit."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from campaigns.applications.model import Application, Stage
from campaigns.members.model import Member
from handlers.chat.numbers import RowId
from handlers.wording import visits as words

LABELS = {Stage.DELIVERED: words.BOOK_LABEL, Stage.VISIT_BOOKED: words.CHANGE_LABEL}


class ChooseTap(CallbackData, prefix="visit_times"):
    """A customer who wants to see the times for a visit."""

    application: RowId


def visit_button(one: Application, member: Member) -> InlineKeyboardButton | None:
    """The button where a visit can be booked or changed."""
    label = LABELS.get(one.stage)
    if label is None or one.member_id != member.id:
        return None
    text = label.say(member.language, product=one.product)
    return InlineKeyboardButton(text=text, callback_data=ChooseTap(application=one.id).pack())
