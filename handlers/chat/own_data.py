"""我的资料: customers tell the bank themselves what managers would ask them again (S-52)."""

from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.loans.service import LoanService
from campaigns.members.model import Member
from campaigns.rallies.course import RallyCourse
from campaigns.workbench.model import Answer
from campaigns.workbench.rules import ANSWERS
from campaigns.workbench.service import WorkbenchService
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.wording import own_data as words
from handlers.wording.fields import field_name
from handlers.wording.members import STALE_BUTTON
from handlers.wording.workbench import value_name

router = Router(name="own data")


class OwnFieldTap(CallbackData, prefix="own_field"):
    """Something that a customer wants to tell."""

    field: str


class OwnValueTap(CallbackData, prefix="own_value"):
    """What it is."""

    field: str
    value: str


@router.message(Command("my_data"), InPrivate())
@router.message(Words(*words.OWN_DATA_WORDS), InPrivate())
async def show_own_data(
    message: Message,
    member: Member,
    workbench: WorkbenchService,
    rally_course: RallyCourse,
    loans: LoanService,
    zone: ZoneInfo,
) -> SendMessage:
    """What may be told, with what was told last; and what events and loan requests stored."""
    events = await rally_course.kept(member)
    stored = [words.rallies(events, member.language)] if events else []
    if asked := await loans.mine(member):
        stored.append(words.LOANS.say(member.language, count=len(asked)))
    if member.customer_id is None:
        return message.answer("\n\n".join([*stored, words.NOT_BOUND.say(member.language)]))
    told = await workbench.told(member.customer_id)
    buttons = [_button(field_name(field, member.language), OwnFieldTap(field=field)) for field in ANSWERS]
    page = words.page(list(ANSWERS), told, zone, member.language)
    return message.answer("\n\n".join([page, *stored]), reply_markup=InlineKeyboardMarkup(inline_keyboard=[buttons]))


@router.message(Command("my_data"), InGroup())
async def own_data_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing personal is said in groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.callback_query(OwnFieldTap.filter(), InPrivate())
async def choose_value(
    query: CallbackQuery, callback_data: OwnFieldTap, member: Member
) -> EditMessageText | AnswerCallbackQuery:
    """The values to choose from."""
    field = callback_data.field
    if field not in ANSWERS or member.customer_id is None or not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    buttons = [
        _button(value_name(value, member.language), OwnValueTap(field=field, value=value)) for value in ANSWERS[field]
    ]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return query.message.edit_text(
        words.choose(field, member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )


@router.callback_query(OwnValueTap.filter(), InPrivate())
async def keep_value(
    query: CallbackQuery, callback_data: OwnValueTap, member: Member, workbench: WorkbenchService
) -> EditMessageText | AnswerCallbackQuery:
    """Keep it; the manager sees it at the card."""
    field, value = callback_data.field, callback_data.value
    if member.customer_id is None or not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    if await workbench.write_down(member.customer_id, field, value, member) is Answer.UNKNOWN:
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.edit_text(words.kept(field, value, member.language))


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
