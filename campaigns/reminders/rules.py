"""Pure decisions on reminders: what is due after whatever outage, what may be said, what counts as advertising."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from campaigns.compliance.hours import is_quiet
from campaigns.compliance.model import GatePolicy
from campaigns.compliance.verdicts import Context, Venue
from campaigns.compliance.verdicts import Outcome as Verdict
from campaigns.compliance.words import check
from campaigns.groups.model import Group
from campaigns.letters.model import Objection, ObjectionCode
from campaigns.letters.rules import objections
from campaigns.reminders.model import (
    LONGEST_WORDS,
    MOST_USEFUL,
    PROMPT,
    Happening,
    Occurrence,
    Outcome,
    Plan,
    Reminder,
    ReminderRefusal,
    State,
)
from campaigns.reminders.schedule import Before, Calendar, Thing, Weekly, Workdays, occurrences

MOST_MISSED = 400  # Occurrences of one reminder that an outage can hold: a daily one for a year.
LOOK_AGAIN = timedelta(minutes=1)  # How often things that come up are looked for.
STANDING_LEADS = {Thing.CHAIN: timedelta(hours=2), Thing.TODO: timedelta(hours=2)}
_SELLS = re.compile(
    r"利率|年化|收益|开户|办卡|申购|认购|购买|抢购|下单|优惠|折扣|满减|立减|福利价|特价|返现|好礼|礼品|赠送|送.{0,4}(?:礼|券|豆)|抽奖|权益|推荐"
    r"|热销|限时|秒杀|新品|上新|\b(?:discount|offer|buy|invest|gift|sale|reward|apply)s?\b",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"理财|基金|保险|存款|定存|存单|贷款|信用卡|分期|黄金|国债|债券|信托|\b(?:fund|insurance|deposit|loan|card)s?\b",
    re.IGNORECASE,
)
_SERVES = re.compile(
    r"领卡|取卡|领取|激活|寄到|送到|到期|还款|账单|材料|身份证|证件|反诈|诈骗|讲座|\b(?:collect|activate|due|expires?|bring|fraud)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[。！？!?\n；;]")


def due(reminder: Reminder, plan: Plan, now: datetime, zone: ZoneInfo) -> list[Occurrence]:
    """What became due of a calendar reminder since it was last looked at; of several, the newest alone may still come.

    One in time is planned. A late one is planned while it is of use, else it is missed; with nothing of use a quarter
    of an hour counts as in time.
    """
    assert reminder.next_at is not None
    assert not isinstance(plan.timing, Before)
    later = takewhile(lambda moment: moment <= now, occurrences(plan.timing, reminder.next_at, zone))
    moments = [reminder.next_at.astimezone(UTC), *islice(later, MOST_MISSED)]
    found = [_judged(moment, plan, now) for moment in moments if moment <= now]
    return [each if each is found[-1] or each.outcome is Outcome.MISSED else _superseded(each.due_at) for each in found]


def due_before(plan: Plan, happening: Happening, since: datetime, now: datetime) -> Occurrence | None:
    """What one thing makes due now; None before its time, or where its time had passed when both were first known."""
    assert isinstance(plan.timing, Before)
    moment = happening.at - plan.timing.lead
    if moment > now or moment < max(since, happening.known_at):
        return None
    late = now - moment > PROMPT and plan.timing.thing is not Thing.SEAT  # One place may fall free at any time.
    if now >= happening.at or (late and now >= moment + plan.useful):
        return Occurrence(happening.key, moment, Outcome.MISSED, happening)
    ends = happening.at if plan.useful else min(happening.at, moment + PROMPT)
    return Occurrence(happening.key, moment, Outcome.PLANNED, happening, ends)


def next_look(plan: Plan, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When to look at a reminder again; None once nothing comes any more."""
    if isinstance(plan.timing, Before):
        return now + LOOK_AGAIN
    return next(occurrences(plan.timing, now, zone), None)


