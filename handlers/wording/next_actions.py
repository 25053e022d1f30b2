"""What to do next with a customer, in words: the action, why, what else, which products, and a rate for staff."""

from collections.abc import Iterator

from campaigns.customers.adapting import Because
from campaigns.customers.next_actions import (
    ActionChannel,
    ActionKind,
    ActionReason,
    Alternative,
    NextAction,
    NextProduct,
)
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.segments import VALUE_PARTS, yuan
from segmentation.rates import Quote

ACTIONS = {
    ActionKind.RETENTION: Phrase(
        "挽留：了解资金去向，保住 {amount} 元资产",
        "keep the customer: ask where money goes, {amount} yuan of assets are at stake",
    ),
    ActionKind.PRODUCT: Phrase("推荐{product}，参考 {amount} 元", "propose {product}, about {amount} yuan"),
    ActionKind.COUPON: Phrase(
        "推荐{product} {amount} 元，附满减券", "propose {product} of {amount} yuan with the coupon"
    ),
    ActionKind.STEP_UP: Phrase(
        "提示再存 {amount} 元即可进入下一类的服务", "tell that {amount} yuan more lead to the next class's service"
    ),
    ActionKind.IDLE_CASH: Phrase(
        "活期 {amount} 元建议转入{product}", "suggest to move {amount} yuan on demand into {product}"
    ),
    ActionKind.LOAN: Phrase(
        "邀请申请贷款，参考 {amount} 元，以审批为准", "invite to apply for a loan, about {amount} yuan, if approved"
    ),
    ActionKind.COMPLETE_DATA: Phrase("邀请补全资料", "invite to complete the data"),
    ActionKind.RISK_QUESTIONNAIRE: Phrase("先做风险测评，再谈产品", "the risk questionnaire first, products then"),
    ActionKind.ACTIVATE_CARD: Phrase(
        "邀请多用银行卡和手机银行办理日常业务", "invite to use the card and the phone for everyday dealings"
    ),
    ActionKind.MAIN_ACCOUNT: Phrase(
        "邀请把工资、缴费和日常支付放到本行，争取主要账户，每季约多留 {amount} 元",
        "invite to have salary, bills and payments here: the main account, about {amount} yuan more a quarter",
    ),
    ActionKind.NOTHING: Phrase("暂不联系", "do nothing for now"),
}
CHANNELS = {
    ActionChannel.VISIT: Phrase("理财经理面谈", "in person by the manager"),
    ActionChannel.CALL: Phrase("理财经理电话", "by the manager's call"),
    ActionChannel.MESSAGE: Phrase("机器人私聊", "in the private chat"),
    ActionChannel.PUSH: Phrase("手机银行推送", "by the mobile bank"),
    ActionChannel.COUNTER: Phrase("下次到柜面时", "at the counter, next time"),
}
PRODUCTS = {
    **{code: VALUE_PARTS[code] for code in VALUE_PARTS},
    "money_market": Phrase("货币市场类产品", "a money-market product"),
    "loan": VALUE_PARTS["loans"],
}
REASONS = {
    "churn": Phrase("流失风险 {value} 分", "churn risk of {value}"),
    "current_value": Phrase("每年价值 {value} 元", "worth {value} yuan a year"),
    "untied": Phrase("活期占资产 {value}", "{value} of the assets on demand"),
    "alike": Phrase("相似客户中 {value} 持有", "{value} of customers alike hold it"),
    "potential": Phrase("潜力 {value} 分", "potential of {value}"),
    "amount": Phrase("金额可达 {value} 元", "as much as {value} yuan"),
    "cheap": Phrase("每次触达成本 {value} 元", "a contact costs {value} yuan"),
    "spread": Phrase("该类客户新资金占 {value}（资产分散在多家银行）", "{value} would be fresh money from other banks"),
    "step": Phrase("距下一类只差 {value} 元", "only {value} yuan from the next class"),
    "inflow": Phrase("本季转入 {value} 元", "{value} yuan came in this quarter"),
    "gaps": Phrase("{value} 个部门没有资料或类别暂定", "{value} departments say nothing, or the class is provisional"),
    "unasked": Phrase("还没有风险测评", "no risk questionnaire yet"),
    "counter": Phrase("本季柜面办理 {value} 次", "{value} dealings at the counter this quarter"),
    "settled": Phrase("日常结算约 {value} 在本行", "about {value} of the everyday money runs here"),
    "best": Phrase(
        "最好的办法预期也只有 {value} 元", "the best there is would be worth {value} yuan"
    ),
    "waits": Phrase("经理时间有限（共 {value} 小时），先给别人", "the {value} hours of managers go to others first"),
}  # fmt: skip
NOTHING_FITS = Phrase("没有适合的办法", "nothing there fits")
NEXT = Phrase("下一步：{what}", "Next: {what}")
BY = Phrase("{what}（{channel}）", "{what} ({channel})")
EXPECTED = Phrase(
    "预期收益 {value} 元，成功率 {chance:.1%}，营销机会 {opportunity:.0f} 分",
    "expected value {value} yuan, chance {chance:.1%}, opportunity {opportunity:.0f}",
)
ALTERNATIVE = Phrase("其次：{what}，预期 {value} 元", "or: {what}, {value} yuan expected")
WAITS = Phrase("{what}——待经理有时间", "{what}, once the manager has time")
NEXT_PRODUCTS = Phrase("可推荐：{products}", "May be proposed: {products}")
LIKELY = Phrase("{product}（相似客户 {share:.0%} 持有）", "{product} ({share:.0%} of those alike hold it)")
RATE = Phrase(
    "贷款利率参考 {rate:.2f}%（{parts}），以审批为准", "Loan rate for orientation {rate:.2f}% ({parts}), if approved"
)
RATE_PARTS = {
    "base": Phrase("基准 {points:.2f}", "base {points:.2f}"),
    "current": Phrase("当前价值 {points:+.2f}", "current value {points:+.2f}"),
    "potential": Phrase("潜在价值 {points:+.2f}", "potential value {points:+.2f}"),
    "new": Phrase("新客户 {points:+.2f}", "new customer {points:+.2f}"),
}
SINCE = {
    Because.BARRED: Phrase("新情况：信贷不予准入或有逾期", "news: credit is refused or overdue"),
    Because.ASKED: Phrase("新情况：已有贷款申请", "news: there is a request for a loan"),
    Because.ASSESSED: Phrase("新情况：已做风险测评", "news: the risk questionnaire is done"),
    Because.UNSUITABLE: Phrase("新情况：按风险测评或用钱时间不再合适", "news: risk or term no longer suit"),
    Because.BOUGHT: Phrase("新情况：刚买了产品", "news: a product was just bought"),
    Because.CARD_USED: Phrase("新情况：卡已在用", "news: the card is in use"),
    Because.INFLOW: Phrase("新情况：刚转入 {value} 元", "news: {value} yuan just came in"),
    Because.PLAN_PAUSED: Phrase("新情况：刚暂停定投", "news: the fund plan was just paused"),
}
IN_FEN = frozenset({"current_value", "amount", "cheap", "step", "inflow", "best", Because.INFLOW})
SHARES = frozenset({"untied", "alike", "spread", "settled"})


