"""Pure rules on questions: the answer clock in bank time, gathering, who may answer."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.bankdays.hours import after_bank_time
from campaigns.members.model import Member
from campaigns.questions.model import AnswerClock, AskCode, Question, QuestionRefusal, QuestionState
from campaigns.staff.model import Role

GATHER = timedelta(minutes=1)
MOST_LINES = 20
LONGEST_LINE = 1_000
SHORTEST_COMPLAINT = 4  # Words in English, characters in Chinese, beside the word itself.
_WORD = re.compile(r"[A-Za-z']+|[\u4e00-\u9fff]")
_COMPLAINT = re.compile(r"投诉|投訴|举报|舉報|申诉|申訴|\bcomplain(?:t|ts|ing|s)?\b", re.IGNORECASE)
_ABOUT_COMPLAINTS = re.compile(
    r"怎么|怎麼|如何|哪里|哪裡|在哪|多少|电话|電話|渠道|不(?:是|想|要|用)?(?:投诉|投訴)|没有投诉|沒有投訴"
    r"|\bhow\b|\bwhere\b|\bnumber\b|\bno complaint|n't complain|\bnot complain",
    re.IGNORECASE,
)


def due(asked_at: datetime, clock: AnswerClock, zone: ZoneInfo) -> datetime:
    """By when the answer is promised: the clock's stretch of bank time after the question (S-205)."""
    return after_bank_time(asked_at, clock.within, clock.hours, zone)


def half_time(asked_at: datetime, clock: AnswerClock, zone: ZoneInfo) -> datetime:
    """When the owner is reminded: half of the stretch, in bank time too."""
    return after_bank_time(asked_at, clock.within / 2, clock.hours, zone)


def next_line(question: Question) -> AskCode:
    """What one more line does to an open question."""
    if question.lines >= MOST_LINES:
        return AskCode.FULL
    return AskCode.QUIET if question.tell_at is not None else AskCode.ADDED


def may_see_all(by: Member) -> bool:
    """Whether somebody sees everybody's questions."""
    return Role.TEAM_LEAD in by.roles


def may_answer(question: Question | None, by: Member) -> QuestionRefusal | None:
    """The owner and team leads may; nobody answers an own question, nor one that is over."""
    if question is None:
        return QuestionRefusal.UNKNOWN
    if by.id == question.member_id or (by.id != question.owner_id and not may_see_all(by)):
        return QuestionRefusal.NOT_YOURS
    return None if question.state is QuestionState.OPEN else QuestionRefusal.OVER


def complains(text: str) -> bool:
    """Whether a line is a complaint that somebody must see to: it says what about, and does not only ask where."""
    rest, found = _COMPLAINT.subn(" ", text)
    return found > 0 and len(_WORD.findall(rest)) >= SHORTEST_COMPLAINT and not _ABOUT_COMPLAINTS.search(text)


def shortened(text: str) -> str:
    """A line as it is kept."""
    return text.strip()[:LONGEST_LINE]
