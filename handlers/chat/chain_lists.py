"""The lists of a chain: to copy, who is missing, as a file, longer; and lists pasted from WeChat."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendDocument, SendMessage
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.chains.model import Chain, ChainState, Claim, CloseRefusal, Verb
from campaigns.chains.pasted_lists import PastedList, is_pasted_list, read_pasted_list, without
from campaigns.chains.service import ChainService
from campaigns.chains.sheets import sheet
from campaigns.customers.lookups import LookupService
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.model import Action
from handlers.chat.chain_files import csv_file, workbook
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.numbers import RowId
from handlers.wording import chain_lists as words
from handlers.wording import chains as chain_words

router = Router(name="chain_lists")


class Deed(StrEnum):
    """What a manager does with a chain beside opening and closing it."""

    SHOW = "show"
    COPY = "copy"
    MISSING = "missing"
    CSV = "csv"
    WORKBOOK = "xlsx"
    DAY = "day"
    THREE_DAYS = "days"


LONGER = {Deed.DAY: 1, Deed.THREE_DAYS: 3}


class DeedTap(CallbackData, prefix="chain_deed"):
    """A manager's button on one chain."""

    chain: RowId
    deed: Deed


class TakeTap(CallbackData, prefix="chain_take"):
    """Take a pasted list over into a chain, or show first what would be taken."""

    chain: RowId
    sure: bool


class PastedText(Filter):
    """A sign-up list of WeChat's form."""

    async def __call__(self, message: Message) -> bool:
        """Whether it is one."""
        return message.text is not None and is_pasted_list(message.text)


@router.message(Words("接龙列表", "接龍列表", "接龙名单", "接龍名單"), InGroup(), flags={"action": Action.JOIN_CHAIN})
async def copy_list(message: Message, member: Member, chains: ChainService) -> SendMessage | None:
    """The open chains' lists to copy, masked; silence where none is open."""
    found = await chains.open_in(message.chat.id)
    texts = [words.copyable(chain, None, member.language) for chain in found]
    return message.reply(chain_words.fitting(texts)) if texts else None


@router.message(Words("谁还没接", "誰還沒接", "接龙未报"), InPrivate(), flags={"action": Action.SEE_CHAIN_NAMES})
async def list_missing(message: Message, member: Member, chains: ChainService) -> SendMessage:
    """Who has no entry in the manager's open chains."""
    found = [chain for chain in await chains.of(member) if chain.state is ChainState.OPEN]
    texts = [words.missing(chain, (await chains.missing(chain)).values(), member.language) for chain in found]
    return message.answer(chain_words.fitting(texts) if texts else chain_words.NO_CHAINS.say(member.language))


