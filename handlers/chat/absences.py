"""Days off in the chat: the days in one line, the stand-in by a tap."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.applications.service import ApplicationService
from campaigns.members.model import Member
from campaigns.staff.model import Absence, AbsenceRefusal, Action
from campaigns.staff.reading import read_days
from campaigns.staff.service import StaffService
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import absences as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="absences")

OFF = {"action": Action.TAKE_DAYS_OFF}
SHOWN_COLLEAGUES = 12

Ordinal = Annotated[int, Field(ge=1, le=date.max.toordinal())]


class AbsentTap(CallbackData, prefix="absent"):
    """The stand-in for some days, which are numbered from the first day of year 1."""

    first: Ordinal
    last: Ordinal
    stand_in: RowId


class SaysAway(Filter):
    """The text begins with the word for days off."""

    async def __call__(self, message: Message) -> bool:
        """Whether it does."""
        return (message.text or "").lstrip().startswith("请假")


@router.message(Command("absent"), InPrivate(), flags=OFF)
@router.message(SaysAway(), InPrivate(), flags=OFF)
async def ask_stand_in(
    message: Message,
    member: Member,
    staff: StaffService,
    applications: ApplicationService,
    command: CommandObject | None = None,
) -> SendMessage:
    """Read the days, and ask who stands in."""
    text = (command.args or "") if command else (message.text or "")
    days = read_days(text, applications.today())
    if days is None:
        return message.answer(words.USAGE.say(member.language))
    names = await applications.names((await staff.colleagues(member))[:SHOWN_COLLEAGUES])
    if not names:
        return message.answer(words.NO_COLLEAGUES.say(member.language))
    first, last = days[0].toordinal(), days[1].toordinal()
    rows = [
        [InlineKeyboardButton(text=name, callback_data=AbsentTap(first=first, last=last, stand_in=number).pack())]
        for number, name in names.items()
    ]
    said = words.ASK_STAND_IN.say(member.language, days=words.days(*days, member.language))
    return message.answer(said, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.callback_query(AbsentTap.filter(), InPrivate(), flags=OFF)
async def take_days_off(
    query: CallbackQuery,
    callback_data: AbsentTap,
    member: Member,
    staff: StaffService,
    applications: ApplicationService,
    now: datetime,
    zone: ZoneInfo,
) -> AnswerCallbackQuery | EditMessageText | bool:
    """Keep the days off with the stand-in."""
    tap = callback_data
    absence = Absence(member.id, date.fromordinal(tap.first), date.fromordinal(tap.last), tap.stand_in)
    outcome = await staff.be_away(absence, now.astimezone(zone).date())
    if isinstance(outcome, AbsenceRefusal):
        return query.answer(words.REFUSALS[outcome].say(member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    names = await applications.names([tap.stand_in])
    days = words.days(outcome.starts_on, outcome.ends_on, member.language)
    return query.message.edit_text(words.TAKEN.say(member.language, days=days, name=names.get(tap.stand_in, "*")))
