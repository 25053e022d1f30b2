"""The member's side of redemptions: the shelf, one question, the code to show, what is still to fetch."""

from collections.abc import Mapping
from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.partners.service import PartnerService
from campaigns.points.service import PointsService
from campaigns.redemptions.model import Asker, RedeemCode, Redeemed
from campaigns.redemptions.service import RedemptionService
from handlers.chat.app_buttons import app_row
from handlers.chat.filters import InPrivate, Words
from handlers.chat.gallery import Gallery
from handlers.chat.members import BindTap
from handlers.chat.numbers import RowId
from handlers.chat.points_buttons import PointsTap, ShelfTap, ToFetchTap
from handlers.wording import members as member_words
from handlers.wording import redemptions as words

router = Router(name="redemptions")

SHOWN = 20
Reply = SendMessage | SendPhoto | AnswerCallbackQuery


class ItemTap(CallbackData, prefix="item"):
    """Something on the shelf: the next message asks whether it is meant."""

    item: RowId


class RedeemTap(CallbackData, prefix="redeem"):
    """The yes to an item at the price that was shown; the price is compared, never taken from here."""

    item: RowId
    points: RowId


class FetchVerb(StrEnum):
    """What a member does with a redemption that is still to be fetched."""

    CANCEL = "cancel"
    RENEW = "renew"


class FetchTap(CallbackData, prefix="fetch"):
    """A button on the list of what is to be fetched."""

    verb: FetchVerb
    redemption: RowId


@router.message(Command("shelf"), InPrivate())
@router.message(Words(*words.SHELF_WORDS), InPrivate())
async def show_shelf(
    message: Message,
    member: Member,
    redemptions: RedemptionService,
    points: PointsService,
    partners: PartnerService,
    mini_app: str | None,
) -> SendMessage:
    """What can be had today, each with its button."""
    return await _shelf(message, member, redemptions, points, partners, mini_app)


@router.callback_query(ShelfTap.filter(), InPrivate())
async def tap_shelf(
    query: CallbackQuery,
    member: Member,
    redemptions: RedemptionService,
    points: PointsService,
    partners: PartnerService,
    mini_app: str | None,
) -> Reply:
    """The same by button."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    return await _shelf(query.message, member, redemptions, points, partners, mini_app)


async def _shelf(
    message: Message,
    member: Member,
    redemptions: RedemptionService,
    points: PointsService,
    partners: PartnerService,
    mini_app: str | None,
) -> SendMessage:
    items = await redemptions.shelf()
    shown, hidden = items[:SHOWN], len(items) - SHOWN
    spendable = (await points.statement(member.id)).spendable
    text = words.shelf(shown, max(hidden, 0), spendable, await names_of(partners), member.language)
    rows = [
        [
            _button(
                words.ITEM_BUTTON.say(
                    member.language, title=words.title_of(item, member.language), points=f"{item.points:,}"
                ),
                ItemTap(item=item.id),
            )
        ]
        for item in shown
    ] + app_row(mini_app, "shelf", member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows) if rows else None)


@router.callback_query(ItemTap.filter(), InPrivate())
async def ask_item(
    query: CallbackQuery,
    callback_data: ItemTap,
    member: Member,
    redemptions: RedemptionService,
    points: PointsService,
    partners: PartnerService,
) -> Reply:
    """One question before points are set aside; its message makes the answer count once.

    Who has too few points hears it at once, not after a yes.
    """
    item = await redemptions.item(callback_data.item)
    if item is None or not isinstance(query.message, Message):
        return _stale(query, member)
    if member.customer_id is None:
        return _ask_to_bind(query.message, member)
    if (missing := item.points - (await points.statement(member.id)).spendable) > 0:
        return query.answer(words.SHORT.say(member.language, missing=f"{missing:,}"), show_alert=True)
    yes = _button(words.CONFIRM_BUTTON.say(member.language), RedeemTap(item=item.id, points=item.points))
    back = _button(words.BACK_BUTTON.say(member.language), ShelfTap())
    markup = InlineKeyboardMarkup(inline_keyboard=[[yes, back]])
    return query.message.answer(words.ask(item, await names_of(partners), member.language), reply_markup=markup)


@router.callback_query(RedeemTap.filter(), InPrivate())
async def redeem_item(
    query: CallbackQuery,
    callback_data: RedeemTap,
    member: Member,
    redemptions: RedemptionService,
    partners: PartnerService,
    gallery: Gallery,
    zone: ZoneInfo,
    username: str,
) -> Reply:
    """Set item and points aside; the code follows as a picture."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    occasion = f"{member.id}:{query.message.message_id}"
    asker = Asker(member.id, member.customer_id)
    outcome = await redemptions.redeem(asker, callback_data.item, callback_data.points, occasion)
    if outcome.code is RedeemCode.NOT_BOUND:
        return _ask_to_bind(query.message, member)
    if outcome.token is None:
        return query.answer(words.redeem_refusal(outcome, member.language), show_alert=True)
    return await _code(query.message, member, outcome, await names_of(partners), gallery, zone, username)


