"""Taking part in a draw by button or word, and checking a closed one."""

import re
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, Message

from campaigns.draws.hosting import DrawDesk, DrawHost
from campaigns.draws.model import Draw, DrawClaim, DrawKind, Taker
from campaigns.draws.rules import draw_meant, verify
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.numbers import LARGEST, RowId
from handlers.wording import draws as words
from handlers.wording.times import when

router = Router(name="draws")


class DrawTap(CallbackData, prefix="draw"):
    """The button of a draw's card."""

    draw: RowId


@router.callback_query(DrawTap.filter(), flags={"action": Action.TAKE_DRAW})
async def tap_draw(
    query: CallbackQuery, callback_data: DrawTap, member: Member, draw_claims: DrawDesk
) -> AnswerCallbackQuery:
    """Draw a ticket: the person gets it in an alert of their own, the group sees the card count."""
    here = query.message.chat.id if query.message else member.id
    outcome = await draw_claims.claim(callback_data.draw, _claim(member, here))
    return query.answer(words.outcome_words(outcome, member.language), show_alert=True)


@router.message(Words("抽奖", "抽波豆", "我要抽奖"), InGroup(), flags={"action": Action.TAKE_DRAW})
@router.message(Command("draw", "抽奖"), InGroup(), flags={"action": Action.TAKE_DRAW})
async def say_draw(
    message: Message, member: Member, groups: GroupService, draws: DrawHost, draw_claims: DrawDesk
) -> SendMessage | None:
    """Draw by word: works when the buttons are dead."""
    return await _by_word(message, None, member, groups, draws, draw_claims)


@router.message(Words("转盘", "spin"), InGroup(), flags={"action": Action.TAKE_DRAW})
@router.message(Command("spin"), InGroup(), flags={"action": Action.TAKE_DRAW})
async def say_spin(
    message: Message, member: Member, groups: GroupService, draws: DrawHost, draw_claims: DrawDesk
) -> SendMessage | None:
    """Spin the wheel by word."""
    return await _by_word(message, DrawKind.WHEEL, member, groups, draws, draw_claims)


@router.message(Command("draw", "spin"), InPrivate())
async def draw_in_private(message: Message, member: Member) -> SendMessage:
    """Which group is meant, only the group knows."""
    return message.answer(words.ALL_ARE_WELCOME.say(member.language))


@router.message(Command("verify", "核对"))
async def check_draw(
    message: Message, command: CommandObject, member: Member, draws: DrawHost, zone: ZoneInfo, public_address: str
) -> SendMessage:
    """Compute a closed draw again from what is public, and say what was checked and found."""
    found = re.fullmatch(r"\D{0,3}(\d{1,19})\D{0,3}", (command.args or "").strip())
    if found is None:
        return message.reply(words.ASK_NUMBER.say(member.language))
    number = min(int(found[1]), LARGEST)
    public = await draws.public(number)
    if public is None:
        return message.reply(words.UNKNOWN_DRAW.say(member.language, id=number))
    if public.published is None:
        ends = when(public.draw.closes_at, zone, member.language)
        facts = {"id": number, "when": ends, "commitment": public.draw.commitment}
        return message.reply(words.STILL_OPEN.say(member.language, **facts))
    findings, link = verify(public.published), words.page_link(public_address, number)
    return message.reply(words.verdict(public.published, findings, link, member.language))


async def _by_word(
    message: Message,
    kind: DrawKind | None,
    member: Member,
    groups: GroupService,
    draws: DrawHost,
    draw_claims: DrawDesk,
) -> SendMessage | None:
    """Plain words without a draw are small talk."""
    group = await groups.in_chat(message.chat.id)
    meant: Draw | None = draw_meant(await draws.open_in(group), kind) if group else None
    if meant is None:
        is_command = (message.text or "").startswith("/")
        return message.reply(words.NO_OPEN_DRAW.say(member.language)) if is_command else None
    outcome = await draw_claims.claim(meant.id, _claim(member, message.chat.id))
    return message.reply(words.outcome_words(outcome, member.language))


def _claim(member: Member, chat_id: int) -> DrawClaim:
    return DrawClaim(Taker(member.id, masked(member.name), member.customer_id), chat_id)
