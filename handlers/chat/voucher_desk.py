"""The manager's side of vouchers: 客户满额券, who asks, who is near, pay or send back."""

from enum import StrEnum

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.vouchers.desk import Near, VoucherDesk
from campaigns.vouchers.model import MeasuredBy, VoucherRefusal, VoucherState
from campaigns.vouchers.service import Held
from handlers.chat.filters import InGroup, InPrivate
from handlers.chat.numbers import PageNumber, RowId
from handlers.chat.paging import turns
from handlers.wording import members as member_words
from handlers.wording import offers as offer_words
from handlers.wording import vouchers as words
from handlers.wording.paging import leaf

router = Router(name="voucher_desk")

WORKS = {"action": Action.WORK_VOUCHERS}
ON_A_PAGE = 15


class VoucherVerb(StrEnum):
    """What a manager does with a customer's voucher."""

    PAY = "pay"
    SEND_BACK = "send_back"
    MET = "met"


class VoucherDeskTap(CallbackData, prefix="voucher_desk"):
    """A customer's voucher, and what is to be done."""

    verb: VoucherVerb
    voucher: RowId


class VoucherPageTap(CallbackData, prefix="voucher_page"):
    """A page of the list."""

    page: PageNumber


@router.message(Command("client_vouchers"), InPrivate(), flags=WORKS)
async def list_vouchers(message: Message, member: Member, voucher_desk: VoucherDesk) -> SendMessage:
    """Open vouchers in the own groups: who asks first, then who lacks least."""
    text, markup = await _page(1, member, voucher_desk)
    return message.answer(text, reply_markup=markup)


@router.callback_query(VoucherPageTap.filter(), InPrivate(), flags=WORKS)
async def turn_page(
    query: CallbackQuery, callback_data: VoucherPageTap, member: Member, voucher_desk: VoucherDesk
) -> EditMessageText | AnswerCallbackQuery:
    """Another page, as it is now."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    text, markup = await _page(callback_data.page, member, voucher_desk)
    return query.message.edit_text(text, reply_markup=markup)


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


async def _page(number: int, member: Member, desk: VoucherDesk) -> tuple[str, InlineKeyboardMarkup | None]:
    shown = leaf(await desk.near(member), number, ON_A_PAGE)
    rows = [row for at, each in enumerate(shown.items, start=shown.first) if (row := _row(at, each, member))]
    rows += turns(shown, lambda page: VoucherPageTap(page=page))
    return words.near(shown, member.language)[:4096], InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


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
