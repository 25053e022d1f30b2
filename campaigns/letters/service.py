"""Use cases of letters: draft one for a question or a customer, look at it, send it once, give it up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaigns.answers.model import BY_ITSELF, AnswerEntry, EntryKind, Variable
from campaigns.answers.service import AnswerService
from campaigns.compliance.rules import Defer, GateVerdict, Pass
from campaigns.customers.rules import is_called
from campaigns.deliveries.model import Delivery, Draft, Kind, Message, State
from campaigns.deliveries.service import Outbox
from campaigns.letters.model import (
    Addressee,
    Hindrance,
    Letter,
    LetterRefusal,
    LetterState,
    Objection,
    TextChoice,
)
from campaigns.letters.rules import objections, write
from campaigns.members.model import Language, Member
from campaigns.questions.model import Question, QuestionRefusal
from campaigns.questions.service import QuestionService

SHOWN = 8


class LetterStore(Protocol):
    """What letters need."""

    async def reachable_by(self, staff_id: int) -> list[int]:
        """Members to whom somebody may write: those in the own groups, and own customers."""
        ...

    async def draft(self, letter: Letter, now: datetime) -> Letter:
        """Store a draft, sealed; an older draft of the same author is given up."""
        ...

    async def lock(self, letter_id: int) -> Letter | None:
        """One letter, locked."""
        ...

    async def settle(self, letter: Letter, state: LetterState, now: datetime) -> None:
        """Store what became of a draft."""
        ...


class Gate(Protocol):
    """What decides at dispatch."""

    async def judge(self, delivery: Delivery, now: datetime) -> GateVerdict:
        """Whether a message may leave now, later or never."""
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


class LetterWording(Protocol):
    """The sentences that letters put into the ledger."""

    def answer(self, text: str, question: Question, language: Language) -> Message:
        """The answer to a question, with the buttons that say whether it helped."""
        ...

    def letter(self, text: str, language: Language) -> Message:
        """What a manager writes unasked."""
        ...


@dataclass(frozen=True)
class Preview:
    """A draft as its author sees it before it leaves."""

    letter: Letter
    to: Member
    hindrance: Hindrance | None = None


Drafted = Preview | LetterRefusal | tuple[Objection, ...]


class LetterService:
    """Letters inside one unit of work."""

    def __init__(
        self,
        store: LetterStore,
        questions: QuestionService,
        answers: AnswerService,
        people: People,
        gate: Gate,
        audit: Audit,
        outbox: Outbox,
        wording: LetterWording,
        bank: str,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._questions = questions
        self._answers = answers
        self._people = people
        self._gate = gate
        self._audit = audit
        self._outbox = outbox
        self._wording = wording
        self._bank = bank
        self._now = now

    async def find(self, name: str, by: Member) -> list[Member]:
        """Members with this name, full or masked, to whom somebody may write; at most eight."""
        people = await self._people.many(await self._store.reachable_by(by.id))
        return [each for each in people.values() if each.id != by.id and is_called(name, each.name)][:SHOWN]

    async def addressee(self, to: Addressee, by: Member) -> Member | LetterRefusal:
        """Whom a letter is for, if this author may write it."""
        if to.question_id is not None:
            question = await self._questions.lock_for(to.question_id, by)
            if isinstance(question, QuestionRefusal):
                return _refusal(question)
            return (await self._people.many([question.member_id]))[question.member_id]
        if to.member_id not in await self._store.reachable_by(by.id):
            return LetterRefusal.NOBODY
        return (await self._people.many([to.member_id]))[to.member_id]

    async def choices(self, to: Addressee) -> list[AnswerEntry]:
        """The texts to choose from; for a question those near its words come first."""
        words = await self._questions.words(to.question_id) if to.question_id is not None else ""
        return await self._answers.choices(words)

    async def draft(self, to: Addressee, choice: TextChoice, by: Member) -> Drafted:
        """Keep what shall be written and show it; free words pass the gate first."""
        who = await self.addressee(to, by)
        if isinstance(who, LetterRefusal):
            return who
        entry = await self._answers.entry(choice.entry) if choice.entry else None
        if choice.entry is not None and entry is None:
            return LetterRefusal.NO_TEXT
        text = write(entry, self._values(choice, by), who.language) if entry else choice.words.strip()
        if text is None:
            return LetterRefusal.NO_TEXT
        against = objections(text)
        if against:
            await self._audit.note(by.id, "refused_words", _subject(to))
            return against
        made = Letter(
            id=0,
            to=Addressee(who.id, to.question_id),
            author_id=by.id,
            text=text,
            kind=_kind(to, entry),
            entry=entry.key if entry else None,
            version=entry.version if entry else None,
        )
        letter = await self._store.draft(made, self._now())
        return Preview(letter, who, await self._hindrance(letter, who))

    async def send(self, letter_id: int, by: Member) -> Member | LetterRefusal:
        """Let a draft leave, once; returns who gets it. An answer ends its question's clock."""
        letter = await self._store.lock(letter_id)
        if letter is None or letter.author_id != by.id:
            return LetterRefusal.NOT_YOURS
        if letter.state is not LetterState.DRAFT:
            return LetterRefusal.STALE
        who = await self.addressee(letter.to, by)
        if isinstance(who, LetterRefusal):
            return who
        await self._store.settle(letter, LetterState.SENT, self._now())
        await self._audit.note(by.id, "send_letter", f"{_subject(letter.to)} {letter.entry or 'free'}")
        await self._outbox.add(await self._delivery(letter, who, by))
        return who

    async def give_up(self, letter_id: int, by: Member) -> bool:
        """Throw the own draft away."""
        letter = await self._store.lock(letter_id)
        if letter is None or letter.author_id != by.id or letter.state is not LetterState.DRAFT:
            return False
        await self._store.settle(letter, LetterState.GIVEN_UP, self._now())
        return True

    async def _delivery(self, letter: Letter, who: Member, by: Member) -> Draft:
        """The ledger's row: service for an answer, which its question's own state keeps from leaving twice."""
        message = self._wording.letter(letter.text, who.language)
        if letter.to.question_id is not None:
            question = await self._questions.lock_for(letter.to.question_id, by)
            assert isinstance(question, Question)
            await self._questions.answered(question, by)
            message = self._wording.answer(letter.text, question, who.language)
            return Draft(
                f"question:{question.id}",
                f"answer:{question.round}",
                who.id,
                message,
                Kind.SERVICE,
                self._now(),
                origin_chat=question.chat_id,
            )
        return Draft(f"letter:{letter.id}", "letter", who.id, message, Kind(letter.kind), self._now())

    async def _hindrance(self, letter: Letter, who: Member) -> Hindrance | None:
        """What the gate would say at dispatch."""
        message = self._wording.letter(letter.text, who.language)
        now = self._now()
        kind = Kind(letter.kind)
        row = Delivery(0, "letter", "letter", who.id, kind, "sendMessage", message.payload(), State.PLANNED, now)
        verdict = await self._gate.judge(row, now)
        if isinstance(verdict, Pass):
            return None
        return Hindrance(verdict.reason, never=not isinstance(verdict, Defer))

    def _values(self, choice: TextChoice, by: Member) -> dict[str, str]:
        """What fills a text: what somebody entered, and what is known by itself."""
        known = {Variable.BANK: self._bank, Variable.MANAGER: by.name}
        entered = {name: value for name, value in choice.values.items() if name not in BY_ITSELF}
        return {**entered, **{str(name): value for name, value in known.items()}}


def _kind(to: Addressee, entry: AnswerEntry | None) -> EntryKind:
    """An answer was asked for; unasked, only a reviewed service text is no advertising (Advertising Law art. 43)."""
    if to.question_id is not None:
        return EntryKind.SERVICE
    return entry.kind if entry else EntryKind.MARKETING


def _subject(to: Addressee) -> str:
    return f"question:{to.question_id}" if to.question_id is not None else f"member:{to.member_id}"


def _refusal(found: QuestionRefusal) -> LetterRefusal:
    return LetterRefusal.QUESTION_OVER if found is QuestionRefusal.OVER else LetterRefusal.NOT_YOURS
