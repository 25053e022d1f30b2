"""Codes that staff type: behind 核销, or six characters alone; they open a gift or a coupon."""

from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendMessage
from aiogram.types import Message

from campaigns.coupons.desk import CouponDesk
from campaigns.gifts.desk import GiftDesk
from campaigns.gifts.model import GiftCode
from campaigns.members.model import Member
from campaigns.partners.service import PartnerService
from campaigns.staff.model import Action
from campaigns.suspicions.service import SuspicionService
from handlers.chat import coupon_desk as coupons_at_desk
from handlers.chat import gift_desk as gifts_at_desk
from handlers.chat.desk_keys import BareKey, DeskKey, desk_key
from handlers.chat.filters import InPrivate
from handlers.wording import gifts as words

router = Router(name="desk_codes")


@router.message(
    Command("redeem", "核销", "核銷", magic=F.args.func(desk_key)), InPrivate(), flags={"action": Action.REDEEM}
)
async def type_code(
    message: Message,
    command: CommandObject,
    member: Member,
    gift_desk: GiftDesk,
    coupon_desk: CouponDesk,
    partners: PartnerService,
    suspicions: SuspicionService,
    zone: ZoneInfo,
) -> SendMessage:
    """A code behind the command; one of points is left to the desk of redemptions."""
    found = desk_key(command.args)
    assert found is not None
    shown = await _open(message, found, member, gift_desk, coupon_desk, partners, suspicions, zone)
    return shown or message.answer(words.desk_outcome(GiftCode.UNKNOWN, member.language))


@router.message(BareKey(), InPrivate(), flags={"action": Action.REDEEM})
async def type_bare_code(
    message: Message,
    found: DeskKey,
    member: Member,
    gift_desk: GiftDesk,
    coupon_desk: CouponDesk,
    partners: PartnerService,
    suspicions: SuspicionService,
    zone: ZoneInfo,
) -> SendMessage:
    """Six characters that open nothing may be words for another feature."""
    shown = await _open(message, found, member, gift_desk, coupon_desk, partners, suspicions, zone)
    if shown is None:
        raise SkipHandler
    return shown


async def _open(
    message: Message,
    found: DeskKey,
    member: Member,
    gift_desk: GiftDesk,
    coupon_desk: CouponDesk,
    partners: PartnerService,
    suspicions: SuspicionService,
    zone: ZoneInfo,
) -> SendMessage | None:
    shown = None
    if "g" in found.kinds:
        shown = await gifts_at_desk.show(message, found.key, member, gift_desk, partners, suspicions)
    if shown is None and "c" in found.kinds:
        shown = await coupons_at_desk.show(message, found.key, member, coupon_desk, partners, zone)
    return shown
