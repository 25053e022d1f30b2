"""Door-step visits in the chat: the customer chooses a time by buttons, the manager offers hours and closes the day."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SendPhoto
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.applications.service import ApplicationService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.reading import read_day
from campaigns.visits.model import HoursFault, Visit, VisitRefusal, VisitState
from campaigns.visits.rules import read_hours
from campaigns.visits.service import VisitService
from handlers.chat.filters import InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.chat.visit_buttons import ChooseTap
from handlers.wording import visits as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="visits")

FOLLOW = {"action": Action.FOLLOW_APPLICATIONS}
ADDRESS_LENGTHS = range(2, 101)
STOP_WORDS = ("取消", "cancel", "/cancel")

Answer = AnswerCallbackQuery | EditMessageText | SendMessage | bool


class Visiting(StatesGroup):
    """What somebody is asked for: the customer's address, the manager's photo."""

    address = State()
    photo = State()


class BookTap(CallbackData, prefix="visit_book"):
    """A customer's choice of a time."""

    application: RowId
    slot: RowId


class CancelTap(CallbackData, prefix="visit_off"):
    """A customer's word that nobody shall come."""

    application: RowId


class Result(StrEnum):
    """What a manager wants of a visit."""

    DONE = "done"
    NO_SHOW = "no_show"
    PHOTO = "photo"


class ResultTap(CallbackData, prefix="visit"):
    """A button below the route."""

    visit: RowId
    result: Result


class RouteTap(CallbackData, prefix="route"):
    """The route of a day, numbered from the first day of year 1."""

    day: Annotated[int, Field(ge=1, le=date.max.toordinal())]


@router.callback_query(ChooseTap.filter(), InPrivate())
async def choose_time(
    query: CallbackQuery, callback_data: ChooseTap, member: Member, visits: VisitService, zone: ZoneInfo
) -> Answer:
    """The free times of the own manager."""
    found = await visits.choice(callback_data.application, member)
    if isinstance(found, VisitRefusal):
        return _refused(query, found, member)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    rows = [
        [
            _button(
                words.span(slot.hours, zone, member.language),
                BookTap(application=found.application.id, slot=slot.id),
            )
        ]
        for slot in found.slots
    ]
    if found.booked is not None:
        rows.append([_button(words.CANCEL_LABEL.say(member.language), CancelTap(application=found.application.id))])
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return query.message.edit_text(words.choice(found, zone, member.language), reply_markup=markup)


@router.callback_query(BookTap.filter(), InPrivate())
async def book_visit(
    query: CallbackQuery,
    callback_data: BookTap,
    member: Member,
    visits: VisitService,
    state: FSMContext,
    zone: ZoneInfo,
) -> Answer:
    """Book or move the visit; the address is asked for once."""
    visit = await visits.book(callback_data.application, callback_data.slot, member)
    if isinstance(visit, VisitRefusal):
        return _refused(query, visit, member)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    text = words.BOOKED.say(member.language, when=words.span(visit.slot.hours, zone, member.language))
    if visit.address is None:
        await state.set_state(Visiting.address)
        await state.set_data({"application": visit.application_id})
        text = f"{text}\n{words.ASK_ADDRESS.say(member.language)}"
    return query.message.edit_text(text)


@router.callback_query(CancelTap.filter(), InPrivate())
async def cancel_visit(query: CallbackQuery, callback_data: CancelTap, member: Member, visits: VisitService) -> Answer:
    """Cancel the own visit."""
    visit = await visits.cancel(callback_data.application, member)
    if isinstance(visit, VisitRefusal):
        return _refused(query, visit, member)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.edit_text(words.CANCELLED.say(member.language))


@router.message(StateFilter(Visiting), InPrivate(), Words(*STOP_WORDS))
async def stop_asking(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(Visiting.address), InPrivate(), NoCommand())
async def give_address(message: Message, member: Member, visits: VisitService, state: FSMContext) -> SendMessage:
    """Keep where the visit goes to."""
    address = " ".join((message.text or "").split())
    if len(address) not in ADDRESS_LENGTHS:
        return message.answer(words.BAD_ADDRESS.say(member.language))
    asked = await state.get_data()
    await state.clear()
    visit = await visits.keep_address(asked["application"], member, address)
    if isinstance(visit, VisitRefusal):
        return message.answer(words.REFUSALS[visit].say(member.language))
    return message.answer(words.ADDRESS_KEPT.say(member.language))


