"""Referrals: a member's own link and how it stands, a newcomer who opens one, and a person's word on doubtful ones."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.referrals.model import LinkRefusal, StartCode
from campaigns.referrals.service import ReferralService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.links import LinkTo
from handlers.chat.members import BindTap
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import referral_desk
from handlers.wording import referrals as words

router = Router(name="referrals")


class DecideTap(CallbackData, prefix="referral"):
    """A person's word on a held referral."""

    referral: RowId
    release: bool


@router.message(LinkTo("f_"), InPrivate())
async def open_link(
    message: Message, token: str, member: Member, referrals: ReferralService, bank: str, zone: ZoneInfo
) -> SendMessage:
    """Say who invites, what both get and under which conditions; the next step is the consent."""
    outcome = await referrals.start(token, member)
    text = words.started(outcome, bank, zone, member.language)
    if outcome.code is not StartCode.STARTED:
        return message.answer(text)
    label = words.BIND_BUTTON.say(member.language)
    button = InlineKeyboardButton(text=label, callback_data=BindTap(step="ask").pack())
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.message(Command("refer"), InPrivate())
@router.message(Words("老带新", "推荐有礼", "邀请朋友"), InPrivate())
async def show_own(
    message: Message, member: Member, referrals: ReferralService, username: str, zone: ZoneInfo
) -> SendMessage:
    """The own link and how those stand who came by it; the text to forward follows as a message of its own."""
    link = await referrals.link(member)
    friends, coming = await referrals.own(member)
    text = words.own(link, friends, coming, username, zone, member)
    if link is not LinkRefusal.NOT_BOUND:
        return message.answer(text)
    label = member_words.BIND_BUTTON.say(member.language)
    button = InlineKeyboardButton(text=label, callback_data=BindTap(step="ask").pack())
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.message(Command("refer", "held"), InGroup())
async def in_group(message: Message, member: Member) -> SendMessage:
    """Personal matters are not for groups."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


@router.message(Command("benefits"), InPrivate())
@router.message(Words("我的福利", "my benefits"), InPrivate())
async def show_benefits(
    message: Message, member: Member, referrals: ReferralService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """What a newcomer has from the referral, free messages included."""
    _, coming = await referrals.own(member)
    return message.answer(words.benefits(coming, zone, now.astimezone(zone).date(), member.language))


@router.message(Command("held"), InPrivate(), flags={"action": Action.DECIDE_REFERRALS})
@router.message(Words("待核实"), InPrivate(), flags={"action": Action.DECIDE_REFERRALS})
async def show_held(message: Message, member: Member, referrals: ReferralService, zone: ZoneInfo) -> SendMessage:
    """Referrals that wait for a person, with reason and facts, a pair of buttons for each."""
    desk = await referrals.desk()
    rows = [
        [
            _button(referral_desk.RELEASE.say(member.language, id=each.referral.id), each.referral.id, release=True),
            _button(referral_desk.REJECT.say(member.language, id=each.referral.id), each.referral.id, release=False),
        ]
        for each in desk.doubtful
    ]
    return message.answer(
        referral_desk.held(desk, zone, member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )


@router.callback_query(DecideTap.filter(), InPrivate(), flags={"action": Action.DECIDE_REFERRALS})
async def decide(
    query: CallbackQuery, callback_data: DecideTap, member: Member, referrals: ReferralService
) -> AnswerCallbackQuery:
    """Record the word: the first one counts, and nobody decides on an own referral."""
    code = await referrals.decide(callback_data.referral, member, release=callback_data.release)
    return query.answer(referral_desk.DECISIONS[code].say(member.language), show_alert=True)


def _button(text: str, referral: int, *, release: bool) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=DecideTap(referral=referral, release=release).pack())
