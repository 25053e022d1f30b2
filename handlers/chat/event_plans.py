"""Planning an event step by step in private: group, title, benefits, time, complaints; published after a look."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.chains.reading import read_deadline
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.publicity.model import EventPlan, PlanRefused
from campaigns.publicity.service import PublicityService
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate, NoCommand, Words
from handlers.chat.numbers import ChatId
from handlers.chat.publicity import EventTap, View
from handlers.wording import members as member_words
from handlers.wording import publicity as words
from handlers.wording.times import when

router = Router(name="event_plans")


class Planning(StatesGroup):
    """The steps of planning an event."""

    group = State()
    title = State()
    benefits = State()
    starts_at = State()
    complaints = State()
    publish = State()


class PlanningTap(CallbackData, prefix="planning"):
    """The group that the event is for."""

    chat: ChatId


class PublishTap(CallbackData, prefix="publish_event"):
    """The manager's yes to the copy."""

    chat: ChatId


@router.message(Command("event"), InPrivate(), flags={"action": Action.PLAN_PUBLICITY})
@router.message(Words(*words.NEW_EVENT_WORDS), InPrivate(), flags={"action": Action.PLAN_PUBLICITY})
async def begin_planning(message: Message, member: Member, groups: GroupService, state: FSMContext) -> SendMessage:
    """Ask step by step; with one group the first question is skipped."""
    mine = await groups.of(member)
    if not mine:
        return message.answer(words.NO_GROUPS.say(member.language))
    if len(mine) == 1:
        await state.set_state(Planning.title)
        await state.set_data({"chat": mine[0].chat_id})
        return message.answer(words.ASK_TITLE.say(member.language))
    await state.set_state(Planning.group)
    buttons = [
        [InlineKeyboardButton(text=group.title, callback_data=PlanningTap(chat=group.chat_id).pack())] for group in mine
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=buttons)
    return message.answer(words.ASK_GROUP.say(member.language), reply_markup=keyboard)


@router.message(StateFilter(Planning), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_planning(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.callback_query(PlanningTap.filter(), InPrivate(), flags={"action": Action.PLAN_PUBLICITY})
async def choose_group(
    query: CallbackQuery, callback_data: PlanningTap, member: Member, state: FSMContext
) -> SendMessage | None:
    """The group is chosen; whose it is, the service checks when the event is planned."""
    await state.set_state(Planning.title)
    await state.set_data({"chat": callback_data.chat})
    if not isinstance(query.message, Message):
        return None
    return query.message.answer(words.ASK_TITLE.say(member.language))


@router.message(StateFilter(Planning.title), InPrivate(), NoCommand(), flags={"action": Action.PLAN_PUBLICITY})
async def give_title(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Take the title, ask for the benefits."""
    return await _next(
        message, state, Planning.benefits, {"title": message.text}, words.ASK_BENEFITS.say(member.language)
    )


@router.message(StateFilter(Planning.benefits), InPrivate(), NoCommand(), flags={"action": Action.PLAN_PUBLICITY})
async def give_benefits(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Take the benefits, ask for the time."""
    return await _next(
        message, state, Planning.starts_at, {"benefits": message.text}, words.ASK_WHEN.say(member.language)
    )


@router.message(StateFilter(Planning.starts_at), InPrivate(), NoCommand(), flags={"action": Action.PLAN_PUBLICITY})
async def give_time(message: Message, member: Member, state: FSMContext, now: datetime, zone: ZoneInfo) -> SendMessage:
    """Take the time, ask where complaints go."""
    starts = read_deadline(message.text or "", now, zone)
    if starts is None:
        return message.answer(words.BAD_WHEN.say(member.language))
    found = {"starts_at": starts.isoformat()}
    return await _next(message, state, Planning.complaints, found, words.ASK_COMPLAINTS.say(member.language))


@router.message(StateFilter(Planning.complaints), InPrivate(), NoCommand(), flags={"action": Action.PLAN_PUBLICITY})
async def give_complaints(
    message: Message,
    member: Member,
    state: FSMContext,
    groups: GroupService,
    publicity: PublicityService,
) -> SendMessage:
    """Take the last answer, check the copy, and show it; what is refused begins anew with the title."""
    await state.update_data({"complaints": (message.text or "").strip()})
    asked = await state.get_data()
    plan, group = _plan(asked), await groups.in_chat(asked["chat"])
    judged = publicity.approve(group.merchant if group else "", plan)
    if isinstance(judged, PlanRefused):
        await state.set_state(Planning.title)
        text = words.plan_refusal(judged, member.language)
        return message.answer(f"{text}\n{words.ASK_TITLE.say(member.language)}")
    await state.set_state(Planning.publish)
    button = InlineKeyboardButton(
        text=words.PUBLISH.say(member.language), callback_data=PublishTap(chat=asked["chat"]).pack()
    )
    text = words.PREVIEW.say(member.language, first=words.copy_text(judged[0]))
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.callback_query(
    PublishTap.filter(), InPrivate(), StateFilter(Planning.publish), flags={"action": Action.PLAN_PUBLICITY}
)
async def publish_event(
    query: CallbackQuery,
    member: Member,
    state: FSMContext,
    groups: GroupService,
    publicity: PublicityService,
    zone: ZoneInfo,
) -> SendMessage | AnswerCallbackQuery:
    """Plan what was shown: the answers are those of the conversation, never of the button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    asked = await state.get_data()
    await state.clear()
    outcome = await publicity.plan(await groups.in_chat(asked["chat"]), member, _plan(asked))
    if isinstance(outcome, PlanRefused):
        return query.message.answer(words.plan_refusal(outcome, member.language))
    starts = when(outcome.plan.starts_at, zone, member.language)
    text = words.PLANNED.say(member.language, title=outcome.plan.title_in(member.language), when=starts)
    button = InlineKeyboardButton(
        text=words.ADD.say(member.language), callback_data=EventTap(event=outcome.id, show=View.WHO).pack()
    )
    return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


def _plan(asked: dict[str, Any]) -> EventPlan:
    title, benefits = str(asked["title"] or ""), str(asked["benefits"] or "")
    return EventPlan(title.strip(), benefits.strip(), datetime.fromisoformat(asked["starts_at"]), asked["complaints"])


async def _next(message: Message, state: FSMContext, step: State, found: dict[str, Any], question: str) -> SendMessage:
    await state.update_data(found)
    await state.set_state(step)
    return message.answer(question)
