"""投顾建议 in the chat: a manager has advice written from a customer's bundle, reads it, and sends it by one tap."""

from typing import Annotated
from uuid import UUID

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.advisories.model import AdvisoryRefusal
from campaigns.advisories.service import AdvisoryService
from campaigns.catalogue.model import CustomerBundle
from campaigns.customers.lookups import LookupService, Occasion
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import advisories as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="advisories")

ADVISES = {"action": Action.SEND_OFFERS}


class AdviseTap(CallbackData, prefix="adv"):
    """A customer, and a product of the bundle to write of."""

    customer: UUID
    product: Annotated[str, Field(max_length=24)]


class SendAdviceTap(CallbackData, prefix="adv_send"):
    """A draft that its manager read and wants sent."""

    advisory: RowId


def advice_rows(found: CustomerBundle, member: Member) -> list[list[InlineKeyboardButton]]:
    """A button for each product that may be shown unasked."""
    shown = found.selection.shown if found.selection and may(member.roles, Action.SEND_OFFERS) else ()
    return [
        [
            InlineKeyboardButton(
                text=words.BUTTON.say(member.language, name=each.name.read_in(member.language)),
                callback_data=AdviseTap(customer=found.customer_id, product=each.code).pack(),
            )
        ]
        for each in shown
    ]


@router.callback_query(AdviseTap.filter(), InPrivate(), flags=ADVISES)
async def write_advice(
    query: CallbackQuery,
    callback_data: AdviseTap,
    member: Member,
    advisories: AdvisoryService,
    lookups: LookupService,
) -> SendMessage | AnswerCallbackQuery:
    """The text as the customer would read it; nothing is sent, and since it says what they hold, the look is kept."""
    card = await lookups.card(callback_data.customer, member, Occasion.CARD)
    if card is None or not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    found = await advisories.draft(callback_data.customer, callback_data.product, member)
    if isinstance(found, AdvisoryRefusal):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    markup = None
    if found.reader is not None:
        data = SendAdviceTap(advisory=found.advisory.id).pack()
        button = InlineKeyboardButton(text=words.SEND.say(member.language), callback_data=data)
        markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    return query.message.answer(words.preview(found, member.language), reply_markup=markup)


@router.callback_query(SendAdviceTap.filter(), InPrivate(), flags=ADVISES)
async def send_advice(
    query: CallbackQuery, callback_data: SendAdviceTap, member: Member, advisories: AdvisoryService
) -> EditMessageText | AnswerCallbackQuery:
    """Send it, once."""
    found = await advisories.send(callback_data.advisory, member)
    if isinstance(found, AdvisoryRefusal):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.edit_text(f"{found.message.text}\n\n{words.SENT.say(member.language)}")
