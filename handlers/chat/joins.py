"""What somebody sees who scanned a poster, opened a code's link, or typed the code."""

import re
import unicodedata
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Filter, StateFilter
from aiogram.methods import SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.publicity.service import CODE_ALPHABET, CODE_LENGTH, PublicityService
from handlers.chat.filters import InPrivate
from handlers.chat.links import LinkTo
from handlers.wording import joins as words

router = Router(name="joins")

_TYPED = re.compile(rf"(?:进群|加群|JOIN)\s*[:+]?\s*([{CODE_ALPHABET}]{{{CODE_LENGTH}}})")


class TypedCode(Filter):
    """The whole text is 进群 and a printed code."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        """The code, when it is."""
        plain = unicodedata.normalize("NFKC", message.text or "").strip().upper()
        found = _TYPED.fullmatch(plain)
        return {"token": found[1]} if found else False


@router.message(LinkTo("j_"), InPrivate())
@router.message(TypedCode(), InPrivate(), StateFilter(None))
async def open_code(
    message: Message, token: str, member: Member, publicity: PublicityService, bank: str, zone: ZoneInfo
) -> SendMessage:
    """Say what the event is and show the way into the group."""
    found = await publicity.open(token, member)
    text = words.opened(found, bank, zone, member.language)
    if found.link is None:
        return message.answer(text)
    button = InlineKeyboardButton(text=words.JOIN_BUTTON.say(member.language), url=found.link)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))
