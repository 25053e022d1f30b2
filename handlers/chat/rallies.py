"""Organisers' side of stamp rallies: the file, the list, one screen per event, its course, its booths."""

from io import BytesIO
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendDocument, SendMessage, SendPhoto
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    FSInputFile,
    InlineKeyboardButton,
    Message,
)
from pydantic import Field

from campaigns.forms.reading import LONGEST_FILE, decoded
from campaigns.members.model import Language, Member
from campaigns.rallies.course import RallyCourse
from campaigns.rallies.faults import RallyFileError
from campaigns.rallies.model import BoothState, Loaded, Rally, RallyFigures, RallyRefusal, RallyState
from campaigns.rallies.reading import EXAMPLE
from campaigns.rallies.rules import PUBLIC
from campaigns.rallies.service import RallyService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.gallery import Gallery
from handlers.chat.numbers import RowId
from handlers.chat.rally_buttons import LONGEST, RallyTap, RallyVerb, Reply, button, edited, keyboard, labelled, refused
from handlers.wording import boards as board_words
from handlers.wording import members as member_words
from handlers.wording import rally_desk as words
from handlers.wording.rallies import join_link, refusal
from handlers.wording.rally_files import faults

router = Router(name="rallies")

MANAGES = {"action": Action.MANAGE_RALLIES}
SHOWN_RALLIES = 10
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,7}$")]
SCREENS = (RallyVerb.SHOW, RallyVerb.OPEN, RallyVerb.CLOSE)
MOVES = (RallyVerb.SURE_OPEN, RallyVerb.SURE_CLOSE)


class RallyBoothTap(CallbackData, prefix="rally_booth"):
    """A booth that pauses or goes on."""

    rally: RowId
    booth: Code
    pause: bool


class RallySampleTap(CallbackData, prefix="rally_sample"):
    """A file to begin with."""


class PausingBooth(StatesGroup):
    """The reason of a pause comes next."""

    reason = State()


@router.message(Command("rally"), InGroup(), flags=MANAGES)
async def rally_in_group(message: Message, member: Member) -> SendMessage:
    """Events are made in private."""
    return message.reply(words.IN_PRIVATE.say(member.language))


@router.message(Command("rally"), F.document, InPrivate(), flags=MANAGES)
async def load_file(message: Message, bot: Bot, member: Member, rallies: RallyService, zone: ZoneInfo) -> SendMessage:
    """An event's file with `/rally` beneath it: what was understood, or everything that is wrong."""
    document = message.document
    if document is None or (document.file_size or 0) > LONGEST_FILE:
        return message.answer(words.FILE_TOO_LARGE.say(member.language))
    read = BytesIO()
    await bot.download(document.file_id, read)
    return await _load(message, decoded(read.getvalue()), member, rallies, zone)


@router.message(Command("rally"), InPrivate(), flags=MANAGES)
@router.message(Words(*words.RALLY_WORDS), InPrivate(), flags=MANAGES)
async def list_rallies(
    message: Message, member: Member, rallies: RallyService, zone: ZoneInfo, command: CommandObject | None = None
) -> SendMessage:
    """All events, the latest first; the text of a file that follows the command is loaded."""
    if command is not None and command.args:
        return await _load(message, command.args, member, rallies, zone)
    found = (await rallies.all())[:SHOWN_RALLIES]
    rows = [[labelled(words.rally_button(each, zone, member.language), each, RallyVerb.SHOW)] for each in found]
    sample = InlineKeyboardButton(text=words.SAMPLE_BUTTON.say(member.language), callback_data=RallySampleTap().pack())
    said = words.CHOOSE if found else words.NO_RALLIES
    return message.answer(said.say(member.language), reply_markup=keyboard([*rows, [sample]]))


