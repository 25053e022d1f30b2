"""One customer in private: found by number or name, shown as a card, explained; and who looked, for compliance."""

from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, Filter
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.catalogue.model import CustomerBundle
from campaigns.catalogue.service import CatalogueService
from campaigns.customers.lookups import Choice, CustomerCard, LookupService, Occasion
from campaigns.customers.model import Customer, Letter
from campaigns.customers.reading import WhyQuestion, plain, read_customer, read_why
from campaigns.members.model import Member
from campaigns.staff.model import Action
from campaigns.tags.model import TagRefusal
from campaigns.tags.service import TagService
from campaigns.workbench.service import WorkbenchService
from handlers.chat.cards import BundleTap, CardTap, ClassWhyTap, MineTap
from handlers.chat.filters import InGroup, InPrivate
from handlers.chat.segments import ListTap
from handlers.chat.workbench import desk_rows, desk_text, to_mine
from handlers.wording import customers as words
from handlers.wording import members as member_words
from handlers.wording.catalogue import BUNDLE_BUTTON, customer_lines

router = Router(name="customers")


class AsksWhy(Filter):
    """A question why a customer is in a class, in words."""

    async def __call__(self, message: Message) -> bool | dict[str, WhyQuestion]:
        """The question, when it is one."""
        found = read_why(message.text or "")
        return {"question": found} if found else False


class NamesCustomer(Filter):
    """客户 and whom: a number, its end or a name."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        """Whom, when somebody is named."""
        found = read_customer(message.text or "")
        return {"who": found} if found else False


@router.message(NamesCustomer(), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def show_named(
    message: Message,
    who: str,
    member: Member,
    lookups: LookupService,
    tags: TagService,
    workbench: WorkbenchService,
    catalogue: CatalogueService,
    zone: ZoneInfo,
) -> SendMessage:
    """The card of whoever is meant."""
    return await _show(message, who, member, lookups, tags, workbench, catalogue, zone)


@router.message(Command("customer"), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def show_customer(
    message: Message,
    command: CommandObject,
    member: Member,
    lookups: LookupService,
    tags: TagService,
    workbench: WorkbenchService,
    catalogue: CatalogueService,
    zone: ZoneInfo,
) -> SendMessage:
    """The same by command."""
    if not command.args:
        return message.answer(words.USAGE.say(member.language))
    return await _show(message, plain(command.args), member, lookups, tags, workbench, catalogue, zone)


@router.callback_query(CardTap.filter(), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def tap_card(
    query: CallbackQuery,
    callback_data: CardTap,
    member: Member,
    lookups: LookupService,
    tags: TagService,
    workbench: WorkbenchService,
    catalogue: CatalogueService,
    zone: ZoneInfo,
) -> EditMessageText | AnswerCallbackQuery:
    """The card in place of the list or the choice that led to it."""
    back = []
    if callback_data.kind is not None and callback_data.page is not None:
        data = ListTap(kind=callback_data.kind, page=callback_data.page).pack()
        back.append(InlineKeyboardButton(text=words.BACK_BUTTON.say(member.language), callback_data=data))
    return await _tapped(query, callback_data.customer, back, member, lookups, tags, workbench, catalogue, zone)


@router.callback_query(MineTap.filter(), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def tap_mine(
    query: CallbackQuery,
    callback_data: MineTap,
    member: Member,
    lookups: LookupService,
    tags: TagService,
    workbench: WorkbenchService,
    catalogue: CatalogueService,
    zone: ZoneInfo,
) -> EditMessageText | AnswerCallbackQuery:
    """The card in place of the page of the own customers that led to it."""
    back = [to_mine(callback_data, member)]
    return await _tapped(query, callback_data.customer, back, member, lookups, tags, workbench, catalogue, zone)


@router.message(AsksWhy(), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def ask_why(message: Message, question: WhyQuestion, member: Member, lookups: LookupService) -> SendMessage:
    """Why somebody is in a class; without a number the customer whose card was just open is meant."""
    return await _explain(message, question, member, lookups)


@router.message(Command("why"), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def say_why_class(
    message: Message, command: CommandObject, member: Member, lookups: LookupService
) -> SendMessage:
    """The same by command: /why 12345, /why B 12345."""
    asked = plain(command.args or "")
    question = read_why(f"why {asked}") or WhyQuestion(None, asked or None)
    return await _explain(message, question, member, lookups)


@router.callback_query(ClassWhyTap.filter(), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def tap_why_class(
    query: CallbackQuery, callback_data: ClassWhyTap, member: Member, lookups: LookupService
) -> SendMessage | AnswerCallbackQuery:
    """The same by the card's button."""
    found = await lookups.card(callback_data.customer, member, Occasion.WHY)
    if found is None or not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.answer(_why(found, None, member), reply_markup=_to_card(found.customer, member))


@router.message(Command("lookups"), InPrivate(), flags={"action": Action.SEE_LOOKUPS})
async def show_log(
    message: Message, command: CommandObject, member: Member, lookups: LookupService, zone: ZoneInfo
) -> SendMessage:
    """Who looked, at one customer or at anybody."""
    asked = plain(command.args or "")
    customer = await lookups.numbered(asked) if asked else None
    if asked and customer is None:
        return message.answer(words.NOBODY.say(member.language, words=asked))
    return message.answer(words.log(await lookups.log(customer), zone, member.language))


