"""The customer's side of packs: 我的权益包 as one card with its reason, one tap for each voucher."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.packs.model import PackCard
from campaigns.packs.service import PackService
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.vouchers import claim_button
from handlers.wording import members as member_words
from handlers.wording import packs as words
from handlers.wording import vouchers as voucher_words

router = Router(name="packs")

SHOWN = 4


@router.message(Command("packs"), InPrivate())
@router.message(Words(*words.PACK_WORDS), InPrivate())
async def show_packs(message: Message, member: Member, packs: PackService) -> SendMessage:
    """The packs of this customer, with why."""
    if member.customer_id is None:
        return message.answer(voucher_words.NOT_BOUND.say(member.language))
    found = (await packs.mine(member))[:SHOWN]
    return message.answer(words.cards(found, member.language), reply_markup=_buttons(found, member))


@router.message(Command("packs"), InGroup())
@router.message(Words(*words.PACK_WORDS), InGroup())
async def packs_in_group(message: Message, member: Member) -> SendMessage:
    """No amounts of anybody in a group."""
    return message.reply(words.IN_GROUP.say(member.language))


@router.callback_query(F.data == words.OPEN_DATA, InPrivate())
async def open_packs(query: CallbackQuery, member: Member, packs: PackService) -> SendMessage | AnswerCallbackQuery:
    """The same by the button under the quarter's word."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    found = (await packs.mine(member))[:SHOWN]
    return query.message.answer(words.cards(found, member.language), reply_markup=_buttons(found, member))


def _buttons(found: list[PackCard], member: Member) -> InlineKeyboardMarkup | None:
    """One tap claims; each voucher once, in whichever packs it is."""
    offers = {each.plan.code: each for card in found for each in card.offered if each.refusal is None}
    rows = [[claim_button(each, member)] for each in offers.values()]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
