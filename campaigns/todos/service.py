"""Use cases of to-dos: open, tick off, remind, end, see who is missing."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.members.model import Member
from campaigns.setbacks.ports import Setbacks
from campaigns.todos.model import (
    Missing,
    Tick,
    TickCode,
    TickOutcome,
    Todo,
    TodoPlan,
    TodoRefusal,
    TodoState,
)
from campaigns.todos.rules import ending_at, mark, state_of

MANAGERS_LATEST = 5


class TodoStore(Protocol):
    """What to-dos need; every lock lasts until the transaction ends."""

    async def create(self, group: Group, plan: TodoPlan, manager_id: int, now: datetime, ending: datetime) -> Todo:
        """Store a new to-do."""
        ...

    async def lock(self, todo_id: int) -> Todo | None:
        """One to-do, locked."""
        ...

    async def done_among(self, todo_id: int, member_ids: Collection[int]) -> set[int]:
        """Who of these people has done it."""
        ...

    async def save_done(self, todo_id: int, ticks: Sequence[Tick], now: datetime) -> None:
        """Store who has done it; once stored it stays."""
        ...

    async def mark_reminded(self, todo_id: int, now: datetime) -> None:
        """Remember that the reminder is planned."""
        ...

    async def close(self, todo_id: int, now: datetime) -> None:
        """Mark a to-do ended."""
        ...

    async def running_in(self, chat_id: int) -> list[int]:
        """The to-dos of a chat that have not ended."""
        ...

    async def of_manager(self, manager_id: int, limit: int) -> list[Todo]:
        """The latest to-dos of a manager's groups."""
        ...

    async def asked(self, todo: Todo) -> list[int]:
        """Whom a to-do is for: those named, or everybody in the group now without its manager."""
        ...

    async def due_for_reminder(self, now: datetime) -> list[int]:
        """To-dos that are about to end and of which the group was not reminded."""
        ...

    async def due_for_ending(self, now: datetime) -> list[int]:
        """To-dos past their deadline that are not marked as ended."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class TodoWording(Protocol):
    """The sentences that to-dos need."""

    def card(self, todo: Todo, state: TodoState) -> Message:
        """The group's card."""
        ...

    def reminder(self, todo: Todo, now: datetime) -> Message:
        """What the group reads once before the end."""
        ...

    def ended(self, todo: Todo) -> Message:
        """What the manager hears when it is over."""
        ...


class TickDesk(Protocol):
    """Takes taps that arrive together and decides them in one transaction."""

    async def claim(self, todo_id: int, tick: Tick) -> TickOutcome:
        """Decide one tap; a repeated update gets the outcome that was stored."""
        ...


def campaign(todo_id: int) -> str:
    """The name of a to-do in the delivery ledger."""
    return f"todo:{todo_id}"


class TodoService:
    """Group to-dos inside one unit of work."""

    def __init__(
        self, store: TodoStore, people: People, outbox: Outbox, wording: TodoWording, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def open(self, group: Group | None, manager: Member, plan: TodoPlan) -> Todo | TodoRefusal:
        """Open a to-do in a group and pin its card there."""
        if group is None:
            return TodoRefusal.NO_GROUP
        if group.manager_id != manager.id:
            return TodoRefusal.NOT_YOUR_GROUP
        now = self._now()
        todo = await self._store.create(group, plan, manager.id, now, ending_at(now, plan.deadline))
        await self._show(todo)
        return todo

    async def decide(self, todo_id: int, ticks: Sequence[Tick]) -> list[TickOutcome]:
        """Decide taps in their order of arrival under one lock, and refresh the card once."""
        todo = await self._store.lock(todo_id)
        if todo is None:
            return [TickOutcome(TickCode.NO_TODO) for _ in ticks]
        done = await self._store.done_among(todo_id, {tick.member_id for tick in ticks})
        outcomes = mark(todo, done, ticks, self._now())
        new = [tick for tick, outcome in zip(ticks, outcomes, strict=True) if outcome.code is TickCode.DONE]
        if new:
            await self._store.save_done(todo_id, new, self._now())
            await self._refresh(todo_id)
        return outcomes

    async def end(self, todo_id: int, by: Member) -> Todo | TodoRefusal:
        """End a to-do by its manager's word."""
        todo = await self._store.lock(todo_id)
        if todo is None:
            return TodoRefusal.NO_TODO
        if todo.manager_id != by.id:
            return TodoRefusal.NOT_YOURS
        if state_of(todo, self._now()) is TodoState.ENDED:
            return TodoRefusal.ENDED_ALREADY
        return await self._end(todo)

    async def of(self, manager: Member) -> list[Missing]:
        """A manager's latest to-dos, each with who has not done it."""
        return [await self._missing(todo) for todo in await self._store.of_manager(manager.id, MANAGERS_LATEST)]

    async def show_again(self, chat_id: int) -> None:
        """Bring the cards of a group up to date: in a chat that has moved, they are posted anew."""
        for todo_id in await self._store.running_in(chat_id):
            await self._refresh(todo_id)

    async def tick(self, setbacks: Setbacks) -> int:
        """Remind and end what is due; returns how many to-dos were touched."""
        now = self._now()
        ended = await self._store.due_for_ending(now)
        await setbacks.apart("todo_endings", ended, partial(self._each, self._end))
        reminded = await self._store.due_for_reminder(now)
        await setbacks.apart("todo_reminders", reminded, partial(self._each, self._remind))
        return len(ended) + len(reminded)

    async def _each(self, work: Callable[[Todo], Awaitable[object]], todo_ids: Sequence[int]) -> None:
        """Do something with each of these to-dos, locked."""
        for todo_id in todo_ids:
            if todo := await self._store.lock(todo_id):
                await work(todo)

    async def _missing(self, todo: Todo) -> Missing:
        asked = await self._store.asked(todo)
        done = await self._store.done_among(todo.id, asked)
        people = await self._people.many([member for member in asked if member not in done])
        return Missing(todo, tuple(person.name for _, person in sorted(people.items())), len(asked))

    async def _remind(self, todo: Todo) -> None:
        now = self._now()
        words = self._wording.reminder(todo, now)
        expires_at = todo.deadline
        await self._outbox.add(
            Draft(campaign(todo.id), "reminder", todo.chat_id, words, Kind.SERVICE, now, expires_at=expires_at)
        )
        await self._store.mark_reminded(todo.id, now)
        await self._show(todo)

    async def _end(self, todo: Todo) -> Todo:
        await self._store.close(todo.id, self._now())
        ended = await self._refresh(todo.id)
        await self._outbox.cancel(campaign(todo.id), "reminder")
        await self._outbox.unpin_card(campaign(todo.id), todo.chat_id)
        await self._outbox.tell(campaign(todo.id), "ended", todo.manager_id, self._wording.ended(ended))
        return ended

    async def _refresh(self, todo_id: int) -> Todo:
        todo = await self._store.lock(todo_id)
        assert todo is not None
        await self._show(todo)
        return todo

    async def _show(self, todo: Todo) -> None:
        card = self._wording.card(todo, state_of(todo, self._now()))
        await self._outbox.show_card(campaign(todo.id), todo.chat_id, card, pin=True)