@router.message(AsksWhy(), InGroup())
@router.message(NamesCustomer(), InGroup())
async def customer_in_group(message: Message, member: Member) -> SendMessage | None:
    """Nothing of customers is said in groups; to everybody but staff these words are small talk."""
    return message.reply(words.PRIVATE_ONLY.say(member.language)) if member.is_staff else None


async def _show(
    message: Message,
    who: str,
    member: Member,
    lookups: LookupService,
    tags: TagService,
    workbench: WorkbenchService,
    catalogue: CatalogueService,
    zone: ZoneInfo,
) -> SendMessage:
    found = await lookups.find(who, member)
    if not isinstance(found, Customer):
        return _ask_who(message, who, found, member)
    card = await lookups.card(found.id, member, Occasion.CARD)
    if card is None:
        return message.answer(words.NOBODY.say(member.language, words=who))
    text, markup = await _card(card, [], tags, workbench, catalogue, zone, member)
    return message.answer(text, reply_markup=markup)


async def _tapped(
    query: CallbackQuery,
    customer: UUID,
    back: list[InlineKeyboardButton],
    member: Member,
    lookups: LookupService,
    tags: TagService,
    workbench: WorkbenchService,
    catalogue: CatalogueService,
    zone: ZoneInfo,
) -> EditMessageText | AnswerCallbackQuery:
    found = await lookups.card(customer, member, Occasion.CARD)
    if found is None or not isinstance(query.message, Message) or query.message.text is None:
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    text, markup = await _card(found, back, tags, workbench, catalogue, zone, member)
    return query.message.edit_text(text, reply_markup=markup)


async def _card(
    found: CustomerCard,
    back: list[InlineKeyboardButton],
    tags: TagService,
    workbench: WorkbenchService,
    catalogue: CatalogueService,
    zone: ZoneInfo,
    member: Member,
) -> tuple[str, InlineKeyboardMarkup]:
    """The card with the desk below it, and the buttons of both."""
    held = await tags.tags(found.customer.number)
    desk = await workbench.desk(found.customer.id)
    known = () if isinstance(held, TagRefusal) else held
    text = words.card(found, known, tags.need(known), zone, member.language)
    bundle = await catalogue.of_customer(found.customer.id)
    row = [*_why_button(found, member), *_bundle_button(bundle, member), *back]
    rows = [*([row] if row else []), *desk_rows(found.customer, desk, member)]
    lines = [text, *customer_lines(bundle, member.language), desk_text(desk, zone, member)]
    return "\n".join(lines), InlineKeyboardMarkup(inline_keyboard=rows)


async def _explain(message: Message, question: WhyQuestion, member: Member, lookups: LookupService) -> SendMessage:
    found = await lookups.find(question.who, member) if question.who else await lookups.last_seen(member)
    if found is None and not question.who:
        return message.answer(words.WHY_USAGE.say(member.language))
    if not isinstance(found, Customer):
        return _ask_who(message, question.who or "", found, member)
    card = await lookups.card(found.id, member, Occasion.WHY)
    if card is None:
        return message.answer(words.NOBODY.say(member.language, words=found.number))
    return message.answer(_why(card, question.letter, member), reply_markup=_to_card(found, member))


def _ask_who(message: Message, who: str, found: Choice | None, member: Member) -> SendMessage:
    """Nobody, or several: each is a button to the card."""
    if found is None:
        return message.answer(words.NOBODY.say(member.language, words=who))
    buttons = [
        [
            InlineKeyboardButton(
                text=words.candidate_label(each, member.language),
                callback_data=CardTap(customer=each.customer.id).pack(),
            )
        ]
        for each in found.candidates
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=buttons)
    return message.answer(words.choice(found, member.language), reply_markup=keyboard)


def _why(found: CustomerCard, asked: Letter | None, member: Member) -> str:
    if found.portrait is None:
        return words.UNCLASSED.say(member.language)
    return words.why(found.portrait, asked, member.language)


def _why_button(found: CustomerCard, member: Member) -> list[InlineKeyboardButton]:
    if found.portrait is None:
        return []
    label = words.WHY_BUTTON.say(member.language, letter=found.portrait.letter)
    return [InlineKeyboardButton(text=label, callback_data=ClassWhyTap(customer=found.customer.id).pack())]


def _bundle_button(found: CustomerBundle | None, member: Member) -> list[InlineKeyboardButton]:
    """The way to the terms of what the customer gets."""
    if found is None or found.selection is None:
        return []
    data = BundleTap(customer=found.customer_id).pack()
    return [InlineKeyboardButton(text=BUNDLE_BUTTON.say(member.language), callback_data=data)]


def _to_card(customer: Customer, member: Member) -> InlineKeyboardMarkup:
    data = CardTap(customer=customer.id).pack()
    button = InlineKeyboardButton(text=words.CARD_BUTTON.say(member.language), callback_data=data)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])
