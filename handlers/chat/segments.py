"""All customers at a glance: the picture with its table, and the lists that are paged through."""

from functools import partial

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.customers.class_lists import ListKind
from campaigns.customers.overviews import ListPage, OverviewService
from campaigns.members.model import Language, Member
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.chat.cards import CardTap
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.gallery import Gallery
from handlers.chat.numbers import PageNumber
from handlers.wording import members as member_words
from handlers.wording import overviews as words

router = Router(name="segments")

Buttons = list[list[InlineKeyboardButton]]


class ListTap(CallbackData, prefix="class_list"):
    """A page of a list."""

    kind: ListKind
    page: PageNumber


@router.message(Command("segments"), InPrivate(), flags={"action": Action.SEE_SEGMENTS})
@router.message(Words(*words.SEGMENT_WORDS), InPrivate(), flags={"action": Action.SEE_SEGMENTS})
async def show_segments(
    message: Message, member: Member, overviews: OverviewService, gallery: Gallery
) -> SendMessage | SendPhoto:
    """The quadrants with the table below, and the buttons of the lists for those who may see customers."""
    found = await overviews.overview()
    if found is None:
        return message.answer(words.NO_RUN.say(member.language))
    run = found.run
    picture = await gallery.quadrant(run.id, run.as_of, partial(overviews.quadrant, run))
    return message.answer_photo(
        BufferedInputFile(picture, f"quadrant-{run.as_of}.png"),
        caption=words.overview(found, member.language),
        reply_markup=_list_buttons(member) if may(member.roles, Action.SEE_CUSTOMERS) else None,
    )


@router.callback_query(ListTap.filter(), InPrivate(), flags={"action": Action.SEE_CUSTOMERS})
async def turn_page(
    query: CallbackQuery, callback_data: ListTap, member: Member, overviews: OverviewService
) -> SendMessage | EditMessageText | AnswerCallbackQuery:
    """A page of a list: a message of its own below the picture, afterwards in its place."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    found = await overviews.page(callback_data.kind, callback_data.page, member)
    if found is None:
        return query.answer(words.NO_RUN.say(member.language), show_alert=True)
    text, markup = words.list_page(found, member.language), _page_buttons(found, member.language)
    if query.message.text is None:
        return query.message.answer(text, reply_markup=markup)
    return query.message.edit_text(text, reply_markup=markup)


@router.message(Command("segments", "lookups", "customer", "why"), InGroup())
async def customers_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of customers is said in groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.message(Words(*words.SEGMENT_WORDS, *words.MY_CUSTOMERS_WORDS), InGroup())
async def customer_words_in_group(message: Message, member: Member) -> SendMessage | None:
    """The same by word, where staff slipped; to everybody else it is small talk."""
    return message.reply(words.PRIVATE_ONLY.say(member.language)) if member.is_staff else None


def _list_buttons(member: Member) -> InlineKeyboardMarkup:
    rows = ((ListKind.WATCHED, ListKind.TO_DEVELOP), (ListKind.APART, ListKind.VALUABLE), (ListKind.MINE,))
    buttons: Buttons = [[_button(words.LISTS[kind].say(member.language), kind, 1) for kind in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=buttons)


def _page_buttons(found: ListPage, language: Language) -> InlineKeyboardMarkup:
    """A button per customer, two in a row, and the ways back and on."""
    people = [
        InlineKeyboardButton(
            text=words.place_label(found, at),
            callback_data=CardTap(customer=each.customer_id, kind=found.kind, page=found.page).pack(),
        )
        for at, each in enumerate(found.customers)
    ]
    rows: Buttons = [people[at : at + 2] for at in range(0, len(people), 2)]
    turns = []
    if found.page > 1:
        turns.append(_button(words.PREVIOUS.say(language), found.kind, found.page - 1))
    if found.page < found.pages:
        turns.append(_button(words.NEXT.say(language), found.kind, found.page + 1))
    return InlineKeyboardMarkup(inline_keyboard=[*rows, turns] if turns else rows)


def _button(label: str, kind: ListKind, page: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=ListTap(kind=kind, page=page).pack())
