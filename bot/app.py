"""The composition root: the only place that knows everybody."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.methods import TelegramMethod
from aiogram.types import Update, User
from pydantic import TypeAdapter

from bot import metrics
from bot.batcher import Batcher, TurnDesk
from bot.clock import Clock
from bot.conversations import TurnStorage, conversation_key
from bot.draws import draw_host
from bot.inbox import InboxWorker
from bot.invite_links import BotInviteLinks
from bot.jobs import Jobs
from bot.pacing import Pacer
from bot.replies import Replies
from bot.sender import Sender
from bot.settings import Settings
from bot.turns import Turn, current
from campaigns.care.service import CareService
from campaigns.chains.model import Claim, ClaimOutcome
from campaigns.chains.service import ChainService
from campaigns.customers.lookups import LookupService
from campaigns.customers.overviews import OverviewService
from campaigns.deliveries.model import Delivery, Draft, Kind, Reason
from campaigns.deliveries.service import Outbox
from campaigns.draws.model import DrawClaim, DrawOutcome
from campaigns.earnings.service import EarnService
from campaigns.groups.plans import PlanService
from campaigns.groups.service import GroupService
from campaigns.members.model import Language, Member, PrivateChat
from campaigns.members.service import MemberService
from campaigns.offers.service import CHUNK, OfferService
from campaigns.partners.service import PartnerService
from campaigns.places.service import PlaceService
from campaigns.points.reminders import PointsReminders
from campaigns.points.service import PointsService
from campaigns.prospects.service import ProspectService
from campaigns.publicity.service import PublicityService
from campaigns.quizzes.model import Guess, GuessOutcome
from campaigns.quizzes.service import QuizService
from campaigns.redemptions.desk import RedemptionDesk
from campaigns.redemptions.service import RedemptionService
from campaigns.referrals.course import ReferralCourse
from campaigns.referrals.service import ReferralService
from campaigns.staff.service import StaffService
from campaigns.tags.service import TagService
from campaigns.tasks.service import TaskService
from campaigns.todos.model import Tick, TickOutcome
from campaigns.todos.service import TodoService
from handlers.chat import (
    care,
    chains,
    consents,
    customers,
    draw_openings,
    draws,
    event_plans,
    groups,
    joins,
    members,
    newcomers,
    offers,
    openings,
    plans,
    points,
    prospects,
    publicists,
    publicity,
    quizzes,
    redemption_desk,
    redemptions,
    referrals,
    segments,
    staff,
    strays,
    tasks,
    todos,
)
from handlers.chat.filters import GROUPS
from handlers.chat.gallery import Gallery
from handlers.chat.introductions import introduction
from handlers.chat.permissions import Permissions
from handlers.wording.care import CareWords
from handlers.wording.chains import ChainWords
from handlers.wording.groups import GroupWords
from handlers.wording.members import SORRY, MemberWords
from handlers.wording.offers import OfferWords
from handlers.wording.points import PointsWords
from handlers.wording.publicity import PublicityWords
from handlers.wording.quizzes import QuizWords
from handlers.wording.redemptions import RedemptionWords
from handlers.wording.referrals import ReferralWords
from handlers.wording.tasks import TaskWords
from handlers.wording.todos import TodoWords
from segmentation.intake.phones import normalise_phone
from storage import conversations
from storage.care import SqlCareStore
from storage.chains import SqlChainStore
from storage.compliance import SqlGate
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.earnings import SqlEarnStore
from storage.group_plans import SqlGroupPlanStore
from storage.inbox import SqlInbox
from storage.ledger_desk import SqlLedgerDesk
from storage.lookups import SqlLookupStore
from storage.members import SqlMemberStore
from storage.next_actions import SqlNextActionStore
from storage.offers import SqlOfferStore
from storage.overviews import SqlOverviewStore
from storage.partners import SqlPartnerStore
from storage.places import SqlPlaceStore
from storage.points import SqlPointsStore
from storage.portraits import SqlPortraitStore
from storage.prospects import SqlProspectStore
from storage.publicity import SqlPublicityStore
from storage.quizzes import SqlQuizStore
from storage.redemptions import SqlRedemptionStore
from storage.referrals import SqlReferralStore
from storage.staff import SqlStaffStore
from storage.tags import SqlTagStore
from storage.tasks import SqlTaskStore
from storage.todos import SqlTodoStore
from storage.vault import Vault


@dataclass(frozen=True)
class Surroundings:
    """What an app is built on: the outside world, opened by whoever starts it."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    bot: Bot
    username: str


