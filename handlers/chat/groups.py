"""Registering a merchant welfare group, and the coming and going of its members."""

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command, CommandStart
from aiogram.methods import SendMessage
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from campaigns.chains.service import ChainService
from campaigns.groups.model import RegisterRefusal
from campaigns.groups.rules import title_for
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Service, Words
from handlers.chat.introductions import Meet
from handlers.wording import groups as words

router = Router(name="groups")

PRESENT = {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR}


@router.message(CommandStart(deep_link=True), InGroup(), flags={"action": Action.REGISTER_GROUP})
@router.message(Command("register"), InGroup(), flags={"action": Action.REGISTER_GROUP})
@router.message(Words("登记本群"), InGroup(), flags={"action": Action.REGISTER_GROUP})
async def register_group(message: Message, bot: Bot, member: Member, groups: GroupService, bank: str) -> SendMessage:
    """Register this chat; the announcement follows through the ledger."""
    title = message.chat.title or ""
    outcome = await groups.register(message.chat.id, title, member, may_pin=await _may_pin(bot, message.chat.id))
    if isinstance(outcome, RegisterRefusal):
        return message.reply(words.refusal(outcome, bank, member.language))
    return message.reply(words.REGISTERED.say(member.language, title=outcome.title))


@router.message(Command("register"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def register_in_private(message: Message, member: Member) -> SendMessage:
    """The command belongs in the group."""
    return message.answer(words.IN_GROUP_ONLY.say(member.language))


@router.message(Command("newgroup"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
@router.message(Words("建群"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def new_group(message: Message, member: Member, bank: str, username: str) -> SendMessage:
    """Two taps to a registered group: people make groups, bots are added."""
    link = f"https://t.me/{username}?startgroup=register&admin=pin_messages+delete_messages+invite_users"
    button = InlineKeyboardButton(text=words.ADD_ME_BUTTON.say(member.language), url=link)
    text = words.ADD_ME.say(member.language, example=title_for(bank, "XX"))
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.chat_member()
async def member_moved(event: ChatMemberUpdated, groups: GroupService, meet: Meet) -> None:
    """Somebody came or went, as administrators' bots are told."""
    who = event.new_chat_member.user
    if who.is_bot:
        return
    if event.new_chat_member.status in PRESENT and event.old_chat_member.status not in PRESENT:
        await groups.arrive(event.chat.id, await meet(who))
    elif event.new_chat_member.status not in PRESENT:
        await groups.farewell(event.chat.id, who.id)


@router.message(InGroup(), Service("new_chat_members"))
async def members_joined(message: Message, groups: GroupService, meet: Meet) -> None:
    """The same news as a service message: welcomed once whichever comes first."""
    for who in message.new_chat_members or []:
        if not who.is_bot:
            await groups.arrive(message.chat.id, await meet(who))


@router.message(InGroup(), Service("left_chat_member"))
async def member_left(message: Message, groups: GroupService) -> None:
    """Somebody left."""
    if message.left_chat_member is not None:
        await groups.farewell(message.chat.id, message.left_chat_member.id)


@router.message(InGroup(), Service("migrate_to_chat_id"))
async def group_upgraded(message: Message, groups: GroupService, chains: ChainService) -> None:
    """The group became a supergroup: everything that names it follows, open chains with a fresh card."""
    if message.migrate_to_chat_id is not None:
        await groups.move(message.chat.id, message.migrate_to_chat_id)
        await chains.show_again(message.migrate_to_chat_id)


@router.message(InGroup(), Service("new_chat_title"))
async def group_renamed(message: Message, member: Member, groups: GroupService, bank: str) -> SendMessage | None:
    """A registered group keeps the prescribed name; a wrong one is pointed out."""
    known = await groups.in_chat(message.chat.id)
    refusal = known and await groups.rename(known, message.new_chat_title or "")
    return message.answer(words.refusal(refusal, bank, member.language)) if refusal else None


async def _may_pin(bot: Bot, chat_id: int) -> bool:
    """Whether the bot may pin here; asked of the platform, since rights change without an update."""
    me = await bot.get_chat_member(chat_id, bot.id)
    return isinstance(me, ChatMemberOwner) or (isinstance(me, ChatMemberAdministrator) and bool(me.can_pin_messages))
