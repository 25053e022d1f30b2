"""Handing customers over: to whom, what goes along, and a confirmation since many are told."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.owners.service import OwnerService
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import owners as words

router = Router(name="owners")

WORKS = {"action": Action.WORK_CUSTOMERS}
SHOWN = 40


class SuccessorTap(CallbackData, prefix="handover"):
    """The successor, and whether the manager has confirmed."""

    to: RowId
    sure: bool


@router.message(Command("handover"), InPrivate(), flags=WORKS)
async def ask_successor(message: Message, member: Member, owners: OwnerService) -> SendMessage:
    """To whom everything goes."""
    found = (await owners.successors(member))[:SHOWN]
    if not found:
        return message.answer(words.NO_COLLEAGUES.say(member.language))
    rows = [[_button(each.name, SuccessorTap(to=each.id, sure=False))] for each in found]
    return message.answer(words.CHOOSE.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.callback_query(SuccessorTap.filter(), InPrivate(), flags=WORKS)
async def hand_over(
    query: CallbackQuery, callback_data: SuccessorTap, member: Member, owners: OwnerService
) -> EditMessageText | AnswerCallbackQuery:
    """Show what goes along; once confirmed, let it go."""
    act = owners.hand_over if callback_data.sure else owners.preview
    found = await act(member, callback_data.to)
    if found is None or not isinstance(query.message, Message):
        return query.answer(words.NO_MANAGER.say(member.language), show_alert=True)
    counted, successor = found
    if callback_data.sure:
        return query.message.edit_text(words.done(counted, successor.name, member.language))
    button = _button(words.CONFIRM.say(member.language), SuccessorTap(to=successor.id, sure=True))
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    return query.message.edit_text(words.preview(counted, successor.name, member.language), reply_markup=markup)


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
