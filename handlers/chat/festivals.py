"""Festivals in the chat: proposed to a manager every year ahead of them, and a draft for the groups by one tap."""

from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, Message

from campaigns.bankdays.feasts import Festival
from campaigns.members.model import Member
from campaigns.reminders.festivals import FestivalPlans
from campaigns.reminders.model import ReminderRefusal
from handlers.chat.filters import InPrivate
from handlers.chat.reminders import MANAGES, previewed
from handlers.wording import festivals as words
from handlers.wording import members as member_words
from handlers.wording.reminders import refusal

router = Router(name="festivals")


class FestivalTap(CallbackData, prefix=words.FESTIVAL_DATA):
    """A festival of which the groups shall be reminded."""

    festival: Festival


@router.callback_query(F.data == words.FOLLOW_DATA, InPrivate(), flags=MANAGES)
async def follow_festivals(query: CallbackQuery, member: Member, festivals: FestivalPlans) -> AnswerCallbackQuery:
    """Have every festival proposed from now on."""
    count = await festivals.follow(member)
    if isinstance(count, ReminderRefusal):
        return query.answer(refusal(count, member.language), show_alert=True)
    said = words.FOLLOWED.say(member.language, count=count) if count else words.FOLLOWED_ALREADY.say(member.language)
    return query.answer(said, show_alert=True)


@router.callback_query(FestivalTap.filter(), InPrivate(), flags=MANAGES)
async def invite_groups(
    query: CallbackQuery, callback_data: FestivalTap, member: Member, festivals: FestivalPlans, zone: ZoneInfo
) -> SendMessage | AnswerCallbackQuery:
    """A draft for all own groups, to be changed or confirmed."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return previewed(query.message, await festivals.invite(callback_data.festival, member), zone, member)
