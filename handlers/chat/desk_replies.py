"""How a desk answers taps: in the place of its buttons, and by asking why something is taken back."""

from collections.abc import Callable

from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.redemptions.model import UndoReason
from handlers.wording import members as member_words
from handlers.wording import redemptions as words

Reply = SendMessage | EditMessageText | AnswerCallbackQuery


def ask_why(query: CallbackQuery, member: Member, tap: Callable[[UndoReason], CallbackData]) -> Reply:
    """Why is it taken back? One button for each reason."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    row = [button(text.say(member.language), tap(reason)) for reason, text in words.UNDO_REASONS.items()]
    markup = InlineKeyboardMarkup(inline_keyboard=[row])
    return query.message.answer(words.WHY_UNDO.say(member.language), reply_markup=markup)


def settled(query: CallbackQuery, done: str, *buttons: InlineKeyboardButton) -> Reply:
    """Say under the question what came of it, in the place of its buttons."""
    if not isinstance(query.message, Message) or query.message.text is None:
        return query.answer(done, show_alert=True)
    markup = InlineKeyboardMarkup(inline_keyboard=[list(buttons)]) if buttons else None
    return query.message.edit_text(f"{query.message.text}\n\n{done}", reply_markup=markup)


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    """A button at the desk."""
    return InlineKeyboardButton(text=text, callback_data=data.pack())
