"""What people read about classes: names, and the reasons of a class in words and numbers."""

from campaigns.customers.model import Axis, ClassReason, Letter
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

LETTERS = {
    Letter.A: Phrase("A 成长期", "A growth"),
    Letter.B: Phrase("B 培育期", "B cultivation"),
    Letter.C: Phrase("C 潜力", "C potential"),
    Letter.D: Phrase("D 一般", "D general"),
}
INDICATORS = {
    "assets": Phrase("资产 {value} 元", "assets of {value} yuan"),
    "products": Phrase("持有 {value} 类产品", "{value} kinds of products"),
    "logins": Phrase("本季手机银行登录 {value} 次", "{value} mobile-bank logins this quarter"),
    "transfers": Phrase("本季转账 {value} 次", "{value} transfers this quarter"),
    "idle_days": Phrase("最近一次转账在 {value} 天前", "last transfer {value} days ago"),
    "inflow": Phrase("本季转入 {value} 元", "{value} yuan came in this quarter"),
    "deposit_growth": Phrase("存款变化 {value} 元", "deposits changed by {value} yuan"),
}
NEVER = {"idle_days": Phrase("没有转账记录", "no transfer on record")}
UNKNOWN = {
    "deposit_growth": Phrase("存款变化未知", "deposit trend unknown"),
    "idle_days": Phrase("转账时间未知", "time of the last transfer unknown"),
    "inflow": Phrase("转入金额未知", "money that came in unknown"),
    "logins": Phrase("手机银行登录未知", "mobile-bank logins unknown"),
    "transfers": Phrase("转账次数未知", "transfers unknown"),
}
POINTS = {
    Axis.CURRENT: Phrase("{what}（当前价值 {points:+.1f}）", "{what} (current value {points:+.1f})"),
    Axis.POTENTIAL: Phrase("{what}（潜在价值 {points:+.1f}）", "{what} (potential value {points:+.1f})"),
}
OTHER = Phrase("{code} {value}", "{code} {value}")
IN_FEN = frozenset({"assets", "inflow", "deposit_growth"})


def letter_name(letter: Letter, language: Language) -> str:
    """The class by letter and name: "B 培育期"."""
    return LETTERS[letter].say(language)


def reason_words(reason: ClassReason, language: Language) -> str:
    """One reason in words: "资产 213,328.07 元（当前价值 +2.1）"."""
    return POINTS[reason.axis].say(language, what=_what(reason, language), points=reason.points)


def _what(reason: ClassReason, language: Language) -> str:
    if reason.value is None:
        silent = (NEVER if reason.known else UNKNOWN).get(reason.code)
        return silent.say(language) if silent else OTHER.say(language, code=reason.code, value="–")
    phrase = INDICATORS.get(reason.code)
    if phrase is None:
        return OTHER.say(language, code=reason.code, value=f"{reason.value:,g}")
    return phrase.say(language, value=_amount(reason.code, reason.value))


def _amount(code: str, value: float) -> str:
    """Yuan without empty decimals, a change with its sign, counts as whole numbers."""
    number = value / 100 if code in IN_FEN else value
    sign = "+" if code == "deposit_growth" else ""
    return f"{number:{sign},.0f}" if number == int(number) else f"{number:{sign},.2f}"
