"""Audiences in the chat: built with buttons or written in one line, counted at once, saved under a name."""

from enum import StrEnum

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.audiences.drafts import Draft, Step
from campaigns.audiences.model import Fault, SaveRefusal
from campaigns.audiences.service import AudienceService
from campaigns.members.model import Language, Member
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.wording import audiences as words

router = Router(name="audiences")

BUILDS = {"action": Action.BUILD_AUDIENCES}
KEPT = "audience"  # The line in hand, among the data of the conversation.
Buttons = list[list[InlineKeyboardButton]]


class Naming(StatesGroup):
    """The name of an audience comes next."""

    name = State()


class Verb(StrEnum):
    """What is done with the line in hand."""

    SAVE = "save"
    SAMPLE = "sample"
    LIST = "list"


class StepTap(CallbackData, prefix="audience"):
    """A page of the builder, and a value that is chosen or left out there; none where the page is only turned."""

    step: Step
    value: str


class AudienceTap(CallbackData, prefix="audience_do"):
    """Something done with the line in hand."""

    verb: Verb


@router.message(Command("audience"), InPrivate(), flags=BUILDS)
async def ask_audience(
    message: Message, command: CommandObject, member: Member, audiences: AudienceService, state: FSMContext
) -> SendMessage:
    """The builder, or the count of a line."""
    await state.set_state(None)
    if not command.args:
        draft = Draft()
        return message.answer(
            f"{words.HELP.say(member.language)}\n\n{await _page(draft, Step.CLASS, member, audiences, state)}",
            reply_markup=_builder(draft, Step.CLASS, member.language),
        )
    expression = await audiences.read(command.args, me=member.id)
    if isinstance(expression, Fault):
        return message.answer(words.refused(expression, member.language))
    await state.update_data({KEPT: words.kept_line(expression)})
    counted = await audiences.count(expression)
    markup = InlineKeyboardMarkup(inline_keyboard=[_acts(member.language)])
    return message.answer(words.answer_words(expression, counted, member.language), reply_markup=markup)


@router.message(Command("audience"), InGroup())
async def audience_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of customers is said in groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.callback_query(StepTap.filter(), InPrivate(), flags=BUILDS)
async def choose_part(
    query: CallbackQuery, callback_data: StepTap, member: Member, audiences: AudienceService, state: FSMContext
) -> EditMessageText | AnswerCallbackQuery:
    """Choose a value or leave it out, or turn to another page; the count follows in place."""
    draft = Draft.of((await state.get_data()).get(KEPT, ""))
    if draft is None or not isinstance(query.message, Message):
        return query.answer(words.NOTHING_BUILT.say(member.language), show_alert=True)
    step = callback_data.step
    if callback_data.value:
        draft = draft.toggled(step, callback_data.value)
    text = await _page(draft, step, member, audiences, state)
    return query.message.edit_text(text, reply_markup=_builder(draft, step, member.language))


@router.callback_query(AudienceTap.filter(), InPrivate(), flags=BUILDS)
async def work_audience(
    query: CallbackQuery, callback_data: AudienceTap, member: Member, audiences: AudienceService, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    """Look at a sample, ask for a name, or list what is saved."""
    if not isinstance(query.message, Message):
        return query.answer(words.NOTHING_BUILT.say(member.language), show_alert=True)
    if callback_data.verb is Verb.LIST:
        return query.message.answer(words.saved_words(await audiences.saved(), member.language))
    expression = await audiences.read((await state.get_data()).get(KEPT, ""))
    if isinstance(expression, Fault):
        return query.answer(words.NOTHING_BUILT.say(member.language), show_alert=True)
    if callback_data.verb is Verb.SAMPLE:
        return query.message.answer(words.sample_words(await audiences.sample(expression), member.language))
    await state.set_state(Naming.name)
    return query.message.answer(words.ASK_NAME.say(member.language))


@router.message(StateFilter(Naming.name), InPrivate(), Words(*words.STOP_WORDS))
async def stop_naming(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Save nothing."""
    await state.set_state(None)
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(Naming.name), InPrivate(), NoCommand(), flags=BUILDS)
async def name_audience(message: Message, member: Member, audiences: AudienceService, state: FSMContext) -> SendMessage:
    """Keep the line in hand under the name."""
    expression = await audiences.read((await state.get_data()).get(KEPT, ""))
    if isinstance(expression, Fault):
        await state.set_state(None)
        return message.answer(words.NOTHING_BUILT.say(member.language))
    saved = await audiences.save(message.text or "", expression, str(member.id))
    if isinstance(saved, SaveRefusal):
        return message.answer(words.REFUSALS[saved].say(member.language))
    await state.set_state(None)
    return message.answer(words.KEPT.say(member.language, name=saved.name, members=f"{saved.members:,}"))


async def _page(draft: Draft, step: Step, member: Member, audiences: AudienceService, state: FSMContext) -> str:
    """The text of a page of the builder; what it counted stays in hand."""
    expression = draft.expression()
    await state.update_data({KEPT: words.kept_line(expression)})
    counted = await audiences.count(expression)
    return f"{words.answer_words(expression, counted, member.language)}\n\n{words.STEPS[step].say(member.language)}"


def _builder(draft: Draft, step: Step, language: Language) -> InlineKeyboardMarkup:
    """A button per value, two in a row, then the ways on and back, then what can be done."""
    chosen = draft.chosen(step)
    values = [
        _button(words.choice_label(step, code, language, is_chosen=code in chosen), StepTap(step=step, value=code))
        for code in step.codes
    ]
    rows: Buttons = [values[at : at + 2] for at in range(0, len(values), 2)]
    turns = [
        _button(label.say(language), StepTap(step=to, value=""))
        for label, to in ((words.STEP_BACK, step.before), (words.NEXT_STEP, step.after))
        if to
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, turns, _acts(language)])


def _acts(language: Language) -> list[InlineKeyboardButton]:
    labels = {Verb.SAVE: words.SAVE, Verb.SAMPLE: words.SAMPLE, Verb.LIST: words.SAVED_LIST}
    return [_button(label.say(language), AudienceTap(verb=verb)) for verb, label in labels.items()]


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
