"""Greeting, help, language, consent to binding, sharing a number and letting go of it."""

from dataclasses import replace

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from campaigns.members.model import BindingOutcome, Language, Member, Purpose
from campaigns.members.service import MemberService
from campaigns.rallies.course import RallyCourse
from campaigns.staff.model import Action
from handlers.chat.asking_buttons import own_things
from handlers.chat.filters import HasContact, InGroup, InPrivate, Words
from handlers.chat.menus import show_menu
from handlers.wording import members as words
from handlers.wording.commands import keyboard_words
from handlers.wording.own_data import STAMPS_STAY

router = Router(name="members")


class BindTap(CallbackData, prefix="bind"):
    """A button of the binding conversation: ask, yes or no."""

    step: str


class LanguageTap(CallbackData, prefix="language"):
    """The language button."""

    to: Language


@router.message(CommandStart(deep_link=True, magic=None), InPrivate())
async def start_with_link(message: Message, command: CommandObject, member: Member, bank: str) -> SendMessage:
    """A deep link: `bind` goes straight to the consent."""
    if command.args == "bind" and member.customer_id is None:
        return ask_consent(message, member.language, bank)
    return greet(message, member, bank)


@router.message(CommandStart(), InPrivate())
async def start(message: Message, member: Member, bank: str) -> SendMessage:
    """The first word in private."""
    return greet(message, member, bank)


@router.message(Command("help", "帮助"), InPrivate())
@router.message(Words("帮助", "help"), InPrivate())
async def show_help(message: Message, member: Member, bot: Bot) -> SendMessage:
    """What this person can do here; staff get a keyboard of words and a menu of their own commands."""
    if not member.is_staff:
        return message.answer(words.help_text(member), reply_markup=own_things(member))
    await show_menu(bot, member)
    return message.answer(words.help_text(member), reply_markup=_staff_keyboard(member))


@router.message(Command("language"))
@router.message(Words("换语言", "language"), InPrivate())
async def switch_language(message: Message, member: Member, members: MemberService, bot: Bot) -> SendMessage:
    """Speak the other language from now on, in the menu of staff too."""
    other = Language.EN if member.language is Language.ZH else Language.ZH
    await members.choose_language(member, other)
    if member.is_staff:
        await show_menu(bot, replace(member, language=other))
    return message.answer(words.LANGUAGE_SET.say(other))


@router.callback_query(LanguageTap.filter())
async def tap_language(
    query: CallbackQuery, callback_data: LanguageTap, member: Member, members: MemberService
) -> AnswerCallbackQuery:
    """Speak the language on the button."""
    await members.choose_language(member, callback_data.to)
    return query.answer(words.LANGUAGE_SET.say(callback_data.to))


@router.message(Command("bind"), InPrivate(), flags={"action": Action.BIND_PHONE})
@router.message(Words("绑定", "绑定手机号"), InPrivate(), flags={"action": Action.BIND_PHONE})
async def bind(message: Message, member: Member, bank: str) -> SendMessage:
    """State the purpose before anything is asked for."""
    return ask_consent(message, member.language, bank)


@router.message(Command("bind", "unbind"), InGroup())
async def bind_in_group(message: Message, member: Member) -> SendMessage:
    """Personal matters are not for groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.callback_query(BindTap.filter(), InPrivate(), flags={"action": Action.BIND_PHONE})
async def tap_bind(
    query: CallbackQuery, callback_data: BindTap, member: Member, members: MemberService, bank: str
) -> SendMessage | AnswerCallbackQuery:
    """Consent or its refusal; only after a yes does the share button appear, and a no takes an earlier yes back."""
    if not isinstance(query.message, Message):
        return query.answer(words.STALE_BUTTON.say(member.language))
    match callback_data.step:
        case "ask":
            return ask_consent(query.message, member.language, bank)
        case "yes":
            await members.consent(member, Purpose.BINDING, words.CONSENT_VERSION)
            return query.message.answer(words.SHARE.say(member.language), reply_markup=_share_keyboard(member))
        case "no":
            forgot = await members.unbind(member)
            sentence = (words.UNBOUND if forgot else words.DISAGREED).say(member.language)
            return query.message.answer(sentence, reply_markup=ReplyKeyboardRemove(remove_keyboard=True))
        case _:
            return query.answer(words.STALE_BUTTON.say(member.language))


@router.message(HasContact(), InPrivate(), flags={"action": Action.BIND_PHONE})
async def share_contact(message: Message, member: Member, members: MemberService) -> SendMessage | None:
    """Only the sender's own number binds."""
    if message.contact is None:
        return None
    outcome = await members.share_phone(member, message.contact.user_id, message.contact.phone_number)
    keep = outcome in {BindingOutcome.NOT_YOUR_OWN, BindingOutcome.UNREADABLE}
    markup = _share_keyboard(member) if keep else ReplyKeyboardRemove(remove_keyboard=True)
    return message.answer(words.binding(outcome, member.language), reply_markup=markup)


@router.message(Command("unbind"), InPrivate())
@router.message(Words("解绑"), InPrivate())
async def unbind(message: Message, member: Member, members: MemberService, rally_course: RallyCourse) -> SendMessage:
    """Forget the number and the binding; what events stored stays, and is said to."""
    if not await members.unbind(member):
        return message.answer(words.NOT_BOUND.say(member.language))
    more = [STAMPS_STAY.say(member.language)] if await rally_course.kept(member) else []
    return message.answer("\n".join([words.UNBOUND.say(member.language), *more]))


def greet(message: Message, member: Member, bank: str) -> SendMessage:
    """What somebody reads first in private."""
    if member.customer_id is not None:
        return message.answer(words.GREETING_BOUND.say(member.language))
    other = Language.EN if member.language is Language.ZH else Language.ZH
    buttons = [
        [_button(words.BIND_BUTTON.say(member.language), BindTap(step="ask"))],
        [_button(words.LANGUAGE_BUTTON.say(member.language), LanguageTap(to=other))],
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=buttons)
    return message.answer(words.GREETING.say(member.language, bank=bank), reply_markup=keyboard)


def ask_consent(message: Message, language: Language, bank: str) -> SendMessage:
    """The purpose, before anything is asked for."""
    buttons = [
        _button(words.AGREE.say(language), BindTap(step="yes")),
        _button(words.DISAGREE.say(language), BindTap(step="no")),
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[buttons])
    return message.answer(words.ASK_CONSENT.say(language, bank=bank), reply_markup=keyboard)


def _staff_keyboard(member: Member) -> ReplyKeyboardMarkup:
    """A word per command, three in a row."""
    keys = [KeyboardButton(text=word) for word in keyboard_words(member)]
    return ReplyKeyboardMarkup(keyboard=[keys[at : at + 3] for at in range(0, len(keys), 3)], resize_keyboard=True)


def _share_keyboard(member: Member) -> ReplyKeyboardMarkup:
    button = KeyboardButton(text=words.SHARE_BUTTON.say(member.language), request_contact=True)
    return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
