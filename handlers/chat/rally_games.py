"""A booth's game in the chat: a quiz's options, the wheel, a picture for a clerk, and the clerk's word on it."""

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Filter, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageCaption, EditMessageText, SendMessage, SendPhoto
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.games.model import Attempt, GameKind, GameRefusal, Move
from campaigns.members.model import Language, Member
from campaigns.plays.model import Played
from campaigns.plays.service import PlayService
from campaigns.rallies.model import Booth
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.chat.rally_visits import OwnStampsTap
from handlers.wording import members as member_words
from handlers.wording import plays as words
from handlers.wording import stamps as stamp_words

router = Router(name="rally games")

Turn = Annotated[int, Field(ge=0, le=9)]


class AnswerTap(CallbackData, prefix="play"):
    """An option of a booth's quiz; `turn` counts the tries before it, so that tapping twice uses up one."""

    booth: RowId
    option: Annotated[int, Field(ge=1, le=9)]
    turn: Turn


class SpinTap(CallbackData, prefix="play_spin"):
    """A turn of a booth's wheel; `turn` counts those before it."""

    booth: RowId
    turn: Turn


class Verdict(StrEnum):
    """What a clerk does with a picture."""

    SEE = "see"
    ACCEPT = "accept"
    AGAIN = "again"


class PhotoTap(CallbackData, prefix=words.PHOTO_DATA):
    """A visitor's picture and what a clerk does with it."""

    booth: RowId
    member: RowId
    verdict: Verdict


class AwaitedPicture(Filter):
    """A picture from somebody whose task at a booth waits for one."""

    async def __call__(self, message: Message, member: Member, plays: PlayService) -> bool | dict[str, int]:
        """The booth, where there is one."""
        booth = await plays.awaits_picture(member) if message.photo else None
        return {"booth_id": booth} if booth is not None else False


async def game_begun(message: Message, booth_id: int, member: Member, plays: PlayService) -> SendMessage:
    """What somebody is asked to do who has just scanned the code of a booth with a game."""
    found = await plays.standing(booth_id, member)
    if isinstance(found, GameRefusal):
        return message.answer(words.refusal(found, member.language))
    text = words.prompt(found.booth, found.attempt, member.language)
    return message.answer(text, reply_markup=moves(found.booth, found.attempt, member.language))


@router.callback_query(AnswerTap.filter(), InPrivate())
async def tap_answer(
    query: CallbackQuery, callback_data: AnswerTap, member: Member, plays: PlayService, bank: str, zone: ZoneInfo
) -> EditMessageText | AnswerCallbackQuery:
    """Answer a booth's quiz."""
    outcome = await plays.answer(callback_data.booth, member, callback_data.option, callback_data.turn)
    return _moved(query, outcome, member, bank, zone)


@router.callback_query(SpinTap.filter(), InPrivate())
async def tap_spin(
    query: CallbackQuery, callback_data: SpinTap, member: Member, plays: PlayService, bank: str, zone: ZoneInfo
) -> EditMessageText | AnswerCallbackQuery:
    """Turn a booth's wheel."""
    return _moved(query, await plays.spin(callback_data.booth, member, callback_data.turn), member, bank, zone)


@router.message(F.photo, StateFilter(None), InPrivate(), AwaitedPicture())
async def take_picture(message: Message, booth_id: int, member: Member, plays: PlayService) -> SendMessage:
    """A picture for the booth's clerks."""
    assert message.photo
    outcome = await plays.hand_in(booth_id, member, message.photo[-1].file_id)
    if isinstance(outcome, GameRefusal):
        return message.answer(words.refusal(outcome, member.language))
    return message.answer(words.HANDED_IN.say(member.language))


@router.callback_query(PhotoTap.filter(F.verdict == Verdict.SEE), InPrivate())
async def see_picture(
    query: CallbackQuery, callback_data: PhotoTap, member: Member, plays: PlayService
) -> SendPhoto | AnswerCallbackQuery:
    """Show a clerk the picture, with the two answers below it."""
    found = await plays.picture(callback_data.booth, callback_data.member, member)
    if isinstance(found, GameRefusal) or not isinstance(query.message, Message) or found.play.picture is None:
        reason = found if isinstance(found, GameRefusal) else GameRefusal.NOT_BEGUN
        return query.answer(words.refusal(reason, member.language), show_alert=True)
    row = [
        _button(label.say(member.language), callback_data.model_copy(update={"verdict": verdict}))
        for label, verdict in ((words.ACCEPT, Verdict.ACCEPT), (words.AGAIN, Verdict.AGAIN))
    ]
    caption = words.seen(found, member.language)
    markup = InlineKeyboardMarkup(inline_keyboard=[row])
    return query.message.answer_photo(found.play.picture, caption=caption, reply_markup=markup)


@router.callback_query(PhotoTap.filter(F.verdict != Verdict.SEE), InPrivate())
async def judge_picture(
    query: CallbackQuery, callback_data: PhotoTap, member: Member, plays: PlayService
) -> EditMessageCaption | AnswerCallbackQuery:
    """The clerk's word: the stamp, or another picture."""
    accepted = callback_data.verdict is Verdict.ACCEPT
    outcome = await plays.judge(callback_data.booth, callback_data.member, member, accepted=accepted)
    if isinstance(outcome, GameRefusal):
        return query.answer(words.refusal(outcome, member.language), show_alert=True)
    said = (words.ACCEPTED if accepted else words.SENT_BACK).say(member.language)
    if not isinstance(query.message, Message):
        return query.answer(said, show_alert=True)
    return query.message.edit_caption(caption=f"{query.message.caption or ''}\n{said}".strip())


def _moved(
    query: CallbackQuery, outcome: Played | GameRefusal, member: Member, bank: str, zone: ZoneInfo
) -> EditMessageText | AnswerCallbackQuery:
    """The same message with what comes next; one edit for each move, nothing else to look at."""
    language = member.language
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(language), show_alert=True)
    if isinstance(outcome, GameRefusal):
        return query.answer(words.refusal(outcome, language)[:200], show_alert=True)
    if outcome.stamped is not None:
        return query.message.edit_text(words.passed(outcome, bank, zone, language), reply_markup=own_stamps(language))
    text = words.prompt(outcome.booth, outcome.attempt, language)
    return query.message.edit_text(text, reply_markup=moves(outcome.booth, outcome.attempt, language))


def moves(booth: Booth, attempt: Attempt, language: Language) -> InlineKeyboardMarkup | None:
    """The buttons of a game as it stands; a picture needs none."""
    game = booth.game
    if attempt.state is Move.OVER or game.kind is GameKind.STAFF:
        label = words.MEMBER_CODE_BUTTON.say(language)
        rows = [[InlineKeyboardButton(text=label, callback_data=words.MEMBER_CODE_DATA)]]
    elif game.kind is GameKind.QUIZ:
        options = enumerate(game.options, 1)
        rows = [
            [_button(getattr(each, language), AnswerTap(booth=booth.id, option=at, turn=attempt.tries))]
            for at, each in options
        ]
    elif game.kind is GameKind.SPIN:
        rows = [[_button(words.SPIN_BUTTON.say(language), SpinTap(booth=booth.id, turn=attempt.tries))]]
    else:
        return None
    return InlineKeyboardMarkup(inline_keyboard=rows)


def own_stamps(language: Language) -> InlineKeyboardMarkup:
    """The way to the own stamps, below what somebody won."""
    return InlineKeyboardMarkup(
        inline_keyboard=[[_button(stamp_words.OWN_STAMPS_BUTTON.say(language), OwnStampsTap())]]
    )


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
