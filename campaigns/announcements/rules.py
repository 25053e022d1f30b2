"""Pure decisions on announcements: their canonical form, their hash, and which changes favour the customer."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from campaigns.announcements.model import Activity, Condition, Reward, RulePage

CERTAIN = 1_000_000
END_NOTICE = timedelta(days=7)  # Between the notice that an activity ends early and its end.


def canonical(page: RulePage) -> str:
    """A page as JSON that is the same text for the same configuration: sorted keys, no spaces, moments in UTC.

    A budget that is none is left out: pages that were published before there were any keep their text.
    """
    plain = asdict(page) | {"conditions": sorted(page.conditions)}
    if page.budget is None:
        del plain["budget"]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_moment)


def read_page(configuration: str) -> RulePage:
    """The page behind its canonical form."""
    told: dict[str, Any] = json.loads(configuration)
    read = {
        "activity": Activity(told["activity"]),
        "rewards": tuple(Reward(**reward) for reward in told["rewards"]),
        "conditions": frozenset(map(Condition, told["conditions"])),
        "opens_at": datetime.fromisoformat(told["opens_at"]),
        "closes_at": datetime.fromisoformat(told["closes_at"]),
    }
    return RulePage(**(told | read))


def digest_of(configuration: str, text_zh: str, text_en: str) -> str:
    """The SHA-256, in hex, of the configuration and both texts, a line feed between them."""
    return sha256("\n".join((configuration, text_zh, text_en)).encode()).hexdigest()


def in_favour(old: RulePage, new: RulePage) -> bool:
    """Whether a change takes nothing from the customer: as long or longer, as likely, as many, as high, as easy.

    Everything that cannot be compared, such as free words, must stay. Source: S-206, Promotion Rules (2020) art. 13.
    """
    return (
        _incomparable(old) == _incomparable(new)
        and new.opens_at <= old.opens_at
        and new.closes_at >= old.closes_at
        and new.conditions <= old.conditions
        and new.valid_days >= old.valid_days
        and new.price >= old.price
        and _as_many(old.budget, new.budget)
        and len(new.rewards) == len(old.rewards)
        and all(map(_as_good, old.rewards, new.rewards))
    )


def may_end(old: RulePage, closes_at: datetime, now: datetime) -> bool:
    """Whether an activity may end earlier than announced: its page says so, and the end is as far off as it says.

    Nothing that was earned before is touched by it. Source: S-206; Civil Code art. 496 (terms bind as they were shown).
    """
    return Condition.MAY_END_EARLY in old.conditions and now + END_NOTICE <= closes_at < old.closes_at


def _as_good(old: Reward, new: Reward) -> bool:
    """A reward under its own name, worth and there as much and as likely; one without points may become rarer."""
    if (old.title_zh, old.title_en) != (new.title_zh, new.title_en) or new.points < old.points:
        return False
    as_likely = _chance(new) >= _chance(old) or old.points == 0
    return _as_many(old.stock, new.stock) and as_likely


def _as_many(old: int | None, new: int | None) -> bool:
    """Whether there is as much as before; None is without end."""
    return new is None or (old is not None and new >= old)


def _chance(reward: Reward) -> int:
    return CERTAIN if reward.odds is None else reward.odds


def _incomparable(page: RulePage) -> tuple[object, ...]:
    """What is words or identity: another of these is another activity."""
    return (
        page.activity,
        (page.title_zh, page.title_en),
        (page.conditions_zh, page.conditions_en),
        (page.organiser_zh, page.organiser_en),
        (page.complaints_zh, page.complaints_en),
        page.promise,
    )


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} has no canonical form.")
    return value.astimezone(UTC).isoformat()
