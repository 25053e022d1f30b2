"""营销活动 in the chat: the list, a card, acts behind a question, and the checklist of the departments."""

from collections.abc import Sequence
from datetime import datetime
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

from campaigns.checklists.model import ChecklistRefusal, Item, Subject
from campaigns.checklists.rules import TASKS, is_ready, open_items
from campaigns.checklists.service import ChecklistService
from campaigns.members.model import Member
from campaigns.promotions.desk import Card, PromotionDesk
from campaigns.promotions.dry_runs import Check
from campaigns.promotions.model import Act, PromotionRefusal, Version
from campaigns.promotions.rules import TRANSITIONS
from campaigns.reviews.service import ReviewService
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import promotion_desk as words
from handlers.wording.conclusions import RESULTS_BUTTON, conclusion
from handlers.wording.overviews import NEXT, PREVIOUS
from handlers.wording.promotions import refusal

router = Router(name="promotions")

SEES = {"action": Action.SEE_PROMOTIONS}
RUNS = {"action": Action.RUN_PROMOTIONS}
OVERRIDES = {"action": Action.OVERRIDE_CHECKLISTS}
OFFERED = (Act.CHECK, Act.SUBMIT, Act.SCHEDULE, Act.PAUSE, Act.RESUME, Act.CLOSE, Act.CANCEL)
AT_ONCE = frozenset({Act.CHECK})
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
Edit = EditMessageText | SendMessage | AnswerCallbackQuery


class Overriding(StatesGroup):
    """A lead's reason comes next."""

    reason = State()


class PromotionView(StrEnum):
    """The pages of one promotion."""

    CARD = "card"
    LIST = "list"
    OVERRIDE = "over"
    RESULTS = "res"


class PromotionTap(CallbackData, prefix=words.DESK_DATA):
    """A promotion whose page is shown."""

    code: Code
    view: PromotionView = PromotionView.CARD


class PageTap(CallbackData, prefix="promo_page"):
    """A page of the list."""

    page: Annotated[int, Field(ge=0, le=9_999)]


class ActTap(CallbackData, prefix="promo_do"):
    """What is to be done to a version; `sure` once the question was answered."""

    code: Code
    number: RowId
    act: Act
    sure: bool = False


class ItemTap(CallbackData, prefix="promo_item"):
    """An item of a version's checklist."""

    code: Code
    number: RowId
    item: Item


@router.message(Command("promotion"), InPrivate(), flags=SEES)
@router.message(Words(*words.PROMOTION_WORDS), InPrivate(), flags=SEES)
async def list_promotions(message: Message, member: Member, promotion_desk: PromotionDesk) -> SendMessage:
    """Every promotion with its state, each with a button."""
    found = await promotion_desk.newest()
    return message.answer(words.listing(found, member.language), reply_markup=_page(found, 0, member))


@router.callback_query(PageTap.filter(), InPrivate(), flags=SEES)
async def turn_page(
    query: CallbackQuery, callback_data: PageTap, member: Member, promotion_desk: PromotionDesk
) -> Edit:
    """Another page of the list."""
    found, page = await promotion_desk.newest(), callback_data.page
    if not words.on_page(found, page) or not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    text = words.listing(found, member.language, page)
    return query.message.edit_text(text, reply_markup=_page(found, page, member))


@router.message(Command("promotion"), InGroup(), flags=SEES)
async def promotions_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of this is said in groups."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


@router.callback_query(PromotionTap.filter(), InPrivate(), flags=SEES)
async def show_promotion(
    query: CallbackQuery,
    callback_data: PromotionTap,
    member: Member,
    promotion_desk: PromotionDesk,
    state: FSMContext,
    zone: ZoneInfo,
) -> Edit:
    """The card, or the checklist behind it."""
    card = await promotion_desk.card(callback_data.code)
    if card is None or not isinstance(query.message, Message):
        return _refused(query, PromotionRefusal.NO_PROMOTION, member)
    match callback_data.view:
        case PromotionView.CARD:
            return query.message.edit_text(words.card(card, zone, member.language), reply_markup=_acts(card, member))
        case PromotionView.LIST:
            return _checklist(query.message, card, member, zone)
        case PromotionView.OVERRIDE:
            return await _ask_override(query, query.message, card, member, state)
        case PromotionView.RESULTS:
            return _results(query, query.message, card, member, zone)


