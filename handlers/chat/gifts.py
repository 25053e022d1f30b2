"""The member's side of gifts: what medals are worth, and the code to show at the gift desk."""

from typing import Annotated

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.gifts.model import Gift, GiftCode, Shown
from campaigns.gifts.service import GiftService
from campaigns.members.model import Member
from handlers.chat.filters import InPrivate, Words
from handlers.chat.gallery import Gallery
from handlers.chat.members import BindTap
from handlers.chat.numbers import RowId
from handlers.wording import gifts as words
from handlers.wording import members as member_words

router = Router(name="gifts")

Reply = SendMessage | SendPhoto | AnswerCallbackQuery


class ShowTap(CallbackData, prefix="my_gift"):
    """Show a fresh code for the member's own gift; whose it is comes from who taps."""

    rally: RowId
    target: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,8}$")]


@router.message(Command("gifts"), InPrivate())
@router.message(Words(*words.GIFT_WORDS), InPrivate())
async def show_gifts(message: Message, member: Member, gifts: GiftService) -> SendMessage:
    """A member's gifts; what is still to be fetched has its button."""
    found = await gifts.mine(member.id)
    rows = [[_button(gift, member)] for gift in found if gift.stock and not gift.hand_out.is_handed_out]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return message.answer(words.mine(found, member.language), reply_markup=markup)


@router.callback_query(ShowTap.filter(), InPrivate())
async def show_code(
    query: CallbackQuery, callback_data: ShowTap, member: Member, gifts: GiftService, gallery: Gallery, username: str
) -> Reply:
    """A fresh code as a picture and as six characters; the old one is dead."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    shown = await gifts.show_code(callback_data.rally, callback_data.target, member.id)
    if shown.code is GiftCode.NOT_BOUND and shown.gift:
        return _ask_to_bind(query.message, member, shown.gift)
    if shown.shown is None or shown.gift is None:
        return query.answer(words.show_refusal(shown.code, member.language), show_alert=True)
    return await _picture(query.message, member, shown, gallery, username)


async def _picture(message: Message, member: Member, shown: Shown, gallery: Gallery, username: str) -> SendPhoto:
    assert shown.gift is not None
    assert shown.shown is not None
    picture = await gallery.code(f"https://t.me/{username}?start=g_{shown.shown.token}")
    caption = words.ready(shown.gift, shown.shown, member.language)
    return message.answer_photo(BufferedInputFile(picture, f"gift-{shown.gift.hand_out.id}.png"), caption=caption)


def _ask_to_bind(message: Message, member: Member, gift: Gift) -> SendMessage:
    """The real name comes first (S-203): the binding conversation's own button."""
    text = words.BIND_FIRST.say(member.language, gift=words.gift_of(gift, member.language))
    bind = InlineKeyboardButton(text=words.BIND_BUTTON.say(member.language), callback_data=BindTap(step="ask").pack())
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[bind]]))


def _button(gift: Gift, member: Member) -> InlineKeyboardButton:
    text = words.SHOW_ONE.say(member.language, gift=words.gift_of(gift, member.language))
    return InlineKeyboardButton(text=text, callback_data=words.show_data(gift))
