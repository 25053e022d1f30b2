"""A customer lets the own manager call or add them; the manager sees the number while the consent stands (S-77)."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.applications.contacts import ContactRefusal, ContactService
from campaigns.applications.service import ApplicationService
from campaigns.members.model import Member, Purpose
from campaigns.members.service import MemberService
from campaigns.staff.model import Action
from handlers.chat.contact_buttons import AgreeTap, LetTap, NumberTap
from handlers.chat.filters import InPrivate, Words
from handlers.wording import contacts as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="contacts")


@router.callback_query(LetTap.filter(), InPrivate())
async def ask_to_be_contacted(
    query: CallbackQuery, callback_data: LetTap, member: Member, applications: ApplicationService
) -> EditMessageText | AnswerCallbackQuery:
    """What for and how, before anything is agreed."""
    own = [each for each in await applications.progress(member) if each.id == callback_data.application]
    if not own or own[0].member_id != member.id or not isinstance(query.message, Message):
        return query.answer(words.REFUSALS[ContactRefusal.NO_APPLICATION].say(member.language), show_alert=True)
    row = [
        _button(label.say(member.language), AgreeTap(application=own[0].id, agrees=agrees))
        for label, agrees in ((words.YES, True), (words.NO, False))
    ]
    text = words.ASK.say(member.language, product=own[0].product)
    return query.message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))


@router.callback_query(AgreeTap.filter(), InPrivate())
async def agree_to_be_contacted(
    query: CallbackQuery, callback_data: AgreeTap, member: Member, contacts: ContactService
) -> EditMessageText | AnswerCallbackQuery:
    """Keep the answer; the owner hears of a yes."""
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    if not callback_data.agrees:
        return query.message.edit_text(words.KEPT.say(member.language))
    outcome = await contacts.agree(callback_data.application, member, words.CARD_CONTACT_VERSION)
    if isinstance(outcome, ContactRefusal):
        return query.answer(words.REFUSALS[outcome].say(member.language), show_alert=True)
    return query.message.edit_text(words.AGREED.say(member.language))


@router.message(Command("no_contact"), InPrivate())
@router.message(Words(*words.TAKE_BACK_WORDS), InPrivate())
async def take_contact_back(
    message: Message, member: Member, members: MemberService, contacts: ContactService
) -> SendMessage:
    """Nobody sees the number any more, nor is in touch after an event."""
    was_given = [await contacts.take_back(member), await members.withdraw(member, Purpose.CONTACT)]
    return message.answer((words.TAKEN_BACK if any(was_given) else words.NOT_GIVEN).say(member.language))


@router.callback_query(NumberTap.filter(), InPrivate(), flags={"action": Action.FOLLOW_APPLICATIONS})
async def show_number(
    query: CallbackQuery, callback_data: NumberTap, member: Member, contacts: ContactService
) -> SendMessage | AnswerCallbackQuery:
    """Name and number for who acts on the application."""
    found = await contacts.card(callback_data.application, member)
    if isinstance(found, ContactRefusal):
        return query.answer(words.REFUSALS[found].say(member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.answer(words.number(found, member.language))


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
