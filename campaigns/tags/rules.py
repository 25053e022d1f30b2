"""The dictionary of tags, and pure rules: who may set one, until when it holds."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from campaigns.staff.model import Role
from campaigns.tags.model import Tag, TagDefinition, TagRefusal, TagSource
from segmentation.liquidity import TOLD, Need, need_of
from segmentation.tag_rules import TAGS

RULE_DAYS = 100  # A quarter and the days until its successor is delivered.
YEAR = 365
_MANAGERS = frozenset({Role.WEALTH_MANAGER, Role.TEAM_LEAD, Role.BRANCH})
CREDIT_REFUSED, CREDIT_OVERDUE = "credit_refused", "credit_overdue"
CREDIT_BARS = (CREDIT_REFUSED, CREDIT_OVERDUE)
APPETITES: Mapping[str, int] = {f"risk_c{grade}": grade for grade in range(1, 6)}

DICTIONARY: Mapping[str, TagDefinition] = {
    definition.code: definition
    for definition in (
        *(TagDefinition(code, TagSource.RULE, RULE_DAYS) for code in TAGS),
        *(
            TagDefinition(code, TagSource.DEPARTMENT, YEAR, frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}))
            for code in CREDIT_BARS
        ),
        TagDefinition("banks_elsewhere", TagSource.STAFF, YEAR, _MANAGERS),
        TagDefinition("interest_in_loans", TagSource.STAFF, 180, _MANAGERS),
        TagDefinition("interest_in_wealth", TagSource.STAFF, 180, _MANAGERS),
        *(TagDefinition(code, TagSource.CUSTOMER, YEAR, _MANAGERS) for code in (*APPETITES, *TOLD)),
    )
}


def may_touch(code: str, roles: AbstractSet[Role]) -> TagDefinition | TagRefusal:
    """The definition of a tag that somebody with these roles may set and remove, or why not."""
    definition = DICTIONARY.get(code)
    if definition is None:
        return TagRefusal.UNKNOWN_TAG
    if definition.source is TagSource.RULE:
        return TagRefusal.OF_A_RULE
    return definition if definition.may_set & roles else TagRefusal.NOT_ALLOWED


def expiry(definition: TagDefinition, set_at: datetime) -> datetime:
    """From this moment on the tag no longer holds."""
    return set_at + timedelta(days=definition.validity_days)


def rivals(code: str) -> frozenset[str]:
    """The tags that end when this one is set: nobody has two appetites for risk, or two needs of the same money."""
    return next((frozenset(one) - {code} for one in (APPETITES, TOLD) if code in one), frozenset())


def liquidity_need(tags: Iterable[Tag], today: date) -> Need | None:
    """For how long a customer's money can be bound, with the tag that says so; None where nobody knows (S-58)."""
    return need_of(((each.code, each.set_at.date(), each.evidence) for each in tags), today)
