"""The manager's side of vouchers: 客户满额券, who asks, who is near, pay or send back."""

from enum import StrEnum

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.vouchers.desk import Near, VoucherDesk
from campaigns.vouchers.model import MeasuredBy, VoucherRefusal, VoucherState
from campaigns.vouchers.service import Held
from handlers.chat.filters import InGroup, InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import offers as offer_words
from handlers.wording import vouchers as words

router = Router(name="voucher_desk")

WORKS = {"action": Action.WORK_VOUCHERS}
SHOWN = 30


class VoucherVerb(StrEnum):
    """What a manager does with a customer's voucher."""

    PAY = "pay"
    SEND_BACK = "send_back"
    MET = "met"


class VoucherDeskTap(CallbackData, prefix="voucher_desk"):
    """A customer's voucher, and what is to be done."""

    verb: VoucherVerb
    voucher: RowId


@router.message(Command("client_vouchers"), InPrivate(), flags=WORKS)
async def list_vouchers(message: Message, member: Member, voucher_desk: VoucherDesk) -> SendMessage:
    """Open vouchers in the own groups: who asks first, then who lacks least."""
    found = (await voucher_desk.near(member))[:SHOWN]
    rows = [row for at, each in enumerate(found, start=1) if (row := _row(at, each, member))]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return message.answer(words.near(found, member.language)[:4096], reply_markup=markup)


@router.message(Command("client_vouchers"), InGroup(), flags=WORKS)
async def list_in_group(message: Message, member: Member) -> SendMessage:
    """Customers are nothing for a group."""
    return message.reply(offer_words.PRIVATE_ONLY.say(member.language))


@router.callback_query(VoucherDeskTap.filter(), InPrivate(), flags=WORKS)
async def work_voucher(
    query: CallbackQuery, callback_data: VoucherDeskTap, member: Member, voucher_desk: VoucherDesk
) -> AnswerCallbackQuery:
    """Pay, send back, or see that the condition is met; once."""
    outcome = await _work(callback_data.verb, callback_data.voucher, member, voucher_desk)
    if isinstance(outcome, VoucherRefusal):
        return query.answer(words.refusal(outcome, member.language), show_alert=True)
    return query.answer(words.done(outcome, member.language), show_alert=True)


async def _work(verb: VoucherVerb, voucher: int, member: Member, desk: VoucherDesk) -> Held | VoucherRefusal:
    match verb:
        case VoucherVerb.PAY:
            return await desk.confirm(voucher, member)
        case VoucherVerb.SEND_BACK:
            return await desk.decline(voucher, member, words.SENT_BACK_REASON.both())
        case VoucherVerb.MET:
            return await desk.see_met(voucher, member)


def _row(at: int, near: Near, member: Member) -> list[InlineKeyboardButton]:
    voucher, condition = near.held.voucher, near.held.plan.condition
    verbs = []
    if voucher.state is VoucherState.ASKED:
        verbs = [(VoucherVerb.PAY, words.CONFIRM_BUTTON), (VoucherVerb.SEND_BACK, words.SEND_BACK_BUTTON)]
    elif voucher.state is VoucherState.CLAIMED and condition and condition.measured_by is MeasuredBy.STAFF:
        verbs = [(VoucherVerb.MET, words.MET_BUTTON)]
    return [
        InlineKeyboardButton(
            text=label.say(member.language, at=at), callback_data=VoucherDeskTap(verb=verb, voucher=voucher.id).pack()
        )
        for verb, label in verbs
    ]
