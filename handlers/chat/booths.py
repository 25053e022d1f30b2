"""A booth's staff in the chat: screens are paired by a one-time link, listed and stopped; conflicts of slips shown."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Language, Member
from campaigns.rallies.model import Booth, Rally
from campaigns.slips.service import SlipService
from campaigns.staff.model import Action
from campaigns.stamps.devices import DeviceService
from handlers.chat.filters import InPrivate
from handlers.chat.gallery import Gallery
from handlers.chat.numbers import RowId
from handlers.wording import booths as words
from handlers.wording.rally_pages import of

router = Router(name="booths")

SHOWS = {"action": Action.SHOW_BOOTHS}
SHOWN_CONFLICTS = 20
Reply = SendMessage | SendPhoto | AnswerCallbackQuery


class BoothVerb(StrEnum):
    """What staff do with a booth."""

    SHOW = "show"
    PAIR = "pair"
    CONFLICTS = "conflicts"


class BoothTap(CallbackData, prefix="booth"):
    """A booth and what is done with it."""

    verb: BoothVerb
    booth: RowId


class StopScreenTap(CallbackData, prefix="stop_screen"):
    """A screen that opens its booth no more."""

    booth: RowId
    device: RowId


@router.message(Command("booth", "摊位"), InPrivate(), flags=SHOWS)
async def list_booths(
    message: Message, member: Member, screens: DeviceService, slips: SlipService, zone: ZoneInfo
) -> SendMessage:
    """The booths that are somebody's business; where there is but one, that one."""
    found = await screens.booths_of(member)
    if not found:
        return message.answer(words.NO_BOOTH.say(member.language))
    if len(found) == 1:
        return await _show(message, *found[0], screens, slips, zone, member.language)
    rows = [
        [_button(f"{booth.code} {of(booth, 'name', member.language)}", BoothTap(verb=BoothVerb.SHOW, booth=booth.id))]
        for _, booth in found
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    return message.answer(words.PICK_BOOTH.say(member.language), reply_markup=markup)


@router.callback_query(BoothTap.filter(), InPrivate(), flags=SHOWS)
async def tap_booth(
    query: CallbackQuery,
    callback_data: BoothTap,
    member: Member,
    screens: DeviceService,
    slips: SlipService,
    gallery: Gallery,
    public_address: str,
    zone: ZoneInfo,
) -> Reply:
    """Show a booth, a pairing link, or what could not count; the server looks whose booth it is."""
    found = await screens.find(callback_data.booth)
    if found is None or not await screens.may_show(member, *found) or not isinstance(query.message, Message):
        return query.answer(words.NO_BOOTH.say(member.language), show_alert=True)
    rally, booth = found
    match callback_data.verb:
        case BoothVerb.SHOW:
            return await _show(query.message, rally, booth, screens, slips, zone, member.language)
        case BoothVerb.PAIR:
            link = f"{public_address}/booth#{await screens.invite(booth, member.id)}"
            picture = BufferedInputFile(await gallery.code(link), "pairing.png")
            return query.message.answer_photo(picture, caption=words.PAIR.say(member.language, link=link))
        case BoothVerb.CONFLICTS:
            kept = [each for each in await slips.conflicts(rally.id) if each.booth_id == booth.id]
            return query.message.answer(words.conflicts(kept[:SHOWN_CONFLICTS], len(kept), member.language))


@router.callback_query(StopScreenTap.filter(), InPrivate(), flags=SHOWS)
async def stop_screen(
    query: CallbackQuery, callback_data: StopScreenTap, member: Member, screens: DeviceService
) -> AnswerCallbackQuery:
    """A lost tablet opens nothing from this moment on."""
    found = await screens.find(callback_data.booth)
    if found is None or not await screens.may_show(member, *found):
        return query.answer(words.NO_BOOTH.say(member.language), show_alert=True)
    done = await screens.revoke(callback_data.device, callback_data.booth, member.id)
    return query.answer((words.REVOKED if done else words.GONE).say(member.language), show_alert=True)


async def _show(
    message: Message,
    rally: Rally,
    booth: Booth,
    screens: DeviceService,
    slips: SlipService,
    zone: ZoneInfo,
    language: Language,
) -> SendMessage:
    devices = await screens.of_booth(booth.id)
    text = words.booth_text(rally, booth, devices, await slips.supply(booth.id), zone, language)
    rows = [
        [
            _button(words.PAIR_BUTTON.say(language), BoothTap(verb=BoothVerb.PAIR, booth=booth.id)),
            _button(words.CONFLICTS_BUTTON.say(language), BoothTap(verb=BoothVerb.CONFLICTS, booth=booth.id)),
        ],
        *(
            [_button(words.REVOKE_BUTTON.say(language, name=each.name), StopScreenTap(booth=booth.id, device=each.id))]
            for each in devices
        ),
    ]
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
