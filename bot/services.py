"""The use cases of the hall, wired to their stores and words for one unit of work."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from aiogram import Bot

from bot.clock import Clock
from bot.draws import draw_host
from bot.invite_links import BotInviteLinks
from bot.jobs import Jobs
from bot.journeys import journeys
from bot.promotions import promotions
from bot.settings import Settings
from campaigns.admissions.service import AdmissionService
from campaigns.advisories.service import AdvisoryService
from campaigns.announcements.service import AnnouncementService
from campaigns.answers.live import LiveData
from campaigns.answers.service import AnswerService
from campaigns.applications.contacts import ContactService
from campaigns.applications.reconciling import Reconciler
from campaigns.applications.reminders import ApplicationReminders
from campaigns.applications.service import ApplicationService
from campaigns.audiences.service import AudienceService
from campaigns.boards.service import BoardService
from campaigns.briefs.service import BriefService
from campaigns.broadcasts.service import BroadcastService
from campaigns.care.service import CareService
from campaigns.catalogue.service import CatalogueService
from campaigns.chains.service import ChainService
from campaigns.channels.model import OUTSIDE, Channel
from campaigns.channels.service import ChannelService
from campaigns.checklists.service import ChecklistService
from campaigns.coupons.desk import CouponDesk
from campaigns.coupons.service import CouponService
from campaigns.customers.adapting import AdaptingService
from campaigns.customers.lookups import LookupService
from campaigns.customers.overviews import OverviewService
from campaigns.deliveries.service import Outbox
from campaigns.donations.service import DonationService
from campaigns.doubts.service import DoubtService
from campaigns.earnings.service import EarnService
from campaigns.followups.service import FollowUpService
from campaigns.games.entry import GameEntry
from campaigns.gifts.desk import GiftDesk
from campaigns.gifts.service import GiftService
from campaigns.groupbuys.course import GroupbuyCourse
from campaigns.groupbuys.rewards import RewardService
from campaigns.groupbuys.service import GroupbuyService
from campaigns.groups.plans import PlanService
from campaigns.groups.service import GroupService
from campaigns.halts.service import HaltService
from campaigns.letters.service import LetterService
from campaigns.loans.service import LoanService
from campaigns.members.service import MemberService
from campaigns.minigames.service import MinigameService
from campaigns.notes.service import NoteService
from campaigns.offers.interest import OfferInterest
from campaigns.offers.service import OfferService
from campaigns.outings.service import OutingService
from campaigns.owners.service import OwnerService
from campaigns.packs.service import PackService
from campaigns.partners.registry import RegistryService
from campaigns.partners.service import PartnerService
from campaigns.places.service import PlaceService
from campaigns.plays.endings import PlayEndings
from campaigns.plays.service import PlayService
from campaigns.points.reminders import PointsReminders
from campaigns.points.service import PointsService
from campaigns.promotions.desk import PromotionDesk
from campaigns.promotions.reasons import PromotionReasons
from campaigns.prospects.service import ProspectService
from campaigns.publicity.service import PublicityService
from campaigns.questions.concerns import Concerns
from campaigns.questions.service import QuestionService
from campaigns.quizzes.service import QuizService
from campaigns.rallies.course import RallyCourse
from campaigns.rallies.medals import MedalService
from campaigns.rallies.service import RallyService
from campaigns.recalls.service import RecallService
from campaigns.redemptions.desk import RedemptionDesk
from campaigns.redemptions.service import RedemptionService
from campaigns.referrals.course import ReferralCourse
from campaigns.referrals.ports import Ties
from campaigns.referrals.service import ReferralService
from campaigns.reminders.course import ReminderCourse
from campaigns.reminders.festivals import FestivalPlans
from campaigns.reminders.mutes import MuteService
from campaigns.reminders.service import ReminderService
from campaigns.reviews.service import ReviewService
from campaigns.slips.service import SlipService
from campaigns.staff.service import StaffService
from campaigns.stamp_cards.service import StampCardService
from campaigns.stamps.clerks import ClerkService
from campaigns.stamps.devices import DeviceService
from campaigns.stamps.ports import Follower
from campaigns.stamps.service import StampService
from campaigns.suspicions.service import SuspicionService
from campaigns.tags.service import TagService
from campaigns.tasks.service import TaskService
from campaigns.tastings.service import TastingService
from campaigns.todos.service import TodoService
from campaigns.topics.service import TopicService
from campaigns.visits.service import VisitService
from campaigns.voids.service import VoidService
from campaigns.vouchers.desk import VoucherDesk
from campaigns.vouchers.service import VoucherService
from campaigns.waits.service import WaitService
from campaigns.watches.service import WatchService
from campaigns.workbench.service import WorkbenchService
from campaigns.zones.service import ZoneService
from handlers.wording.advisories import AdvisoryWords
from handlers.wording.announcements import RuleWords
from handlers.wording.applications import ApplicationWords
from handlers.wording.audiences import LEXICON
from handlers.wording.boards import BoardWords
from handlers.wording.briefs import BriefWords
from handlers.wording.broadcasts import BroadcastWords
from handlers.wording.card_events import CardEventWords
from handlers.wording.care import CareWords
from handlers.wording.catalogue import CatalogueWords
from handlers.wording.chains import ChainWords
from handlers.wording.contacts import ContactWords
from handlers.wording.coupons import CouponWords
from handlers.wording.festivals import FestivalWords
from handlers.wording.followups import FollowUpWords
from handlers.wording.gifts import GiftWords
from handlers.wording.groupbuy_news import GroupbuyWords
from handlers.wording.groups import GroupWords
from handlers.wording.halts import HaltWords
from handlers.wording.letters import LetterWords
from handlers.wording.loans import LoanWords
from handlers.wording.members import MemberWords
from handlers.wording.offers import OfferWords
from handlers.wording.outings import OutingWords
from handlers.wording.owners import OwnerWords
from handlers.wording.packs import PackWords
from handlers.wording.plays import PlayWords
from handlers.wording.points import PointsWords
from handlers.wording.promotions import PromotionWords
from handlers.wording.publicity import PublicityWords
from handlers.wording.questions import QuestionWords
from handlers.wording.quizzes import QuizWords
from handlers.wording.rallies import RallyWords
from handlers.wording.recalls import RecallWords
from handlers.wording.redemptions import RedemptionWords
from handlers.wording.referrals import ReferralWords
from handlers.wording.reminders import ReminderWords
from handlers.wording.reviews import ReviewWords
from handlers.wording.staff import DoubtWords
from handlers.wording.stamp_cards import StampCardWords
from handlers.wording.stamps import ClerkWords
from handlers.wording.tasks import TaskWords
from handlers.wording.todos import TodoWords
from handlers.wording.topics import TopicWords
from handlers.wording.visits import VisitWords
from handlers.wording.vouchers import VoucherWords
from handlers.wording.waits import WaitWords
from handlers.wording.watches import WatchWords
from handlers.wording.zones import ZoneWords
from segmentation.intake.phones import normalise_phone
from storage.adapting import SqlAdaptingStore
from storage.admissions import SqlAdmissionStore
from storage.advisories import SqlAdvisoryStore
from storage.announcements import SqlAnnouncementStore
from storage.answers import SqlAnswerStore
from storage.application_contacts import SqlApplicationContactStore
from storage.applications import SqlApplicationStore
from storage.audiences import SqlAudienceStore
from storage.boards import SqlBoardStore
from storage.booth_devices import SqlDeviceStore
from storage.briefs import SqlBriefStore
from storage.broadcasts import SqlBroadcastStore
from storage.card_events import SqlCardEventStore
from storage.care import SqlCareStore
from storage.catalogue import SqlCatalogueStore
from storage.chains import SqlChainStore
from storage.channel_ways import SqlWayStore
from storage.channels import SqlChannelStore
from storage.checklists import SqlChecklistStore
from storage.compliance import SqlGate
from storage.coupons import SqlCouponStore
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.donations import SqlDonationStore
from storage.earnings import SqlEarnStore
from storage.followups import SqlFollowUpStore
from storage.games import SqlPlayStore
from storage.gifts import SqlGiftStore
from storage.group_plans import SqlGroupPlanStore
from storage.groupbuy_rewards import SqlRewardStore
from storage.groupbuys import SqlGroupbuyStore
from storage.halts import SqlHaltStore
from storage.ledger_desk import SqlLedgerDesk
from storage.lending import SqlLendingStore
from storage.letters import SqlLetterStore
from storage.live_answers import SqlLiveStore
from storage.loans import SqlLoanStore
from storage.lookups import SqlLookupStore
from storage.members import SqlMemberStore
from storage.minigames import SqlMinigameStore
from storage.next_actions import SqlNextActionStore
from storage.notes import SqlNoteStore
from storage.offers import SqlOfferStore
from storage.outings import SqlOutingStore
from storage.overviews import SqlOverviewStore
from storage.owners import SqlOwnerStore
from storage.packs import SqlPackStore
from storage.partner_registry import SqlRegistryStore
from storage.partners import SqlPartnerStore
from storage.places import SqlPlaceStore
from storage.points import SqlPointsStore
from storage.portraits import SqlPortraitStore
from storage.promotion_planning import SqlPromotionPlanning
from storage.promotion_reasons import SqlPromotionLog
from storage.promotions import SqlPromotionStore
from storage.prospects import SqlProspectStore
from storage.publicity import SqlPublicityStore
from storage.questions import SqlQuestionStore
from storage.quizzes import SqlQuizStore
from storage.rally_desk import SqlRallyDesk
from storage.recalls import SqlRecallStore
from storage.redemptions import SqlRedemptionStore
from storage.referrals import SqlReferralStore
from storage.reminders import SqlMuteStore, SqlReminderStore
from storage.results import SqlResultStore
from storage.setbacks import SqlSetbacks
from storage.slips import SqlSlipStore
from storage.staff import SqlStaffStore
from storage.stamp_cards import SqlStampCardStore
from storage.stamps import SqlStampStore
from storage.suspicions import SqlSuspicionStore
from storage.tags import SqlTagStore
from storage.tasks import SqlTaskStore
from storage.tastings import SqlTastingStore
from storage.todos import SqlTodoStore
from storage.topics import SqlTopicStore
from storage.vault import Vault
from storage.visits import SqlVisitStore
from storage.vouchers import SqlVoucherStore
from storage.waits import SqlWaitStore
from storage.watches import SqlWatchStore
from storage.workbench import SqlWorkbenchStore
from storage.zones import SqlZoneStore


@dataclass(frozen=True)
class Surroundings:
    """What an app is built on: the outside world, opened by whoever starts it."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    bot: Bot
    username: str

    @property
    def app_link(self) -> str | None:
        """What links begin with that open the Mini App from any chat; None where it cannot be opened."""
        return f"https://t.me/{self.username}?startapp=" if self.settings.mini_app_address else None


