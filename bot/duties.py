"""What each feature looks for every second, and the tables without whose rows there is nothing to look for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.services import Services
from storage.database import UnitOfWork
from storage.occupancy import occupied


@dataclass(frozen=True)
class Duty:
    """One feature's look at what is due; it is left out while none of its `roots` has a row.

    What `repeats` looks again until nothing is found, each time in a transaction of its own: none is held up for long.
    """

    feature: str
    roots: tuple[str, ...]
    look: Callable[[Services], Awaitable[object]]
    repeats: bool = False


DUTIES = (
    Duty("groups", ("groups",), lambda services: services.groups.tick(services.setbacks)),
    Duty("chains", ("chains",), lambda services: services.chains.tick(services.setbacks)),
    Duty("groupbuys", ("groupbuys",), lambda services: services.groupbuy_rewards.tick(services.setbacks)),
    Duty("applications", ("applications",), lambda services: services.application_reminders.tick()),
    Duty("visits", ("visits",), lambda services: services.visits.tick()),
    Duty("zones", ("zone_bookings",), lambda services: services.zones.tick()),
    Duty("todos", ("todos",), lambda services: services.todos.tick(services.setbacks)),
    Duty("reminders", ("reminders",), lambda services: services.reminder_course.tick(), repeats=True),
    Duty("quizzes", ("quizzes",), lambda services: services.quizzes.tick(services.setbacks)),
    Duty("draws", ("draws",), lambda services: services.draws.tick()),
    Duty("offers", ("offer_campaigns",), lambda services: services.offers.tick(services.setbacks)),
    Duty("promotions", ("promotion_versions",), lambda services: services.promotion_course.tick()),
    Duty("publicity", ("publicity_tasks",), lambda services: services.publicity.tick()),
    Duty("earnings", ("earn_rules",), lambda services: services.earnings.tick(services.setbacks)),
    Duty("redemptions", ("redemptions",), lambda services: services.redemption_desk.tick()),
    Duty("gifts", ("gift_handouts",), lambda services: services.gift_desk.tick(services.setbacks)),
    Duty("coupons", ("coupons",), lambda services: services.coupon_desk.tick()),
    Duty("vouchers", ("vouchers",), lambda services: services.vouchers.tick()),
    Duty("packs", ("pack_versions",), lambda services: services.packs.tick()),
    Duty("owners", ("staff_absences",), lambda services: services.owners.tick()),
    Duty("briefs", ("staff_roles",), lambda services: services.briefs.tick(services.setbacks)),
    Duty("followups", ("followups", "segmentation_runs"), lambda services: services.followups.tick(services.setbacks)),
    Duty("questions", ("questions",), lambda services: services.questions.tick(services.setbacks)),
    Duty("point_reminders", ("points_accounts",), lambda services: services.point_reminders.tick()),
    Duty("points", ("points_accounts",), lambda services: services.points.expire(), repeats=True),
    Duty("referrals", ("referral_programmes",), lambda services: services.referral_course.tick()),
    Duty("rallies", ("rallies",), lambda services: services.rally_course.tick(services.setbacks)),
    Duty("medals", ("rallies",), lambda services: services.medals.tick(services.setbacks)),
    Duty("suspicions", ("rallies",), lambda services: services.suspicions.tick()),
    Duty("journeys", ("journeys",), lambda services: services.journey_engine.tick()),
    Duty("actions", ("segmentation_runs",), lambda services: services.adapting.tick(services.setbacks)),
    Duty("waits", ("waits",), lambda services: services.waits.tick(services.setbacks)),
    Duty("doubts", ("deliveries", "channel_messages"), lambda services: services.doubts.tick()),
    Duty("recalls", ("recalls",), lambda services: services.recalls.tick(services.setbacks)),
    Duty("halts", ("halts",), lambda services: services.halts.tick(), repeats=True),
    Duty("watches", ("deliveries", "channel_messages"), lambda services: services.watches.tick()),
    Duty("stamp_cards", ("stamp_card_changes",), lambda services: services.stamp_cards.tick()),
)


async def worth_a_look(uow: UnitOfWork) -> list[Duty]:
    """The duties of the features that anybody uses."""
    filled = await occupied(uow, {root for duty in DUTIES for root in duty.roots})
    return [duty for duty in DUTIES if not filled.isdisjoint(duty.roots)]
