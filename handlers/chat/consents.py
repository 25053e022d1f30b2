"""Consents to marketing and to being contacted: asked with both answers open, given and taken back by a tap."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.gifts.desk import GiftDesk
from campaigns.members.model import Member, Purpose
from campaigns.members.service import MemberService
from handlers.chat.filters import InPrivate, Words
from handlers.wording import consents as words

router = Router(name="consents")


class ConsentTap(CallbackData, prefix="consent"):
    """Agree to a purpose or not; the same button serves to stop."""

    purpose: Purpose
    agree: bool


@router.message(Command("stop"), InPrivate())
@router.message(Words("退订", "td", "stop", "unsubscribe"), InPrivate())
async def stop_offers(message: Message, member: Member, members: MemberService) -> SendMessage:
    """Take the consent back at once; the gate asks again at dispatch, so it holds for what is queued too."""
    done = await members.withdraw(member, Purpose.MARKETING)
    return message.answer((words.STOPPED if done else words.NOT_SUBSCRIBED).say(member.language))


@router.message(Command("subscribe"), InPrivate())
@router.message(Words("订阅", "subscribe"), InPrivate())
async def ask_consent(message: Message, member: Member, members: MemberService, bank: str) -> SendMessage:
    """State the purpose and let the person choose; nothing is agreed by asking."""
    if await members.has_consent(member, Purpose.MARKETING):
        return message.answer(words.SUBSCRIBED_ALREADY.say(member.language))
    question = words.ask_marketing(bank, member.language)
    markup = InlineKeyboardMarkup.model_validate(question.payload()["reply_markup"])
    return message.answer(question.text, reply_markup=markup)


@router.callback_query(ConsentTap.filter(), InPrivate())
async def tap_consent(
    query: CallbackQuery,
    callback_data: ConsentTap,
    member: Member,
    members: MemberService,
    gift_desk: GiftDesk,
) -> AnswerCallbackQuery:
    """Record the answer; a consent to binding is given in the binding conversation only."""
    if callback_data.purpose is Purpose.CONTACT:
        return await _answer_contact(query, member, members, gift_desk, agrees=callback_data.agree)
    if callback_data.purpose is not Purpose.MARKETING:
        return query.answer(words.ANOTHER_WAY.say(member.language), show_alert=True)
    if callback_data.agree:
        await members.consent(member, Purpose.MARKETING, words.MARKETING_VERSION)
        return query.answer(words.AGREED.say(member.language), show_alert=True)
    was_given = await members.withdraw(member, Purpose.MARKETING)
    return query.answer((words.STOPPED if was_given else words.DISAGREED).say(member.language), show_alert=True)


async def _answer_contact(
    query: CallbackQuery, member: Member, members: MemberService, gift_desk: GiftDesk, *, agrees: bool
) -> AnswerCallbackQuery:
    """Whether somebody may be in touch: the customer's card shows a yes, a no ends what was to be followed up."""
    if agrees:
        await members.consent(member, Purpose.CONTACT, words.CONTACT_VERSION)
        said = words.CONTACT_AGREED if member.customer_id else words.CONTACT_WITHOUT_NUMBER
        return query.answer(said.say(member.language), show_alert=True)
    await members.withdraw(member, Purpose.CONTACT)
    await gift_desk.decline_contact(member)
    return query.answer(words.CONTACT_REFUSED.say(member.language), show_alert=True)
