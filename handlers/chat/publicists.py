"""The publicist's side: tasks with copy to forward and posters, and the proof that a task is done."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, Filter, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.publicity.model import WAITING, PublicityRefusal, PublicityTask
from campaigns.publicity.service import PublicityService
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.chat.filters import InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.chat.publicity import poster_button
from handlers.wording import members as member_words
from handlers.wording import publicity as words

router = Router(name="publicists")

PUBLICIST = {"action": Action.PUBLICISE}
SHOWN_TASKS = 12


class PublicityProof(StatesGroup):
    """A task waits for its photo."""

    photo = State()


class Want(StrEnum):
    """What a publicist wants of a task."""

    TASK = "task"
    COPY = "copy"
    DONE = "done"


class TaskTap(CallbackData, prefix="publicity_task"):
    """A task and what is wanted of it."""

    task: RowId
    want: Want


class IsPublicist(Filter):
    """The sender is somebody who can have publicity tasks; for everybody else the word means something else."""

    async def __call__(self, message: Message, member: Member) -> bool:
        """Whether they are."""
        return may(member.roles, Action.PUBLICISE)


class HasPhoto(Filter):
    """A photo was sent."""

    async def __call__(self, message: Message) -> bool:
        """Whether one was."""
        return bool(message.photo)


@router.message(Command("tasks"), InPrivate(), IsPublicist())
@router.message(Words(*words.TASK_WORDS), InPrivate(), flags=PUBLICIST)
async def list_tasks(message: Message, member: Member, publicity: PublicityService, zone: ZoneInfo) -> SendMessage:
    """The own tasks of events ahead, the first due first."""
    tasks = await publicity.tasks_of(member)
    if not tasks:
        return message.answer(words.NO_TASKS.say(member.language))
    buttons = [_task_button(words.task_button(task, member.language), task, Want.TASK) for task, _ in tasks]
    rows = [buttons[at : at + 2] for at in range(0, min(len(buttons), SHOWN_TASKS), 2)]
    return message.answer(
        words.tasks_page(tasks[:SHOWN_TASKS], zone, member.language),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=rows),
    )


@router.callback_query(TaskTap.filter(), InPrivate(), flags=PUBLICIST)
async def open_task(
    query: CallbackQuery, callback_data: TaskTap, member: Member, publicity: PublicityService, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    """One own task: its buttons, its copy ready to be forwarded, or the question for its proof."""
    found = await publicity.task(callback_data.task, member)
    if isinstance(found, PublicityRefusal):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    task, _, code = found
    match callback_data.want:
        case Want.TASK:
            row = [
                _task_button(words.COPY_BUTTON.say(member.language), task, Want.COPY),
                poster_button(words.POSTER_BUTTON.say(member.language), code.id),
            ]
            if task.state in WAITING:
                row.append(_task_button(words.DONE_BUTTON.say(member.language), task, Want.DONE))
            text = words.task_line(task, member.language)
            return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))
        case Want.COPY:
            return query.message.answer(words.copy_text(task.plan.copy))
        case Want.DONE:
            if task.state not in WAITING:
                return query.answer(words.refusal(PublicityRefusal.DONE_ALREADY, member.language), show_alert=True)
            await state.set_state(PublicityProof.photo)
            await state.set_data({"task": task.id})
            return query.message.answer(words.NEEDED_PHOTO.say(member.language))


@router.message(StateFilter(PublicityProof.photo), InPrivate(), HasPhoto(), flags=PUBLICIST)
async def take_proof(message: Message, member: Member, publicity: PublicityService, state: FSMContext) -> SendMessage:
    """Keep the platform's name of the photo; the photo itself stays with the platform."""
    asked = await state.get_data()
    await state.clear()
    outcome = await publicity.hand_in(asked["task"], member, (message.photo or [])[-1].file_id)
    if isinstance(outcome, PublicityRefusal):
        return message.answer(words.refusal(outcome, member.language))
    return message.answer(words.THANKS.say(member.language))


@router.message(StateFilter(PublicityProof.photo), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_proving(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(PublicityProof.photo), InPrivate(), NoCommand(), flags=PUBLICIST)
async def no_proof(message: Message, member: Member) -> SendMessage:
    """Words are no photo."""
    return message.answer(words.NEEDED_PHOTO.say(member.language))


def _task_button(label: str, task: PublicityTask, want: Want) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=TaskTap(task=task.id, want=want).pack())
