"""Preparing groups, singly or many, opening them by two taps, merchants, and the way into a group with room."""

from typing import Any

from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendMessage
from aiogram.types import (
    ChatAdministratorRights,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from campaigns.groups.model import BotRights, Group, GroupPlan, PlanRefusal
from campaigns.groups.plans import PlanService
from campaigns.groups.rules import title_for
from campaigns.groups.service import GroupService
from campaigns.members.model import Language, Member
from campaigns.places.model import Spot, SpotFault
from campaigns.places.rules import read_spots
from campaigns.places.service import PlaceService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Service, Words
from handlers.chat.links import LinkTo
from handlers.chat.numbers import LARGEST
from handlers.chat.rights import rights_of
from handlers.wording import groups as group_words
from handlers.wording import plans as words

router = Router(name="plans")

MOST_AT_ONCE = 20
NEEDED = ("can_change_info", "can_delete_messages", "can_invite_users", "can_restrict_members", "can_pin_messages")


@router.message(Command("newgroup"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
@router.message(Words("建群", "新建群"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def new_group(
    message: Message, member: Member, plans: PlanService, bank: str, username: str, command: CommandObject | None = None
) -> SendMessage:
    """`/newgroup merchant[,community[,branch]]`: two taps to a group that is named, described and announced."""
    spots = read_spots([command.args]) if command and command.args else []
    match spots:
        case [(_, Spot() as spot)]:
            [plan] = await plans.prepare(member, [spot])
            text = words.PREPARED.say(member.language, title=plan.title, link=group_words.open_link(username, plan))
            return message.answer(text, reply_markup=_chooser(plan, member.language))
        case [(_, SpotFault() as fault)]:
            return message.answer(words.spot_fault(fault, member.language))
        case _:
            return _offer_register(message, member, bank, username)


def _offer_register(message: Message, member: Member, bank: str, username: str) -> SendMessage:
    link = f"https://t.me/{username}?startgroup=register&admin={group_words.RIGHTS}"
    button = InlineKeyboardButton(text=group_words.ADD_ME_BUTTON.say(member.language), url=link)
    text = group_words.ADD_ME.say(member.language, example=title_for(bank, "XX"))
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.message(Command("newgroups"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def new_groups(
    message: Message, command: CommandObject, member: Member, plans: PlanService, username: str
) -> SendMessage:
    """One merchant a line: all are prepared, or none when a line cannot be read."""
    read = read_spots((command.args or "").splitlines())
    if not read or len(read) > MOST_AT_ONCE:
        return message.answer(words.BATCH_USAGE.say(member.language, most=MOST_AT_ONCE))
    if refusal := _faults(read, member.language):
        return message.answer(refusal)
    made = await plans.prepare(member, [spot for _, spot in read if isinstance(spot, Spot)])
    text = f"{words.BATCH.say(member.language, count=len(made))}\n{words.plan_lines(made, member.language)}"
    return message.answer(text, reply_markup=_open_buttons(made, member.language, username))


def _faults(read: list[tuple[int, Spot | SpotFault]], language: Language) -> str | None:
    """What is wrong with the lines, None when all can be read."""
    lines = [
        words.FAULTY_LINE.say(language, number=number, why=words.spot_fault(fault, language))
        for number, fault in read
        if isinstance(fault, SpotFault)
    ]
    return "\n".join([*lines, words.NOTHING_DONE.say(language)]) if lines else None


@router.message(Command("plans"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
@router.message(Words("待建群"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def show_plans(message: Message, member: Member, plans: PlanService, username: str) -> SendMessage:
    """What is prepared and what became of it."""
    mine = (await plans.of(member))[:MOST_AT_ONCE]
    if not mine:
        return message.answer(words.NO_PLANS.say(member.language))
    waiting = [plan for plan in mine if plan.group_id is None]
    markup = _open_buttons(waiting, member.language, username) if waiting else None
    return message.answer(words.plan_lines(mine, member.language), reply_markup=markup)


@router.message(InPrivate(), Service("chat_shared"), flags={"action": Action.REGISTER_GROUP})
async def share_group(
    message: Message, bot: Bot, member: Member, plans: PlanService, username: str
) -> SendMessage | None:
    """The group that the manager chose or made for a plan; the button's number is the plan's."""
    shared = message.chat_shared
    if shared is None:
        return None
    outcome, rights = await _open(bot, plans, shared.request_id, shared.chat_id, shared.title or "", member)
    return message.answer(
        _opened(outcome, rights, member.language, username), reply_markup=ReplyKeyboardRemove(remove_keyboard=True)
    )


@router.message(LinkTo("plan_"), InGroup(), flags={"action": Action.REGISTER_GROUP})
async def open_plan(
    message: Message, token: str, bot: Bot, member: Member, plans: PlanService, username: str
) -> SendMessage:
    """The bot was brought in by a plan's link."""
    outcome, rights = await _open(bot, plans, token, message.chat.id, message.chat.title or "", member)
    return message.reply(_opened(outcome, rights, member.language, username))


async def _open(
    bot: Bot, plans: PlanService, key: str | int, chat_id: int, title: str, member: Member
) -> tuple[Group | PlanRefusal, BotRights]:
    rights = await rights_of(bot, chat_id)
    return await plans.open(key, chat_id, title, member, rights), rights


def _opened(outcome: Group | PlanRefusal, rights: BotRights, language: Language, username: str) -> str:
    if isinstance(outcome, PlanRefusal):
        return words.plan_refusal(outcome, language)
    return words.opened(outcome, rights.missing(), group_words.entry_link(username, outcome), language)


@router.message(Command("places"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
@router.message(Words("商户", "商户名单"), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def show_places(
    message: Message, member: Member, places: PlaceService, command: CommandObject | None = None
) -> SendMessage:
    """Merchants with community and branch; with lines behind the command, keep them first."""
    read = read_spots((command.args or "").splitlines()) if command else []
    if refusal := _faults(read, member.language):
        return message.answer(refusal)
    kept = await places.keep(*(spot for _, spot in read if isinstance(spot, Spot)))
    merchants = kept or await places.all()
    if not merchants:
        return message.answer(words.NO_PLACES.say(member.language))
    return message.answer(words.place_lines(merchants[:MOST_AT_ONCE], member.language))


@router.message(LinkTo("group_"), InPrivate())
async def show_way_in(message: Message, token: str, bot: Bot, member: Member, groups: GroupService) -> SendMessage:
    """The way into a group; of a full one, into the next."""
    asked = int(token) if token.isascii() and token.isdigit() and int(token) <= LARGEST else 0
    group = await groups.with_room(asked)
    link = (group.invite_link or await _new_link(bot, groups, group)) if group else None
    if group is None or link is None:
        return message.answer(words.NO_GROUP.say(member.language))
    full = await groups.by_id(asked) if group.id != asked else None
    text = words.COME_IN_NEXT.say(member.language, full=full.title, title=group.title) if full else None
    button = InlineKeyboardButton(text=words.COME_IN_BUTTON.say(member.language), url=link)
    return message.answer(
        text or words.COME_IN.say(member.language, title=group.title),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )


async def _new_link(bot: Bot, groups: GroupService, group: Group) -> str | None:
    """A link of the bot's own, made when the first person asks for it; None without the right."""
    try:
        link = (await bot.create_chat_invite_link(group.chat_id)).invite_link
    except TelegramAPIError:
        return None
    await groups.keep_invite_link(group, link)
    return link


def _chooser(plan: GroupPlan, language: Language) -> ReplyKeyboardMarkup:
    """The button that asks for a group of the manager's and brings the bot in with its rights."""
    wanted = KeyboardButtonRequestChat(
        request_id=plan.id,
        chat_is_channel=False,
        chat_is_created=True,
        user_administrator_rights=_rights(*NEEDED, "can_promote_members"),
        bot_administrator_rights=_rights(*NEEDED),
        request_title=True,
    )
    button = KeyboardButton(text=words.CHOOSE.say(language), request_chat=wanted)
    return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)


def _rights(*held: str) -> ChatAdministratorRights:
    fields = ChatAdministratorRights.model_fields.items()
    every: dict[str, Any] = {name: name in held for name, field in fields if field.is_required() or name in held}
    return ChatAdministratorRights(**every)


def _open_buttons(plans: list[GroupPlan], language: Language, username: str) -> InlineKeyboardMarkup:
    rows = []
    for plan in plans:
        text = group_words.OPEN.say(language, name=group_words.short_name(plan))
        rows.append([InlineKeyboardButton(text=text, url=group_words.open_link(username, plan))])
    return InlineKeyboardMarkup(inline_keyboard=rows)
