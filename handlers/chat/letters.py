"""Writing to one customer: an answer to a question or a message unasked; a reviewed text, or words through the gate."""

import re
from typing import Annotated, Any

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject, Filter, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.answers.model import AnswerEntry, Variable
from campaigns.answers.service import AnswerService
from campaigns.letters.model import Addressee, LetterRefusal, TextChoice
from campaigns.letters.rules import next_to_fill
from campaigns.letters.service import Drafted, LetterService, Preview
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.asking_buttons import button
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.chat.question_buttons import QuestionTap, QuestionVerb
from handlers.wording import answers as answer_words
from handlers.wording import letters as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="letters")

WRITE = {"action": Action.WRITE_LETTERS}
A_PAGE = 8
LONGEST_VALUE = 100
_HEADER = re.compile(r"(?:【提问 (\d{1,18})】|Question (\d{1,18}): )")
_NAMED = re.compile(rf"(?:{'|'.join(words.WRITE_WORDS)})\s*[:：]?\s*(?P<name>.*)", re.DOTALL)


class WriteTap(CallbackData, prefix="write"):
    """A customer who is written to."""

    member: RowId


class TextTap(CallbackData, prefix="text"):
    """A text for a question (`answers`) or a member; no key asks for free words, a page for more of the list."""

    to: RowId
    answers: bool
    key: Annotated[str, Field(max_length=24)] = ""
    page: Annotated[int, Field(ge=0, le=1_000)] = 0


class LetterTap(CallbackData, prefix="letter"):
    """What becomes of a draft."""

    letter: RowId
    send: bool


class Writing(StatesGroup):
    """Somebody of the staff writes free words, or fills in a text."""

    words = State()
    value = State()


class RepliesToQuestion(Filter):
    """A reply in private to one of the bot's messages about a question; hands over its number."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, int]:
        """The number; whether the sender may answer is asked later."""
        to = message.reply_to_message
        if to is None or to.from_user is None or to.from_user.id != bot.id:
            return False
        found = _HEADER.match(to.text or "")
        return {"number": int(found[1] or found[2])} if found else False


class NamesReader(Filter):
    """给客户发消息 and to whom."""

    async def __call__(self, message: Message, member: Member) -> bool | dict[str, str]:
        """The name, which may be missing; a customer who writes so asks something."""
        found = _NAMED.fullmatch((message.text or "").strip()) if member.is_staff else None
        return {"name": found["name"].strip()} if found else False


@router.message(StateFilter(Writing), InPrivate(), Words("取消", "cancel", "/cancel"))
async def cancel_writing(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop writing."""
    await state.clear()
    return message.answer(words.CANCELLED.say(member.language))


@router.message(RepliesToQuestion(), InPrivate(), NoCommand(), flags={"action": Action.ANSWER_QUESTIONS})
async def answer_by_reply(
    message: Message, number: int, member: Member, letters: LetterService, state: FSMContext
) -> SendMessage:
    """Free words as an answer: the gate first, then a look, then the send button."""
    await state.clear()
    return await _write(message, Addressee(0, number), message.text or "", member, letters, state)


@router.callback_query(QuestionTap.filter(F.verb == QuestionVerb.CHOOSE), InPrivate(), flags=WRITE)
async def choose_answer(
    query: CallbackQuery, callback_data: QuestionTap, member: Member, letters: LetterService
) -> SendMessage | AnswerCallbackQuery:
    """The reviewed texts for a question."""
    return await _choose(query, Addressee(0, callback_data.question), 0, member, letters)


