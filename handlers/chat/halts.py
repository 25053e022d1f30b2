"""停发 in the chat: what is to be stopped, why, a button that does it; the list with one tap to lift."""

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.deliveries.model import Message as Shown
from campaigns.halts.model import Aim, HaltRefusal, Held, Scope
from campaigns.halts.rules import read_aim
from campaigns.halts.service import HaltService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.wording import halts as words
from handlers.wording import members as member_words

router = Router(name="halts")

STOPS = {"action": Action.STOP_SENDING}
OFFERED = 8
PRODUCT_WORDS = ("产品", "產品", "product")
LONGEST_TARGET = 40


class Stopping(StatesGroup):
    """The reason comes next."""

    reason = State()


class HaltVerb(StrEnum):
    """What is done with a stop."""

    CONFIRM = "confirm"
    LIFT = "lift"
    ASK_CANCEL = "ask_cancel"


class HaltTap(CallbackData, prefix=words.HALT_DATA):
    """A stop and what is done with it."""

    halt: RowId
    verb: HaltVerb


class CancelTap(CallbackData, prefix=words.CANCEL_DATA):
    """What a stop holds is to be cancelled, but no more than was asked about."""

    halt: RowId
    waiting: Annotated[int, Field(ge=1, le=10**12)]


class HaltAimTap(CallbackData, prefix="halt_aim", sep="|"):
    """What is to be stopped; ledger names have colons of their own."""

    scope: Scope
    target: Annotated[str, Field(max_length=LONGEST_TARGET)] = ""


@router.message(Command("stop_all"), InPrivate(), flags=STOPS)
@router.message(Words(*words.STOP_WORDS), InPrivate(), flags=STOPS)
async def begin_stop(
    message: Message, member: Member, halts: HaltService, state: FSMContext, command: CommandObject | None = None
) -> SendMessage:
    """Ask what is meant, then why; with both in the command the button comes at once."""
    said, reason = _split((command.args if command else None) or "")
    if not said:
        return await _choose(message, member, halts)
    aim = read_aim(said)
    if isinstance(aim, HaltRefusal):
        return message.answer(words.refusal(aim, member.language))
    if not reason:
        return await _ask_reason(message, aim, member, state)
    return await _check(message, aim, reason, member, halts, state)


