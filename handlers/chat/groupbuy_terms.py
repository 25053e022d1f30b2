"""A manager taps the terms of a chain or group-buy together, or writes them in one line, and opens it."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from pydantic import TypeAdapter

from campaigns.chains.eligibility import LONGEST_REGION
from campaigns.chains.model import OpenRefusal, Plan
from campaigns.chains.service import ChainService
from campaigns.chains.stages import Stage, StageFault
from campaigns.groupbuys.drafting import Choice, Terms, chosen, finished, terms_of, with_stage
from campaigns.groupbuys.model import PlanProblem
from campaigns.groupbuys.reading import read_groupbuy, read_stage
from campaigns.groupbuys.service import GroupbuyService
from campaigns.groups.model import Group
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.places.service import PlaceService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.groupbuy_buttons import StartTap, TermTap, terms_keyboard
from handlers.wording import groupbuy_terms as words
from handlers.wording import openings as opening_words

router = Router(name="groupbuy terms")

TERMS = TypeAdapter(Terms)
OPENS = {"action": Action.OPEN_CHAIN}
MOST_GROUPS = 12
MOST_REGIONS = 6


class TermsStep(StatesGroup):
    """Where a manager stands with the terms: at the buttons, or writing what a stage unlocks."""

    screen = State()
    benefit = State()


@dataclass(frozen=True)
class TermsDesk:
    """One manager's conversation about the terms of what is to be opened."""

    member: Member
    state: FSMContext
    groups: GroupService
    places: PlaceService
    zone: ZoneInfo

    async def begin(self, message: Message, terms: Terms) -> SendMessage:
        """Show the terms with the places of the manager's groups as regions."""
        mine = await self.groups.of(self.member)
        homes = {group.place_id for group in mine}
        names = [place.community or place.name for place in await self.places.all() if place.id in homes]
        short = [name for name in dict.fromkeys(names) if len(name) <= LONGEST_REGION][:MOST_REGIONS]
        return await self.show(message, replace(terms, regions=tuple(short)))

    async def show(self, message: Message, terms: Terms) -> SendMessage:
        """The terms as a new message."""
        await self.keep(terms)
        text, markup = await self.screen(terms)
        return message.answer(text, reply_markup=markup)

    async def keep(self, terms: Terms) -> None:
        """Remember what has been chosen; no button carries it."""
        await self.state.set_state(TermsStep.screen)
        await self.state.set_data({"terms": TERMS.dump_python(terms, mode="json")})

    async def load(self) -> Terms | None:
        """What has been chosen so far; None when the conversation is over."""
        told = (await self.state.get_data()).get("terms")
        return None if told is None else TERMS.validate_python(told)

    async def screen(self, terms: Terms) -> tuple[str, InlineKeyboardMarkup]:
        """What has been chosen, in words and as buttons."""
        mine = (await self.groups.of(self.member))[:MOST_GROUPS]
        titles = [group.title for group in mine if group.chat_id in terms.chats]
        keyboard = InlineKeyboardMarkup(inline_keyboard=terms_keyboard(terms, mine, self.member.language))
        return words.screen(terms, titles, self.zone, self.member.language), keyboard


