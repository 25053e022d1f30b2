"""What people read in pictures and reports of classes: Chinese first, English beside it in small."""

from campaigns.customers.model import Letter
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

CLASS_NAMES = {
    Letter.A: Phrase("成长期", "growth"),
    Letter.B: Phrase("培育期", "cultivation"),
    Letter.C: Phrase("潜力", "potential"),
    Letter.D: Phrase("一般", "general"),
}
QUADRANT = {
    "title": Phrase("客户价值四象限图", "Value quadrants"),
    "customers": Phrase("位客户", "customers"),
    "as_of": Phrase("截至", "as of"),
    "current": Phrase("当前价值", "Current value"),
    "potential": Phrase("潜在价值", "Potential value"),
    "heads": Phrase("位", ""),
    "assets": Phrase("资产", "assets"),
    "nobody": Phrase("本类没有客户", "nobody in this class"),
    "dots": Phrase(
        "小点为抽样客户，字母圆为该类平均；颜色为所属类别",
        "Dots: sampled customers, in the colour of their class; circles: class means",
    ),
    "rule": Phrase(
        "类别由最近的原型决定，两条虚线只作对照",
        "The nearest prototype gives the class; the dashed lines only stand beside it",
    ),
}
HUNDRED_MILLION, TEN_THOUSAND = 10_000_000_000, 1_000_000


def both(phrase: Phrase) -> tuple[str, str]:
    """The sentence in Chinese and in English."""
    return phrase.say(Language.ZH), phrase.say(Language.EN)


def money(fen: int) -> str:
    """A sum as Chinese readers count it: "1,234 元", "12.3 万元", "5.67 亿元"."""
    for unit, name in ((HUNDRED_MILLION, "亿元"), (TEN_THOUSAND, "万元")):
        if abs(fen) >= unit:
            number = fen / unit
            return f"{number:,.0f} {name}" if abs(number) >= 1_000 else f"{number:,.4g} {name}"
    return f"{fen / 100:,.0f} 元"
