"""What questions need of the rows, the people and the words."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.members.model import Member
from campaigns.questions.model import AnswerClock, Line, Question


class QuestionStore(Protocol):
    """What questions need."""

    async def clock(self) -> AnswerClock:
        """The newest answer clock."""
        ...

    async def owner_of(self, member_id: int, chat_id: int | None, today: date) -> int | None:
        """The customer's owner, else the manager of the group, else of the newest group; who is away has a stand-in."""
        ...

    async def leads(self) -> list[int]:
        """The team leads."""
        ...

    async def lock_open(self, member_id: int) -> Question | None:
        """A member's open question, locked."""
        ...

    async def lock(self, question_id: int) -> Question | None:
        """One question, locked."""
        ...

    async def create(self, question: Question, text: str, remind_at: datetime) -> Question:
        """Store a new question with its first line, sealed."""
        ...

    async def add_line(self, question: Question, text: str, now: datetime, tell_at: datetime) -> None:
        """Store one more line, sealed."""
        ...

    async def lines(self, question: Question) -> list[Line]:
        """What was written, in order."""
        ...

    async def open_of(self, owner_id: int | None) -> list[Question]:
        """Open questions of an owner, or everybody's, the most urgent first."""
        ...

    async def due_to_tell(self, now: datetime) -> list[Question]:
        """Questions with lines that are gathered, locked."""
        ...

    async def due_to_remind(self, now: datetime) -> list[Question]:
        """Open questions past half of their time that were not told of in this round, locked."""
        ...

    async def reminded(self, questions: Sequence[Question]) -> None:
        """Somebody was reminded of these."""
        ...

    async def late(self, now: datetime) -> list[Question]:
        """Open questions past their time that were not told of in this round, locked."""
        ...

    async def escalated(self, questions: Sequence[Question]) -> None:
        """Those above were told of these."""
        ...

    async def told(self, question: Question) -> None:
        """Remember that the owner knows every line."""
        ...

    async def save(self, question: Question, now: datetime) -> None:
        """Store owner, state and who answered."""
        ...

    async def reopen(self, question: Question, remind_at: datetime) -> None:
        """Open a question again for its next round."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Audit(Protocol):
    """The audit trail."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append what somebody did."""
        ...


class QuestionWording(Protocol):
    """The sentences that questions put into the ledger; none of them holds a customer's words."""

    def told(self, question: Question, who: Member, reader: Member) -> Message:
        """A new question, or new lines of one."""
        ...

    def reminder(self, question: Question, who: Member, reader: Member) -> Message:
        """Half of the time is over."""
        ...

    def late(self, question: Question, who: Member, owner: Member | None, reader: Member) -> Message:
        """The time is over: to the owner and the leads."""
        ...

    def sorry(self, asker: Member) -> Message:
        """The time is over: to the customer."""
        ...

    def unsolved(self, question: Question, who: Member, reader: Member) -> Message:
        """The answer did not help."""
        ...

    def taken_back(self, question: Question, who: Member, reader: Member) -> Message:
        """The customer took the question back."""
        ...
