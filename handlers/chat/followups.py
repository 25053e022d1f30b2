"""Follow-ups in private: the own ones with one tap each, new ones from a customer's card, handing over."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command, Filter, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.followups.model import CloseReason, FollowUp, FollowUpRefusal, Preset, Source
from campaigns.followups.service import FollowUpService
from campaigns.members.model import Language, Member
from campaigns.notes.model import NoteRefusal
from campaigns.notes.rules import read_note
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.chat.cards import CardTap
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.wording import followups as words
from handlers.wording import members as member_words
from handlers.wording import workbench as desk_words
from handlers.wording.customers import CARD_BUTTON
from handlers.wording.overviews import PRIVATE_ONLY
from handlers.wording.phrase import in_language
from handlers.wording.times import when

router = Router(name="followups")

FOLLOWS = {"action": Action.FOLLOW_UP}
WORKS = {"action": Action.WORK_CUSTOMERS}
SHOWN = 8
Buttons = list[list[InlineKeyboardButton]]


class Promising(StatesGroup):
    """What a manager promised comes next."""

    words = State()


class FollowVerb(StrEnum):
    """What is done with a follow-up."""

    DONE = "done"
    LATER = "later"
    HAND = "hand"
    FAILED = "failed"


class FollowTap(CallbackData, prefix="follow"):
    """A follow-up and what is done with it."""

    followup: RowId
    verb: FollowVerb


class ReasonTap(CallbackData, prefix="follow_why"):
    """Why nothing came of it."""

    followup: RowId
    reason: CloseReason


class HandTap(CallbackData, prefix="follow_to"):
    """To whom a follow-up goes."""

    followup: RowId
    to: RowId


class NewTap(CallbackData, prefix="follow_new"):
    """What is to be done for a customer; None where words follow."""

    customer: UUID
    preset: Preset | None


class MayFollow(Filter):
    """Somebody who can have follow-ups; for everybody else the command means something else."""

    async def __call__(self, message: Message, member: Member) -> bool:
        """Whether they are."""
        return may(member.roles, Action.FOLLOW_UP)


@router.message(Command("tasks"), InPrivate(), MayFollow())
@router.message(Words(*words.FOLLOW_UP_WORDS), InPrivate(), flags=FOLLOWS)
async def list_follow_ups(
    message: Message, member: Member, followups: FollowUpService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """What the person has to do, the first due first."""
    text, markup = await _page(member, followups, now, zone)
    return message.answer(text, reply_markup=markup)


@router.callback_query(F.data == words.LIST_DATA, InPrivate(), flags=FOLLOWS)
async def tap_list(
    query: CallbackQuery, member: Member, followups: FollowUpService, now: datetime, zone: ZoneInfo
) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    text, markup = await _page(member, followups, now, zone)
    return query.message.answer(text, reply_markup=markup)


@router.callback_query(FollowTap.filter(), InPrivate(), flags=FOLLOWS)
async def follow(
    query: CallbackQuery,
    callback_data: FollowTap,
    member: Member,
    followups: FollowUpService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage | EditMessageText | AnswerCallbackQuery:
    """Done, later, to somebody else, or why not."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    language, chosen = member.language, callback_data.followup
    match callback_data.verb:
        case FollowVerb.DONE:
            outcome = await followups.close(chosen, member)
            if isinstance(outcome, FollowUpRefusal):
                return query.answer(words.refusal(outcome, language), show_alert=True)
            return await _again(query.message, words.TAKEN_CARE[outcome].say(language), member, followups, now, zone)
        case FollowVerb.LATER:
            due = await followups.put_off(chosen, member)
            if isinstance(due, FollowUpRefusal):
                return query.answer(words.refusal(due, language), show_alert=True)
            said = words.LATER.say(language, due=when(due, zone, language))
            return await _again(query.message, said, member, followups, now, zone)
        case FollowVerb.HAND:
            return await _ask_colleague(query.message, chosen, member, followups)
        case FollowVerb.FAILED:
            buttons = [
                _button(label.say(language), ReasonTap(followup=chosen, reason=reason))
                for reason, label in words.REASONS.items()
            ]
            return query.message.answer(words.WHY_NOT.say(language), reply_markup=_keyboard(_pairs(buttons)))


@router.callback_query(ReasonTap.filter(), InPrivate(), flags=FOLLOWS)
async def give_reason(
    query: CallbackQuery, callback_data: ReasonTap, member: Member, followups: FollowUpService
) -> EditMessageText | AnswerCallbackQuery:
    """Close it with the reason."""
    outcome = await followups.close(callback_data.followup, member, callback_data.reason)
    if isinstance(outcome, FollowUpRefusal) or not isinstance(query.message, Message):
        refusal = outcome if isinstance(outcome, FollowUpRefusal) else FollowUpRefusal.UNKNOWN
        return query.answer(words.refusal(refusal, member.language), show_alert=True)
    markup = _keyboard([[_list_button(member.language)]])
    return query.message.edit_text(words.TAKEN_CARE[outcome].say(member.language), reply_markup=markup)


