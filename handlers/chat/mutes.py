"""What a person wants no more of: the button under a reminder, and the page with a switch for each kind."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Language, Member
from campaigns.reminders.model import Topic
from campaigns.reminders.mutes import MuteService
from campaigns.reminders.topics import EVERYTHING, MUTABLE
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.wording import members as member_words
from handlers.wording import mutes as words

router = Router(name="mutes")

OWN = {"action": Action.CHAT}
MUTED_BY = (*MUTABLE, EVERYTHING)


class MuteTap(CallbackData, prefix=words.HUSH_DATA):
    """No more of a kind of reminders."""

    topic: Topic


class SwitchTap(CallbackData, prefix=words.HUSH_SWITCH_DATA):
    """A switch of the page: a kind, or all."""

    what: str


@router.message(Command("reminders"), InPrivate(), flags=OWN)
@router.message(Words(*words.OWN_WORDS), InPrivate(), flags=OWN)
async def show_mutes(message: Message, member: Member, mutes: MuteService) -> SendMessage:
    """Which reminders arrive, with a switch for each kind."""
    muted = await mutes.of(member.id)
    return message.answer(words.MUTES_HEAD.say(member.language), reply_markup=_page(muted, member.language))


@router.message(Command("reminders"), InGroup(), flags=OWN)
async def mutes_in_group(message: Message, member: Member) -> SendMessage:
    """What somebody wants to read is nobody else's business."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


@router.callback_query(MuteTap.filter(), InPrivate(), flags=OWN)
async def mute_topic(
    query: CallbackQuery, callback_data: MuteTap, member: Member, mutes: MuteService
) -> AnswerCallbackQuery:
    """No more of these, from now on: what is planned already does not leave either."""
    muted = await mutes.mute(member.id, callback_data.topic)
    if callback_data.topic not in muted:
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return query.answer(words.muted_words(callback_data.topic, member.language), show_alert=True)


@router.callback_query(SwitchTap.filter(), InPrivate(), flags=OWN)
async def switch_topic(
    query: CallbackQuery, callback_data: SwitchTap, member: Member, mutes: MuteService
) -> EditMessageReplyMarkup | AnswerCallbackQuery:
    """Mute a kind, or open it again."""
    if callback_data.what not in set(MUTED_BY) or not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    muted = await mutes.switch(member.id, callback_data.what)
    return query.message.edit_reply_markup(reply_markup=_page(muted, member.language))


def _page(muted: frozenset[str], language: Language) -> InlineKeyboardMarkup:
    """A switch for each kind, two on a line, and one for all."""
    buttons = [
        InlineKeyboardButton(
            text=words.mute_label(what, muted, language), callback_data=SwitchTap(what=str(what)).pack()
        )
        for what in MUTED_BY
    ]
    return InlineKeyboardMarkup(inline_keyboard=[buttons[at : at + 2] for at in range(0, len(buttons), 2)])
