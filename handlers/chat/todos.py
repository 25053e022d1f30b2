"""Group to-dos: made by one line in the group or step by step in private, ticked off by button."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.chains.reading import read_deadline
from campaigns.groups.model import Group
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.model import Action
from campaigns.todos.model import Tick, TodoFault, TodoPlan, TodoRefusal, TodoState
from campaigns.todos.rules import check, read_plan, state_of
from campaigns.todos.service import TickDesk, TodoService
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.introductions import Meet
from handlers.chat.numbers import ChatId, RowId
from handlers.wording import todos as words
from handlers.wording.chains import fitting

router = Router(name="todos")


class TodoTap(CallbackData, prefix="todo"):
    """The button on a to-do's card."""

    todo: RowId


class TodoEndTap(CallbackData, prefix="todo_end"):
    """The manager's button that ends a to-do."""

    todo: RowId


class TodoGroupTap(CallbackData, prefix="todo_group"):
    """The group that a manager chooses."""

    chat: ChatId


class Making(StatesGroup):
    """The steps of making a to-do in private."""

    group = State()
    title = State()
    deadline = State()


@router.callback_query(TodoTap.filter(), flags={"action": Action.DO_TODO})
async def tap_todo(
    query: CallbackQuery, callback_data: TodoTap, member: Member, ticks: TickDesk
) -> AnswerCallbackQuery:
    """Done; the person gets an answer of their own, the group sees the count change."""
    here = query.message.chat.id if query.message else member.id
    outcome = await ticks.claim(callback_data.todo, Tick(member.id, masked(member.name), here))
    return query.answer(words.tick(outcome, member.language))


