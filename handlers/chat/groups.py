"""Registering a merchant welfare group, and the coming and going of its members."""

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command, CommandStart
from aiogram.methods import SendMessage
from aiogram.types import ChatMemberUpdated, Message

from campaigns.care.service import CareService
from campaigns.chains.service import ChainService
from campaigns.draws.hosting import DrawHost
from campaigns.groups.model import RegisterRefusal, RenameOutcome
from campaigns.groups.rules import source_of
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.todos.service import TodoService
from handlers.chat.filters import InGroup, InPrivate, Service, Words
from handlers.chat.introductions import Meet
from handlers.chat.rights import rights_of
from handlers.wording import groups as words

router = Router(name="groups")

PRESENT = {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR}


@router.message(CommandStart(deep_link=True), InGroup(), flags={"action": Action.REGISTER_GROUP})
@router.message(Command("register"), InGroup(), flags={"action": Action.REGISTER_GROUP})
@router.message(Words("登记本群"), InGroup(), flags={"action": Action.REGISTER_GROUP})
async def register_group(message: Message, bot: Bot, member: Member, groups: GroupService, bank: str) -> SendMessage:
    """Register this chat; the announcement follows through the ledger."""
    title = message.chat.title or ""
    rights = await rights_of(bot, message.chat.id)
    outcome = await groups.register(message.chat.id, title, member, may_pin=rights.pin)
    if isinstance(outcome, RegisterRefusal):
        return message.reply(words.refusal(outcome, bank, member.language))
    topics = words.TOPICS.say(member.language) if message.chat.is_forum else ""
    return message.reply(words.REGISTERED.say(member.language, title=outcome.title) + topics)


@router.message(Command("register"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def register_in_private(message: Message, member: Member) -> SendMessage:
    """The command belongs in the group."""
    return message.answer(words.IN_GROUP_ONLY.say(member.language))


@router.chat_member()
async def member_moved(event: ChatMemberUpdated, groups: GroupService, care: CareService, meet: Meet) -> None:
    """Somebody came or went, as administrators' bots are told."""
    who = event.new_chat_member.user
    if who.is_bot:
        return
    if event.new_chat_member.status in PRESENT and event.old_chat_member.status not in PRESENT:
        link = event.invite_link
        source = source_of(
            link.name if link else None,
            who.id,
            event.from_user.id,
            by_link=link is not None,
            by_request=bool(event.via_join_request),
        )
        member = await meet(who)
        if await groups.arrive(event.chat.id, member, source):
            await care.look_at_newcomer(event.chat.id, member)
    elif event.new_chat_member.status not in PRESENT:
        await groups.farewell(event.chat.id, who.id)


@router.message(InGroup(), Service("new_chat_members"))
async def members_joined(message: Message, groups: GroupService, meet: Meet) -> None:
    """The same news as a service message: welcomed once whichever comes first."""
    for who in message.new_chat_members or []:
        if not who.is_bot:
            actor = message.from_user.id if message.from_user and not message.from_user.is_bot else who.id
            source = source_of(None, who.id, actor, by_link=False, by_request=False)
            await groups.arrive(message.chat.id, await meet(who), source)


@router.message(InGroup(), Service("left_chat_member"))
async def member_left(message: Message, groups: GroupService) -> None:
    """Somebody left."""
    if message.left_chat_member is not None:
        await groups.farewell(message.chat.id, message.left_chat_member.id)


@router.message(InGroup(), Service("migrate_to_chat_id"))
async def group_upgraded(
    message: Message,
    groups: GroupService,
    chains: ChainService,
    draws: DrawHost,
    todos: TodoService,
    care: CareService,
) -> None:
    """The group became a supergroup: everything that names it follows, what is open with a fresh card."""
    if message.migrate_to_chat_id is not None:
        await groups.move(message.chat.id, message.migrate_to_chat_id)
        await chains.show_again(message.migrate_to_chat_id)
        await todos.show_again(message.migrate_to_chat_id)
        if group := await groups.in_chat(message.migrate_to_chat_id):
            await draws.show_again(group)
        await care.was_upgraded(message.migrate_to_chat_id)


@router.message(InGroup(), Service("new_chat_title"))
async def group_renamed(
    message: Message, bot: Bot, member: Member, groups: GroupService, bank: str
) -> SendMessage | None:
    """A registered group keeps the prescribed name; a wrong one is corrected, or pointed out without the right."""
    known = await groups.in_chat(message.chat.id)
    if known is None:
        return None
    outcome = await groups.rename(known, message.new_chat_title or "", await rights_of(bot, message.chat.id))
    match outcome:
        case RenameOutcome.FOLLOWED:
            return None
        case RenameOutcome.CORRECTED:
            return message.answer(words.CORRECTED.say(member.language, title=known.title))
        case RenameOutcome.POINTED_OUT:
            return message.answer(words.refusal(RegisterRefusal.BAD_NAME, bank, member.language))
