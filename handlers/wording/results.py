"""What people read of a promotion's results: measures, verdicts, and what the next version does and why."""

from collections.abc import Mapping

from campaigns.members.model import Language
from campaigns.promotions.model import Measure
from campaigns.results.model import HELD_OUT, Outcome, Proposal, Result, Step, Why
from handlers.wording.compliance import reason_words
from handlers.wording.phrase import Phrase

TITLE = Phrase("营销活动效果", "What the promotion brought")
MEASURES = {
    Measure.PARTICIPATION: Phrase("参与率", "participation"),
    Measure.CONVERSION: Phrase("参与客户转化率", "conversion of participants"),
    Measure.AUM_GROWTH: Phrase("AUM月均增长", "AUM growth a month"),
}
OUTCOMES = {
    Outcome.CONVERTED: Phrase("开户或购买", "opened or bought"),
    Outcome.OPENED: Phrase("开户", "accounts opened"),
    Outcome.BOUGHT: Phrase("购买额（元）", "amount bought (yuan)"),
    Outcome.ASSETS: Phrase("资产（元）", "assets (yuan)"),
    Outcome.RETAINED: Phrase("留存", "retained"),
}
HEADS = {
    "targets": Phrase("目标与实际", "Targets and what came"),
    "against": Phrase("与对照组相比", "Beside those who heard nothing"),
    "cost": Phrase("触达与成本", "Reach and cost"),
    "next": Phrase("下一版建议", "The next version"),
    "mind": Phrase("注意", "Mind"),
    "target": Phrase("目标", "target"),
    "actual": Phrase("实际", "actual"),
    "met": Phrase("达标", "met"),
    "arm": Phrase("组", "arm"),
    "units": Phrase("人数", "units"),
    "took_part": Phrase("参与人数", "took part"),
    "mean": Phrase("均值", "mean"),
    "difference": Phrase("差异（95% 区间）", "difference (95 % interval)"),
    "p": Phrase("校正 p", "corrected p"),
    "always": Phrase("随时可读区间", "interval at any look"),
    "adjusted": Phrase("扣除活动前资产后", "less what was known before"),
    "channel": Phrase("渠道", "channel"),
    "reached": Phrase("触达", "reached"),
    "spent": Phrase("成本（元）", "cost (yuan)"),
    "gain": Phrase("每新增一户成本（元）", "cost of one more account (yuan)"),
}
YES_NO = {True: Phrase("是", "yes"), False: Phrase("否", "no"), None: Phrase("未知", "not known")}
HELD = Phrase("对照组（不发送）", "held out")
UNSURE = Phrase("无法确认有增量", "no increase is sure")
NOTHING_YET = Phrase(
    "窗口结束后还没有银行数据交付，增长与转化未知。", "No delivery of the bank since: nothing is known."
)
LEGEND = Phrase(
    "按分配人数计算（含未送达者），对照组用同一窗口；样本比例检验 p < 0.001 时结果作废。",
    "Counted on everybody assigned, reached or not; the held-out have the same window. Below p = 0.001 units did not "
    "fall as planned, and nothing is concluded.",
)
STEPS = {
    Step.KEEP: Phrase("保留", "Keep"),
    Step.CHANGE: Phrase("调整", "Change"),
    Step.STOP: Phrase("停止", "Stop"),
}
WHYS = {
    Why.BLOCKED: Phrase(
        "分组人数与计划不符（p = {p:.2g}）：先查清分配或记录的错误，再重做；这次的差异不可信。",
        "Units did not fall as planned (p = {p:.2g}): mend assignment or logging, repeat; no difference is believed.",
    ),
    Why.NO_HOLD_OUT: Phrase(
        "没有对照组：下一版留出一成不发送，才能知道是否有效。",
        "Nobody was held out: hold out a tenth next time, or nobody knows whether it works.",
    ),
    Why.NO_DELIVERY: Phrase(
        "窗口结束后还没有银行数据交付：等到交付后再下结论。",
        "No delivery of the bank after the window yet: wait for it before anything is concluded.",
    ),
    Why.ARM_WORKS: Phrase(
        "「{subject}」使转化提高 {difference:.1%}（{low:.1%} 至 {high:.1%}），文案与优惠保留。",
        "“{subject}” lifts conversion by {difference:.1%} ({low:.1%} to {high:.1%}): keep its copy and offer.",
    ),
    Why.LESS_THAN_BEST: Phrase(
        "「{subject}」有效（{difference:.1%}）但不及最好的一组：把它的人数让给最好的一组。",
        "“{subject}” works ({difference:.1%}) but less than the best arm: give its share to the best.",
    ),
    Why.ARM_HARMS: Phrase(
        "「{subject}」使转化改变 {difference:.1%}（{low:.1%} 至 {high:.1%}），低于对照组：不再使用。",
        "“{subject}” changes conversion by {difference:.1%} ({low:.1%} to {high:.1%}), below those who heard nothing: "
        "do not use it again.",
    ),
    Why.NOTHING_FOUND: Phrase(
        "「{subject}」看不出差别（{difference:.1%}）；这样的人数能看出 {smallest:.1%} 以上。换优惠，或扩大客群再试。",
        "“{subject}” differs by chance alone ({difference:.1%}); so many people show effects from {smallest:.1%}. "
        "Change the offer, or ask more people.",
    ),
    Why.FEW_TAKE_PART: Phrase(
        "参与率 {value:.1%}，目标 {target:.0%}：换渠道、标题或发送时间，减少一步操作。",
        "{value:.1%} took part, {target:.0%} wanted: another channel, title or hour, one step less.",
    ),
    Why.FEW_CONVERT: Phrase(
        "参与客户转化率 {value:.1%}，目标 {target:.0%}：人来了却没有办成，检查条件、门槛与网点承接。",
        "{value:.1%} of participants converted, {target:.0%} wanted: look at conditions and branches.",
    ),
    Why.UNREACHED: Phrase(
        "{share:.0%} 没有送达，最多的原因是「{subject}」：先补同意与地址，或改走别的渠道。",
        "{share:.0%} were not reached, mostly by “{subject}”: see to consents and addresses, or another channel.",
    ),
    Why.DEAR_CHANNEL: Phrase(
        "渠道「{subject}」花了 {cost:.0%} 的成本，只触达 {reached:.0%} 的人：只留给高分客户。",
        "“{subject}” took {cost:.0%} of the money for {reached:.0%} of the people: keep it for high scores.",
    ),
    Why.TARGETS_MET: Phrase(
        "三项目标都已达到：客群与节奏保留。", "All three targets are met: keep audience and rhythm."
    ),
}
LESS_KNOWN = {
    Why.ARM_WORKS: Phrase("「{subject}」有效，保留。", "“{subject}” works: keep it."),
    Why.NOTHING_FOUND: Phrase(
        "「{subject}」看不出差别：换优惠，或扩大客群再试。",
        "“{subject}” shows no difference: change the offer, or ask more people.",
    ),
}


