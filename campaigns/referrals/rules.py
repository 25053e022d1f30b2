"""Pure decisions on referrals: who may start one, what each event makes of it, when it pays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from campaigns.referrals.model import (
    AccountClosed,
    AccountOpened,
    Doubt,
    Event,
    Named,
    Opener,
    Programme,
    Referral,
    Rejected,
    Released,
    Stage,
    StartCode,
)

ENDED = frozenset({Stage.VOID, Stage.CLAWED_BACK})


def may_start(programme: Programme | None, referrer_id: int, opener: Opener, now: datetime) -> StartCode:
    """Whether opening a link starts a referral; one level only, and only for people whom the bank does not know.

    RING starts one too, which is held for a person from its first moment.
    """
    if programme is None:
        return StartCode.UNKNOWN_LINK
    if not programme.starts_at <= now < programme.ends_at:
        return StartCode.NOT_NOW
    if opener.member_id == referrer_id:
        return StartCode.OWN_LINK
    if opener.was_referred:
        return StartCode.REFERRED_ALREADY
    if opener.is_staff:
        return StartCode.STAFF
    if opener.is_customer:
        return StartCode.CUSTOMER_ALREADY
    if opener.places_left <= 0:
        return StartCode.FULL
    return StartCode.RING if referrer_id in opener.brought else StartCode.STARTED


def is_burst(programme: Programme, earlier: Sequence[datetime], now: datetime) -> bool:
    """Whether one more newcomer of a referrer is one too many within the window; the window's edge is outside."""
    recent = sum(made_at > now - programme.burst_within for made_at in earlier)
    return recent >= programme.burst


def begin(programme: Programme, referral: Referral, earlier: Sequence[datetime], *, in_ring: bool = False) -> Referral:
    """A fresh referral, held at once where it closes a ring or comes in a burst."""
    if in_ring:
        return hold(referral, Doubt.RING)
    return hold(referral, Doubt.BURST) if is_burst(programme, earlier, referral.made_at) else referral


def after(programme: Programme, referral: Referral, event: Event, zone: tzinfo) -> Referral:
    """What an event makes of a referral; one that has ended, or that an event says nothing to, stays as it is."""
    if referral.stage in ENDED:
        return referral
    match event:
        case Named():
            return _named(referral, event, zone)
        case AccountOpened(on=on):
            return _opened(programme, referral, on, zone)
        case AccountClosed(on=on):
            return _closed(referral, on)
        case Released():
            return _released(referral)
        case Rejected():
            return _end(referral, referral.doubt or Doubt.REJECTED) if referral.stage is Stage.HELD else referral


def lapses(programme: Programme, referral: Referral, now: datetime) -> Referral:
    """A referral whose newcomer never opened an account in time ends."""
    waits = referral.stage in {Stage.PENDING, Stage.NAMED}
    return _end(referral, Doubt.LATE) if waits and now >= referral.made_at + programme.patience else referral


def is_due(referral: Referral, now: datetime) -> bool:
    """Whether the cooling time is over."""
    return referral.stage is Stage.OPENED and referral.pays_at is not None and now >= referral.pays_at


def unpaid(referral: Referral) -> Referral:
    """The referral whose points campaign had ended before a person let it go on."""
    return _end(referral, Doubt.LATE)


def pay(programme: Programme, referral: Referral, today: date) -> Referral:
    """The referral once both sides are paid; the new side's free messages run from today."""
    return replace(referral, stage=Stage.PAID, free_until=months_later(today, programme.free_months))


def hold(referral: Referral, doubt: Doubt) -> Referral:
    """Keep a referral for a person, who may let it go on where it stands."""
    return replace(referral, stage=Stage.HELD, doubt=doubt, resumes=referral.stage)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The bank's day of a moment."""
    return moment.astimezone(zone).date()


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _named(referral: Referral, event: Named, zone: tzinfo) -> Referral:
    """The real name tells what the link could not: the same person, or one whom the bank knew before.

    A referral that is held already stays so; a name that tells more replaces its doubt, since whoever lets it go must
    know. A person who came by another referral, or for whom no place is left, ends it.
    """
    stands = referral.resumes if referral.stage is Stage.HELD else referral.stage
    if stands is not Stage.PENDING:
        return referral
    if event.was_brought:
        return _end(referral, Doubt.TWICE)
    if event.places_left <= 0:
        return _end(referral, Doubt.FULL)
    known = replace(referral, customer_id=event.customer_id, stage=Stage.NAMED, doubt=None, resumes=None)
    if event.customer_id == event.referrer_customer_id:
        return hold(known, Doubt.SELF)
    if event.known_since is not None and event.known_since < day_of(referral.made_at, zone):
        return hold(known, Doubt.EXISTING_CUSTOMER)
    return hold(known, referral.doubt) if referral.doubt else known


def _opened(programme: Programme, referral: Referral, on: date, zone: tzinfo) -> Referral:
    """Only a real account counts, opened after the referral and by somebody whose name is known."""
    stands = referral.resumes if referral.stage is Stage.HELD else referral.stage
    if stands is not Stage.NAMED:
        return referral
    pays_at = datetime.combine(on, time(), zone) + programme.cooling
    opened = replace(referral, stage=Stage.OPENED, doubt=None, resumes=None, opened_on=on, pays_at=pays_at)
    if on < day_of(referral.made_at, zone):
        return hold(opened, Doubt.EXISTING_CUSTOMER)
    return hold(opened, referral.doubt) if referral.doubt else opened


def _closed(referral: Referral, on: date) -> Referral:
    """An account that closes again takes the reward with it: before the pay it is void, afterwards clawed back."""
    if referral.opened_on is None or on < referral.opened_on:
        return referral
    if referral.stage is Stage.PAID:
        return replace(referral, stage=Stage.CLAWED_BACK, doubt=Doubt.ACCOUNT_CLOSED)
    return _end(referral, Doubt.ACCOUNT_CLOSED)


def _released(referral: Referral) -> Referral:
    if referral.stage is not Stage.HELD or referral.resumes is None:
        return referral
    return replace(referral, stage=referral.resumes, doubt=None, resumes=None)


def _end(referral: Referral, doubt: Doubt) -> Referral:
    return replace(referral, stage=Stage.VOID, doubt=doubt, resumes=None)
