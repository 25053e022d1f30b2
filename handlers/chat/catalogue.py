"""产品目录 in the chat: bundles and the matrix at a glance, what a group or a customer gets, and posting to a group."""

from enum import StrEnum
from typing import Annotated

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from pydantic import Field

from campaigns.catalogue.model import CatalogueRefusal, Edition, Readers
from campaigns.catalogue.service import CatalogueService
from campaigns.customers.lookups import LookupService, Occasion
from campaigns.customers.model import Customer
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.chat.admissions import admission_rows
from handlers.chat.advisories import advice_rows
from handlers.chat.cards import BundleTap, CardTap
from handlers.chat.filters import InGroup, InPrivate, Words, plain
from handlers.chat.numbers import RowId
from handlers.wording import catalogue as words
from handlers.wording import customers as customer_words
from handlers.wording import members as member_words

router = Router(name="catalogue")

SEES = {"action": Action.SEE_CATALOGUE}
SETS = {"action": Action.SET_CATALOGUE}
POSTS = {"action": Action.POST_BUNDLES}
LOOKS = {"action": Action.SEE_CUSTOMERS}
SHOWN = 30


class CatalogueView(StrEnum):
    """The two pages of the catalogue."""

    HOME = "home"
    MATRIX = "matrix"


class CatalogueTap(CallbackData, prefix="catalogue"):
    """A page of the catalogue."""

    view: CatalogueView


class BundlesTap(CallbackData, prefix="bundles"):
    """A group whose bundles are shown."""

    group: RowId


class BundlePreviewTap(CallbackData, prefix="bundle_see"):
    """A bundle to preview for a group."""

    group: RowId
    code: Annotated[str, Field(max_length=24)]


class BundlePostTap(CallbackData, prefix="bundle_post"):
    """A preview that is confirmed."""

    post: RowId


@router.message(Command("catalogue"), InPrivate(), flags=SEES)
async def show_catalogue(
    message: Message,
    command: CommandObject,
    member: Member,
    catalogue: CatalogueService,
    lookups: LookupService,
    bank: str,
) -> SendMessage:
    """Bundles at a glance with the own groups, or what one customer gets."""
    asked = plain(command.args or "")
    if asked and may(member.roles, Action.SEE_CUSTOMERS):
        return await _show_customer(message, asked, member, catalogue, lookups, bank)
    found = await catalogue.edition()
    if found is None:
        return message.answer(words.refusal(CatalogueRefusal.NO_CATALOGUE, member.language))
    text, markup = _home(found, await _groups(member, catalogue), member)
    return message.answer(text, reply_markup=markup)


