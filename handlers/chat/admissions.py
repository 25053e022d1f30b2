"""专属邀请 in the chat: a manager invites a customer to an exclusive product from the bundle, or takes it back."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.admissions.model import AdmissionRefusal
from campaigns.admissions.service import AdmissionService
from campaigns.catalogue.model import CustomerBundle
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.chat.cards import BundleTap
from handlers.chat.filters import InPrivate
from handlers.wording import admissions as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="admissions")

INVITES = {"action": Action.POST_BUNDLES}


class AdmitTap(CallbackData, prefix="adm"):
    """A customer and a product that is by invitation, to invite or to take it back."""

    customer: UUID
    product: Annotated[str, Field(max_length=24)]
    on: bool


def admission_rows(found: CustomerBundle, member: Member) -> list[list[InlineKeyboardButton]]:
    """A button for each product that the customer might be, or is, invited to."""
    if not may(member.roles, Action.POST_BUNDLES):
        return []
    invited = [each for each in found.selection.shown if each.by_invitation] if found.selection else []
    kinds = ((found.by_invitation, words.INVITE_BUTTON, True), (invited, words.TAKE_BACK_BUTTON, False))
    return [
        [
            InlineKeyboardButton(
                text=label.say(member.language, name=each.name.read_in(member.language)),
                callback_data=AdmitTap(customer=found.customer_id, product=each.code, on=on).pack(),
            )
        ]
        for products, label, on in kinds
        for each in products
    ]


@router.callback_query(AdmitTap.filter(), InPrivate(), flags=INVITES)
async def admit_customer(
    query: CallbackQuery, callback_data: AdmitTap, member: Member, admissions: AdmissionService, zone: ZoneInfo
) -> SendMessage | AnswerCallbackQuery:
    """Invite, or take the invitation back; the customer hears nothing of it."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    outcome = (
        await admissions.admit(callback_data.customer, callback_data.product, member)
        if callback_data.on
        else await admissions.end(callback_data.customer, callback_data.product, member)
    )
    if isinstance(outcome, AdmissionRefusal):
        return query.answer(words.REFUSALS[outcome].say(member.language), show_alert=True)
    text = words.TAKEN_BACK.say(member.language)
    if outcome is not None:
        product, admission = outcome
        text = words.invited(product, admission.until.astimezone(zone).date(), member.language)
    data = BundleTap(customer=callback_data.customer).pack()
    back = InlineKeyboardButton(text=words.TO_BUNDLE.say(member.language), callback_data=data)
    return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[back]]))
