"""Applications in the chat: the manager's list with one tap for the next stage, one application with its history."""

from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.applications.model import Application, MoveRefusal, Reason, Stage
from campaigns.applications.rules import BACK, NEXT, REASONS, backward
from campaigns.applications.service import ApplicationFile, ApplicationService, Page
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.service import StaffService
from handlers.chat.filters import InPrivate, Words
from handlers.chat.numbers import PageNumber, RowId
from handlers.wording import applications as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="applications")

FOLLOW = {"action": Action.FOLLOW_APPLICATIONS}
SHOWN_COLLEAGUES = 12

Version = Annotated[int, Field(ge=0, le=1_000_000)]
Answer = AnswerCallbackQuery | EditMessageText | bool


class PageTap(CallbackData, prefix="apps"):
    """A page of the manager's list."""

    page: PageNumber


class OpenTap(CallbackData, prefix="app_open"):
    """One application for its manager."""

    application: RowId


class MoveTap(CallbackData, prefix="app"):
    """A move: the version that the manager saw, and the page that the button stood on; 0 is the application itself."""

    application: RowId
    version: Version
    to: Stage
    page: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    reason: Reason | None = None


class WhyTap(CallbackData, prefix="app_why"):
    """An end that needs a reason."""

    application: RowId
    version: Version
    to: Stage


class BackTap(CallbackData, prefix="app_back"):
    """A correction, asked step by step: where to, then why."""

    application: RowId
    version: Version
    to: Stage | None = None
    reason: Reason | None = None


class HandTap(CallbackData, prefix="app_hand"):
    """Another owner, asked by name."""

    application: RowId
    version: Version
    to: RowId | None = None


@router.message(Command("applications"), InPrivate(), flags=FOLLOW)
@router.message(Words(*words.LIST_WORDS), InPrivate(), flags=FOLLOW)
async def list_applications(message: Message, member: Member, applications: ApplicationService) -> SendMessage:
    """The open applications that this manager looks after, the first due first."""
    found = await applications.page(member, 1)
    text = words.page(found, applications.today(), member.language)
    return message.answer(text, reply_markup=_list_keyboard(found, member))


@router.callback_query(PageTap.filter(), InPrivate(), flags=FOLLOW)
async def turn_page(
    query: CallbackQuery, callback_data: PageTap, member: Member, applications: ApplicationService
) -> Answer:
    """Another page of the list."""
    return await _show_page(query, callback_data.page, member, applications)


@router.callback_query(OpenTap.filter(), InPrivate(), flags=FOLLOW)
async def open_application(
    query: CallbackQuery, callback_data: OpenTap, member: Member, applications: ApplicationService, zone: ZoneInfo
) -> Answer:
    """One application with its history and everything that can be done with it."""
    return await _show_file(query, callback_data.application, member, applications, zone)


@router.callback_query(MoveTap.filter(), InPrivate(), flags=FOLLOW)
async def move_application(
    query: CallbackQuery, callback_data: MoveTap, member: Member, applications: ApplicationService, zone: ZoneInfo
) -> Answer:
    """Move on by one tap; the list or the application is shown anew."""
    tap = callback_data
    outcome = await applications.move(tap.application, tap.version, tap.to, tap.reason, member)
    if isinstance(outcome, MoveRefusal):
        return _refused(query, outcome, member)
    if tap.page:
        return await _show_page(query, tap.page, member, applications)
    return await _show_file(query, tap.application, member, applications, zone)


@router.callback_query(WhyTap.filter(), InPrivate(), flags=FOLLOW)
async def ask_reason(
    query: CallbackQuery, callback_data: WhyTap, member: Member, applications: ApplicationService
) -> Answer:
    """The reasons for an end, as buttons."""
    found = await applications.held(callback_data.application, member)
    if isinstance(found, MoveRefusal):
        return _refused(query, found, member)
    to = callback_data.to
    taps = [
        (reason, MoveTap(application=found.id, version=callback_data.version, to=to, reason=reason))
        for reason in REASONS.get(to, ())
    ]
    rows = [[_button(words.REASONS[reason].say(member.language), tap)] for reason, tap in taps]
    return _ask(
        query, words.ASK_REASON.say(member.language, stage=words.label(to, member.language)), rows, found, member
    )


@router.callback_query(BackTap.filter(), InPrivate(), flags=FOLLOW)
async def correct_application(
    query: CallbackQuery, callback_data: BackTap, member: Member, applications: ApplicationService, zone: ZoneInfo
) -> Answer:
    """Go back: where to, then why, then it is done."""
    tap = callback_data
    if tap.to is not None and tap.reason is not None:
        outcome = await applications.correct(tap.application, tap.version, tap.to, tap.reason, member)
        if isinstance(outcome, MoveRefusal):
            return _refused(query, outcome, member)
        return await _show_file(query, tap.application, member, applications, zone)
    found = await applications.held(tap.application, member)
    if isinstance(found, MoveRefusal):
        return _refused(query, found, member)
    if tap.to is None:
        stages = [
            _button(words.label(to, member.language), BackTap(application=found.id, version=tap.version, to=to))
            for to in backward(found)
        ]
        return _ask(query, words.ASK_BACK.say(member.language), _pairs(stages), found, member)
    reasons = [
        _button(
            words.REASONS[reason].say(member.language),
            BackTap(application=found.id, version=tap.version, to=tap.to, reason=reason),
        )
        for reason in BACK
    ]
    text = words.ASK_REASON.say(member.language, stage=words.label(tap.to, member.language))
    return _ask(query, text, _pairs(reasons), found, member)