class App:
    """The wired product; `work` is one update's way through it."""

    def __init__(self, world: Surroundings) -> None:
        self.world = world
        self.bot, self.clock, self.database = world.bot, world.clock, world.database
        self.zone = ZoneInfo(world.settings.time_zone)
        self.pacer = Pacer(self.clock.now)
        self.sender = Sender(self.database, self.bot, self.clock, self.pacer, self._suppressed)
        self.chain_claims = Batcher(
            self.database, self.bot.id, self._decide_chain, TypeAdapter(ClaimOutcome), self.clock.now
        )
        self.draw_claims = Batcher(
            self.database, self.bot.id, self._decide_draw, TypeAdapter(DrawOutcome), self.clock.now
        )
        self.todo_ticks = Batcher(
            self.database, self.bot.id, self._decide_todo, TypeAdapter(TickOutcome), self.clock.now
        )
        self.quiz_guesses = Batcher(
            self.database, self.bot.id, self._decide_quiz, TypeAdapter(GuessOutcome), self.clock.now
        )
        self.inbox = InboxWorker(
            self.database,
            self.bot,
            self.clock,
            Replies(self.bot, self.pacer),
            self.work,
            apologise,
            lanes=world.settings.inbox_lanes,
        )
        self.dispatcher = router_tree()
        self.gallery = Gallery()
        self.jobs = Jobs(self.database.url, self._plan_offers)
        self.ticking = asyncio.Lock()

    def services(self, uow: UnitOfWork) -> "Services":
        """Every use case, on one unit of work."""
        return Services(self, uow)

    async def work(self, update: Update) -> TelegramMethod[Any] | None:
        """One update: meet its sender, run its handler, mark it done; all effects commit together."""
        context = UserContextMiddleware.resolve_event_context(update)
        turn = Turn(update.update_id, self.database.unit_of_work())
        member = None
        if context.user is not None and not context.user.is_bot:
            member = await self._introduce(turn, context.user, context.chat.id if context.chat else context.user.id)
        elif is_news_of_the_chat(update):
            member = NOBODY
        async with turn.uow as uow:
            current.set(turn)
            reply = None if member is None else await self._dispatch(update, turn, member)
            if asked_anonymously(update) and update.message:
                await self.services(uow).care.met_anonymous(update.message.chat.id)
            if not turn.decided:
                await SqlInbox(uow, self.bot.id).mark_done(update.update_id, self.clock.now())
        return reply if isinstance(reply, TelegramMethod) else None

    async def _introduce(self, turn: Turn, user: User, chat_id: int) -> Member:
        """Know the sender and the conversation, in a short transaction that gives its connection back."""
        turn.conversation_key = conversation_key(self.bot.id, chat_id, user.id)
        async with self.database.unit_of_work() as uow:
            turn.state, turn.data = await conversations.load(uow, turn.conversation_key)
            store = SqlMemberStore(uow, self.world.vault)
            return await store.meet(introduction(user, is_private=chat_id == user.id), self.clock.now())

    async def _dispatch(self, update: Update, turn: Turn, member: Member) -> Any:
        services = self.services(turn.uow)
        return await self.dispatcher.feed_update(
            self.bot,
            update,
            member=member,
            members=services.members,
            groups=services.groups,
            plans=services.plans,
            care=services.care,
            places=services.places,
            chains=services.chains,
            draws=services.draws,
            offers=services.offers,
            lookups=services.lookups,
            overviews=services.overviews,
            gallery=self.gallery,
            tags=services.tags,
            staff=services.staff,
            points=services.points,
            earnings=services.earnings,
            partners=services.partners,
            redemptions=services.redemptions,
            redemption_desk=services.redemption_desk,
            referrals=services.referrals,
            publicity=services.publicity,
            prospects=services.prospects,
            desk=services.desk,
            claims=TurnDesk(self.chain_claims, turn),
            todos=services.todos,
            ticks=TurnDesk(self.todo_ticks, turn),
            tasks=services.tasks,
            quizzes=services.quizzes,
            guesses=TurnDesk(self.quiz_guesses, turn),
            draw_claims=TurnDesk(self.draw_claims, turn),
            public_address=self.world.settings.public_address,
            meet=partial(self._meet, turn.uow),
            now=self.clock.now(),
            zone=self.zone,
            bank=self.world.settings.bank_name,
            username=self.world.username,
        )

    async def _meet(self, uow: UnitOfWork, user: User) -> Member:
        """Know somebody whom the update names beside its sender."""
        store = SqlMemberStore(uow, self.world.vault)
        return await store.meet(introduction(user, is_private=False), self.clock.now())

    async def tick(self) -> None:
        """What is due by the domain's own columns; APScheduler only asks."""
        async with self.ticking, self.database.unit_of_work() as uow:
            services = self.services(uow)
            await services.groups.tick()
            await services.chains.tick()
            await services.todos.tick()
            await services.quizzes.tick()
            await services.draws.tick()
            await services.offers.tick()
            await services.publicity.tick()
            await services.earnings.tick()
            await services.redemption_desk.tick()
            await services.point_reminders.tick()
            await services.referral_course.tick()
            metrics.UNKNOWN.set(await services.desk.count_unknown())
        async with self.ticking:
            await self._end_points()

    async def _end_points(self) -> None:
        """Let points end whose last day is over, each batch in a transaction of its own: none is held up for long."""
        while True:
            async with self.database.unit_of_work() as uow:
                if not await self.services(uow).points.expire():
                    return

    async def tidy(self) -> None:
        """Forget inbox rows that cannot be repeated any more."""
        async with self.ticking, self.database.unit_of_work() as uow:
            await SqlInbox(uow, self.bot.id).forget_old(self.clock.now())

    async def _decide_chain(self, uow: UnitOfWork, chain_id: int, claims: Sequence[Claim]) -> list[ClaimOutcome]:
        """Claims on one chain that arrived together."""
        return await self.services(uow).chains.decide(chain_id, claims)

    async def _decide_draw(self, uow: UnitOfWork, draw_id: int, claims: Sequence[DrawClaim]) -> list[DrawOutcome]:
        """Claims on one draw that arrived together."""
        return await self.services(uow).draws.decide(draw_id, claims)

    async def _decide_todo(self, uow: UnitOfWork, todo_id: int, ticks: Sequence[Tick]) -> list[TickOutcome]:
        """Taps on one to-do that arrived together."""
        return await self.services(uow).todos.decide(todo_id, ticks)

    async def _decide_quiz(self, uow: UnitOfWork, quiz_id: int, guesses: Sequence[Guess]) -> list[GuessOutcome]:
        """Answers to one quiz that arrived together."""
        return await self.services(uow).quizzes.decide(quiz_id, guesses)

    async def _plan_offers(self, campaign_id: int, after_member: int) -> int | None:
        """One chunk of a campaign's planning, in a transaction of its own."""
        async with self.database.unit_of_work() as uow:
            return await self.services(uow).offers.plan_chunk(campaign_id, after_member, CHUNK)

    async def _suppressed(self, uow: UnitOfWork, delivery: Delivery, reason: Reason) -> None:
        """Remember who cannot be written to, and ask them in their group to open the chat: once a campaign."""
        services = self.services(uow)
        if delivery.is_private and reason in SHUT:
            await services.people.set_private_chat(delivery.recipient, SHUT[reason])
        if delivery.is_private and reason is Reason.NO_PRIVATE_CHAT and delivery.origin_chat:
            words = services.group_words.open_private()
            draft = Draft(
                delivery.campaign, "open-private", delivery.origin_chat, words, Kind.SERVICE, self.clock.now()
            )
            await services.outbox.add(draft)