@router.callback_query(RallySampleTap.filter(), InPrivate(), flags=MANAGES)
async def send_sample(query: CallbackQuery, member: Member) -> SendDocument | AnswerCallbackQuery:
    """A whole event as a file, to be changed and sent back."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.answer_document(FSInputFile(EXAMPLE), caption=words.SAMPLE.say(member.language))


@router.callback_query(RallyTap.filter(F.verb.in_(SCREENS)), InPrivate(), flags=MANAGES)
async def show_rally(
    query: CallbackQuery, callback_data: RallyTap, member: Member, rallies: RallyService, zone: ZoneInfo
) -> Reply:
    """One event's screen; what cannot be undone is asked again by its own button."""
    found = await rallies.figures(callback_data.rally)
    if found is None:
        return refused(query, RallyRefusal.NO_RALLY, member)
    return _screen(query, found, member, zone, callback_data.verb)


@router.callback_query(RallyTap.filter(F.verb == RallyVerb.RULES), InPrivate(), flags=MANAGES)
async def show_rules(query: CallbackQuery, callback_data: RallyTap, member: Member, rallies: RallyService) -> Reply:
    """The rules as they hold, or would be published."""
    rally = await rallies.find(callback_data.rally)
    if rally is None or not isinstance(query.message, Message):
        return refused(query, RallyRefusal.NO_RALLY, member)
    return query.message.answer((await rallies.rules(rally, member.language))[:LONGEST])


@router.callback_query(RallyTap.filter(F.verb == RallyVerb.CODE), InPrivate(), flags=MANAGES)
async def show_code(
    query: CallbackQuery,
    callback_data: RallyTap,
    member: Member,
    rallies: RallyService,
    gallery: Gallery,
    username: str,
) -> SendPhoto | AnswerCallbackQuery:
    """The QR code by which passers-by take part, for posters and screens."""
    rally = await rallies.find(callback_data.rally)
    if rally is None or not isinstance(query.message, Message):
        return refused(query, RallyRefusal.NO_RALLY, member)
    link = join_link(username, rally, "poster")
    picture = BufferedInputFile(await gallery.code(link), f"{rally.code}.png")
    return query.message.answer_photo(picture, caption=words.CODE_CAPTION.say(member.language, link=link))


@router.callback_query(RallyTap.filter(F.verb.in_(MOVES)), InPrivate(), flags=MANAGES)
async def move_rally(
    query: CallbackQuery,
    callback_data: RallyTap,
    member: Member,
    rally_course: RallyCourse,
    rallies: RallyService,
    zone: ZoneInfo,
) -> Reply:
    """Begin or end an event by hand."""
    move = rally_course.open if callback_data.verb is RallyVerb.SURE_OPEN else rally_course.close
    outcome = await move(callback_data.rally, member)
    if isinstance(outcome, RallyRefusal):
        return refused(query, outcome, member)
    found = await rallies.figures(outcome.id)
    assert found is not None
    return _screen(query, found, member, zone)


@router.callback_query(RallyTap.filter(F.verb == RallyVerb.BOOTHS), InPrivate(), flags=MANAGES)
async def show_booths(query: CallbackQuery, callback_data: RallyTap, member: Member, rallies: RallyService) -> Reply:
    """The booths, each with its pause."""
    rally = await rallies.find(callback_data.rally)
    return _booths(query, rally, member) if rally else refused(query, RallyRefusal.NO_RALLY, member)


@router.callback_query(RallyBoothTap.filter(), InPrivate(), flags=MANAGES)
async def tap_booth(
    query: CallbackQuery,
    callback_data: RallyBoothTap,
    member: Member,
    rallies: RallyService,
    rally_course: RallyCourse,
    state: FSMContext,
) -> Reply:
    """Let a booth go on, or ask why it pauses."""
    rally = await rallies.find(callback_data.rally)
    booth = rally.booth(callback_data.booth) if rally else None
    if booth is None or not isinstance(query.message, Message):
        return refused(query, RallyRefusal.NO_BOOTH, member)
    if callback_data.pause:
        await state.set_state(PausingBooth.reason)
        await state.set_data({"rally": booth.rally_id, "booth": booth.code})
        name = words.booth_name(booth, member.language)
        return query.message.answer(words.ASK_REASON.say(member.language, booth=name))
    outcome = await rally_course.resume(booth.rally_id, booth.code, member)
    return refused(query, outcome, member) if isinstance(outcome, RallyRefusal) else _booths(query, outcome, member)


