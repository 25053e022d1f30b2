"""What no other handler wanted: a kind answer in private, silence in groups, life signs of the chat itself."""

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from campaigns.members.model import Member, PrivateChat
from campaigns.members.service import MemberService
from handlers.chat.filters import InPrivate
from handlers.wording import members as words

router = Router(name="strays")


@router.my_chat_member()
async def bot_moved(event: ChatMemberUpdated, member: Member, members: MemberService) -> None:
    """A person blocked or unblocked the bot; what happens in groups shows when the bot next writes there."""
    if event.chat.id == member.id:
        gone = event.new_chat_member.status == ChatMemberStatus.KICKED
        await members.set_private_chat(member, PrivateChat.BLOCKED if gone else PrivateChat.OPEN)


@router.callback_query()
async def stale_button(query: CallbackQuery, member: Member) -> AnswerCallbackQuery:
    """A button of another version, or a forged one."""
    return query.answer(words.STALE_BUTTON.say(member.language), show_alert=True)


@router.message(InPrivate())
async def not_understood(message: Message, member: Member) -> SendMessage:
    """Stickers, polls, long texts: nothing raises, everything gets a kind answer."""
    return message.answer(words.NOT_UNDERSTOOD.say(member.language))
