"""外拓 in the chat: a manager plans an outing, staff sign up while there is a place and tell what happened."""

from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.outings.model import OutingKind, OutingRefusal, OwnOuting
from campaigns.outings.service import OutingService
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.chat.publicity import poster_button
from handlers.wording import members as member_words
from handlers.wording import outings as words
from handlers.wording.publicity import event_button

router = Router(name="outings")

MANAGER = {"action": Action.PLAN_PUBLICITY}
VOLUNTEER = {"action": Action.PUBLICISE}
SHOWN = 8


class OutingTalk(StatesGroup):
    """What is asked for: the plan in one line, or what happened in two numbers."""

    plan = State()
    told = State()


class Do(StrEnum):
    """What somebody wants of an outing."""

    JOIN = "join"
    LEAVE = "leave"
    TELL = "tell"
    RESULT = "result"


class OutingTap(CallbackData, prefix=words.OUTING_DATA):
    """An outing and what is wanted of it."""

    event: RowId
    do: Do


class OutingEventTap(CallbackData, prefix="outing_event"):
    """The event that an outing is planned for."""

    event: RowId


class OutingKindTap(CallbackData, prefix="outing_kind"):
    """The kind of the outing that is planned."""

    event: RowId
    kind: OutingKind


@router.message(Command("outing"), InPrivate(), flags=MANAGER)
async def begin_plan(message: Message, member: Member, outings: OutingService, zone: ZoneInfo) -> SendMessage:
    """Ask for which of the manager's events ahead."""
    events = (await outings.plannable(member))[:SHOWN]
    if not events:
        return message.answer(words.NO_EVENTS.say(member.language))
    rows = [[_button(event_button(each, zone, member.language), OutingEventTap(event=each.id))] for each in events]
    return message.answer(words.ASK_EVENT.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.callback_query(OutingEventTap.filter(), InPrivate(), flags=MANAGER)
async def choose_event(
    query: CallbackQuery, callback_data: OutingEventTap, member: Member
) -> SendMessage | AnswerCallbackQuery:
    """Ask for the kind; whose the event is, the service checks when it is planned."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    rows = [
        [_button(words.KINDS[kind].say(member.language), OutingKindTap(event=callback_data.event, kind=kind))]
        for kind in OutingKind
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    return query.message.answer(words.ASK_KIND.say(member.language), reply_markup=markup)


@router.callback_query(OutingKindTap.filter(), InPrivate(), flags=MANAGER)
async def choose_kind(
    query: CallbackQuery, callback_data: OutingKindTap, member: Member, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    """Ask for place, what to bring and how many volunteers."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    await state.set_state(OutingTalk.plan)
    await state.set_data({"event": callback_data.event, "kind": callback_data.kind.value})
    return query.message.answer(words.ASK_PLAN.say(member.language))


@router.message(StateFilter(OutingTalk), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_asking(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(OutingTalk.plan), InPrivate(), NoCommand(), flags=MANAGER)
async def plan_outing(message: Message, member: Member, outings: OutingService, state: FSMContext) -> SendMessage:
    """Plan it and ask staff; a line that cannot be read is asked for again."""
    asked = await state.get_data()
    found = await outings.plan(asked["event"], member, OutingKind(asked["kind"]), message.text or "")
    if found is OutingRefusal.NOT_READ:
        return message.answer(f"{words.REFUSALS[found].say(member.language)}\n{words.ASK_PLAN.say(member.language)}")
    await state.clear()
    if isinstance(found, OutingRefusal):
        return message.answer(words.REFUSALS[found].say(member.language))
    return message.answer(words.PLANNED.say(member.language))


@router.message(Command("outings"), InPrivate(), flags=VOLUNTEER)
async def list_outings(message: Message, member: Member, outings: OutingService, zone: ZoneInfo) -> SendMessage:
    """Outings ahead and one's own past ones, with what can be done."""
    found = (await outings.seen_by(member))[:SHOWN]
    rows = [row for each in found if (row := _row(each, member))]
    text = words.outings_page(found, zone, member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows) if rows else None)


@router.callback_query(OutingTap.filter(), InPrivate(), flags=VOLUNTEER)
async def tap_outing(
    query: CallbackQuery,
    callback_data: OutingTap,
    member: Member,
    outings: OutingService,
    state: FSMContext,
    zone: ZoneInfo,
) -> SendMessage | AnswerCallbackQuery:
    """Sign up, step back, say what happened, or see what came of it."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    event, language = callback_data.event, member.language
    match callback_data.do:
        case Do.JOIN:
            signed = await outings.sign_up(event, member)
            if isinstance(signed, OutingRefusal):
                return _refuse(query, signed, member)
            row = [poster_button(words.CODE.say(language), signed.code.id)]
            row.append(_button(words.STEP_BACK.say(language), OutingTap(event=event, do=Do.LEAVE)))
            text = words.SIGNED.say(language, brings=signed.outing.plan.brings)
            return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))
        case Do.LEAVE:
            left = await outings.step_back(event, member)
            if isinstance(left, OutingRefusal):
                return _refuse(query, left, member)
            return query.answer(words.STEPPED_BACK.say(language))
        case Do.TELL:
            outing = await outings.may_tell(event, member)
            if isinstance(outing, OutingRefusal):
                return _refuse(query, outing, member)
            await state.set_state(OutingTalk.told)
            await state.set_data({"event": event})
            return query.message.answer(words.ASK_TOLD.say(language))
        case Do.RESULT:
            result = await outings.result(event, member)
            if isinstance(result, OutingRefusal):
                return _refuse(query, result, member)
            return query.message.answer(words.result_page(result, zone, language))
        case _:
            assert_never(callback_data.do)


@router.message(StateFilter(OutingTalk.told), InPrivate(), NoCommand(), flags=VOLUNTEER)
async def take_told(message: Message, member: Member, outings: OutingService, state: FSMContext) -> SendMessage:
    """Keep the two numbers; what cannot be read is asked for again."""
    asked = await state.get_data()
    found = await outings.tell(asked["event"], member, message.text or "")
    if found is OutingRefusal.NOT_READ:
        return message.answer(f"{words.REFUSALS[found].say(member.language)}\n{words.ASK_TOLD.say(member.language)}")
    await state.clear()
    if isinstance(found, OutingRefusal):
        return message.answer(words.REFUSALS[found].say(member.language))
    return message.answer(words.THANKS.say(member.language, **vars(found)))


def _row(each: OwnOuting, member: Member, /) -> list[InlineKeyboardButton]:
    """What can be done with one outing, the title of its event on each button."""
    event, language = each.outing.event, member.language
    wanted = []
    if each.own is None and each.outing.seats_left:
        wanted.append((words.SIGN_UP, Do.JOIN))
    if each.own is not None:
        wanted.append((words.TELL, Do.TELL))
    if event.manager_id == member.id:
        wanted.append((words.RESULT, Do.RESULT))
    return [
        _button(f"{label.say(language)} · {event.plan.title_in(language)}"[:40], OutingTap(event=event.id, do=do))
        for label, do in wanted
    ]


def _button(label: str, tap: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=tap.pack())


def _refuse(query: CallbackQuery, reason: OutingRefusal, member: Member) -> AnswerCallbackQuery:
    return query.answer(words.REFUSALS[reason].say(member.language), show_alert=True)
