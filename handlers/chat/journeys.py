"""Journeys in the chat: how each goes, and a second person's release, a pause, a resumption."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.deliveries.model import Message as Shown
from campaigns.journeys.model import Change, JourneyRefusal
from campaigns.journeys.service import JourneyService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from campaigns.staff.service import StaffService
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import journeys as words

router = Router(name="journeys")


class JourneyTap(CallbackData, prefix=words.CHANGE_DATA):
    """What to do with which version of a journey."""

    change: Change
    version: RowId
    name: str


@router.message(Command("journeys"), InPrivate(), flags={"action": Action.SEE_JOURNEYS})
async def show_journeys(message: Message, member: Member, journeys: JourneyService) -> SendMessage:
    """Every journey: how many entered, where they stand, reached, left and why."""
    shown = await _shown(member, journeys)
    return message.answer(shown.text, reply_markup=_markup(shown))


@router.callback_query(JourneyTap.filter(), InPrivate(), flags={"action": Action.STEER_JOURNEYS})
async def change_journey(
    query: CallbackQuery, callback_data: JourneyTap, member: Member, journeys: JourneyService, staff: StaffService
) -> AnswerCallbackQuery | EditMessageText:
    """Release, pause or resume; recorded with who did it, and shown as it stands now."""
    by, name, change = f"{member.name} ({member.id})", callback_data.name, callback_data.change
    outcome: object
    if change is Change.RELEASE:
        outcome = await journeys.release(name, callback_data.version, by, words.IN_THE_CHAT)
    elif change in (Change.PAUSE, Change.RESUME):
        outcome = await journeys.change(name, change, by, words.IN_THE_CHAT)
    else:
        outcome = JourneyRefusal.NOT_RUNNING
    if isinstance(outcome, JourneyRefusal):
        return query.answer(words.refusal(outcome, member.language), show_alert=True)
    await staff.note(member.id, f"journey_{change}", f"{name} v{callback_data.version}")
    shown = await _shown(member, journeys)
    if isinstance(query.message, Message):
        return query.message.edit_text(shown.text, reply_markup=_markup(shown))
    return query.answer(words.DONE[change].say(member.language), show_alert=True)


async def _shown(member: Member, journeys: JourneyService) -> Shown:
    found = await journeys.overviews()
    steers = may(member.roles, Action.STEER_JOURNEYS)
    return words.overviews(found, member.language, may_steer=steers)


def _markup(shown: Shown) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.model_validate(shown.payload()["reply_markup"]) if shown.buttons else None
