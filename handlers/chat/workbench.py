"""我的客户: the own customers listed and searched, and what a manager writes down at a customer's card."""

from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, Filter, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.customers.lookups import LookupService, Occasion
from campaigns.customers.model import Customer
from campaigns.members.model import Language, Member
from campaigns.notes.model import NoteKind, NoteRefusal
from campaigns.notes.service import NoteService
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from campaigns.tags.model import TagRefusal
from campaigns.tags.rules import DICTIONARY
from campaigns.tags.service import TagService
from campaigns.workbench.model import Answer, Desk, DeskPage
from campaigns.workbench.rules import ANSWERS
from campaigns.workbench.service import WorkbenchService
from handlers.chat.cards import CardTap, MineTap, MyTap, WorkTap, WorkVerb
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words, plain
from handlers.chat.followups import choose_new
from handlers.chat.numbers import RowId
from handlers.wording import fields as field_words
from handlers.wording import followups as follow_words
from handlers.wording import members as member_words
from handlers.wording import tags as tag_words
from handlers.wording import workbench as words
from handlers.wording.customers import CARD_BUTTON
from handlers.wording.overviews import PRIVATE_ONLY

router = Router(name="workbench")

SEES = {"action": Action.SEE_CUSTOMERS}
WORKS = {"action": Action.WORK_CUSTOMERS}
LONGEST_DATA = 64
NOTE_KINDS = {WorkVerb.NOTE: NoteKind.NOTE, WorkVerb.NEED: NoteKind.NEED}
Buttons = list[list[InlineKeyboardButton]]


class Noting(StatesGroup):
    """A note or a need comes next."""

    words = State()


class TagTap(CallbackData, prefix="desk_tag"):
    """A tag that is set or removed."""

    customer: UUID
    code: str


class FieldTap(CallbackData, prefix="ask"):
    """What the customer said to the field that was asked again."""

    customer: UUID
    field: str
    value: str


class SettleTap(CallbackData, prefix="settle"):
    """A note or need that is over."""

    customer: UUID
    note: RowId


class AsksMine(Filter):
    """我的客户, alone or with the words of a search."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        """The words, when it is one."""
        said = (message.text or "").strip()
        for name in words.MY_WORDS:
            if plain(said).startswith(plain(name)):
                return {"asked": said[len(name) :] if said.lower().startswith(name) else ""}
        return False


@router.message(Command("my"), InPrivate(), flags=SEES)
async def show_my(message: Message, command: CommandObject, member: Member, workbench: WorkbenchService) -> SendMessage:
    """The own customers, or those whom the words fit (S-51)."""
    return await _list(message, command.args or "", member, workbench)


@router.message(AsksMine(), InPrivate(), flags=SEES)
async def show_mine(message: Message, asked: str, member: Member, workbench: WorkbenchService) -> SendMessage:
    """The same by word: 我的客户 zxf."""
    return await _list(message, asked, member, workbench)


@router.message(Command("my"), InGroup())
async def my_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of customers is said in groups."""
    return message.reply(PRIVATE_ONLY.say(member.language))


@router.callback_query(MyTap.filter(), InPrivate(), flags=SEES)
async def turn_mine(
    query: CallbackQuery, callback_data: MyTap, member: Member, workbench: WorkbenchService
) -> EditMessageText | AnswerCallbackQuery:
    """Another page, in place."""
    if not isinstance(query.message, Message) or query.message.text is None:
        return _stale(query, member)
    said = callback_data.words or ""
    found = await workbench.page(said, callback_data.page, member, words.tag_codes(), words.stage_codes())
    return query.message.edit_text(
        words.page(found, member.language), reply_markup=_page_buttons(found, member.language)
    )