@router.callback_query(HandTap.filter(), InPrivate(), flags=FOLLOW)
async def hand_over(
    query: CallbackQuery,
    callback_data: HandTap,
    member: Member,
    applications: ApplicationService,
    staff: StaffService,
) -> Answer:
    """Give an application to a colleague."""
    found = await applications.file(callback_data.application, member)
    if isinstance(found, MoveRefusal):
        return _refused(query, found, member)
    names = await applications.names([member.id, *await staff.colleagues(member)])
    others = {number: name for number, name in names.items() if number != found.application.owner_id}
    to = callback_data.to
    if to is not None:
        outcome = await applications.hand_over(callback_data.application, callback_data.version, to, member)
        if isinstance(outcome, MoveRefusal):
            return _refused(query, outcome, member)
        return query.answer(words.HANDED_TO.say(member.language, name=others.get(to, "*")), show_alert=True)
    if not others:
        return query.answer(words.NO_COLLEAGUES.say(member.language), show_alert=True)
    one = found.application
    buttons = [
        _button(name, HandTap(application=one.id, version=callback_data.version, to=number))
        for number, name in list(others.items())[:SHOWN_COLLEAGUES]
    ]
    return _ask(query, words.ASK_OWNER.say(member.language), _pairs(buttons), one, member)


def _refused(query: CallbackQuery, refusal: MoveRefusal, member: Member) -> AnswerCallbackQuery:
    return query.answer(words.REFUSALS[refusal].say(member.language), show_alert=True)


async def _show_page(query: CallbackQuery, page: int, member: Member, applications: ApplicationService) -> Answer:
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    found = await applications.page(member, page)
    text = words.page(found, applications.today(), member.language)
    return query.message.edit_text(text, reply_markup=_list_keyboard(found, member))


async def _show_file(
    query: CallbackQuery, application: int, member: Member, applications: ApplicationService, zone: ZoneInfo
) -> Answer:
    found = await applications.file(application, member)
    if isinstance(found, MoveRefusal):
        return _refused(query, found, member)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    text = words.file(found, applications.today(), zone, member.language)
    return query.message.edit_text(text, reply_markup=_file_keyboard(found, member))


def _ask(
    query: CallbackQuery, text: str, rows: list[list[InlineKeyboardButton]], found: Application, member: Member
) -> Answer:
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    back = _button(words.BACK_LABEL.say(member.language), OpenTap(application=found.id))
    return query.message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[*rows, [back]]))


def _list_keyboard(found: Page, member: Member) -> InlineKeyboardMarkup | None:
    rows = [[_open_button(found, each), _next_button(each, found.number, member)] for each in found.applications]
    turns = [number for number in (found.number - 1, found.number + 1) if 1 <= number <= found.pages]
    rows.append([_button("◀" if number < found.number else "▶", PageTap(page=number)) for number in turns])
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _open_button(found: Page, one: Application) -> InlineKeyboardButton:
    return _button(found.names.get(one.member_id, "*"), OpenTap(application=one.id))


def _next_button(one: Application, page: int, member: Member) -> InlineKeyboardButton:
    """The usual next stage by one tap."""
    to = NEXT[one.stage][0]
    tap = MoveTap(application=one.id, version=one.version, to=to, page=page)
    return _button(f"→ {words.label(to, member.language)}", tap)


def _file_keyboard(found: ApplicationFile, member: Member) -> InlineKeyboardMarkup:
    one = found.application
    steps = [to for to in NEXT[one.stage] if to not in REASONS]
    ends = [to for to in NEXT[one.stage] if to in REASONS]
    rows = [
        [
            _button(f"→ {words.label(to, member.language)}", MoveTap(application=one.id, version=one.version, to=to))
            for to in steps
        ],
        [
            _button(
                words.END_LABEL.say(member.language, stage=words.label(to, member.language)),
                WhyTap(application=one.id, version=one.version, to=to),
            )
            for to in ends
        ],
        [_button(words.HAND_OVER_LABEL.say(member.language), HandTap(application=one.id, version=one.version))],
        [_button(words.BACK_LABEL.say(member.language), PageTap(page=1))],
    ]
    if backward(one):
        correct = BackTap(application=one.id, version=one.version)
        rows[2].insert(0, _button(words.CORRECT_LABEL.say(member.language), correct))
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])


def _pairs(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
