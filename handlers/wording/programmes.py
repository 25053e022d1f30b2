"""What people read of the tiered programme's report."""

from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from segmentation.programmes import ALL

TITLE = Phrase("分层营销实施前后对比", "The tiered programme before and after")
HEADS = {
    "customers": Phrase("客户数", "customers"),
    "assets": Phrase("AUM（万元）", "AUM (10,000 yuan)"),
    "growth": Phrase("户均变化（元）", "change a customer (yuan)"),
    "online": Phrase("线上占比", "online share"),
    "cost": Phrase("触达成本（元）", "cost of contacts (yuan)"),
    "moved": Phrase("去向", "where they went"),
    "beside": Phrase("与全局对照组相比", "Beside those kept out of every campaign"),
    "measure": Phrase("指标", "measure"),
    "heads": Phrase("人数（参与/对照）", "heads (in / out)"),
    "difference": Phrase("差异（95% 区间）", "difference (95 % interval)"),
    "p": Phrase("p", "p"),
}
MEASURES = {
    "assets": Phrase("户均资产（元，已扣除期初差异）", "assets a customer (yuan, less what was before)"),
    "moved_up": Phrase("升级比例", "share that moved up"),
    "stayed": Phrase("留存比例", "share that stayed"),
    "online": Phrase("线上占比变化", "change of the online share"),
}
NAMES = {
    "A": Phrase("A 成长期", "A growth"),
    "B": Phrase("B 培育期", "B cultivation"),
    "C": Phrase("C 潜力", "C potential"),
    "D": Phrase("D 一般", "D general"),
    ALL: Phrase("全部客户", "all customers"),
}
LEFT = Phrase("离开", "left")
NO_CONTROL = Phrase(
    "这段时间没有全局对照组，以下只是前后变化：季节、利率和行情也在其中，不能算作分层营销的功劳。",
    "Nobody was kept out in this time: these are changes alone, with season, rates and markets in them, not effects.",
)
BLOCKED = Phrase(
    "全局对照组人数与计划不符（p < 0.001），差异不可信，未列出。",
    "The control did not fall as planned (p < 0.001): no difference is believed, and none is shown.",
)
READ = Phrase(
    "类别按期初归类。升级按价值次序 D→C→A→B。区间为 95%，多项指标并列时偶有一项会碰巧显著。",
    "Classes are those of the earlier day; up means D→C→A→B. Of many measures one may seem sure by chance.",
)


def letter_name(letter: str, language: Language) -> str:
    """A class by its name; "" for those who are gone."""
    return NAMES[letter].say(language) if letter in NAMES else LEFT.say(language)


def figure(measure: str, value: float | None) -> str:
    """Yuan with thousands, shares in points of a percent; a dash where nothing is known."""
    if value is None:
        return "–"
    return f"{value:+,.0f}" if measure == "assets" else f"{value:+.2%}"
