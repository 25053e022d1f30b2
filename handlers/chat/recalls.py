"""撤回 in the chat: which campaign and why, how many heads, one button that does it."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.recalls.model import RecallRefusal
from campaigns.recalls.service import RecallService
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate
from handlers.wording import members as member_words
from handlers.wording import recalls as words

router = Router(name="recalls")

RECALLS = {"action": Action.STOP_SENDING}


class RecallTap(CallbackData, prefix="recall"):
    """The recall that this conversation keeps is meant."""

    message: int


@router.message(Command("recall"), InPrivate(), flags=RECALLS)
async def ask_recall(
    message: Message, command: CommandObject, member: Member, recalls: RecallService, state: FSMContext
) -> SendMessage:
    """What would be touched, with the button; alone, what could be recalled and what was."""
    campaign, _, reason = (command.args or "").strip().partition(" ")
    if not campaign:
        return message.answer(words.listing(await recalls.sent_lately(), await recalls.latest(), member.language))
    reach = await recalls.reach(campaign) if reason.strip() else RecallRefusal.NO_REASON
    if isinstance(reach, RecallRefusal):
        return message.answer(words.refusal(reach, member.language))
    await state.set_data({"recall": campaign, "reason": reason.strip(), "asked": message.message_id})
    label = words.CONFIRM.say(member.language, arrived=reach.arrived)
    button = InlineKeyboardButton(text=label, callback_data=RecallTap(message=message.message_id).pack())
    shown = words.check(reach, reason.strip(), member.language)
    return message.answer(shown, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.callback_query(RecallTap.filter(), InPrivate(), flags=RECALLS)
async def recall(
    query: CallbackQuery, callback_data: RecallTap, member: Member, recalls: RecallService, state: FSMContext
) -> EditMessageText | AnswerCallbackQuery:
    """Do it once: the conversation forgets what it asked about."""
    kept = await state.get_data()
    if kept.get("asked") != callback_data.message or not isinstance(query.message, Message):
        return query.answer(words.STALE.say(member.language), show_alert=True)
    await state.clear()
    done = await recalls.recall(str(kept["recall"]), str(kept["reason"]), str(member.id), member.id)
    if isinstance(done, RecallRefusal):
        return query.answer(words.refusal(done, member.language), show_alert=True)
    return query.message.edit_text(words.BEGUN.say(member.language))


@router.message(Command("recall"), InGroup(), flags=RECALLS)
async def recall_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of this is said in groups."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))
