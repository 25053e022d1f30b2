"""The gate: whether one delivery may leave now, later or never; asked at dispatch, so that a word taken back counts."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.compliance.hours import first_day_with_room, next_allowed, start_of, zone_of
from campaigns.compliance.model import Facts, GatePolicy, Standing
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check, text_of
from campaigns.deliveries.model import Delivery, Kind, Reason
from campaigns.members.model import PrivateChat
from segmentation.appetites import suits_one
from segmentation.liquidity import can_wait


@dataclass(frozen=True)
class Pass:
    """It may leave now."""


@dataclass(frozen=True)
class Suppress:
    """It must never leave."""

    reason: Reason


@dataclass(frozen=True)
class Defer:
    """It may leave at `until`, when the gate is asked again."""

    until: datetime
    reason: Reason


GateVerdict = Pass | Suppress | Defer


def judge(delivery: Delivery, facts: Facts, policy: GatePolicy, now: datetime) -> GateVerdict:
    """Decide one delivery; service messages and cards ask only for an open chat, a mute and their own end."""
    if delivery.expires_at is not None and now >= delivery.expires_at:
        return Suppress(Reason.TOO_LATE)
    reason = _unreachable(facts) if delivery.is_private else None
    if reason is None and facts.is_muted:
        reason = Reason.MUTED
    if reason is None and delivery.kind is Kind.MARKETING:
        reason = _bad_words(delivery) or _unfit(delivery, facts)
    if reason is not None:
        return Suppress(reason)
    if delivery.kind is not Kind.MARKETING or not delivery.is_private:
        return Pass()
    return _when(delivery, facts, policy, now)


def standing_of(stands: bool | None, times: int, *, restricted: bool) -> Standing:
    """How a person stands to marketing, from whether a consent stands now and how many were ever given."""
    if restricted:
        return Standing.RESTRICTED
    if stands and times:
        return Standing.AGREED
    return Standing.WITHDRAWN if times else Standing.NEVER


def _unfit(delivery: Delivery, facts: Facts) -> Reason | None:
    """Whether this person, or whoever reads a group, may be offered this at all."""
    if not delivery.is_private:
        return None if suits_one(delivery.risk, None, delivery.locked_days) else Reason.UNSUITABLE
    reason = _unasked(facts) or _unsuitable(delivery.risk, facts.appetite)
    reason = reason or _needed(delivery.locked_days, facts.horizon)
    if reason is None and facts.needs_review:
        return Reason.NEEDS_REVIEW
    return Reason.CUSTOMER_REACHED if reason is None and facts.has_it else reason


def _unsuitable(risk: int | None, appetite: int | None) -> Reason | None:
    """R must not exceed C; without a valid assessment nothing with a grade is offered (S-58; the measures of 2026)."""
    if risk is None:
        return None
    if appetite is None:
        return Reason.NOT_ASSESSED
    return Reason.UNSUITABLE if risk > appetite else None


def _needed(locked_days: int, horizon: int | None) -> Reason | None:
    """What binds money never reaches who needs it earlier; whose need nobody knows needs it at once (S-58)."""
    if can_wait(locked_days, horizon):
        return None
    return Reason.NEED_UNKNOWN if horizon is None else Reason.NEEDED_EARLIER


def _unreachable(facts: Facts) -> Reason | None:
    match facts.private_chat:
        case PrivateChat.OPEN:
            return None
        case PrivateChat.NEVER:
            return Reason.NO_PRIVATE_CHAT
        case PrivateChat.BLOCKED:
            return Reason.BLOCKED


def _bad_words(delivery: Delivery) -> Reason | None:
    """What the gate of words blocks never leaves, whoever approved it (Advertising Law art. 9, 25, and the others)."""
    venue = Venue.PRIVATE if delivery.is_private else Venue.GROUP
    hits = check(text_of(delivery.payload), Context(venue=venue, risk_level=delivery.risk)).hits
    # What is sent unasked offers: an investment without its notice stops here; elsewhere it may only be warned of.
    blocking = {hit.rule for hit in hits if hit.verdict is Outcome.BLOCK or hit.rule == "risk_notice"}
    if not blocking:
        return None
    return Reason.NO_RISK_NOTICE if blocking == {"risk_notice"} else Reason.FORBIDDEN_WORDS


def _unasked(facts: Facts) -> Reason | None:
    """Advertising Law art. 43: nobody gets advertising who did not agree or took the agreement back."""
    match facts.standing:
        case Standing.AGREED:
            return None
        case Standing.NEVER:
            return Reason.NO_CONSENT
        case Standing.WITHDRAWN:
            return Reason.OPTED_OUT
        case Standing.RESTRICTED:
            return Reason.RESTRICTED


def _when(delivery: Delivery, facts: Facts, policy: GatePolicy, now: datetime) -> GateVerdict:
    """The first moment outside the quiet hours on a day with room; an offer that ends before is too late."""
    zone = zone_of(facts.zone, policy)
    day = first_day_with_room(facts.offered_at, facts.shown_at, zone, policy, now)
    if day is None:
        return Suppress(Reason.FREQUENCY_CAP)
    until = next_allowed(max(now, start_of(day, zone)), zone, policy)
    if until <= now:
        return Pass()
    if delivery.expires_at is not None and until >= delivery.expires_at:
        return Suppress(Reason.TOO_LATE)
    waits_for_room = day > now.astimezone(zone).date()
    return Defer(until, Reason.FREQUENCY_CAP if waits_for_room else Reason.QUIET_HOURS)
