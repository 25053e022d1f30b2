"""Pure decisions on earning: what a rule may be, what the gate objects to, and the occasion that pays once."""

import re
from collections.abc import Collection
from datetime import date

from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.earnings.model import Earner, EarnEvent, EarnLimit, EarnRule, Objection, ObjectionCode, RuleState
from campaigns.points.model import Grant, MovementReason

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
NOTICE_48 = "Notice 48 (2018)"
_DEPOSITS = re.compile(r"存款|存钱|储蓄|定存|定期|活期|大额存单|存入|揽储|deposit|saving|time account", re.IGNORECASE)
_NO_DEPOSIT = re.compile(r"理财非存款|非存款|不?是存款|not (?:a )?deposits?", re.IGNORECASE)


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


def may_activate(rule: EarnRule, beside: Collection[EarnRule]) -> tuple[Objection, ...]:
    """What keeps a rule from becoming active `beside` its campaign's rules; a stopped rule stays stopped."""
    if rule.state is RuleState.STOPPED:
        return (Objection(ObjectionCode.STOPPED),)
    same = [
        other
        for other in beside
        if (other.event, other.product) == (rule.event, rule.product) and other.state is RuleState.ACTIVE
    ]
    if rule.event in ALONE and any(other.id != rule.id for other in same):
        return (Objection(ObjectionCode.PAID_ALREADY),)
    return objections(rule)


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
