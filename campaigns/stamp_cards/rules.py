"""What follows from a card: how far each target is; pure."""

from collections import Counter
from collections.abc import Collection

from campaigns.rallies.model import Target
from campaigns.rallies.targets import missing_of
from campaigns.stamp_cards.model import Goal, StampCard


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
