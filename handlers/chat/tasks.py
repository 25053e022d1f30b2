"""The task planet: a member's card and its buttons, proofs, and what managers publish and judge."""

from enum import StrEnum
from typing import Annotated

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SendPhoto
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.forms.model import FormError
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.tasks.model import Planet, Progress, Task, TaskCode, TaskKind, TaskRefusal
from campaigns.tasks.reading import read_tasks
from campaigns.tasks.rules import is_done
from campaigns.tasks.service import TaskService
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import LARGEST, RowId
from handlers.wording import forms
from handlers.wording import tasks as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="tasks")
LONGEST_PROOF = 500


class TaskVerb(StrEnum):
    """What a button on the planet does."""

    OPEN = "open"
    DO = "do"
    BACK = "back"


class TaskTap(CallbackData, prefix="task"):
    """A button on a member's planet; `choice` answers a question, from 1."""

    verb: TaskVerb
    task: RowId
    choice: Annotated[int, Field(ge=0, le=9)] = 0


class ProofTap(CallbackData, prefix="proof"):
    """A manager's decision on a proof."""

    proof: RowId
    accepted: bool


class Proving(StatesGroup):
    """A member is asked for a proof."""

    proof = State()


@router.message(Command("planet"), InPrivate(), flags={"action": Action.DO_TASK})
@router.message(Words("我的星球", "财富星球", "my planet"), InPrivate(), flags={"action": Action.DO_TASK})
async def show_planet(message: Message, member: Member, tasks: TaskService) -> SendMessage:
    """The member's progress card."""
    planet = await tasks.planet(member)
    return message.answer(words.planet(planet, member.language), reply_markup=_keyboard(planet, member))


@router.message(Command("planet"), InGroup())
async def planet_in_group(message: Message, member: Member) -> SendMessage:
    """Personal matters are not for groups."""
    return message.reply(words.IN_PRIVATE.say(member.language))


@router.callback_query(TaskTap.filter(), InPrivate(), flags={"action": Action.DO_TASK})
async def tap_task(
    query: CallbackQuery, callback_data: TaskTap, member: Member, tasks: TaskService, state: FSMContext
) -> AnswerCallbackQuery | EditMessageText | SendMessage | bool:
    """Open a task, do it, or go back; the card is edited in place."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    if callback_data.verb is TaskVerb.BACK:
        return await _show(query.message, member, tasks)
    progress = await tasks.open_to(member, callback_data.task)
    if progress is None:
        return query.answer(words.refused(TaskCode.NO_TASK, member.language), show_alert=True)
    plan = progress.task.plan
    if callback_data.verb is TaskVerb.OPEN and plan.kind in {TaskKind.READ, TaskKind.QUESTION}:
        return _open(query.message, progress.task, member)
    outcome = await tasks.do(member, progress.task.id, callback_data.choice)
    text = words.done(outcome, plan, member.language)
    if outcome.code is TaskCode.NEEDS_PROOF:
        await state.set_state(Proving.proof)
        await state.set_data({"task": progress.task.id})
        return query.message.answer(f"{words.body(plan, member.language)}\n\n{text}")
    if outcome.code is not TaskCode.DONE:
        return query.answer(text, show_alert=True)
    return await _show(query.message, member, tasks, text)


@router.message(StateFilter(Proving), InPrivate(), Words("取消", "cancel", "/cancel"))
async def cancel_proof(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.CANCELLED.say(member.language))


@router.message(StateFilter(Proving), InPrivate(), NoCommand(), flags={"action": Action.DO_TASK})
async def give_proof(message: Message, member: Member, tasks: TaskService, state: FSMContext) -> SendMessage:
    """Take a photo or a sentence for a person to judge."""
    text = (message.text or message.caption or "").strip()
    photo = message.photo[-1].file_id if message.photo else None
    if (not text and photo is None) or len(text) > LONGEST_PROOF:
        return message.answer(words.BAD_PROOF.say(member.language))
    asked = await state.get_data()
    await state.clear()
    outcome = await tasks.hand_in(member, asked["task"], text, photo)
    return message.answer(words.refused(outcome.code, member.language))


@router.message(Command("task"), InPrivate(), flags={"action": Action.MANAGE_TASKS})
async def publish_tasks(message: Message, command: CommandObject, member: Member, tasks: TaskService) -> SendMessage:
    """Publish the tasks of a form that follows the command."""
    number, _, form = (command.args or "").partition("\n")
    if not number.strip().isdecimal() or int(number) > LARGEST or not form.strip():
        return message.answer(words.USAGE.say(member.language))
    try:
        outcome = await tasks.publish(int(number), read_tasks(form), by=member.id)
    except FormError as error:
        return message.answer(forms.fault(error.fault, member.language))
    if isinstance(outcome, TaskRefusal):
        return message.answer(words.refusal(outcome, member.language))
    return message.answer(words.PUBLISHED.say(member.language, count=len(outcome)))


@router.message(Command("proofs"), InPrivate(), flags={"action": Action.MANAGE_TASKS})
async def show_proof(message: Message, member: Member, tasks: TaskService) -> SendMessage | SendPhoto:
    """The oldest proof that waits for this manager."""
    found = await tasks.next_proof(member)
    if found is None:
        return message.answer(words.NO_PROOFS.say(member.language))
    proof, who = found
    row = [
        _button(words.ACCEPT_LABEL.say(member.language), ProofTap(proof=proof.id, accepted=True)),
        _button(words.REFUSE_LABEL.say(member.language), ProofTap(proof=proof.id, accepted=False)),
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[row])
    text = words.proof(proof, who, member.language)
    if proof.photo is not None:
        return message.answer_photo(proof.photo, caption=text, reply_markup=keyboard)
    return message.answer(text, reply_markup=keyboard)


@router.callback_query(ProofTap.filter(), InPrivate(), flags={"action": Action.MANAGE_TASKS})
async def judge_proof(
    query: CallbackQuery, callback_data: ProofTap, member: Member, tasks: TaskService
) -> AnswerCallbackQuery:
    """Take or refuse a proof."""
    code = await tasks.judge(callback_data.proof, member, accepted=callback_data.accepted)
    return query.answer(words.judging(code, member.language), show_alert=True)


async def _show(message: Message, member: Member, tasks: TaskService, news: str = "") -> EditMessageText | bool:
    planet = await tasks.planet(member)
    text = words.planet(planet, member.language)
    return message.edit_text(f"{news}\n\n{text}" if news else text, reply_markup=_keyboard(planet, member))


def _open(message: Message, task: Task, member: Member) -> EditMessageText | bool:
    """An article or a question, with its buttons and the way back."""
    plan = task.plan
    options = plan.options or (words.READ_LABEL.say(member.language),)
    rows = [
        [_button(option, TaskTap(verb=TaskVerb.DO, task=task.id, choice=at))]
        for at, option in enumerate(options, start=1)
    ]
    rows.append([_button(words.BACK_LABEL.say(member.language), TaskTap(verb=TaskVerb.BACK, task=task.id))])
    text = f"{words.title(plan, member.language)}\n\n{words.body(plan, member.language)}"
    return message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


def _keyboard(planet: Planet, member: Member) -> InlineKeyboardMarkup | None:
    rows = [[_task_button(each, member)] for each in planet.tasks if not is_done(each, planet.today)]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _task_button(progress: Progress, member: Member) -> InlineKeyboardButton:
    return _button(words.label(progress.task.plan, member.language), TaskTap(verb=TaskVerb.OPEN, task=progress.task.id))


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
