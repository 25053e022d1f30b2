"""话题 in the chat: the topic in the edition of one's branch, one's own words, and what waits for staff."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Language, Member
from campaigns.staff.model import Action
from campaigns.topics.model import Contribution, Local
from campaigns.topics.rules import LONGEST, SHORTEST
from campaigns.topics.service import TopicService
from handlers.chat.filters import InPrivate, NoCommand, Words
from handlers.chat.links import LinkTo
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import topics as words

router = Router(name="topics")

MODERATOR = {"action": Action.APPROVE_POSTS}
SHOWN = 5


class Telling(StatesGroup):
    """The words come next."""

    words = State()


class TopicTap(CallbackData, prefix="topic"):
    """A topic's code and edition that somebody wants to tell something in."""

    token: str


class WithdrawTap(CallbackData, prefix="topic_withdraw"):
    """One's own words that are to be forgotten."""

    contribution: RowId


class JudgeTap(CallbackData, prefix="topic_judge"):
    """The word of staff on a contribution."""

    contribution: RowId
    show: bool


@router.message(LinkTo(words.LINK), InPrivate())
async def open_link(
    message: Message, token: str, member: Member, topics: TopicService, public_address: str
) -> SendMessage:
    """The topic in the edition of the link, which counts as where the person came from."""
    local = await topics.open_link(token, member)
    if local is None:
        return message.answer(words.CLOSED.say(member.language))
    text = words.topic_text(local, public_address, member.language)
    return message.answer(text, reply_markup=_tell([local], member.language))


@router.message(Command("topics"), InPrivate(), flags={"action": Action.CHAT})
@router.message(Words(*words.TOPIC_WORDS), InPrivate(), flags={"action": Action.CHAT})
async def show_topics(message: Message, member: Member, topics: TopicService, public_address: str) -> SendMessage:
    """Topics that run, each with the words of one's own branch."""
    found = (await topics.seen_by(member))[:SHOWN]
    if not found:
        return message.answer(words.NONE.say(member.language))
    text = "\n\n".join(words.topic_text(each, public_address, member.language) for each in found)
    return message.answer(text, reply_markup=_tell(found, member.language))


@router.callback_query(TopicTap.filter(), InPrivate(), flags={"action": Action.CHAT})
async def ask_words(
    query: CallbackQuery, callback_data: TopicTap, member: Member, state: FSMContext
) -> SendMessage | AnswerCallbackQuery:
    """Ask for the words, and say before what becomes of them."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    await state.set_state(Telling.words)
    await state.set_data({"token": callback_data.token})
    return query.message.answer(words.ASK.say(member.language, least=SHORTEST, most=LONGEST))


@router.message(StateFilter(Telling.words), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_telling(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(Telling.words), InPrivate(), NoCommand(), flags={"action": Action.CHAT})
async def take_words(message: Message, member: Member, topics: TopicService, state: FSMContext) -> SendMessage:
    """Keep the words for staff; what cannot be shown is asked for again."""
    asked = await state.get_data()
    found = await topics.contribute(asked["token"], member, message.text or "")
    if not isinstance(found, Contribution):
        return message.answer(words.refusal(found, member.language))
    await state.clear()
    button = _button(words.WITHDRAW.say(member.language), WithdrawTap(contribution=found.id))
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    return message.answer(words.SENT.say(member.language), reply_markup=markup)


@router.callback_query(WithdrawTap.filter(), InPrivate(), flags={"action": Action.CHAT})
async def withdraw(
    query: CallbackQuery, callback_data: WithdrawTap, member: Member, topics: TopicService
) -> AnswerCallbackQuery:
    """Forget one's own words."""
    refused = await topics.withdraw(callback_data.contribution, member)
    said = words.refusal(refused, member.language) if refused else words.WITHDRAWN.say(member.language)
    return query.answer(said, show_alert=refused is not None)


@router.message(Command("contributions"), InPrivate(), flags=MODERATOR)
async def show_waiting(message: Message, member: Member, topics: TopicService) -> SendMessage:
    """What waits longest, with a button for each word of staff."""
    return await _next(message, member, topics)


@router.callback_query(JudgeTap.filter(), InPrivate(), flags=MODERATOR)
async def judge(
    query: CallbackQuery, callback_data: JudgeTap, member: Member, topics: TopicService
) -> SendMessage | AnswerCallbackQuery:
    """Show it or not, and go on with the next."""
    found = await topics.judge(callback_data.contribution, member, approved=callback_data.show)
    done = words.SHOWN_NOW if callback_data.show else words.REJECTED_NOW
    if not isinstance(found, Contribution):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(done.say(member.language))
    return await _next(query.message, member, topics, f"{done.say(member.language)}\n\n")


async def _next(message: Message, member: Member, topics: TopicService, said: str = "") -> SendMessage:
    waiting = await topics.next_waiting(member)
    if waiting is None:
        return message.answer(said + words.NOTHING_WAITS.say(member.language))
    row = [
        _button(label.say(member.language), JudgeTap(contribution=waiting.contribution.id, show=show))
        for label, show in ((words.SHOW, True), (words.REJECT, False))
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=[row])
    return message.answer(said + words.waits(waiting, member.language), reply_markup=markup)


def _tell(found: Sequence[Local], language: Language) -> InlineKeyboardMarkup:
    """A button for each topic, with its title where there are several."""
    label = words.TELL.say(language)
    rows = [
        [
            _button(
                label if len(found) == 1 else f"{label} #{each.topic.title.read_in(language)}#"[:40],
                TopicTap(token=words.token_of(each)),
            )
        ]
        for each in found
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _button(label: str, tap: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=tap.pack())
