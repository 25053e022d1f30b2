"""Organisers take a stamp back in the chat, with a reason: `/void_stamp [EVENT] BOOTH NUMBER REASON`."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendMessage
from aiogram.types import Message

from campaigns.members.model import Member
from campaigns.rallies.model import Rally, RallyState
from campaigns.rallies.rules import may_run
from campaigns.rallies.service import RallyService
from campaigns.staff.model import Action
from campaigns.voids.service import VoidService
from handlers.chat.filters import InPrivate
from handlers.wording import voids as words

router = Router(name="voids")

MANAGES = {"action": Action.MANAGE_RALLIES}
HELD_NOW = (RallyState.RUNNING, RallyState.ENDED)


@router.message(Command("void_stamp"), InPrivate(), flags=MANAGES)
async def void_stamp(
    message: Message, command: CommandObject, member: Member, rallies: RallyService, voids: VoidService
) -> SendMessage:
    """The stamp counts no more; only whoever runs the event, and what it means for the medal is said."""
    own = [each for each in await rallies.all() if may_run(each, member) and each.state in HELD_NOW]
    if not own:
        return message.answer(words.NO_EVENT.say(member.language))
    rally, told = _event(own, (command.args or "").split())
    if len(told) < 3:
        return message.answer(words.USAGE.say(member.language))
    booth, number, *reason = told
    found = await voids.void(rally, booth, number, " ".join(reason), member.id)
    return message.answer(words.outcome(found, booth, number, member.language))


def _event(own: Sequence[Rally], told: list[str]) -> tuple[Rally, list[str]]:
    """The event whose code stands first, else the one that runs, else the latest; and the words that are left."""
    named = next((each for each in own if told and each.code == told[0].lower()), None)
    if named:
        return named, told[1:]
    return min(own, key=lambda each: HELD_NOW.index(each.state)), told