@router.callback_query(QuestionTap.filter(F.verb == QuestionVerb.WRITE), InPrivate(), flags=WRITE)
async def write_answer(
    query: CallbackQuery, callback_data: QuestionTap, member: Member, letters: LetterService, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    """Free words for a question."""
    return await _ask_words(query, Addressee(0, callback_data.question), member, letters, state)


@router.message(Command("write"), InPrivate(), flags=WRITE)
async def write_by_command(
    message: Message, command: CommandObject, member: Member, letters: LetterService
) -> SendMessage:
    """Write to a customer by name."""
    return await _find(message, (command.args or "").strip(), member, letters)


@router.message(NamesReader(), InPrivate(), flags=WRITE)
async def write_by_words(message: Message, name: str, member: Member, letters: LetterService) -> SendMessage:
    """The same in words."""
    return await _find(message, name, member, letters)


@router.message(Command("write"), InGroup())
async def write_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of customers is said in groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.callback_query(WriteTap.filter(), InPrivate(), flags=WRITE)
async def tap_reader(
    query: CallbackQuery, callback_data: WriteTap, member: Member, letters: LetterService
) -> SendMessage | AnswerCallbackQuery:
    """The one of several who was meant."""
    return await _choose(query, Addressee(callback_data.member), 0, member, letters)


@router.callback_query(TextTap.filter(), InPrivate(), flags=WRITE)
async def tap_text(
    query: CallbackQuery,
    callback_data: TextTap,
    member: Member,
    letters: LetterService,
    answers: AnswerService,
    state: FSMContext,
) -> SendMessage | AnswerCallbackQuery:
    """A text was chosen, or free words, or more of the list."""
    to = _addressee(callback_data)
    if callback_data.page:
        return await _choose(query, to, callback_data.page, member, letters)
    if not callback_data.key:
        return await _ask_words(query, to, member, letters, state)
    entry = await answers.entry(callback_data.key)
    who = await letters.addressee(to, member)
    if isinstance(who, LetterRefusal) or entry is None:
        code = who if isinstance(who, LetterRefusal) else LetterRefusal.NO_TEXT
        return query.answer(words.refusal(code, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return await _fill(query.message, to, entry, {}, member, letters, state)


@router.message(StateFilter(Writing.words), InPrivate(), NoCommand(), flags=WRITE)
async def give_words(message: Message, member: Member, letters: LetterService, state: FSMContext) -> SendMessage:
    """Free words; those that do not pass may be written again."""
    to = _remembered(await state.get_data())
    return await _write(message, to, message.text or "", member, letters, state)


@router.message(StateFilter(Writing.value), InPrivate(), NoCommand(), flags=WRITE)
async def give_value(
    message: Message, member: Member, letters: LetterService, answers: AnswerService, state: FSMContext
) -> SendMessage:
    """What fills one variable; the next one is asked, or the whole is shown."""
    kept = await state.get_data()
    entry = await answers.entry(kept["key"])
    if entry is None:
        await state.clear()
        return message.answer(words.refusal(LetterRefusal.NO_TEXT, member.language))
    asked = next_to_fill(entry, kept["values"])
    value = " ".join((message.text or "").split())[:LONGEST_VALUE]
    values = kept["values"] | ({str(asked): value} if asked and value else {})
    return await _fill(message, _remembered(kept), entry, values, member, letters, state)


@router.callback_query(LetterTap.filter(), InPrivate(), flags=WRITE)
async def settle_letter(
    query: CallbackQuery, callback_data: LetterTap, member: Member, letters: LetterService
) -> AnswerCallbackQuery:
    """Let the own draft leave, once, or give it up."""
    if callback_data.send:
        outcome = await letters.send(callback_data.letter, member)
        if isinstance(outcome, LetterRefusal):
            return query.answer(words.refusal(outcome, member.language), show_alert=True)
        return query.answer(words.SENT.say(member.language), show_alert=True)
    done = await letters.give_up(callback_data.letter, member)
    stale = words.refusal(LetterRefusal.STALE, member.language)
    return query.answer(words.GIVEN_UP.say(member.language) if done else stale, show_alert=True)


async def _find(message: Message, name: str, member: Member, letters: LetterService) -> SendMessage:
    if not name:
        return message.answer(words.USAGE.say(member.language))
    found = await letters.find(name, member)
    if not found:
        return message.answer(words.NOBODY.say(member.language, name=name))
    if len(found) == 1:
        return await _list(message, Addressee(found[0].id), found[0], 0, member, letters)
    rows = [[button(each.name, WriteTap(member=each.id))] for each in found]
    return message.answer(words.WHICH.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


async def _choose(
    query: CallbackQuery, to: Addressee, page: int, member: Member, letters: LetterService
) -> SendMessage | AnswerCallbackQuery:
    who = await letters.addressee(to, member)
    if isinstance(who, LetterRefusal):
        return query.answer(words.refusal(who, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return await _list(query.message, to, who, page, member, letters)


async def _list(
    message: Message, to: Addressee, who: Member, page: int, member: Member, letters: LetterService
) -> SendMessage:
    """A page of the reviewed texts, the likeliest first."""
    texts = await letters.choices(to)
    shown = texts[page * A_PAGE : (page + 1) * A_PAGE]
    rows = [[button(answer_words.title_of(each, member.language), _text_tap(to, key=each.key))] for each in shown]
    last = [button(words.FREE_BUTTON.say(member.language), _text_tap(to))]
    if len(texts) > (page + 1) * A_PAGE:
        last.append(button(words.NEXT_BUTTON.say(member.language), _text_tap(to, page=page + 1)))
    text = words.CHOOSE.say(member.language, name=who.name)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[*rows, last]))


async def _ask_words(
    query: CallbackQuery, to: Addressee, member: Member, letters: LetterService, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    who = await letters.addressee(to, member)
    if isinstance(who, LetterRefusal):
        return query.answer(words.refusal(who, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    await state.set_state(Writing.words)
    await state.set_data(_memory(to))
    return query.message.answer(words.WRITE_NOW.say(member.language, name=who.name))


async def _fill(
    message: Message,
    to: Addressee,
    entry: AnswerEntry,
    values: dict[str, str],
    member: Member,
    letters: LetterService,
    state: FSMContext,
) -> SendMessage:
    """Ask for the next variable, or show the whole."""
    asked = next_to_fill(entry, values)
    if asked is not None:
        await state.set_state(Writing.value)
        await state.set_data(_memory(to) | {"key": entry.key, "values": values})
        return message.answer(words.FILL.say(member.language, variable=_variable(asked, member)))
    await state.clear()
    return _drafted(message, await letters.draft(to, TextChoice(entry.key, values), member), member)


async def _write(
    message: Message, to: Addressee, text: str, member: Member, letters: LetterService, state: FSMContext
) -> SendMessage:
    """Free words: refused ones keep the conversation open for the next try."""
    drafted = await letters.draft(to, TextChoice(words=text), member)
    if isinstance(drafted, tuple):
        await state.set_state(Writing.words)
        await state.set_data(_memory(to))
    else:
        await state.clear()
    return _drafted(message, drafted, member)


def _drafted(message: Message, drafted: Drafted, member: Member) -> SendMessage:
    if isinstance(drafted, LetterRefusal):
        return message.answer(words.refusal(drafted, member.language))
    if not isinstance(drafted, Preview):
        return message.answer(words.objections(drafted, member.language))
    row: list[InlineKeyboardButton] = []
    if drafted.hindrance is None or not drafted.hindrance.never:
        send = LetterTap(letter=drafted.letter.id, send=True)
        row.append(button(words.SEND_BUTTON.say(member.language), send))
    give_up = LetterTap(letter=drafted.letter.id, send=False)
    row.append(button(words.GIVE_UP_BUTTON.say(member.language), give_up))
    text = words.preview(drafted, member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))


def _variable(name: Variable, member: Member) -> str:
    return words.VARIABLES[name].say(member.language)


def _text_tap(to: Addressee, key: str = "", page: int = 0) -> TextTap:
    answers = to.question_id is not None
    return TextTap(to=to.question_id or to.member_id, answers=answers, key=key, page=page)


def _addressee(tap: TextTap) -> Addressee:
    return Addressee(0, tap.to) if tap.answers else Addressee(tap.to)


def _memory(to: Addressee) -> dict[str, Any]:
    return {"member": to.member_id, "question": to.question_id}


def _remembered(kept: dict[str, Any]) -> Addressee:
    return Addressee(kept["member"], kept["question"])
