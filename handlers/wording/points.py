"""What people read about points: the member's balance and movements, the managers' budgets and settlement sheets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.announcements.model import Announcement
from campaigns.deliveries.model import Message
from campaigns.earnings.model import Earned, EarnEvent, EarnLimit, EarnRule
from campaigns.members.model import Language, Member
from campaigns.points.model import (
    CampaignState,
    CloseRefusal,
    Ending,
    GrantCode,
    MovementReason,
    Settlement,
    SettlementLine,
    Statement,
    StatementLine,
)
from campaigns.reminders.model import Topic
from handlers.wording.mutes import mute_button
from handlers.wording.phrase import Phrase

POINTS_WORDS = ("我的波豆", "波豆", "我的积分", "我的積分", "积分", "積分", "my points", "points")
EARN_WORDS = ("赚波豆", "賺波豆", "怎么赚", "怎麼賺", "怎么赚波豆", "earn points", "earn")
CHECK_IN_WORDS = ("签到", "簽到", "打卡", "每日签到", "每日簽到", "check in", "checkin")
BUDGET_WORDS = ("波豆预算", "波豆預算", "活动预算", "活動預算", "budget")
SHELF_BUTTON = Phrase("兑换", "Redeem")
FETCH_BUTTON = Phrase("待领取", "To fetch")
EARN_BUTTON = Phrase("怎么赚", "Earn more")

BALANCE = Phrase("您有 {points} 波豆", "You have {points} points")
HELD = Phrase("，另有 {points} 已留作兑换", ", and {points} are set aside for redemptions")
ENDING = Phrase("其中 {points} 个有效至 {day}。", "{points} of them are valid until {day}.")
NO_POINTS = Phrase(
    "您还没有波豆。参加群里的活动就能获得。", "You have no points yet: take part in what your group offers."
)
LATEST = Phrase("\n最近变动：", "\nLatest:")
REASONS = {
    MovementReason.FUND: Phrase("预算", "budget"),
    MovementReason.JOIN: Phrase("入群奖励", "for joining"),
    MovementReason.DRAW: Phrase("抽奖所得", "won in a draw"),
    MovementReason.TASK: Phrase("完成任务", "for a task"),
    MovementReason.CHECK_IN: Phrase("签到", "check-in"),
    MovementReason.QUIZ: Phrase("答题", "for a riddle"),
    MovementReason.PRODUCT: Phrase("办理业务", "for a product"),
    MovementReason.REFERRAL: Phrase("推荐好友", "for a friend"),
    MovementReason.GROUPBUY: Phrase("拼团福利", "for a group-buy"),
    MovementReason.HOLD: Phrase("兑换留存", "set aside"),
    MovementReason.CLAIM: Phrase("已领取", "fetched"),
    MovementReason.CANCEL: Phrase("兑换退回", "given back"),
    MovementReason.RETRACT: Phrase("撤回发放", "hand-out taken back"),
    MovementReason.EXPIRE: Phrase("过期", "expired"),
    MovementReason.CLAW_BACK: Phrase("追回", "taken back"),
    MovementReason.RETURN: Phrase("退回预算", "returned"),
    MovementReason.RESERVE: Phrase("奖池预留", "reserved for a draw"),
    MovementReason.RELEASE: Phrase("奖池释放", "released by a draw"),
}
PRIVATE_ONLY = Phrase("请私聊我看波豆和兑换，群里不显示个人信息。", "Please ask me in private about points.")

EARNED = Phrase("{title}：+{points} 波豆。发「我的波豆」看余额。", "{title}: +{points} points. /points shows them.")
DEEDS = {
    EarnEvent.JOIN: Phrase("在此时间内第一次进群", "join for the first time within that time"),
    EarnEvent.BIND: Phrase("绑定手机号", "link your number"),
    EarnEvent.CHECK_IN: Phrase("发「签到」", "send /checkin"),
    EarnEvent.PRODUCT: Phrase("办理「{product}」，以业务部门记录为准", "“{product}”, as the department's records say"),
}
EARN_HEAD = Phrase("这些能赚波豆（点开看规则）：", "These earn you points (tap for the rules):")
EARN_LINE = Phrase("· {title}：{points} 波豆", "· {title}: {points} points")
HAD_ONCE, HAD_TODAY = Phrase(" ✅ 已得", " ✅ received"), Phrase(" ✅ 今天已得", " ✅ received today")
EARN_MORE = Phrase(
    "抽奖和猜题看群卡片；任务和打卡：/planet；老带新：/refer",
    "Draws and riddles: the cards in your group. Tasks: /planet. Bring a friend: /refer",
)
EARN_NOTHING = Phrase(
    "现在没有可赚波豆的规则。群里的任务和抽奖请看 /planet 和群卡片。",
    "No rule pays you now. For tasks see /planet, for draws the cards in your group.",
)
ENDS_EARLY = Phrase(
    "⏳ 提前结束公示：「{title}」最后一天是 {day}，当天仍可参加；已得的波豆和有效期不受影响。",
    "⏳ Notice: the last day of “{title}” is {day}, that day included. What was earned stays as it is.",
)
NO_PAGE = Phrase("没有这条规则的公示页。", "There is no page of this rule.")
RULE_PAGE = Phrase("📢 {text}\n版本 {version} · 规则校验码：{digest}", "📢 {text}\nVersion {version} · hash: {digest}")
CHECKED_IN = Phrase("签到成功，+{points} 波豆。", "Checked in: +{points} points.")
TODAY_ALREADY = Phrase("今天已经签到过了，明天再来。", "You have checked in already: come back tomorrow.")
USED_UP = Phrase("这次活动的波豆已经发完。", "The points of this campaign are used up.")
NO_CHECK_IN = Phrase("您的群现在没有签到活动。", "No check-in is running for you now.")
ENDING_SOON = Phrase(
    "您有 {points} 波豆 {day} 到期（当天仍可用）。发「兑换」看看能换什么。",
    "{points} of your points end on {day}, that day included. Send /shelf to see what they buy.",
)

NO_CAMPAIGNS = Phrase("您的群还没有波豆活动。", "Your groups have no points campaign yet.")
ENDED = Phrase("{day} 已结束，待关账", "ended on {day}, to be closed")
OPEN, CLOSED = Phrase("进行中，至 {day}", "open until {day}"), Phrase("已关账", "closed")
BUDGET = Phrase(
    "#{id} {title}\n{state}\n发行 {issued}\n= 剩余 {left}\n+ 流通 {outstanding}\n+ 占用 {held}\n+ 核销 {claimed}"
    "\n+ 过期 {expired}\n+ 作废 {void}",
    "#{id} {title}\n{state}\nissued {issued}\n= left {left}\n+ with members {outstanding}\n+ held {held}"
    "\n+ claimed {claimed}\n+ expired {expired}\n+ void {void}",
)
BALANCED, OUT = Phrase("账平", "balanced"), Phrase("账不平，请联系管理员", "OUT OF BALANCE: tell an administrator")
SETTLEMENT_BUTTON = Phrase("结算单 #{id}", "Settlement #{id}")
CLOSE_BUTTON = Phrase("关账 #{id}", "Close #{id}")
COST = Phrase("核销成本 {yuan} 元", "cost of what was claimed: {yuan} yuan")
PARTNER_LINE = Phrase(
    "\n{name}（分摊 {share}%）\n核销 {claimed}\n应付 {pays} 元，应收 {receives} 元",
    "\n{name} (share {share}%)\nclaimed {claimed}\npays {pays} yuan, receives {receives} yuan",
)
SETTLEMENT_USAGE = Phrase(
    "请这样发：/settlement 编号，编号见 /budget。", "Please send: /settlement NUMBER; /budget shows the numbers."
)
NO_CAMPAIGN = Phrase("没有这个活动，或不归您管。", "There is no such campaign among yours.")
SURE_TO_CLOSE = Phrase(
    "关账后不能再打开：#{id} {title}，剩余 {left} 波豆退回预算。确认吗？",
    "A closed campaign is never opened again: #{id} {title}, {left} points go back. Close it?",
)
SURE_BUTTON = Phrase("确认关账 #{id}", "Yes, close #{id}")
CLOSED_NOW = Phrase("已关账，剩余 {left} 已退回。", "Closed; the {left} that were left are returned.")
CLOSE_REFUSALS = {
    CloseRefusal.NO_CAMPAIGN: NO_CAMPAIGN,
    CloseRefusal.CLOSED_ALREADY: Phrase("这个活动已经关账。", "This campaign is closed already."),
    CloseRefusal.STILL_RUNNING: Phrase("活动还在进行，结束后才能关账。", "It is still running."),
    CloseRefusal.MEMBERS_HOLD_POINTS: Phrase(
        "成员手里还有未过期的波豆，全部用完或过期后才能关账。",
        "Members still hold points: close it when these are spent or expired.",
    ),
    CloseRefusal.REDEMPTIONS_OPEN: Phrase(
        "还有兑换没领取，领取或退回后才能关账。", "Redemptions are open: close it when these are fetched or given back."
    ),
    CloseRefusal.DRAWS_OPEN: Phrase("还有抽奖没结束，先结束抽奖。", "A draw is open: end it first."),
    CloseRefusal.OUT_OF_BALANCE: Phrase(
        "账不平，不能关账，请联系管理员。", "It does not balance and cannot be closed: tell an administrator."
    ),
}


def statement(found: Statement, zone: ZoneInfo, language: Language) -> str:
    """A member's points: balance, what is set aside, what ends next, and the latest movements in words.

    A movement has a line that fits a phone, without its campaign.
    """
    if not found.lines:
        return NO_POINTS.say(language)
    head = BALANCE.say(language, points=f"{found.spendable:,}")
    if found.held:
        head += HELD.say(language, points=f"{found.held:,}")
    lines = [f"{head}{'。' if language is Language.ZH else '.'}"]
    if found.ends_on is not None:
        lines.append(ENDING.say(language, points=f"{found.ending:,}", day=day_words(found.ends_on, language)))
    lines.append(LATEST.say(language))
    return "\n".join([*lines, *(_movement(line, zone, language) for line in found.lines)])


def day_words(day: date, language: Language) -> str:
    """A day in words; the year is said, since points outlive it."""
    return f"{day.year}年{day.month}月{day.day}日" if language is Language.ZH else f"{day.day} {day:%b %Y}"


def _movement(line: StatementLine, zone: ZoneInfo, language: Language) -> str:
    return f"{line.made_at.astimezone(zone):%m-%d %H:%M} {line.points:+,} {REASONS[line.reason].say(language)}"


def check_in(earned: Sequence[Earned], language: Language) -> str:
    """What came of a check-in: the points of every rule that paid, or why none did."""
    paid = sum(each.rule.points for each in earned if each.code is GrantCode.GRANTED)
    if paid:
        return CHECKED_IN.say(language, points=paid)
    codes = {each.code for each in earned}
    if GrantCode.TWICE in codes:
        return TODAY_ALREADY.say(language)
    return (USED_UP if GrantCode.BUDGET_EMPTY in codes else NO_CHECK_IN).say(language)


def offered(found: Sequence[EarnRule], had: Collection[int], language: Language) -> str:
    """What somebody can earn by, and what of it they have `had`, once or today."""
    lines = []
    for rule in found:
        line = EARN_LINE.say(language, title=rule_title(rule, language), points=f"{rule.points:,}")
        done = HAD_TODAY if rule.limit is EarnLimit.DAILY else HAD_ONCE
        lines.append(line + done.say(language) if rule.id in had else line)
    if not lines:
        return EARN_NOTHING.say(language)
    return "\n".join([EARN_HEAD.say(language), *lines, EARN_MORE.say(language)])


def rule_title(rule: EarnRule, language: Language) -> str:
    """A rule's title as its reader has it."""
    return rule.title_zh if language is Language.ZH else rule.title_en


