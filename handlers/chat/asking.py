"""Plain words: live data, reviewed answers, or a question for a person; in groups only when the bot is addressed."""

from zoneinfo import ZoneInfo

from aiogram import Bot, Router
from aiogram.filters import Command, Filter, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.answers.intents import intent_of
from campaigns.answers.live import LiveData
from campaigns.answers.model import AnswerEntry, Intent, Known, Near, Wanted
from campaigns.answers.service import AnswerService
from campaigns.chains.service import ChainService
from campaigns.members.model import Member, PrivateChat
from campaigns.members.service import MemberService
from campaigns.questions.model import AskCode, Asked
from campaigns.questions.rules import complains
from campaigns.questions.service import QuestionService
from campaigns.rallies.course import RallyCourse
from campaigns.stamp_cards.service import StampCardService
from handlers.chat import members, points, progress, redemptions
from handlers.chat.asking_buttons import EntryTap, OwnChainsTap, PersonTap, SpeakTap, button, to_person
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.links import LinkTo
from handlers.chat.numbers import RowId
from handlers.chat.question_buttons import WithdrawTap
from handlers.chat.rally_visits import own_stamps
from handlers.wording import answers as words
from handlers.wording import members as member_words
from handlers.wording import questions as question_words

doors = Router(name="asking_doors")  # Before the greeting, which takes every other deep link.
router = Router(name="asking")  # After everything that knows its own words.

ASKS = frozenset("?？吗呢么")
ASKING = ("怎么", "什么", "多少", "如何", "为什么", "哪", "how ", "what ", "when ", "why ", "where ", "can i")


class Asking(StatesGroup):
    """A member was asked to write a question for a person."""

    words = State()


class Wants(Filter):
    """The words name one of the bot's own things."""

    def __init__(self, intent: Intent) -> None:
        self._intent = intent

    async def __call__(self, message: Message) -> bool:
        """Whether they do."""
        return intent_of(message.text or "") is self._intent


class Addressed(Filter):
    """The bot is mentioned, or one of its messages is replied to; hands over what is said beside the mention."""

    async def __call__(self, message: Message, bot: Bot, username: str) -> bool | dict[str, str | bool]:
        """The words, and whether the bot was called by name."""
        text = message.text or ""
        names = [
            entity.extract_from(text)
            for entity in message.entities or []
            if entity.type == "mention" or (entity.user is not None and entity.user.id == bot.id)
        ]
        called = [name for name in names if name.casefold() == f"@{username}".casefold() or not name.startswith("@")]
        for name in called:
            text = text.replace(name, " ")
        replied = message.reply_to_message
        to_us = replied is not None and replied.from_user is not None and replied.from_user.id == bot.id
        if not called and not to_us:
            return False
        return {"asked": text.strip(), "called": bool(called)}


# What other features show, asked for in other words or by a link from a group.
router.message.register(points.show_points, Wants(Intent.POINTS), InPrivate())
doors.message.register(points.show_points, LinkTo("my_points"), InPrivate())
router.message.register(redemptions.list_to_fetch, Wants(Intent.COUPONS), InPrivate())
doors.message.register(redemptions.list_to_fetch, LinkTo("my_coupons"), InPrivate())
router.message.register(progress.show_progress, Wants(Intent.PROGRESS), InPrivate())
doors.message.register(progress.show_progress, LinkTo("my_progress"), InPrivate())
router.message.register(members.show_help, Wants(Intent.HELP), InPrivate())
router.message.register(members.switch_language, Wants(Intent.LANGUAGE), InPrivate())
doors.message.register(members.switch_language, LinkTo("my_language"), InPrivate())


