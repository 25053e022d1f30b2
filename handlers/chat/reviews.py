"""审核 in the chat: what waits, the sheet, approve by a tap, send back with a reason in words."""

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.members.model import Member
from campaigns.promotions.model import Decision, PromotionRefusal
from campaigns.reviews.model import SEAL, Sealed, Sheet
from campaigns.reviews.service import ReviewService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import promotion_desk as desk_words
from handlers.wording import reviews as words
from handlers.wording.promotions import refusal

router = Router(name="reviews")

REVIEWS = {"action": Action.REVIEW_PROMOTIONS}
SHOWN = 20


class Rejecting(StatesGroup):
    """The reason comes next."""

    reason = State()


class ReviewVerb(StrEnum):
    """What a reviewer decides."""

    APPROVE = "approve"
    REJECT = "reject"


class SheetTap(CallbackData, prefix=words.REVIEW_DATA):
    """A sheet to open."""

    promotion: RowId
    number: RowId


class FinalTap(CallbackData, prefix="review_text"):
    """An arm's final words."""

    promotion: RowId
    number: RowId
    arm: Annotated[int, Field(ge=0, le=99)]


class DecisionTap(CallbackData, prefix="review_say"):
    """A decision on the very content that stood on the sheet."""

    promotion: RowId
    number: RowId
    seal: Annotated[str, Field(max_length=SEAL)]
    verb: ReviewVerb


@router.message(Command("review"), InPrivate(), flags=REVIEWS)
@router.message(Words(*words.REVIEW_WORDS), InPrivate(), flags=REVIEWS)
async def list_waiting(message: Message, member: Member, reviews: ReviewService) -> SendMessage:
    """What waits for a second person, each with a button."""
    found = await reviews.waiting()
    rows = [
        [
            _button(
                desk_words.button_label(each, member.language),
                SheetTap(promotion=each.promotion_id, number=each.number),
            )
        ]
        for each in found[:SHOWN]
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return message.answer(words.inbox(found, member.id, member.language), reply_markup=markup)


@router.callback_query(SheetTap.filter(), InPrivate(), flags=REVIEWS)
async def open_sheet(
    query: CallbackQuery, callback_data: SheetTap, member: Member, reviews: ReviewService, zone: ZoneInfo
) -> SendMessage | AnswerCallbackQuery:
    """Final words, changes, the gate's word, audience and cost, with the two decisions."""
    found = await reviews.sheet(callback_data.promotion, callback_data.number)
    if isinstance(found, PromotionRefusal) or not isinstance(query.message, Message):
        return _refused(query, found, member)
    markup = _decisions(found, member)
    return query.message.answer(words.sheet(found, zone, member.language), reply_markup=markup)


@router.callback_query(FinalTap.filter(), InPrivate(), flags=REVIEWS)
async def show_final(
    query: CallbackQuery, callback_data: FinalTap, member: Member, reviews: ReviewService
) -> SendMessage | AnswerCallbackQuery:
    """One arm word for word, as it will be read in both languages."""
    found = await reviews.sheet(callback_data.promotion, callback_data.number)
    if isinstance(found, PromotionRefusal) or not isinstance(query.message, Message):
        return _refused(query, found, member)
    if callback_data.arm >= len(found.finals):
        return _refused(query, PromotionRefusal.NO_VERSION, member)
    return query.message.answer(words.final(found.finals[callback_data.arm], member.language))


@router.callback_query(DecisionTap.filter(), InPrivate(), flags=REVIEWS)
async def decide(
    query: CallbackQuery, callback_data: DecisionTap, member: Member, reviews: ReviewService, state: FSMContext
) -> EditMessageText | SendMessage | AnswerCallbackQuery:
    """Approve at once, or ask why it is sent back."""
    about = Sealed(callback_data.promotion, callback_data.number, callback_data.seal)
    version = await reviews.find(about.promotion_id, about.number)
    if version is None or not isinstance(query.message, Message):
        return _refused(query, PromotionRefusal.NO_VERSION, member)
    if callback_data.verb is ReviewVerb.REJECT:
        await state.set_state(Rejecting.reason)
        await state.set_data(about._asdict())
        return query.message.answer(words.ask_reason(version, member.language))
    outcome = await reviews.decide(about, Decision.APPROVED, "", member)
    if isinstance(outcome, PromotionRefusal):
        return _refused(query, outcome, member)
    return query.message.edit_text(words.decided(outcome, Decision.APPROVED, member.language))


@router.message(StateFilter(Rejecting.reason), InPrivate(), Words("取消", "cancel", "/cancel"))
async def drop_reason(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Send nothing back."""
    await state.clear()
    return message.answer(words.KEPT.say(member.language))


@router.message(StateFilter(Rejecting.reason), InPrivate(), NoCommand(), flags=REVIEWS)
async def give_reason(message: Message, member: Member, reviews: ReviewService, state: FSMContext) -> SendMessage:
    """Why it is sent back; a reason that is none may be given again."""
    kept = await state.get_data()
    about = Sealed(int(kept["promotion_id"]), int(kept["number"]), str(kept["seal"]))
    outcome = await reviews.decide(about, Decision.REJECTED, message.text or "", member)
    if outcome is not PromotionRefusal.NO_REASON:
        await state.clear()
    if isinstance(outcome, PromotionRefusal):
        return message.answer(refusal(outcome, member.language))
    return message.answer(words.decided(outcome, Decision.REJECTED, member.language))


@router.message(Command("review"), InGroup(), flags=REVIEWS)
async def review_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of this is said in groups."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


def _decisions(found: Sheet, member: Member) -> InlineKeyboardMarkup:
    language, about = member.language, found.sealed
    place = {"promotion": about.promotion_id, "number": about.number}
    texts = [
        _button(words.FINAL_BUTTON.say(language, arm=each.arm), FinalTap(**place, arm=at))
        for at, each in enumerate(found.finals)
    ]
    verbs = [
        _button(words.APPROVE.say(language), DecisionTap(**place, seal=about.seal, verb=ReviewVerb.APPROVE)),
        _button(words.REJECT.say(language), DecisionTap(**place, seal=about.seal, verb=ReviewVerb.REJECT)),
    ]
    return InlineKeyboardMarkup(inline_keyboard=[texts, verbs])


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())


def _refused(query: CallbackQuery, found: object, member: Member) -> AnswerCallbackQuery:
    if isinstance(found, PromotionRefusal):
        return query.answer(refusal(found, member.language), show_alert=True)
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
