"""/donations 公益: what the bank gives for opened accounts, for everybody, in private and in groups."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import SendMessage
from aiogram.types import Message

from campaigns.donations.service import DonationService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import Words
from handlers.wording import donations as words

router = Router(name="donations")

SHOWN = 2


@router.message(Command("donations"), flags={"action": Action.CHAT})
@router.message(Words(*words.DONATION_WORDS), flags={"action": Action.CHAT})
async def show_donations(
    message: Message, member: Member, donations: DonationService, public_address: str
) -> SendMessage:
    """Total and count of the newest pledges; no names."""
    found = (await donations.standings())[:SHOWN]
    return message.answer(words.lines(found, public_address, member.language))
