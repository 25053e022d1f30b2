"""Tastings in the chat: who stands at a booth counts what was given, one tap each."""

from enum import IntEnum

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.rallies.model import Booth
from campaigns.staff.model import Action
from campaigns.tastings.model import TastingCode
from campaigns.tastings.service import TastingService
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import tastings as words

router = Router(name="tastings")

FLAGS = {"action": Action.REDEEM}


class Pieces(IntEnum):
    """What one tap counts."""

    BACK = -1
    ONE = 1
    FIVE = 5


class TastingTap(CallbackData, prefix="tasting"):
    """Pieces of one booth; whether somebody stands there is asked of the database."""

    booth: RowId
    pieces: Pieces


@router.message(Command("tastings"), InPrivate(), flags=FLAGS)
async def show_tastings(message: Message, member: Member, tastings: TastingService) -> SendMessage:
    """The booths where somebody counts tastings, with what is left."""
    booths = await tastings.booths(member)
    if not booths:
        return message.answer(words.NO_BOOTH.say(member.language))
    text = "\n".join(words.left(booth, member.language) for booth in booths)
    return message.answer(text, reply_markup=_keyboard(booths, member))


@router.callback_query(TastingTap.filter(), InPrivate(), flags=FLAGS)
async def count_tasting(
    query: CallbackQuery, callback_data: TastingTap, member: Member, tastings: TastingService
) -> EditMessageText | AnswerCallbackQuery:
    """Count what was given, or take one back."""
    booth, pieces = callback_data.booth, callback_data.pieces
    outcome = await (
        tastings.take_back(booth, member) if pieces is Pieces.BACK else tastings.give(booth, pieces, member)
    )
    is_counted = outcome.code in {TastingCode.GIVEN, TastingCode.TAKEN_BACK}
    if not is_counted or not isinstance(query.message, Message):
        return query.answer(words.OUTCOMES[outcome.code].say(member.language), show_alert=not is_counted)
    booths = await tastings.booths(member)
    text = "\n".join(words.left(each, member.language) for each in booths)
    return query.message.edit_text(text, reply_markup=_keyboard(booths, member))


def _keyboard(booths: list[Booth], member: Member) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[_button(booth, each, member) for each in Pieces] for booth in booths])


def _button(booth: Booth, pieces: Pieces, member: Member) -> InlineKeyboardButton:
    label = words.BACK_BUTTON if pieces is Pieces.BACK else words.GIVE_BUTTON
    text = f"{booth.code} {label.say(member.language, pieces=int(pieces))}"
    return InlineKeyboardButton(text=text, callback_data=TastingTap(booth=booth.id, pieces=pieces).pack())