@router.message(Command("groupbuy"), InGroup(), flags=OPENS)
async def open_in_group(
    message: Message,
    command: CommandObject,
    member: Member,
    groups: GroupService,
    groupbuys: GroupbuyService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """`/groupbuy product places deadline | 3人=benefit | …` in the group opens it there."""
    plan = read_groupbuy(command.args or "", now, zone)
    if isinstance(plan, PlanProblem):
        return message.reply(f"{words.problem(plan, member.language)}\n{words.USAGE.say(member.language)}")
    outcome = await groupbuys.open([await groups.in_chat(message.chat.id)], member, plan)
    return message.reply(words.outcome(outcome, member.language))


@router.message(Command("groupbuy"), InPrivate(), flags=OPENS)
@router.message(Words("开团", "发起拼团"), InPrivate(), flags=OPENS)
async def look_at_line(
    message: Message,
    member: Member,
    groups: GroupService,
    places: PlaceService,
    state: FSMContext,
    now: datetime,
    zone: ZoneInfo,
    command: CommandObject | None = None,
) -> SendMessage:
    """The same line in private is shown with all groups chosen, to be looked at before it is opened."""
    mine = await groups.of(member)
    if not mine:
        return message.answer(opening_words.NO_GROUPS.say(member.language))
    line = command.args if command else None
    if not line:
        return message.answer(f"{words.USAGE.say(member.language)}\n{words.STEP_BY_STEP.say(member.language)}")
    plan = read_groupbuy(line, now, zone)
    if isinstance(plan, PlanProblem):
        return message.answer(f"{words.problem(plan, member.language)}\n{words.USAGE.say(member.language)}")
    chats = tuple(group.chat_id for group in mine[:MOST_GROUPS])
    return await TermsDesk(member, state, groups, places, zone).begin(message, terms_of(plan, chats))


@router.message(StateFilter(TermsStep), InPrivate(), Words("取消", "cancel", "/cancel"))
async def drop_terms(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(opening_words.CANCELLED.say(member.language))


@router.callback_query(TermTap.filter(), InPrivate(), flags=OPENS)
async def choose_term(
    query: CallbackQuery,
    callback_data: TermTap,
    member: Member,
    groups: GroupService,
    places: PlaceService,
    state: FSMContext,
    zone: ZoneInfo,
) -> AnswerCallbackQuery | EditMessageText | SendMessage | None:
    """Change one of the terms; a size that is not there yet asks what it unlocks."""
    desk = TermsDesk(member, state, groups, places, zone)
    terms = await desk.load()
    if terms is None or not isinstance(query.message, Message):
        return query.answer(words.OUTDATED.say(member.language), show_alert=True)
    size = callback_data.number if callback_data.choice is Choice.SIZE else None
    if size is not None and all(each.size != size for each in terms.stages):
        return await _ask_benefit(query.message, size, terms, member, state)
    changed = chosen(terms, callback_data.choice, callback_data.number)
    await desk.keep(changed)
    text, markup = await desk.screen(changed)
    return query.message.edit_text(text, reply_markup=markup)


async def _ask_benefit(message: Message, size: int, terms: Terms, member: Member, state: FSMContext) -> SendMessage:
    """Ask what a stage unlocks; a size of 0 is asked for with it."""
    await state.set_state(TermsStep.benefit)
    await state.set_data({"terms": TERMS.dump_python(terms, mode="json"), "size": size})
    question = words.ASK_BENEFIT.say(member.language, size=size) if size else words.ASK_STAGE.say(member.language)
    return message.answer(question)


@router.message(StateFilter(TermsStep.benefit), InPrivate(), NoCommand(), F.text, flags=OPENS)
async def give_benefit(
    message: Message, member: Member, groups: GroupService, places: PlaceService, state: FSMContext, zone: ZoneInfo
) -> SendMessage:
    """Take what a stage unlocks, with its size where that was asked too."""
    desk = TermsDesk(member, state, groups, places, zone)
    told, terms, text = await state.get_data(), await desk.load(), message.text or ""
    if terms is None:
        return message.answer(words.OUTDATED.say(member.language))
    stage = Stage(told["size"], text) if told.get("size") else read_stage(text)
    changed = StageFault.BAD_SIZE if stage is None else with_stage(terms, stage)
    if isinstance(changed, StageFault):
        return message.answer(words.problem(PlanProblem(changed), member.language))
    return await desk.show(message, changed)


@router.callback_query(StartTap.filter(), InPrivate(), flags=OPENS)
async def start_or_drop(
    query: CallbackQuery,
    callback_data: StartTap,
    member: Member,
    groups: GroupService,
    places: PlaceService,
    chains: ChainService,
    groupbuys: GroupbuyService,
    state: FSMContext,
    zone: ZoneInfo,
) -> AnswerCallbackQuery | EditMessageText:
    """Open what the screen shows, or drop it; whose groups they are, the service checks."""
    terms = await TermsDesk(member, state, groups, places, zone).load()
    if terms is None or not isinstance(query.message, Message):
        return query.answer(words.OUTDATED.say(member.language), show_alert=True)
    if not callback_data.yes:
        await state.clear()
        return query.message.edit_text(opening_words.CANCELLED.say(member.language))
    if not terms.chats:
        return query.answer(words.CHOOSE_GROUP.say(member.language), show_alert=True)
    wanted = finished(terms)
    if isinstance(wanted, PlanProblem):
        return query.answer(words.problem(wanted, member.language), show_alert=True)
    chosen_groups = [await groups.in_chat(chat) for chat in terms.chats]
    if isinstance(wanted, Plan):
        text = await _open_chains(wanted, chosen_groups, member, chains)
    else:
        text = words.outcome(await groupbuys.open(chosen_groups, member, wanted), member.language)
    await state.clear()
    return query.message.edit_text(text)


async def _open_chains(plan: Plan, groups: list[Group | None], member: Member, chains: ChainService) -> str:
    """A plain chain in each group; where one cannot be opened, the others are, and the reason is told."""
    outcomes = [await chains.open(group, member, plan) for group in groups]
    opened = [outcome for outcome in outcomes if not isinstance(outcome, OpenRefusal)]
    told = [opening_words.open_refusal(each, member.language) for each in outcomes if isinstance(each, OpenRefusal)]
    if len(groups) == 1 and opened:
        return opening_words.OPENED.say(member.language, product=plan.product)
    if opened:
        told.insert(0, words.CHAIN_OPENED.say(member.language, product=plan.product, groups=len(opened)))
    return "\n".join(dict.fromkeys(told))
