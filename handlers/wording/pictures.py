"""What people read in pictures of classes: Chinese first, English beside it in small."""

from campaigns.customers.model import Letter
from campaigns.members.model import Language
from handlers.wording.indicators import definition_of, name_of
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
MIGRATION = {
    "title": Phrase("客户类别迁移图", "Migration between classes"),
    "matrix": Phrase("类别迁移矩阵", "Migration matrix"),
    "kept": Phrase("两次都在的客户中保持原类", "of those in both runs keep their class"),
    "came": Phrase("新到", "came"),
    "left": Phrase("离开", "left"),
    "read": Phrase(
        "浅色：保持原类；深色：换类、新到或离开。宽度与人数成正比",
        "Light: kept; strong: moved, came or left. Width by number of customers",
    ),
    "rows": Phrase("行：原来；列：现在。百分比为行内占比", "Rows: before; columns: now. Shares within the row"),
    "before": Phrase("原来", "before"),
    "now": Phrase("现在", "now"),
}
DRIFT = {
    "title": Phrase("指标稳定性 PSI", "Population stability per indicator"),
    "look": Phrase("关注 0.1", "look"),
    "alarm": Phrase("报警 0.25", "alarm"),
    "read": Phrase("灰色竖线：95% 的偶然波动不会超过此处", "Grey tick: chance alone stays below it in 95 % of draws"),
    "none": Phrase("没有可比较的指标", "no indicator to compare"),
}
LEVELS = {"calm": Phrase("稳定", "calm"), "look": Phrase("关注", "look"), "alarm": Phrase("报警", "alarm")}
SHARES = {
    "title": Phrase("客户占比与资产占比", "Share of customers against share of assets"),
    "customers": Phrase("客户", "customers"),
    "assets": Phrase("资产", "assets"),
    "read": Phrase("空心：客户占比；实心：资产占比", "Hollow: share of customers; solid: share of assets"),
}
TENURE = {
    "title": Phrase("各开户年限的潜在价值", "Potential score per tenure band"),
    "all": Phrase("全部", "all"),
    "read": Phrase("横条：全部客户平均；字母旁：该类平均", "Bars: mean of all; beside letters: mean of the class"),
    "few": Phrase("人数太少，不显示 too few to show", "too few to show"),
}
QUALITY = {
    "title": Phrase("模型质量与 95% 区间", "Model quality with 95 % intervals"),
    "macro_auc": Phrase("三种结果平均 AUC", "macro AUC of three outcomes"),
    "auc_fell": Phrase("下降 AUC", "AUC for “fell”"),
    "guess": Phrase("0.5：等于随机", "0.5: no better than chance"),
}
TENURE_BANDS = {
    "under_180_days": Phrase("不满 180 天", "under 180 days"),
    "under_1_year": Phrase("不满 1 年", "under 1 year"),
    "1_to_3_years": Phrase("1–3 年", "1–3 years"),
    "3_to_10_years": Phrase("3–10 年", "3–10 years"),
    "over_10_years": Phrase("10 年以上", "over 10 years"),
    "unknown": Phrase("未知", "unknown"),
}
PARTS = {
    "balances": Phrase("仅余额", "balances alone"),
    "activity": Phrase("余额与活动", "balances, activity"),
    "quarter": Phrase("加当季存款", "with deposits today"),
    "since": Phrase("加一期历史存款", "with an earlier statement"),
    "months": Phrase("加各月存款", "with both month ends"),
}
WEEK = {
    "week": Phrase("我的一周", "My week"),
    "messages": Phrase("发文案", "texts"),
    "calls": Phrase("电话", "calls"),
    "visits": Phrase("面谈", "visits"),
    "opened": Phrase("新增跟进", "new"),
    "done": Phrase("办成", "done"),
    "refused": Phrase("客户拒绝", "said no"),
    "dropped": Phrase("未成", "dropped"),
    "late": Phrase("逾期", "overdue"),
    "reached": Phrase(
        "早报推荐 {proposed} 位，已联系 {reached} 位，跳过 {skipped} 位",
        "briefs: {proposed} proposed, {reached} reached, {skipped} skipped",
    ),
}
WEEKDAYS = tuple(
    Phrase(f"周{zh}", en)
    for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
)
HUNDRED_MILLION, TEN_THOUSAND = 10_000_000_000, 1_000_000


def both(phrase: Phrase) -> tuple[str, str]:
    """The sentence in Chinese and in English."""
    return phrase.say(Language.ZH), phrase.say(Language.EN)


def indicator_name(code: str) -> tuple[str, str]:
    """An indicator in Chinese and in English; one without a name stands by its code."""
    found = definition_of(code)
    return (name_of(found, Language.ZH), name_of(found, Language.EN)) if found else (code, "")


def tenure_name(band: str) -> tuple[str, str]:
    """A tenure band in Chinese and in English."""
    return both(TENURE_BANDS[band]) if band in TENURE_BANDS else (band, "")


def part_name(name: str) -> tuple[str, str]:
    """A set of a model's indicators in Chinese and in English."""
    return both(PARTS[name]) if name in PARTS else (name, "")


def money(fen: int) -> str:
    """A sum as Chinese readers count it: "1,234 元", "12.3 万元", "196 亿元"."""
    for unit, name in ((HUNDRED_MILLION, "亿元"), (TEN_THOUSAND, "万元")):
        if abs(fen) >= unit:
            number = fen / unit
            return f"{number:,.0f} {name}" if abs(number) >= 100 else f"{number:,.1f} {name}"
    return f"{fen / 100:,.0f} 元"
