"""Entries by word in a group: sign-ups, changes, withdrawals, and the questions that come back."""

from typing import Annotated

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.chains.entry_reading import Question, Wish, read_among, read_entry
from campaigns.chains.model import Chain, Claim, ClaimCode, ClaimOutcome, Order, Verb
from campaigns.chains.service import ChainService, ClaimDesk
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup
from handlers.chat.numbers import RowId
from handlers.wording import chains as chain_words
from handlers.wording import entries as words

router = Router(name="entries")


class EntryTap(CallbackData, prefix="chain_entry"):
    """One of the answers to a question about somebody's words."""

    chain: RowId
    answer: Annotated[int, Field(ge=0, le=50)]


class ItemTap(CallbackData, prefix="chain_item"):
    """One unit of an item, on the card of a chain that has several."""

    chain: RowId
    item: Annotated[int, Field(ge=1, le=50)]


@router.callback_query(ItemTap.filter(), flags={"action": Action.JOIN_CHAIN})
async def tap_item(
    query: CallbackQuery, callback_data: ItemTap, member: Member, claims: ClaimDesk
) -> AnswerCallbackQuery:
    """Take one unit of an item."""
    here = query.message.chat.id if query.message else member.id
    wish = Wish(Verb.JOIN, (Order(1, callback_data.item),))
    outcome = await claims.claim(callback_data.chain, claim_of(wish, member, here))
    return query.answer(chain_words.claim(outcome, member.language))


@router.message(Command("join"), InGroup(), flags={"action": Action.JOIN_CHAIN})
@router.message(Command("leave"), InGroup(), flags={"action": Action.JOIN_CHAIN})
async def command_entry(
    message: Message, command: CommandObject, member: Member, chains: ChainService, claims: ClaimDesk
) -> SendMessage:
    """`/join 2` and `/leave`: the same words as a command, which is never small talk."""
    answer = await _answer(message, f"{command.command} {command.args or ''}", member, chains, claims, addressed=True)
    return answer or message.reply(chain_words.NO_OPEN_CHAIN.say(member.language))


@router.message(InGroup(), F.text, ~F.text.startswith("/"), flags={"action": Action.JOIN_CHAIN})
async def say_entry(
    message: Message, member: Member, chains: ChainService, claims: ClaimDesk, username: str
) -> SendMessage:
    """Words that mean an open chain; everything else is left to others, or to silence."""
    text = message.text or ""
    replied = message.reply_to_message and message.reply_to_message.from_user
    to_bot = bool(replied and replied.username == username)
    plain = text.replace(f"@{username}", " ")
    answer = await _answer(message, plain, member, chains, claims, addressed=to_bot or plain != text)
    if answer is None:
        raise SkipHandler
    return answer


async def _answer(
    message: Message, text: str, member: Member, chains: ChainService, claims: ClaimDesk, *, addressed: bool
) -> SendMessage | None:
    found = await chains.open_in(message.chat.id)
    read = read_among(found, text, member.id, member.name, addressed=addressed)
    if not read:
        return None
    if len(read) > 1:
        return message.reply(words.WHICH_CHAIN.say(member.language))
    [(chain, said)] = read
    if isinstance(said, Question):
        return message.reply(words.question(said, chain, member.language), reply_markup=_keyboard(said, chain, member))
    return message.reply(await _claim(chain, said, member, message.chat.id, claims))


@router.callback_query(EntryTap.filter(), InGroup(), flags={"action": Action.JOIN_CHAIN})
async def answer_entry(
    query: CallbackQuery, callback_data: EntryTap, member: Member, chains: ChainService, claims: ClaimDesk
) -> AnswerCallbackQuery | EditMessageText | bool:
    """The writer's answer: the words are read again, since a button has no room for them."""
    asked = query.message
    said = asked.reply_to_message if isinstance(asked, Message) else None
    if not isinstance(asked, Message) or said is None or said.text is None or said.from_user is None:
        return query.answer(words.OUTDATED.say(member.language), show_alert=True)
    if said.from_user.id != member.id:
        return query.answer(words.NOT_YOUR_WORDS.say(member.language), show_alert=True)
    found = [chain for chain in await chains.open_in(asked.chat.id) if chain.id == callback_data.chain]
    text = said.text.replace(f"@{asked.from_user.username}", " ") if asked.from_user else said.text
    read = read_entry(text, found[0], member.id, member.name, addressed=text != said.text) if found else None
    if not isinstance(read, Question) or callback_data.answer >= len(read.answers):
        return query.answer(words.OUTDATED.say(member.language), show_alert=True)
    return asked.edit_text(await _claim(found[0], read.answers[callback_data.answer], member, asked.chat.id, claims))


def claim_of(wish: Wish, member: Member, chat_id: int) -> Claim:
    """A member's wish as a claim from a chat."""
    return Claim(wish.verb, member.id, masked(member.name), chat_id, wish.orders, wish.note, wish.proxy)


async def _claim(chain: Chain, wish: Wish, member: Member, chat_id: int, claims: ClaimDesk) -> str:
    outcome: ClaimOutcome = await claims.claim(chain.id, claim_of(wish, member, chat_id))
    if outcome.code is ClaimCode.OVER_LIMIT and outcome.limit == 1 and wish.verb is Verb.JOIN:
        return words.ONE_EACH.say(member.language)
    return chain_words.claim_in_group(outcome, member.language, wish.proxy)


def _keyboard(question: Question, chain: Chain, member: Member) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton(
                text=words.answer(question, wish, chain, member.language),
                callback_data=EntryTap(chain=chain.id, answer=number).pack(),
            )
        ]
        for number, wish in enumerate(question.answers)
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
