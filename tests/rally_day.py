"""An invented event day for tests of gifts and coupons: two booths, two targets, few of everything."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from campaigns.games.model import Game, GameKind
from campaigns.rallies.model import (
    Article,
    BoothPlan,
    CouponPlan,
    GiftPlan,
    Need,
    Rally,
    RallyPlan,
    RallyRules,
    RallyState,
    Target,
)

RULES = RallyRules("到场即可", "Whoever is there", "A银行", "Bank A", "95500", "95500")


def plan(starts: datetime, **changes: Any) -> RallyPlan:
    """A whole plan: bags (2, then a key ring, 1) for one stamp, a flask (1) for two, a coupon at each end."""
    ends = starts + timedelta(hours=8)
    booths = tuple(
        BoothPlan(code, zh, en, "红区", at, 10, starts, ends, Game(GameKind.SCAN), 30, "幸福里", tastings)
        for code, zh, en, at, tastings in (("B1", "桂花糕", "Cakes", 10, 3), ("B2", "茶艺", "Tea", 50, None))
    )
    targets = (
        Target("T1", "集章达人", "Collector", (Need(1, ("B1", "B2")),)),
        Target("T2", "全场达人", "Champion", (Need(2, ("B1", "B2")),)),
    )
    gifts = (
        GiftPlan("T1", Article("帆布袋", "Canvas bag", 2, 1_200), Article("钥匙扣", "Key ring", 1, 350)),
        GiftPlan("T2", Article("保温杯", "Flask", 1, 4_000)),
    )
    until = ends + timedelta(days=2)
    coupons = (
        CouponPlan(
            "C1", "幸福里", Article("豆浆券", "Soy milk", 2, 500), until, "每单一张", "One an order", booth="B1"
        ),
        CouponPlan("C2", "幸福里", Article("洗车券", "Car wash", 9, 3_000), until, "周末可用", "Weekends", target="T2"),
    )
    made = RallyPlan(
        "day-1", "集章日", "Stamp day", starts, ends, booths, targets, gifts, coupons, 10_000, RULES, "广场", "Square"
    )
    return replace(made, **changes)


def rally(starts: datetime, state: RallyState = RallyState.RUNNING, **changes: Any) -> Rally:
    """The same as an event that nobody stored."""
    made = plan(starts, **changes)
    return Rally(1, made.code, made.title_zh, made.title_en, 7, None, starts, made.ends_at, state, (), made)


def at(coupon: CouponPlan, partner: str) -> CouponPlan:
    """The same coupon at another partner."""
    return replace(coupon, partner=partner)
