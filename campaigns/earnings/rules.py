"""Pure decisions on earning: what a rule may be, what the gate objects to, and the occasion that pays once."""

import re
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime

from campaigns.announcements.model import Activity, Condition, Reward, RulePage
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.earnings.model import (
    Earner,
    EarnEvent,
    EarnLimit,
    EarnRule,
    Imprint,
    Objection,
    ObjectionCode,
    RuleState,
)
from campaigns.points.model import CampaignState, Grant, GrantCode, MovementReason, PointsCampaign

MOST_POINTS = 100_000
REASONS = {
    EarnEvent.JOIN: MovementReason.JOIN,
    EarnEvent.BIND: MovementReason.JOIN,
    EarnEvent.CHECK_IN: MovementReason.CHECK_IN,
    EarnEvent.TASK: MovementReason.TASK,
    EarnEvent.PRODUCT: MovementReason.PRODUCT,
    EarnEvent.REFERRAL: MovementReason.REFERRAL,
}
LIMITS = {
    EarnEvent.JOIN: {EarnLimit.ONCE},
    EarnEvent.BIND: {EarnLimit.ONCE},
    EarnEvent.CHECK_IN: {EarnLimit.ONCE, EarnLimit.DAILY},
}
ALONE = frozenset({EarnEvent.JOIN, EarnEvent.BIND, EarnEvent.CHECK_IN, EarnEvent.PRODUCT})
ELSEWHERE = frozenset({EarnEvent.TASK, EarnEvent.REFERRAL})  # Each task and each programme says itself what it pays.
NOTICE_48 = "Notice 48 (2018)"
_DEPOSITS = re.compile(r"存款|存钱|储蓄|定存|定期|活期|大额存单|存入|揽储|deposit|saving|time account", re.IGNORECASE)
_NO_DEPOSIT = re.compile(r"理财非存款|非存款|不?是存款|not (?:a )?deposits?", re.IGNORECASE)


# Why a payment can be refused, and the condition on the rule page that says so: there is no other refusal.
_ALWAYS = {GrantCode.BUDGET_EMPTY: Condition.WHILE_IT_LASTS, GrantCode.CLOSED: Condition.IN_TIME}
REFUSED_FOR = {
    EarnLimit.ONCE: {GrantCode.TWICE: Condition.ONCE, **_ALWAYS},
    EarnLimit.DAILY: {GrantCode.TWICE: Condition.DAILY, **_ALWAYS},
    EarnLimit.EACH: {GrantCode.TWICE: Condition.EACH, **_ALWAYS},
}


class RuleError(ValueError):
    """A rule that cannot be; the message says why in one sentence."""


def check_rule(rule: EarnRule) -> None:
    """Refuse a rule whose parts cannot be; a rule that pays for deposits can be written, but never activated.

    Raises:
        RuleError: says what is wrong.
    """
    if not 1 <= rule.points <= MOST_POINTS:
        raise RuleError(f"A rule pays between 1 and {MOST_POINTS:,} points.")
    allowed = LIMITS.get(rule.event, set(EarnLimit))
    if rule.limit not in allowed:
        raise RuleError(f"A rule for {rule.event} pays {' or '.join(sorted(allowed))}, not {rule.limit}.")
    if not rule.title_zh.strip() or not rule.title_en.strip():
        raise RuleError("A rule needs its wording in both languages.")
    if (rule.event is EarnEvent.PRODUCT) != bool(rule.product and rule.product.strip()):
        raise RuleError("A rule for product names the event of the file that it pays for, and no other rule does.")


def objections(rule: EarnRule) -> tuple[Objection, ...]:
    """What keeps a rule from becoming active; nothing when the gate lets it pass.

    No points for deposits, under whatever name: Notice 48 (2018) forbids cash, securities or goods to attract them.
    """
    said = "\n".join([rule.title_zh, rule.title_en, rule.product or ""])
    found = []
    if rule.event is EarnEvent.DEPOSIT or _DEPOSITS.search(_NO_DEPOSIT.sub("", said)):
        found.append(Objection(ObjectionCode.PAYS_FOR_DEPOSITS, law=NOTICE_48))
    found += [Objection(ObjectionCode.FORBIDDEN_WORD, each.word, each.law) for each in forbidden(said)]
    if any(lacks_risk_notice(title) for title in (rule.title_zh, rule.title_en)):
        found.append(Objection(ObjectionCode.NO_RISK_NOTICE))
    return tuple(found)


