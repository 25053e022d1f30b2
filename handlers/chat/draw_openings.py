"""Publishing a draw: asked step by step or read from a file, shown as it will be, published by a tap."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import TypeAdapter

from campaigns.chains.reading import read_deadline
from campaigns.draws.hosting import DrawHost
from campaigns.draws.model import DrawKind, DrawPlan, PublishRefusal
from campaigns.draws.reading import LONGEST_FILE, plan_of_fields, read_plan, read_prizes
from campaigns.draws.rules import DrawError
from campaigns.groups.service import GroupService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import ChatId
from handlers.wording import draws as words
from handlers.wording.phrase import Phrase

router = Router(name="draw openings")

PLAN = TypeAdapter(DrawPlan)
PUBLISHES = {"action": Action.PUBLISH_DRAW}


class DrawOpening(StatesGroup):
    """The steps of publishing a draw in private."""

    group = State()
    kind = State()
    title = State()
    prizes = State()
    closes = State()
    conditions = State()
    complaints = State()
    preview = State()


class DrawGroupTap(CallbackData, prefix="draw_group"):
    """The group that the draw is for."""

    chat: ChatId


class DrawKindTap(CallbackData, prefix="draw_kind"):
    """The kind of draw."""

    kind: DrawKind


class PublishTap(CallbackData, prefix="draw_publish"):
    """Publish what the preview shows, or drop it; what that is, the conversation remembers and no button carries."""

    yes: bool


@dataclass(frozen=True)
class Opening:
    """One manager's conversation about a draw that is to be published."""

    member: Member
    groups: GroupService
    state: FSMContext
    draws: DrawHost

    async def take_plan(self, message: Message, text: str, now: datetime, zone: ZoneInfo) -> SendMessage:
        """Go on with a plan as it was written."""
        try:
            plan = read_plan(text, now, zone)
        except DrawError as error:
            return message.answer(words.fault_words(error.fault, error.place, self.member.language))
        return await self.with_group(message, {"plan": PLAN.dump_python(plan, mode="json")})

    async def with_group(self, message: Message, told: dict[str, Any]) -> SendMessage:
        """Keep what is known, and go on with the only group or ask which."""
        mine = await self.groups.of(self.member)
        if not mine:
            return message.answer(words.NO_GROUPS.say(self.member.language))
        if len(mine) == 1:
            await self.state.set_data(told | {"chat": mine[0].chat_id})
            return await self.go_on(message)
        await self.state.set_state(DrawOpening.group)
        await self.state.set_data(told)
        buttons = [[_button(group.title, DrawGroupTap(chat=group.chat_id))] for group in mine]
        return message.answer(words.ASK_GROUP.say(self.member.language), reply_markup=_keyboard(buttons))

    async def go_on(self, message: Message) -> SendMessage:
        """The preview where a plan is there, else the first question about it."""
        told, language = await self.state.get_data(), self.member.language
        if "plan" in told:
            return await self._preview(message, told["chat"], PLAN.validate_python(told["plan"]))
        await self.state.set_state(DrawOpening.kind)
        buttons = [[_button(words.KINDS[kind].say(language), DrawKindTap(kind=kind)) for kind in DrawKind]]
        return message.answer(words.ASK_KIND.say(language), reply_markup=_keyboard(buttons))

    async def _preview(self, message: Message, chat: int, plan: DrawPlan) -> SendMessage:
        """The rules as the group will read them, or why they cannot be."""
        group, language = await self.groups.in_chat(chat), self.member.language
        await self.state.set_state(DrawOpening.preview)
        try:
            page = await self.draws.preview(group, self.member.id, plan, language)
        except DrawError as error:
            return message.answer(words.fault_words(error.fault, error.place, language))
        if isinstance(page, PublishRefusal) or group is None:
            return message.answer(
                words.REFUSALS[page if isinstance(page, PublishRefusal) else PublishRefusal.NO_GROUP].say(language)
            )
        text = words.PREVIEW.say(language, title=group.title, page=page)
        buttons = [[_button(words.PUBLISH.say(language), PublishTap(yes=True))]]
        buttons[0].append(_button(words.DROP.say(language), PublishTap(yes=False)))
        return message.answer(text, reply_markup=_keyboard(buttons))


@router.message(Command("newdraw"), InGroup(), flags=PUBLISHES)
async def publish_in_group(message: Message, member: Member) -> SendMessage:
    """The command belongs in private."""
    return message.reply(words.IN_PRIVATE.say(member.language))


@router.message(Command("newdraw"), InPrivate(), flags=PUBLISHES)
@router.message(Words("发起抽奖"), InPrivate(), flags=PUBLISHES)
async def begin(
    message: Message,
    member: Member,
    groups: GroupService,
    state: FSMContext,
    draws: DrawHost,
    now: datetime,
    zone: ZoneInfo,
    command: CommandObject | None = None,
) -> SendMessage:
    """Ask step by step, or read the plan that follows the command; with one group the first question is skipped."""
    await state.clear()
    if command is not None and command.args:
        return await Opening(member, groups, state, draws).take_plan(message, command.args, now, zone)
    return await Opening(member, groups, state, draws).with_group(message, {})


