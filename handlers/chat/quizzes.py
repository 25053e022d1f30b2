"""Quizzes: answered by button in the group or by words in private, published and settled by managers."""

import re
from datetime import datetime
from io import BytesIO
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject, Filter, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.forms.model import FormError
from campaigns.forms.reading import LONGEST_FILE, decoded
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.quizzes.model import Guess, GuessCode, Preview, QuizPlan, QuizRefusal
from campaigns.quizzes.reading import read_quiz, read_quizzes
from campaigns.quizzes.service import GuessDesk, QuizService
from campaigns.staff.model import Action
from handlers.chat.aliases import as_command
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.links import LinkTo
from handlers.chat.numbers import LARGEST, RowId
from handlers.wording import forms
from handlers.wording import quizzes as words

router = Router(name="quizzes")

_QUIZ = re.compile(r"/quiz(?!\w)", re.IGNORECASE)


class QuizTap(CallbackData, prefix="quiz"):
    """An option on a quiz's card."""

    quiz: RowId
    option: Annotated[int, Field(ge=1, le=99)]


class ResultTap(CallbackData, prefix="result"):
    """The manager's second word on a result; it carries what it confirms."""

    quiz: RowId
    result: Annotated[str, Field(max_length=8)]


class QuizFileTap(CallbackData, prefix="quiz_file"):
    """The manager's word on a file of quizzes that was shown."""

    is_wanted: bool


class HasFile(Filter):
    """A file was sent."""

    async def __call__(self, message: Message) -> bool:
        """Whether one was."""
        return message.document is not None


class QuizFile(StatesGroup):
    """A file of quizzes was shown and waits for the manager's word; its words stay with the platform, not with us."""

    shown = State()


class Answering(StatesGroup):
    """A member is asked for an answer."""

    answer = State()


def holds_answers(text: str) -> bool:
    """Whether words are, or may be, a quiz with its answers: they are sealed before anything else becomes of them."""
    command = as_command(text) or text.lstrip()
    return _QUIZ.match(command) is not None


@router.callback_query(QuizTap.filter(), InGroup(), flags={"action": Action.ANSWER_QUIZ})
async def tap_quiz(
    query: CallbackQuery, callback_data: QuizTap, member: Member, quizzes: QuizService, guesses: GuessDesk
) -> AnswerCallbackQuery:
    """Answer by a button; only the person sees what was chosen."""
    here = query.message.chat.id if query.message else member.id
    guess = Guess(member.id, masked(member.name), member.customer_id, str(callback_data.option), here)
    outcome = await guesses.claim(callback_data.quiz, guess)
    quiz = await quizzes.find(callback_data.quiz)
    return query.answer(words.guess(outcome, quiz.plan if quiz else None, member.language), show_alert=True)


@router.message(LinkTo("quiz_"), InPrivate(), flags={"action": Action.ANSWER_QUIZ})
async def begin_answer(
    message: Message, token: str, member: Member, quizzes: QuizService, state: FSMContext
) -> SendMessage:
    """The card's link: ask for the answer, of members of the group only."""
    quiz = await quizzes.open_to(member, int(token)) if token.isdecimal() and int(token) <= LARGEST else None
    if quiz is None:
        return message.answer(words.NOT_OPEN.say(member.language))
    await state.set_state(Answering.answer)
    await state.set_data({"quiz": quiz.id})
    return message.answer(words.ask(quiz.plan, member.language))


@router.message(StateFilter(Answering), InPrivate(), Words("取消", "cancel", "/cancel"))
async def cancel_answer(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.CANCELLED.say(member.language))