@router.callback_query(DeedTap.filter(), InPrivate(), flags={"action": Action.SEE_CHAIN_NAMES})
async def do_with_chain(
    query: CallbackQuery,
    callback_data: DeedTap,
    member: Member,
    chains: ChainService,
    lookups: LookupService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage | SendDocument | AnswerCallbackQuery:
    """One deed on one of the manager's chains."""
    chain = await _mine(callback_data.chain, member, chains)
    if chain is None or not isinstance(query.message, Message):
        return query.answer(chain_words.NO_CHAIN.say(member.language), show_alert=True)
    language, deed = member.language, callback_data.deed
    match deed:
        case Deed.SHOW:
            text = words.WHAT.say(language, product=chain.product)
            return query.message.answer(text, reply_markup=_menu(chain, member))
        case Deed.COPY:
            return query.message.answer(words.copyable(chain, await chains.names(chain), language))
        case Deed.MISSING:
            return query.message.answer(words.missing(chain, (await chains.missing(chain)).values(), language))
        case Deed.CSV | Deed.WORKBOOK:
            return query.message.answer_document(
                await _file(chain, deed, member, chains, lookups),
                caption=words.FILE.say(language, product=chain.product, n=len(chain.entries) + len(chain.waiting)),
            )
        case Deed.DAY | Deed.THREE_DAYS:
            begins = now if chain.state is ChainState.CLOSED else chain.deadline
            outcome = await chains.extend(chain.id, member, begins + timedelta(days=LONGER[deed]))
            if isinstance(outcome, CloseRefusal):
                return query.answer(chain_words.close_refusal(outcome, language), show_alert=True)
            return query.answer(words.extended(outcome, zone, language), show_alert=True)


@router.message(PastedText(), InGroup(), flags={"action": Action.JOIN_CHAIN})
async def pasted_in_group(message: Message, member: Member, chains: ChainService) -> SendMessage:
    """Names belong into the private chat; of anybody but the leader a pasted list is small talk."""
    if not any(chain.leader_id == member.id for chain in await chains.open_in(message.chat.id)):
        raise SkipHandler
    return message.reply(words.PASTE_IN_PRIVATE.say(member.language))


@router.message(PastedText(), InPrivate(), flags={"action": Action.OPEN_CHAIN})
async def paste_list(message: Message, member: Member, chains: ChainService) -> SendMessage:
    """Show what was read of a list; with several open chains, the title or the manager says which is meant."""
    text = message.text or ""
    found = [c for c in await chains.of(member) if c.state is ChainState.OPEN and c.leader_id == member.id]
    if not found:
        return message.answer(words.NO_CHAIN_FOR_LIST.say(member.language))
    named = [chain for chain in found if chain.product in text] or found
    if len(named) > 1:
        keyboard = [[_button(chain.product, TakeTap(chain=chain.id, sure=False))] for chain in named]
        markup = InlineKeyboardMarkup(inline_keyboard=keyboard)
        return message.reply(words.WHICH_CHAIN.say(member.language), reply_markup=markup)
    shown, markup_or_none = await _preview(named[0], text, member, chains)
    return message.reply(shown, reply_markup=markup_or_none)


@router.callback_query(TakeTap.filter(), InPrivate(), flags={"action": Action.OPEN_CHAIN})
async def take_list(
    query: CallbackQuery, callback_data: TakeTap, member: Member, chains: ChainService
) -> AnswerCallbackQuery | EditMessageText | bool:
    """Take over what the preview showed: each line becomes an entry that the manager wrote for somebody."""
    asked = query.message if isinstance(query.message, Message) else None
    said = asked.reply_to_message if asked else None
    chain = await _mine(callback_data.chain, member, chains)
    if asked is None or said is None or not said.text or chain is None or chain.leader_id != member.id:
        return query.answer(words.OUTDATED.say(member.language), show_alert=True)
    if not callback_data.sure:
        shown, markup = await _preview(chain, said.text, member, chains)
        return asked.edit_text(shown, reply_markup=markup)
    pasted, _ = await _read(chain, said.text, chains)
    claims = [
        Claim(Verb.JOIN, member.id, masked(member.name), chain.chat_id, line.orders, line.note, line.name)
        for line in pasted.lines
    ]
    outcomes = await chains.decide(chain.id, claims)
    return asked.edit_text(words.taken_over(outcomes, member.language))


async def _mine(chain_id: int, member: Member, chains: ChainService) -> Chain | None:
    return next((chain for chain in await chains.of(member) if chain.id == chain_id), None)


async def _read(chain: Chain, text: str, chains: ChainService) -> tuple[PastedList, tuple[str, ...]]:
    names = [*(await chains.names(chain)).values(), *(e.proxy for e in (*chain.entries, *chain.waiting) if e.proxy)]
    return without(read_pasted_list(text, chain.items, chain.limit), names)


async def _preview(
    chain: Chain, text: str, member: Member, chains: ChainService
) -> tuple[str, InlineKeyboardMarkup | None]:
    pasted, there = await _read(chain, text, chains)
    shown = words.preview(chain, pasted, there, member.language)
    if not pasted.lines:
        return f"{shown}\n\n{words.NOTHING_READ.say(member.language)}", None
    button = _button(words.TAKE.say(member.language, n=len(pasted.lines)), TakeTap(chain=chain.id, sure=True))
    return shown, InlineKeyboardMarkup(inline_keyboard=[[button]])


async def _file(
    chain: Chain, deed: Deed, member: Member, chains: ChainService, lookups: LookupService
) -> BufferedInputFile:
    """The chain's file: full names for its leader, whose look is recorded; masked for another manager of the group."""
    names = None
    if chain.leader_id == member.id:
        names = await chains.names(chain)
        await lookups.exported(sorted({entry.member_id for entry in (*chain.entries, *chain.waiting)}), member)
    made = (csv_file if deed is Deed.CSV else workbook)(sheet(chain, names), member.language)
    return BufferedInputFile(made, f"chain-{chain.id}.{deed}")


def more_button(chain: Chain, member: Member) -> InlineKeyboardButton:
    """The button that opens what a manager may do with a chain."""
    return _button(words.MORE.say(member.language, product=chain.product), DeedTap(chain=chain.id, deed=Deed.SHOW))


def _menu(chain: Chain, member: Member) -> InlineKeyboardMarkup:
    language = member.language
    rows = (
        ((words.COPY.say(language), Deed.COPY), (words.MISSING.say(language), Deed.MISSING)),
        ((words.CSV.say(language), Deed.CSV), (words.WORKBOOK.say(language), Deed.WORKBOOK)),
        tuple((words.LONGER.say(language, days=days), deed) for deed, days in LONGER.items()),
    )
    keyboard = [[_button(label, DeedTap(chain=chain.id, deed=deed)) for label, deed in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=keyboard)


def _button(label: str, tap: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=tap.pack())
