"""风险监测 in the chat: the pages of what a look found, behind the message that compliance got of it."""

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.watches.service import WatchService
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import Moment, PageNumber
from handlers.chat.paging import turns
from handlers.wording import members as member_words
from handlers.wording import watches as words
from handlers.wording.paging import leaf

router = Router(name="watches")


class WatchPageTap(CallbackData, prefix=words.PAGE_DATA):
    """A page of the look of this moment, in microseconds since 1970."""

    at: Moment
    page: PageNumber


@router.callback_query(WatchPageTap.filter(), InPrivate(), flags={"action": Action.STOP_SENDING})
async def turn_page(
    query: CallbackQuery, callback_data: WatchPageTap, member: Member, watches: WatchService
) -> EditMessageText | AnswerCallbackQuery:
    """Another page of what was found."""
    found = await watches.found(words.EPOCH + callback_data.at * words.MICROSECOND)
    if not found or not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    shown = leaf(found, callback_data.page, words.ON_A_PAGE)
    rows = turns(shown, lambda page: WatchPageTap(at=callback_data.at, page=page))
    text = words.page(shown, member.language)
    return query.message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))
