"""What people read on rule pages: every field of the configuration, in words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.announcements.model import Activity, Condition, Reward, RulePage
from campaigns.announcements.rules import END_NOTICE
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

ACTIVITIES = {
    Activity.JOIN_DRAW: Phrase("入群抽波豆", "Join draw"),
    Activity.WHEEL: Phrase("转盘", "Wheel"),
    Activity.EARNING: Phrase("赚波豆", "Earn points"),
}
CONDITIONS = {
    Condition.IN_GROUP: Phrase("本群成员", "members of this group"),
    Condition.BOUND: Phrase("已绑定手机号（私聊我发 /bind）", "number linked (send me /bind in private)"),
    Condition.ONCE: Phrase("每位客户限一次", "once per customer of the bank"),
    Condition.IN_TIME: Phrase("在活动时间内", "within the time above"),
    Condition.IN_ANY_GROUP: Phrase("任一商户福利群成员", "members of any merchant group of ours"),
    Condition.DAILY: Phrase("每位客户每天一次", "once a day per customer"),
    Condition.EACH: Phrase("每位客户每次办理各一次", "each time once per customer"),
    Condition.WHILE_IT_LASTS: Phrase("发完即止", "while the points last"),
    Condition.NOT_STAFF: Phrase("本行及合作方工作人员不参加", "not for staff of the bank or its partners"),
    Condition.MAY_END_EARLY: Phrase(
        f"如需提前结束，至少提前 {END_NOTICE.days} 天在此公示，已得波豆不受影响",
        f"an earlier end is announced here at least {END_NOTICE.days} days before; what was earned stays",
    ),
}
CERTAIN = Phrase("必得", "certain")
ENDLESS = Phrase("不限量", "no limit")
NOTHING = Phrase("无波豆", "no points")
TOP = Phrase(
    "单个奖品价值上限 50,000 元，本活动最高 {top} 元", "a prize may be worth 50,000 yuan at most; here at most {top}"
)
PAGE = Phrase(
    "《{title}》活动规则 · {activity}\n"
    "时间：{opens} 至 {closes}\n"
    "参加条件：{conditions}；{own}\n"
    "{given}\n{rewards}\n"
    "{top}\n"
    "波豆有效期：到账后 {days} 天；100 波豆折合 {price} 元\n"
    "主办：{organiser}\n"
    "投诉与咨询：{complaints}",
    "“{title}”: the rules · {activity}\n"
    "Time: {opens} to {closes}\n"
    "Who takes part: {conditions}; {own}\n"
    "{given}\n{rewards}\n"
    "{top}\n"
    "Points are valid for {days} days; 100 points are worth {price} yuan\n"
    "Organiser: {organiser}\n"
    "Complaints and questions: {complaints}",
)
REWARD = Phrase(
    "· {name}：{points}，概率 {chance}，数量 {stock}", "· {name}: {points}, odds {chance}, quantity {stock}"
)
CERTAIN_REWARD = Phrase("· {name}：{points}", "· {name}: {points}")
GIVEN = {
    True: Phrase("赚取：", "What is earned:"),
    False: Phrase("奖品：", "Prizes:"),
}
BUDGET = Phrase("本活动波豆总量 {budget}", "{budget} points in all")
POINTS = Phrase("{points} 波豆", "{points} points")
USED_UP = Phrase(
    "某一奖品发完后，抽中它的人得到「{last}」。", "Once a prize is used up, whoever draws it gets “{last}”."
)
PROMISE = Phrase("公平承诺（开奖口令的 SHA-256）：{promise}", "Promise (SHA-256 of the draw's secret): {promise}")


def percent(odds: int) -> str:
    """Parts per million as per cent, exactly: 1000 → 0.1%."""
    return f"{odds / 10_000:.4f}".rstrip("0").rstrip(".") + "%"


def yuan(fen_hundredths: int) -> str:
    """Hundredths of a fen as yuan, exactly, without needless zeros."""
    whole, rest = divmod(fen_hundredths, 10_000)
    return f"{whole:,}" + (f".{rest:04}".rstrip("0") if rest else "")


def day_and_hour(moment: datetime, zone: ZoneInfo) -> str:
    """2026-12-31 20:00:00, in the bank's zone; rule pages are read years later."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class RuleWords:
    """How rule pages read (`campaigns.announcements.service.RuleWording`)."""

    zone: ZoneInfo

    def rule_text(self, page: RulePage, language: Language) -> str:
        """The whole page in one language."""
        zh = language is Language.ZH
        text = PAGE.say(
            language,
            title=page.title_zh if zh else page.title_en,
            activity=ACTIVITIES[page.activity].say(language),
            opens=day_and_hour(page.opens_at, self.zone),
            closes=day_and_hour(page.closes_at, self.zone),
            conditions=_listed(page.conditions - {Condition.MAY_END_EARLY}, language),
            own=page.conditions_zh if zh else page.conditions_en,
            given=GIVEN[page.activity is Activity.EARNING].say(language),
            rewards="\n".join(_reward(reward, page.budget, language) for reward in page.rewards),
            top=_bound(page, language),
            days=page.valid_days,
            price=yuan(page.price * 100),
            organiser=page.organiser_zh if zh else page.organiser_en,
            complaints=page.complaints_zh if zh else page.complaints_en,
        )
        return "\n".join([text, *_early_end(page, language), *_of_draws(page, language)])


def _bound(page: RulePage, language: Language) -> str:
    """How much there is at most: the points of all, or what one prize may be worth."""
    if page.budget is not None:
        return BUDGET.say(language, budget=f"{page.budget:,}")
    return TOP.say(language, top=yuan(max((reward.points for reward in page.rewards), default=0) * page.price))


def _early_end(page: RulePage, language: Language) -> list[str]:
    """What is asked of the organiser, not of who takes part."""
    condition = Condition.MAY_END_EARLY
    return [CONDITIONS[condition].say(language)] if condition in page.conditions else []


def _of_draws(page: RulePage, language: Language) -> list[str]:
    """What only draws have: what follows a prize that is used up, and the promise."""
    if page.activity is Activity.EARNING or not page.rewards:
        return []
    last = page.rewards[-1]
    lines = [USED_UP.say(language, last=last.title_zh if language is Language.ZH else last.title_en)]
    return lines + ([PROMISE.say(language, promise=page.promise)] if page.promise else [])


def _listed(conditions: frozenset[Condition], language: Language) -> str:
    between = Phrase("、", ", ").say(language)
    return between.join(CONDITIONS[each].say(language) for each in Condition if each in conditions)


def _reward(reward: Reward, budget: int | None, language: Language) -> str:
    """A reward with its odds and quantity; the page says the budget of one that is certain while that lasts."""
    name = reward.title_zh if language is Language.ZH else reward.title_en
    points = POINTS.say(language, points=reward.points) if reward.points else NOTHING.say(language)
    if budget is not None and reward.odds is None and reward.stock is None:
        return CERTAIN_REWARD.say(language, name=name, points=points)
    return REWARD.say(
        language,
        name=name,
        points=points,
        chance=CERTAIN.say(language) if reward.odds is None else percent(reward.odds),
        stock=ENDLESS.say(language) if reward.stock is None else reward.stock,
    )