def rule_page(page: Announcement, language: Language) -> str:
    """A rule page as it was published, with its version and hash."""
    text = page.text_zh if language is Language.ZH else page.text_en
    return RULE_PAGE.say(language, text=text, version=page.version, digest=page.digest)


def budget(sheet: Settlement, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """Where a campaign's points lie, as the equation that must hold."""
    campaign, totals = sheet.campaign, sheet.totals
    running = OPEN if now < campaign.ends_at else ENDED
    last_day = (campaign.ends_at - timedelta.resolution).astimezone(zone).date()
    words = running if campaign.state is CampaignState.OPEN else CLOSED
    state = words.say(language, day=day_words(last_day, language))
    line = BUDGET.say(
        language,
        id=campaign.id,
        title=campaign.title,
        state=state,
        issued=f"{totals.issued:,}",
        left=f"{totals.left:,}",
        outstanding=f"{totals.outstanding:,}",
        held=f"{totals.held:,}",
        claimed=f"{sum(totals.claimed.values()):,}",
        expired=f"{totals.expired:,}",
        void=f"{totals.void:,}",
    )
    return f"{line}\n{(BALANCED if totals.is_balanced else OUT).say(language)}"


def settlement(sheet: Settlement, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """The settlement sheet: the equation, the cost, and what each partner pays and receives."""
    lines = [budget(sheet, now, zone, language), COST.say(language, yuan=yuan(sheet.cost_fen))]
    return "\n".join([*lines, *(_partner(line, language) for line in sheet.lines)])


def yuan(fen: int) -> str:
    """Fen as yuan to the fen, e.g. 1,234.05."""
    return f"{fen // 100:,}.{fen % 100:02}"


def _partner(line: SettlementLine, language: Language) -> str:
    return PARTNER_LINE.say(
        language,
        name=line.name,
        share=f"{line.basis_points / 100:g}",
        claimed=f"{line.claimed:,}",
        pays=yuan(line.pays_fen),
        receives=yuan(line.receives_fen),
    )


def closed(outcome: Settlement | CloseRefusal, language: Language) -> str:
    """What came of closing a campaign."""
    match outcome:
        case CloseRefusal():
            return CLOSE_REFUSALS[outcome].say(language)
        case Settlement():
            return CLOSED_NOW.say(language, left=f"{outcome.totals.left:,}")
        case _:
            assert_never(outcome)


@dataclass(frozen=True)
class PointsWords:
    """The sentences about points that go into the ledger (`EarnWording` and `ReminderWording`)."""

    def earned(self, member: Member, rule: EarnRule) -> Message:
        """What somebody reads whom a rule paid."""
        title = rule_title(rule, member.language)
        return Message(EARNED.say(member.language, title=title, points=rule.points))

    def deed(self, rule: EarnRule) -> tuple[str, str]:
        """What a rule asks somebody to do, in both languages."""
        said = DEEDS[rule.event]
        return said.say(Language.ZH, product=rule.product), said.say(Language.EN, product=rule.product)

    def announcement(self, announcement: Announcement) -> Message:
        """The rule page as the campaign's group reads it."""
        return Message(rule_page(announcement, Language.ZH))

    def ends_early(self, rule: EarnRule, last_day: date, announcement: Announcement) -> Message:
        """The notice that a rule ends before its campaign does, above its page."""
        day = day_words(last_day, Language.ZH)
        notice = ENDS_EARLY.say(Language.ZH, title=rule.title_zh, day=day)
        return Message(f"{notice}\n\n{rule_page(announcement, Language.ZH)}")

    def ending(self, member: Member, ending: Ending) -> Message:
        """What somebody reads whose points end soon."""
        day = day_words(ending.ends_on, member.language)
        words = ENDING_SOON.say(member.language, points=f"{ending.points:,}", day=day)
        return Message(words, ((mute_button(Topic.POINTS, member.language),),))
