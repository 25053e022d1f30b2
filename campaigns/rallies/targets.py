"""Pure decisions on targets: whether one is reached, what is missing, and where to go next (S-85)."""

from collections.abc import Collection, Iterable, Sequence

from campaigns.rallies.model import Booth, Need, Target


def reached(target: Target, stamped: Collection[str]) -> bool:
    """Whether every need is met by the codes of stamped booths; a stamp counts in each need that names its booth."""
    return all(missing_of(need, stamped) == 0 for need in target.needs)


def reached_of(targets: Iterable[Target], stamped: Collection[str]) -> frozenset[str]:
    """The codes of all targets that are reached."""
    return frozenset(target.code for target in targets if reached(target, stamped))


def missing_of(need: Need, stamped: Collection[str]) -> int:
    """How many stamps a need still wants."""
    return max(0, need.count - sum(code in stamped for code in need.booths))


def still_useful(target: Target, stamped: Collection[str]) -> frozenset[str]:
    """The booths whose stamp brings a target nearer: those of needs that are not met yet."""
    return frozenset(
        code for need in target.needs if missing_of(need, stamped) for code in need.booths if code not in stamped
    )


def suggestion(
    targets: Sequence[Target], open_booths: Sequence[Booth], stamped: Collection[str], waits: dict[str, int]
) -> Booth | None:
    """The open booth to go to next: one that a target not reached yet wants, with the shortest wait in minutes.

    Where every target is reached any booth not visited yet will do; `waits` may lack booths, which then count as free.
    """
    wanted = {code for target in targets for code in still_useful(target, stamped)}
    fresh = [booth for booth in open_booths if booth.code not in stamped]
    chosen = [booth for booth in fresh if booth.code in wanted] or fresh
    return min(chosen, key=lambda booth: (waits.get(booth.code, 0), booth.code), default=None)
