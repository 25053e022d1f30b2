"""Invitations of staff, and the ledger's desk: doubtful deliveries, held ones."""

from dataclasses import replace
from datetime import datetime

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.channels.service import ChannelService
from campaigns.deliveries.service import Desk
from campaigns.members.model import Language, Member
from campaigns.staff.model import Action, InvitationRefusal, Role
from campaigns.staff.service import StaffService
from handlers.chat.filters import InPrivate
from handlers.chat.links import LinkTo
from handlers.chat.menus import show_menu
from handlers.chat.numbers import RowId
from handlers.wording import staff as words

router = Router(name="staff")

SHOWN_UNKNOWN = 5


class ResolveTap(CallbackData, prefix="resolve"):
    """A person's word on a delivery in doubt."""

    delivery: RowId
    arrived: bool


class ResolveOutsideTap(CallbackData, prefix="resolve_outside"):
    """A person's word on a message in doubt of another channel than the chat."""

    message: RowId
    arrived: bool


@router.message(LinkTo("staff_"), InPrivate())
async def accept_invitation(message: Message, token: str, member: Member, staff: StaffService, bot: Bot) -> SendMessage:
    """The first who opens an invitation gets its role, and its commands in the menu at once."""
    outcome = await staff.accept(token, member)
    if isinstance(outcome, InvitationRefusal):
        return message.answer(words.refusal(outcome, member.language))
    await show_menu(bot, replace(member, roles=member.roles | {outcome}))
    return message.answer(words.ACCEPTED.say(member.language, role=words.ROLES[outcome].say(member.language)))


@router.message(Command("invite"), InPrivate(), flags={"action": Action.INVITE_STAFF})
async def invite(
    message: Message, command: CommandObject, member: Member, staff: StaffService, username: str
) -> SendMessage:
    """Make a one-time invitation link for a role."""
    asked = (command.args or "").strip().lower()
    roles = [role for role in Role if role is not Role.CUSTOMER]
    if asked not in roles:
        return message.answer(words.INVITE_USAGE.say(member.language, roles=", ".join(roles)))
    token = await staff.invite(Role(asked), member.id)
    link = f"https://t.me/{username}?start=staff_{token}"
    role = words.ROLES[Role(asked)].say(member.language)
    return message.answer(words.INVITED.say(member.language, role=role, link=link))


@router.message(Command("unknown"), InPrivate(), flags={"action": Action.RESOLVE_UNKNOWN})
async def list_unknown(message: Message, member: Member, desk: Desk, channels: ChannelService) -> SendMessage:
    """What may or may not have arrived, in the chat and outside: a person decides, nothing is sent again in silence."""
    found = (await desk.unknown())[:SHOWN_UNKNOWN]
    outside = (await channels.unknown())[:SHOWN_UNKNOWN]
    if not found and not outside:
        return message.answer(words.NO_UNKNOWN.say(member.language))
    lines = [words.UNKNOWN_LINE.say(member.language, id=d.id, campaign=d.campaign, step=d.step) for d in found]
    lines += [words.unknown_outside(each, member.language) for each in outside]
    buttons = [
        [
            _resolve_button(f"#{d.id} {words.ARRIVED.say(member.language)}", d.id, arrived=True),
            _resolve_button(f"#{d.id} {words.LOST.say(member.language)}", d.id, arrived=False),
        ]
        for d in found
    ]
    buttons += [_resolve_outside(each.id, member.language) for each in outside]
    return message.answer("\n".join(lines), reply_markup=InlineKeyboardMarkup(inline_keyboard=buttons))


@router.callback_query(ResolveTap.filter(), InPrivate(), flags={"action": Action.RESOLVE_UNKNOWN})
async def resolve(
    query: CallbackQuery, callback_data: ResolveTap, member: Member, desk: Desk, now: datetime
) -> AnswerCallbackQuery:
    """Settle one delivery by a person's word."""
    done = await desk.resolve(callback_data.delivery, arrived=callback_data.arrived, by=str(member.id), now=now)
    return query.answer((words.RESOLVED if done else words.RESOLVED_ALREADY).say(member.language))


@router.callback_query(ResolveOutsideTap.filter(), InPrivate(), flags={"action": Action.RESOLVE_UNKNOWN})
async def resolve_outside(
    query: CallbackQuery, callback_data: ResolveOutsideTap, member: Member, channels: ChannelService
) -> AnswerCallbackQuery:
    """Settle one message of another channel by what its provider's records say."""
    done = await channels.resolve(callback_data.message, arrived=callback_data.arrived, by=str(member.id))
    return query.answer((words.RESOLVED if done else words.RESOLVED_ALREADY).say(member.language))


@router.message(Command("release"), InPrivate(), flags={"action": Action.RELEASE_HELD})
async def release(message: Message, member: Member, desk: Desk) -> SendMessage:
    """After a restore: let the held messages go."""
    return message.answer(words.HELD.say(member.language, count=await desk.release_all()))


def _resolve_button(text: str, delivery: int, *, arrived: bool) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=ResolveTap(delivery=delivery, arrived=arrived).pack())


def _resolve_outside(message: int, language: Language) -> list[InlineKeyboardButton]:
    said = {True: words.OUTSIDE_ARRIVED, False: words.OUTSIDE_LOST}
    return [
        InlineKeyboardButton(
            text=phrase.say(language, id=message),
            callback_data=ResolveOutsideTap(message=message, arrived=arrived).pack(),
        )
        for arrived, phrase in said.items()
    ]
