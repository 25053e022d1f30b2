"""小微贷款申请 in the chat: four lines, four choices, handed in; followed by its writer, moved on by its manager."""

import json
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendDocument, SendMessage
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.loans.model import ContactTime, DeclineReason, LoanFault, LoanRefusal, LoanRequest, LoanState, LoanUse
from campaigns.loans.model import Turnover as TurnoverBand
from campaigns.loans.reading import read_request
from campaigns.loans.rules import NEXT, OPEN
from campaigns.loans.service import LoanService
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.app_buttons import app_row
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.wording import loans as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="loans")

FOLLOWS = {"action": Action.FOLLOW_LOANS}
Edit = EditMessageText | AnswerCallbackQuery


class AskingLoan(StatesGroup):
    """The four lines come next."""

    lines = State()


class LoanVerb(StrEnum):
    """What a person does with the own request."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ERASE = "erase"


class LoanUseTap(CallbackData, prefix="loan_use"):
    """What the money is for."""

    loan: RowId
    value: LoanUse


class LoanTurnoverTap(CallbackData, prefix="loan_turn"):
    """What the shop takes in a month."""

    loan: RowId
    value: TurnoverBand


class LoanContactTap(CallbackData, prefix="loan_time"):
    """When to be in touch."""

    loan: RowId
    value: ContactTime


class LoanEnquiryTap(CallbackData, prefix="loan_credit"):
    """Yes or no to a look at the credit record."""

    loan: RowId
    value: bool


class LoanTap(CallbackData, prefix="loan"):
    """An own request as it stood, and what is done with it."""

    loan: RowId
    version: int
    verb: LoanVerb


class LoanExportTap(CallbackData, prefix="loan_export"):
    """All own requests as a file."""


class LoanFileTap(CallbackData, prefix=words.FILE_DATA):
    """A request that its manager opens."""

    loan: RowId


class LoanDeskTap(CallbackData, prefix="loan_desk"):
    """Back to the manager's requests."""


class LoanMoveTap(CallbackData, prefix="loan_to"):
    """A request as it stood, where it goes, and the reason of a decline."""

    loan: RowId
    version: RowId
    state: LoanState
    reason: DeclineReason | None = None


TAPS: dict[str, type[CallbackData]] = {
    "use": LoanUseTap,
    "turnover": LoanTurnoverTap,
    "contact": LoanContactTap,
    "enquiry": LoanEnquiryTap,
}


@router.message(Command("loan"), InPrivate())
@router.message(Words(*words.ASK_WORDS), InPrivate())
async def begin_loan(
    message: Message, member: Member, loans: LoanService, state: FSMContext, mini_app: str | None
) -> SendMessage:
    """Ask for the four lines, or say why not now."""
    if refusal := await loans.barrier(member):
        return message.answer(words.refusal(refusal, member.language))
    await state.set_state(AskingLoan.lines)
    markup = InlineKeyboardMarkup(inline_keyboard=app_row(mini_app, "loans", member.language))
    return message.answer(words.begin(member.language), reply_markup=markup if markup.inline_keyboard else None)


