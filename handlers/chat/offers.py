"""Offers: a manager previews, confirms and sees the books; a customer asks why."""

from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.journeys.service import JourneyService
from campaigns.members.model import Member
from campaigns.offers.interest import OfferInterest
from campaigns.offers.model import ConfirmRefusal, PreviewRefusal
from campaigns.offers.service import OfferService
from campaigns.promotions.reasons import PromotionReasons
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.numbers import RowId
from handlers.wording import journeys as journey_words
from handlers.wording import offers as words
from handlers.wording import promotion_reasons as promotion_words
from handlers.wording.times import when

router = Router(name="offers")


class OfferTap(CallbackData, prefix="offer"):
    """The manager's button that confirms a previewed campaign."""

    campaign: RowId


class WhyTap(CallbackData, prefix=words.WHY_DATA):
    """The button under an offer that asks why it came."""


@router.message(Command("offer"), InPrivate(), flags={"action": Action.SEND_OFFERS})
@router.message(Words("发福利", "优惠"), InPrivate(), flags={"action": Action.SEND_OFFERS})
async def preview_offers(message: Message, member: Member, offers: OfferService) -> SendMessage:
    """Show who would get what; nothing is sent before the button is tapped."""
    found = await offers.preview(member)
    if isinstance(found, PreviewRefusal):
        return message.answer(words.preview_refusal(found, member.language))
    shown = words.preview(found, member.language)
    markup = InlineKeyboardMarkup.model_validate(shown.payload()["reply_markup"]) if shown.buttons else None
    return message.answer(shown.text, reply_markup=markup)


@router.callback_query(OfferTap.filter(), InPrivate(), flags={"action": Action.SEND_OFFERS})
async def confirm_offers(
    query: CallbackQuery, callback_data: OfferTap, member: Member, offers: OfferService
) -> AnswerCallbackQuery | EditMessageText:
    """Send what was previewed: once, by the manager who saw it; the preview says so and loses its button."""
    outcome = await offers.confirm(callback_data.campaign, member)
    if isinstance(outcome, ConfirmRefusal):
        return query.answer(words.confirm_refusal(outcome, member.language), show_alert=True)
    done = words.confirmed(outcome, member.language)
    if isinstance(query.message, Message):
        return query.message.edit_text(f"{query.message.text}\n\n{done}")
    return query.answer(done, show_alert=True)


@router.message(Command("offers"), InPrivate(), flags={"action": Action.SEND_OFFERS})
@router.message(Words("福利结果", "发放结果"), InPrivate(), flags={"action": Action.SEND_OFFERS})
async def show_books(message: Message, member: Member, offers: OfferService) -> SendMessage:
    """The closing equations of the manager's last campaigns."""
    found = await offers.books(member)
    if not found:
        return message.answer(words.NO_CAMPAIGNS.say(member.language))
    return message.answer("\n\n".join(words.books(books, member.language) for books in found))


@router.message(Command("offer", "offers"), InGroup(), flags={"action": Action.SEND_OFFERS})
async def offers_in_group(message: Message, member: Member) -> SendMessage:
    """Heads and names are not for groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.message(Command("why_me"), InPrivate())
@router.message(Words("为什么给我", "why me", "why me?"), InPrivate())
async def say_why(
    message: Message,
    member: Member,
    offers: OfferService,
    journeys: JourneyService,
    promotion_reasons: PromotionReasons,
    zone: ZoneInfo,
) -> SendMessage:
    """The true reason for the last offer."""
    return message.answer(await _reason(member, offers, journeys, promotion_reasons, zone))


@router.callback_query(F.data == words.INTERESTED_DATA, InPrivate())
async def answer_offer(
    query: CallbackQuery, member: Member, offer_interest: OfferInterest, zone: ZoneInfo
) -> AnswerCallbackQuery:
    """The customer wants to hear more: who looks after them has it among the follow-ups."""
    due = await offer_interest.respond(member)
    if due is None:
        return query.answer(words.NOBODY_CALLS.say(member.language), show_alert=True)
    return query.answer(words.WILL_CALL.say(member.language, due=when(due, zone, member.language)), show_alert=True)


@router.callback_query(WhyTap.filter(), InPrivate())
async def tap_why(
    query: CallbackQuery,
    member: Member,
    offers: OfferService,
    journeys: JourneyService,
    promotion_reasons: PromotionReasons,
    zone: ZoneInfo,
) -> SendMessage | AnswerCallbackQuery:
    """The same by button; the answer is longer than a button's answer may be."""
    answer = await _reason(member, offers, journeys, promotion_reasons, zone)
    if isinstance(query.message, Message):
        return query.message.answer(answer)
    return query.answer(answer[:200], show_alert=True)


async def _reason(
    member: Member, offers: OfferService, journeys: JourneyService, promotions: PromotionReasons, zone: ZoneInfo
) -> str:
    """What a promotion's audience asked, a journey's trigger, or the class that chose: of what came last."""
    chosen = await promotions.why(member)
    if chosen is not None:
        return promotion_words.why(chosen, member.language)
    begun_by = await journeys.why(member)
    if begun_by is not None:
        return journey_words.why(begun_by, member.language, zone)
    return words.why(await offers.why(member), member.language)