@router.message(F.document.file_name.lower().endswith((".yaml", ".yml", ".json")), InPrivate(), flags=PUBLISHES)
async def take_file(
    message: Message,
    bot: Bot,
    member: Member,
    groups: GroupService,
    state: FSMContext,
    draws: DrawHost,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage:
    """A plan as a file."""
    document = message.document
    if document is None or (document.file_size or 0) > LONGEST_FILE:
        return message.answer(words.FILE_TOO_LARGE.say(member.language))
    read = BytesIO()
    await bot.download(document, read)
    text = read.getvalue().decode("utf-8-sig", "replace")
    await state.clear()
    return await Opening(member, groups, state, draws).take_plan(message, text, now, zone)


@router.message(StateFilter(DrawOpening), InPrivate(), Words("取消", "cancel", "/cancel"))
async def cancel(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.CANCELLED.say(member.language))


@router.callback_query(DrawGroupTap.filter(), StateFilter(DrawOpening.group), InPrivate(), flags=PUBLISHES)
async def choose_group(
    query: CallbackQuery,
    callback_data: DrawGroupTap,
    member: Member,
    groups: GroupService,
    state: FSMContext,
    draws: DrawHost,
) -> SendMessage | None:
    """The group is chosen; whose group it is, the service checks."""
    if not isinstance(query.message, Message):
        return None
    await state.update_data(chat=callback_data.chat)
    return await Opening(member, groups, state, draws).go_on(query.message)


@router.callback_query(DrawKindTap.filter(), StateFilter(DrawOpening.kind), InPrivate(), flags=PUBLISHES)
async def choose_kind(
    query: CallbackQuery, callback_data: DrawKindTap, member: Member, state: FSMContext
) -> SendMessage | None:
    """The kind is chosen; the title comes next."""
    if not isinstance(query.message, Message):
        return None
    await state.update_data(kind=callback_data.kind)
    await state.set_state(DrawOpening.title)
    return query.message.answer(words.ASK_TITLE.say(member.language))


@router.message(StateFilter(DrawOpening.title), InPrivate(), NoCommand(), F.text, flags=PUBLISHES)
async def give_title(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Take the title, ask for the prizes."""
    return await _next(message, member, state, DrawOpening.prizes, {"title": message.text}, words.ASK_PRIZES)


@router.message(StateFilter(DrawOpening.prizes), InPrivate(), NoCommand(), F.text, flags=PUBLISHES)
async def give_prizes(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Take the prizes, ask for the end."""
    try:
        prizes = read_prizes(message.text or "")
    except DrawError as error:
        return message.answer(words.fault_words(error.fault, error.place, member.language))
    return await _next(message, member, state, DrawOpening.closes, {"prizes": prizes}, words.ASK_CLOSES)


@router.message(StateFilter(DrawOpening.closes), InPrivate(), NoCommand(), F.text, flags=PUBLISHES)
async def give_end(message: Message, member: Member, state: FSMContext, now: datetime, zone: ZoneInfo) -> SendMessage:
    """Take the end, ask for conditions."""
    closes = read_deadline(message.text or "", now, zone)
    if closes is None or closes <= now:
        return message.answer(words.ASK_CLOSES.say(member.language))
    found = {"closes": closes.isoformat()}
    return await _next(message, member, state, DrawOpening.conditions, found, words.ASK_CONDITIONS)


@router.message(StateFilter(DrawOpening.conditions), InPrivate(), NoCommand(), F.text, flags=PUBLISHES)
async def give_conditions(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Take the conditions, ask for the complaint channel."""
    found = {"conditions": message.text}
    return await _next(message, member, state, DrawOpening.complaints, found, words.ASK_COMPLAINTS)


@router.message(StateFilter(DrawOpening.complaints), InPrivate(), NoCommand(), F.text, flags=PUBLISHES)
async def give_complaints(
    message: Message,
    member: Member,
    groups: GroupService,
    state: FSMContext,
    draws: DrawHost,
    now: datetime,
    zone: ZoneInfo,
    bank: str,
) -> SendMessage:
    """Take the complaint channel and show what will be published; the bank is the organiser."""
    told = await state.get_data()
    terms = {"conditions": told["conditions"], "organiser": bank, "complaints": message.text}
    fields = {name: told[name] for name in ("kind", "title", "prizes", "closes")} | {"terms": terms}
    try:
        plan = plan_of_fields(fields, now, zone)
    except DrawError as error:
        return message.answer(words.fault_words(error.fault, error.place, member.language))
    await state.update_data(plan=PLAN.dump_python(plan, mode="json"))
    return await Opening(member, groups, state, draws).go_on(message)


@router.callback_query(PublishTap.filter(), InPrivate(), flags=PUBLISHES)
async def confirm(
    query: CallbackQuery,
    callback_data: PublishTap,
    member: Member,
    groups: GroupService,
    state: FSMContext,
    draws: DrawHost,
) -> AnswerCallbackQuery:
    """Publish what was shown, or drop it."""
    told = await state.get_data()
    await state.clear()
    if not callback_data.yes:
        return query.answer(words.DROPPED.say(member.language), show_alert=True)
    if "plan" not in told or "chat" not in told:
        return query.answer(words.NOTHING_TO_PUBLISH.say(member.language), show_alert=True)
    try:
        outcome = await draws.publish(await groups.in_chat(told["chat"]), member.id, PLAN.validate_python(told["plan"]))
    except DrawError as error:
        return query.answer(words.fault_words(error.fault, error.place, member.language), show_alert=True)
    if isinstance(outcome, PublishRefusal):
        return query.answer(words.REFUSALS[outcome].say(member.language), show_alert=True)
    return query.answer(words.PUBLISHED.say(member.language, id=outcome.id), show_alert=True)


async def _next(
    message: Message, member: Member, state: FSMContext, step: State, found: dict[str, Any], question: Phrase
) -> SendMessage:
    await state.update_data(found)
    await state.set_state(step)
    return message.answer(question.say(member.language))


def _keyboard(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