@router.message(Command("loan", "my_loans", "loans"), InGroup())
async def loans_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of loans is said in groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.message(StateFilter(AskingLoan.lines), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_loan(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Keep nothing."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(AskingLoan.lines), InPrivate(), NoCommand())
async def read_lines(message: Message, member: Member, loans: LoanService, state: FSMContext) -> SendMessage:
    """Keep firm and loan as a draft, sealed, and go on with choices."""
    firm = read_request(message.text or "")
    if isinstance(firm, LoanFault):
        return message.answer(words.fault(firm, member.language))
    await state.clear()
    found = await loans.begin(firm, member)
    if isinstance(found, LoanRefusal):
        return message.answer(words.refusal(found, member.language))
    text, markup = _next(found, member)
    return message.answer(text, reply_markup=markup)


@router.callback_query(LoanUseTap.filter(), InPrivate())
async def tell_use(query: CallbackQuery, callback_data: LoanUseTap, member: Member, loans: LoanService) -> Edit:
    """What the money is for."""
    return await _told(query, callback_data.loan, member, loans, use=callback_data.value)


@router.callback_query(LoanTurnoverTap.filter(), InPrivate())
async def tell_turnover(
    query: CallbackQuery, callback_data: LoanTurnoverTap, member: Member, loans: LoanService
) -> Edit:
    """What the shop takes in a month."""
    return await _told(query, callback_data.loan, member, loans, turnover=callback_data.value)


@router.callback_query(LoanContactTap.filter(), InPrivate())
async def tell_contact(query: CallbackQuery, callback_data: LoanContactTap, member: Member, loans: LoanService) -> Edit:
    """When to be in touch."""
    return await _told(query, callback_data.loan, member, loans, contact=callback_data.value)


@router.callback_query(LoanEnquiryTap.filter(), InPrivate())
async def tell_enquiry(query: CallbackQuery, callback_data: LoanEnquiryTap, member: Member, loans: LoanService) -> Edit:
    """Yes or no, which is as good."""
    return await _told(query, callback_data.loan, member, loans, enquiry=callback_data.value)


@router.callback_query(LoanTap.filter(), InPrivate())
async def act_on_loan(
    query: CallbackQuery, callback_data: LoanTap, member: Member, loans: LoanService, zone: ZoneInfo
) -> Edit:
    """Hand in, take back, delete."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    loan, version, language = callback_data.loan, callback_data.version, member.language
    match callback_data.verb:
        case LoanVerb.SUBMIT:
            asked = await loans.submit(loan, member)
            if isinstance(asked, LoanRefusal):
                return _refused(query, asked, member)
            return query.message.edit_text(words.handed_in(asked, zone, language))
        case LoanVerb.WITHDRAW:
            outcome = await loans.withdraw(loan, version, member)
        case _:
            outcome = await loans.erase(loan, member)
    if isinstance(outcome, LoanRefusal):
        return _refused(query, outcome, member)
    text, markup = _mine(await loans.mine(member), member)
    return query.message.edit_text(text, reply_markup=markup)


@router.message(Command("my_loans"), InPrivate())
@router.message(Words(*words.MINE_WORDS), InPrivate())
async def show_mine(message: Message, member: Member, loans: LoanService) -> SendMessage:
    """The own requests in full, with what can be done."""
    text, markup = _mine(await loans.mine(member), member)
    return message.answer(text, reply_markup=markup)


@router.callback_query(LoanExportTap.filter(), InPrivate())
async def export_mine(query: CallbackQuery, member: Member, loans: LoanService) -> SendDocument | AnswerCallbackQuery:
    """Everything that is kept of them, as a file."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    told = words.exported(await loans.mine(member))
    content = json.dumps(told, ensure_ascii=False, indent=2).encode()
    return query.message.answer_document(BufferedInputFile(content, "my-loans.json"))


@router.message(Command("loans"), InPrivate(), flags=FOLLOWS)
async def show_desk(message: Message, member: Member, loans: LoanService) -> SendMessage:
    """A manager's open requests."""
    text, markup = _desk(await loans.desk(member), member)
    return message.answer(text, reply_markup=markup)


@router.callback_query(LoanDeskTap.filter(), InPrivate(), flags=FOLLOWS)
async def back_to_desk(query: CallbackQuery, member: Member, loans: LoanService) -> Edit:
    """The same in place."""
    if not isinstance(query.message, Message):
        return _stale(query, member)
    text, markup = _desk(await loans.desk(member), member)
    return query.message.edit_text(text, reply_markup=markup)


@router.callback_query(LoanFileTap.filter(), InPrivate(), flags=FOLLOWS)
async def open_file(
    query: CallbackQuery, callback_data: LoanFileTap, member: Member, loans: LoanService, zone: ZoneInfo
) -> Edit:
    """One request with its history and what may follow."""
    return await _shown(query, callback_data.loan, member, loans, zone)


@router.callback_query(LoanMoveTap.filter(), InPrivate(), flags=FOLLOWS)
async def move_loan(
    query: CallbackQuery, callback_data: LoanMoveTap, member: Member, loans: LoanService, zone: ZoneInfo
) -> Edit:
    """Move on by one tap; a decline asks for its reason first."""
    tap = callback_data
    if tap.state is LoanState.DECLINED and tap.reason is None and isinstance(query.message, Message):
        buttons = [
            _button(phrase.say(member.language), tap.model_copy(update={"reason": reason}))
            for reason, phrase in words.REASONS.items()
        ]
        text = f"{query.message.text}\n\n{words.CHOOSE_REASON.say(member.language)}"
        return query.message.edit_text(text, reply_markup=_rows(buttons))
    outcome = await loans.move(tap.loan, tap.version, tap.state, tap.reason, member)
    if isinstance(outcome, LoanRefusal):
        return _refused(query, outcome, member)
    return await _shown(query, tap.loan, member, loans, zone)


async def _told(query: CallbackQuery, loan: int, member: Member, loans: LoanService, **told: Any) -> Edit:
    """Keep one more thing and ask for the next."""
    found = await loans.tell(loan, member, **told)
    if isinstance(found, LoanRefusal):
        return _refused(query, found, member)
    if not isinstance(query.message, Message):
        return _stale(query, member)
    text, markup = _next(found, member)
    return query.message.edit_text(text, reply_markup=markup)


def _next(found: LoanRequest, member: Member) -> tuple[str, InlineKeyboardMarkup]:
    """The next question, or everything to check."""
    assert found.wish is not None
    missing = found.wish.missing
    if missing is None:
        hand_in = LoanTap(loan=found.id, version=found.version, verb=LoanVerb.SUBMIT)
        return words.check(found.wish, member.language), _rows([_button(words.SUBMIT.say(member.language), hand_in)])
    buttons = [
        _button(phrase.say(member.language), TAPS[missing](loan=found.id, value=value))
        for value, phrase in words.CHOICES[missing].items()
    ]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return words.QUESTIONS[missing].say(member.language), InlineKeyboardMarkup(inline_keyboard=rows)


def _mine(found: list[LoanRequest], member: Member) -> tuple[str, InlineKeyboardMarkup | None]:
    buttons = []
    for each in found:
        if each.state in OPEN:
            tap = LoanTap(loan=each.id, version=each.version, verb=LoanVerb.WITHDRAW)
            buttons.append(_button(words.TAKE_BACK.say(member.language, number=each.number), tap))
        elif each.wish is not None:
            tap = LoanTap(loan=each.id, version=each.version, verb=LoanVerb.ERASE)
            buttons.append(_button(words.ERASE.say(member.language, number=each.number), tap))
    if found:
        buttons.append(_button(words.EXPORT.say(member.language), LoanExportTap()))
    return words.mine(found, member.language), _rows(buttons) if buttons else None


def _desk(found: list[LoanRequest], member: Member) -> tuple[str, InlineKeyboardMarkup]:
    buttons = [_button(words.desk_line(each, member.language), LoanFileTap(loan=each.id)) for each in found]
    return words.desk(found, member.language), _rows(buttons)


async def _shown(
    query: CallbackQuery, loan: int, member: Member, loans: LoanService, zone: ZoneInfo
) -> EditMessageText | AnswerCallbackQuery:
    found = await loans.file(loan, member)
    if isinstance(found, LoanRefusal):
        return _refused(query, found, member)
    if not isinstance(query.message, Message):
        return _stale(query, member)
    request = found.request
    buttons = [
        _button(words.TO[each].say(member.language), LoanMoveTap(loan=loan, version=request.version, state=each))
        for each in NEXT[request.state]
        if each in words.TO
    ]
    markup = _rows([*buttons, _button(words.BACK.say(member.language), LoanDeskTap())])
    return query.message.edit_text(words.file(found, zone, member.language), reply_markup=markup)


def _refused(query: CallbackQuery, found: LoanRefusal, member: Member) -> AnswerCallbackQuery:
    return query.answer(words.refusal(found, member.language), show_alert=True)


def _stale(query: CallbackQuery, member: Member) -> AnswerCallbackQuery:
    return query.answer(STALE_BUTTON.say(member.language), show_alert=True)


def _rows(buttons: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[each] for each in buttons])


def _button(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())