@router.callback_query(HaltAimTap.filter(), InPrivate(), flags=STOPS)
async def tap_aim(
    query: CallbackQuery, callback_data: HaltAimTap, member: Member, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return await _ask_reason(query.message, Aim(callback_data.scope, callback_data.target), member, state)


@router.message(StateFilter(Stopping.reason), InPrivate(), Words("取消", "cancel", "/cancel"))
async def drop_stop(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop nothing."""
    await state.clear()
    return message.answer(words.DROPPED.say(member.language))


@router.message(StateFilter(Stopping.reason), InPrivate(), NoCommand(), flags=STOPS)
async def give_reason(message: Message, member: Member, halts: HaltService, state: FSMContext) -> SendMessage:
    """Why: kept with the stop and told to everybody concerned."""
    kept = await state.get_data()
    aim = Aim(Scope(kept.get("scope", Scope.EVERYTHING)), str(kept.get("target", "")))
    return await _check(message, aim, message.text or "", member, halts, state)


@router.message(Command("halt"), InPrivate(), flags=STOPS)
async def list_halts(message: Message, member: Member, halts: HaltService, zone: ZoneInfo) -> SendMessage:
    """What is stopped, with how much it holds, each with a button that lifts it."""
    shown = words.listing(await halts.standing(), zone, member.language)
    return message.answer(shown.text, reply_markup=_markup(shown))


@router.callback_query(HaltTap.filter(), InPrivate(), flags=STOPS)
async def work_halt(
    query: CallbackQuery, callback_data: HaltTap, member: Member, halts: HaltService
) -> EditMessageText | SendMessage | AnswerCallbackQuery:
    """Stop it, let it go on, or ask once more before what is held is cancelled."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    if callback_data.verb is HaltVerb.ASK_CANCEL:
        return _ask_cancel(query, query.message, await _held(halts, callback_data.halt), member)
    done = await _work(callback_data, member, halts)
    if isinstance(done, HaltRefusal):
        return query.answer(words.refusal(done, member.language), show_alert=True)
    return query.message.edit_text(done)


@router.callback_query(CancelTap.filter(), InPrivate(), flags=STOPS)
async def cancel_held(
    query: CallbackQuery, callback_data: CancelTap, member: Member, halts: HaltService
) -> EditMessageText | AnswerCallbackQuery:
    """End for good what was asked about."""
    ended = await halts.cancel(callback_data.halt, member, callback_data.waiting)
    if isinstance(ended, HaltRefusal):
        return query.answer(words.refusal(ended, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(words.cancelled(ended, member.name, member.language)[:200], show_alert=True)
    return query.message.edit_text(words.cancelled(ended, member.name, member.language))


@router.message(Command("stop_all", "halt"), InGroup(), flags=STOPS)
async def halts_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of this is said in groups."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


async def _work(tap: HaltTap, member: Member, halts: HaltService) -> str | HaltRefusal:
    """What is read once it is done."""
    if tap.verb is HaltVerb.CONFIRM:
        begun = await halts.confirm(tap.halt, member)
        return begun if isinstance(begun, HaltRefusal) else words.stopped(begun, member.language)
    ended = await halts.lift(tap.halt, member)
    return ended if isinstance(ended, HaltRefusal) else words.lifted(ended, member.language)


def _split(said: str) -> tuple[str, str]:
    """What is meant, and the reason behind it."""
    first, rest = _cut(said)
    if first.lower() not in PRODUCT_WORDS:
        return first, rest
    code, reason = _cut(rest)
    return f"{first} {code}", reason


def _cut(said: str) -> tuple[str, str]:
    """The first word and the rest, at any space: a new line and the wide one of Chinese keyboards too."""
    first, *rest = said.split(maxsplit=1) or [""]
    return first, "".join(rest).strip()


async def _choose(message: Message, member: Member, halts: HaltService) -> SendMessage:
    everything = HaltAimTap(scope=Scope.EVERYTHING).pack()
    rows = [[_button(words.EVERYTHING_BUTTON.say(member.language), everything)]]
    for each in await halts.sending(OFFERED):
        if len(each.campaign) <= LONGEST_TARGET:
            data = HaltAimTap(scope=Scope.CAMPAIGN, target=each.campaign).pack()
            rows.append([_button(words.sending_label(each, member.language), data)])
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    return message.answer(words.ASK_AIM.say(member.language), reply_markup=markup)


async def _ask_reason(message: Message, aim: Aim, member: Member, state: FSMContext) -> SendMessage:
    await state.set_state(Stopping.reason)
    await state.set_data({"scope": aim.scope, "target": aim.target})
    return message.answer(words.ask_reason(aim, member.language))


async def _check(
    message: Message, aim: Aim, reason: str, member: Member, halts: HaltService, state: FSMContext
) -> SendMessage:
    """What would be held, with the button; a reason that is none may be given again."""
    outcome = await halts.ask(aim, reason, member)
    if isinstance(outcome, HaltRefusal):
        return message.answer(words.refusal(outcome, member.language))
    await state.clear()
    shown = words.check(outcome, member.language)
    return message.answer(shown.text, reply_markup=_markup(shown))


def _ask_cancel(
    query: CallbackQuery, message: Message, held: Held | None, member: Member
) -> SendMessage | AnswerCallbackQuery:
    if held is None or not held.waiting:
        refusal = HaltRefusal.LIFTED_ALREADY if held is None else HaltRefusal.NOTHING_HELD
        return query.answer(words.refusal(refusal, member.language), show_alert=True)
    shown = words.sure(held, member.language)
    return message.answer(shown.text, reply_markup=_markup(shown))


async def _held(halts: HaltService, halt_id: int) -> Held | None:
    return next((each for each in await halts.standing() if each.halt.id == halt_id), None)


def _markup(shown: Shown) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.model_validate(shown.payload()["reply_markup"]) if shown.buttons else None


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data)
