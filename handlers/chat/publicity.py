"""The manager's side of publicity: events, publicists, codes with posters, proofs, the report."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendDocument, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Language, Member
from campaigns.publicity.model import Event, JoinCode, PublicityRefusal, PublicityReport
from campaigns.publicity.service import PublicityService
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate, Words
from handlers.chat.gallery import Gallery
from handlers.chat.numbers import RowId
from handlers.pictures.posters import Poster
from handlers.wording import members as member_words
from handlers.wording import publicity as words
from handlers.wording import publicity_reports as reports
from handlers.wording.times import when

router = Router(name="publicity")

SHOWN_EVENTS = 8
MOST_BUTTONS = 90  # The platform takes a hundred below a message.
MANAGER = {"action": Action.PLAN_PUBLICITY}
Buttons = list[list[InlineKeyboardButton]]


class View(StrEnum):
    """What a manager may look at or do with an event."""

    PAGE = "page"
    WHO = "who"
    CODES = "codes"
    REPORT = "report"
    CANCEL = "cancel"
    SURE = "sure"


class Do(StrEnum):
    """What a manager may do with a proof."""

    SEE = "see"
    ACCEPT = "accept"
    REJECT = "reject"


class EventTap(CallbackData, prefix="event"):
    """An event and what is wanted of it."""

    event: RowId
    show: View


class EnlistTap(CallbackData, prefix="enlist"):
    """Somebody who is to be a publicist."""

    event: RowId
    member: RowId


class PosterTap(CallbackData, prefix="poster"):
    """A code whose poster is wanted."""

    code: RowId
    large: bool


class ProofTap(CallbackData, prefix="publicity_proof"):
    """A proof and what is done with it."""

    task: RowId
    do: Do


@router.message(Command("publicity"), InPrivate(), flags=MANAGER)
@router.message(Words(*words.EVENT_WORDS), InPrivate(), flags=MANAGER)
async def list_events(message: Message, member: Member, publicity: PublicityService, zone: ZoneInfo) -> SendMessage:
    """The manager's events."""
    events = (await publicity.events_of(member))[:SHOWN_EVENTS]
    if not events:
        return message.answer(words.NO_EVENTS.say(member.language))
    buttons = [[_event_button(words.event_button(each, zone, member.language), each.id, View.PAGE)] for each in events]
    return message.answer(
        words.CHOOSE_EVENT.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=buttons)
    )


@router.callback_query(EventTap.filter(), InPrivate(), flags=MANAGER)
async def show_event(
    query: CallbackQuery,
    callback_data: EventTap,
    member: Member,
    publicity: PublicityService,
    zone: ZoneInfo,
    now: datetime,
) -> SendMessage | AnswerCallbackQuery:
    """Plan and progress, people to add, codes, the report, or the end of an event."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    event = callback_data.event
    match callback_data.show:
        case View.PAGE | View.CANCEL:
            report = await publicity.report(event, member)
            if isinstance(report, PublicityRefusal):
                return _refuse(query, report, member)
            sure = callback_data.show is View.CANCEL
            text = reports.event_page(report, zone, now, member.language)
            return query.message.answer(text, reply_markup=_event_buttons(report, now, member.language, sure=sure))
        case View.WHO:
            return await _show_candidates(query, query.message, event, member, publicity)
        case View.CODES:
            return await _show_codes(query, query.message, event, member, publicity)
        case View.REPORT:
            report = await publicity.report(event, member)
            if isinstance(report, PublicityRefusal):
                return _refuse(query, report, member)
            return query.message.answer(reports.report_page(report, member.language))
        case View.SURE:
            cancelled = await publicity.cancel(event, member)
            if isinstance(cancelled, PublicityRefusal):
                return _refuse(query, cancelled, member)
            return query.message.answer(words.CANCELLED_NOW.say(member.language))


@router.callback_query(EnlistTap.filter(), InPrivate(), flags=MANAGER)
async def enlist(
    query: CallbackQuery, callback_data: EnlistTap, member: Member, publicity: PublicityService
) -> EditMessageText | AnswerCallbackQuery:
    """Make somebody a publicist, and leave on the list who is not one yet; a second tap changes nothing."""
    listed = await publicity.candidates(callback_data.event, member)
    outcome = await publicity.add_publicist(callback_data.event, member, callback_data.member)
    if isinstance(outcome, PublicityRefusal) or isinstance(listed, PublicityRefusal):
        return _refuse(query, outcome if isinstance(outcome, PublicityRefusal) else PublicityRefusal.NOT_YOURS, member)
    name = next((each.name for each in listed if each.id == callback_data.member), "")
    rest = [each for each in listed if each.id != callback_data.member]
    added = words.ADDED.say(member.language, name=name)
    if not isinstance(query.message, Message) or not name:
        return query.answer(added)
    ask = (words.WHO if rest else words.ALL_ADDED).say(member.language)
    return query.message.edit_text(
        f"{added}\n{ask}", reply_markup=_candidates(callback_data.event, rest, member.language)
    )


@router.callback_query(ProofTap.filter(), InPrivate(), flags=MANAGER)
async def check_proof(
    query: CallbackQuery, callback_data: ProofTap, member: Member, publicity: PublicityService
) -> SendPhoto | AnswerCallbackQuery:
    """Look at a proof, or say yes or no to it by one tap."""
    if callback_data.do is Do.SEE:
        task = await publicity.proof(callback_data.task, member)
        if isinstance(task, PublicityRefusal) or not isinstance(query.message, Message) or task.proof is None:
            return _refuse(query, task if isinstance(task, PublicityRefusal) else PublicityRefusal.NOT_DONE_YET, member)
        row = [
            InlineKeyboardButton(text=label.say(member.language), callback_data=ProofTap(task=task.id, do=do).pack())
            for label, do in ((words.ACCEPT, Do.ACCEPT), (words.SEND_BACK, Do.REJECT))
        ]
        caption = words.task_line(task, member.language)
        keyboard = InlineKeyboardMarkup(inline_keyboard=[row])
        return query.message.answer_photo(task.proof, caption=caption, reply_markup=keyboard)
    accepted = callback_data.do is Do.ACCEPT
    outcome = await publicity.judge(callback_data.task, member, accepted=accepted)
    if isinstance(outcome, PublicityRefusal):
        return _refuse(query, outcome, member)
    return query.answer((words.ACCEPTED_NOW if accepted else words.SENT_BACK_NOW).say(member.language))


@router.callback_query(PosterTap.filter(), InPrivate(), flags={"action": Action.PUBLICISE})
async def send_poster(
    query: CallbackQuery,
    callback_data: PosterTap,
    member: Member,
    publicity: PublicityService,
    gallery: Gallery,
    zone: ZoneInfo,
    bank: str,
    username: str,
) -> SendPhoto | SendDocument | AnswerCallbackQuery:
    """The poster of a code, for its publicist and the event's manager: a photo, or a file in A4 for print."""
    found = await publicity.code(callback_data.code, member)
    if isinstance(found, PublicityRefusal) or not isinstance(query.message, Message):
        return _refuse(query, found if isinstance(found, PublicityRefusal) else PublicityRefusal.NOT_YOURS, member)
    code, event = found
    link = words.deep_link(username, code.text)
    picture = await gallery.poster(_poster(event, code, link, bank, username, zone), for_print=callback_data.large)
    material = words.MATERIALS[code.material].say(member.language)
    caption = words.POSTER_CAPTION.say(member.language, material=material, code=code.text, link=link)
    if callback_data.large:
        return query.message.answer_document(BufferedInputFile(picture, f"poster-{code.text}-a4.png"), caption=caption)
    button = poster_button(words.PRINT_BUTTON.say(member.language), code.id, large=True)
    return query.message.answer_photo(
        BufferedInputFile(picture, f"poster-{code.text}.png"),
        caption=caption,
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )


