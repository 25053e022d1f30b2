"""The composition root: the only place that knows everybody."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.methods import TelegramMethod
from aiogram.types import Update, User
from pydantic import TypeAdapter
from sqlalchemy.exc import OperationalError

from bot import metrics
from bot.batcher import Batcher, TurnDesk
from bot.carriers import carriers
from bot.channels import ChannelWorker
from bot.conversations import conversation_key
from bot.duties import Duty, worth_a_look
from bot.inbox import InboxWorker
from bot.introductions import Introductions
from bot.jobs import Jobs
from bot.pacing import Pacer
from bot.replies import Replies
from bot.routers import router_tree
from bot.sender import Sender
from bot.services import Services, Surroundings
from bot.turns import Turn, current
from campaigns.chains.model import Claim, ClaimOutcome
from campaigns.chains.service import OFFERED
from campaigns.deliveries.model import Delivery, Draft, Kind, Picture, Reason
from campaigns.draws.model import DrawClaim, DrawOutcome
from campaigns.loans.reading import holds_registration
from campaigns.members.model import Language, Member, PrivateChat
from campaigns.members.rules import masked
from campaigns.offers.service import CHUNK
from campaigns.quizzes.model import Guess, GuessOutcome
from campaigns.stamp_cards.model import StampCard
from campaigns.stamps.model import StampClaim, Stamped
from campaigns.todos.model import Tick, TickOutcome
from handlers.chat.filters import GROUPS
from handlers.chat.gallery import Gallery
from handlers.chat.introductions import introduction
from handlers.chat.quizzes import holds_answers
from handlers.gathering import Gathering
from handlers.wording.members import SORRY
from storage.database import UnitOfWork
from storage.inbox import Seals, SqlInbox
from storage.members import SqlMemberStore

log: structlog.stdlib.BoundLogger = structlog.get_logger("app")


class App:
    """The wired product; `work` is one update's way through it."""

    def __init__(self, world: Surroundings) -> None:
        self.world = world
        self.bot, self.clock, self.database = world.bot, world.clock, world.database
        self.zone = ZoneInfo(world.settings.time_zone)
        self.pacer = Pacer(self.clock.now, world.settings.messages_per_second)
        self.sender = Sender(self.database, self.bot, self.clock, self.pacer, self._suppressed, self._draw)
        self.channel_worker = ChannelWorker(
            self.database,
            world.vault,
            self.clock,
            carriers(world.settings.outside_urls, world.settings.channels_dir, world.settings.bank_name),
            lambda uow: self.services(uow).followups,
        )
        self.introductions = Introductions(self.database, world.vault, self.clock.now)
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
        self.stamp_claims = Batcher(
            self.database, self.bot.id, self._decide_stamps, TypeAdapter(Stamped), self.clock.now
        )
        self.seals = Seals(world.vault, hides)
        self.inbox = InboxWorker(
            self.database,
            self.bot,
            self.clock,
            self.seals,
            Replies(self.bot, self.pacer, self.clock),
            self.work,
            apologise,
            lanes=world.settings.inbox_lanes,
        )
        self.dispatcher = router_tree()
        self.gallery = Gallery()
        self.cards = Gathering(self._cards)
        self.jobs = Jobs(self.database.url, self._plan_offers, self._plan_promotion)
        self.ticking = asyncio.Lock()

    def services(self, uow: UnitOfWork) -> Services:
        """Every use case, on one unit of work."""
        return Services(self.world, uow, self.sender.wake, self.jobs)

    async def work(self, update: Update) -> TelegramMethod[Any] | None:
        """One update: meet its sender, run its handler, mark it done; all effects commit together."""
        context = UserContextMiddleware.resolve_event_context(update)
        turn = Turn(update.update_id, self.database.unit_of_work())
        member = None
        if context.user is not None and not context.user.is_bot:
            chat_id = context.chat.id if context.chat else context.user.id
            writes = chat_id == context.user.id and update.my_chat_member is None  # Who blocks the bot writes nothing.
            member = await self._introduce(turn, context.user, chat_id, writes_privately=writes)
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

    async def _introduce(self, turn: Turn, user: User, chat_id: int, *, writes_privately: bool) -> Member:
        """Know the sender and the conversation, in a short transaction that gives its connection back."""
        turn.conversation_key = conversation_key(self.bot.id, chat_id, user.id)
        met = await self.introductions.meet(introduction(user, is_private=writes_privately), turn.conversation_key)
        turn.state, turn.data = met.state, met.data
        return met.member

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
            groupbuys=services.groupbuys,
            applications=services.applications,
            contacts=services.contacts,
            reconciler=services.reconciler,
            visits=services.visits,
            draws=services.draws,
            offers=services.offers,
            offer_interest=services.offer_interest,
            catalogue=services.catalogue,
            admissions=services.admissions,
            advisories=services.advisories,
            zones=services.zones,
            minigames=services.minigames,
            loans=services.loans,
            journeys=services.journeys,
            lookups=services.lookups,
            overviews=services.overviews,
            audiences=services.audiences,
            workbench=services.workbench,
            notes=services.notes,
            followups=services.followups,
            briefs=services.briefs,
            owners=services.owners,
            broadcasts=services.broadcasts,
            halts=services.halts,
            recalls=services.recalls,
            watches=services.watches,
            promotion_desk=services.promotion_desk,
            checklists=services.checklists,
            promotion_reasons=services.promotion_reasons,
            reviews=services.reviews,
            boards=services.boards,
            answers=services.answers,
            live=services.live,
            questions=services.questions,
            letters=services.letters,
            gallery=self.gallery,
            tags=services.tags,
            staff=services.staff,
            points=services.points,
            earnings=services.earnings,
            partners=services.partners,
            registry=services.registry,
            topics=services.topics,
            donations=services.donations,
            redemptions=services.redemptions,
            redemption_desk=services.redemption_desk,
            gifts=services.gifts,
            gift_desk=services.gift_desk,
            coupons=services.coupons,
            coupon_desk=services.coupon_desk,
            vouchers=services.vouchers,
            packs=services.packs,
            voucher_desk=services.voucher_desk,
            tastings=services.tastings,
            referrals=services.referrals,
            publicity=services.publicity,
            prospects=services.prospects,
            outings=services.outings,
            desk=services.desk,
            channels=services.channels,
            claims=TurnDesk(self.chain_claims, turn),
            todos=services.todos,
            reminders=services.reminders,
            mutes=services.mutes,
            festivals=services.festivals,
            ticks=TurnDesk(self.todo_ticks, turn),
            tasks=services.tasks,
            quizzes=services.quizzes,
            guesses=TurnDesk(self.quiz_guesses, turn),
            rallies=services.rallies,
            rally_course=services.rally_course,
            stamp_cards=services.stamp_cards,
            plays=services.plays,
            draw_claims=TurnDesk(self.draw_claims, turn),
            stamps=services.stamps,
            stamp_claims=TurnDesk(self.stamp_claims, turn),
            clerks=services.clerks,
            slips=services.slips,
            suspicions=services.suspicions,
            voids=services.voids,
            screens=services.screens,
            public_address=self.world.settings.public_address,
            mini_app=self.world.settings.mini_app_address,
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
        """What is due by the domain's own columns; APScheduler only asks.

        Each feature has a transaction of its own: the fault of one is told and holds up no other.
        """
        async with self.ticking:
            async with self.database.unit_of_work() as uow:
                metrics.UNKNOWN.set(await self.services(uow).desk.count_unknown())
                duties = await worth_a_look(uow)
            for duty in duties:
                try:
                    await self._look(duty)
                except OperationalError:
                    raise
                except Exception:
                    log.exception("tick_failed", feature=duty.feature)

    async def _look(self, duty: Duty) -> None:
        found: object = True
        while found:
            async with self.database.unit_of_work() as uow:
                found = await duty.look(self.services(uow)) and duty.repeats

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

    async def _decide_stamps(self, uow: UnitOfWork, _: int, claims: Sequence[StampClaim]) -> list[Stamped]:
        """Codes of booths that arrived together, of whichever rally."""
        return await self.services(uow).stamps.decide(claims)

    async def _plan_offers(self, campaign_id: int, after_member: int) -> int | None:
        """One chunk of a campaign's planning, in a transaction of its own."""
        async with self.database.unit_of_work() as uow:
            return await self.services(uow).offers.plan_chunk(campaign_id, after_member, CHUNK)

    async def _plan_promotion(self, promotion_id: int, number: int) -> bool:
        """One chunk of a promotion's planning, in a transaction of its own; whether there is more."""
        async with self.database.unit_of_work() as uow:
            return await self.services(uow).promotion_course.plan_chunk(promotion_id, number)

    async def _draw(self, picture: Picture) -> bytes | None:
        """A visitor's stamp card as it is now; None where there is none. No connection is held while it is drawn."""
        card = await self.cards.ask(picture)
        return await self.gallery.stamp_card(card, self.zone) if card else None

    async def _cards(self, pictures: Sequence[Picture]) -> list[StampCard | None]:
        """The stamp cards of pictures that leave together."""
        found: dict[tuple[int, int], StampCard] = {}
        async with self.database.unit_of_work() as uow:
            store = self.services(uow).stamp_cards
            for rally_id in sorted({picture.of for picture in pictures}):
                members = {picture.person for picture in pictures if picture.of == rally_id}
                found |= {(rally_id, card.holder.id): card for card in await store.cards(rally_id, members)}
        return [found.get((picture.of, picture.person)) for picture in pictures]

    async def _suppressed(self, uow: UnitOfWork, delivery: Delivery, reason: Reason) -> None:
        """Remember who cannot be written to, and ask them in their group to open the chat: once a campaign.

        Whoever is offered a place has a time to take it: each of them is asked, by the masked name.
        """
        services = self.services(uow)
        if delivery.is_private and reason in SHUT:
            await services.people.set_private_chat(delivery.recipient, SHUT[reason])
        if delivery.is_private and reason is Reason.NO_PRIVATE_CHAT and delivery.origin_chat:
            step, words = "open-private", services.group_words.open_private()
            if delivery.step.startswith(OFFERED) and (who := await services.people.get(delivery.recipient)):
                step, words = f"{step}:{delivery.step}", services.group_words.open_for_place(masked(who.name))
            await services.outbox.add(
                Draft(delivery.campaign, step, delivery.origin_chat, words, Kind.SERVICE, self.clock.now())
            )


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


def hides(text: str) -> bool:
    """Whether words may lie in no table: answers of a quiz, a firm's registration."""
    return holds_answers(text) or holds_registration(text)


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
