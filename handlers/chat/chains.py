"""A chain's buttons, and the manager's lists."""

from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.chains.model import Chain, ChainState, Claim, CloseRefusal, Verb
from campaigns.chains.service import ChainService, ClaimDesk
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.model import Action
from handlers.chat.chain_lists import more_button
from handlers.chat.filters import InPrivate, Words
from handlers.chat.numbers import RowId
from handlers.wording import chain_lists as lists
from handlers.wording import chains as words

router = Router(name="chains")


class ChainTap(CallbackData, prefix="chain"):
    """A button on a chain's card."""

    verb: Verb
    chain: RowId


class CloseTap(CallbackData, prefix="chain_close"):
    """The manager's button that ends a chain."""

    chain: RowId


@router.callback_query(ChainTap.filter(), flags={"action": Action.JOIN_CHAIN})
async def tap_chain(
    query: CallbackQuery, callback_data: ChainTap, member: Member, claims: ClaimDesk
) -> AnswerCallbackQuery:
    """Join or leave; the person gets an answer of their own, the group sees the card change."""
    here = query.message.chat.id if query.message else member.id
    claim = Claim(callback_data.verb, member.id, masked(member.name), here)
    outcome = await claims.claim(callback_data.chain, claim)
    return query.answer(words.claim(outcome, member.language))


@router.message(Command("chains"), InPrivate(), flags={"action": Action.SEE_CHAIN_NAMES})
@router.message(Words("接龙名单"), InPrivate(), flags={"action": Action.SEE_CHAIN_NAMES})
async def list_chains(message: Message, member: Member, chains: ChainService, zone: ZoneInfo) -> SendMessage:
    """The manager's chains with full names, in private only; the newest with its closing button."""
    found = await chains.of(member)
    if not found:
        return message.answer(words.NO_CHAINS.say(member.language))
    texts = [lists.private_list(chain, await chains.names(chain), zone, member.language) for chain in found]
    closing = [[_close_button(chain, member)] for chain in found if chain.state is ChainState.OPEN]
    keyboard = closing + [[more_button(chain, member)] for chain in found]
    return message.answer(words.fitting(texts), reply_markup=InlineKeyboardMarkup(inline_keyboard=keyboard))


@router.callback_query(CloseTap.filter(), InPrivate(), flags={"action": Action.CLOSE_CHAIN})
async def close_chain(
    query: CallbackQuery, callback_data: CloseTap, member: Member, chains: ChainService
) -> AnswerCallbackQuery:
    """End a chain by its leader's tap."""
    outcome = await chains.close(callback_data.chain, member)
    if isinstance(outcome, CloseRefusal):
        return query.answer(words.close_refusal(outcome, member.language), show_alert=True)
    text = words.CLOSED_NOW.say(member.language, product=outcome.product, taken=outcome.taken)
    return query.answer(text, show_alert=True)


def _close_button(chain: Chain, member: Member) -> InlineKeyboardButton:
    label = words.CLOSE_BUTTON.say(member.language, product=chain.product)
    return InlineKeyboardButton(text=label, callback_data=CloseTap(chain=chain.id).pack())
