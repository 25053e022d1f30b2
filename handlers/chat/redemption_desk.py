"""The desk's side of redemptions: staff open a member's code, hand out, take back; partners' staff are invited."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.members.model import Member
from campaigns.partners.service import PartnerService
from campaigns.redemptions.desk import RedemptionDesk
from campaigns.redemptions.model import ConfirmCode, UndoReason
from campaigns.redemptions.rules import may_undo
from campaigns.redemptions.service import RedemptionService
from campaigns.staff.model import Action, InvitationRefusal
from campaigns.staff.service import StaffService
from handlers.chat.desk_replies import Reply, ask_why, button, settled
from handlers.chat.filters import InPrivate
from handlers.chat.links import LinkTo
from handlers.chat.redemptions import names_of
from handlers.wording import redemptions as words
from handlers.wording import staff as staff_words

router = Router(name="redemption_desk")

CODE = re.compile(r"(?:^|[\s=])(?:r_)?([A-Za-z0-9_-]{24})$")
Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{24}$")]


class DeskVerb(StrEnum):
    """What staff do with a code."""

    HAND_OUT = "hand_out"
    DISMISS = "dismiss"
    UNDO = "undo"


class DeskTap(CallbackData, prefix="desk"):
    """A button at the desk: it carries the code itself, so that who never saw it can confirm nothing."""

    verb: DeskVerb
    token: Token


class UndoTap(CallbackData, prefix="undo"):
    """Why a hand-out is taken back."""

    reason: UndoReason
    token: Token


@router.message(LinkTo("r_"), InPrivate())
async def open_code(
    message: Message,
    token: str,
    member: Member,
    staff: StaffService,
    redemption_desk: RedemptionDesk,
    redemptions: RedemptionService,
    partners: PartnerService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """A scanned code: staff see what it stands for, everybody else is told where it belongs."""
    if not await staff.allows(member, Action.REDEEM):
        return message.answer(words.FOR_STAFF.say(member.language))
    return await _show(message, token, member, redemption_desk, redemptions, partners, now, zone)


@router.message(Command("redeem", "核销", "核銷"), InPrivate(), flags={"action": Action.REDEEM})
async def type_code(
    message: Message,
    command: CommandObject,
    member: Member,
    redemption_desk: RedemptionDesk,
    redemptions: RedemptionService,
    partners: PartnerService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """A code that was typed or pasted, with or without its link."""
    found = CODE.search((command.args or "").strip())
    if found is None:
        return message.answer(words.CODE_USAGE.say(member.language))
    return await _show(message, found[1], member, redemption_desk, redemptions, partners, now, zone)


async def _show(
    message: Message,
    token: str,
    member: Member,
    redemption_desk: RedemptionDesk,
    redemptions: RedemptionService,
    partners: PartnerService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """Masked name, item, points and age, with the buttons; or why nothing can be handed out."""
    found = await redemption_desk.look_up(token)
    if found is None:
        return message.answer(words.desk_outcome(ConfirmCode.UNKNOWN, member.language))
    redemption, owner = found
    clerk = await partners.clerk(member)
    if refusal := await redemptions.may_hand_out(redemption, clerk):
        if refusal is not ConfirmCode.OVER:
            return message.answer(words.desk_outcome(refusal, member.language))
        text = words.used_code(redemption, member, zone, member.language)
        if may_undo(redemption, clerk, now) is not None:
            return message.answer(text)
        undo = button(words.UNDO_BUTTON.say(member.language), DeskTap(verb=DeskVerb.UNDO, token=token))
        return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[undo]]))
    row = [
        button(words.HAND_OUT_BUTTON.say(member.language), DeskTap(verb=DeskVerb.HAND_OUT, token=token)),
        button(words.DISMISS_BUTTON.say(member.language), DeskTap(verb=DeskVerb.DISMISS, token=token)),
    ]
    text = words.at_desk(redemption, owner, await names_of(partners), now, zone, member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))


@router.callback_query(DeskTap.filter(), InPrivate(), flags={"action": Action.REDEEM})
async def tap_desk(
    query: CallbackQuery,
    callback_data: DeskTap,
    member: Member,
    redemption_desk: RedemptionDesk,
    partners: PartnerService,
) -> Reply:
    """Hand out once, leave it, or ask why a hand-out is taken back."""
    match callback_data.verb:
        case DeskVerb.DISMISS:
            return settled(query, words.desk_outcome(ConfirmCode.CANCELLED, member.language))
        case DeskVerb.UNDO:
            return ask_why(query, member, lambda reason: UndoTap(reason=reason, token=callback_data.token))
        case DeskVerb.HAND_OUT:
            outcome = await redemption_desk.confirm(callback_data.token, await partners.clerk(member))
            if outcome.code is not ConfirmCode.HANDED_OVER:
                return query.answer(words.desk_outcome(outcome.code, member.language), show_alert=True)
            undo = DeskTap(verb=DeskVerb.UNDO, token=callback_data.token)
            done = words.desk_outcome(outcome.code, member.language)
            return settled(query, done, button(words.UNDO_BUTTON.say(member.language), undo))


@router.callback_query(UndoTap.filter(), InPrivate(), flags={"action": Action.REDEEM})
async def take_back(
    query: CallbackQuery,
    callback_data: UndoTap,
    member: Member,
    redemption_desk: RedemptionDesk,
    partners: PartnerService,
) -> Reply:
    """Take a hand-out back, with its reason."""
    outcome = await redemption_desk.undo(callback_data.token, await partners.clerk(member), callback_data.reason)
    if outcome.code is not ConfirmCode.UNDONE:
        return query.answer(words.desk_outcome(outcome.code, member.language), show_alert=True)
    return settled(query, words.desk_outcome(outcome.code, member.language))


@router.message(Command("partner"), InPrivate(), flags={"action": Action.INVITE_PARTNER})
async def invite_partner(
    message: Message, command: CommandObject, member: Member, partners: PartnerService, username: str
) -> SendMessage:
    """A one-time link for somebody who hands out at one partner, and there alone."""
    name = (command.args or "").strip()
    token = await partners.invite(name, member.id) if name else None
    if token is None:
        names = "、".join(partner.name for partner in await partners.all()) or "-"
        return message.answer(words.PARTNER_USAGE.say(member.language, names=names))
    link = f"https://t.me/{username}?start=partner_{token}"
    return message.answer(words.PARTNER_INVITED.say(member.language, name=name, link=link))


@router.message(LinkTo("partner_"), InPrivate())
async def accept_partner(message: Message, token: str, member: Member, partners: PartnerService) -> SendMessage:
    """The first who opens the link works at that partner."""
    outcome = await partners.accept(token, member)
    if isinstance(outcome, InvitationRefusal):
        return message.answer(staff_words.refusal(outcome, member.language))
    return message.answer(words.PARTNER_ACCEPTED.say(member.language, name=outcome.name))
