"""Use cases of publicity: plan an event, hand out tasks and codes, take proofs, remind, follow every code."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from campaigns.compliance.hours import zone_of
from campaigns.compliance.model import GatePolicy
from campaigns.deliveries.model import Draft, Kind
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.groups.service import People
from campaigns.members.model import Member
from campaigns.publicity import rules
from campaigns.publicity.model import (
    WAITING,
    Copy,
    Event,
    EventPlan,
    EventState,
    JoinCode,
    Material,
    Opened,
    Opening,
    PlanRefusal,
    PlanRefused,
    Publicist,
    PublicistKind,
    PublicityRefusal,
    PublicityReport,
    PublicityTask,
    TaskPlan,
    TaskState,
    TaskTemplate,
)
from campaigns.publicity.ports import InviteLinks, PublicityStore, PublicityWording
from campaigns.publicity.report import publicity_report

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # No I, O, 0, 1: a printed code is typed by hand.
CODE_LENGTH = 8
SAMPLE_CODE = "X" * CODE_LENGTH  # Stands in the copy that is shown before there are codes.
PERSONAL_BYTES = 16


def campaign(event_id: int) -> str:
    """The name of an event's publicity in the delivery ledger."""
    return f"publicity:{event_id}"


class PublicityService:
    """Publicity inside one unit of work; every method that names a row asks first whose it is."""

    def __init__(
        self,
        store: PublicityStore,
        people: People,
        outbox: Outbox,
        wording: PublicityWording,
        links: InviteLinks,
        policy: Callable[[], Awaitable[GatePolicy]],
        zone: ZoneInfo,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._links = links
        self._policy = policy
        self._zone = zone
        self._now = now

    # The manager's side

    def approve(self, merchant: str, plan: EventPlan) -> PlanRefused | Sequence[Copy]:
        """The copy that an event would be spread with, every kind and day once, or why it may not be."""
        if refusal := rules.check(plan, self._now()):
            return PlanRefused(refusal)
        copies = [
            self._wording.copy(merchant, plan, kind, template, SAMPLE_CODE)
            for kind, templates in rules.TEMPLATES.items()
            for template in templates
        ]
        return rules.judge_copy(copies) or copies

    async def plan(self, group: Group | None, manager: Member, plan: EventPlan) -> Event | PlanRefused:
        """Plan an event; its manager is the first publicist, since the bank's own group is hers to post in."""
        if group is None or group.manager_id != manager.id:
            return PlanRefused(PlanRefusal.NOT_YOUR_GROUP)
        judged = self.approve(group.merchant, plan)
        if isinstance(judged, PlanRefused):
            return judged
        event = await self._store.add_event(group, manager.id, plan, self._now())
        await self._enlist(event, manager.id, PublicistKind.BANK)
        return event

    async def events_of(self, manager: Member) -> list[Event]:
        """A manager's events, the newest first."""
        return await self._store.events_of(manager.id)

    async def event(self, event_id: int, manager: Member) -> Event | PublicityRefusal:
        """One of the manager's own events."""
        event = await self._store.event(event_id)
        return event if event and event.manager_id == manager.id else PublicityRefusal.NOT_YOURS

    async def candidates(self, event_id: int, manager: Member) -> list[Member] | PublicityRefusal:
        """Staff who could be publicists of an event and are not yet."""
        event = await self.event(event_id, manager)
        if isinstance(event, PublicityRefusal):
            return event
        there = set(await self._store.states(event_id))  # Who volunteers for the outing alone has no tasks yet.
        staff = await self._people.many([each for each in await self._store.staff() if each not in there])
        return [each for each in staff.values() if rules.kind_of(each.roles) is not None]

    async def add_publicist(self, event_id: int, manager: Member, member_id: int) -> Event | PublicityRefusal:
        """Make somebody of staff a publicist with the plan of the own kind, and tell them; twice is once."""
        event = await self.event(event_id, manager)
        if isinstance(event, PublicityRefusal):
            return event
        if not event.is_ahead(self._now()):
            return PublicityRefusal.OVER
        member = (await self._people.many([member_id])).get(member_id)
        kind = rules.kind_of(member.roles) if member else None
        if kind is None:
            return PublicityRefusal.NO_PUBLICIST
        if await self._enlist(event, member_id, kind):
            words = self._wording.enlisted(event, kind)
            await self._outbox.tell(campaign(event.id), "enlisted", member_id, words)
        return event

    async def cancel(self, event_id: int, manager: Member) -> Event | PublicityRefusal:
        """Cancel an event: its tasks and waiting reminders end, its publicists are told."""
        event = await self.event(event_id, manager)
        if isinstance(event, PublicityRefusal):
            return event
        if not event.is_ahead(self._now()):
            return PublicityRefusal.OVER
        await self._store.cancel(event_id, self._now())
        await self._outbox.cancel(campaign(event_id))
        for publicist in await self._store.publicists(event_id):
            words = self._wording.cancelled(event)
            await self._outbox.tell(campaign(event_id), "cancelled", publicist.member_id, words)
        return event

    async def judge(self, task_id: int, manager: Member, *, accepted: bool) -> PublicityTask | PublicityRefusal:
        """The manager's word on a proof; two taps are one word, and a rejected task may be done again."""
        task, event = await self._store.task(task_id) or (None, None)
        if task is None or event is None or event.manager_id != manager.id:
            return PublicityRefusal.NOT_YOURS
        if task.state is not TaskState.DONE:
            return PublicityRefusal.NOT_DONE_YET if task.state in WAITING else PublicityRefusal.DONE_ALREADY
        state = TaskState.CHECKED if accepted else TaskState.REJECTED
        await self._store.settle(task.id, state, manager.id, self._now())
        if not accepted:
            words = self._wording.rejected(task)
            await self._outbox.tell(campaign(event.id), f"rejected:{task.id}:{task.proof}", task.publicist_id, words)
        return task

    async def proof(self, task_id: int, manager: Member) -> PublicityTask | PublicityRefusal:
        """A task whose proof the manager of its event wants to see."""
        task, event = await self._store.task(task_id) or (None, None)
        if task is None or event is None or event.manager_id != manager.id:
            return PublicityRefusal.NOT_YOURS
        return task if task.proof else PublicityRefusal.NOT_DONE_YET

    async def codes(self, event_id: int, manager: Member) -> list[tuple[JoinCode, Member]] | PublicityRefusal:
        """The printed codes of an event with their publicists."""
        event = await self.event(event_id, manager)
        if isinstance(event, PublicityRefusal):
            return event
        codes = [each for each in await self._store.codes(event_id) if not each.is_personal]
        people = await self._people.many(sorted({each.publicist_id for each in codes}))
        return [(each, people[each.publicist_id]) for each in codes]

    async def code(self, code_id: int, member: Member) -> tuple[JoinCode, Event] | PublicityRefusal:
        """A code for its publicist or for the event's manager."""
        code = await self._store.code(code_id)
        event = await self._store.event(code.event_id) if code else None
        if code is None or event is None or member.id not in {code.publicist_id, event.manager_id}:
            return PublicityRefusal.NOT_YOURS
        return code, event

    async def report(self, event_id: int, manager: Member) -> PublicityReport | PublicityRefusal:
        """One of the manager's own events from its codes to what their people did."""
        event = await self.event(event_id, manager)
        return (
            event if isinstance(event, PublicityRefusal) else await publicity_report(self._store, self._people, event)
        )

    # The publicist's side

    async def tasks_of(self, member: Member) -> list[tuple[PublicityTask, Event]]:
        """A publicist's tasks of events ahead, the first due first."""
        return [each for each in await self._store.tasks_of(member.id) if each[1].is_ahead(self._now())]

    async def own_events(self, member: Member) -> list[Event]:
        """The events that somebody is a publicist of, until the end of their day."""
        found = await self._store.events_with(member.id)
        planned = [each for each in found if each.state is EventState.PLANNED]
        return [each for each in planned if not rules.is_over(each, self._now(), self._zone)]

    async def task(self, task_id: int, member: Member) -> tuple[PublicityTask, Event, JoinCode] | PublicityRefusal:
        """One of the member's own tasks with its code, to forward or print."""
        task, event = await self._store.task(task_id) or (None, None)
        if task is None or event is None or task.publicist_id != member.id:
            return PublicityRefusal.NOT_YOURS
        if not event.is_ahead(self._now()):
            return PublicityRefusal.OVER
        code = next(
            each
            for each in await self._store.codes(event.id)
            if each.publicist_id == member.id and each.material is task.plan.template.material
        )
        return task, event, code

    async def hand_in(self, task_id: int, member: Member, proof: str) -> PublicityTask | PublicityRefusal:
        """Take the photo that proves a task; the event's manager is told and checks it."""
        found = await self.task(task_id, member)
        if isinstance(found, PublicityRefusal):
            return found
        task, event, _ = found
        if task.state not in WAITING:
            return PublicityRefusal.DONE_ALREADY
        await self._store.hand_in(task.id, proof, self._now())
        await self._outbox.cancel(campaign(event.id), f"remind:{task.id}")
        words = self._wording.handed_in(event, task, member)
        await self._outbox.tell(campaign(event.id), f"proof:{task.id}:{proof}", event.manager_id, words)
        return task

    async def staff(self) -> list[Member]:
        """Everybody with a role."""
        return list((await self._people.many(await self._store.staff())).values())

    async def desk_code(self, event: Event, member: Member) -> JoinCode:
        """The code that people scan at somebody's desk or in their class, made once; no tasks come with it."""
        await self._store.add_publicist(Publicist(event.id, member.id, PublicistKind.BANK), self._now())
        for known in await self._store.codes(event.id):
            if known.publicist_id == member.id and known.material is Material.DESK:
                return known
        return await self._make_code(event, member.id, Material.DESK)

    async def personal_code(self, event: Event, member: Member) -> JoinCode:
        """A code for one person, whom the member invites (S-69); it works for the first who opens it."""
        return await self._make_code(event, member.id, Material.INVITATION)

    # What people who see a code do

    async def open(self, text: str, member: Member) -> Opened:
        """Somebody opened a code's deep link: the first code is where they came from, and here is the way in.

        A printed code of a group that is full leads to the next of its merchant.
        """
        code = await self._store.code_by_text(text.upper()) or await self._store.code_by_text(text)
        event = await self._store.event(code.event_id) if code else None
        if code is None or event is None:
            return Opened(Opening.UNKNOWN)
        if event.state is EventState.CANCELLED:
            return Opened(Opening.CANCELLED, event)
        if code.is_personal and not rules.is_personal_use(await self._store.openers(code.id), member.id):
            return Opened(Opening.USED, event)
        place = await self._store.place(event.group_id, member.id)
        if place is not None and place.is_inside:
            return Opened(Opening.INSIDE, event)
        group = await self._store.open_group(event.group_id)
        if place is None:
            await self._store.add_source(group.id, member.id, code.id, self._now())
        outcome = Opening.OVER if rules.is_over(event, self._now(), self._zone) else Opening.WELCOME
        return Opened(outcome, event, await self._way_in(code, group))

    # What the clock does

    async def tick(self) -> int:
        """Remind who has not done what is due: once a task, never at night; returns how many people."""
        now, reminded = self._now(), 0
        due = await self._store.due_reminders(now)
        if not due:
            return 0
        policy = await self._policy()
        people = await self._people.many(sorted({task.publicist_id for task, _ in due}))
        for (publicist, _), found in groupby(due, key=lambda each: (each[0].publicist_id, each[1].id)):
            pairs = list(found)
            if rules.may_remind(now, zone_of(people[publicist].zone, policy), policy):
                await self._remind(pairs[0][1], people[publicist], [task for task, _ in pairs])
                reminded += 1
        return reminded

    async def _remind(self, event: Event, publicist: Member, tasks: Sequence[PublicityTask]) -> None:
        now = self._now()
        words = self._wording.reminder(event, tasks, publicist)
        step, until = f"remind:{tasks[0].id}", event.plan.starts_at
        draft = Draft(campaign(event.id), step, publicist.id, words, Kind.SERVICE, now, expires_at=until)
        await self._outbox.add(draft)
        await self._store.mark_reminded([task.id for task in tasks], now)

    async def _enlist(self, event: Event, member_id: int, kind: PublicistKind) -> bool:
        """Make a publicist with codes and tasks; False when they had some before."""
        publicist = Publicist(event.id, member_id, kind)
        is_new = await self._store.add_publicist(publicist, self._now())
        if not is_new and member_id in await self._store.states(event.id):
            return False
        policy, texts = await self._policy(), {}
        for material in dict.fromkeys(template.material for template in rules.TEMPLATES[kind]):
            texts[material] = (await self._make_code(event, member_id, material)).text
        plans = [self._task_plan(event, kind, each, policy, texts[each.material]) for each in rules.TEMPLATES[kind]]
        await self._store.add_tasks(publicist, plans)
        return True

    def _task_plan(
        self, event: Event, kind: PublicistKind, template: TaskTemplate, policy: GatePolicy, code: str
    ) -> TaskPlan:
        starts, now = event.plan.starts_at, self._now()
        return TaskPlan(
            template,
            rules.due_day(template, starts, now, self._zone),
            rules.reminder_at(template, starts, now, self._zone, policy),
            self._wording.copy(event.merchant, event.plan, kind, template, code),
        )

    async def _make_code(self, event: Event, member_id: int, material: Material) -> JoinCode:
        personal = material is Material.INVITATION
        text = secrets.token_urlsafe(PERSONAL_BYTES) if personal else _printed_code()
        return await self._store.add_code(event.id, member_id, material, text, self._now())

    async def _way_in(self, code: JoinCode, group: Group) -> str | None:
        """The group's invite link that carries the code, made when first needed."""
        if code.link is not None and code.link_group == group.id:
            return code.link
        link = await self._links.make(group.chat_id, code.text, once=code.is_personal)
        if link is not None:
            await self._store.set_link(code.id, group.id, link)
        return link


def _printed_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