@router.callback_query(WorkTap.filter(), InPrivate(), flags=WORKS)
async def work(
    query: CallbackQuery,
    callback_data: WorkTap,
    member: Member,
    workbench: WorkbenchService,
    lookups: LookupService,
    notes: NoteService,
    tags: TagService,
    state: FSMContext,
) -> SendMessage | AnswerCallbackQuery:
    """A button of the card: ask for words, or show what can be chosen; the look is recorded."""
    found = await lookups.card(callback_data.customer, member, Occasion.CARD)
    if found is None or not isinstance(query.message, Message):
        return _stale(query, member)
    customer, language = found.customer, member.language
    match callback_data.verb:
        case WorkVerb.NOTE | WorkVerb.NEED:
            await state.set_state(Noting.words)
            await state.set_data({"customer": str(customer.id), "kind": NOTE_KINDS[callback_data.verb]})
            return await _ask_words(query.message, customer, NOTE_KINDS[callback_data.verb], member, notes)
        case WorkVerb.TAG:
            markup = await _tag_buttons(customer, member, tags)
            return query.message.answer(words.CHOOSE_TAG.say(language), reply_markup=markup)
        case WorkVerb.FOLLOW_UP:
            text = follow_words.CHOOSE.say(language)
            return query.message.answer(text, reply_markup=choose_new(customer.id, language))
        case WorkVerb.ASK:
            desk = await workbench.desk(customer.id)
            if desk.ask is None:
                return _stale(query, member)
            text = words.CHOOSE_VALUE.say(language, field=field_words.field_name(desk.ask.name, language))
            return query.message.answer(text, reply_markup=_value_buttons(customer.id, desk.ask.name, language))


