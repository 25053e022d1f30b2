"""A manager's reminders in the chat: written in one line or step by step, previewed, confirmed, changed, ended."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.deliveries.model import Button
from campaigns.deliveries.model import Message as Letter
from campaigns.groups.service import GroupService
from campaigns.members.model import Language, Member
from campaigns.reminders.model import LONGEST_WORDS, Line, Preview, Reminder, ReminderRefusal
from campaigns.reminders.model import State as Standing
from campaigns.reminders.reading import Request, Whom, read_audience, read_request, read_timing
from campaigns.reminders.schedule import Before
from campaigns.reminders.service import Drafted, ReminderService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import PageNumber, RowId
from handlers.chat.paging import turns
from handlers.wording import members as member_words
from handlers.wording import reminders as words
from handlers.wording.festivals import FOLLOW_BUTTON, FOLLOW_DATA
from handlers.wording.paging import leaf
from handlers.wording.phrase import Phrase

router = Router(name="reminders")

MANAGES = {"action": Action.MANAGE_REMINDERS}
APPROVES = {"action": Action.APPROVE_POSTS}
SHOWN, ON_A_PAGE = 30, 20


class Reminding(StatesGroup):
    """The steps of making a reminder in private."""

    named = State()
    time = State()
    words = State()


class Rescheduling(StatesGroup):
    """The new time or words of a reminder come next."""

    time = State()
    words = State()


class RemindVerb(StrEnum):
    """What is done with a reminder."""

    SHOW = "show"
    CONFIRM = "confirm"
    TIME = "time"
    WORDS = "words"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


class RemindTap(CallbackData, prefix=words.REMIND_DATA):
    """A reminder and what is done with it."""

    reminder: RowId
    verb: RemindVerb


class RemindPageTap(CallbackData, prefix="remind_page"):
    """A page of the own reminders."""

    page: PageNumber


class ReviewTap(CallbackData, prefix=words.REMIND_REVIEW_DATA):
    """A second person's word on a version."""

    reminder: RowId
    version: RowId
    approved: bool


class WhomTap(CallbackData, prefix=words.REMIND_NEW_DATA):
    """Whom a new reminder is for; `group` is 0 where it is for no one group."""

    whom: Whom
    group: int = 0


@router.message(Command("remind"), InPrivate(), flags=MANAGES)
@router.message(Words(*words.REMIND_WORDS), InPrivate(), flags=MANAGES)
async def remind(
    message: Message,
    member: Member,
    reminders: ReminderService,
    state: FSMContext,
    now: datetime,
    zone: ZoneInfo,
    command: CommandObject | None = None,
) -> SendMessage:
    """The own reminders, or the preview of the one that a line asks for."""
    await state.set_state(None)
    if command is None or not command.args:
        text, markup = await _page(1, member, reminders, zone)
        return message.answer(text, reply_markup=markup)
    return previewed(message, await reminders.draft(read_request(command.args, now, zone), member), zone, member)