@router.callback_query(ActTap.filter(), InPrivate(), flags=RUNS)
async def act_on_promotion(
    query: CallbackQuery,
    callback_data: ActTap,
    member: Member,
    promotion_desk: PromotionDesk,
    reviews: ReviewService,
    now: datetime,
    zone: ZoneInfo,
) -> Edit:
    """Ask first, then do it, and show how it stands."""
    tap = callback_data
    card = await promotion_desk.card(tap.code)
    if card is None or not isinstance(query.message, Message):
        return _refused(query, PromotionRefusal.NO_PROMOTION, member)
    if tap.act is Act.SCHEDULE and not is_ready(card.checklist):
        return query.answer(words.unprepared(card.checklist, member.language)[:200], show_alert=True)
    if not tap.sure and tap.act not in AT_ONCE:
        return _ask(query.message, tap, card, member, now, zone)
    if tap.act is Act.SUBMIT:
        outcome = await reviews.submit(card.version, member) if card.version.number == tap.number else _CHANGED
    else:
        outcome = await promotion_desk.act(tap.code, tap.number, tap.act, member)
    if isinstance(outcome, PromotionRefusal):
        return query.answer(refusal(outcome, member.language)[:200], show_alert=True)
    return await _done(query.message, tap, outcome, promotion_desk, member, zone)


@router.callback_query(ItemTap.filter(), InPrivate(), flags=RUNS)
async def mark_item(
    query: CallbackQuery,
    callback_data: ItemTap,
    member: Member,
    promotion_desk: PromotionDesk,
    checklists: ChecklistService,
    zone: ZoneInfo,
) -> Edit:
    """Done by whom and when, by one tap; the next takes it back."""
    card = await promotion_desk.card(callback_data.code)
    if card is None or not isinstance(query.message, Message):
        return _refused(query, PromotionRefusal.NO_PROMOTION, member)
    if card.version.number != callback_data.number:
        return _refused(query, _CHANGED, member)
    outcome = await checklists.toggle(_subject(card), callback_data.item, member)
    after = await promotion_desk.card(callback_data.code)
    if isinstance(outcome, ChecklistRefusal) or after is None:
        return _refused(query, outcome, member)
    return _checklist(query.message, after, member, zone)


@router.message(StateFilter(Overriding.reason), InPrivate(), Words("取消", "cancel", "/cancel"))
async def drop_override(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Let nothing start."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(Overriding.reason), InPrivate(), NoCommand(), flags=OVERRIDES)
async def give_override(
    message: Message,
    member: Member,
    promotion_desk: PromotionDesk,
    checklists: ChecklistService,
    state: FSMContext,
    zone: ZoneInfo,
) -> SendMessage:
    """Why it may start although something is open; kept for good."""
    kept = await state.get_data()
    card = await promotion_desk.card(str(kept["code"]))
    if card is None or card.version.number != kept["number"]:
        await state.clear()
        return message.answer(refusal(_CHANGED, member.language))
    outcome = await checklists.override(_subject(card), message.text or "", member)
    if outcome is not ChecklistRefusal.NO_REASON:
        await state.clear()
    if isinstance(outcome, ChecklistRefusal):
        return message.answer(words.list_refusal(outcome, member.language))
    after = await promotion_desk.card(card.version.code)
    assert after is not None
    return message.answer(words.checklist(after, zone, member.language), reply_markup=_items(after, member))


_CHANGED = PromotionRefusal.CHANGED


def _page(found: Sequence[Version], page: int, member: Member) -> InlineKeyboardMarkup | None:
    """A button for each promotion of a page, and the ways to the pages beside it."""
    language = member.language
    rows = [
        [_button(words.button_label(each, language), PromotionTap(code=each.code))]
        for each in words.on_page(found, page)
    ]
    turns = ((PREVIOUS, page - 1), (NEXT, page + 1))
    ways = [_button(way.say(language), PageTap(page=at)) for way, at in turns if at >= 0 and words.on_page(found, at)]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *([ways] if ways else [])]) if rows else None


def _ask(message: Message, tap: ActTap, card: Card, member: Member, now: datetime, zone: ZoneInfo) -> EditMessageText:
    label = words.YES.say(member.language, act=words.ACTS[tap.act].say(member.language))
    rows = [[_button(label, tap.model_copy(update={"sure": True}))], [_back(card, member)]]
    text = words.sure(tap.act, card.version, now, zone, member.language)
    return message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


