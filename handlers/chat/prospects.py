"""Recording interested people (意向客户) with their consent, and seeing who joined."""

from uuid import UUID

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.prospects.model import ProspectRefusal
from campaigns.prospects.service import ProspectService
from campaigns.publicity.service import PublicityService
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import prospects as words
from handlers.wording import publicity as publicity_words

router = Router(name="prospects")

PUBLICIST = {"action": Action.PUBLICISE}
SHOWN = 20


class Recording(StatesGroup):
    """Somebody agreed; what is known of them comes next."""

    note = State()


class ProspectTap(CallbackData, prefix="prospect"):
    """The event, and whether the person has agreed."""

    event: RowId
    agreed: bool


class ForgetTap(CallbackData, prefix="forget"):
    """A record that is to be deleted."""

    prospect: UUID


@router.message(Command("prospect"), InPrivate(), flags=PUBLICIST)
async def begin_record(message: Message, member: Member, publicity: PublicityService) -> SendMessage:
    """Ask whether the person agreed, for the one event ahead or for one of several."""
    events = await publicity.own_events(member)
    if not events:
        return message.answer(words.NO_EVENTS.say(member.language))
    if len(events) == 1:
        return _ask_consent(message, member, events[0].id)
    buttons = [
        [
            InlineKeyboardButton(
                text=each.plan.title_in(member.language), callback_data=ProspectTap(event=each.id, agreed=False).pack()
            )
        ]
        for each in events
    ]
    return message.answer(
        words.ASK_EVENT.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=buttons)
    )


@router.callback_query(ProspectTap.filter(), InPrivate(), flags=PUBLICIST)
async def state_consent(
    query: CallbackQuery, callback_data: ProspectTap, member: Member, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    """The publicist's statement; only after it is anything asked for."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    if not callback_data.agreed:
        return _ask_consent(query.message, member, callback_data.event)
    await state.set_state(Recording.note)
    await state.set_data({"event": callback_data.event})
    return query.message.answer(words.ASK_NOTE.say(member.language))


@router.message(StateFilter(Recording.note), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_recording(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Keep nothing."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(Recording.note), InPrivate(), NoCommand(), flags=PUBLICIST)
async def record(
    message: Message, member: Member, prospects: ProspectService, state: FSMContext, username: str
) -> SendMessage:
    """Keep the person sealed and hand out the link that is theirs alone."""
    asked = await state.get_data()
    outcome = await prospects.record(asked["event"], member, message.text or "")
    if isinstance(outcome, ProspectRefusal):
        return message.answer(words.refusal(outcome, member.language))
    await state.clear()
    link = publicity_words.deep_link(username, outcome.text)
    return message.answer(words.RECORDED.say(member.language, link=link))


@router.message(Command("prospects"), InPrivate(), flags=PUBLICIST)
@router.message(Words(*words.PROSPECT_WORDS), InPrivate(), flags=PUBLICIST)
async def list_prospects(message: Message, member: Member, prospects: ProspectService) -> SendMessage:
    """Who was invited and who joined, masked; a tap deletes a record."""
    found = (await prospects.mine(member))[:SHOWN]
    if not found:
        return message.answer(words.NONE.say(member.language))
    buttons = [
        InlineKeyboardButton(text=f"🗑 {masked(each.name)}", callback_data=ForgetTap(prospect=each.id).pack())
        for each in found
    ]
    rows = [buttons[at : at + 3] for at in range(0, len(buttons), 3)]
    return message.answer(
        words.prospects_page(found, member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )


@router.callback_query(ForgetTap.filter(), InPrivate(), flags=PUBLICIST)
async def forget(
    query: CallbackQuery, callback_data: ForgetTap, member: Member, prospects: ProspectService
) -> AnswerCallbackQuery:
    """Delete one of the own records with its key."""
    done = await prospects.forget(callback_data.prospect, member)
    return query.answer((words.FORGOTTEN if done else words.FORGOTTEN_ALREADY).say(member.language))


def _ask_consent(message: Message, member: Member, event: int) -> SendMessage:
    button = InlineKeyboardButton(
        text=words.AGREED.say(member.language), callback_data=ProspectTap(event=event, agreed=True).pack()
    )
    return message.answer(
        words.ASK_CONSENT.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
    )
