"""Looking after groups: suspicious messages, newcomers' names, the bot's own standing, a manager's word on a case."""

from typing import Literal

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from campaigns.care.model import DecisionRefusal, Suspicion, Words
from campaigns.care.service import CareService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import GROUPS, InGroup, InPrivate
from handlers.chat.numbers import RowId
from handlers.chat.rights import rights_in, rights_of
from handlers.wording import care as words

router = Router(name="care")

IN_CHARGE = {ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR}
OUT = {ChatMemberStatus.LEFT, ChatMemberStatus.KICKED}


class CareTap(CallbackData, prefix="care"):
    """A manager's word on a removed message."""

    deed: Literal["restore", "mute"]
    case: RowId


class Suspicious(Filter):
    """Words in a group that should not stand there."""

    async def __call__(self, message: Message, member: Member, care: CareService) -> bool | dict[str, object]:
        """Why, and the words, when they are suspicious."""
        written = _words_of(message, member)
        reason = care.suspect(member, written) if written.text else None
        return {"reason": reason, "written": written} if reason else False


class AboutGroup(Filter):
    """News of the bot's own standing in a group."""

    async def __call__(self, event: ChatMemberUpdated) -> bool:
        """Whether it is."""
        return event.chat.type in GROUPS


@router.edited_message(InGroup(), Suspicious())
@router.message(InGroup(), Suspicious())
async def remove_suspicious(
    message: Message, bot: Bot, member: Member, care: CareService, reason: Suspicion, written: Words
) -> None:
    """Take it away and tell the manager; administrators of the group are never touched."""
    chat = message.chat.id
    if not await _is_in_charge(bot, chat, member.id):
        rights = await rights_of(bot, chat)
        await care.remove(chat, member, message.message_id, reason, written, may_delete=rights.delete)


@router.my_chat_member(AboutGroup())
async def bot_standing_changed(event: ChatMemberUpdated, care: CareService) -> None:
    """Somebody took rights away from the bot, or the bot out of the group."""
    now = event.new_chat_member
    before = rights_in(event.old_chat_member)
    await care.rights_changed(event.chat.id, before, rights_in(now), is_inside=now.status not in OUT)


@router.callback_query(CareTap.filter(), InPrivate(), flags={"action": Action.REGISTER_GROUP})
async def decide_case(
    query: CallbackQuery, callback_data: CareTap, bot: Bot, member: Member, care: CareService
) -> AnswerCallbackQuery:
    """Restore the message, or mute who wrote it."""
    case = await care.find(callback_data.case)
    if case is None:
        return query.answer(words.decision_refusal(DecisionRefusal.UNKNOWN, member.language), show_alert=True)
    if callback_data.deed == "restore":
        outcome, done = await care.restore(case.id, member), words.RESTORED
    else:
        outcome, done = await care.mute(case.id, member, await rights_of(bot, case.chat_id)), words.MUTED
    if isinstance(outcome, DecisionRefusal):
        return query.answer(words.decision_refusal(outcome, member.language), show_alert=True)
    return query.answer(done.say(member.language))


def _words_of(message: Message, member: Member) -> Words:
    """What a message says: its text or caption, the addresses behind its words, and the name above it."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or []
    hidden = tuple(entity.url for entity in entities if entity.url)
    buttons = message.reply_markup.inline_keyboard if message.reply_markup else []
    return Words(text, member.name, hidden + tuple(button.url for row in buttons for button in row if button.url))


async def _is_in_charge(bot: Bot, chat_id: int, member_id: int) -> bool:
    try:
        return (await bot.get_chat_member(chat_id, member_id)).status in IN_CHARGE
    except TelegramAPIError:
        return False
