"""A plan as the plain data that is stored or published, and back; the same plan is always the same data."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from campaigns.games.model import Game, GameKind, Option
from campaigns.rallies.model import Article, BoothPlan, CouponPlan, GiftPlan, Need, RallyPlan, RallyRules, Target


def stored(plan: RallyPlan) -> dict[str, Any]:
    """A plan as JSON's own types; moments are ISO texts in UTC."""
    found = _plain(asdict(plan))
    assert isinstance(found, dict)
    return found


def restored(told: Mapping[str, Any]) -> RallyPlan:
    """The plan behind its stored form."""
    read = {
        "starts_at": datetime.fromisoformat(told["starts_at"]),
        "ends_at": datetime.fromisoformat(told["ends_at"]),
        "booths": tuple(map(_booth, told["booths"])),
        "targets": tuple(map(_target, told["targets"])),
        "gifts": tuple(map(_gift, told["gifts"])),
        "coupons": tuple(map(_coupon, told["coupons"])),
        "rules": RallyRules(**told["rules"]),
    }
    return RallyPlan(**{**told, **read})


def published(plan: RallyPlan) -> str:
    """What everybody may read of a plan in its canonical form: all of it but right answers and who is on duty."""
    booths = tuple(replace(booth, game=replace(booth.game, answer=0), staff=()) for booth in plan.booths)
    shown = stored(replace(plan, booths=booths))
    return json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_published(configuration: str) -> RallyPlan:
    """The plan behind its published form."""
    return restored(json.loads(configuration))


def _plain(value: object) -> object:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime():
            return value.astimezone(UTC).isoformat()
    return value


def _booth(told: Mapping[str, Any]) -> BoothPlan:
    read = {
        "opens_at": datetime.fromisoformat(told["opens_at"]),
        "closes_at": datetime.fromisoformat(told["closes_at"]),
        "game": _game(told["game"]),
        "staff": tuple(told["staff"]),
    }
    return BoothPlan(**{**told, **read})


def _game(told: Mapping[str, Any]) -> Game:
    options = tuple(Option(**option) for option in told["options"])
    return Game(**{**told, "kind": GameKind(told["kind"]), "options": options})


def _target(told: Mapping[str, Any]) -> Target:
    needs = tuple(Need(**{**need, "booths": tuple(need["booths"])}) for need in told["needs"])
    return Target(**{**told, "needs": needs})


def _gift(told: Mapping[str, Any]) -> GiftPlan:
    substitute = told["substitute"] and Article(**told["substitute"])
    return GiftPlan(told["target"], Article(**told["article"]), substitute)


def _coupon(told: Mapping[str, Any]) -> CouponPlan:
    read = {"article": Article(**told["article"]), "expires_at": datetime.fromisoformat(told["expires_at"])}
    return CouponPlan(**{**told, **read})
