"""Quizzes: answered by button in the group or by words in private, published and settled by managers."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.forms.model import FormError
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.quizzes.model import Guess, GuessCode, Preview, QuizRefusal
from campaigns.quizzes.reading import read_quiz
from campaigns.quizzes.service import GuessDesk, QuizService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.links import LinkTo
from handlers.chat.numbers import LARGEST, RowId
from handlers.wording import forms
from handlers.wording import quizzes as words

router = Router(name="quizzes")


class QuizTap(CallbackData, prefix="quiz"):
    """An option on a quiz's card."""

    quiz: RowId
    option: Annotated[int, Field(ge=1, le=99)]


class ResultTap(CallbackData, prefix="result"):
    """The manager's second word on a result; it carries what it confirms."""

    quiz: RowId
    result: Annotated[str, Field(max_length=8)]


class Answering(StatesGroup):
    """A member is asked for an answer."""

    answer = State()


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
    numbers = head.split()
    if not form.strip() or not 1 <= len(numbers) <= 2 or not all(_is_number(number) for number in numbers):
        return message.answer(words.usage([group.title for group in await groups.of(member)], member.language))
    mine = await groups.of(member)
    at = int(numbers[1]) if len(numbers) == 2 else 1
    if len(mine) > 1 and len(numbers) == 1:
        return message.answer(words.usage([group.title for group in mine], member.language))
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


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
