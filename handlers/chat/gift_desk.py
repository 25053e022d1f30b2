"""The gift desk in the chat: staff open a member's code, hand out once, take back with a reason."""

from enum import StrEnum

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.gifts.desk import GiftDesk
from campaigns.gifts.model import Gift, GiftCode, Seen
from campaigns.members.model import Member
from campaigns.partners.service import PartnerService
from campaigns.rallies.rules import may_run
from campaigns.redemptions.model import UndoReason
from campaigns.staff.model import Action
from campaigns.staff.service import StaffService
from campaigns.suspicions.service import SuspicionService
from handlers.chat.desk_keys import Key
from handlers.chat.desk_replies import Reply, ask_why, button, settled
from handlers.chat.filters import InPrivate
from handlers.chat.links import LinkTo
from handlers.chat.suspicions import SuspicionTap
from handlers.wording import gifts as words
from handlers.wording import redemptions as redemption_words

router = Router(name="gift_desk")

FLAGS = {"action": Action.REDEEM}


class DeskVerb(StrEnum):
    """What staff do with a gift's code."""

    HAND_OUT = "hand_out"
    DISMISS = "dismiss"
    UNDO = "undo"


class GiftTap(CallbackData, prefix="gift"):
    """A button at the desk: it carries the code itself, so that who never saw it can hand out nothing.

    `is_substitute` is what the clerk saw; it is compared, never obeyed.
    """

    verb: DeskVerb
    key: Key
    is_substitute: bool


class GiftUndoTap(CallbackData, prefix="gift_undo"):
    """Why a hand-out is taken back."""

    reason: UndoReason
    key: Key


@router.message(LinkTo("g_"), InPrivate())
async def open_code(
    message: Message,
    token: str,
    member: Member,
    staff: StaffService,
    gift_desk: GiftDesk,
    partners: PartnerService,
    suspicions: SuspicionService,
) -> SendMessage:
    """A scanned code: staff see whose it is and what is to be handed out, everybody else where it belongs."""
    if not await staff.allows(member, Action.REDEEM):
        return message.answer(words.FOR_STAFF.say(member.language))
    found = await show(message, token, member, gift_desk, partners, suspicions)
    return found or message.answer(words.desk_outcome(GiftCode.UNKNOWN, member.language))


async def show(
    message: Message,
    key: str,
    member: Member,
    gift_desk: GiftDesk,
    partners: PartnerService,
    suspicions: SuspicionService,
) -> SendMessage | None:
    """Masked name, medal and what is to be handed out, with the buttons, or why nothing is; None for no gift's key."""
    seen, owner = await gift_desk.look_up(key, await partners.clerk(member))
    if seen.gift is None or owner is None:
        return None
    text = words.at_desk(seen.gift, owner, member.language)
    if seen.code is GiftCode.READY:
        return message.answer(text, reply_markup=_questions(seen.gift, key, member))
    text = f"{text}\n\n{words.desk_outcome(seen.code, member.language)}"
    if seen.code is GiftCode.HELD and may_run(seen.gift.rally, member):
        return await _ask_lead(message, text, seen.gift, member, suspicions)
    return message.answer(text)


async def _ask_lead(
    message: Message, text: str, gift: Gift, member: Member, suspicions: SuspicionService
) -> SendMessage:
    """Who runs the event sees why the gift is held, and decides; then the code is scanned again."""
    visitor = gift.hand_out.member_id
    why = [case for case in await suspicions.cases(gift.rally.id) if case.suspicion.member_id == visitor]
    row = [
        button(label.say(member.language), SuspicionTap(rally=gift.rally.id, member=visitor, is_cleared=is_cleared))
        for label, is_cleared in ((words.CLEAR_BUTTON, True), (words.REFUSE_BUTTON, False))
    ]
    lines = [text, *(words.doubts(case, member.language) for case in why)]
    return message.answer("\n".join(lines), reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))


@router.callback_query(GiftTap.filter(), InPrivate(), flags=FLAGS)
async def tap_desk(
    query: CallbackQuery, callback_data: GiftTap, member: Member, gift_desk: GiftDesk, partners: PartnerService
) -> Reply:
    """Hand out once, leave it, or ask why a hand-out is taken back."""
    match callback_data.verb:
        case DeskVerb.DISMISS:
            return settled(query, words.DISMISSED.say(member.language))
        case DeskVerb.UNDO:
            return ask_why(query, member, lambda reason: GiftUndoTap(reason=reason, key=callback_data.key))
        case DeskVerb.HAND_OUT:
            clerk = await partners.clerk(member)
            seen = await gift_desk.hand_out(callback_data.key, clerk, callback_data.is_substitute)
            return _after(query, member, callback_data.key, seen)


@router.callback_query(GiftUndoTap.filter(), InPrivate(), flags=FLAGS)
async def take_back(
    query: CallbackQuery, callback_data: GiftUndoTap, member: Member, gift_desk: GiftDesk, partners: PartnerService
) -> Reply:
    """Take a hand-out back, with its reason."""
    seen = await gift_desk.undo(callback_data.key, await partners.clerk(member), callback_data.reason)
    said = words.desk_outcome(seen.code, member.language)
    if seen.code is not GiftCode.UNDONE:
        return query.answer(said, show_alert=True)
    return settled(query, said)


def _after(query: CallbackQuery, member: Member, key: str, seen: Seen) -> Reply:
    """What came of the tap, under the question; another article than was seen is asked for anew."""
    said = words.desk_outcome(seen.code, member.language, seen.gift)
    if seen.code is not GiftCode.HANDED_OUT:
        return query.answer(said, show_alert=True)
    undo = GiftTap(verb=DeskVerb.UNDO, key=key, is_substitute=bool(seen.gift and seen.gift.hand_out.is_substitute))
    return settled(query, said, button(redemption_words.UNDO_BUTTON.say(member.language), undo))


def _questions(gift: Gift, key: str, member: Member) -> InlineKeyboardMarkup:
    is_substitute = bool(gift.stock and gift.stock.is_substitute)
    row = [
        button(text.say(member.language), GiftTap(verb=verb, key=key, is_substitute=is_substitute))
        for verb, text in ((DeskVerb.HAND_OUT, words.HAND_OUT_BUTTON), (DeskVerb.DISMISS, words.DISMISS_BUTTON))
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])