async def _done(
    message: Message, tap: ActTap, outcome: object, desk: PromotionDesk, member: Member, zone: ZoneInfo
) -> EditMessageText:
    """The card as it stands now, under what was done or found."""
    card = await desk.card(tap.code)
    assert card is not None
    if isinstance(outcome, Check):
        said = words.checked(outcome, zone, member.language)
    else:
        said = words.DONE.say(member.language, act=words.ACTS[tap.act].say(member.language))
    text = f"{said}\n\n{words.card(card, zone, member.language)}"[:4096]
    return message.edit_text(text, reply_markup=_acts(card, member))


async def _ask_override(
    query: CallbackQuery, message: Message, card: Card, member: Member, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    if not may(member.roles, Action.OVERRIDE_CHECKLISTS):
        return query.answer(member_words.NOT_ALLOWED.say(member.language), show_alert=True)
    if not open_items(card.checklist):
        return _refused(query, ChecklistRefusal.NOTHING_OPEN, member)
    await state.set_state(Overriding.reason)
    await state.set_data({"code": card.version.code, "number": card.version.number})
    return message.answer(words.ask_override(card.checklist, member.language))


def _results(
    query: CallbackQuery, message: Message, card: Card, member: Member, zone: ZoneInfo
) -> EditMessageText | AnswerCallbackQuery:
    if card.conclusion is None:
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    markup = InlineKeyboardMarkup(inline_keyboard=[[_back(card, member)]])
    return message.edit_text(conclusion(card.conclusion, card.version, zone, member.language), reply_markup=markup)


def _checklist(message: Message, card: Card, member: Member, zone: ZoneInfo) -> EditMessageText:
    return message.edit_text(words.checklist(card, zone, member.language), reply_markup=_items(card, member))


def _acts(card: Card, member: Member) -> InlineKeyboardMarkup:
    """What can be done in this state, by whoever may."""
    version, language = card.version, member.language
    rows = []
    if may(member.roles, Action.RUN_PROMOTIONS):
        possible = [act for act in OFFERED if (version.state, act) in TRANSITIONS]
        if version.waits_for_review:
            possible = [Act.CANCEL]
        if version.cancelled_at is not None:
            possible = []  # Nothing undoes it, and the clock closes it.
        taps = [ActTap(code=version.code, number=version.number, act=act) for act in possible]
        buttons = [_button(words.ACTS[tap.act].say(language), tap) for tap in taps]
        rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    if card.conclusion is not None:
        to_results = PromotionTap(code=version.code, view=PromotionView.RESULTS)
        rows.append([_button(RESULTS_BUTTON.say(language, number=card.conclusion.version), to_results)])
    to_list = PromotionTap(code=version.code, view=PromotionView.LIST)
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [_button(words.list_label(card.checklist, language), to_list)]])


def _items(card: Card, member: Member) -> InlineKeyboardMarkup:
    version, done = card.version, {mark.item for mark in card.checklist.marks}
    rows = []
    if may(member.roles, Action.RUN_PROMOTIONS):
        for task in TASKS:
            sign = "✅" if task.item in done else "⬜"
            tap = ItemTap(code=version.code, number=version.number, item=task.item)
            rows.append([_button(f"{sign} {words.item_words(task.item, member.language)}", tap)])
    if may(member.roles, Action.OVERRIDE_CHECKLISTS) and not is_ready(card.checklist):
        over = PromotionTap(code=version.code, view=PromotionView.OVERRIDE)
        rows.append([_button(words.OVERRIDE_BUTTON.say(member.language), over)])
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [_back(card, member)]])


def _subject(card: Card) -> Subject:
    return Subject(card.version.promotion_id, card.version.number)


def _back(card: Card, member: Member) -> InlineKeyboardButton:
    return _button(words.BACK.say(member.language), PromotionTap(code=card.version.code))


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())


def _refused(query: CallbackQuery, found: object, member: Member) -> AnswerCallbackQuery:
    if isinstance(found, PromotionRefusal):
        return query.answer(refusal(found, member.language)[:200], show_alert=True)
    if isinstance(found, ChecklistRefusal):
        return query.answer(words.list_refusal(found, member.language), show_alert=True)
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
