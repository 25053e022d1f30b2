"""The fields that an audience may speak of: names in both languages, what kind each is, the words of its values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from campaigns.tags.rules import DICTIONARY


class Kind(StrEnum):
    """What a field holds; of MANY, TEXTS and TAGS a customer may have several values."""

    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    TEXT = "text"
    DAY = "day"
    FLAG = "flag"
    EVENT = "event"
    MANY = "many"
    TEXTS = "texts"
    TAGS = "tags"
    PERSON = "person"


@dataclass(frozen=True)
class Choice:
    """One value: its code, its Chinese word, and other words for it; the words may stand without the field's name."""

    code: str
    zh: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One field; `choices` of an ordered one go from less to more, so that they can be compared."""

    name: str
    zh: str
    kind: Kind
    others: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    is_ordered: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The values that there are, in their order."""
        return tuple(choice.code for choice in self.choices)


def _windows(name: str, zh: str, days: Iterable[int], kind: Kind) -> tuple[Field, ...]:
    return tuple(Field(f"{name}_{each}", f"近{each}天{zh}", kind, (f"{each}天{zh}",)) for each in days)


def _grades(prefix: str, last: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"{prefix}{at}", f"{prefix}{at}级", ()) for at in range(1, last + 1))


WHO = (
    Field(
        "gender", "性别", Kind.CHOICE, ("sex",),
        (
            Choice("female", "女", ("女性", "女士", "women", "woman", "f")),
            Choice("male", "男", ("男性", "男士", "men", "man", "m")),
        ),
    ),
    Field("age", "年龄", Kind.NUMBER, ("岁数",)),
    Field("birth_month", "生日月份", Kind.NUMBER, ("出生月份",)),
    Field("customer_since", "开户日期", Kind.DAY, ("开户日", "开户")),
    Field(
        "occupation", "职业", Kind.CHOICE, (),
        (
            Choice("employee", "受雇", ("上班族",)),
            Choice("public_servant", "公务员"),
            Choice("self_employed", "个体", ("自雇", "个体户")),
            Choice("student", "学生", ("students",)),
            Choice("retired", "退休"),
            Choice("homemaker", "居家"),
            Choice("other", "其他职业"),
        ),
    ),
    Field(
        "income", "收入档", Kind.CHOICE, ("income_band",),
        (
            Choice("low", "收入较低"),
            Choice("middle", "收入中等"),
            Choice("upper", "收入较高"),
            Choice("high", "收入高"),
        ),
        is_ordered=True,
    ),
    Field("district", "区域", Kind.TEXT, ("region", "居住区域", "地区")),
    Field(
        "credit_grade", "信用等级", Kind.CHOICE, ("credit",),
        (
            Choice("poor", "信用较差"),
            Choice("fair", "信用一般"),
            Choice("good", "信用良好"),
            Choice("excellent", "信用优秀"),
        ),
        is_ordered=True,
    ),
    Field("risk", "风险等级", Kind.CHOICE, ("risk_appetite", "风险承受能力"), _grades("C", 5), is_ordered=True),
)  # fmt: skip
MONEY = (
    Field("assets", "资产", Kind.MONEY, ("aum", "总资产")),
    Field("demand_deposit", "活期", Kind.MONEY, ("活期存款",)),
    Field("time_deposit", "定期", Kind.MONEY, ("定期存款",)),
    Field("structured_deposit", "结构性存款", Kind.MONEY),
    Field("large_certificates", "大额存单", Kind.MONEY),
    Field("wealth_products", "理财", Kind.MONEY, ("wealth",)),
    Field("funds", "基金", Kind.MONEY),
    Field("asset_plans", "资管计划", Kind.MONEY),
    Field("loans", "贷款", Kind.MONEY, ("loan",)),
    Field("monthly_spend", "月消费", Kind.MONEY, ("monthly_spending", "每月消费")),
    Field("yearly_spend", "年消费", Kind.MONEY, ("yearly_spending", "每年消费")),
)
BEHAVIOUR = (
    *_windows("inflow", "转入", (7, 30, 90, 365), Kind.MONEY),
    *_windows("outflow", "转出", (7, 30, 90, 365), Kind.MONEY),
    *_windows("count_in", "转入次数", (7, 30, 90, 365), Kind.NUMBER),
    *_windows("count_out", "转出次数", (7, 30, 90, 365), Kind.NUMBER),
    Field("logins_90", "近90天登录", Kind.NUMBER, ("logins", "登录次数", "登录")),
    Field("transfers_90", "近90天转账次数", Kind.NUMBER, ("transfers", "转账次数")),
    Field("counter_90", "近90天柜面次数", Kind.NUMBER, ("counter", "柜面次数")),
    Field("online_90", "近90天线上次数", Kind.NUMBER, ("online", "线上次数")),
    Field("last_transfer", "最近动账", Kind.DAY, ("最近转账",)),
    Field("idle_days", "未动账天数", Kind.NUMBER, ("闲置天数",)),
    Field("cards", "持卡数", Kind.NUMBER),
    Field("salary_months", "发薪月数", Kind.NUMBER),
)
LETTERS = (
    Choice("A", "A类", ("成长期", "a_class")),
    Choice("B", "B类", ("培育期", "b_class")),
    Choice("C", "C类", ("潜力客户", "c_class")),
    Choice("D", "D类", ("一般客户", "d_class")),
)
STANDING = (
    Field("class", "类别", Kind.CHOICE, ("letter", "客户类别", "分类"), LETTERS),
    Field("quadrant", "象限", Kind.CHOICE, (), tuple(Choice(each.code, f"{each.code}象限") for each in LETTERS)),
    Field(
        "band", "客层", Kind.CHOICE, ("资产分层", "分层"),
        (
            Choice("small", "小额", ("小额客户",)),
            Choice("middle", "中端", ("中端客户",)),
            Choice("high_net_worth", "高净值", ("高净值客户", "hnw")),
        ),
        is_ordered=True,
    ),
    Field(
        "lifecycle", "生命周期", Kind.CHOICE, ("stage", "阶段"),
        (
            Choice("new", "新客户", ("新客",)),
            Choice("growing", "成长中", ("成长",)),
            Choice("mature", "成熟", ("成熟客户",)),
            Choice("churn_warning", "流失预警"),
        ),
    ),
    Field("current", "当前价值分", Kind.NUMBER, ("current_score", "当前价值")),
    Field("potential", "潜在价值分", Kind.NUMBER, ("potential_score", "潜在价值", "潜力分")),
    Field("churn", "流失分", Kind.NUMBER, ("churn_score", "流失风险")),
    Field("development", "发展分", Kind.NUMBER, ("development_score", "发展潜力")),
    Field("confidence", "置信度", Kind.NUMBER),
    Field("opportunity", "机会分", Kind.NUMBER, ("opportunity_score",)),
    Field("yearly_value", "年价值", Kind.MONEY, ("每年价值",)),
    Field("provisional", "暂定类别", Kind.FLAG, ("暂定",)),
    Field("tag", "标签", Kind.TAGS, ("tags",), tuple(Choice(code, code) for code in DICTIONARY)),
)  # fmt: skip
CHAT = (
    Field("owner", "客户经理", Kind.PERSON, ("manager", "归属")),
    Field("group", "群", Kind.TEXTS, ("groups", "所在群")),
    Field(
        "consent", "同意", Kind.MANY, ("consents",),
        (
            Choice("binding", "绑定用途"),
            Choice("marketing", "营销", ("offers",)),
            Choice("contact", "联系用途"),
        ),
    ),
    Field(
        "chat", "私聊", Kind.CHOICE, ("private_chat",),
        (Choice("never", "从未私聊"), Choice("open", "可私聊"), Choice("blocked", "已拉黑")),
    ),
    Field(
        "card_stage", "办卡阶段", Kind.CHOICE, ("办卡进度",),
        (
            Choice("none", "未办卡", ("no_application",)),
            Choice("signed", "已报名"),
            Choice("contacted", "已联系"),
            Choice("consented", "已同意"),
            Choice("applied", "已申请"),
            Choice("approved", "已批核"),
            Choice("delivered", "已送卡"),
            Choice("visit_booked", "已约上门"),
            Choice("activated", "已激活"),
            Choice("debit_card_issued", "已开借记卡"),
            Choice("first_use", "已首刷"),
            Choice("declined", "未获批"),
            Choice("withdrawn", "已撤回"),
            Choice("lost", "未成"),
        ),
    ),
    Field("reachable", "可触达", Kind.FLAG),
)  # fmt: skip
EVENTS = (
    Field("bound", "绑定", Kind.EVENT, ("已绑定",)),
    Field("joined_group", "加群", Kind.EVENT, ("入群",)),
    Field("left_group", "退群", Kind.EVENT),
    Field("chain_entry", "接龙", Kind.EVENT, ("joined_chain", "参加接龙")),
    Field("stamp", "盖章", Kind.EVENT, ("stamps", "集章")),
    Field("card_moved", "办卡进展", Kind.EVENT),
    Field("offer_received", "收到福利", Kind.EVENT, ("received_offer",)),
    Field("offer_answered", "回应福利", Kind.EVENT, ("answered_offer",)),
    Field("contacted", "经理联系", Kind.EVENT, ("联系过",)),
)
FIELDS: Mapping[str, Field] = {each.name: each for each in (*WHO, *MONEY, *BEHAVIOUR, *STANDING, *CHAT, *EVENTS)}