def may_activate(rule: EarnRule, beside: Collection[EarnRule], now: datetime) -> tuple[Objection, ...]:
    """What keeps a rule from becoming active `beside` its campaign's rules; a stopped rule stays stopped."""
    if rule.state is RuleState.STOPPED:
        return (Objection(ObjectionCode.STOPPED),)
    if rule.event in ELSEWHERE:
        return (Objection(ObjectionCode.PAID_ELSEWHERE),)
    same = [
        other
        for other in beside
        if (other.event, other.product) == (rule.event, rule.product) and is_running(other, now)
    ]
    if rule.event in ALONE and any(other.id != rule.id for other in same):
        return (Objection(ObjectionCode.PAID_ALREADY),)
    return objections(rule)


def is_running(rule: EarnRule, now: datetime) -> bool:
    """Whether a rule pays for what is done at this moment, as far as the rule itself is concerned."""
    return rule.state is RuleState.ACTIVE and (rule.ends_at is None or now < rule.ends_at)


def may_announce(imprint: Imprint, campaign: PointsCampaign, now: datetime) -> tuple[Objection, ...]:
    """What keeps a rule's page from being published: nobody to complain to, a forbidden word, or a campaign's end."""
    if campaign.state is CampaignState.CLOSED or now >= campaign.ends_at:
        return (Objection(ObjectionCode.CAMPAIGN_OVER),)
    said = asdict(imprint).values()
    if not all(words.strip() for words in said):
        return (Objection(ObjectionCode.NO_COMPLAINTS),)
    return tuple(Objection(ObjectionCode.FORBIDDEN_WORD, each.word, each.law) for each in forbidden("\n".join(said)))


def page_of(
    rule: EarnRule, campaign: PointsCampaign, budget: int, deed: tuple[str, str], imprint: Imprint, since: datetime
) -> RulePage:
    """The rule page of a rule: everything that its payments are decided by. Source: S-206, Promotion Rules (2020).

    `deed` is what somebody must do, in both languages; the rule pays from `since` to the campaign's end.
    """
    return RulePage(
        activity=Activity.EARNING,
        title_zh=rule.title_zh,
        title_en=rule.title_en,
        rewards=(Reward(rule.title_zh, rule.title_en, rule.points),),
        conditions=conditions_of(rule, campaign),
        conditions_zh=deed[0],
        conditions_en=deed[1],
        opens_at=since,
        closes_at=campaign.ends_at,
        valid_days=campaign.valid_days,
        price=campaign.price,
        budget=budget,
        **asdict(imprint),
    )


def conditions_of(rule: EarnRule, campaign: PointsCampaign) -> frozenset[Condition]:
    """What a rule asks of a person beside the deed itself: a department's file asks for the number, not the group."""
    found = {*REFUSED_FOR[rule.limit].values(), Condition.MAY_END_EARLY}
    if rule.event in {EarnEvent.JOIN, EarnEvent.BIND}:
        found |= {Condition.NOT_STAFF, Condition.IN_ANY_GROUP}
    if rule.event in {EarnEvent.BIND, EarnEvent.PRODUCT}:
        found.add(Condition.BOUND)
    if campaign.group_id is not None and rule.event is not EarnEvent.PRODUCT:
        found = (found - {Condition.IN_ANY_GROUP}) | {Condition.IN_GROUP}
    return frozenset(found)


def occasion_of(rule: EarnRule, day: date, subject: str) -> str:
    """What a rule pays once for: the ledger's unique key does the counting, so no history is ever summed."""
    match rule.limit:
        case EarnLimit.ONCE:
            return f"rule:{rule.id}"
        case EarnLimit.DAILY:
            return f"rule:{rule.id}:{day}"
        case EarnLimit.EACH:
            return f"rule:{rule.id}:{subject}"


def grant_of(rule: EarnRule, earner: Earner, day: date, subject: str) -> Grant:
    """The payment that a rule makes for what somebody did on a day."""
    return Grant(
        earner.member_id, rule.points, REASONS[rule.event], occasion_of(rule, day, subject), earner.customer_id
    )
