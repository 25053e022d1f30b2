"""The way from the chat to an event's board, and the button that stops an event's notices."""

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.boards.model import BoardRefusal
from campaigns.boards.service import BoardService, Link
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import boards as words
from handlers.wording import members as member_words

router = Router(name="boards")


class BoardTap(CallbackData, prefix=words.DATA):
    """The button that opens an event's board."""

    rally: RowId


class MuteTap(CallbackData, prefix=words.MUTE_DATA):
    """The button below a notice."""

    rally: RowId


@router.callback_query(BoardTap.filter(), InPrivate(), flags={"action": Action.STEER_EVENTS})
async def open_board(
    query: CallbackQuery, callback_data: BoardTap, member: Member, boards: BoardService, public_address: str
) -> SendMessage | AnswerCallbackQuery:
    """A link that opens once, within minutes."""
    outcome = await boards.link(callback_data.rally, member)
    if isinstance(outcome, BoardRefusal):
        return query.answer(words.REFUSALS[outcome].say(member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return _link(query.message, outcome, public_address, member)


@router.callback_query(MuteTap.filter(), InPrivate())
async def mute(
    query: CallbackQuery, callback_data: MuteTap, member: Member, boards: BoardService
) -> AnswerCallbackQuery:
    """No more notices of this event."""
    done = await boards.mute(callback_data.rally, member.id)
    return query.answer((words.MUTED if done else words.NOT_THERE).say(member.language), show_alert=True)


def _link(message: Message, found: Link, address: str, member: Member) -> SendMessage:
    text = words.link(found.rally, address, found.word, member.language)
    button = InlineKeyboardMarkup.model_validate(text.payload()["reply_markup"])
    return message.answer(text.text, reply_markup=button)
