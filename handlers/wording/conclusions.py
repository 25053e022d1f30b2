"""What staff read in the chat of a promotion's concluded results: targets, differences, the sample-ratio check."""

from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.promotions.conclusions import Aim, ArmFigure, Conclusion
from campaigns.promotions.model import Version
from handlers.wording.phrase import Phrase
from handlers.wording.results import MEASURES, YES_NO, measured
from handlers.wording.times import when

RESULTS_BUTTON = Phrase("📊 效果 v{number}", "📊 Results of v{number}")
HEAD = Phrase("📊 {title} v{number} 效果\n{by} 定稿于 {at}", "📊 {title} v{number}: results\nconcluded by {by}, {at}")
AIM = Phrase(
    "· {name}：{value}{between}，目标 {target}，达标：{met}", "· {name}: {value}{between}, target {target}, met: {met}"
)
BETWEEN = Phrase("（95% 区间 {low} 至 {high}）", " (95 % interval {low} to {high})")
AGAINST = Phrase("开户或购买，与对照组相比：", "Opened or bought, beside the held-out:")
ARM = Phrase("· {arm}（{units} 人）：{difference}{between}", "· {arm} ({units}): {difference}{between}")
NO_TELLING = Phrase("无法比较", "cannot be told")
PASSED = Phrase("样本比例检验：通过（p = {p:.2g}，分组与计划相符）", "Sample ratio: as planned (p = {p:.2g})")
BLOCKED = Phrase(
    "样本比例检验：未通过（p = {p:.2g}）。分组与计划不符，差异不可信，不下结论。",
    "Sample ratio: not as planned (p = {p:.2g}). No difference is believed, nothing is concluded of the arms.",
)
NOT_COMPARED = Phrase("没有可比的对照组，无法知道增量。", "Nobody to compare with: what it added is not known.")


def conclusion(found: Conclusion, version: Version, zone: ZoneInfo, language: Language) -> str:
    """The main figures; differences only where units fell as planned."""
    title, at = version.plan.title.read_in(language), when(found.at, zone, language)
    lines = [HEAD.say(language, title=title, number=found.version, by=found.by, at=at), ""]
    lines += [_aim(each, language) for each in found.aims]
    if found.p is None:
        return "\n".join([*lines, "", NOT_COMPARED.say(language)])
    if found.arms:
        lines += ["", AGAINST.say(language), *(_arm(each, language) for each in found.arms)]
    return "\n".join([*lines, "", (BLOCKED if found.is_blocked else PASSED).say(language, p=found.p)])


def _aim(each: Aim, language: Language) -> str:
    between = ""
    if each.interval is not None:
        ends = {"low": measured(each.measure, each.interval.low), "high": measured(each.measure, each.interval.high)}
        between = BETWEEN.say(language, **ends)
    return AIM.say(
        language,
        name=MEASURES[each.measure].say(language),
        value=measured(each.measure, each.value),
        between=between,
        target=measured(each.measure, each.target),
        met=YES_NO[each.is_met].say(language),
    )


def _arm(each: ArmFigure, language: Language) -> str:
    if each.difference is None:
        return ARM.say(language, arm=each.arm, units=each.units, difference=NO_TELLING.say(language), between="")
    between = ""
    if each.interval is not None:
        between = BETWEEN.say(language, low=f"{each.interval.low:+.1%}", high=f"{each.interval.high:+.1%}")
    return ARM.say(language, arm=each.arm, units=each.units, difference=f"{each.difference:+.1%}", between=between)
