"""An invented event for tests: eight booths in two zones, two targets with gifts, from ten to four."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.games.model import Game, GameKind, Option
from campaigns.rallies.model import Article, BoothPlan, GiftPlan, Need, RallyPlan, RallyRules, Target

ZONE = ZoneInfo("Asia/Shanghai")
STARTS = datetime(2026, 12, 5, 2, tzinfo=UTC)
COLOURS = (Option("红", "red"), Option("蓝", "blue"))
QUIZ = Game(GameKind.QUIZ, "卡面是什么颜色？", "Which colour is the card?", COLOURS, 1, 2)
GAMES = (Game(GameKind.SCAN), QUIZ, Game(GameKind.SPIN, tries=3), Game(GameKind.SCAN))
RULES = RallyRules("无其他条件", "No other condition", "A银行", "Bank A", "拨打95500", "Call 95500")


def rally_plan(code: str = "FAIR", *, stock: int = 40, scan_only: bool = False) -> RallyPlan:
    """The event; the first target is any five booths, the second the whole red zone and any two others."""
    ends = STARTS + timedelta(hours=6)
    booths = tuple(
        BoothPlan(
            f"B{at}",
            f"摊位{at}",
            f"Booth {at}",
            "红区" if at <= 3 else "蓝区",
            (at * 37) % 90 + 5,
            at * 11,
            STARTS,
            ends,
            GAMES[0 if scan_only else at % 4],
            30,
        )
        for at in range(1, 9)
    )
    codes = tuple(booth.code for booth in booths)
    targets = (
        Target("T1", "五摊勋章", "Five booths", (Need(5, codes),)),
        Target("T2", "红区勋章", "Red zone", (Need(3, codes[:3], "红区"), Need(2, codes[3:]))),
    )
    gifts = tuple(
        GiftPlan(target.code, Article("保温杯", "Flask", stock, 3_000), Article("钥匙扣", "Key ring", 500, 300))
        for target in targets
    )
    return RallyPlan(
        code, "冬日市集", "Winter fair", STARTS, ends, booths, targets, gifts, (), 500_000, RULES, "幸福里", "Xingfuli"
    )


def busier(plan: RallyPlan, code: str, seconds: int) -> RallyPlan:
    """The same event with a slower booth."""
    booths = tuple(replace(each, seconds_per_visitor=seconds) if each.code == code else each for each in plan.booths)
    return replace(plan, booths=booths)
