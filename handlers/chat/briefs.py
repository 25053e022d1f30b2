"""The manager's day in private: the brief with one tap per customer, the hour, the week's picture."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.briefs.model import Brief, BriefRefusal, SkipReason
from campaigns.briefs.rules import read_hour
from campaigns.briefs.service import BriefService
from campaigns.customers.next_actions import ActionChannel
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Words, plain
from handlers.chat.followups import FollowTap, FollowVerb
from handlers.chat.gallery import Gallery
from handlers.chat.numbers import RowId
from handlers.wording import briefs as words
from handlers.wording import members as member_words
from handlers.wording.overviews import PRIVATE_ONLY
from handlers.wording.times import when

router = Router(name="briefs")

WORKS = {"action": Action.WORK_CUSTOMERS}


class BriefVerb(StrEnum):
    """What is done with a customer of the brief."""

    SEND = "send"
    CALL = "call"
    VISIT = "visit"
    SKIP = "skip"


CHANNELS = {
    BriefVerb.SEND: ActionChannel.MESSAGE,
    BriefVerb.CALL: ActionChannel.CALL,
    BriefVerb.VISIT: ActionChannel.VISIT,
}


class BriefTap(CallbackData, prefix=words.LIST_DATA):
    """A customer of the brief and what is done."""

    item: RowId
    verb: BriefVerb


class SkipTap(CallbackData, prefix="brief_skip"):
    """Why a customer is left out."""

    item: RowId
    reason: SkipReason


class InterestTap(CallbackData, prefix=words.INTERESTED_DATA):
    """A customer's answer to a text."""

    item: RowId


class AsksBrief(Filter):
    """早报, alone or with an hour."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        """The hour, when it is one."""
        said = plain(message.text or "")
        for name in words.BRIEF_WORDS:
            if said.startswith(plain(name)):
                return {"asked": said[len(plain(name)) :]}
        return False


@router.message(Command("brief"), InPrivate(), flags=WORKS)
async def show_brief(
    message: Message, command: CommandObject, member: Member, briefs: BriefService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """Today's brief, or another hour for it."""
    return await _show(message, command.args or "", member, briefs, now, zone)