@router.message(Command("slots"), InPrivate(), flags=FOLLOW)
async def offer_hours(
    message: Message, command: CommandObject, member: Member, visits: VisitService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """Offer days and hours for visits."""
    if not command.args:
        return message.answer(words.SLOTS_USAGE.say(member.language))
    hours = read_hours(command.args, now, zone)
    if isinstance(hours, HoursFault):
        fault, usage = words.FAULTS[hours], words.SLOTS_USAGE
        return message.answer(f"{fault.say(member.language)}\n{usage.say(member.language)}")
    return message.answer(words.OFFERED.say(member.language, count=await visits.offer(member, hours)))


@router.message(Command("visits"), InPrivate(), flags=FOLLOW)
@router.message(Words(*words.ROUTE_WORDS), InPrivate(), flags=FOLLOW)
async def show_route(
    message: Message,
    member: Member,
    visits: VisitService,
    applications: ApplicationService,
    zone: ZoneInfo,
    command: CommandObject | None = None,
) -> SendMessage:
    """The route of today, or of the day that was asked for."""
    asked = read_day(command.args or "", applications.today()) if command else None
    return await _route(message, asked or applications.today(), member, visits, applications, zone)


@router.callback_query(RouteTap.filter(), InPrivate(), flags=FOLLOW)
async def open_route(
    query: CallbackQuery,
    callback_data: RouteTap,
    member: Member,
    visits: VisitService,
    applications: ApplicationService,
    zone: ZoneInfo,
) -> Answer:
    """The same from the button of the morning's message."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return await _route(query.message, date.fromordinal(callback_data.day), member, visits, applications, zone)


@router.callback_query(ResultTap.filter(), InPrivate(), flags=FOLLOW)
async def note_result(
    query: CallbackQuery, callback_data: ResultTap, member: Member, visits: VisitService, state: FSMContext
) -> Answer | SendPhoto:
    """Nobody was there, or the photo of what was done is asked for or shown."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    number = callback_data.visit
    match callback_data.result:
        case Result.NO_SHOW:
            outcome = await visits.no_show(number, member)
            if isinstance(outcome, VisitRefusal):
                return _refused(query, outcome, member)
            return query.answer(words.NO_SHOW.say(member.language), show_alert=True)
        case Result.DONE:
            outcome = await visits.to_close(number, member)
            if isinstance(outcome, VisitRefusal):
                return _refused(query, outcome, member)
            await state.set_state(Visiting.photo)
            await state.set_data({"visit": number})
            return query.message.answer(words.ASK_PHOTO.say(member.language))
        case Result.PHOTO:
            outcome = await visits.photo(number, member)
            if isinstance(outcome, VisitRefusal) or outcome.photo is None:
                refusal = outcome if isinstance(outcome, VisitRefusal) else VisitRefusal.NO_VISIT
                return _refused(query, refusal, member)
            return query.message.answer_photo(outcome.photo)


@router.message(StateFilter(Visiting.photo), InPrivate(), NoCommand(), flags=FOLLOW)
async def take_photo(message: Message, member: Member, visits: VisitService, state: FSMContext) -> SendMessage:
    """Keep the platform's name of the photo; the photo itself stays with the platform."""
    if not message.photo:
        return message.answer(words.ASK_PHOTO.say(member.language))
    asked = await state.get_data()
    await state.clear()
    visit = await visits.done(asked["visit"], member, message.photo[-1].file_id)
    if isinstance(visit, VisitRefusal):
        return message.answer(words.REFUSALS[visit].say(member.language))
    return message.answer(words.DONE.say(member.language))


def _refused(query: CallbackQuery, refusal: VisitRefusal, member: Member) -> AnswerCallbackQuery:
    return query.answer(words.REFUSALS[refusal].say(member.language), show_alert=True)


async def _route(
    message: Message, day: date, member: Member, visits: VisitService, applications: ApplicationService, zone: ZoneInfo
) -> SendMessage:
    found = await visits.day(member, day)
    names = await applications.names([visit.member_id for visit in found])
    rows = [row for place, visit in enumerate(found, start=1) if (row := _stop_buttons(place, visit, member))]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return message.answer(words.day_route(found, names, day, zone, member.language), reply_markup=markup)


def _stop_buttons(place: int, visit: Visit, member: Member) -> list[InlineKeyboardButton]:
    results = {Result.DONE: words.DONE_LABEL, Result.NO_SHOW: words.NO_SHOW_LABEL}
    if visit.state is not VisitState.BOOKED:
        results = {Result.PHOTO: words.PHOTO_LABEL} if visit.photo else {}
    return [
        _button(label.say(member.language, place=place), ResultTap(visit=visit.id, result=result))
        for result, label in results.items()
    ]


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
