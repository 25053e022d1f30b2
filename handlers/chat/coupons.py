"""The member's side of coupons: 我的券, and the code to show to the partner's clerk."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.coupons.rules import may_show
from campaigns.coupons.service import CouponService
from campaigns.members.model import Member
from handlers.chat.filters import InPrivate, Words
from handlers.chat.gallery import Gallery
from handlers.chat.numbers import RowId
from handlers.wording import coupons as words
from handlers.wording import members as member_words

router = Router(name="coupons")

REMEMBERED = timedelta(days=7)
SHOWN = 20


class UseTap(CallbackData, prefix="my_coupon"):
    """Show a fresh code for the member's own coupon; whose it is comes from who taps."""

    coupon: RowId


@router.message(Command("coupons"), InPrivate())
@router.message(Words(*words.COUPON_WORDS), InPrivate())
async def show_coupons(
    message: Message, member: Member, coupons: CouponService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """A member's coupons; those that can be used have their button, those that ended stay for a week."""
    found = (await coupons.mine(member.id, now - REMEMBERED))[:SHOWN]
    usable = [held for held in found if may_show(held.rally, held.coupon, now) is None]
    rows = [
        [
            InlineKeyboardButton(
                text=words.USE_BUTTON.say(member.language, title=words.title_of(held, member.language)),
                callback_data=UseTap(coupon=held.coupon.id).pack(),
            )
        ]
        for held in usable
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return message.answer(words.mine(found, usable, zone, member.language), reply_markup=markup)


@router.callback_query(UseTap.filter(), InPrivate())
async def show_code(
    query: CallbackQuery,
    callback_data: UseTap,
    member: Member,
    coupons: CouponService,
    gallery: Gallery,
    username: str,
) -> SendPhoto | AnswerCallbackQuery:
    """A fresh code as a picture and as six characters; the old one is dead."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    outcome = await coupons.show_code(callback_data.coupon, member.id)
    if outcome.shown is None or outcome.held is None:
        return query.answer(words.desk_outcome(outcome.code, member.language), show_alert=True)
    picture = await gallery.code(f"https://t.me/{username}?start=c_{outcome.shown.token}")
    caption = words.ready(outcome.held, outcome.shown, member.language)
    name = f"coupon-{outcome.held.coupon.id}.png"
    return query.message.answer_photo(BufferedInputFile(picture, name), caption=caption)
