"""Use cases of quizzes: publish with the prizes set aside, answer, close, enter a result, pay everybody right once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.members.model import Member
from campaigns.points.model import Grant, GrantCode, MovementReason, PointsCampaign
from campaigns.points.service import PointsService
from campaigns.quizzes.model import (
    Given,
    Guess,
    GuessCode,
    GuessOutcome,
    Preview,
    Quiz,
    QuizKind,
    QuizPlan,
    QuizRefusal,
    QuizState,
    Win,
)
from campaigns.quizzes.rules import answer, cost_of, is_over, purse_of, read_result, winners
from campaigns.setbacks.ports import Setbacks


class QuizStore(Protocol):
    """What quizzes need; every lock lasts until the transaction ends."""

    async def create(self, campaign_id: int, group: Group, plan: QuizPlan, now: datetime) -> Quiz:
        """Store a new open quiz."""
        ...

    async def campaign(self, campaign_id: int) -> PointsCampaign | None:
        """The points campaign that is to pay."""
        ...

    async def lock(self, quiz_id: int) -> Quiz | None:
        """One quiz, locked."""
        ...

    async def find(self, quiz_id: int) -> Quiz | None:
        """One quiz, unlocked."""
        ...

    async def is_member(self, quiz: Quiz, member_id: int) -> bool:
        """Whether somebody is in the quiz's group now."""
        ...

    async def earlier(self, quiz_id: int, guesses: Sequence[Guess]) -> Mapping[str, str]:
        """The answers that these people gave before, by `keys_of`."""
        ...

    async def save_answers(self, quiz: Quiz, answers: Sequence[tuple[Guess, str]], now: datetime) -> None:
        """Store answers after the last one; they are never changed."""
        ...

    async def given(self, quiz_id: int) -> list[Given]:
        """All answers of a quiz, in order."""
        ...

    async def await_result(self, quiz: Quiz, now: datetime) -> None:
        """Mark a guess as closed."""
        ...

    async def settle(self, quiz: Quiz, result: str | None, wins: Sequence[Win], now: datetime) -> None:
        """Store the result and who won what."""
        ...

    async def of_manager(self, manager_id: int) -> list[Quiz]:
        """A manager's latest quizzes."""
        ...

    async def due(self, now: datetime) -> list[int]:
        """Open quizzes past their end."""
        ...


class QuizWording(Protocol):
    """The sentences that quizzes need."""

    def card(self, quiz: Quiz, *, is_over: bool) -> Message:
        """The group's card."""
        ...

    def results(self, quiz: Quiz, wins: Sequence[Win]) -> Message:
        """What the group reads once, when everybody is paid."""
        ...

    def ask_result(self, quiz: Quiz) -> Message:
        """What the manager reads when a guess is closed."""
        ...

    def won(self, quiz: Quiz, points: int) -> Message:
        """What a winner reads in private."""
        ...


class GuessDesk(Protocol):
    """Takes answers that arrive together and decides them in one transaction."""

    async def claim(self, quiz_id: int, guess: Guess) -> GuessOutcome:
        """Decide one answer; a repeated update gets the outcome that was stored."""
        ...


def campaign(quiz_id: int) -> str:
    """The name of a quiz in the delivery ledger."""
    return f"quiz:{quiz_id}"


