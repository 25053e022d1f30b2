"""Where an event is announced: its groups, what will be posted to how many, and the word that publishes it."""

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton

from campaigns.members.model import Member
from campaigns.rallies.model import Placing, RallyRefusal
from campaigns.rallies.service import RallyService
from campaigns.staff.model import Action
from handlers.chat.filters import InPrivate
from handlers.chat.numbers import RowId
from handlers.chat.rally_buttons import LONGEST, RallyTap, RallyVerb, Reply, button, edited, labelled, refused
from handlers.wording import rally_desk as words

router = Router(name="rally announcements")

MANAGES = {"action": Action.MANAGE_RALLIES}
SHOWN_GROUPS = 40
CHOICES = (RallyVerb.PLACES, RallyVerb.ALL)


class RallyGroupTap(CallbackData, prefix="rally_group"):
    """A group that is chosen or left out."""

    rally: RowId
    group: RowId


@router.callback_query(RallyTap.filter(F.verb.in_(CHOICES)), InPrivate(), flags=MANAGES)
async def show_places(query: CallbackQuery, callback_data: RallyTap, member: Member, rallies: RallyService) -> Reply:
    """The groups of an announcement."""
    rally, is_all = callback_data.rally, callback_data.verb is RallyVerb.ALL
    found = await (rallies.toggle(rally, None, member) if is_all else rallies.placing(rally, member))
    return _places(query, found, member)


@router.callback_query(RallyGroupTap.filter(), InPrivate(), flags=MANAGES)
async def choose_place(
    query: CallbackQuery, callback_data: RallyGroupTap, member: Member, rallies: RallyService
) -> Reply:
    """Choose a group, or leave it out."""
    return _places(query, await rallies.toggle(callback_data.rally, callback_data.group, member), member)


@router.callback_query(RallyTap.filter(F.verb == RallyVerb.PREVIEW), InPrivate(), flags=MANAGES)
async def preview_rally(query: CallbackQuery, callback_data: RallyTap, member: Member, rallies: RallyService) -> Reply:
    """The rules as they will be posted, and how many people that reaches."""
    found = await rallies.preview(callback_data.rally, member)
    if isinstance(found, RallyRefusal):
        return refused(query, found, member)
    rally, language = found.placing.rally, member.language
    confirm = words.CONFIRM.say(language, heads=found.heads)
    rows = [[labelled(confirm, rally, RallyVerb.ANNOUNCE)], [button(words.BACK, rally, RallyVerb.PLACES, language)]]
    return edited(query, words.preview(found, language)[:LONGEST], rows, member)


@router.callback_query(RallyTap.filter(F.verb == RallyVerb.ANNOUNCE), InPrivate(), flags=MANAGES)
async def announce_rally(query: CallbackQuery, callback_data: RallyTap, member: Member, rallies: RallyService) -> Reply:
    """Publish what was shown."""
    outcome = await rallies.announce(callback_data.rally, member)
    if isinstance(outcome, RallyRefusal):
        return refused(query, outcome, member)
    rows = [[button(words.BACK, outcome, RallyVerb.SHOW, member.language)]]
    return edited(query, words.PUBLISHED.say(member.language), rows, member)


def _places(query: CallbackQuery, found: Placing | RallyRefusal, member: Member) -> Reply:
    """The groups with a tick on those chosen, a pin on those that were told."""
    if isinstance(found, RallyRefusal):
        return refused(query, found, member)
    rally, language = found.rally, member.language
    rows = [
        [
            InlineKeyboardButton(
                text=f"{_mark(found, group.id)}{group.title}",
                callback_data=RallyGroupTap(rally=rally.id, group=group.id).pack(),
            )
        ]
        for group in found.groups[:SHOWN_GROUPS]
    ]
    rows.append(
        [
            button(words.ALL, rally, RallyVerb.ALL, language),
            button(words.PREVIEW_BUTTON, rally, RallyVerb.PREVIEW, language),
        ]
    )
    rows.append([button(words.BACK, rally, RallyVerb.SHOW, language)])
    return edited(query, words.places(found, language), rows, member)


def _mark(found: Placing, group: int) -> str:
    return "📌 " if group in found.told else "✓ " if group in found.chosen else ""
