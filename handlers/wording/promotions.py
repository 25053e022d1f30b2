"""What customers read of a promotion, and what staff read about its life, its checks and its dry run."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.channels.model import Channel
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.promotions.faults import CheckCode, CheckFault
from campaigns.promotions.model import PromotionRefusal, PromotionState, Version
from campaigns.promotions.recipients import Exclusion
from handlers.wording.consents import STOP_BUTTON, STOP_DATA
from handlers.wording.offers import INTERESTED_BUTTON, INTERESTED_DATA, WAY_OUT, WHY_BUTTON, WHY_DATA
from handlers.wording.phrase import Phrase

BODY = Phrase("🎁 {title}\n\n{text}", "🎁 {title}\n\n{text}")
VALID = Phrase("活动时间：{first}至{last}。", "From {first} to {last}.")
RISK = Phrase("产品风险等级：{risk}。{notice}", "Product risk level: {risk}. {notice}")
NOTICE = Phrase("{notice}", "{notice}")
RULES = Phrase("活动规则见公示页 {page}。", "The rules are on the published page {page}.")
ORGANISER = Phrase("主办：{bank}{organiser}。", "By {bank}, {organiser}.")
COMPLAINTS = Phrase("咨询与投诉：{complaints}。", "Questions and complaints: {complaints}.")
STUCK = Phrase(
    "{code} 第 {number} 版排不下去，已自动暂停：日志 promotion_not_planned",
    "{code} v{number} cannot be planned and was paused: see promotion_not_planned in the log",
)
PAUSED = Phrase("营销活动 {code} 第 {number} 版已暂停", "promotion {code} v{number} is paused")

STATES = {
    PromotionState.DRAFT: Phrase("草稿", "draft"),
    PromotionState.CHECKED: Phrase("已检查", "checked"),
    PromotionState.REVIEWED: Phrase("已审核", "reviewed"),
    PromotionState.SCHEDULED: Phrase("已排期", "scheduled"),
    PromotionState.RUNNING: Phrase("进行中", "running"),
    PromotionState.PAUSED: Phrase("已暂停", "paused"),
    PromotionState.CLOSED: Phrase("已结束", "closed"),
    PromotionState.EVALUATED: Phrase("已评估", "evaluated"),
    PromotionState.REJECTED: Phrase("已退回", "rejected"),
}
CHANNELS = {
    Channel.PRIVATE: Phrase("私聊", "private message"),
    Channel.GROUP: Phrase("群消息", "group post"),
    Channel.TASK: Phrase("客户经理联系", "manager's task"),
    Channel.SMS: Phrase("短信", "SMS"),
    Channel.EMAIL: Phrase("邮件", "e-mail"),
    Channel.STAFF_GROUP: Phrase("员工群", "staff group"),
    Channel.CODE: Phrase("打印码", "printed code"),
    Channel.POPUP: Phrase("应用弹窗（模拟）", "app pop-up (simulated)"),
    Channel.ACCOUNT: Phrase("公众号（模拟）", "official account (simulated)"),
}
EXCLUSIONS = {
    Exclusion.NO_CLASS: Phrase("尚无客户分层", "no class yet"),
    Exclusion.NOT_ROUTED: Phrase("该类别未安排渠道", "no channel for the class"),
    Exclusion.BARRED: Phrase(
        "产品目录不许向该类别推荐，或已撤下", "the matrix says never, or the product was taken off the catalogue"
    ),
    Exclusion.ONCE: Phrase("以前的版本已触达或留作对照", "written to or held out by an earlier version"),
    Exclusion.OVERLAP: Phrase("正在参加另一个活动", "in another running promotion"),
    Exclusion.ERASED: Phrase("资料已删除", "data erased"),
    Exclusion.RESTRICTED: Phrase("已暂停或关闭个性化", "suspended, or wants nothing personal"),
    Exclusion.UNBOUND: Phrase("未绑定手机号", "number not linked"),
    Exclusion.NO_CONSENT: Phrase("未同意接收营销信息", "has not agreed to offers"),
    Exclusion.OPTED_OUT: Phrase("已退订", "opted out"),
    Exclusion.BLOCKED: Phrase("已拉黑机器人", "blocked the bot"),
    Exclusion.NO_PRIVATE_CHAT: Phrase("未开私聊", "no private chat"),
    Exclusion.NOT_ASSESSED: Phrase("没有有效的风险测评", "no valid risk assessment"),
    Exclusion.UNSUITABLE: Phrase("产品风险高于客户承受能力", "the product's risk is above the appetite"),
    Exclusion.NEED_UNKNOWN: Phrase("产品锁定资金，不知客户何时用钱", "it binds money; nobody knows when it is needed"),
    Exclusion.NEEDED_EARLIER: Phrase("客户用钱的时间早于产品到期", "the money is needed before the term ends"),
    Exclusion.BUDGET: Phrase("超出预算", "beyond the budget"),
    Exclusion.TOO_LATE: Phrase("轮到时活动已结束", "the window was over before their turn"),
    Exclusion.UNSENT: Phrase("排了但没有发出", "planned, but nothing left"),
}
REFUSALS = {
    PromotionRefusal.NO_PROMOTION: Phrase("没有这个活动。", "There is no such promotion."),
    PromotionRefusal.NO_VERSION: Phrase("没有这个版本。", "There is no such version."),
    PromotionRefusal.NOT_STAFF: Phrase(
        "只有员工可以这样做，请用员工的会员号。", "Only staff may do this: name the member id of one of the staff."
    ),
    PromotionRefusal.UNDER_WAY: Phrase(
        "这个活动已提交或正在进行，提交后不再改动：请等它结束或被退回，再做下一版。",
        "This promotion was submitted or is under way and never changes now: wait until it ends or is rejected, then "
        "load the next version.",
    ),
    PromotionRefusal.SAME_ALREADY: Phrase(
        "和上一版一样，没有新的内容。", "The last version says the same; there is nothing new to keep."
    ),
    PromotionRefusal.LOADED_AT_ONCE: Phrase(
        "另一位同事刚刚装入了同一个活动：请先看他的内容（promotions show），再装入您的。",
        "A colleague loaded the same promotion at this moment: look at it with `promotions show`, then load yours.",
    ),
    PromotionRefusal.NOT_NOW: Phrase(
        "现在的状态不能这样做，请先看 show。", "Its state does not allow this now; look at it with `promotions show`."
    ),
    PromotionRefusal.NOT_SUBMITTED: Phrase("还没有提交审核。", "It was not submitted for review yet."),
    PromotionRefusal.SUBMITTED_ALREADY: Phrase(
        "已经提交审核，内容不再改动。", "It was submitted already and does not change any more."
    ),
    PromotionRefusal.OWN_WORK: Phrase(
        "不能审核自己写的活动，请另一位同事来审。", "Nobody reviews the own work: a second person must."
    ),
    PromotionRefusal.CHANGED: Phrase(
        "您看的不是现在这一版，请重新打开再审。", "This is not the content that you read: open it again."
    ),
    PromotionRefusal.NO_REASON: Phrase("请写理由，最多 300 字。", "Say why, in at most 300 characters."),
    PromotionRefusal.TOO_LATE: Phrase("活动时间已经过了，请改时间。", "Its window is over: load another one."),
    PromotionRefusal.CANCELLED: Phrase("已经取消，不能恢复。", "It was cancelled, which nothing undoes."),
    PromotionRefusal.UNPREPARED: Phrase(
        "筹备清单还有必做项没完成，见 /promotion；组长可以说明原因放行。",
        "Required items of the checklist are open, see /promotion; a team lead may let it start with a reason.",
    ),
    PromotionRefusal.STILL_OPEN: Phrase(
        "还有没发完或状态不明的消息，对不上账不能结束。",
        "Messages still wait or are in doubt: it closes when the equation does.",
    ),
}
CHECKS = {
    CheckCode.WORDS: Phrase(
        "文案 {arm}（{tongue}）：「{span}」不能这样写，{basis_zh}。{advice_zh}",
        "Copy {arm} ({tongue}): “{span}” may not be said, {basis}. {advice}",
    ),
    CheckCode.AUDIENCE: Phrase(
        "客群看不懂，第 {position} 个字「{found}」处，请用 audience 检查。",
        "The audience cannot be understood at character {position}, “{found}”; try it with `audience count`.",
    ),
    CheckCode.NOBODY: Phrase("客群里没有人，请改客群。", "The audience is empty: write another line."),
    CheckCode.NO_RECIPIENTS: Phrase(
        "客群有 {audience} 人，但没有一个能收到，请看 dry-run 里的原因。",
        "The audience has {audience} people and none of them can be reached; the dry run says why.",
    ),
    CheckCode.OFF_SALE: Phrase(
        "产品 {product} 只在 {first} 到 {last} 在售，请改活动时间。",
        "The product {product} is on sale from {first} to {last} only: choose a window within these days.",
    ),
    CheckCode.BARRED: Phrase(
        "产品目录不许向 {classes} 类推荐 {product}，请去掉这些类别的渠道。",
        "The matrix never allows {product} for {classes}: leave these classes out of `channels`.",
    ),
    CheckCode.NO_PAGE: Phrase(
        "答应了 {yuan} 元的奖品，请写规则公示页 rule_page。",
        "Prizes worth {yuan} yuan are promised: name the published rules with `rule_page`.",
    ),
    CheckCode.PAGE_MISSING: Phrase(
        "规则公示页 {page} 还没有公布，请先公布。", "The rule page {page} is not published yet: publish it first."
    ),
    CheckCode.OVER_BUDGET: Phrase(
        "要花 {cost} 元，预算只有 {cap} 元：请减少人数或追加预算。",
        "It costs {cost} yuan, the budget is {cap} yuan: reach fewer, or ask for more.",
    ),
    CheckCode.NOT_ON_OFFER: Phrase(
        "{supply} 只能在 {first} 到 {last} 之间领取，盖不住整个活动：请改活动时间，或换一样。",
        "{supply} can be taken from {first} to {last} only: choose a window within, or hand out something else.",
    ),
    CheckCode.SUPPLY_GONE: Phrase(
        "{supply} 已经没有了：请重新装入，或换一样。",
        "{supply} is there no more: load it again, or hand out something else.",
    ),
    CheckCode.NOT_FOR_THEM: Phrase(
        "{supply} 不发给 {classes} 类，他们收到也领不到：请去掉这些类别的渠道。",
        "{supply} is not for {classes}, who would read of it in vain: leave these classes out of `channels`.",
    ),
    CheckCode.TOO_LATE: Phrase("活动 {until} 就结束了，请改时间。", "The window ended at {until}: choose a later one."),
}
MONEY = frozenset({"cost", "cap"})


@dataclass(frozen=True)
class PromotionWords:
    """The sentences of promotions (`campaigns.promotions.checks.PromotionWording`)."""

    bank: str
    zone: ZoneInfo

    def message(self, version: Version, arm: str, language: Language, notice: str) -> Message:
        """What an arm reads: the copy, how long, at what risk, the rules, by whom, and the way out."""
        interested = (Button(INTERESTED_BUTTON.say(language), INTERESTED_DATA),)
        ways = (Button(WHY_BUTTON.say(language), WHY_DATA), Button(STOP_BUTTON.say(language), STOP_DATA))
        lines = [*self._lines(version, arm, language, notice), "", WAY_OUT.say(language)]
        return Message("\n".join(lines), (interested, ways))

    def script(self, version: Version, arm: str, notice: str) -> str:
        """The same outside of the chat, where nobody presses a button; what a manager says on the telephone."""
        return "\n".join(self._lines(version, arm, Language.ZH, notice))

    def paused(self, version: Version) -> str:
        """Why the campaign stands still, for staff."""
        return _both(PAUSED, version)

    def stuck(self, version: Version) -> str:
        """Why it stands still although nobody paused it, and where to look."""
        return _both(STUCK, version)

    def _lines(self, version: Version, arm: str, language: Language, notice: str) -> list[str]:
        def say(phrase: Phrase, **facts: object) -> str:
            return phrase.say(language, **facts)

        plan = version.plan
        first, last = (f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}" for moment in (plan.opens_at, plan.closes_at))
        text = plan.copy_of(arm).read_in(language)
        lines = [say(BODY, title=plan.title.read_in(language), text=text), say(VALID, first=first, last=last)]
        if plan.product and plan.product.risk:
            lines.append(say(RISK, risk=plan.product.risk, notice=notice))
        elif notice:
            lines.append(say(NOTICE, notice=notice))
        if plan.rule_page:
            lines.append(say(RULES, page=plan.rule_page))
        lines.append(say(ORGANISER, bank=self.bank, organiser=plan.organiser.read_in(language)))
        lines.append(say(COMPLAINTS, complaints=plan.complaints.read_in(language)))
        return lines


def _both(phrase: Phrase, version: Version) -> str:
    facts = {"code": version.code, "number": version.number}
    return " / ".join(phrase.say(language, **facts) for language in (Language.ZH, Language.EN))


def refusal(reason: PromotionRefusal, language: Language) -> str:
    """Why nothing was done, and what to do."""
    return REFUSALS[reason].say(language)


def check_fault(fault: CheckFault, language: Language) -> str:
    """What is wrong with a version, in one sentence."""
    facts = {name: _yuan(int(value)) if name in MONEY else value for name, value in fault.facts.items()}
    tongue = facts.pop("language", "")  # Of the copy; the sentence itself has a language of its own.
    return CHECKS[fault.code].say(language, **facts, tongue=tongue)


def state_name(state: PromotionState, language: Language) -> str:
    """A state's name."""
    return STATES[state].say(language)


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
