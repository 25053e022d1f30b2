"""Organisers look at doubtful visitors and decide whether a gift that is held may be handed out."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.rallies.model import RallyState
from campaigns.rallies.rules import may_run
from campaigns.rallies.service import RallyService
from campaigns.staff.model import Action
from campaigns.suspicions.model import SuspicionState
from campaigns.suspicions.service import SuspicionService
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import suspicions as words

router = Router(name="suspicions")

MANAGES = {"action": Action.MANAGE_RALLIES}
SHOWN = 15


class SuspicionTap(CallbackData, prefix="suspicion"):
    """A person's word on a doubtful visitor."""

    rally: RowId
    member: RowId
    is_cleared: bool


@router.message(Command("doubts"), InPrivate(), flags=MANAGES)
async def list_doubts(
    message: Message, member: Member, rallies: RallyService, suspicions: SuspicionService
) -> SendMessage:
    """Whose gifts are held at the own event, the running one first, and why."""
    own = [each for each in await rallies.all() if may_run(each, member) and each.state is not RallyState.SETTLED]
    for rally in own:
        held = [each for each in await suspicions.cases(rally.id) if each.state is SuspicionState.HELD]
        if not held:
            continue
        shown = held[:SHOWN]
        names = {number: masked(person.name) for number, person in (await suspicions.people(shown)).items()}
        rows = [
            [
                _button(button.say(member.language, name=names.get(number, "-")), rally.id, number, is_cleared=cleared)
                for button, cleared in ((words.CLEAR_BUTTON, True), (words.CONFIRM_BUTTON, False))
            ]
            for number in (each.suspicion.member_id for each in shown)
        ]
        text = words.cases(rally, shown, names, len(held), member.language)
        return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))
    return message.answer(words.NONE_HELD.say(member.language))


@router.callback_query(SuspicionTap.filter(), InPrivate(), flags=MANAGES)
async def decide_doubt(
    query: CallbackQuery,
    callback_data: SuspicionTap,
    member: Member,
    rallies: RallyService,
    suspicions: SuspicionService,
) -> AnswerCallbackQuery:
    """Clear somebody, or refuse the gift; only whoever runs the event."""
    rally = await rallies.find(callback_data.rally)
    if rally is None or not may_run(rally, member):
        return query.answer(member_words.NOT_ALLOWED.say(member.language), show_alert=True)
    state = SuspicionState.CLEARED if callback_data.is_cleared else SuspicionState.CONFIRMED
    done = await suspicions.decide(rally, callback_data.member, state, member.id)
    return query.answer((words.DECIDED[state] if done else words.DECIDED_BEFORE).say(member.language), show_alert=True)


def _button(text: str, rally: int, member: int, *, is_cleared: bool) -> InlineKeyboardButton:
    tap = SuspicionTap(rally=rally, member=member, is_cleared=is_cleared)
    return InlineKeyboardButton(text=text, callback_data=tap.pack())
