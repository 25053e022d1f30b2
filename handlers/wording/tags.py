"""The dictionary of tags in words: names, what they mean, where they come from, and why one is not set."""

from collections.abc import Iterable

from campaigns.members.model import Language
from campaigns.tags.model import Tag, TagRefusal, TagSource
from handlers.wording.phrase import Phrase

NAMES = {
    "funds_lover": Phrase("偏好基金", "likes funds"),
    "wealth_lover": Phrase("偏好理财", "likes wealth products"),
    "deposit_keeper": Phrase("偏好存款", "keeps to deposits"),
    "ebank_heavy": Phrase("电子银行重度用户", "heavy e-bank user"),
    "counter_goer": Phrase("习惯柜面", "goes to the counter"),
    "assets_rising": Phrase("资产上升", "assets rising"),
    "assets_falling": Phrase("资产下降", "assets falling"),
    "logs_in_often": Phrase("经常登录", "logs in often"),
    "logs_in_seldom": Phrase("偶尔登录", "logs in seldom"),
    "logins_asleep": Phrase("手机银行沉睡", "mobile bank asleep"),
    "salary": Phrase("代发工资", "salary customer"),
    "idle_cash": Phrase("大额活期闲置", "much idle cash"),
    "settles_here": Phrase("结算活跃（主账户目标）", "settles here (could become the main account)"),
    "holds_wealth_products": Phrase("持有理财", "holds wealth products"),
    "holds_funds": Phrase("持有基金", "holds funds"),
    "holds_loan": Phrase("有贷款", "has a loan"),
    "many_products": Phrase("多产品客户", "holds many products"),
    "credit_refused": Phrase("信贷不予准入", "credit is refused"),
    "credit_overdue": Phrase("还款逾期", "payments overdue"),
    "banks_elsewhere": Phrase("主要在他行办理", "banks mainly elsewhere"),
    "interest_in_loans": Phrase("有贷款意向", "asked about loans"),
    "interest_in_wealth": Phrase("有理财意向", "asked about wealth products"),
    "main_account": Phrase("主要账户在本行", "main account here"),
    "main_account_goal": Phrase("可争取主要账户", "could make us the main account"),
    "salary_goes": Phrase("工资很快花掉", "the salary goes at once"),
    "money_turns_over": Phrase("资金大进大出", "money turns over"),
    "money_drains": Phrase("资金持续流出", "money drains away"),
    "money_flows": Phrase("资金时有进出", "some money moves"),
    "festival_outflow": Phrase("春节前后大额用钱", "much goes out around Spring Festival"),
    "money_stays": Phrase("资金长期不动", "money stays"),
    "money_now": Phrase("随时要用钱", "needs the money at any time"),
    "money_3_months": Phrase("3 个月内不用钱", "no need within 3 months"),
    "money_1_year": Phrase("1 年内不用钱", "no need within a year"),
    "money_3_years": Phrase("3 年内不用钱", "no need within 3 years"),
    **{f"risk_c{grade}": Phrase(f"风险偏好 C{grade}", f"risk appetite C{grade}") for grade in range(1, 6)},
}
MEANINGS = {
    "funds_lover": Phrase("基金占资产三成以上", "funds are three tenths of the assets or more"),
    "wealth_lover": Phrase("理财占资产一半以上", "wealth products are half of the assets or more"),
    "deposit_keeper": Phrase("各类存款占资产九成以上", "deposits of all kinds are nine tenths of the assets or more"),
    "ebank_heavy": Phrase("本季转账 30 次以上且每周登录", "30 transfers a quarter or more and a login a week"),
    "counter_goer": Phrase("六成以上业务在柜面办理", "six tenths of the dealings at the counter or more"),
    "assets_rising": Phrase("半年内存款上升一成以上", "deposits grew by a tenth or more in half a year"),
    "assets_falling": Phrase("半年内存款下降一成以上", "deposits fell by more than a tenth in half a year"),
    "logs_in_often": Phrase("本季登录 12 次以上", "12 logins a quarter or more"),
    "logs_in_seldom": Phrase("本季登录 1–11 次", "1 to 11 logins a quarter"),
    "logins_asleep": Phrase("本季没有登录", "no login this quarter"),
    "salary": Phrase("一年内有工资入账", "a salary came within a year"),
    "idle_cash": Phrase("活期 5 万元以上且占资产一半以上", "50,000 yuan on demand or more, and half of the assets"),
    "settles_here": Phrase(
        "转账频繁、转入 10 万元以上而留存不到两成",
        "moves 100,000 yuan or more through the bank and keeps under a fifth",
    ),
    "holds_wealth_products": Phrase("理财 1,000 元以上", "wealth products of 1,000 yuan or more"),
    "holds_funds": Phrase("基金 1,000 元以上", "funds of 1,000 yuan or more"),
    "holds_loan": Phrase("贷款 1,000 元以上", "a loan of 1,000 yuan or more"),
    "many_products": Phrase("持有三类以上产品", "three kinds of products or more"),
    "credit_refused": Phrase("信贷部门不同意放款，不再推荐贷款", "the credit department says no: no loan is offered"),
    "credit_overdue": Phrase("贷款或信用卡还款逾期，不再推荐贷款", "a loan or card is not paid in time: no loan"),
    "banks_elsewhere": Phrase("客户说主要银行是别家", "the customer's main bank is another"),
    "interest_in_loans": Phrase("日常交流中问过贷款", "asked about loans in daily business"),
    "interest_in_wealth": Phrase("日常交流中问过理财", "asked about wealth products in daily business"),
    "main_account": Phrase(
        "日常结算七成以上在本行（估计）", "seven tenths of the everyday money or more here, estimated"
    ),
    "main_account_goal": Phrase(
        "日常结算三成到七成在本行，且本季转入 1.5 万元以上",
        "three to seven tenths of the everyday money here, and 15,000 yuan or more came in this quarter",
    ),
    "salary_goes": Phrase("工资到账后平均不到 10 天花掉一半", "half of a salary is gone within 10 days on average"),
    "money_turns_over": Phrase("本季转出达资产一半以上", "half of the assets or more went out this quarter"),
    "money_drains": Phrase("本季净流出达资产两成以上", "a fifth of the assets or more left this quarter"),
    "money_flows": Phrase("本季转出占资产一成到五成", "a tenth to a half of the assets went out this quarter"),
    "festival_outflow": Phrase("一年转出的四分之一以上在春节前后", "a quarter of a year's outflow around the festival"),
    "money_stays": Phrase("本季转出不到资产一成", "less than a tenth of the assets went out this quarter"),
    "money_now": Phrase("客户说随时要用钱：不推荐取不出的产品", "told: nothing that binds the money is offered"),
    "money_3_months": Phrase("客户说 3 个月内不用钱，从说的那天起算", "told: no need for 3 months from that day on"),
    "money_1_year": Phrase("客户说 1 年内不用钱，从说的那天起算", "told: no need for a year from that day on"),
    "money_3_years": Phrase("客户说 3 年内不用钱，从说的那天起算", "told: no need for 3 years from that day on"),
    **{
        f"risk_c{grade}": Phrase(
            f"风险测评结果 C{grade}，可推荐 R{grade} 及以下产品",
            f"risk questionnaire says C{grade}: products up to R{grade} may be proposed",
        )
        for grade in range(1, 6)
    },
}
SOURCES = {
    TagSource.RULE: Phrase("规则", "rule"),
    TagSource.DEPARTMENT: Phrase("部门", "department"),
    TagSource.STAFF: Phrase("员工", "staff"),
    TagSource.CUSTOMER: Phrase("客户", "customer"),
}
REFUSALS = {
    TagRefusal.UNKNOWN_TAG: Phrase("标签字典里没有这个标签。", "The dictionary has no such tag."),
    TagRefusal.UNKNOWN_CUSTOMER: Phrase("没有这个客户号。", "There is no customer of this number."),
    TagRefusal.NOT_ALLOWED: Phrase("您的角色不能设置这个标签。", "Your role may not set this tag."),
    TagRefusal.OF_A_RULE: Phrase(
        "这个标签由规则按数据计算，不能手工修改。", "A rule derives this tag from figures; nobody sets it by hand."
    ),
    TagRefusal.NO_EVIDENCE: Phrase("请写明依据。", "Say what speaks for it."),
    TagRefusal.NOT_SET: Phrase("客户没有这个标签。", "The customer does not have this tag."),
}
TAGS = Phrase("标签：{tags}", "Tags: {tags}")
LINE = Phrase("{name}（{source}，{since} 起，{until} 到期）", "{name} ({source}, since {since}, until {until})")
EXPIRED = Phrase("{name}（{source}，{since} 起，{until} 已过期）", "{name} ({source}, since {since}, expired {until})")


def tag_name(code: str, language: Language) -> str:
    """A tag by name; one that the dictionary no longer knows by its code."""
    phrase = NAMES.get(code)
    return phrase.say(language) if phrase else code


def tag_words(tag: Tag, language: Language) -> str:
    """A tag with source, first day and expiry: "偏好基金（规则，2019-09-30 起，2020-01-08 到期）"."""
    since, until = tag.set_at.date(), tag.expires_at.date()
    line = EXPIRED if tag.is_expired else LINE
    return line.say(
        language, name=tag_name(tag.code, language), source=SOURCES[tag.source].say(language), since=since, until=until
    )


def tags_words(tags: Iterable[Tag], language: Language) -> str:
    """All tags of a customer in one line."""
    words = ("；" if language is Language.ZH else "; ").join(tag_words(tag, language) for tag in tags)
    return TAGS.say(language, tags=words)


def refusal_words(refusal: TagRefusal, language: Language) -> str:
    """Why a tag was not set or removed."""
    return REFUSALS[refusal].say(language)
