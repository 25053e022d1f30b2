"""我的进度: a customer follows the own applications, withdraws one, and books a visit from here."""

from enum import StrEnum
from typing import Annotated

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.applications.model import Application, MoveRefusal
from campaigns.applications.rules import OPEN
from campaigns.applications.service import ApplicationService
from campaigns.members.model import Member
from handlers.chat.contact_buttons import let_button
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.numbers import RowId
from handlers.chat.visit_buttons import visit_button
from handlers.wording import applications as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="progress")

Version = Annotated[int, Field(ge=0, le=1_000_000)]


class OwnVerb(StrEnum):
    """What a customer wants of the own application."""

    ASK = "ask"
    WITHDRAW = "withdraw"
    KEEP = "keep"


class OwnTap(CallbackData, prefix="progress"):
    """A customer's button below the own progress."""

    verb: OwnVerb
    application: RowId
    version: Version


@router.message(Command("progress"), InPrivate())
@router.message(Words(*words.PROGRESS_WORDS), InPrivate())
async def show_progress(message: Message, member: Member, applications: ApplicationService) -> SendMessage:
    """The member's own applications."""
    found = await applications.progress(member)
    if not found:
        return message.answer(words.NO_PROGRESS.say(member.language))
    text = words.progress(found, applications.today(), member.language)
    return message.answer(text, reply_markup=_own_keyboard(found, member))


@router.message(Command("progress"), InGroup())
async def progress_in_group(message: Message, member: Member) -> SendMessage:
    """Personal matters are not for groups."""
    return message.reply(words.IN_PRIVATE.say(member.language))


@router.callback_query(OwnTap.filter(), InPrivate())
async def tap_own(
    query: CallbackQuery, callback_data: OwnTap, member: Member, applications: ApplicationService
) -> EditMessageText | AnswerCallbackQuery | bool:
    """Withdraw the own application after one question."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    if callback_data.verb is OwnVerb.KEEP:
        return query.message.edit_text(words.KEPT.say(member.language))
    if callback_data.verb is OwnVerb.WITHDRAW:
        outcome = await applications.withdraw(callback_data.application, callback_data.version, member)
        if isinstance(outcome, MoveRefusal):
            return query.answer(words.REFUSALS[outcome].say(member.language), show_alert=True)
        return query.message.edit_text(words.WITHDRAWN.say(member.language))
    own = [each for each in await applications.progress(member) if each.id == callback_data.application]
    if not own:
        return query.answer(words.REFUSALS[MoveRefusal.NO_APPLICATION].say(member.language), show_alert=True)
    text = words.ASK_WITHDRAW.say(member.language, product=own[0].product)
    return query.message.edit_text(text, reply_markup=_sure_keyboard(own[0], member))


def _own_keyboard(found: list[Application], member: Member) -> InlineKeyboardMarkup | None:
    rows = [
        [
            _button(
                words.WITHDRAW_LABEL.say(member.language, product=each.product),
                OwnTap(verb=OwnVerb.ASK, application=each.id, version=each.version),
            )
        ]
        for each in found
        if each.stage in OPEN and each.member_id == member.id
    ]
    visiting = [[button] for each in found if (button := visit_button(each, member))]
    letting = [[let_button(each, member)] for each in found if each.stage in OPEN and each.member_id == member.id]
    rows = [*visiting, *letting, *rows]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _sure_keyboard(one: Application, member: Member) -> InlineKeyboardMarkup:
    labels = {OwnVerb.WITHDRAW: words.YES_WITHDRAW, OwnVerb.KEEP: words.NO_WITHDRAW}
    row = [
        _button(text.say(member.language), OwnTap(verb=verb, application=one.id, version=one.version))
        for verb, text in labels.items()
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