def action_lines(found: NextAction, language: Language) -> Iterator[str]:
    """The action with what is expected of it, its reasons, the next best and the next products."""
    yield NEXT.say(language, what=_with_channel(found.action, found.channel, found.product, found.amount_fen, language))
    if found.action is not ActionKind.NOTHING:
        facts = {"value": yuan(found.expected_value_fen), "chance": found.probability, "opportunity": found.opportunity}
        yield "  " + EXPECTED.say(language, **facts)
    yield "  " + _joined((reason_words(reason, language) for reason in found.reasons), language)
    for other in found.alternatives:
        yield "  " + alternative_words(other, language)
    if found.products:
        names = _joined((product_words(product, language) for product in found.products), language)
        yield "  " + NEXT_PRODUCTS.say(language, products=names)


def action_words(found: NextAction, language: Language) -> str:
    """The action alone: "推荐结构性存款，参考 113,000 元（理财经理电话）"."""
    return _with_channel(found.action, found.channel, found.product, found.amount_fen, language)


def reason_words(reason: ActionReason, language: Language) -> str:
    """One reason: "相似客户中 78% 持有"."""
    if reason.value is None:
        return NOTHING_FITS.say(language)
    if reason.code in set(Because):
        return SINCE[Because(reason.code)].say(language, value=_amount(reason.code, reason.value))
    return REASONS[reason.code].say(language, value=_amount(reason.code, reason.value))


def alternative_words(other: Alternative, language: Language) -> str:
    """What else would pay, and whether it waits for the manager."""
    what = _with_channel(other.action, other.channel, other.product, other.amount_fen, language)
    waiting = WAITS.say(language, what=what) if other.waits else what
    return ALTERNATIVE.say(language, what=waiting, value=yuan(other.expected_value_fen))


def product_words(product: NextProduct, language: Language) -> str:
    """One product that may be proposed."""
    return LIKELY.say(language, product=PRODUCTS[product.product].say(language), share=product.share)


def rate_words(found: Quote, language: Language) -> str:
    """An advised rate and what it is made of, in per cent."""
    parts = (RATE_PARTS[code].say(language, points=points / 100) for code, points in found.parts.items() if points)
    return RATE.say(language, rate=found.total / 100, parts=_joined(parts, language))


def _with_channel(
    action: ActionKind, channel: ActionChannel | None, product: str | None, amount_fen: int, language: Language
) -> str:
    name = PRODUCTS[product].say(language) if product else ""
    what = ACTIONS[action].say(language, amount=yuan(amount_fen), product=name)
    return BY.say(language, what=what, channel=CHANNELS[channel].say(language)) if channel else what


def _amount(code: str, value: float) -> str:
    if code in IN_FEN:
        return yuan(round(value))
    return f"{value:.0%}" if code in SHARES else f"{value:,.0f}"


def _joined(words: Iterator[str], language: Language) -> str:
    return ("；" if language is Language.ZH else "; ").join(words)
