"""/partners 合作方: the registry for staff; and whoever opens a partner's link is greeted and counted."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.partners.registry import RegistryService
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate
from handlers.chat.links import LinkTo
from handlers.chat.members import BindTap
from handlers.wording import members as member_words
from handlers.wording import partners as words

router = Router(name="partners")

SHOWN = 20


@router.message(LinkTo(words.LINK), InPrivate())
async def open_link(message: Message, token: str, member: Member, registry: RegistryService, bank: str) -> SendMessage:
    """Say who sent them and what that means; the next step is the person's own."""
    partner = await registry.open_link(token, member)
    if partner is None:
        return message.answer(words.CLOSED.say(member.language))
    text = words.WELCOME.say(member.language, name=partner.name, bank=bank)
    if member.customer_id is not None:
        return message.answer(text)
    label = member_words.BIND_BUTTON.say(member.language)
    button = InlineKeyboardButton(text=label, callback_data=BindTap(step="ask").pack())
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.message(Command("partners"), InPrivate(), flags={"action": Action.SEE_PROMOTIONS})
async def show_registry(
    message: Message, member: Member, registry: RegistryService, username: str, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """Every partner with state, contract, who is answerable, what it brings and the link while it works."""
    entries = (await registry.entries())[:SHOWN]
    today = now.astimezone(zone).date()
    return message.answer(words.registry_page(entries, username, today, member.language))
