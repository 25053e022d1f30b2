"""Questions that a person answers: the asker's buttons, and the desk of owners and team leads."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from campaigns.members.model import Member
from campaigns.questions.model import QuestionRefusal
from campaigns.questions.service import QuestionService
from campaigns.staff.model import Action
from handlers.chat.asking_buttons import button
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.question_buttons import HelpedTap, QuestionTap, QuestionVerb, WithdrawTap
from handlers.wording import questions as words
from handlers.wording.members import STALE_BUTTON

router = Router(name="questions")

ANSWER = {"action": Action.ANSWER_QUESTIONS}
SHOWN = 10


@router.callback_query(WithdrawTap.filter(), InPrivate())
async def take_back(
    query: CallbackQuery, callback_data: WithdrawTap, member: Member, questions: QuestionService
) -> AnswerCallbackQuery:
    """The asker takes the own question back."""
    done = await questions.take_back(callback_data.question, member)
    return query.answer((words.WITHDRAWN if done else words.NOT_WITHDRAWN).say(member.language), show_alert=True)


@router.callback_query(HelpedTap.filter(), InPrivate())
async def say_whether_it_helped(
    query: CallbackQuery, callback_data: HelpedTap, member: Member, questions: QuestionService
) -> AnswerCallbackQuery:
    """The asker's word; the first on each answer counts."""
    code = await questions.feedback(callback_data.question, callback_data.round, member, helped=callback_data.yes)
    return query.answer(words.feedback(code, member.language), show_alert=True)


@router.message(Command("questions"), InPrivate(), flags=ANSWER)
@router.message(Words(*words.QUESTIONS_WORDS), InPrivate(), flags=ANSWER)
async def list_questions(
    message: Message, member: Member, questions: QuestionService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """What waits for this person's answer, the most urgent first."""
    found = (await questions.open_to(member))[:SHOWN]
    rows = [
        [
            button(
                words.LOOK_BUTTON.say(member.language, id=each.id),
                QuestionTap(verb=QuestionVerb.LOOK, question=each.id),
            )
        ]
        for each, _ in found
    ]
    text = words.waiting(found, zone, now, member.language)
    return message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.message(Command("questions"), InGroup())
async def questions_in_group(message: Message, member: Member) -> SendMessage:
    """Nothing of customers is said in groups."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.callback_query(QuestionTap.filter(F.verb == QuestionVerb.LOOK), InPrivate(), flags=ANSWER)
async def look_at_question(
    query: CallbackQuery,
    callback_data: QuestionTap,
    member: Member,
    questions: QuestionService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage | AnswerCallbackQuery:
    """The question's words, for its owner and the team leads alone; they are a reply and stand in no ledger."""
    found = await questions.look(callback_data.question, member)
    if isinstance(found, QuestionRefusal):
        return query.answer(words.refusal(found, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(STALE_BUTTON.say(member.language), show_alert=True)
    labels = {
        QuestionVerb.CHOOSE: words.CHOOSE_BUTTON,
        QuestionVerb.WRITE: words.WRITE_BUTTON,
        QuestionVerb.PASS: words.PASS_BUTTON,
    }
    rows = [
        [button(label.say(member.language), QuestionTap(verb=verb, question=found.question.id))]
        for verb, label in labels.items()
    ]
    text = words.view(found, zone, now, member.language)
    return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.callback_query(QuestionTap.filter(F.verb == QuestionVerb.PASS), InPrivate(), flags=ANSWER)
async def pass_question_on(
    query: CallbackQuery, callback_data: QuestionTap, member: Member, questions: QuestionService
) -> AnswerCallbackQuery:
    """Give the question to the team leads."""
    code = await questions.pass_on(callback_data.question, member)
    text = words.passing(code, member.language)
    return query.answer(text, show_alert=True)