@router.message(Words(*words.FETCH_WORDS), InPrivate())
async def list_to_fetch(
    message: Message, member: Member, redemptions: RedemptionService, partners: PartnerService, zone: ZoneInfo
) -> SendMessage:
    """What the member has still to fetch, with a new code or giving up by button."""
    return await _to_fetch(message, member, redemptions, partners, zone)


@router.callback_query(ToFetchTap.filter(), InPrivate())
async def tap_to_fetch(
    query: CallbackQuery, member: Member, redemptions: RedemptionService, partners: PartnerService, zone: ZoneInfo
) -> Reply:
    """The same by button."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    return await _to_fetch(query.message, member, redemptions, partners, zone)


async def _to_fetch(
    message: Message, member: Member, redemptions: RedemptionService, partners: PartnerService, zone: ZoneInfo
) -> SendMessage:
    found = (await redemptions.to_fetch(member.id))[:SHOWN]
    if not found:
        return message.answer(words.NOTHING_TO_FETCH.say(member.language))
    rows = []
    for each in found:
        title = words.title_of(each.item, member.language)
        renew = FetchTap(verb=FetchVerb.RENEW, redemption=each.id)
        cancel = FetchTap(verb=FetchVerb.CANCEL, redemption=each.id)
        rows.append([_button(words.RENEW_BUTTON.say(member.language, title=title), renew)])
        rows.append([_button(words.CANCEL_ONE.say(member.language, title=title), cancel)])
    text = words.to_fetch(found, await names_of(partners), zone, member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.callback_query(FetchTap.filter(), InPrivate())
async def tap_fetch(
    query: CallbackQuery,
    callback_data: FetchTap,
    member: Member,
    redemptions: RedemptionService,
    partners: PartnerService,
    gallery: Gallery,
    zone: ZoneInfo,
    username: str,
) -> Reply:
    """Give the member's own redemption up, or show it with a new code; the old one is dead."""
    if callback_data.verb is FetchVerb.CANCEL:
        outcome = await redemptions.cancel(callback_data.redemption, member.id)
        return query.answer(words.given_up(outcome, member.language), show_alert=True)
    renewed = await redemptions.renew(callback_data.redemption, member.id)
    if renewed.token is None or not isinstance(query.message, Message):
        return query.answer(words.NOT_OPEN.say(member.language), show_alert=True)
    return await _code(query.message, member, renewed, await names_of(partners), gallery, zone, username)


async def names_of(partners: PartnerService) -> Mapping[int, str]:
    """The partners' names by id."""
    return {partner.id: partner.name for partner in await partners.all()}


async def _code(
    message: Message,
    member: Member,
    outcome: Redeemed,
    names: Mapping[int, str],
    gallery: Gallery,
    zone: ZoneInfo,
    username: str,
) -> SendPhoto:
    """The code as a picture and as text, with the button that gives it up."""
    assert outcome.redemption is not None
    code = f"r_{outcome.token}"
    picture = await gallery.code(f"https://t.me/{username}?start={code}")
    cancel = FetchTap(verb=FetchVerb.CANCEL, redemption=outcome.redemption.id)
    markup = InlineKeyboardMarkup(inline_keyboard=[[_button(words.CANCEL_BUTTON.say(member.language), cancel)]])
    return message.answer_photo(
        BufferedInputFile(picture, f"redemption-{outcome.redemption.id}.png"),
        caption=words.ready(outcome.redemption, code, names, zone, member.language),
        reply_markup=markup,
    )


def _ask_to_bind(message: Message, member: Member) -> SendMessage:
    """The real name comes first (S-203): the binding conversation's own button."""
    rows = [
        [_button(words.BIND_BUTTON.say(member.language), BindTap(step="ask"))],
        [_button(words.BACK_BUTTON.say(member.language), PointsTap())],
    ]
    text = words.REFUSALS[RedeemCode.NOT_BOUND].say(member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


def _stale(query: CallbackQuery, member: Member) -> AnswerCallbackQuery:
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
