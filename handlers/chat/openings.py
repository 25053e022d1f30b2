"""Opening a chain: one line in the group, or step by step in private."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.chains.model import OpenRefusal, Plan, PlanFault
from campaigns.chains.reading import read_ending, read_places
from campaigns.chains.rules import check
from campaigns.chains.service import ChainService
from campaigns.groupbuys.drafting import Terms
from campaigns.groupbuys.model import GroupbuyPlan, PlanProblem
from campaigns.groupbuys.reading import read_line
from campaigns.groupbuys.service import GroupbuyService
from campaigns.groups.model import Group
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.places.service import PlaceService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.groupbuy_terms import TermsDesk
from handlers.chat.numbers import ChatId
from handlers.wording import groupbuy_terms as term_words
from handlers.wording import openings as words

router = Router(name="openings")


class Opening(StatesGroup):
    """The steps of opening a chain in private."""

    group = State()
    product = State()
    places = State()
    deadline = State()


class OpeningTap(CallbackData, prefix="opening"):
    """The group that the chain is for."""

    chat: ChatId


@router.message(Command("chain"), InGroup(), flags={"action": Action.OPEN_CHAIN})
async def open_chain(
    message: Message,
    command: CommandObject,
    member: Member,
    chains: ChainService,
    groupbuys: GroupbuyService,
    groups: GroupService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """`/chain product places deadline` in the group, with stages and conditions after a bar."""
    if not command.args:
        return message.reply(f"{words.USAGE.say(member.language)}\n{words.PRIVATE_USAGE.say(member.language)}")
    plan, group = read_line(command.args, now, zone), await groups.in_chat(message.chat.id)
    match plan:
        case PlanProblem():
            return message.reply(f"{term_words.problem(plan, member.language)}\n{words.USAGE.say(member.language)}")
        case GroupbuyPlan():
            opened = await groupbuys.open([group], member, plan)
            return message.reply(term_words.outcome(opened, member.language))
    return message.reply(await _open(group, plan, member, chains))


@router.message(Command("chain"), InPrivate(), flags={"action": Action.OPEN_CHAIN})
@router.message(Words("开接龙"), InPrivate(), flags={"action": Action.OPEN_CHAIN})
async def begin_opening(message: Message, member: Member, groups: GroupService, state: FSMContext) -> SendMessage:
    """Ask step by step; with one group the first question is skipped."""
    mine = await groups.of(member)
    if not mine:
        return message.answer(words.NO_GROUPS.say(member.language))
    if len(mine) == 1:
        await state.set_state(Opening.product)
        await state.set_data({"chat": mine[0].chat_id})
        return message.answer(words.ASK_PRODUCT.say(member.language))
    await state.set_state(Opening.group)
    buttons = [
        [InlineKeyboardButton(text=group.title, callback_data=OpeningTap(chat=group.chat_id).pack())] for group in mine
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=buttons)
    return message.answer(words.ASK_GROUP.say(member.language), reply_markup=keyboard)


@router.message(StateFilter(Opening), InPrivate(), Words("取消", "cancel", "/cancel"))
async def cancel_opening(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.CANCELLED.say(member.language))


@router.callback_query(OpeningTap.filter(), InPrivate(), flags={"action": Action.OPEN_CHAIN})
async def choose_group(
    query: CallbackQuery, callback_data: OpeningTap, member: Member, state: FSMContext
) -> SendMessage | None:
    """The group is chosen; whose group it is, the service checks when the chain is opened."""
    await state.set_state(Opening.product)
    await state.set_data({"chat": callback_data.chat})
    if not isinstance(query.message, Message):
        return None
    return query.message.answer(words.ASK_PRODUCT.say(member.language))


@router.message(StateFilter(Opening.product), InPrivate(), NoCommand(), flags={"action": Action.OPEN_CHAIN})
async def give_product(message: Message, member: Member, state: FSMContext, now: datetime) -> SendMessage:
    """Take the product, ask for the places."""
    fault = check(message.text or "", 1, now, now)
    if fault in {PlanFault.NO_PRODUCT, PlanFault.LONG_PRODUCT} and isinstance(fault, PlanFault):
        return message.answer(words.plan_fault(fault, member.language))
    return await _next(message, state, Opening.places, {"product": message.text}, words.ASK_PLACES.say(member.language))


@router.message(StateFilter(Opening.places), InPrivate(), NoCommand(), flags={"action": Action.OPEN_CHAIN})
async def give_places(message: Message, member: Member, state: FSMContext, now: datetime) -> SendMessage:
    """Take the places, ask for the deadline."""
    places = read_places(message.text or "")
    if check("x", places, now, now) is PlanFault.BAD_PLACES:
        return message.answer(words.BAD_PLACES.say(member.language))
    return await _next(message, state, Opening.deadline, {"places": places}, words.ASK_DEADLINE.say(member.language))


@router.message(StateFilter(Opening.deadline), InPrivate(), NoCommand(), flags={"action": Action.OPEN_CHAIN})
async def give_deadline(
    message: Message,
    member: Member,
    state: FSMContext,
    groups: GroupService,
    places: PlaceService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """Take the deadline and show the terms: stages and conditions may be tapped before the chain is opened."""
    asked = await state.get_data()
    plan = read_ending(asked["product"], asked["places"], message.text or "", now, zone)
    if isinstance(plan, PlanFault):
        return message.answer(words.plan_fault(plan, member.language))
    return await TermsDesk(member, state, groups, places, zone).begin(message, Terms(plan, (asked["chat"],)))


async def _open(group: Group | None, plan: Plan, member: Member, chains: ChainService) -> str:
    outcome = await chains.open(group, member, plan)
    if isinstance(outcome, OpenRefusal):
        return words.open_refusal(outcome, member.language)
    return words.OPENED.say(member.language, product=outcome.product)


async def _next(message: Message, state: FSMContext, step: State, found: dict[str, Any], question: str) -> SendMessage:
    await state.update_data(found)
    await state.set_state(step)
    return message.answer(question)
