"""What organisers read about an event's file that cannot be taken: every fault with its place and what to do."""

from enum import StrEnum

from campaigns.forms.model import FaultCode, FormFault
from campaigns.members.model import Language
from campaigns.rallies.faults import FileFault, RallyFault
from handlers.wording import forms
from handlers.wording.phrase import Phrase

LINE = Phrase("第 {line} 行：{said}", "Line {line}: {said}")
HEAD = Phrase("这个文件有 {n} 处要改：", "{n} places of this file need mending:")
MORE = Phrase("……还有 {n} 处。", "… and {n} more.")
NOT_YAML = Phrase(
    "第 {line} 行读不懂：同一级要对齐，冒号后要空一格，括号和引号要成对；写在 {{ }} 里又有 ? : , 的句子要加引号。",
    "Line {line} is not understood: align what belongs together, put a space after a colon, close brackets and quotes, "
    "and put quotes around a sentence with ? : , within {{ }}.",
)
SHOWN = 15
_FAULTS: dict[StrEnum, Phrase] = {
    RallyFault.BAD_CODE: Phrase(
        "{place} 写的是 {detail}：活动代号用小写字母、数字和 -（2–32 个），如 autumn-2030；"
        "摊位、目标、券的代号以字母开头，如 B1、T1、C1。",
        "{place} is {detail}: an event's code takes 2–32 small letters, digits and -, such as autumn-2030; "
        "codes of booths, targets and coupons begin with a letter, such as B1, T1, C1.",
    ),
    RallyFault.TWICE: Phrase(
        "{place}：{detail} 出现了两次，请改成不同的。", "{place}: {detail} is there twice; each may come once."
    ),
    RallyFault.BAD_TIME: Phrase(
        '{place} 看不懂 {detail}：日期时间写 2030-11-28 10:00，当天的时间写 "10:30"。',
        '{place}: {detail} is not understood; write 2030-11-28 10:00, or "10:30" for an hour of the day.',
    ),
    RallyFault.BAD_MONEY: Phrase(
        "{place} 看不懂 {detail}：写元，最多两位小数，如 12 或 3.50。",
        "{place}: {detail} is not understood; write yuan with at most two decimals, such as 12 or 3.50.",
    ),
    RallyFault.BAD_PLACE: Phrase(
        "{place} 看不懂 {detail}：写两个 0–100 的整数，如 [15, 20]（从左、从上）。",
        "{place}: {detail} is not understood; write two whole numbers 0–100, such as [15, 20] (from left, from top).",
    ),
    RallyFault.BAD_NEED: Phrase(
        "{place} 看不懂「{detail}」：可写 any 5 of B1..B8、all of zone 红区 and any 2 others，"
        "或「B1..B8任选5」「红区全部 且 其他任选2」。",
        "{place}: “{detail}” is not understood; write any 5 of B1..B8, or all of zone Red and any 2 others.",
    ),
    RallyFault.TOO_MANY_NEEDED: Phrase(
        "{place}「{detail}」：要的比摊位还多（或者是 0），请改少。",
        "{place}: “{detail}” asks for more booths than there are, or for none.",
    ),
    RallyFault.UNKNOWN_BOOTH: Phrase(
        "{place}：没有摊位 {detail}，请写 booths 里有的代号。",
        "{place}: there is no booth {detail}; name one of `booths`.",
    ),
    RallyFault.UNKNOWN_TARGET: Phrase(
        "{place}：没有目标 {detail}，请写 targets 里有的代号。",
        "{place}: there is no target {detail}; name one of `targets`.",
    ),
    RallyFault.UNKNOWN_PARTNER: Phrase(
        '{place}：还没有合作方「{detail}」，请管理员先运行 python main.py points partner add "{detail}"。',
        '{place}: “{detail}” is no partner yet; first run python main.py points partner add "{detail}".',
    ),
    RallyFault.ENDS_EARLY: Phrase(
        "{place}：结束要晚于开始，整个活动最长 {detail} 天。",
        "{place}: it must end after it starts, and within {detail} days.",
    ),
    RallyFault.EXPIRES_EARLY: Phrase(
        "{place}：券的有效期不能早于活动结束。", "{place}: a coupon may not expire before the event ends."
    ),
    RallyFault.OVER_ALREADY: Phrase("{place}：已经过去了，请写将来的时间。", "{place} is past; give a time to come."),
    RallyFault.OUTSIDE: Phrase(
        "{place}：摊位时间要在活动时间之内，而且开在关之前。",
        "{place}: a booth's hours must lie within the event's, and it must open before it closes.",
    ),
    RallyFault.OVER_BUDGET: Phrase(
        "{place}：礼品（含替代品）全部发完要 {detail} 元，超过了预算；请加预算或减数量。",
        "{place}: all gifts with their substitutes cost {detail} yuan, more than the budget; raise it or offer fewer.",
    ),
    RallyFault.ONE_OF: Phrase(
        "{place}：{detail} 两个里写一个，说明这张券是哪个摊位还是哪个目标给的。",
        "{place}: write one of {detail}, the booth or the target that gives this coupon.",
    ),
    RallyFault.BAD_SHARES: Phrase(
        "{place}：写「合作方: 百分比」，合计不超过 100，现在是 {detail}；剩下的由主办方承担。",
        "{place}: write “partner: per cent”, 100 in all at most, not {detail}; the organiser bears the rest.",
    ),
    RallyFault.TOO_LONG: Phrase(
        "{place}：文件太大，最多 {detail} 字节。", "{place}: the file is too large; {detail} bytes at most."
    ),
}


def fault(found: FileFault, language: Language) -> str:
    """Where a file is wrong, what it is, and what to do."""
    if found.code is FaultCode.NOT_YAML:
        return NOT_YAML.say(language, line=found.place)
    if isinstance(found.code, FaultCode):
        return forms.fault(FormFault(found.code, found.place, found.detail, found.line), language)
    said = _FAULTS[found.code].say(language, place=found.place, detail=found.detail)
    return LINE.say(language, line=found.line, said=said) if found.line else said


def faults(found: tuple[FileFault, ...], language: Language) -> str:
    """All that is wrong, the first so many of it."""
    lines = [HEAD.say(language, n=len(found)), *(f"· {fault(each, language)}" for each in found[:SHOWN])]
    if len(found) > SHOWN:
        lines.append(MORE.say(language, n=len(found) - SHOWN))
    return "\n".join(lines)