@router.callback_query(RemindPageTap.filter(), InPrivate(), flags=MANAGES)
async def turn_page(
    query: CallbackQuery, callback_data: RemindPageTap, member: Member, reminders: ReminderService, zone: ZoneInfo
) -> EditMessageText | AnswerCallbackQuery:
    """Another page of the own reminders, as they are now."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    text, markup = await _page(callback_data.page, member, reminders, zone)
    return query.message.edit_text(text, reply_markup=markup)


@router.message(Command("remind"), InGroup(), flags=MANAGES)
async def remind_group(
    message: Message,
    command: CommandObject,
    member: Member,
    reminders: ReminderService,
    groups: GroupService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """A line in a group is a reminder for it; its preview stands in the private chat."""
    if not command.args:
        return message.reply(words.USAGE.say(member.language))
    here = await groups.in_chat(message.chat.id)
    if here is None:
        return message.reply(words.refusal(ReminderRefusal.NO_GROUP, member.language))
    drafted = await reminders.draft(read_request(command.args, now, zone), member, here)
    if not isinstance(drafted, Preview):
        return message.reply(words.refusal(drafted, member.language))
    rows = _letter_rows(drafted.line.reminder, member.language)
    text = words.preview_words(drafted, zone, member.language)
    await reminders.tell_preview(drafted, member, Letter(text, rows))
    return message.reply(words.SENT_IN_PRIVATE.say(member.language))


@router.callback_query(F.data == words.REMIND_NEW_DATA, InPrivate(), flags=MANAGES)
async def begin_reminder(query: CallbackQuery, member: Member, reminders: ReminderService) -> SendMessage | None:
    """Ask for whom it is."""
    if not isinstance(query.message, Message):
        return None
    own = await reminders.groups_of(member)
    rows = [[_whom_button(group.title, Whom.GROUP, group.id)] for group in own[:SHOWN]]
    if len(own) > 1:
        rows.append([_whom_button(words.ALL_GROUPS.say(member.language), Whom.ALL_GROUPS)])
    rows.append([_whom_button(words.MYSELF.say(member.language), Whom.ME)])
    rows.append([_whom_button(words.SOMEBODY.say(member.language), Whom.PERSON)])
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    return query.message.answer(words.ASK_WHOM.say(member.language), reply_markup=markup)


@router.callback_query(WhomTap.filter(), InPrivate(), flags=MANAGES)
async def choose_whom(
    query: CallbackQuery, callback_data: WhomTap, member: Member, state: FSMContext
) -> SendMessage | None:
    """The audience is chosen; whose group it is, the service checks."""
    if not isinstance(query.message, Message):
        return None
    if callback_data.whom in {Whom.PERSON, Whom.LINE}:
        await state.set_state(Reminding.named)
        return query.message.answer(words.ASK_NAMED.say(member.language))
    await state.set_state(Reminding.time)
    await state.set_data({"whom": callback_data.whom, "named": str(callback_data.group)})
    return query.message.answer(words.ASK_TIME.say(member.language))


@router.message(StateFilter(Reminding, Rescheduling), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_reminder(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.CANCELLED.say(member.language))


@router.message(StateFilter(Reminding.named), InPrivate(), NoCommand(), flags=MANAGES)
async def give_named(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Take a customer's name or an audience, ask for the time."""
    found = read_audience(message.text or "")
    if found is None or found[0] not in {Whom.PERSON, Whom.LINE}:
        return message.answer(words.BAD_NAMED.say(member.language))
    whom, named, rest = found
    await state.set_state(Reminding.time)
    await state.set_data({"whom": whom, "named": f"{named} {rest}".strip() if whom is Whom.LINE else named})
    return message.answer(words.ASK_TIME.say(member.language))


@router.message(StateFilter(Reminding.time), InPrivate(), NoCommand(), flags=MANAGES)
async def give_time(message: Message, member: Member, state: FSMContext, now: datetime, zone: ZoneInfo) -> SendMessage:
    """Take the time, ask for the words."""
    if read_timing(message.text or "", now, zone) is None:
        return message.answer(words.refusal(ReminderRefusal.NO_TIME, member.language))
    await state.update_data({"time": message.text})
    await state.set_state(Reminding.words)
    return message.answer(words.ASK_WORDS.say(member.language, most=LONGEST_WORDS))