@router.message(StateFilter(PausingBooth.reason), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_pausing(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Pause nothing."""
    await state.clear()
    return message.answer(words.NOT_PAUSED.say(member.language))


@router.message(StateFilter(PausingBooth.reason), InPrivate(), NoCommand(), F.text, flags=MANAGES)
async def give_reason(message: Message, member: Member, rally_course: RallyCourse, state: FSMContext) -> SendMessage:
    """Pause the booth for this reason."""
    asked = await state.get_data()
    await state.clear()
    outcome = await rally_course.pause(asked["rally"], asked["booth"], message.text or "", member)
    if isinstance(outcome, RallyRefusal):
        return message.answer(refusal(outcome, member.language))
    booth = outcome.booth(asked["booth"])
    assert booth is not None
    return message.answer(words.PAUSED.say(member.language, code=booth.code, reason=booth.reason))


async def _load(message: Message, text: str, member: Member, rallies: RallyService, zone: ZoneInfo) -> SendMessage:
    try:
        outcome = await rallies.load(text, member)
    except RallyFileError as error:
        return message.answer(faults(error.faults, member.language)[:LONGEST])
    if not isinstance(outcome, Loaded):
        return message.answer(refusal(outcome, member.language)[:LONGEST])
    markup = keyboard([[button(words.SHOW, outcome.rally, RallyVerb.SHOW, member.language)]])
    return message.answer(words.loaded(outcome, zone, member.language), reply_markup=markup)


def _screen(
    query: CallbackQuery, found: RallyFigures, member: Member, zone: ZoneInfo, verb: RallyVerb = RallyVerb.SHOW
) -> Reply:
    rows = [*_course_buttons(found.rally, verb, member.language)]
    rows.append(
        [
            button(words.RULES, found.rally, RallyVerb.RULES, member.language),
            button(words.BOOTHS, found.rally, RallyVerb.BOOTHS, member.language),
        ]
    )
    if found.rally.state in PUBLIC:
        rows[-1].append(button(words.CODE_BUTTON, found.rally, RallyVerb.CODE, member.language))
    board = f"{board_words.DATA}:{found.rally.id}"
    rows.append([InlineKeyboardButton(text=board_words.OPEN_BUTTON.say(member.language), callback_data=board)])
    return edited(query, words.figures(found, zone, member.language)[:LONGEST], rows, member)


def _course_buttons(rally: Rally, verb: RallyVerb, language: Language) -> list[list[InlineKeyboardButton]]:
    """What can be done with an event in its state."""
    is_sure = verb is not RallyVerb.SHOW
    match rally.state:
        case RallyState.DRAFT:
            return [[button(words.ANNOUNCE, rally, RallyVerb.PLACES, language)]]
        case RallyState.ANNOUNCED:
            label, then = (words.SURE_OPEN, RallyVerb.SURE_OPEN) if is_sure else (words.OPEN, RallyVerb.OPEN)
        case RallyState.RUNNING:
            label, then = (words.SURE_CLOSE, RallyVerb.SURE_CLOSE) if is_sure else (words.CLOSE, RallyVerb.CLOSE)
        case _:
            return []
    return [[button(label, rally, then, language)], [button(words.MORE_GROUPS, rally, RallyVerb.PLACES, language)]]


def _booths(query: CallbackQuery, rally: Rally, member: Member) -> Reply:
    rows = []
    for booth in rally.booths:
        is_open = booth.state is BoothState.OPEN
        label = (words.PAUSE if is_open else words.RESUME).say(member.language)
        data = RallyBoothTap(rally=rally.id, booth=booth.code, pause=is_open)
        text = f"{label} {words.booth_name(booth, member.language)}"
        rows.append([InlineKeyboardButton(text=text, callback_data=data.pack())])
    rows.append([button(words.BACK, rally, RallyVerb.SHOW, member.language)])
    return edited(query, words.which_booth(rally, member.language), rows, member)
