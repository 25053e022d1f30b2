"""The own group-buys in private: how they stand, inviting a friend, extending, and what an invitation leads to."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.chains.model import Verb
from campaigns.groupbuys.model import GroupbuyView, OwnState
from campaigns.groupbuys.rules import EXTENSIONS
from campaigns.groupbuys.service import GroupbuyService
from campaigns.groups.service import GroupService
from campaigns.members.model import Language, Member
from campaigns.staff.model import Action
from handlers.chat.chains import ChainTap
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.links import LinkTo
from handlers.chat.numbers import RowId
from handlers.wording import chains as chain_words
from handlers.wording import groupbuys as words
from handlers.wording import members as member_words

router = Router(name="groupbuys")

JOINS = {"action": Action.JOIN_CHAIN}


class Wish(StrEnum):
    """What a button in private asks of a group-buy."""

    SIGN_UP = "sign_up"
    INVITE = "invite"


class GroupbuyTap(CallbackData, prefix="groupbuy"):
    """A button below the own group-buys or an invitation."""

    wish: Wish
    chain: RowId


class ExtendTap(CallbackData, prefix="groupbuy_extend"):
    """The leader's or manager's button that extends a group-buy."""

    chain: RowId
    days: RowId


@router.message(LinkTo("b_"), InPrivate(), flags=JOINS)
async def open_invitation(
    message: Message, token: str, member: Member, groupbuys: GroupbuyService, groups: GroupService, zone: ZoneInfo
) -> SendMessage:
    """Show what a friend invites to; who is in the group signs up here, others are led to the group."""
    chain = await groupbuys.invited_to(token)
    view = await groupbuys.view(chain.id, member) if chain else None
    if chain is None or view is None:
        return message.answer(words.NO_SUCH_LINK.say(member.language))
    text = words.view(view, zone, member.language)
    if not view.is_open or view.own is not OwnState.NOT_IN:
        return message.answer(text)
    if await groupbuys.is_in_group(chain, member):
        button = _button(words.SIGN_UP_BUTTON.say(member.language), GroupbuyTap(wish=Wish.SIGN_UP, chain=chain.id))
        return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))
    group = await groups.by_id(chain.group_id)
    if group is None or group.invite_link is None:
        return message.answer(f"{text}\n{words.ASK_FOR_GROUP.say(member.language)}")
    door = InlineKeyboardButton(text=words.GROUP_BUTTON.say(member.language), url=group.invite_link)
    first = words.JOIN_GROUP_FIRST.say(member.language)
    return message.answer(f"{text}\n{first}", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[door]]))


@router.message(Command("groupbuys"), InPrivate(), flags=JOINS)
@router.message(Words("我的拼团", "拼团", "邀请", "延期", "invite", "extend"), InPrivate(), flags=JOINS)
async def show_own(message: Message, member: Member, groupbuys: GroupbuyService, zone: ZoneInfo) -> SendMessage:
    """The latest group-buys of a person, each with what this person may do."""
    views = await groupbuys.of(member)
    if not views:
        return message.answer(words.NONE_YET.say(member.language))
    texts = [words.view(view, zone, member.language) for view in views]
    rows = [row for view in views if view.is_open for row in _rows(view, member.language)]
    return message.answer(chain_words.fitting(texts), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.message(Command("groupbuys"), InGroup(), flags=JOINS)
async def in_group(message: Message, member: Member) -> SendMessage:
    """Personal matters are not for groups."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


@router.callback_query(GroupbuyTap.filter(), InPrivate(), flags=JOINS)
async def act(
    query: CallbackQuery, callback_data: GroupbuyTap, member: Member, groupbuys: GroupbuyService
) -> AnswerCallbackQuery | SendMessage:
    """Sign up, or get the text that a friend is invited with."""
    if callback_data.wish is Wish.SIGN_UP:
        outcome = await groupbuys.sign_up(callback_data.chain, member)
        return query.answer(chain_words.claim(outcome, member.language), show_alert=True)
    text = await groupbuys.invitation(callback_data.chain, member)
    if text is None or not isinstance(query.message, Message):
        return query.answer(words.NOT_OPEN.say(member.language), show_alert=True)
    return query.message.answer(text)


@router.callback_query(ExtendTap.filter(), InPrivate(), flags=JOINS)
async def extend(
    query: CallbackQuery, callback_data: ExtendTap, member: Member, groupbuys: GroupbuyService
) -> AnswerCallbackQuery:
    """Extend once; whether this person may, the rule says."""
    code = await groupbuys.extend(callback_data.chain, member, callback_data.days)
    return query.answer(words.EXTEND_CODES[code].say(member.language), show_alert=True)


def _rows(view: GroupbuyView, language: Language) -> list[list[InlineKeyboardButton]]:
    invite = words.INVITE_BUTTON.say(language, product=view.product)
    rows = [[_button(invite, GroupbuyTap(wish=Wish.INVITE, chain=view.chain_id))]]
    if view.own is not OwnState.NOT_IN:
        leave = words.LEAVE_BUTTON.say(language, product=view.product)
        rows.append([_button(leave, ChainTap(verb=Verb.LEAVE, chain=view.chain_id))])
    if view.may_extend:
        rows.append([_extend_button(view.chain_id, days, language) for days in EXTENSIONS])
    return rows


def _extend_button(chain_id: int, days: int, language: Language) -> InlineKeyboardButton:
    return _button(words.EXTEND_BUTTON.say(language, days=days), ExtendTap(chain=chain_id, days=days))


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