@router.message(StateFilter(Noting.words), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_writing(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Keep nothing."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(Noting.words), InPrivate(), NoCommand(), flags=WORKS)
async def write_down(message: Message, member: Member, notes: NoteService, state: FSMContext) -> SendMessage:
    """Keep the words, unless they hold what nobody may write down."""
    asked = await state.get_data()
    customer, kind = UUID(asked["customer"]), NoteKind(asked["kind"])
    refusal = await notes.write(customer, kind, message.text or "", member)
    if isinstance(refusal, NoteRefusal):
        return message.answer(words.not_kept(refusal, member.language))
    await state.clear()
    return message.answer(words.KEPT[kind].say(member.language), reply_markup=_to_card(customer, member))


@router.callback_query(SettleTap.filter(), InPrivate(), flags=WORKS)
async def settle_note(
    query: CallbackQuery, callback_data: SettleTap, member: Member, notes: NoteService
) -> AnswerCallbackQuery:
    """A need that is met, a note that is no longer true."""
    done = await notes.settle(callback_data.customer, callback_data.note, member)
    return query.answer((words.SETTLED if done else words.SETTLED_ALREADY).say(member.language))


@router.callback_query(TagTap.filter(), InPrivate(), flags=WORKS)
async def tap_tag(
    query: CallbackQuery, callback_data: TagTap, member: Member, tags: TagService, lookups: LookupService
) -> EditMessageText | AnswerCallbackQuery:
    """Set a tag, or remove one that is set; the second tap of two."""
    found = await lookups.card(callback_data.customer, member, Occasion.CARD)
    if found is None or not isinstance(query.message, Message):
        return _stale(query, member)
    number, code = found.customer.number, callback_data.code
    held = await tags.tags(number)
    outcome: object
    if not isinstance(held, TagRefusal) and code in {tag.code for tag in held}:
        outcome = await tags.remove(number, code, member, member.roles)
    else:
        outcome = await tags.set(number, code, words.TAG_EVIDENCE.say(Language.ZH), member, member.roles)
    if isinstance(outcome, TagRefusal):
        return query.answer(tag_words.refusal_words(outcome, member.language), show_alert=True)
    markup = await _tag_buttons(found.customer, member, tags)
    return query.message.edit_text(words.CHOOSE_TAG.say(member.language), reply_markup=markup)


@router.callback_query(FieldTap.filter(), InPrivate(), flags=WORKS)
async def tap_field(
    query: CallbackQuery, callback_data: FieldTap, member: Member, workbench: WorkbenchService
) -> EditMessageText | AnswerCallbackQuery:
    """Keep what the customer said."""
    outcome = await workbench.write_down(callback_data.customer, callback_data.field, callback_data.value, member)
    if outcome is Answer.UNKNOWN or not isinstance(query.message, Message):
        return _stale(query, member)
    facts = {
        "field": field_words.field_name(callback_data.field, member.language),
        "value": words.value_name(callback_data.value, member.language),
    }
    markup = _to_card(callback_data.customer, member)
    return query.message.edit_text(words.ANSWERED.say(member.language, **facts), reply_markup=markup)


def desk_rows(customer: Customer, found: Desk, member: Member) -> Buttons:
    """The desk's buttons below a card, for those who may use them."""
    if not may(member.roles, Action.WORK_CUSTOMERS):
        return []
    rows = [
        [
            _button(words.NOTE_BUTTON.say(member.language), WorkTap(customer=customer.id, verb=WorkVerb.NOTE)),
            _button(words.NEED_BUTTON.say(member.language), WorkTap(customer=customer.id, verb=WorkVerb.NEED)),
            _button(words.TAG_BUTTON.say(member.language), WorkTap(customer=customer.id, verb=WorkVerb.TAG)),
            _button(
                follow_words.FOLLOW_UP_BUTTON.say(member.language),
                WorkTap(customer=customer.id, verb=WorkVerb.FOLLOW_UP),
            ),
        ]
    ]
    if found.ask is not None:
        label = words.ASK_BUTTON.say(member.language, field=field_words.field_name(found.ask.name, member.language))
        rows.append([_button(label, WorkTap(customer=customer.id, verb=WorkVerb.ASK))])
    return rows


def desk_text(found: Desk, zone: ZoneInfo, member: Member) -> str:
    """What stands below a card."""
    return words.desk(found, zone, member.language)


def to_mine(callback_data: MineTap, member: Member) -> InlineKeyboardButton:
    """The way back to the page that led to a card."""
    return _button(words.BACK.say(member.language), MyTap(page=callback_data.page, words=callback_data.words))


async def _list(message: Message, asked: str, member: Member, workbench: WorkbenchService) -> SendMessage:
    found = await workbench.page(asked, 1, member, words.tag_codes(), words.stage_codes())
    return message.answer(words.page(found, member.language), reply_markup=_page_buttons(found, member.language))


def _page_buttons(found: DeskPage, language: Language) -> InlineKeyboardMarkup:
    """A button per customer, two in a row, and the ways back and on."""
    said = found.search.words or None
    people = []
    for at, who in enumerate(found.customers):
        tap = MineTap(customer=who.customer.id, page=found.page, words=said)
        if len(f"mine:{who.customer.id.hex}:{found.page}:{said or ''}".encode()) > LONGEST_DATA:
            tap = MineTap(customer=who.customer.id, page=1, words=None)
        people.append(_button(words.button_label(found, at), tap))
    rows: Buttons = [people[at : at + 2] for at in range(0, len(people), 2)]
    turns = []
    if found.page > 1:
        turns.append(_button(words.PREVIOUS.say(language), MyTap(page=found.page - 1, words=said)))
    if found.page < found.pages:
        turns.append(_button(words.NEXT.say(language), MyTap(page=found.page + 1, words=said)))
    return InlineKeyboardMarkup(inline_keyboard=[*rows, turns] if turns else rows)


async def _tag_buttons(customer: Customer, member: Member, tags: TagService) -> InlineKeyboardMarkup:
    held = await tags.tags(customer.number)
    codes = set() if isinstance(held, TagRefusal) else {tag.code for tag in held}
    buttons = [
        _button(words.tag_label(code, member.language, held=code in codes), TagTap(customer=customer.id, code=code))
        for code, definition in DICTIONARY.items()
        if definition.may_set & member.roles
    ]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *_to_card(customer.id, member).inline_keyboard])


async def _ask_words(
    message: Message, customer: Customer, kind: NoteKind, member: Member, notes: NoteService
) -> SendMessage:
    """What stands already, each with a button that settles it, and the request for words."""
    standing = [each for each in await notes.of(customer.id) if each.kind is kind]
    rows = [
        [
            _button(
                words.SETTLE_BUTTON.say(member.language, words=words.shortened(each, words.BUTTON)),
                SettleTap(customer=customer.id, note=each.id),
            )
        ]
        for each in standing
    ]
    text = "\n".join([*(f"· {each.words}" for each in standing), words.ask_words(kind, member.language)])
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


def _value_buttons(customer: UUID, field: str, language: Language) -> InlineKeyboardMarkup:
    buttons = [
        _button(words.value_name(value, language), FieldTap(customer=customer, field=field, value=value))
        for value in ANSWERS[field]
    ]
    return InlineKeyboardMarkup(inline_keyboard=[buttons[at : at + 2] for at in range(0, len(buttons), 2)])


def _to_card(customer: UUID, member: Member) -> InlineKeyboardMarkup:
    button = _button(CARD_BUTTON.say(member.language), CardTap(customer=customer))
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def _stale(query: CallbackQuery, member: Member) -> AnswerCallbackQuery:
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