SHUT = {Reason.BLOCKED: PrivateChat.BLOCKED, Reason.NO_PRIVATE_CHAT: PrivateChat.NEVER}
NOBODY = Member(id=0, name="", language=Language.ZH)  # An anonymous administrator: acts, but is no person to us.


def is_news_of_the_chat(update: Update) -> bool:
    """Whether an update tells of the chat itself, so that it counts whoever sent it."""
    if update.chat_member or update.my_chat_member:
        return True
    said = update.message
    return said is not None and bool(
        said.new_chat_members or said.left_chat_member or said.new_chat_title or said.migrate_to_chat_id
    )


def asked_anonymously(update: Update) -> bool:
    """Whether an administrator who stays anonymous asked the bot for something: a command, or to join a chain."""
    said = update.message
    if said is None or said.sender_chat is None or said.sender_chat.id != said.chat.id:
        return False
    return bool(said.text and (said.text.startswith("/") or said.text in {"接龙", "+1", "-1"}))


class Services:
    """The use cases of one unit of work; cheap to build, gone with it."""

    def __init__(self, app: App, uow: UnitOfWork) -> None:
        world, now = app.world, app.clock.now
        bank = world.settings.bank_name
        self.ledger = SqlDeliveryStore(uow, wake=app.sender.wake)
        self.desk = SqlLedgerDesk(uow, wake=app.sender.wake)
        self.outbox = Outbox(self.ledger, now)
        self.people = SqlMemberStore(uow, world.vault)
        self.group_words = GroupWords(bank, world.username)
        self.members = MemberService(self.people, self.outbox, MemberWords(bank), normalise_phone, now)
        self.places = PlaceService(SqlPlaceStore(uow))
        group_store = SqlGroupPlanStore(uow)
        self.plans = PlanService(group_store, self.places, self.outbox, self.group_words, bank, now)
        self.groups = GroupService(
            group_store, self.people, self.outbox, self.group_words, bank, now, plans=self.plans, zone=app.zone
        )
        care_store = SqlCareStore(uow, world.vault, now)
        self.care = CareService(care_store, self.people, self.outbox, CareWords(world.username), bank, now, app.zone)
        self.chains = ChainService(SqlChainStore(uow, world.vault), self.outbox, ChainWords(app.zone), now)
        self.draws = draw_host(uow, world.vault, self.outbox, world.settings, now)
        self.todos = TodoService(SqlTodoStore(uow), self.people, self.outbox, TodoWords(app.zone), now)
        self.offers = OfferService(
            SqlOfferStore(uow),
            self.outbox,
            OfferWords(bank),
            now,
            zone=world.settings.time_zone,
            later=partial(app.jobs.defer_planning, uow),
        )
        self.publicity = PublicityService(
            SqlPublicityStore(uow),
            self.people,
            self.outbox,
            PublicityWords(bank, world.username, app.zone),
            BotInviteLinks(app.bot),
            SqlGate(uow).policy,
            app.zone,
            now,
        )
        self.prospects = ProspectService(SqlProspectStore(uow, world.vault), self.publicity, normalise_phone, now)
        self.staff = StaffService(SqlStaffStore(uow), now)
        looks = SqlLookupStore(uow, world.vault)
        self.lookups = LookupService(looks, SqlPortraitStore(uow), SqlNextActionStore(uow), now)
        self.tags = TagService(SqlTagStore(uow), now())
        self.overviews = OverviewService(SqlOverviewStore(uow, world.vault), looks, now)
        self.points = PointsService(SqlPointsStore(uow), now, app.zone)
        self.point_reminders = PointsReminders(self.points, self.people, self.outbox, PointsWords())
        self.earnings = EarnService(SqlEarnStore(uow), self.points, self.people, self.outbox, PointsWords(), now)
        self.partners = PartnerService(SqlPartnerStore(uow), self.staff)
        self.redemptions = RedemptionService(SqlRedemptionStore(uow), self.points, now)
        self.tasks = TaskService(
            SqlTaskStore(uow), self.points, self.redemptions, self.people, self.outbox, TaskWords(), now
        )
        quiz_words = QuizWords(app.zone, world.settings.bank_name, world.username)
        self.quizzes = QuizService(SqlQuizStore(uow), self.points, self.outbox, quiz_words, now)
        told = (
            SqlReferralStore(uow),
            self.points,
            self.people,
            self.outbox,
            ReferralWords(bank, world.username, app.zone),
        )
        self.referrals = ReferralService(*told, now, app.zone)
        self.referral_course = ReferralCourse(*told, now, app.zone)
        self.redemption_desk = RedemptionDesk(self.redemptions, self.people, self.outbox, self.staff, RedemptionWords())


@cache
def router_tree() -> Dispatcher:
    """The router tree, one for the process, since what differs between apps comes with each update.

    The order matters: invitations before greetings, strays last.
    """
    dispatcher = Dispatcher(storage=TurnStorage())
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.middleware(Permissions())
    for module in (
        staff,
        redemption_desk,
        plans,
        referrals,
        joins,
        newcomers,
        quizzes,
        members,
        groups,
        openings,
        chains,
        todos,
        tasks,
        draws,
        draw_openings,
        consents,
        offers,
        points,
        redemptions,
        publicity,
        event_plans,
        publicists,
        prospects,
        segments,
        customers,
        care,
        strays,
    ):
        dispatcher.include_router(module.router)
    return dispatcher


async def apologise(update: Update) -> TelegramMethod[Any] | None:
    """A kind word for the sender of an update that failed; silence in groups, unless they tapped."""
    user = UserContextMiddleware.resolve_event_context(update).user
    language = introduction(user, is_private=True).language if user else None
    if language is None:
        return None
    if update.callback_query:
        return update.callback_query.answer(SORRY.say(language), show_alert=True)
    if update.message and update.message.chat.type not in GROUPS:
        return update.message.answer(SORRY.say(language))
    return None