def poster_button(label: str, code_id: int, *, large: bool = False) -> InlineKeyboardButton:
    """The button that fetches a code's poster."""
    return InlineKeyboardButton(text=label, callback_data=PosterTap(code=code_id, large=large).pack())


def _poster(event: Event, code: JoinCode, link: str, bank: str, username: str, zone: ZoneInfo) -> Poster:
    plan = event.plan
    moment = when(plan.starts_at, zone, Language.ZH)
    return Poster(
        plan.title_in(Language.ZH),
        event.merchant,
        plan.benefits_in(Language.ZH),
        moment,
        bank,
        plan.complaints,
        code.text,
        link,
        f"@{username}",
    )


async def _show_candidates(
    query: CallbackQuery, message: Message, event: int, member: Member, publicity: PublicityService
) -> SendMessage | AnswerCallbackQuery:
    found = await publicity.candidates(event, member)
    if isinstance(found, PublicityRefusal):
        return _refuse(query, found, member)
    if not found:
        return message.answer(words.NOBODY.say(member.language))
    markup = _candidates(event, found, member.language)
    return message.answer(words.WHO.say(member.language), reply_markup=markup)


def _candidates(event: int, found: Sequence[Member], language: Language) -> InlineKeyboardMarkup:
    buttons = [
        [
            InlineKeyboardButton(
                text=words.candidate(each, language), callback_data=EnlistTap(event=event, member=each.id).pack()
            )
        ]
        for each in found[:MOST_BUTTONS]
    ]
    return InlineKeyboardMarkup(inline_keyboard=buttons)


async def _show_codes(
    query: CallbackQuery, message: Message, event: int, member: Member, publicity: PublicityService
) -> SendMessage | AnswerCallbackQuery:
    found = await publicity.codes(event, member)
    if isinstance(found, PublicityRefusal):
        return _refuse(query, found, member)
    buttons = [
        [poster_button(f"{who.name} · {words.MATERIALS[code.material].say(member.language)} {code.text}", code.id)]
        for code, who in found[:MOST_BUTTONS]
    ]
    return message.answer(
        words.WHICH_CODE.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=buttons)
    )


def _event_buttons(report: PublicityReport, now: datetime, language: Language, *, sure: bool) -> InlineKeyboardMarkup:
    event = report.event
    rows: Buttons = [
        [_event_button(words.CODES.say(language), event.id, View.CODES)],
        [_event_button(words.REPORT.say(language), event.id, View.REPORT)],
    ]
    if event.is_ahead(now):
        rows.insert(0, [_event_button(words.ADD.say(language), event.id, View.WHO)])
        label, view = (words.CANCEL_SURE, View.SURE) if sure else (words.CANCEL, View.CANCEL)
        rows.append([_event_button(label.say(language), event.id, view)])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _event_button(label: str, event: int, view: View) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=EventTap(event=event, show=view).pack())


def _refuse(query: CallbackQuery, reason: PublicityRefusal, member: Member) -> AnswerCallbackQuery:
    return query.answer(words.refusal(reason, member.language), show_alert=True)
