"""What a later plan would take from the customer: after publication only changes in their favour are allowed.

Source: S-206, Promotion Rules (2020) art. 13. What cannot be compared, such as free words, must stay.
"""

from collections.abc import Iterable, Iterator

from campaigns.games.model import Game, GameKind
from campaigns.rallies.model import Article, BoothPlan, CouponPlan, GiftPlan, Need, RallyPlan, Target


def taken(old: RallyPlan, new: RallyPlan) -> tuple[str, ...]:
    """The places of the file at which the new plan is worse for the customer than the published one; empty if none."""
    return tuple(
        dict.fromkeys(
            [
                *_of_frame(old, new),
                *_of_booths(old, new),
                *_of_targets(old.targets, new.targets),
                *_of_gifts(old.gifts, new.gifts),
                *_of_coupons(old.coupons, new.coupons),
            ]
        )
    )


def is_as_easy(old: Target, new: Target) -> bool:
    """Whether whoever reached the old target has reached the new one, too: every need follows from one of the old."""
    return all(any(_follows(need, known) for known in old.needs) or need.count == 0 for need in new.needs)


def _follows(need: Need, known: Need) -> bool:
    """Whether enough stamps for a known need are enough for this one: those of booths that it does not name count 0."""
    return need.count <= known.count - len(set(known.booths) - set(need.booths))


def _of_frame(old: RallyPlan, new: RallyPlan) -> Iterator[str]:
    same = ("code", "title_zh", "title_en", "place_zh", "place_en", "rules")
    yield from (
        name.removesuffix("_zh").removesuffix("_en") for name in same if getattr(old, name) != getattr(new, name)
    )
    if new.starts_at > old.starts_at:
        yield "starts"
    if new.ends_at < old.ends_at:
        yield "ends"
    if new.gifts_budget_fen < old.gifts_budget_fen:
        yield "gifts_budget_yuan"
    if new.needs_real_name and not old.needs_real_name:
        yield "needs_real_name"


def _differs(old: object, new: object, name: str) -> bool:
    return bool(getattr(old, name) != getattr(new, name))


def _of_booths(old: RallyPlan, new: RallyPlan) -> Iterator[str]:
    later = {booth.code: booth for booth in new.booths}
    for booth in old.booths:
        if booth.code not in later or not _is_as_good_a_booth(booth, later[booth.code]):
            yield f"booths.{booth.code}"


def _is_as_good_a_booth(old: BoothPlan, new: BoothPlan) -> bool:
    same = (old.name_zh, old.name_en, old.zone) == (new.name_zh, new.name_en, new.zone)
    is_as_long = new.opens_at <= old.opens_at and new.closes_at >= old.closes_at
    return same and is_as_long and _is_as_easy_a_game(old.game, new.game) and _as_many(old.tastings, new.tastings)


def _is_as_easy_a_game(old: Game, new: Game) -> bool:
    """The same game with as many answers allowed or as few spins at most, or a scan alone."""
    if new.kind is GameKind.SCAN:
        return True
    words = (old.kind, old.task_zh, old.task_en, old.options) == (new.kind, new.task_zh, new.task_en, new.options)
    as_easy = new.tries <= old.tries if new.kind is GameKind.SPIN else new.tries >= old.tries
    return words and as_easy


def _of_targets(old: Iterable[Target], new: Iterable[Target]) -> Iterator[str]:
    later = {target.code: target for target in new}
    for target in old:
        found = later.get(target.code)
        same = found is not None and (found.title_zh, found.title_en) == (target.title_zh, target.title_en)
        if found is None or not same or not is_as_easy(target, found):
            yield f"targets.{target.code}"


def _of_gifts(old: Iterable[GiftPlan], new: Iterable[GiftPlan]) -> Iterator[str]:
    later = {gift.target: gift for gift in new}
    for gift in old:
        found = later.get(gift.target)
        if found is None or not _is_as_good(gift.article, found.article):
            yield f"gifts.{gift.target}"
        elif gift.substitute and not (found.substitute and _is_as_good(gift.substitute, found.substitute)):
            yield f"gifts.{gift.target}.substitute"


def _of_coupons(old: Iterable[CouponPlan], new: Iterable[CouponPlan]) -> Iterator[str]:
    later = {coupon.code: coupon for coupon in new}
    for coupon in old:
        found = later.get(coupon.code)
        if found is None or not _is_as_good_a_coupon(coupon, found):
            yield f"coupons.{coupon.code}"


def _is_as_good_a_coupon(old: CouponPlan, new: CouponPlan) -> bool:
    words = ("partner", "conditions_zh", "conditions_en", "booth", "target")
    if any(_differs(old, new, name) for name in words):
        return False
    return new.expires_at >= old.expires_at and _is_as_good(old.article, new.article)


def _is_as_good(old: Article, new: Article) -> bool:
    """The same thing, worth as much and as many of it."""
    same = (old.title_zh, old.title_en) == (new.title_zh, new.title_en)
    return same and new.stock >= old.stock and new.worth_fen >= old.worth_fen


def _as_many(old: int | None, new: int | None) -> bool:
    """Whether there are as many tastings as before; None where nothing is tasted."""
    return old is None or (new is not None and new >= old)