@router.message(Command("todo"), InGroup(), flags={"action": Action.MANAGE_TODOS})
async def open_todo(
    message: Message,
    command: CommandObject,
    member: Member,
    groups: GroupService,
    todos: TodoService,
    meet: Meet,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """One line opens a to-do, for those who are named by reply or mention, or for everybody."""
    if not command.args:
        return message.reply(f"{words.USAGE.say(member.language)}\n{words.PRIVATE_USAGE.say(member.language)}")
    title, unknown = _without_mentions(message, command.args)
    if unknown:
        return message.reply(words.UNKNOWN_NAME.say(member.language, names=unknown))
    plan = read_plan(title, await _named(message, meet), now, zone)
    if isinstance(plan, TodoFault):
        return message.reply(f"{words.fault(plan, member.language)}\n{words.USAGE.say(member.language)}")
    return message.reply(await _open(await groups.in_chat(message.chat.id), plan, member, todos))


@router.message(Command("todo"), InPrivate(), flags={"action": Action.MANAGE_TODOS})
@router.message(Words("群待办", "发待办"), InPrivate(), flags={"action": Action.MANAGE_TODOS})
async def begin_todo(message: Message, member: Member, groups: GroupService, state: FSMContext) -> SendMessage:
    """Ask step by step; with one group the first question is skipped."""
    mine = await groups.of(member)
    if not mine:
        return message.answer(words.NO_GROUPS.say(member.language))
    if len(mine) == 1:
        await state.set_state(Making.title)
        await state.set_data({"chat": mine[0].chat_id})
        return message.answer(words.ASK_TITLE.say(member.language))
    await state.set_state(Making.group)
    rows = [[_button(group.title, TodoGroupTap(chat=group.chat_id))] for group in mine]
    return message.answer(words.ASK_GROUP.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.message(StateFilter(Making), InPrivate(), Words("取消", "cancel", "/cancel"))
async def cancel_todo(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.CANCELLED.say(member.language))


@router.callback_query(TodoGroupTap.filter(), InPrivate(), flags={"action": Action.MANAGE_TODOS})
async def choose_todo_group(
    query: CallbackQuery, callback_data: TodoGroupTap, member: Member, state: FSMContext
) -> SendMessage | None:
    """The group is chosen; whose group it is, the service checks."""
    await state.set_state(Making.title)
    await state.set_data({"chat": callback_data.chat})
    return query.message.answer(words.ASK_TITLE.say(member.language)) if isinstance(query.message, Message) else None


@router.message(StateFilter(Making.title), InPrivate(), NoCommand(), flags={"action": Action.MANAGE_TODOS})
async def give_title(message: Message, member: Member, state: FSMContext, now: datetime) -> SendMessage:
    """Take what is to be done, ask for the deadline."""
    found = check(message.text or "", None, (), now)
    if isinstance(found, TodoFault) and found is not TodoFault.BAD_DEADLINE:
        return message.answer(words.fault(found, member.language))
    await state.update_data({"title": message.text})
    await state.set_state(Making.deadline)
    return message.answer(words.ASK_DEADLINE.say(member.language))


@router.message(StateFilter(Making.deadline), InPrivate(), NoCommand(), flags={"action": Action.MANAGE_TODOS})
async def give_todo_deadline(
    message: Message,
    member: Member,
    state: FSMContext,
    todos: TodoService,
    groups: GroupService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """Take the deadline and open the to-do."""
    asked = await state.get_data()
    plan = check(asked["title"], read_deadline(message.text or "", now, zone), (), now)
    if isinstance(plan, TodoFault):
        return message.answer(words.fault(plan, member.language))
    await state.clear()
    return message.answer(await _open(await groups.in_chat(asked["chat"]), plan, member, todos))


@router.message(Command("todos"), InPrivate(), flags={"action": Action.MANAGE_TODOS})
@router.message(Words("谁没完成", "待办名单"), InPrivate(), flags={"action": Action.MANAGE_TODOS})
async def list_todos(
    message: Message, member: Member, todos: TodoService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """The manager's to-dos and who is missing, by full name and in private only."""
    found = await todos.of(member)
    if not found:
        return message.answer(words.NO_TODOS.say(member.language))
    rows = [
        [_button(words.END_BUTTON.say(member.language, title=each.todo.title), TodoEndTap(todo=each.todo.id))]
        for each in found
        if state_of(each.todo, now) is not TodoState.ENDED
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    texts = [words.overview(each, now, zone, member.language) for each in found]
    return message.answer(fitting(texts), reply_markup=markup)


@router.callback_query(TodoEndTap.filter(), InPrivate(), flags={"action": Action.MANAGE_TODOS})
async def end_todo(
    query: CallbackQuery, callback_data: TodoEndTap, member: Member, todos: TodoService
) -> AnswerCallbackQuery:
    """End a to-do by its manager's tap."""
    outcome = await todos.end(callback_data.todo, member)
    if isinstance(outcome, TodoRefusal):
        return query.answer(words.refusal(outcome, member.language), show_alert=True)
    text = words.ENDED_NOW.say(member.language, title=outcome.title, done=outcome.done)
    return query.answer(text, show_alert=True)


async def _open(group: Group | None, plan: TodoPlan, member: Member, todos: TodoService) -> str:
    outcome = await todos.open(group, member, plan)
    if isinstance(outcome, TodoRefusal):
        return words.refusal(outcome, member.language)
    return words.OPENED.say(member.language, title=outcome.title)


async def _named(message: Message, meet: Meet) -> set[int]:
    """Whom a message names: the author of the one it replies to, and everybody mentioned."""
    replied = message.reply_to_message
    users = [entity.user for entity in message.entities or [] if entity.user]
    # In a group with topics every message replies to the one that opened its topic.
    if replied is not None and replied.from_user is not None and replied.forum_topic_created is None:
        users.append(replied.from_user)
    return {(await meet(user)).id for user in users if not user.is_bot}


def _without_mentions(message: Message, text: str) -> tuple[str, str]:
    """The words without the mentions, and the @names that nobody stands behind as far as a bot can know."""
    unknown = []
    for entity in message.entities or []:
        said = entity.extract_from(message.text or "")
        if entity.type in {"text_mention", "mention"}:
            text = text.replace(said, " ", 1)
        if entity.type == "mention":
            unknown.append(said)
    return text, " ".join(unknown)


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
