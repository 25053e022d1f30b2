"""A visitor's side of stamp rallies: taking part by a link, how far one is, where to go next, the rules."""

from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.rallies.course import RallyCourse
from campaigns.rallies.model import Rally, RallyRefusal
from campaigns.rallies.service import RallyService
from campaigns.stamp_cards.service import StampCardService
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.links import LinkTo
from handlers.chat.members import BindTap
from handlers.chat.numbers import RowId
from handlers.wording import members as member_words
from handlers.wording import rallies as words

router = Router(name="rally visits")

LONGEST_SOURCE = 16


class OwnStampsTap(CallbackData, prefix="own_stamps"):
    """Show how far one is."""


class RallyRulesTap(CallbackData, prefix="rally_rules"):
    """Show the rules of an event."""

    rally: RowId


@router.message(LinkTo("rally_"), InPrivate())
async def join_rally(
    message: Message, token: str, member: Member, rally_course: RallyCourse, zone: ZoneInfo
) -> SendMessage:
    """Take part by the link of a group, a poster or a person: `rally_CODE_SOURCE`; the source is kept."""
    code, _, source = token.partition("_")
    outcome = await rally_course.join(code, member, source[:LONGEST_SOURCE] or "link")
    if isinstance(outcome, RallyRefusal):
        return message.answer(words.refusal(outcome, member.language))
    return message.answer(
        words.joined(outcome, zone, member.language), reply_markup=_beneath(outcome.rally, member, with_stamps=True)
    )


@router.message(LinkTo("my_stamps"), InPrivate())
@router.message(Command("stamps", "集章"), InPrivate())
@router.message(Words(*words.STAMP_WORDS), InPrivate())
async def show_own_stamps(
    message: Message, member: Member, rally_course: RallyCourse, stamp_cards: StampCardService, zone: ZoneInfo
) -> SendMessage:
    """Stamps, medals, what is missing, where to go next; the card itself comes as a picture."""
    return await own_stamps(message, member, rally_course, stamp_cards, zone)


@router.callback_query(OwnStampsTap.filter(), InPrivate())
async def tap_own_stamps(
    query: CallbackQuery, member: Member, rally_course: RallyCourse, stamp_cards: StampCardService, zone: ZoneInfo
) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return await own_stamps(query.message, member, rally_course, stamp_cards, zone)


@router.message(Command("stamps"), InGroup())
async def stamps_in_group(message: Message, member: Member) -> SendMessage:
    """One's own stamps are a matter for private."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


@router.callback_query(RallyRulesTap.filter(), InPrivate())
async def tap_rules(
    query: CallbackQuery, callback_data: RallyRulesTap, member: Member, rallies: RallyService
) -> SendMessage | AnswerCallbackQuery:
    """The rules of an event that is announced."""
    page = await rallies.announced_rules(callback_data.rally, member.language)
    if page is None or not isinstance(query.message, Message):
        return query.answer(words.refusal(RallyRefusal.NO_RALLY, member.language), show_alert=True)
    return query.message.answer(page)


async def own_stamps(
    message: Message, member: Member, rally_course: RallyCourse, stamp_cards: StampCardService, zone: ZoneInfo
) -> SendMessage:
    """How far somebody is, whatever brought them here."""
    found = await rally_course.own(member)
    if found is None:
        return message.answer(words.NOT_TAKING_PART.say(member.language))
    await stamp_cards.send(found.rally, member)
    return message.answer(words.stand(found, zone, member.language), reply_markup=_beneath(found.rally, member))


def _beneath(rally: Rally, member: Member, *, with_stamps: bool = False) -> InlineKeyboardMarkup:
    """The rules, one's own stamps, and the way to a gift where that needs a linked number."""
    language = member.language
    row = [_button(words.RULES_BUTTON.say(language), RallyRulesTap(rally=rally.id))]
    if with_stamps:
        row.insert(0, _button(words.OWN_BUTTON.say(language), OwnStampsTap()))
    rows = [row]
    if rally.plan.needs_real_name and member.customer_id is None:
        rows.append([_button(member_words.BIND_BUTTON.say(language), BindTap(step="ask"))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