@router.message(StateFilter(Answering), InPrivate(), NoCommand(), flags={"action": Action.ANSWER_QUIZ})
async def give_answer(
    message: Message, member: Member, quizzes: QuizService, guesses: GuessDesk, state: FSMContext
) -> SendMessage:
    """Take the answer; one that cannot be read is asked for again."""
    asked = await state.get_data()
    quiz = await quizzes.open_to(member, asked["quiz"])
    if quiz is None:
        await state.clear()
        return message.answer(words.NOT_OPEN.say(member.language))
    guess = Guess(member.id, masked(member.name), member.customer_id, message.text or "", None)
    outcome = await guesses.claim(quiz.id, guess)
    if outcome.code is not GuessCode.UNREADABLE:
        await state.clear()
    return message.answer(words.guess(outcome, quiz.plan, member.language))


@router.message(Command("quiz"), InGroup(), flags={"action": Action.MANAGE_QUIZZES})
async def quiz_in_group(message: Message, member: Member) -> SendMessage:
    """A form with the answer in it is not for the group."""
    return message.reply(words.NOT_HERE.say(member.language))


@router.message(Command("quiz"), InPrivate(), HasFile(), flags={"action": Action.MANAGE_QUIZZES})
async def show_quiz_file(
    message: Message,
    bot: Bot,
    command: CommandObject,
    member: Member,
    groups: GroupService,
    state: FSMContext,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """A file of quizzes with `/quiz CAMPAIGN` beneath it: show what would be published, or the line that is wrong."""
    mine, numbers = await groups.of(member), (command.args or "").split()
    document = message.document
    if document is None or not _names_a_group(numbers, len(mine)):
        return message.answer(words.usage([group.title for group in mine], member.language))
    if (document.file_size or 0) > LONGEST_FILE:
        return message.answer(words.FILE_TOO_LARGE.say(member.language))
    name = document.file_name or ""
    try:
        plans = await _read_file(bot, document.file_id, name, now, zone)
    except FormError as error:
        return message.answer(forms.fault(error.fault, member.language))
    await state.set_state(QuizFile.shown)
    await state.set_data({"file": document.file_id, "name": name, "numbers": numbers})
    labels = ((words.PUBLISH_LABEL, True), (words.DROP_LABEL, False))
    row = [
        InlineKeyboardButton(text=label.say(member.language), callback_data=QuizFileTap(is_wanted=is_wanted).pack())
        for label, is_wanted in labels
    ]
    return message.answer(
        words.shown_file(plans, zone, member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=[row])
    )


@router.callback_query(
    QuizFileTap.filter(), StateFilter(QuizFile.shown), InPrivate(), flags={"action": Action.MANAGE_QUIZZES}
)
async def decide_quiz_file(
    query: CallbackQuery,
    callback_data: QuizFileTap,
    bot: Bot,
    member: Member,
    quizzes: QuizService,
    groups: GroupService,
    state: FSMContext,
    now: datetime,
    zone: ZoneInfo,
) -> AnswerCallbackQuery:
    """Publish every quiz of the file, or none of them."""
    asked = await state.get_data()
    await state.clear()
    if not callback_data.is_wanted:
        return query.answer(words.DROPPED.say(member.language), show_alert=True)
    try:
        plans = await _read_file(bot, asked["file"], asked["name"], now, zone)
    except FormError as error:
        return query.answer(forms.fault(error.fault, member.language)[:200], show_alert=True)
    mine, numbers = await groups.of(member), [int(number) for number in asked["numbers"]]
    at = numbers[1] if len(numbers) > 1 else 1
    group = mine[at - 1] if 1 <= at <= len(mine) else None
    outcome = await quizzes.publish_all(numbers[0], group, plans, by=member.id)
    if isinstance(outcome, QuizRefusal):
        return query.answer(words.refusal(outcome, member.language), show_alert=True)
    return query.answer(words.ALL_PUBLISHED.say(member.language, n=len(outcome)), show_alert=True)


@router.callback_query(QuizFileTap.filter(), InPrivate(), flags={"action": Action.MANAGE_QUIZZES})
async def stale_quiz_file(query: CallbackQuery, member: Member) -> AnswerCallbackQuery:
    """The file was decided on already."""
    return query.answer(words.NO_FILE.say(member.language), show_alert=True)


async def _read_file(bot: Bot, file_id: str, name: str, now: datetime, zone: ZoneInfo) -> list[QuizPlan]:
    read = BytesIO()
    await bot.download(file_id, read)
    return read_quizzes(decoded(read.getvalue()), name, now, zone)


@router.message(Command("quiz"), InPrivate(), flags={"action": Action.MANAGE_QUIZZES})
async def publish_quiz(
    message: Message,
    command: CommandObject,
    member: Member,
    quizzes: QuizService,
    groups: GroupService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """Publish the quiz of a form that follows the command, in one of the manager's groups."""
    head, _, form = (command.args or "").partition("\n")
    numbers, mine = head.split(), await groups.of(member)
    if not form.strip() or not _names_a_group(numbers, len(mine)):
        return message.answer(words.usage([group.title for group in mine], member.language))
    at = int(numbers[1]) if len(numbers) == 2 else 1
    try:
        plan = read_quiz(form, now, zone)
    except FormError as error:
        return message.answer(forms.fault(error.fault, member.language))
    group = mine[at - 1] if 1 <= at <= len(mine) else None
    outcome = await quizzes.publish(int(numbers[0]), group, plan, by=member.id)
    if isinstance(outcome, QuizRefusal):
        return message.answer(words.refusal(outcome, member.language))
    name = words.title(outcome.plan, member.language)
    return message.answer(words.PUBLISHED.say(member.language, title=name, id=outcome.id))


@router.message(Command("quizzes"), InPrivate(), flags={"action": Action.MANAGE_QUIZZES})
async def list_quizzes(message: Message, member: Member, quizzes: QuizService, zone: ZoneInfo) -> SendMessage:
    """The manager's quizzes with their numbers and states."""
    found = [words.listed(quiz, zone, member.language) for quiz in await quizzes.of(member)]
    return message.answer("\n".join(found) if found else words.NO_QUIZZES.say(member.language))


@router.message(Command("result"), InPrivate(), flags={"action": Action.MANAGE_QUIZZES})
async def enter_result(message: Message, command: CommandObject, member: Member, quizzes: QuizService) -> SendMessage:
    """Show what a result would pay and ask for a second word."""
    number, _, text = (command.args or "").partition(" ")
    if not _is_number(number) or not text.strip():
        return message.answer(words.RESULT_USAGE.say(member.language))
    found = await quizzes.preview(int(number), member, text)
    if not isinstance(found, Preview):
        return message.answer(words.refusal(found, member.language))
    label = words.CONFIRM_LABEL.say(member.language, result=words.shown(found.quiz.plan, found.result))
    button = InlineKeyboardButton(text=label, callback_data=ResultTap(quiz=found.quiz.id, result=found.result).pack())
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    return message.answer(words.preview(found, member.language), reply_markup=keyboard)


@router.callback_query(ResultTap.filter(), InPrivate(), flags={"action": Action.MANAGE_QUIZZES})
async def confirm_result(
    query: CallbackQuery, callback_data: ResultTap, member: Member, quizzes: QuizService
) -> AnswerCallbackQuery:
    """Take the result for good and pay."""
    outcome = await quizzes.confirm(callback_data.quiz, member, callback_data.result)
    if isinstance(outcome, QuizRefusal):
        return query.answer(words.refusal(outcome, member.language), show_alert=True)
    _, wins = outcome
    points = sum(win.points for win in wins)
    return query.answer(words.SETTLED.say(member.language, right=len(wins), points=points), show_alert=True)


def _names_a_group(numbers: list[str], groups: int) -> bool:
    """Whether a campaign's number is there, and where there are several groups one of theirs."""
    return len(numbers) in ({2} if groups > 1 else {1, 2}) and all(_is_number(number) for number in numbers)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