@router.message(StateFilter(Reminding.words), InPrivate(), NoCommand(), flags=MANAGES)
async def give_words(
    message: Message,
    member: Member,
    state: FSMContext,
    reminders: ReminderService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """Take the words and show the preview; words that may not leave are asked for again."""
    asked = await state.get_data()
    timing, text = read_timing(asked["time"], now, zone), message.text or ""
    if isinstance(timing, Before) and text.strip().lower() in words.NOTHING:
        text = ""
    request = Request(timing, Whom(asked["whom"]), asked["named"], text)
    drafted = await reminders.draft(request, member)
    if isinstance(drafted, Preview):
        await state.clear()
    return previewed(message, drafted, zone, member)


@router.callback_query(RemindTap.filter(), InPrivate(), flags=MANAGES)
async def work_reminder(
    query: CallbackQuery,
    callback_data: RemindTap,
    member: Member,
    reminders: ReminderService,
    state: FSMContext,
    zone: ZoneInfo,
) -> SendMessage | EditMessageText | AnswerCallbackQuery:
    """Show, confirm, pause, resume or end a reminder, or ask for its new time or words."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    found = await _done(callback_data, member, reminders)
    if isinstance(found, ReminderRefusal):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    if callback_data.verb in {RemindVerb.TIME, RemindVerb.WORDS}:
        is_time = callback_data.verb is RemindVerb.TIME
        await state.set_state(Rescheduling.time if is_time else Rescheduling.words)
        await state.set_data({"reminder": callback_data.reminder})
        asked = words.ASK_TIME if is_time else words.ASK_WORDS
        return query.message.answer(asked.say(member.language, most=LONGEST_WORDS))
    text, rows = words.line_words(found, zone, member.language), _rows(found.reminder, member.language)
    if callback_data.verb is RemindVerb.SHOW:
        return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))
    return query.message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.message(StateFilter(Rescheduling.time), InPrivate(), NoCommand(), flags=MANAGES)
@router.message(StateFilter(Rescheduling.words), InPrivate(), NoCommand(), flags=MANAGES)
async def change_reminder(
    message: Message,
    member: Member,
    state: FSMContext,
    reminders: ReminderService,
    zone: ZoneInfo,
    raw_state: str,
) -> SendMessage:
    """Take the new time or words as another version, and show it."""
    number, text = (await state.get_data())["reminder"], message.text or ""
    is_time = raw_state == Rescheduling.time.state
    drafted = await reminders.change(number, member, time=text if is_time else None, words=None if is_time else text)
    if isinstance(drafted, Preview):
        await state.clear()
    return previewed(message, drafted, zone, member)


@router.callback_query(ReviewTap.filter(), InPrivate(), flags=APPROVES)
async def review_reminder(
    query: CallbackQuery, callback_data: ReviewTap, member: Member, reminders: ReminderService
) -> EditMessageText | AnswerCallbackQuery:
    """A second person's word on words that advertise."""
    approved = callback_data.approved
    found = await reminders.review(callback_data.reminder, callback_data.version, member, approved=approved)
    if isinstance(found, ReminderRefusal) or not isinstance(query.message, Message):
        refusal = found if isinstance(found, ReminderRefusal) else ReminderRefusal.DECIDED
        return query.answer(words.refusal(refusal, member.language), show_alert=True)
    said = (words.APPROVE if approved else words.REFUSE).say(member.language)
    return query.message.edit_text(f"{query.message.text}\n\n{said}")


async def _done(tap: RemindTap, member: Member, reminders: ReminderService) -> Line | ReminderRefusal:
    match tap.verb:
        case RemindVerb.CONFIRM:
            return await reminders.confirm(tap.reminder, member)
        case RemindVerb.PAUSE:
            return await reminders.pause(tap.reminder, member)
        case RemindVerb.RESUME:
            return await reminders.resume(tap.reminder, member)
        case RemindVerb.END:
            return await reminders.end(tap.reminder, member)
        case _:
            return await reminders.show(tap.reminder, member)


def previewed(message: Message, drafted: Drafted, zone: ZoneInfo, member: Member) -> SendMessage:
    """A draft with its buttons, or why there is none."""
    if not isinstance(drafted, Preview):
        return message.answer(words.refusal(drafted, member.language))
    rows = _rows(drafted.line.reminder, member.language)
    text = words.preview_words(drafted, zone, member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


async def _page(
    number: int, member: Member, reminders: ReminderService, zone: ZoneInfo
) -> tuple[str, InlineKeyboardMarkup]:
    """A button for each reminder of a page, the ways to others, and one for a new one."""
    language, shown = member.language, leaf(await reminders.lines(member), number, ON_A_PAGE)
    numbers = [_button(f"#{each.reminder.id}", each.reminder.id, RemindVerb.SHOW) for each in shown.items]
    rows = [numbers[at : at + 5] for at in range(0, len(numbers), 5)]
    rows += turns(shown, lambda page: RemindPageTap(page=page))
    rows.append(
        [
            InlineKeyboardButton(text=words.NEW_BUTTON.say(language), callback_data=words.REMIND_NEW_DATA),
            InlineKeyboardButton(text=FOLLOW_BUTTON.say(language), callback_data=FOLLOW_DATA),
        ]
    )
    return words.overview(shown, zone, language)[:4096], InlineKeyboardMarkup(inline_keyboard=rows)


def _verbs(reminder: Reminder) -> list[list[tuple[RemindVerb, Phrase]]]:
    """What can be done with a reminder now."""
    if reminder.state is Standing.ENDED:
        return []
    rows = [[(RemindVerb.CONFIRM, words.CONFIRM)]] if reminder.draft is not None and not reminder.in_review else []
    rows.append([(RemindVerb.TIME, words.CHANGE_TIME), (RemindVerb.WORDS, words.CHANGE_WORDS)])
    last = [(RemindVerb.END, words.END)]
    if reminder.state is Standing.ON:
        last.insert(0, (RemindVerb.PAUSE, words.PAUSE))
    if reminder.state is Standing.PAUSED:
        last.insert(0, (RemindVerb.RESUME, words.RESUME))
    return [*rows, last]


def _rows(reminder: Reminder, language: Language) -> list[list[InlineKeyboardButton]]:
    return [[_button(label.say(language), reminder.id, verb) for verb, label in row] for row in _verbs(reminder)]


def _letter_rows(reminder: Reminder, language: Language) -> tuple[tuple[Button, ...], ...]:
    """The same buttons for a message of the ledger."""
    return tuple(
        tuple(Button(label.say(language), RemindTap(reminder=reminder.id, verb=verb).pack()) for verb, label in row)
        for row in _verbs(reminder)
    )


def _button(label: str, reminder: int, verb: RemindVerb) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=RemindTap(reminder=reminder, verb=verb).pack())


def _whom_button(label: str, whom: Whom, group: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=WhomTap(whom=whom, group=group).pack())
