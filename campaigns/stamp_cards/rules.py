"""What follows from a card: how far each target is, and where to go next; pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import hypot

from campaigns.rallies.model import Booth, Rally, Target
from campaigns.rallies.targets import missing_of, still_useful
from campaigns.stamp_cards.model import Goal, StampCard, Suggestion

METRES_A_MINUTE = 50  # A slow walk through a crowd.


def missing(target: Target, stamped: Collection[str]) -> int:
    """How many more stamps a target takes at least: one that counts for several needs is counted once (S-85)."""
    held, more = set(stamped), 0
    while open_needs := [need for need in target.needs if missing_of(need, held)]:
        useful = Counter(code for need in open_needs for code in need.booths if code not in held)
        if not useful:
            break
        held.add(useful.most_common(1)[0][0])
        more += 1
    return more


def goals(card: StampCard) -> tuple[Goal, ...]:
    """The card's targets in the order of the event; a medal once given stays, whatever became of a stamp."""
    return tuple(
        Goal(
            target,
            needed=missing(target, ()),
            missing=0 if target.code in card.medals else missing(target, card.stamps),
            is_reached=target.code in card.medals,
        )
        for target in card.rally.targets
    )


def next_booth(card: StampCard, open_booths: Sequence[Booth], waits: Mapping[str, int]) -> Suggestion | None:
    """Where to go next: an open booth not stamped yet that a target wants, soonest by queue and way together.

    `waits` are minutes by booth code; the way begins at the booth that was stamped last. Where every target is
    reached any booth not visited yet will do.
    """
    targets = [target for target in card.rally.targets if target.code not in card.medals]
    wanted = {code for target in targets for code in still_useful(target, card.stamps)}
    fresh = [booth for booth in open_booths if booth.code not in card.stamps]
    here = _last(card)
    found = [
        Suggestion(booth, waits.get(booth.code, 0), _metres(card.rally, here, booth) if here else None)
        for booth in [each for each in fresh if each.code in wanted] or fresh
    ]
    return min(
        found, key=lambda each: (each.minutes + (each.metres or 0) / METRES_A_MINUTE, each.booth.code), default=None
    )


def _last(card: StampCard) -> Booth | None:
    """The booth of the newest stamp."""
    code = max(card.stamps, key=lambda code: card.stamps[code], default=None)
    return card.rally.booth(code) if code else None


def _metres(rally: Rally, here: Booth, there: Booth) -> int:
    """The way between two booths, as the crow flies."""
    return round(hypot(here.x - there.x, here.y - there.y) / 100 * rally.plan.map_metres)
