"""What the terms of a referral programme may be, and what the compliance gate objects to."""

from datetime import timedelta

from campaigns.earnings.model import EarnEvent, EarnLimit, EarnRule, Objection, ObjectionCode
from campaigns.earnings.rules import objections as rule_objections
from campaigns.points.model import PointsCampaign
from campaigns.referrals.model import AccountEvent, Programme

MOST_PLACES = 1_000_000
MOST_FEN = 5_000_000  # Per side and newcomer: the law's limit for one prize, 50,000 yuan.
YEAR = timedelta(days=366)
PURSES = 1 << 40
WORDS = {
    AccountEvent.OPENED: frozenset({"opened", "open", "account opened", "account_opened", "开户", "已开户"}),
    AccountEvent.CLOSED: frozenset({"closed", "close", "account closed", "account_closed", "销户", "已销户"}),
}


class ProgrammeError(ValueError):
    """A programme that cannot be; the message says why in one sentence."""


def check_programme(programme: Programme) -> None:
    """Refuse terms that cannot be, and terms that the compliance gate objects to.

    Raises:
        ProgrammeError: says what is wrong.
    """
    words = (programme.title_zh, programme.title_en, programme.condition_zh, programme.condition_en)
    if not all(word.strip() for word in words):
        raise ProgrammeError("A programme needs its title and its condition in both languages.")
    if programme.points < 1 or not 1 <= programme.places <= MOST_PLACES:
        raise ProgrammeError(f"A programme pays at least 1 point to each side, for 1 to {MOST_PLACES:,} newcomers.")
    if programme.ends_at <= programme.starts_at or programme.ends_at - programme.starts_at > YEAR:
        raise ProgrammeError("A programme must end after it starts, and within a year.")
    if not 0 <= programme.free_months <= 24:
        raise ProgrammeError("Free messages run for 0 to 24 months.")
    if not timedelta(days=1) <= programme.cooling <= timedelta(days=180):
        raise ProgrammeError("The cooling time must be 1 to 180 days: an account that closes at once earns nothing.")
    if not timedelta(days=1) <= programme.patience <= timedelta(days=180):
        raise ProgrammeError("A newcomer has 1 to 180 days to open an account.")
    if not 1 <= programme.burst <= 10_000:
        raise ProgrammeError("Between 1 and 10,000 newcomers of one member may come within a minute.")
    for objection in objections(programme):
        raise ProgrammeError(sentence(objection))


def objections(programme: Programme) -> tuple[Objection, ...]:
    """What the gate of the rules of earning objects to in a programme's words.

    An account may be the condition, a deposit never: Notice 48 (2018).
    """
    said_zh = f"{programme.title_zh}\n{programme.condition_zh}"
    said_en = f"{programme.title_en}\n{programme.condition_en}"
    as_rule = EarnRule(
        0, programme.points_campaign, EarnEvent.REFERRAL, programme.points, EarnLimit.EACH, said_zh, said_en
    )
    return rule_objections(as_rule)


def sentence(objection: Objection) -> str:
    """An objection for whoever opens the programme."""
    match objection.code:
        case ObjectionCode.PAYS_FOR_DEPOSITS:
            return f"A programme may ask for an account, but never pay for deposits ({objection.law})."
        case ObjectionCode.FORBIDDEN_WORD:
            return f"The words may not say {objection.word} ({objection.law})."
        case _:
            return "Words that speak of investments need the risk notice."


def points_for(yuan: int, campaign: PointsCampaign) -> int:
    """The points that are worth so many yuan at a campaign's price.

    Raises:
        ProgrammeError: it is too much, or the price does not divide it.
    """
    fen = yuan * 100
    if not 1 <= fen <= MOST_FEN:
        raise ProgrammeError(f"A reward is worth 1 to {MOST_FEN // 100:,} yuan.")
    points, rest = divmod(fen * 100, campaign.price)
    if rest:
        raise ProgrammeError(f"{yuan} yuan is no whole number of points at {campaign.price} fen per 100 points.")
    return points


def fits(programme: Programme, campaign: PointsCampaign) -> bool:
    """Whether even the last newcomer can be paid before the points campaign ends."""
    last = programme.ends_at + programme.patience + programme.cooling + timedelta(days=1)
    return last <= campaign.ends_at


def purse_of(programme: Programme) -> int:
    """The purse that a programme's rewards lie in: below -2^40, where no draw or quiz ever is."""
    return -(PURSES + programme.id)


def event_of(word: str) -> AccountEvent | None:
    """What a word of the bank's file means."""
    plain = " ".join(word.casefold().split())
    return next((event for event, words in WORDS.items() if plain in words), None)
