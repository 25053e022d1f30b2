"""财商小游戏 in the chat: staff share its link in a group, people play in private, managers see who came by which."""

from typing import Annotated

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.minigames.model import Played
from campaigns.minigames.rules import money_game
from campaigns.minigames.service import MinigameService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.links import LinkTo
from handlers.wording import minigames as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="minigames")

LONGEST_NUMBER = 18


class GuessTap(CallbackData, prefix="mg"):
    """An answer to one round, both from 1."""

    at: Annotated[int, Field(ge=1, le=99)]
    option: Annotated[int, Field(ge=1, le=9)]


@router.message(Command("minigame"), InGroup())
@router.message(Words(*words.GAME_WORDS), InGroup())
async def share_game(message: Message, member: Member, groups: GroupService, username: str) -> SendMessage | None:
    """Staff's word puts the game into the group; everybody else's is small talk."""
    group = await groups.in_chat(message.chat.id) if member.is_staff else None
    if group is None:
        return None
    button = InlineKeyboardButton(text=words.PLAY.say(member.language), url=words.link(username, group.id))
    return message.reply(words.hook(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.message(LinkTo(words.LINK), InPrivate())
async def begin_by_group(message: Message, token: str, member: Member, minigames: MinigameService) -> SendMessage:
    """Begin by a group's link; a link that was changed just begins."""
    is_number = token.isascii() and token.isdecimal() and len(token) <= LONGEST_NUMBER
    played = await minigames.begin(member, int(token) if is_number else None)
    return message.answer(words.ask(played, member.language), reply_markup=_options(played, member))


@router.message(Command("minigame"), InPrivate())
@router.message(Words(*words.GAME_WORDS), InPrivate())
async def begin(message: Message, member: Member, minigames: MinigameService) -> SendMessage:
    """Begin without a group."""
    played = await minigames.begin(member)
    return message.answer(words.ask(played, member.language), reply_markup=_options(played, member))


@router.callback_query(F.data == words.OPEN_DATA, InPrivate())
async def begin_by_button(
    query: CallbackQuery, member: Member, minigames: MinigameService
) -> SendMessage | AnswerCallbackQuery:
    """The same from a booking."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    played = await minigames.begin(member)
    return query.message.answer(words.ask(played, member.language), reply_markup=_options(played, member))


@router.callback_query(GuessTap.filter(), InPrivate())
async def guess(
    query: CallbackQuery, callback_data: GuessTap, member: Member, minigames: MinigameService
) -> EditMessageText | AnswerCallbackQuery:
    """One answer; the lesson and the next question follow in its place."""
    outcome = await minigames.answer(member, callback_data.at, callback_data.option)
    if outcome is None or not isinstance(query.message, Message):
        return query.answer(words.ANSWERED.say(member.language), show_alert=True)
    played, is_right = outcome
    said = words.lesson(money_game().rounds[callback_data.at - 1], member.language, is_right=is_right)
    text = f"{said}\n\n{words.ask(played, member.language)}"
    return query.message.edit_text(text, reply_markup=_options(played, member))


@router.message(Command("minigames"), InPrivate(), flags={"action": Action.SEE_BOOKINGS})
async def show_sources(message: Message, member: Member, minigames: MinigameService) -> SendMessage:
    """What each of the own groups brought."""
    return message.answer(words.sources(await minigames.sources(member), member.language))


def _options(played: Played, member: Member) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(text=each, callback_data=GuessTap(at=played.answered + 1, option=at).pack())]
        for at, each in enumerate(words.options(played, member.language), start=1)
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