@router.message(AsksBrief(), InPrivate(), flags=WORKS)
async def show_brief_by_word(
    message: Message, asked: str, member: Member, briefs: BriefService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """The same by word: 早报, 早报 8:15, 早报 关."""
    return await _show(message, asked, member, briefs, now, zone)


@router.callback_query(F.data == words.LIST_DATA, InPrivate(), flags=WORKS)
async def tap_brief(
    query: CallbackQuery, member: Member, briefs: BriefService, now: datetime, zone: ZoneInfo
) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    found = await briefs.today(member)
    return query.message.answer(words.page(found, now, zone, member.language), reply_markup=_rows(found))


@router.callback_query(BriefTap.filter(), InPrivate(), flags=WORKS)
async def settle_item(
    query: CallbackQuery, callback_data: BriefTap, member: Member, briefs: BriefService
) -> SendMessage | AnswerCallbackQuery:
    """Write, call or visit: noted at once, and what came of it is asked; or why the customer is left out."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    language = member.language
    if callback_data.verb is BriefVerb.SKIP:
        found = await briefs.open_item(callback_data.item, member)
        if isinstance(found, BriefRefusal):
            return query.answer(words.refusal(found, language), show_alert=True)
        buttons = [
            _button(label.say(language), SkipTap(item=callback_data.item, reason=reason))
            for reason, label in words.REASONS.items()
        ]
        text = words.WHY_SKIP.say(language, at=found.place, number=found.candidate.customer.number)
        return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[buttons[:2], buttons[2:]]))
    outcome = await briefs.touch(callback_data.item, CHANNELS[callback_data.verb], member)
    if isinstance(outcome, BriefRefusal):
        return query.answer(words.refusal(outcome, language), show_alert=True)
    brief, followup = outcome
    item = next(each for each in brief.items if each.id == callback_data.item)
    row = [
        _button(words.DONE_BUTTON.say(language), FollowTap(followup=followup, verb=FollowVerb.DONE)),
        _button(words.LATER_BUTTON.say(language), FollowTap(followup=followup, verb=FollowVerb.LATER)),
        _button(words.FAILED_BUTTON.say(language), FollowTap(followup=followup, verb=FollowVerb.FAILED)),
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=[row, _back(member)])
    text = words.RESULT.say(language, number=item.candidate.customer.number)
    return query.message.answer(text, reply_markup=markup)


@router.callback_query(SkipTap.filter(), InPrivate(), flags=WORKS)
async def skip_item(
    query: CallbackQuery, callback_data: SkipTap, member: Member, briefs: BriefService
) -> EditMessageText | AnswerCallbackQuery:
    """Leave a customer out today, with the reason."""
    outcome = await briefs.skip(callback_data.item, callback_data.reason, member)
    if isinstance(outcome, BriefRefusal):
        return query.answer(words.refusal(outcome, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return _stale(query, member)
    text = words.SKIPPED.say(member.language, reason=words.REASONS[callback_data.reason].say(member.language))
    return query.message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[_back(member)]))


@router.callback_query(InterestTap.filter(), InPrivate())
async def answer_text(
    query: CallbackQuery, callback_data: InterestTap, member: Member, briefs: BriefService, zone: ZoneInfo
) -> AnswerCallbackQuery:
    """The customer wants to hear more: the manager is told, and the customer hears until when."""
    due = await briefs.respond(callback_data.item, member)
    if due is None:
        return query.answer(words.NOT_YOURS.say(member.language), show_alert=True)
    said = words.WILL_CALL.say(member.language, due=when(due, zone, member.language))
    return query.answer(said, show_alert=True)


@router.message(Command("week"), InPrivate(), flags=WORKS)
@router.message(Words(*words.WEEK_WORDS), InPrivate(), flags=WORKS)
async def show_week(message: Message, member: Member, briefs: BriefService, gallery: Gallery) -> SendPhoto:
    """The week as a picture with its figures below."""
    return await _week(message, member, briefs, gallery)


@router.callback_query(F.data == words.WEEK_DATA, InPrivate(), flags=WORKS)
async def tap_week(
    query: CallbackQuery, member: Member, briefs: BriefService, gallery: Gallery
) -> SendPhoto | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    return await _week(query.message, member, briefs, gallery)


@router.message(Command("brief", "week"), InGroup())
async def brief_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of customers is said in groups."""
    return message.reply(PRIVATE_ONLY.say(member.language))


async def _show(
    message: Message, asked: str, member: Member, briefs: BriefService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    said = plain(asked)
    if not said:
        found = await briefs.today(member)
        return message.answer(words.page(found, now, zone, member.language), reply_markup=_rows(found))
    if said in words.OFF:
        await briefs.set_hour(member, None)
        return message.answer(words.HOUR_OFF.say(member.language))
    hour = read_hour(said)
    if hour is None:
        return message.answer(words.HOUR_USAGE.say(member.language))
    await briefs.set_hour(member, hour)
    return message.answer(words.HOUR_SET.say(member.language, hour=f"{hour:%H:%M}"))


async def _week(message: Message, member: Member, briefs: BriefService, gallery: Gallery) -> SendPhoto:
    found = await briefs.week(member)
    picture = await gallery.week(found)
    file = BufferedInputFile(picture, f"week-{found.first}.png")
    return message.answer_photo(file, caption=words.caption(found, member.language))


def _rows(found: Brief) -> InlineKeyboardMarkup:
    rows = [
        [InlineKeyboardButton(text=button.label, callback_data=button.data) for button in row]
        for row in words.item_rows(found)
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _back(member: Member) -> list[InlineKeyboardButton]:
    return [InlineKeyboardButton(text=words.OPEN_BRIEF.say(member.language), callback_data=words.LIST_DATA)]


def _stale(query: CallbackQuery, member: Member) -> AnswerCallbackQuery:
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