@router.message(Words(*words.CATALOGUE_WORDS), InGroup())
@router.message(Command("catalogue", "matrix"), InGroup())
async def catalogue_in_group(message: Message, member: Member) -> SendMessage | None:
    """The catalogue is for staff, in private; to everybody else these words are small talk."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language)) if member.is_staff else None


@router.callback_query(CatalogueTap.filter(), InPrivate(), flags=SEES)
async def turn_page(
    query: CallbackQuery, callback_data: CatalogueTap, member: Member, catalogue: CatalogueService
) -> EditMessageText | AnswerCallbackQuery:
    """The other page, in place."""
    found = await catalogue.edition()
    if found is None or not isinstance(query.message, Message):
        return _refused(query, CatalogueRefusal.NO_CATALOGUE, member)
    if callback_data.view is CatalogueView.MATRIX:
        text = words.matrix(found, member.language, may_set=may(member.roles, Action.SET_CATALOGUE))
        return query.message.edit_text(text, reply_markup=_rows([_back(member)]))
    text, markup = _home(found, await _groups(member, catalogue), member)
    return query.message.edit_text(text, reply_markup=markup)


@router.message(Command("matrix"), InPrivate(), flags=SETS)
async def set_cell(
    message: Message, command: CommandObject, member: Member, catalogue: CatalogueService
) -> SendMessage:
    """Change one cell: /matrix D index-fund 不推荐 风险不匹配; without words the matrix is shown."""
    standing, code, advice, reason = [*(command.args or "").split(maxsplit=3), "", "", "", ""][:4]
    if not standing:
        found = await catalogue.edition()
        if found is None:
            return message.answer(words.refusal(CatalogueRefusal.NO_CATALOGUE, member.language))
        return message.answer(words.matrix(found, member.language, may_set=True))
    outcome = await catalogue.set_by(standing.removesuffix("类"), code, words.read_advice(advice), reason, member)
    if isinstance(outcome, CatalogueRefusal):
        return message.answer(words.refusal(outcome, member.language))
    return message.answer(words.was_set(*outcome, member.language))


@router.callback_query(BundlesTap.filter(), InPrivate(), flags=POSTS)
async def show_bundles(
    query: CallbackQuery, callback_data: BundlesTap, member: Member, catalogue: CatalogueService
) -> EditMessageText | AnswerCallbackQuery:
    """What a group may get, each with a button for its preview."""
    found, edition = await catalogue.bundles_of(callback_data.group, member), await catalogue.edition()
    if isinstance(found, CatalogueRefusal) or edition is None or not isinstance(query.message, Message):
        return _refused(query, found, member)
    readers, bundles = found
    buttons = [
        _button(
            words.PREVIEW_BUTTON.say(member.language, name=each.name.read_in(member.language)),
            BundlePreviewTap(group=readers.group_id, code=each.code),
        )
        for each in bundles
    ]
    text = words.in_group(readers, bundles, edition.version, member.language)
    return query.message.edit_text(text, reply_markup=_rows([*buttons, _back(member)]))


@router.callback_query(BundlePreviewTap.filter(), InPrivate(), flags=POSTS)
async def preview_bundle(
    query: CallbackQuery, callback_data: BundlePreviewTap, member: Member, catalogue: CatalogueService, bank: str
) -> EditMessageText | AnswerCallbackQuery:
    """Just what the group would read, and what is left out."""
    found = await catalogue.preview(callback_data.group, callback_data.code, member)
    if isinstance(found, CatalogueRefusal) or not isinstance(query.message, Message):
        return _refused(query, found, member)
    label = words.CONFIRM.say(member.language, members=found.readers.members)
    buttons = [_button(label, BundlePostTap(post=found.post.id)), _back(member)]
    return query.message.edit_text(words.preview(found, bank, member.language)[:4096], reply_markup=_rows(buttons))


@router.callback_query(BundlePostTap.filter(), InPrivate(), flags=POSTS)
async def post_bundle(
    query: CallbackQuery, callback_data: BundlePostTap, member: Member, catalogue: CatalogueService
) -> EditMessageText | AnswerCallbackQuery:
    """Post it, once."""
    found = await catalogue.post(callback_data.post, member)
    if isinstance(found, CatalogueRefusal) or not isinstance(query.message, Message):
        return _refused(query, found, member)
    return query.message.edit_text(words.posted(found, member.language), reply_markup=_rows([_back(member)]))


@router.callback_query(BundleTap.filter(), InPrivate(), flags=LOOKS)
async def tap_bundle(
    query: CallbackQuery,
    callback_data: BundleTap,
    member: Member,
    catalogue: CatalogueService,
    lookups: LookupService,
    bank: str,
) -> SendMessage | AnswerCallbackQuery:
    """What the customer of an open card gets, in full; the look is recorded."""
    card = await lookups.card(callback_data.customer, member, Occasion.CARD)
    if card is None or not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    text, markup = await _customer(card.customer, member, catalogue, bank)
    return query.message.answer(text, reply_markup=markup)


async def _show_customer(
    message: Message, asked: str, member: Member, catalogue: CatalogueService, lookups: LookupService, bank: str
) -> SendMessage:
    found = await lookups.find(asked, member)
    if not isinstance(found, Customer):
        nobody = customer_words.NOBODY.say(member.language, words=asked)
        return message.answer(nobody if found is None else words.USAGE.say(member.language))
    await lookups.card(found.id, member, Occasion.CARD)
    text, markup = await _customer(found, member, catalogue, bank)
    return message.answer(text, reply_markup=markup)


async def _customer(
    customer: Customer, member: Member, catalogue: CatalogueService, bank: str
) -> tuple[str, InlineKeyboardMarkup]:
    found = await catalogue.of_customer(customer.id)
    to_card = _button(customer_words.CARD_BUTTON.say(member.language), CardTap(customer=customer.id))
    if found is None:
        return words.refusal(CatalogueRefusal.NO_CATALOGUE, member.language), _rows([to_card])
    rows = [*advice_rows(found, member), *admission_rows(found, member), [to_card]]
    text = words.customer(found, customer.number, bank, member.language)[:4096]
    return text, InlineKeyboardMarkup(inline_keyboard=rows)


async def _groups(member: Member, catalogue: CatalogueService) -> list[Readers]:
    """The groups where this person may post."""
    return await catalogue.groups(member) if may(member.roles, Action.POST_BUNDLES) else []


def _home(found: Edition, groups: list[Readers], member: Member) -> tuple[str, InlineKeyboardMarkup]:
    buttons = [_button(each.title, BundlesTap(group=each.group_id)) for each in groups[:SHOWN]]
    matrix = _button(words.MATRIX_BUTTON.say(member.language), CatalogueTap(view=CatalogueView.MATRIX))
    return words.home(found, groups, member.language), _rows([*buttons, matrix])


def _back(member: Member) -> InlineKeyboardButton:
    return _button(words.BACK.say(member.language), CatalogueTap(view=CatalogueView.HOME))


def _refused(query: CallbackQuery, found: object, member: Member) -> AnswerCallbackQuery:
    if isinstance(found, CatalogueRefusal):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)


def _rows(buttons: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[each] for each in buttons])


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