def proposal_words(proposal: Proposal, language: Language) -> str:
    """One point of the next version: what, and the reason with its figures."""
    from handlers.wording.channels import CHANNELS

    figures: Mapping[str, float] = proposal.figures
    subject = proposal.subject
    if proposal.why is Why.UNREACHED:
        subject = reason_words(subject, language)
    if proposal.why is Why.DEAR_CHANNEL:
        subject = next((name.say(language) for channel, name in CHANNELS.items() if channel == subject), subject)
    whole = {"difference", "low", "high", "smallest"} <= set(figures)
    phrase = WHYS[proposal.why]
    if proposal.why in LESS_KNOWN and not whole:
        phrase = LESS_KNOWN[proposal.why]
    return f"{STEPS[proposal.step].say(language)}{'：' if language is Language.ZH else ': '}" + phrase.say(
        language, subject=subject, **figures
    )


def arm_name(arm: str, language: Language) -> str:
    """An arm's name; the held-out have ours."""
    return HELD.say(language) if arm == HELD_OUT else arm


def measured(measure: Measure, value: float | None) -> str:
    """A share in percent, money in ten thousands of yuan; a dash where nothing is known."""
    if value is None:
        return "–"
    return f"{value / 1_000_000:,.1f}万元" if measure is Measure.AUM_GROWTH else f"{value:.1%}"


def outcome_figure(outcome: str, value: float | None) -> str:
    """Shares in percent, amounts with thousands."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if outcome in {Outcome.BOUGHT, Outcome.ASSETS} else f"{value:.2%}"


def headline(found: Result, language: Language) -> str:
    """The most important proposal first, as one sentence."""
    return proposal_words(found.proposals[0], language) if found.proposals else UNSURE.say(language)