class Services:
    """The use cases of one unit of work; cheap to build, gone with it. `wake` tells the sender of new deliveries."""

    def __init__(self, world: Surroundings, uow: UnitOfWork, wake: Callable[[], None], jobs: Jobs) -> None:
        now, zone = world.clock.now, ZoneInfo(world.settings.time_zone)
        bank = world.settings.bank_name
        self.ledger = SqlDeliveryStore(uow, wake=wake)
        self.desk = SqlLedgerDesk(uow, wake=wake)
        self.outbox = Outbox(self.ledger, now)
        self.setbacks = SqlSetbacks(uow, now)
        self.people = SqlMemberStore(uow, world.vault)
        self.group_words = GroupWords(bank, world.username, world.settings.public_address)
        self.members = MemberService(self.people, self.outbox, MemberWords(bank), normalise_phone, now)
        self.places = PlaceService(SqlPlaceStore(uow))
        group_store = SqlGroupPlanStore(uow)
        self.plans = PlanService(group_store, self.places, self.outbox, self.group_words, bank, now)
        self.groups = GroupService(
            group_store, self.people, self.outbox, self.group_words, bank, now, plans=self.plans, zone=zone
        )
        self.staff = StaffService(SqlStaffStore(uow), now)
        application_store, application_words = SqlApplicationStore(uow), ApplicationWords()
        self.applications = ApplicationService(
            application_store, self.people, self.staff, self.outbox, application_words, now, zone
        )
        self.application_reminders = ApplicationReminders(
            application_store, self.people, self.staff, SqlGate(uow), self.outbox, application_words, now, zone
        )
        self.reconciler = Reconciler(
            SqlCardEventStore(uow), self.applications, self.people, self.staff, self.outbox, CardEventWords(), now
        )
        self.contacts = ContactService(
            SqlApplicationContactStore(uow, world.vault),
            self.applications,
            self.people,
            self.staff,
            self.outbox,
            ContactWords(),
            now,
        )
        visit_store, visit_words = SqlVisitStore(uow, world.vault), VisitWords(zone)
        self.visits = VisitService(
            visit_store, self.applications, self.people, self.staff, self.outbox, visit_words, now, zone
        )
        care_store = SqlCareStore(uow, world.vault, now)
        self.care = CareService(
            care_store,
            self.people,
            self.outbox,
            CareWords(world.username),
            bank,
            now,
            zone,
            world.settings.own_host_names,
        )
        self.points = PointsService(SqlPointsStore(uow), now, zone)
        groupbuy_store, groupbuy_words = SqlGroupbuyStore(uow), GroupbuyWords(zone, world.username)
        self.groupbuy_rewards = RewardService(
            SqlRewardStore(uow), self.points, self.people, self.outbox, groupbuy_words, now
        )
        course = GroupbuyCourse(
            groupbuy_store, self.people, self.outbox, groupbuy_words, SqlGate(uow).policy, now, zone
        )
        chain_store, followers = SqlChainStore(uow, world.vault), [self.applications]
        chain_words = ChainWords(zone, app=world.app_link)
        self.chains = ChainService(chain_store, self.outbox, chain_words, now, followers, course=course)
        self.groupbuys = GroupbuyService(
            groupbuy_store, self.chains, self.outbox, groupbuy_words, self.groupbuy_rewards, now
        )
        self.draws = draw_host(uow, world.vault, self.outbox, world.settings, now)
        self.todos = TodoService(SqlTodoStore(uow), self.people, self.outbox, TodoWords(zone), now)
        self.offers = OfferService(
            SqlOfferStore(uow),
            self.outbox,
            OfferWords(bank),
            now,
            zone=world.settings.time_zone,
            later=partial(jobs.defer_planning, uow),
        )
        self.publicity = PublicityService(
            SqlPublicityStore(uow),
            self.people,
            self.outbox,
            PublicityWords(bank, world.username, zone),
            BotInviteLinks(world.bot),
            SqlGate(uow).policy,
            zone,
            now,
        )
        self.outings = OutingService(
            SqlOutingStore(uow),
            self.publicity,
            self.people,
            self.outbox,
            OutingWords(zone),
            SqlGate(uow).policy,
            zone,
            now,
        )
        self.prospects = ProspectService(SqlProspectStore(uow, world.vault), self.publicity, normalise_phone, now)
        looks = SqlLookupStore(uow, world.vault)
        self.lookups = LookupService(looks, SqlPortraitStore(uow), SqlNextActionStore(uow), SqlLendingStore(uow), now)
        self.tags = TagService(SqlTagStore(uow), now())
        self.adapting = AdaptingService(SqlAdaptingStore(uow), now)
        self.notes = NoteService(SqlNoteStore(uow, world.vault), now)
        self.owners = OwnerService(
            SqlOwnerStore(uow), self.staff, self.people, self.applications, self.outbox, OwnerWords(), now, zone
        )
        self.followups = FollowUpService(
            SqlFollowUpStore(uow, world.vault),
            self.owners,
            self.people,
            SqlNextActionStore(uow),
            looks,
            self.outbox,
            FollowUpWords(zone),
            now,
            zone,
        )
        self.briefs = BriefService(
            SqlBriefStore(uow),
            self.owners,
            self.followups,
            self.people,
            looks,
            self.outbox,
            BriefWords(zone),
            now,
            zone,
        )
        self.broadcasts = BroadcastService(
            SqlBroadcastStore(uow), self.people, self.staff, self.owners, self.outbox, BroadcastWords(), now
        )
        self.doubts = DoubtService(self.desk, self.outbox, DoubtWords(), now)
        self.recalls = RecallService(SqlRecallStore(uow), self.outbox, self.staff, RecallWords(), now)
        self.halts = HaltService(SqlHaltStore(uow, wake=wake), self.people, self.staff, self.outbox, HaltWords(), now)
        self.watches = WatchService(SqlWatchStore(uow), self.halts, self.people, self.outbox, WatchWords(), now, zone)
        self.catalogue = CatalogueService(
            SqlCatalogueStore(uow), self.owners, self.staff, self.outbox, CatalogueWords(bank), now, zone
        )
        self.admissions = AdmissionService(SqlAdmissionStore(uow), SqlCatalogueStore(uow), self.staff, now, zone)
        self.zones = ZoneService(
            SqlZoneStore(uow), SqlCatalogueStore(uow), self.people, self.outbox, ZoneWords(zone), now, zone
        )
        self.minigames = MinigameService(SqlMinigameStore(uow), self.owners, now)
        self.advisories = AdvisoryService(
            SqlAdvisoryStore(uow), self.catalogue, self.staff, self.outbox, AdvisoryWords(bank), now
        )
        self.loans = LoanService(
            SqlLoanStore(uow, world.vault),
            self.people,
            self.owners,
            self.followups,
            self.staff,
            self.outbox,
            LoanWords(),
            now,
            zone,
        )
        self.workbench = WorkbenchService(
            SqlWorkbenchStore(uow, world.vault), self.owners, self.notes, self.followups, self.tags, now, zone
        )
        missing = OUTSIDE - {Channel(name) for name in world.settings.outside_urls}
        self.channels = ChannelService(SqlChannelStore(uow), SqlWayStore(uow, world.vault), now, missing=missing)
        self.overviews = OverviewService(SqlOverviewStore(uow, world.vault), looks, now)
        self.audiences = AudienceService(SqlAudienceStore(uow, world.settings.time_zone), LEXICON, now)
        self.journeys, self.journey_engine = journeys(
            uow,
            self.audiences,
            self.people,
            self.followups,
            self.tags,
            self.channels,
            self.outbox,
            now,
            zone,
        )
        self.answers = AnswerService(SqlAnswerStore(uow), now)
        self.live = LiveData(SqlLiveStore(uow), now)
        question_words = QuestionWords(zone)
        self.questions = QuestionService(
            SqlQuestionStore(uow, world.vault),
            self.people,
            self.staff,
            self.outbox,
            question_words,
            Concerns(self.followups, question_words),
            zone,
            now,
        )
        self.offer_interest = OfferInterest(SqlOfferStore(uow), self.followups, OfferWords(bank))
        self.letters = LetterService(
            SqlLetterStore(uow, world.vault),
            self.questions,
            self.answers,
            self.people,
            SqlGate(uow),
            self.staff,
            self.outbox,
            LetterWords(),
            bank,
            now,
        )
        reminder_store, reach = SqlReminderStore(uow), SqlLetterStore(uow, world.vault)
        self.reminders = ReminderService(
            reminder_store,
            self.owners,
            group_store,
            reach,
            self.audiences,
            self.people,
            SqlGate(uow),
            self.staff,
            self.outbox,
            ReminderWords(zone),
            now,
            zone,
        )
        self.reminder_course = ReminderCourse(
            reminder_store,
            self.owners,
            reach,
            self.audiences,
            self.people,
            SqlGate(uow),
            self.outbox,
            ReminderWords(zone),
            self.setbacks,
            now,
            zone,
        )
        self.festivals = FestivalPlans(self.reminders, FestivalWords())
        self.mutes = MuteService(SqlMuteStore(uow), now)
        self.point_reminders = PointsReminders(self.points, self.people, self.outbox, PointsWords())
        announcements = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(zone), now)
        self.checklists = ChecklistService(SqlChecklistStore(uow), self.staff, now)
        self.promotions, self.promotion_course = promotions(
            uow,
            world.vault,
            self.checklists,
            self.staff,
            self.outbox,
            self.halts,
            self.channels,
            self.audiences,
            self.catalogue,
            announcements,
            bank,
            now,
            zone,
            wake=wake,
            later=partial(jobs.defer_promotion, uow),
        )
        planning = SqlPromotionPlanning(uow, zone.key)
        self.promotion_reasons = PromotionReasons(SqlPromotionLog(uow), self.audiences)
        self.promotion_desk = PromotionDesk(
            self.promotions, planning, self.people, self.checklists, self.halts, SqlResultStore(uow)
        )
        self.reviews = ReviewService(
            self.promotions,
            SqlPromotionStore(uow),
            self.catalogue,
            PromotionWords(bank, zone),
            self.people,
            SqlBroadcastStore(uow),
            self.staff,
            self.outbox,
            ReviewWords(),
        )
        self.earnings = EarnService(
            SqlEarnStore(uow), self.points, self.people, self.outbox, PointsWords(), announcements, now
        )
        self.donations = DonationService(SqlDonationStore(uow), now)
        topic_store = SqlTopicStore(uow, zone.key)
        self.topics = TopicService(topic_store, self.people, self.outbox, TopicWords(), now, zone)
        self.registry = RegistryService(SqlRegistryStore(uow, zone.key), now, zone)
        self.partners = PartnerService(SqlPartnerStore(uow), self.staff)
        self.redemptions = RedemptionService(SqlRedemptionStore(uow), self.points, now)
        self.tasks = TaskService(
            SqlTaskStore(uow), self.points, self.redemptions, self.people, self.outbox, TaskWords(), now
        )
        quiz_words = QuizWords(zone, world.settings.bank_name, world.username)
        self.quizzes = QuizService(SqlQuizStore(uow, world.vault), self.points, self.outbox, quiz_words, now)
        referral_words = ReferralWords(bank, world.username, zone)
        ties = Ties(SqlReferralStore(uow), self.points, self.people, self.outbox, referral_words, now, zone)
        self.referrals, self.referral_course = ReferralService(ties), ReferralCourse(ties)
        rally_store, rally_words = SqlRallyDesk(uow, world.vault), RallyWords(zone, lambda: world.username)
        self.rallies = RallyService(rally_store, announcements, self.staff, self.outbox, rally_words, zone, now)
        self.rally_course = RallyCourse(rally_store, self.staff, self.outbox, rally_words, now)
        card_words = StampCardWords(world.app_link)
        self.stamp_cards = StampCardService(
            SqlStampCardStore(uow), rally_store, self.people, self.outbox, card_words, now
        )
        gift_store = SqlGiftStore(uow, world.vault)
        self.gifts = GiftService(gift_store, rally_store, gift_store, now)
        self.gift_desk = GiftDesk(
            self.gifts, self.followups, self.people, self.outbox, self.staff, GiftWords(world.settings.bank_name)
        )
        self.coupons = CouponService(SqlCouponStore(uow, world.vault), rally_store, now, zone)
        self.coupon_desk = CouponDesk(self.coupons, self.people, self.outbox, self.staff, CouponWords(zone))
        voucher_store = SqlVoucherStore(uow, world.settings.time_zone)
        self.vouchers = VoucherService(
            voucher_store,
            SqlCatalogueStore(uow),
            self.people,
            announcements,
            self.outbox,
            VoucherWords(zone),
            LEXICON,
            now,
            zone,
        )
        self.voucher_desk = VoucherDesk(voucher_store, self.vouchers, self.owners, self.staff, now)
        self.packs = PackService(
            SqlPackStore(uow),
            self.vouchers,
            SqlCatalogueStore(uow),
            voucher_store,
            self.outbox,
            PackWords(),
            LEXICON,
            now,
            zone,
        )
        self.tastings = TastingService(SqlTastingStore(uow), rally_store, now)
        self.waits = WaitService(SqlWaitStore(uow), rally_store, self.people, self.outbox, WaitWords(), now)
        medal_followers: list[Follower] = [self.gift_desk, self.coupon_desk, self.stamp_cards]
        self.medals = MedalService(rally_store, self.people, self.outbox, rally_words, now, medal_followers)
        with_medals: list[Follower] = [self.medals, self.gift_desk]
        endings = PlayEndings(SqlPlayStore(uow), now)
        with_stamps: list[Follower] = [self.coupon_desk, self.stamp_cards, self.waits, endings]
        self.game_entry = GameEntry(SqlPlayStore(uow), now)
        self.stamps = StampService(
            SqlStampStore(uow), rally_store, self.game_entry, with_stamps, self.staff, now, with_medals
        )
        self.clerks = ClerkService(self.stamps, self.people, self.outbox, ClerkWords(bank, zone))
        self.plays = PlayService(
            SqlPlayStore(uow), rally_store, self.stamps, self.people, self.outbox, PlayWords(bank, zone), now
        )
        self.slips = SlipService(SqlSlipStore(uow), rally_store, self.stamps, self.staff, now)
        self.suspicions = SuspicionService(SqlSuspicionStore(uow), rally_store, self.people, self.staff, now)
        self.voids = VoidService(
            self.stamps, rally_store, self.people, SqlStampCardStore(uow), self.suspicions, self.gifts, now
        )
        self.screens = DeviceService(SqlDeviceStore(uow), rally_store, self.staff, now)
        self.boards = BoardService(
            SqlBoardStore(uow),
            rally_store,
            self.rally_course,
            self.waits,
            self.people,
            self.staff,
            self.outbox,
            BoardWords(zone),
            now,
        )
        self.redemption_desk = RedemptionDesk(self.redemptions, self.people, self.outbox, self.staff, RedemptionWords())
