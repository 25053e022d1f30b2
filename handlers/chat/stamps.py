"""Stamps in the chat: a booth's code or a printed slip by deep link, and the code that a visitor shows to a clerk."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.members.model import Language, Member
from campaigns.plays.service import PlayService
from campaigns.slips.model import SlipOutcome
from campaigns.slips.service import SlipService
from campaigns.staff.model import Action
from campaigns.staff.service import StaffService
from campaigns.stamps.clerks import ClerkService
from campaigns.stamps.devices import DeviceService
from campaigns.stamps.model import StampClaim, Stamped, StampOutcome, Title
from campaigns.stamps.service import StampDesk, StampService
from handlers.chat.filters import InPrivate, Words
from handlers.chat.gallery import Gallery
from handlers.chat.links import LinkTo
from handlers.chat.numbers import RowId
from handlers.chat.rally_games import game_begun
from handlers.chat.rally_visits import OwnStampsTap
from handlers.wording import members as member_words
from handlers.wording import stamps as words
from handlers.wording.rally_pages import of

router = Router(name="stamps")

ALL = 0  # One queue for every event: what arrives together is decided together.
Typed = Annotated[str, Field(pattern=r"^[2-9A-HJ-NP-Z]{6}$")]


class MemberCodeTap(CallbackData, prefix="member_code"):
    """Show a code for a clerk."""


class ClerkTap(CallbackData, prefix="clerk_stamp"):
    """A clerk's word: this visitor has earned the stamp of this booth."""

    booth: RowId
    code: Typed


@router.message(LinkTo("k_"), InPrivate())
async def scan_code(
    message: Message,
    token: str,
    member: Member,
    stamp_claims: StampDesk,
    plays: PlayService,
    bank: str,
    zone: ZoneInfo,
) -> SendMessage:
    """A booth's screen was scanned: the time of the update decides, whenever it is worked on; a game comes first."""
    claim = StampClaim(member.id, member.customer_id, token, message.date)
    found = await stamp_claims.claim(ALL, claim)
    if found.outcome is StampOutcome.GAME and found.booth_id is not None:
        return await game_begun(message, found.booth_id, member, plays)
    return answered(message, found, member, bank, zone)


@router.message(LinkTo("l_"), InPrivate())
async def scan_slip(
    message: Message, token: str, member: Member, slips: SlipService, bank: str, zone: ZoneInfo
) -> SendMessage:
    """A printed slip of an emergency sheet was scanned."""
    result, rally, booth = await slips.take(token, (member.id, member.customer_id), message.date)
    if rally is None or booth is None:
        return message.answer(words.SLIPS[SlipOutcome.FORGED].say(member.language))
    title, booths = Title(booth.name_zh, booth.name_en), len(rally.booths)
    if result.outcome is SlipOutcome.COUNTED:
        found = Stamped(StampOutcome.STAMPED, member.id, rally.id, booth.id, title, result.stamps, booths)
        return answered(message, found, member, bank, zone)
    facts = {"booth": words.title_of(title, member.language), "stamps": result.stamps, "booths": booths}
    return message.answer(words.SLIPS[result.outcome].say(member.language, **facts), reply_markup=_own(member.language))


@router.message(Command("membercode"), InPrivate())
@router.message(Words(*words.MEMBER_CODE_WORDS), InPrivate())
async def show_member_code(
    message: Message, member: Member, stamps: StampService, gallery: Gallery, zone: ZoneInfo, username: str
) -> SendPhoto:
    """Six characters and a picture for a clerk to scan; the one before is dead."""
    return await _member_code(message, member, stamps, gallery, zone, username)


@router.callback_query(MemberCodeTap.filter(), InPrivate())
async def tap_member_code(
    query: CallbackQuery, member: Member, stamps: StampService, gallery: Gallery, zone: ZoneInfo, username: str
) -> SendPhoto | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return await _member_code(query.message, member, stamps, gallery, zone, username)


@router.message(LinkTo("v_"), InPrivate())
async def scan_member_code(
    message: Message, token: str, member: Member, staff: StaffService, screens: DeviceService
) -> SendMessage:
    """A clerk scanned a visitor's code: at which booth? Everybody else hears where such a code belongs."""
    if not await staff.allows(member, Action.SHOW_BOOTHS):
        return message.answer(words.FOR_CLERKS.say(member.language))
    booths = await screens.booths_of(member)
    if not booths or not _is_typed(token):
        sentence = words.NO_BOOTH if not booths else words.OUTCOMES[StampOutcome.UNKNOWN_PERSON]
        return message.answer(sentence.say(member.language))
    rows = [
        [_button(f"{booth.code} {of(booth, 'name', member.language)}", ClerkTap(booth=booth.id, code=token))]
        for _, booth in booths
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    return message.answer(words.WHICH_BOOTH.say(member.language), reply_markup=markup)


@router.callback_query(ClerkTap.filter(), InPrivate(), flags={"action": Action.SHOW_BOOTHS})
async def confirm_visitor(
    query: CallbackQuery,
    callback_data: ClerkTap,
    member: Member,
    clerks: ClerkService,
    screens: DeviceService,
    zone: ZoneInfo,
) -> EditMessageText | AnswerCallbackQuery:
    """The clerk's word gives the stamp, if the clerk is on duty at that booth."""
    found = await screens.find(callback_data.booth)
    if found is None or not await screens.may_show(member, *found):
        return query.answer(words.NO_BOOTH.say(member.language), show_alert=True)
    stamped = await clerks.confirm(*found, callback_data.code, None, member.id)
    done = words.confirmed(stamped, zone, member.language)
    if stamped.outcome not in {StampOutcome.STAMPED, StampOutcome.ALREADY} or not isinstance(query.message, Message):
        return query.answer(done, show_alert=True)
    return query.message.edit_text(done)


def answered(message: Message, found: Stamped, member: Member, bank: str, zone: ZoneInfo) -> SendMessage:
    """The answer to a scan, with the way to one's own stamps."""
    text = words.outcome(found, bank, zone, member.language)
    return message.answer(text, reply_markup=_own(member.language) if found.rally_id else None)


async def _member_code(
    message: Message, member: Member, stamps: StampService, gallery: Gallery, zone: ZoneInfo, username: str
) -> SendPhoto:
    code, ends_at = await stamps.member_code(member.id)
    picture = await gallery.code(f"https://t.me/{username}?start=v_{code}")
    return message.answer_photo(
        BufferedInputFile(picture, "member-code.png"),
        caption=words.MEMBER_CODE.say(member.language, code=words.spaced(code), ends=_clock(ends_at, zone)),
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[_button(words.MEMBER_CODE_BUTTON.say(member.language), MemberCodeTap())]]
        ),
    )


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def _is_typed(token: str) -> bool:
    try:
        ClerkTap(booth=1, code=token)
    except ValueError:
        return False
    return True


def _own(language: Language) -> InlineKeyboardMarkup:
    row = [
        _button(words.OWN_STAMPS_BUTTON.say(language), OwnStampsTap()),
        _button(words.MEMBER_CODE_BUTTON.say(language), MemberCodeTap()),
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
