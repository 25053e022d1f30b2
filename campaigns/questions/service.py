"""Use cases of questions: ask, gather, tell the owner, remind, escalate, look, take back, say whether it helped."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.questions.concerns import Concerns
from campaigns.questions.model import (
    AskCode,
    Asked,
    FeedbackCode,
    Line,
    PassRefusal,
    Question,
    QuestionRefusal,
    QuestionState,
)
from campaigns.questions.ports import Audit, People, QuestionStore, QuestionWording
from campaigns.questions.rules import (
    GATHER,
    complains,
    due,
    half_time,
    may_answer,
    may_see_all,
    next_line,
    shortened,
)
from campaigns.setbacks.ports import Setbacks


@dataclass(frozen=True)
class QuestionView:
    """A question as who answers it sees it."""

    question: Question
    who: Member
    lines: tuple[Line, ...]


def ledger_of(question_id: int) -> str:
    """The name of a question in the delivery ledger."""
    return f"question:{question_id}"


Say = Callable[[Question, Member, Member], Message]


class QuestionService:
    """Questions inside one unit of work."""

    def __init__(
        self,
        store: QuestionStore,
        people: People,
        audit: Audit,
        outbox: Outbox,
        wording: QuestionWording,
        concerns: Concerns,
        zone: ZoneInfo,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._people = people
        self._audit = audit
        self._outbox = outbox
        self._wording = wording
        self._concerns = concerns
        self._zone = zone
        self._now = now

    async def ask(self, member: Member, text: str, chat_id: int | None = None) -> Asked:
        """Take a line: of the member's open question, or of a new one; staff ask nobody."""
        now = self._now()
        if member.is_staff or not text.strip():
            return Asked(AskCode.NOBODY)
        found = await self._store.lock_open(member.id)
        if found is not None:
            code = next_line(found)
            if code is not AskCode.FULL:
                await self._store.add_line(found, shortened(text), now, found.tell_at or now + GATHER)
                await self._mind(found, text, member)
            return Asked(code, found)
        owner = await self._store.owner_of(member.id, chat_id, now.astimezone(self._zone).date())
        if owner is None and not await self._store.leads():
            return Asked(AskCode.NOBODY)
        clock = await self._store.clock()
        asked = Question(
            id=0,
            member_id=member.id,
            owner_id=owner,
            state=QuestionState.OPEN,
            asked_at=now,
            due_at=due(now, clock, self._zone),
            chat_id=chat_id,
            tell_at=now + GATHER,
        )
        made = await self._store.create(asked, shortened(text), half_time(now, clock, self._zone))
        await self._mind(made, text, member)
        return Asked(AskCode.NEW, made)

    async def look(self, question_id: int, by: Member) -> QuestionView | QuestionRefusal:
        """Show a question to who may answer it; the look is recorded."""
        found = await self._store.lock(question_id)
        refusal = may_answer(found, by)
        if found is None or refusal is not None:
            return refusal or QuestionRefusal.UNKNOWN
        await self._audit.note(by.id, "read_question", ledger_of(found.id))
        who = (await self._people.many([found.member_id]))[found.member_id]
        return QuestionView(found, who, tuple(await self._store.lines(found)))

    async def words(self, question_id: int) -> str:
        """A question's words, for looking up what may answer it; nobody is shown them."""
        found = await self._store.lock(question_id)
        return " ".join(line.text for line in await self._store.lines(found)) if found else ""

    async def open_to(self, by: Member) -> list[tuple[Question, Member]]:
        """What waits for an answer: the own questions, for a team lead everybody's."""
        owner = None if may_see_all(by) else by.id
        found = [each for each in await self._store.open_of(owner) if each.member_id != by.id]
        people = await self._people.many([each.member_id for each in found])
        return [(each, people[each.member_id]) for each in found]

    async def lock_for(self, question_id: int, by: Member) -> Question | QuestionRefusal:
        """One question, locked for who is about to answer it."""
        found = await self._store.lock(question_id)
        refusal = may_answer(found, by)
        return refusal or found or QuestionRefusal.UNKNOWN

    async def answered(self, question: Question, by: Member) -> None:
        """Remember that an answer is on its way."""
        done = replace(question, state=QuestionState.ANSWERED, answered_by=by.id)
        await self._store.save(done, self._now())
        await self._audit.note(by.id, "answer_question", ledger_of(question.id))
        who = (await self._people.many([question.member_id]))[question.member_id]
        await self._concerns.answered(question, who, by)

    async def pass_on(self, question_id: int, by: Member) -> QuestionRefusal | PassRefusal | None:
        """Give a question to the team leads; the clock runs on."""
        found = await self.lock_for(question_id, by)
        if isinstance(found, QuestionRefusal):
            return found
        leads = [lead for lead in await self._store.leads() if lead not in {by.id, found.member_id}]
        if not leads:
            return PassRefusal.NO_LEAD
        passed = replace(found, owner_id=None)
        await self._store.save(passed, self._now())
        await self._audit.note(by.id, "pass_question_on", ledger_of(found.id))
        await self._tell(passed, leads, f"passed:{found.round}", self._wording.told)
        return None

    async def take_back(self, question_id: int, member: Member) -> bool:
        """End the own open question; an owner who knows of it hears so."""
        found = await self._store.lock(question_id)
        if found is None or found.member_id != member.id or found.state is not QuestionState.OPEN:
            return False
        await self._store.save(replace(found, state=QuestionState.WITHDRAWN), self._now())
        await self._outbox.cancel(ledger_of(found.id))
        await self._concerns.taken_back(found, member)
        if found.told:
            await self._tell(found, await self._readers(found), "taken-back", self._wording.taken_back)
        return True

    async def feedback(self, question_id: int, number: int, member: Member, *, helped: bool) -> FeedbackCode:
        """The asker's word on the answer of one round: the first one counts; a no opens the question again."""
        found = await self._store.lock(question_id)
        if (
            found is None
            or found.member_id != member.id
            or found.state is not QuestionState.ANSWERED
            or found.round != number
        ):
            return FeedbackCode.STALE
        if helped:
            await self._store.save(replace(found, state=QuestionState.SOLVED), self._now())
            return FeedbackCode.SOLVED
        if await self._store.lock_open(member.id) is not None:
            return FeedbackCode.STALE
        now, clock = self._now(), await self._store.clock()
        again = replace(
            found, state=QuestionState.OPEN, round=found.round + 1, due_at=due(now, clock, self._zone), answered_by=None
        )
        await self._store.reopen(again, half_time(now, clock, self._zone))
        await self._tell(again, await self._readers(again), f"unsolved:{again.round}", self._wording.unsolved)
        return FeedbackCode.REOPENED

    async def tick(self, setbacks: Setbacks) -> None:
        """Tell of what is gathered, remind at half time, escalate what is late."""
        now = self._now()
        gathered, waiting = await self._store.due_to_tell(now), await self._store.due_to_remind(now)
        await setbacks.apart("questions", gathered, self._tell_gathered, lambda each: each.id)
        await setbacks.apart("question_reminders", waiting, self._remind, lambda each: each.id)
        await setbacks.apart("late_questions", await self._store.late(now), self._escalate_all, lambda each: each.id)

    async def _tell_gathered(self, gathered: Sequence[Question]) -> None:
        for each in gathered:
            await self._tell(each, await self._readers(each), f"told:{each.round}:{each.lines}", self._wording.told)
            await self._store.told(each)

    async def _remind(self, waiting: Sequence[Question]) -> None:
        for each in waiting:
            await self._tell(each, await self._readers(each), f"remind:{each.round}", self._wording.reminder)
        await self._store.reminded(waiting)

    async def _escalate_all(self, late: Sequence[Question]) -> None:
        for each in late:
            await self._escalate(each)
        await self._store.escalated(late)

    async def _escalate(self, question: Question) -> None:
        people = await self._people.many([question.member_id, *([question.owner_id] if question.owner_id else [])])
        owner = people.get(question.owner_id or 0)
        readers = {*await self._store.leads(), *([question.owner_id] if question.owner_id else [])}

        def late(each: Question, who: Member, reader: Member) -> Message:
            return self._wording.late(each, who, owner, reader)

        await self._tell(question, sorted(readers - {question.member_id}), f"late:{question.round}", late)
        sorry = self._wording.sorry(people[question.member_id])
        await self._outbox.tell(ledger_of(question.id), f"sorry:{question.round}", question.member_id, sorry)
        await self._concerns.late(question, people[question.member_id])

    async def _mind(self, question: Question, text: str, member: Member) -> None:
        """Nobody's complaint is only a line among others."""
        if complains(text):
            await self._concerns.complained(question, member)

    async def _readers(self, question: Question) -> list[int]:
        """Whom a question concerns: its owner, or the team leads where it has none."""
        return [question.owner_id] if question.owner_id is not None else await self._store.leads()

    async def _tell(self, question: Question, readers: Iterable[int], step: str, say: Say) -> None:
        told = [reader for reader in readers if reader != question.member_id]
        people = await self._people.many([question.member_id, *told])
        for reader in told:
            words = say(question, people[question.member_id], people[reader])
            await self._outbox.tell(ledger_of(question.id), step, reader, words)
