"""Where the bank's file and the chat disagree: the manager's list, each settled by one tap."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.applications.reconciling import Disagreement, Reconciler, SettleRefusal
from campaigns.applications.service import ApplicationService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate, Words
from handlers.chat.numbers import RowId
from handlers.wording import applications as application_words
from handlers.wording import card_events as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="card_events")

FOLLOW = {"action": Action.FOLLOW_APPLICATIONS}


class SettleTap(CallbackData, prefix="card_event"):
    """A decision on one disagreement."""

    event: RowId
    bank: bool


@router.message(Command("disagreements"), InPrivate(), flags=FOLLOW)
@router.message(Words(*words.LIST_WORDS), InPrivate(), flags=FOLLOW)
async def list_disagreements(
    message: Message, member: Member, reconciler: Reconciler, applications: ApplicationService
) -> SendMessage:
    """The disagreements about applications that this manager acts on."""
    return await _listed(message, member, reconciler, applications)


@router.callback_query(F.data == "card_events", InPrivate(), flags=FOLLOW)
async def open_disagreements(
    query: CallbackQuery, member: Member, reconciler: Reconciler, applications: ApplicationService
) -> SendMessage | AnswerCallbackQuery:
    """The same from the button of the news."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return await _listed(query.message, member, reconciler, applications)


@router.callback_query(SettleTap.filter(), InPrivate(), flags=FOLLOW)
async def settle(
    query: CallbackQuery, callback_data: SettleTap, member: Member, reconciler: Reconciler
) -> AnswerCallbackQuery:
    """Take the bank's word over, or keep the chat's."""
    outcome = await reconciler.settle(callback_data.event, member, bank_is_right=callback_data.bank)
    if isinstance(outcome, SettleRefusal):
        return query.answer(words.REFUSALS[outcome].say(member.language), show_alert=True)
    said = words.settled(outcome.application.stage, member.language, bank_is_right=callback_data.bank)
    return query.answer(said, show_alert=True)


async def _listed(
    message: Message, member: Member, reconciler: Reconciler, applications: ApplicationService
) -> SendMessage:
    found = await reconciler.disagreements_of(member)
    names = await applications.names([each.application.member_id for each in found])
    rows = [
        row for each in found[: words.LISTED] for row in _rows(each, names.get(each.application.member_id, "*"), member)
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return message.answer(words.listed(found, names, member.language), reply_markup=markup)


def _rows(found: Disagreement, name: str, member: Member) -> list[list[InlineKeyboardButton]]:
    stage = application_words.label(found.event.stage, member.language)
    labels = {
        True: words.BANK_LABEL.say(member.language, name=name, stage=stage),
        False: words.KEEP_LABEL.say(member.language, name=name),
    }
    return [
        [InlineKeyboardButton(text=text, callback_data=SettleTap(event=found.event.id, bank=bank).pack())]
        for bank, text in labels.items()
    ]