def upcoming(plan: Plan, happenings: Sequence[Happening], now: datetime, zone: ZoneInfo, many: int) -> list[datetime]:
    """The next times, at most `many`; before a thing those of what is known now."""
    if not isinstance(plan.timing, Before):
        return list(islice(occurrences(plan.timing, now, zone), many))
    lead = plan.timing.lead
    return sorted(each.at - lead for each in happenings if each.at - lead > now)[:many]


def check_plan(plan: Plan, policy: GatePolicy, now: datetime, zone: ZoneInfo) -> ReminderRefusal | None:
    """The first thing wrong with a plan beside its words; None where it may stand."""
    if plan.useful > MOST_USEFUL:
        return ReminderRefusal.BEYOND
    timing = plan.timing
    if isinstance(timing, Before):
        return _check_before(timing, plan)
    first = next_look(plan, now, zone)
    if first is None:
        return ReminderRefusal.PAST
    if plan.audience.member_id is None and is_quiet(first, zone, policy):
        return ReminderRefusal.QUIET
    return _check_words(plan.words)


def against(words: str, *, in_group: bool) -> tuple[Objection, ...]:
    """Why words may not leave, for the place where they will be read; none when they may."""
    if not words.strip():
        return ()
    found = objections(words)
    if not in_group:
        return found
    named = {each.hit.rule for each in found if each.hit}
    hits = [hit for hit in check(words, Context(venue=Venue.GROUP)).hits if hit.verdict is Verdict.BLOCK]
    others = [hit for hit in hits if hit.rule not in named]
    return (*found, *(Objection(ObjectionCode.FORBIDDEN_WORD, hit.span, hit.basis.en, hit) for hit in others))


def advertises(words: str) -> bool:
    """Whether words speak for a product, a price or a benefit: then they are advertising, whatever they are called.

    A product alone is none where its sentence serves who has it: a card to collect, a loan that falls due.
    """
    return any(
        _SELLS.search(sentence) or (_PRODUCT.search(sentence) and not _SERVES.search(sentence))
        for sentence in _SENTENCE.split(words)
    )


def called_groups(names: str, own: Sequence[Group]) -> list[Group]:
    """The groups whose titles hold these names (幸福里、阳光城); none where a name means no group, or several."""
    found = [[group for group in own if name in group.title] for name in re.split(r"[、,;]", names) if name]
    return [groups[0] for groups in found] if all(len(groups) == 1 for groups in found) else []


def may_change(found: Reminder | None, by: Sequence[int]) -> Reminder | ReminderRefusal:
    """A reminder that one of these owners may change."""
    if found is None or found.owner_id not in by:
        return ReminderRefusal.UNKNOWN
    return ReminderRefusal.DECIDED if found.state is State.ENDED else found


def is_weekly(timing: Calendar | Before) -> bool:
    """Whether it goes by days of the week."""
    return isinstance(timing, Weekly | Workdays)


def _check_before(timing: Before, plan: Plan) -> ReminderRefusal | None:
    if not plan.audience.groups:
        return ReminderRefusal.ONLY_GROUPS
    if timing.lead <= STANDING_LEADS.get(timing.thing, timedelta()):
        return ReminderRefusal.STANDING
    return ReminderRefusal.LONG_WORDS if len(plan.words) > LONGEST_WORDS else None


def _check_words(words: str) -> ReminderRefusal | None:
    if not words.strip():
        return ReminderRefusal.NO_WORDS
    return ReminderRefusal.LONG_WORDS if len(words) > LONGEST_WORDS else None


def _judged(moment: datetime, plan: Plan, now: datetime) -> Occurrence:
    late = now - moment
    if late > PROMPT and late >= plan.useful:
        return Occurrence(_key(moment), moment, Outcome.MISSED)
    return Occurrence(_key(moment), moment, Outcome.PLANNED, None, moment + max(plan.useful, PROMPT))


def _superseded(moment: datetime) -> Occurrence:
    return Occurrence(_key(moment), moment, Outcome.SUPERSEDED)


def _key(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