@doors.message(LinkTo("ask"), InPrivate())
@router.message(Wants(Intent.PERSON), InPrivate(), StateFilter(None))
@router.message(Command("ask"), InPrivate())
async def offer_person(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """The next words go to a person as they are."""
    return await _offer(message, member, state)


@router.callback_query(PersonTap.filter(), InPrivate())
async def tap_person(query: CallbackQuery, member: Member, state: FSMContext) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return await _offer(query.message, member, state)


@doors.message(StateFilter(Asking), InPrivate(), Words("取消", "cancel", "/cancel"))
async def cancel_asking(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Stop asking."""
    await state.clear()
    return message.answer(question_words.CANCELLED.say(member.language))


@doors.message(StateFilter(Asking), InPrivate(), NoCommand())
async def ask_person(
    message: Message, member: Member, questions: QuestionService, state: FSMContext, zone: ZoneInfo
) -> SendMessage | None:
    """A question for a person, whatever it is about."""
    await state.clear()
    asked = await questions.ask(member, message.text or message.caption or "")
    return _asked(message, asked, member, zone)


@doors.message(LinkTo("my_chains"), InPrivate())
@router.message(Command("my_chains"), InPrivate())
@router.message(Wants(Intent.CHAINS), InPrivate())
async def show_own_chains(message: Message, member: Member, live: LiveData, zone: ZoneInfo) -> SendMessage:
    """The member's own entries."""
    return await _own_chains(message, member, live, zone)


@router.callback_query(OwnChainsTap.filter(), InPrivate())
async def tap_own_chains(
    query: CallbackQuery, member: Member, live: LiveData, zone: ZoneInfo
) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return await _own_chains(query.message, member, live, zone)


@router.message(Wants(Intent.STAMPS), InPrivate())
async def show_stamps(
    message: Message, member: Member, rally_course: RallyCourse, stamp_cards: StampCardService, zone: ZoneInfo
) -> SendMessage:
    """The member's own stamps."""
    return await own_stamps(message, member, rally_course, stamp_cards, zone)


@router.message(Wants(Intent.GREETING), InPrivate())
async def greet_back(message: Message, member: Member) -> SendMessage:
    """A greeting is no question."""
    return message.answer(words.WELCOME.say(member.language))


@router.message(Wants(Intent.THANKS), InPrivate())
async def thank_back(message: Message, member: Member) -> SendMessage:
    """Nor are thanks."""
    return message.answer(words.YOU_ARE_WELCOME.say(member.language))


@router.message(Words("+1", "-1", "加一", "减一", "我要接龙", "参团", "报名", "退出接龙"), InPrivate())
async def send_to_group(message: Message, member: Member) -> SendMessage:
    """Sign-up belongs to the group."""
    return message.answer(words.IN_GROUP_ONLY.say(member.language))


@router.callback_query(SpeakTap.filter())
async def tap_speak(
    query: CallbackQuery, callback_data: SpeakTap, member: Member, members: MemberService
) -> AnswerCallbackQuery:
    """Speak the language on the button."""
    await members.choose_language(member, callback_data.to)
    return query.answer(member_words.LANGUAGE_SET.say(callback_data.to))


@router.callback_query(EntryTap.filter())
async def tap_entry(
    query: CallbackQuery, callback_data: EntryTap, member: Member, answers: AnswerService, bank: str
) -> SendMessage | AnswerCallbackQuery:
    """The answer that was meant."""
    entry = await answers.entry(callback_data.key)
    if entry is None or not entry.asked or not isinstance(query.message, Message):
        return query.answer(words.GONE.say(member.language), show_alert=True)
    return _entry(query.message, entry, member, bank)


@doors.message(LinkTo("a_"), InPrivate())
async def open_entry(message: Message, token: str, member: Member, answers: AnswerService, bank: str) -> SendMessage:
    """An answer from a group, in full."""
    entry = await answers.entry(token)
    if entry is None or not entry.asked:
        return message.answer(words.GONE.say(member.language))
    return _entry(message, entry, member, bank)


@router.message(InPrivate(), NoCommand(), StateFilter(None))
async def hear(
    message: Message, member: Member, answers: AnswerService, questions: QuestionService, bank: str, zone: ZoneInfo
) -> SendMessage | None:
    """Whatever else is written in private: an answer, a choice, or a question for a person."""
    text = message.text or ""
    if not any(character.isalnum() for character in text):
        return message.answer(member_words.NOT_UNDERSTOOD.say(member.language))
    if complains(text):
        return _asked(message, await questions.ask(member, text), member, zone)
    found = await answers.understand(text)
    if isinstance(found, Known):
        return _entry(message, found.entry, member, bank)
    if isinstance(found, Near):
        rows = [[button(words.title_of(each, member.language), EntryTap(key=each.key))] for each in found.entries]
        rows.append([button(words.PERSON_BUTTON.say(member.language), PersonTap())])
        return message.answer(
            words.WHICH_ONE.say(member.language), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
        )
    return _asked(message, await questions.ask(member, text), member, zone)


@router.message(InGroup(), NoCommand(), Addressed())
async def hear_in_group(
    message: Message,
    asked: str,
    called: bool,
    member: Member,
    answers: AnswerService,
    questions: QuestionService,
    chains: ChainService,
    bank: str,
    username: str,
    zone: ZoneInfo,
) -> SendMessage | None:
    """A short public answer without anything personal; a reply that asks nothing is small talk."""
    found = await answers.understand(asked)
    if isinstance(found, Wanted):
        return await _wanted_in_group(message, found.intent, called, member, chains, username, zone)
    if isinstance(found, Known):
        text, is_all = words.short_of(found.entry, bank, member.language)
        return message.reply(text, reply_markup=None if is_all else _links(username, [found.entry], member))
    if isinstance(found, Near):
        return message.reply(
            words.WHICH_ONE.say(member.language), reply_markup=_links(username, found.entries, member, titles=True)
        )
    if not any(character.isalnum() for character in asked):
        return message.reply(await _here(message, chains, zone, member)) if called else None
    if not called and not asks_something(asked):
        return None
    outcome = await questions.ask(member, asked, message.chat.id)
    text = question_words.asked(outcome, zone, member.language, in_group=True) or ""
    if outcome.code is AskCode.NOBODY and called:
        return message.reply(await _here(message, chains, zone, member))
    markup = None
    if member.private_chat is not PrivateChat.OPEN:
        markup = _link(username, "ask", question_words.OPEN_PRIVATE.say(member.language))
    return message.reply(text, reply_markup=markup) if text else None


@router.message(Command("help", "帮助"), InGroup())
async def help_in_group(message: Message, member: Member, chains: ChainService, zone: ZoneInfo) -> SendMessage:
    """What is possible in this group at this moment."""
    return message.reply(await _here(message, chains, zone, member))


def asks_something(text: str) -> bool:
    """Whether words look like a question, so that small talk below a card stays small talk."""
    plain = text.casefold()
    return any(mark in plain for mark in ASKS) or any(word in f"{plain} " for word in ASKING)


async def _offer(message: Message, member: Member, state: FSMContext) -> SendMessage:
    await state.set_state(Asking.words)
    return message.answer(question_words.ASK_NOW.say(member.language))


async def _own_chains(message: Message, member: Member, live: LiveData, zone: ZoneInfo) -> SendMessage:
    return message.answer(words.own_chains(await live.chains(member.id), zone, member.language))


async def _wanted_in_group(
    message: Message,
    intent: Intent,
    called: bool,
    member: Member,
    chains: ChainService,
    username: str,
    zone: ZoneInfo,
) -> SendMessage | None:
    """What is personal moves to private; thanks below a card are small talk."""
    match intent:
        case Intent.HELP | Intent.GREETING:
            return message.reply(await _here(message, chains, zone, member)) if called else None
        case Intent.THANKS:
            return message.reply(words.YOU_ARE_WELCOME.say(member.language)) if called else None
        case Intent.PERSON:
            start, text = "ask", words.PRIVATE_BUTTON.say(member.language)
        case _:
            start, text = f"my_{intent}", words.PRIVATE_BUTTON.say(member.language)
    return message.reply(words.PERSONAL.say(member.language), reply_markup=_link(username, start, text))


async def _here(message: Message, chains: ChainService, zone: ZoneInfo, member: Member) -> str:
    return words.here_and_now(await chains.open_in(message.chat.id), zone, member.language)


def _entry(message: Message, entry: AnswerEntry, member: Member, bank: str) -> SendMessage:
    return message.answer(words.text_of(entry, bank, member.language), reply_markup=to_person(member))


def _asked(message: Message, asked: Asked, member: Member, zone: ZoneInfo) -> SendMessage | None:
    """By when the answer comes, with the way back; silence for lines in the same breath."""
    if asked.code is AskCode.NOBODY or asked.question is None:
        return message.answer(member_words.NOT_UNDERSTOOD.say(member.language))
    text = question_words.asked(asked, zone, member.language, complains=complains(message.text or ""))
    if text is None:
        return None
    question: RowId = asked.question.id
    back = button(question_words.WITHDRAW_BUTTON.say(member.language), WithdrawTap(question=question))
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[back]]))


def _link(username: str, start: str, label: str) -> InlineKeyboardMarkup:
    link = InlineKeyboardButton(text=label, url=f"https://t.me/{username}?start={start}")
    return InlineKeyboardMarkup(inline_keyboard=[[link]])


def _links(
    username: str, entries: list[AnswerEntry] | tuple[AnswerEntry, ...], member: Member, *, titles: bool = False
) -> InlineKeyboardMarkup:
    """Deep links to whole answers, by their titles where several are to choose from."""
    more = words.MORE_BUTTON.say(member.language)
    rows = [
        [
            InlineKeyboardButton(
                text=words.title_of(each, member.language) if titles else more,
                url=f"https://t.me/{username}?start=a_{each.key}",
            )
        ]
        for each in entries
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)
