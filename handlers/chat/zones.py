"""预约 in the chat: zones as cards, free times as buttons, one place for one person, and the day's list for staff."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from campaigns.zones.model import BookingRefusal, ZoneCard
from campaigns.zones.service import ZoneService
from handlers.chat.app_buttons import app_row
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.numbers import RowId
from handlers.wording import zones as words
from handlers.wording.members import STALE_BUTTON
from handlers.wording.minigames import OPEN_DATA as GAME_DATA

router = Router(name="zones")

TODAY_DATA = "zones_today"
LAST_SECOND = 32_503_680_000  # The year 3000.

Answer = AnswerCallbackQuery | EditMessageText | SendMessage


class ZoneTap(CallbackData, prefix="zone"):
    """One zone."""

    code: Annotated[str, Field(max_length=24)]


class BookZoneTap(CallbackData, prefix="zone_book"):
    """A free time of a zone, in seconds since 1970."""

    code: Annotated[str, Field(max_length=24)]
    at: Annotated[int, Field(ge=0, le=LAST_SECOND)]


class CancelZoneTap(CallbackData, prefix="zone_off"):
    """An own booking to give back."""

    booking: RowId


@router.message(Command("zones"), InPrivate())
@router.message(Words(*words.ZONE_WORDS), InPrivate())
async def show_zones(
    message: Message, member: Member, zones: ZoneService, zone: ZoneInfo, mini_app: str | None
) -> SendMessage:
    """What can be booked, and the own bookings."""
    text, markup = await _home(member, zones, zone, mini_app)
    return message.answer(text, reply_markup=markup)


@router.message(Command("zones"), InGroup())
@router.message(Words(*words.ZONE_WORDS), InGroup())
async def zones_in_group(message: Message, member: Member) -> SendMessage:
    """Who comes where when is nobody else's business."""
    return message.reply(words.IN_GROUP.say(member.language))


@router.callback_query(F.data == words.OPEN_DATA, InPrivate())
async def open_zones(
    query: CallbackQuery, member: Member, zones: ZoneService, zone: ZoneInfo, mini_app: str | None
) -> Answer:
    """The same by a button."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    text, markup = await _home(member, zones, zone, mini_app)
    return query.message.answer(text, reply_markup=markup)


@router.callback_query(ZoneTap.filter(), InPrivate())
async def open_zone(
    query: CallbackQuery, callback_data: ZoneTap, member: Member, zones: ZoneService, zone: ZoneInfo
) -> Answer:
    """One zone as a card with its free times."""
    found = await zones.card(callback_data.code, member)
    if isinstance(found, BookingRefusal) or not isinstance(query.message, Message):
        return _refused(query, found, member)
    return query.message.edit_text(words.card(found, zone, member.language), reply_markup=_times(found, zone, member))


@router.callback_query(BookZoneTap.filter(), InPrivate())
async def book_zone(
    query: CallbackQuery, callback_data: BookZoneTap, member: Member, zones: ZoneService, zone: ZoneInfo
) -> Answer:
    """Book one place."""
    found = await zones.book(callback_data.code, datetime.fromtimestamp(callback_data.at, UTC), member)
    if isinstance(found, BookingRefusal) or not isinstance(query.message, Message):
        return _refused(query, found, member)
    booking, place = found
    rows = [[_button(words.OPEN_BUTTON.say(member.language), words.OPEN_DATA)]]
    if place.game:
        rows.append([_button(words.PLAY_BUTTON.say(member.language), GAME_DATA)])
    return query.message.edit_text(
        words.booked(booking, place, zone, member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )


@router.callback_query(CancelZoneTap.filter(), InPrivate())
async def cancel_zone(query: CallbackQuery, callback_data: CancelZoneTap, member: Member, zones: ZoneService) -> Answer:
    """Give an own place back."""
    refusal = await zones.cancel(callback_data.booking, member)
    if refusal is not None or not isinstance(query.message, Message):
        return _refused(query, refusal, member)
    return query.message.edit_text(words.CANCELLED.say(member.language))


@router.callback_query(F.data == TODAY_DATA, InPrivate(), flags={"action": Action.SEE_BOOKINGS})
async def show_today(query: CallbackQuery, member: Member, zones: ZoneService, zone: ZoneInfo) -> Answer:
    """Who comes today, for the staff who receive them."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.answer(words.today(await zones.of_today(), zone, member.language))


async def _home(
    member: Member, zones: ZoneService, local: ZoneInfo, mini_app: str | None
) -> tuple[str, InlineKeyboardMarkup | None]:
    found, mine = await zones.zones(), await zones.mine(member)
    lines = [(words.LIST if found else words.NONE).say(member.language)]
    lines += [words.booked(booking, place, local, member.language) for booking, place in mine]
    rows = [[_button(words.zone_label(each, member.language), ZoneTap(code=each.code).pack())] for each in found]
    rows += [
        [_button(words.cancel_label(booking, local, member.language), CancelZoneTap(booking=booking.id).pack())]
        for booking, _ in mine
    ]
    rows += app_row(mini_app, "zones", member.language) if found else []
    if may(member.roles, Action.SEE_BOOKINGS):
        rows.append([_button(words.TODAY_BUTTON.say(member.language), TODAY_DATA)])
    return "\n\n".join(lines)[:4096], InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _times(found: ZoneCard, local: ZoneInfo, member: Member) -> InlineKeyboardMarkup:
    rows = [
        [
            _button(
                words.slot_label(each, local, member.language),
                BookZoneTap(code=found.zone.code, at=int(each.starts_at.timestamp())).pack(),
            )
        ]
        for each in found.slots
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [_button(words.BACK.say(member.language), words.OPEN_DATA)]])


def _refused(query: CallbackQuery, found: object, member: Member) -> AnswerCallbackQuery:
    said = words.REFUSALS[found] if isinstance(found, BookingRefusal) else STALE_BUTTON
    return query.answer(said.say(member.language), show_alert=True)


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data)
