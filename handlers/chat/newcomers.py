"""A newcomer's first minute in private: one question at a time, first the language, then the binding."""

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.care.service import CareService
from campaigns.members.model import Language, Member
from campaigns.members.service import MemberService
from handlers.chat.filters import InPrivate
from handlers.chat.links import LinkTo
from handlers.chat.members import ask_consent, greet
from handlers.wording import care as words
from handlers.wording import members as member_words

router = Router(name="newcomers")


class HelloTap(CallbackData, prefix="hello"):
    """The language that a newcomer wants to be asked in."""

    language: Language


@router.message(LinkTo("hello"), InPrivate())
async def greet_newcomer(message: Message, member: Member, care: CareService, bank: str) -> SendMessage:
    """The welcome's button: ask the language; whoever is bound already is just greeted."""
    if member.customer_id is not None:
        return greet(message, member, bank)
    await care.remind_to_bind(member)
    buttons = [
        InlineKeyboardButton(text=text, callback_data=HelloTap(language=language).pack())
        for text, language in ((words.CHINESE, Language.ZH), (words.ENGLISH, Language.EN))
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[buttons])
    return message.answer(words.ASK_LANGUAGE.say(member.language), reply_markup=keyboard)


@router.callback_query(HelloTap.filter(), InPrivate())
async def choose_language(
    query: CallbackQuery, callback_data: HelloTap, member: Member, members: MemberService, bank: str
) -> SendMessage | AnswerCallbackQuery:
    """Speak this language, and ask the next thing in it."""
    await members.choose_language(member, callback_data.language)
    if not isinstance(query.message, Message):
        return query.answer(member_words.LANGUAGE_SET.say(callback_data.language))
    return ask_consent(query.message, callback_data.language, bank)