@router.callback_query(HandTap.filter(), InPrivate(), flags=FOLLOWS)
async def hand_over(
    query: CallbackQuery, callback_data: HandTap, member: Member, followups: FollowUpService
) -> EditMessageText | AnswerCallbackQuery:
    """Give it to a colleague, who is told."""
    outcome = await followups.hand_over(callback_data.followup, callback_data.to, member)
    if isinstance(outcome, FollowUpRefusal) or not isinstance(query.message, Message):
        refusal = outcome if isinstance(outcome, FollowUpRefusal) else FollowUpRefusal.UNKNOWN
        return query.answer(words.refusal(refusal, member.language), show_alert=True)
    markup = _keyboard([[_list_button(member.language)]])
    return query.message.edit_text(words.HANDED_TO.say(member.language, name=outcome.name), reply_markup=markup)


@router.callback_query(NewTap.filter(), InPrivate(), flags=WORKS)
async def open_new(
    query: CallbackQuery,
    callback_data: NewTap,
    member: Member,
    followups: FollowUpService,
    state: FSMContext,
    zone: ZoneInfo,
) -> SendMessage | EditMessageText | AnswerCallbackQuery:
    """The second tap of two: what is to be done; a promise needs words."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    if callback_data.preset is None:
        await state.set_state(Promising.words)
        await state.set_data({"customer": str(callback_data.customer)})
        return query.message.answer(words.WRITE_PROMISE.say(member.language))
    why = words.PRESETS[callback_data.preset].both()
    due = await followups.open(callback_data.customer, Source.CARD, why, owner=member.id, by=member.id)
    said, markup = _opened(due, why, callback_data.customer, member, zone)
    return query.message.edit_text(said, reply_markup=markup)


@router.message(StateFilter(Promising.words), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_promising(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Keep nothing."""
    await state.clear()
    return message.answer(desk_words.STOPPED.say(member.language))


@router.message(StateFilter(Promising.words), InPrivate(), NoCommand(), flags=WORKS)
async def promise(
    message: Message, member: Member, followups: FollowUpService, state: FSMContext, zone: ZoneInfo
) -> SendMessage:
    """Keep a promise with the day by which it must be kept."""
    found = read_note(message.text or "")
    if isinstance(found, NoteRefusal):
        return message.answer(desk_words.not_kept(found, member.language))
    customer = UUID((await state.get_data())["customer"])
    await state.clear()
    due = await followups.open(customer, Source.PROMISE, found, owner=member.id, by=member.id)
    said, markup = _opened(due, found, customer, member, zone)
    return message.answer(said, reply_markup=markup)


@router.message(Command("tasks"), InGroup(), MayFollow())
async def follow_ups_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of customers is said in groups."""
    return message.reply(PRIVATE_ONLY.say(member.language))


def choose_new(customer: UUID, language: Language) -> InlineKeyboardMarkup:
    """What can be put down at a card."""
    buttons = [
        _button(label.say(language), NewTap(customer=customer, preset=preset))
        for preset, label in words.PRESETS.items()
    ]
    buttons.append(_button(words.PROMISE.say(language), NewTap(customer=customer, preset=None)))
    return _keyboard(_pairs(buttons))


async def _page(
    member: Member, followups: FollowUpService, now: datetime, zone: ZoneInfo
) -> tuple[str, InlineKeyboardMarkup]:
    found = await followups.mine(member, SHOWN)
    rows = [_row(each, at, member.language) for at, each in enumerate(found, 1)]
    return words.page(found, now, zone, member.language), _keyboard(rows)


async def _again(
    message: Message, said: str, member: Member, followups: FollowUpService, now: datetime, zone: ZoneInfo
) -> EditMessageText:
    """What came of the tap, and the rest of the list in the same place."""
    text, markup = await _page(member, followups, now, zone)
    return message.edit_text(f"{said}\n\n{text}", reply_markup=markup)


async def _ask_colleague(message: Message, followup: int, member: Member, followups: FollowUpService) -> SendMessage:
    found = await followups.colleagues(member)
    if not found:
        return message.answer(words.NO_COLLEAGUES.say(member.language))
    buttons = [
        _button(words.colleague_label(each, member.language), HandTap(followup=followup, to=each.member_id))
        for each in found
    ]
    return message.answer(words.CHOOSE_COLLEAGUE.say(member.language), reply_markup=_keyboard(_pairs(buttons)))


def _row(found: FollowUp, at: int, language: Language) -> list[InlineKeyboardButton]:
    labels = {
        FollowVerb.DONE: words.DONE_BUTTON,
        FollowVerb.LATER: words.LATER_BUTTON,
        FollowVerb.HAND: words.HAND_BUTTON,
        FollowVerb.FAILED: words.FAILED_BUTTON,
    }
    return [
        _button(label.say(language, at=at), FollowTap(followup=found.id, verb=verb)) for verb, label in labels.items()
    ]


def _opened(
    due: datetime | FollowUpRefusal, why: str, customer: UUID, member: Member, zone: ZoneInfo
) -> tuple[str, InlineKeyboardMarkup]:
    if isinstance(due, FollowUpRefusal):
        said = words.refusal(due, member.language)
    else:
        said = words.OPENED.say(
            member.language, why=in_language(why, member.language), due=when(due, zone, member.language)
        )
    button = _button(CARD_BUTTON.say(member.language), CardTap(customer=customer))
    return said, _keyboard([[button, _list_button(member.language)]])


def _list_button(language: Language) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=words.LIST_BUTTON.say(language), callback_data=words.LIST_DATA)


def _pairs(buttons: list[InlineKeyboardButton]) -> Buttons:
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def _keyboard(rows: Buttons) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _stale(query: CallbackQuery, member: Member) -> AnswerCallbackQuery:
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
