"""What people read about classes: names, reasons in words and numbers, bands, stages, steps, what is missing."""

from collections.abc import Mapping

from campaigns.customers.model import Axis, Band, ClassReason, Letter, Lifecycle
from campaigns.customers.portraits import Step
from campaigns.members.model import Language
from handlers.wording.indicators import WORDS, definition_of, value_words
from handlers.wording.phrase import Phrase

LETTERS = {
    Letter.A: Phrase("A 成长期", "A growth"),
    Letter.B: Phrase("B 培育期", "B cultivation"),
    Letter.C: Phrase("C 潜力", "C potential"),
    Letter.D: Phrase("D 一般", "D general"),
}
BANDS = {
    Band.HIGH_NET_WORTH: Phrase("高净值客户", "high net worth"),
    Band.MIDDLE: Phrase("中端客户", "middle"),
    Band.SMALL: Phrase("小额客户", "small"),
}
LIFECYCLES = {
    Lifecycle.NEW: Phrase("新客户", "new"),
    Lifecycle.GROWING: Phrase("成长中", "growing"),
    Lifecycle.MATURE: Phrase("成熟", "mature"),
    Lifecycle.CHURN_WARNING: Phrase("流失预警", "churn warning"),
}
POINTS = {
    Axis.LETTER: Phrase("{what}（对本类 {points:+.2f}）", "{what} ({points:+.2f} for this class)"),
    Axis.CURRENT: Phrase("{what}（当前价值 {points:+.1f}）", "{what} (current value {points:+.1f})"),
    Axis.POTENTIAL: Phrase("{what}（潜在价值 {points:+.1f}）", "{what} (potential value {points:+.1f})"),
    Axis.CHURN: Phrase("{what}（流失风险 {points:+.1f}）", "{what} (churn risk {points:+.1f})"),
}
OTHER = Phrase("{code} {value}", "{code} {value}")
MORE = Phrase("再存 {yuan} 元，转为{letter}", "{yuan} yuan more lead to {letter}")
FEWER = Phrase("减少 {yuan} 元，转为{letter}", "{yuan} yuan fewer lead to {letter}")
NO_STEP = Phrase("仅凭资产变化不会改变类别", "no change of assets alone leads to another class")
DEPARTMENTS = {
    "activity": Phrase("电子银行部", "electronic bank"),
    "deposits": Phrase("存款部", "deposits"),
    "traits": Phrase("客户资料", "personal particulars"),
    "transactions": Phrase("交易流水", "transactions"),
    "balances": Phrase("个人金融部", "personal finance"),
}
DIMENSIONS = {
    "assets": Phrase("资产", "assets"),
    "activity": Phrase("活跃度", "activity"),
    "age": Phrase("年龄", "age"),
    "digital": Phrase("数字渠道", "digital channels"),
    "counter": Phrase("柜面渠道", "counter"),
    "cards": Phrase("银行卡", "cards"),
}
LEFT_OUT = {
    "not_delivered": Phrase("未交付", "not delivered"),
    "not_in_scaler": Phrase("标尺中没有", "not in the scaler"),
    "no_weight": Phrase("权重为零", "has no weight"),
}
PRODUCTS = (
    "structured_deposit",
    "time_deposit",
    "demand_deposit",
    "wealth_products",
    "funds",
    "asset_plans",
    "large_certificates",
    "loans",
)
VALUE_PARTS = {
    **{code: WORDS[code].name for code in PRODUCTS},
    "logins": Phrase("手机银行成本", "cost of the mobile bank"),
    "transfers": Phrase("转账成本", "cost of transfers"),
    "counter_dealings": Phrase("柜面成本", "cost of the counter"),
    "account": Phrase("账户成本", "cost of the account"),
}


def letter_name(letter: Letter, language: Language) -> str:
    """The class by letter and name: "B 培育期"."""
    return LETTERS[letter].say(language)


def reason_words(reason: ClassReason, language: Language) -> str:
    """One reason in words: "资产 213,328.07 元（对本类 +2.10）"."""
    return POINTS[reason.axis].say(language, what=indicator_words(reason, language), points=reason.points)


def step_words(step: Step, language: Language) -> str:
    """The way to another class: "再存 38,000 元，转为B 培育期"."""
    phrase = MORE if step.change_fen > 0 else FEWER
    return phrase.say(language, yuan=yuan(abs(step.change_fen)), letter=letter_name(step.letter, language))


def steps_words(steps: tuple[Step, ...], language: Language) -> list[str]:
    """Every way there is, or that there is none."""
    return [step_words(step, language) for step in steps] or [NO_STEP.say(language)]


def department_words(department: str, language: Language) -> str:
    """A department by name."""
    phrase = DEPARTMENTS.get(department)
    return phrase.say(language) if phrase else department


def left_out_words(left_out: Mapping[str, str], language: Language) -> list[str]:
    """Dimensions that counted for nobody, each with why: "年龄（未交付）"."""
    opening, closing = ("（", "）") if language is Language.ZH else (" (", ")")
    return [
        f"{DIMENSIONS[code].say(language)}{opening}{LEFT_OUT[why].say(language)}{closing}"
        for code, why in left_out.items()
    ]


def part_words(code: str, fen: int, language: Language) -> str:
    """One part of the current value: "定期存款 +1,200"."""
    return f"{VALUE_PARTS[code].say(language)} {fen / 100:+,.0f}"


def yuan(fen: int) -> str:
    """Whole yuan with separators, other amounts with their fen."""
    return f"{fen / 100:,.0f}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def indicator_words(reason: ClassReason, language: Language) -> str:
    """What a reason speaks of, without its points: "资产 213,328.07 元"."""
    found = definition_of(reason.code)
    if found is None:
        value = "–" if reason.value is None else f"{reason.value:,g}"
        return OTHER.say(language, code=reason.code, value=value)
    return value_words(found, reason.value, language, is_known=reason.known)
