"""A partner's clerk in the chat: opens a member's coupon, redeems it once, takes it back with a reason."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.coupons.desk import CouponDesk
from campaigns.coupons.model import CouponCode
from campaigns.members.model import Member
from campaigns.partners.service import PartnerService
from campaigns.redemptions.model import UndoReason
from campaigns.staff.model import Action
from campaigns.staff.service import StaffService
from handlers.chat.desk_keys import Key
from handlers.chat.desk_replies import Reply, ask_why, button, settled
from handlers.chat.filters import InPrivate
from handlers.chat.links import LinkTo
from handlers.wording import coupons as words

router = Router(name="coupon_desk")

FLAGS = {"action": Action.REDEEM}


class CouponVerb(StrEnum):
    """What a clerk does with a coupon's code."""

    REDEEM = "redeem"
    DISMISS = "dismiss"
    UNDO = "undo"


class CouponTap(CallbackData, prefix="coupon"):
    """A clerk's button: it carries the code itself, so that who never saw it can redeem nothing."""

    verb: CouponVerb
    key: Key


class CouponUndoTap(CallbackData, prefix="coupon_undo"):
    """Why a redemption is taken back."""

    reason: UndoReason
    key: Key


@router.message(LinkTo("c_"), InPrivate())
async def open_code(
    message: Message,
    token: str,
    member: Member,
    staff: StaffService,
    coupon_desk: CouponDesk,
    partners: PartnerService,
    zone: ZoneInfo,
) -> SendMessage:
    """A scanned code: clerks see what it stands for, everybody else where it belongs."""
    if not await staff.allows(member, Action.REDEEM):
        return message.answer(words.FOR_STAFF.say(member.language))
    found = await show(message, token, member, coupon_desk, partners, zone)
    return found or message.answer(words.desk_outcome(CouponCode.UNKNOWN, member.language))


async def show(
    message: Message, key: str, member: Member, coupon_desk: CouponDesk, partners: PartnerService, zone: ZoneInfo
) -> SendMessage | None:
    """Masked name, coupon and conditions, with the buttons, or why it is not redeemed; None for no coupon's key."""
    seen, owner = await coupon_desk.look_up(key, await partners.clerk(member))
    if seen.held is None or owner is None:
        return None
    text = words.at_desk(seen.held, owner, zone, member.language)
    if seen.code is not CouponCode.READY:
        return message.answer(f"{text}\n\n{words.desk_outcome(seen.code, member.language)}")
    row = [
        button(label.say(member.language), CouponTap(verb=verb, key=key))
        for verb, label in ((CouponVerb.REDEEM, words.REDEEM_BUTTON), (CouponVerb.DISMISS, words.DISMISS_BUTTON))
    ]
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))


@router.callback_query(CouponTap.filter(), InPrivate(), flags=FLAGS)
async def tap_desk(
    query: CallbackQuery, callback_data: CouponTap, member: Member, coupon_desk: CouponDesk, partners: PartnerService
) -> Reply:
    """Redeem once, leave it, or ask why a redemption is taken back."""
    key = callback_data.key
    match callback_data.verb:
        case CouponVerb.DISMISS:
            return settled(query, words.DISMISSED.say(member.language))
        case CouponVerb.UNDO:
            return ask_why(query, member, lambda reason: CouponUndoTap(reason=reason, key=key))
        case CouponVerb.REDEEM:
            seen = await coupon_desk.redeem(key, await partners.clerk(member))
            said = words.desk_outcome(seen.code, member.language)
            if seen.code is not CouponCode.REDEEMED:
                return query.answer(said, show_alert=True)
            undo = CouponTap(verb=CouponVerb.UNDO, key=key)
            return settled(query, said, button(words.UNDO_BUTTON.say(member.language), undo))


@router.callback_query(CouponUndoTap.filter(), InPrivate(), flags=FLAGS)
async def take_back(
    query: CallbackQuery,
    callback_data: CouponUndoTap,
    member: Member,
    coupon_desk: CouponDesk,
    partners: PartnerService,
) -> Reply:
    """Take a redemption back, with its reason."""
    seen = await coupon_desk.undo(callback_data.key, await partners.clerk(member), callback_data.reason)
    said = words.desk_outcome(seen.code, member.language)
    return settled(query, said) if seen.code is CouponCode.UNDONE else query.answer(said, show_alert=True)