class QuizService:
    """Quizzes inside one unit of work, paid by the points ledger of the same one."""

    def __init__(
        self,
        store: QuizStore,
        points: PointsService,
        outbox: Outbox,
        wording: QuizWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._points = points
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def publish(
        self, campaign_id: int, group: Group | None, plan: QuizPlan, by: int | None = None
    ) -> Quiz | QuizRefusal:
        """Publish a quiz in a group, its whole cost set aside; a manager (`by`) only in an own group, out of a campaign
        of that group or of none."""
        made = await self.publish_all(campaign_id, group, [plan], by)
        return made if isinstance(made, QuizRefusal) else made[0]

    async def publish_all(
        self, campaign_id: int, group: Group | None, plans: Sequence[QuizPlan], by: int | None = None
    ) -> list[Quiz] | QuizRefusal:
        """Publish several quizzes, or none of them."""
        if group is None:
            return QuizRefusal.NO_GROUP
        if by is not None and group.manager_id != by:
            return QuizRefusal.NOT_YOUR_GROUP
        paying = await self._store.campaign(campaign_id)
        if refusal := next(filter(None, (_may_pay(paying, group, plan) for plan in plans)), None):
            return refusal
        if not await self._points.affords(campaign_id, sum(map(cost_of, plans))):
            return QuizRefusal.BUDGET_TOO_SMALL
        return [await self._publish(campaign_id, group, plan) for plan in plans]

    async def _publish(self, campaign_id: int, group: Group, plan: QuizPlan) -> Quiz:
        quiz = await self._store.create(campaign_id, group, plan, self._now())
        await self._points.reserve(campaign_id, purse_of(quiz.id), cost_of(plan))
        await self._show(quiz)
        return quiz

    async def open_to(self, member: Member, quiz_id: int) -> Quiz | None:
        """A quiz that takes answers, for a member of its group."""
        quiz = await self._store.find(quiz_id)
        if quiz is None or is_over(quiz, self._now()) or not await self._store.is_member(quiz, member.id):
            return None
        return quiz

    async def decide(self, quiz_id: int, guesses: Sequence[Guess]) -> list[GuessOutcome]:
        """Decide answers in their order of arrival under one lock, and refresh the card once."""
        quiz = await self._store.lock(quiz_id)
        if quiz is None:
            return [GuessOutcome(GuessCode.NO_QUIZ) for _ in guesses]
        earlier = await self._store.earlier(quiz_id, guesses)
        decided = answer(quiz, earlier, guesses, self._now())
        taken = [(guess, outcome.answer) for outcome, guess in decided if guess is not None]
        if taken:
            await self._store.save_answers(quiz, taken, self._now())
            await self._show(replace(quiz, answers=quiz.answers + len(taken)))
        return [outcome for outcome, _ in decided]

    async def find(self, quiz_id: int) -> Quiz | None:
        """One quiz as it was published."""
        return await self._store.find(quiz_id)

    async def of(self, manager: Member) -> list[Quiz]:
        """A manager's latest quizzes."""
        return await self._store.of_manager(manager.id)

    async def preview(self, quiz_id: int, by: Member, text: str) -> Preview | QuizRefusal:
        """What a result would pay; nothing is changed before it is confirmed."""
        quiz = await self._store.find(quiz_id)
        if (refusal := self._may_settle(quiz, by)) or quiz is None:
            return refusal or QuizRefusal.NO_QUIZ
        result = read_result(quiz.plan, text)
        if result is None:
            return QuizRefusal.BAD_RESULT
        given = await self._store.given(quiz_id)
        return Preview(quiz, result, tuple(winners(quiz.plan, given, result)))

    async def confirm(self, quiz_id: int, by: Member, text: str) -> tuple[Quiz, list[Win]] | QuizRefusal:
        """Take a result for good and pay everybody who was right."""
        quiz = await self._store.lock(quiz_id)
        if (refusal := self._may_settle(quiz, by)) or quiz is None:
            return refusal or QuizRefusal.NO_QUIZ
        result = read_result(quiz.plan, text)
        return QuizRefusal.BAD_RESULT if result is None else await self._settle(quiz, result)

    async def tick(self, setbacks: Setbacks) -> int:
        """Close what is past its end: a riddle is paid at once, a guess asks its manager for the result."""
        due = await self._store.due(self._now())
        await setbacks.apart("quizzes", due, self._close_all)
        return len(due)

    async def _close_all(self, due: Sequence[int]) -> None:
        for quiz_id in due:
            quiz = await self._store.lock(quiz_id)
            if quiz is None or quiz.state is not QuizState.OPEN:
                continue
            if quiz.plan.kind is QuizKind.RIDDLE:
                await self._settle(quiz, None)
            else:
                await self._await_result(quiz)

    async def _await_result(self, quiz: Quiz) -> None:
        await self._store.await_result(quiz, self._now())
        await self._show(replace(quiz, state=QuizState.AWAITING))
        await self._outbox.tell(campaign(quiz.id), "ask", quiz.manager_id, self._wording.ask_result(quiz))

    async def _settle(self, quiz: Quiz, result: str | None) -> tuple[Quiz, list[Win]]:
        """Pay out of the purse, give back what is left of it, and post the results once."""
        right = winners(quiz.plan, await self._store.given(quiz.id), result)
        settled = replace(quiz, state=QuizState.SETTLED, result=result)
        wins = await self._pay(quiz, right)
        await self._points.release(quiz.points_campaign, purse_of(quiz.id))
        await self._store.settle(quiz, result, wins, self._now())
        await self._show(settled)
        await self._outbox.unpin_card(campaign(quiz.id), quiz.chat_id)
        await self._outbox.tell(campaign(quiz.id), "results", quiz.chat_id, self._wording.results(settled, wins))
        for win in wins:
            if win.points:
                words = self._wording.won(quiz, win.points)
                await self._outbox.tell(campaign(quiz.id), "won", win.given.member_id, words)
        return settled, wins

    async def _pay(self, quiz: Quiz, wins: Sequence[Win]) -> list[Win]:
        """Pay out of the purse; where the campaign is over meanwhile nobody is paid, and the results say so."""
        paid = [win for win in wins if win.points]
        grants = [
            Grant(win.given.member_id, win.points, MovementReason.QUIZ, f"quiz:{quiz.id}", win.given.customer_id)
            for win in paid
        ]
        codes = set(await self._points.grant(quiz.points_campaign, grants, purse=purse_of(quiz.id)) if grants else [])
        if codes == {GrantCode.CLOSED}:
            return [replace(win, points=0) for win in wins]
        # The purse holds the most that the quiz can cost, and each person has one answer: anything else is a fault.
        if codes - {GrantCode.GRANTED}:
            raise RuntimeError(f"Quiz {quiz.id} could not pay its winners: {sorted(codes)}.")
        return list(wins)

    def _may_settle(self, quiz: Quiz | None, by: Member) -> QuizRefusal | None:
        if quiz is None or quiz.manager_id != by.id:
            return QuizRefusal.NO_QUIZ
        if quiz.state is QuizState.SETTLED:
            return QuizRefusal.SETTLED_ALREADY
        return QuizRefusal.STILL_OPEN if quiz.state is QuizState.OPEN else None

    async def _show(self, quiz: Quiz) -> None:
        card = self._wording.card(quiz, is_over=is_over(quiz, self._now()))
        await self._outbox.show_card(campaign(quiz.id), quiz.chat_id, card, pin=True)


def _may_pay(paying: PointsCampaign | None, group: Group, plan: QuizPlan) -> QuizRefusal | None:
    """Whether a campaign may pay for a quiz in a group, and lives as long."""
    if paying is None:
        return QuizRefusal.NO_CAMPAIGN
    if paying.group_id not in {None, group.id}:
        return QuizRefusal.NOT_YOUR_CAMPAIGN
    return QuizRefusal.BEYOND_CAMPAIGN if plan.closes_at >= paying.ends_at else None
