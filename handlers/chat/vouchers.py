"""The customer's side of vouchers: 我的权益 with progress, claim by one tap, ask for redemption, read the rules."""

from typing import Annotated

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.members.model import Member
from campaigns.vouchers.model import VoucherRefusal, VoucherState
from campaigns.vouchers.service import Held, Offered, VoucherService
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import vouchers as words

router = Router(name="vouchers")

SHOWN = 12  # Of each kind: so many risk notices stand in one message.
Code = Annotated[str, Field(max_length=24)]


class VoucherClaimTap(CallbackData, prefix="voucher_claim"):
    """Claim a voucher; for whom comes from who taps."""

    code: Code


class VoucherRulesTap(CallbackData, prefix="voucher_rules"):
    """Read a voucher's rule page."""

    code: Code


class VoucherUseTap(CallbackData, prefix="voucher_use"):
    """Ask for the member's own voucher to be redeemed."""

    voucher: RowId


@router.message(Command("vouchers"), InPrivate())
@router.message(Words(*words.VOUCHER_WORDS), InPrivate())
async def show_vouchers(message: Message, member: Member, vouchers: VoucherService) -> SendMessage:
    """What somebody has with what is missing, and what may be claimed by one tap."""
    if member.customer_id is None:
        return message.answer(words.NOT_BOUND.say(member.language))
    offered, held = await vouchers.mine(member)
    shown = [each for each in offered if words.is_shown(each)][:SHOWN]
    text = words.mine(shown, held[:SHOWN], member.language)
    return message.answer(text, reply_markup=_buttons(shown, held[:SHOWN], member))


@router.message(Command("vouchers"), InGroup())
@router.message(Words(*words.VOUCHER_WORDS), InGroup())
async def vouchers_in_group(message: Message, member: Member) -> SendMessage:
    """What somebody has or lacks is nothing for a group."""
    return message.reply(words.IN_GROUP.say(member.language))


@router.callback_query(VoucherClaimTap.filter(), InPrivate())
async def claim_voucher(
    query: CallbackQuery, callback_data: VoucherClaimTap, member: Member, vouchers: VoucherService
) -> SendMessage | AnswerCallbackQuery:
    """Claim it, once."""
    outcome = await vouchers.claim(callback_data.code, member)
    if isinstance(outcome, VoucherRefusal) or not isinstance(query.message, Message):
        return _refused(query, outcome, member)
    text, row = words.claimed(outcome, member.language), [_rules(outcome.plan.code, outcome, member)]
    if outcome.voucher.state is VoucherState.MET:
        row.insert(0, _use(outcome, member))
    return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))


@router.callback_query(VoucherUseTap.filter(), InPrivate())
async def use_voucher(
    query: CallbackQuery, callback_data: VoucherUseTap, member: Member, vouchers: VoucherService
) -> AnswerCallbackQuery:
    """The first step of a redemption; the second is the manager's."""
    outcome = await vouchers.ask(callback_data.voucher, member)
    if isinstance(outcome, VoucherRefusal):
        return _refused(query, outcome, member)
    return query.answer(words.ASKED.say(member.language), show_alert=True)


@router.callback_query(VoucherRulesTap.filter(), InPrivate())
async def show_rules(
    query: CallbackQuery, callback_data: VoucherRulesTap, member: Member, vouchers: VoucherService
) -> SendMessage | AnswerCallbackQuery:
    """The rule page as it was published."""
    page = await vouchers.rules(callback_data.code, member)
    if page is None or not isinstance(query.message, Message):
        return _refused(query, VoucherRefusal.UNKNOWN, member)
    return query.message.answer(page[:4096])


def claim_button(offer: Offered, member: Member) -> InlineKeyboardButton:
    """One tap claims it."""
    label = words.CLAIM_BUTTON.say(member.language, name=offer.plan.name.read_in(member.language))
    return InlineKeyboardButton(text=label, callback_data=VoucherClaimTap(code=offer.plan.code).pack())


def _buttons(offered: list[Offered], held: list[Held], member: Member) -> InlineKeyboardMarkup | None:
    rows = [[_use(each, member)] for each in held if each.voucher.state is VoucherState.MET]
    rows += [
        [claim_button(each, member), _rules(each.plan.code, each, member)] for each in offered if each.refusal is None
    ]
    rows += [[_rules(each.plan.code, each, member)] for each in offered if each.refusal is not None]
    rows += [[_rules(each.plan.code, each, member)] for each in held if each.voucher.is_open]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _use(held: Held, member: Member) -> InlineKeyboardButton:
    label = words.USE_BUTTON.say(member.language, name=held.plan.name.read_in(member.language))
    return InlineKeyboardButton(text=label, callback_data=VoucherUseTap(voucher=held.voucher.id).pack())


def _rules(code: str, of: Held | Offered, member: Member) -> InlineKeyboardButton:
    label = words.RULES_BUTTON.say(member.language, name=of.plan.name.read_in(member.language))
    return InlineKeyboardButton(text=label, callback_data=VoucherRulesTap(code=code).pack())


def _refused(query: CallbackQuery, found: object, member: Member) -> AnswerCallbackQuery:
    if isinstance(found, VoucherRefusal):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
