"""The rule page of a voucher and the words of its terms: every field that decides anything is said (S-199, S-200)."""

from collections.abc import Iterable
from dataclasses import replace

from campaigns.catalogue.model import Aim, ProductKind
from campaigns.customers.model import Lifecycle
from campaigns.members.model import Language
from campaigns.vouchers.model import Benefit, Condition, Counting, MeasuredBy, VoucherPlan
from handlers.wording.catalogue import aim_words
from handlers.wording.phrase import Phrase

YUAN = 100
LONGEST = 4096  # Telegram takes no longer message.
BENEFITS = {
    Benefit.MONEY_OFF: Phrase("抵用金", "money off"),
    Benefit.PHONE_CREDIT: Phrase("话费", "phone credit"),
    Benefit.TRIAL_FUND: Phrase("体验金", "money to try with"),
    Benefit.TICKET: Phrase("票券", "tickets"),
    Benefit.RATE: Phrase("利息减免", "interest waived"),
    Benefit.SERVICE: Phrase("服务", "a service"),
}
KINDS = {
    ProductKind.DEPOSIT: Phrase("存款", "deposits"),
    ProductKind.FUND: Phrase("基金", "funds"),
    ProductKind.WEALTH: Phrase("理财", "wealth products"),
    ProductKind.INSURANCE: Phrase("保险", "insurance"),
    ProductKind.LOAN: Phrase("贷款", "loans"),
    ProductKind.CARD: Phrase("刷卡", "card purchases"),
    ProductKind.PAYMENT: Phrase("支付", "payments"),
    ProductKind.SERVICE: Phrase("服务", "services"),
    ProductKind.FUTURES: Phrase("期货", "futures"),
}
COUNTING = {
    Counting.FROM_CLAIM: Phrase("从领取当天算起", "counted from the day of the claim"),
    Counting.WINDOW: Phrase("活动期内的都算", "counted over the whole time above"),
}
MEASURED = {
    MeasuredBy.FILE: Phrase("以银行系统记录为准", "as the bank's books say"),
    MeasuredBy.STAFF: Phrase("由客户经理确认", "as your manager confirms"),
}
BUYS = Phrase(
    "{kinds}满 {amount}（{counting}；退回、赎回的扣除{look_back}；{measured}{risk}）",
    "{kinds} for at least {amount} yuan ({counting}; what is returned is taken off{look_back}; {measured}{risk})",
)
LOOK_BACK = Phrase("，起算前 {days} 天内赎回的也扣除", ", also what was returned in the {days} days before")
RISK = Phrase(
    "；产品风险等级不高于 {risk}；须有有效的风险测评，承受能力不低于 {risk}",
    "; risk up to {risk}, for whoever has a valid assessment and may bear {risk}",
)
FREE = Phrase("无需购买", "nothing has to be bought")
HOLDS = Phrase(
    "领取时投资类资产不低于 {amount}（不含存款，取最近两期统计中较低的）",
    "investments from {amount} yuan, the lower of the last two counts, deposits left out",
)
STAGES = {
    Lifecycle.NEW: Phrase("新客户", "new customers"),
    Lifecycle.GROWING: Phrase("成长期客户", "growing customers"),
    Lifecycle.MATURE: Phrase("成熟期客户", "long-standing customers"),
    Lifecycle.CHURN_WARNING: Phrase("近来往来减少的客户", "customers who dealt with us less of late"),
}
ALL = Phrase("本行客户", "every customer of the bank")
AUDIENCE = Phrase("，并且：{line}", ", and: {line}")
ALONE = Phrase(
    "不与其他券叠加；别的券达标用过的资金次日起才算",
    "with no other; after another one was met, purchases count from the next day",
)
TOGETHER = Phrase("可与这些券叠加：{codes}", "goes together with: {codes}")
CLAW_BACK = Phrase(
    "兑付后 {days} 天内把达标的产品退回、赎回，券作废，已付的收回",
    "if what was bought is returned within {days} days of the payment, what was paid is taken back",
)
NO_CLAW_BACK = Phrase("兑付后不收回", "what was paid is not taken back")
STEPS = Phrase("进度到 {steps} 时提醒一次", "you are told once at {steps}")
PAGE = Phrase(
    "《{name}》规则（{code}）\n"
    "给什么：{gives}，面额 {value} 元\n"
    "给谁：{aim}\n"
    "条件：{condition}\n"
    "领取时间：{first} 至 {last}，绑定手机号后领取，每位客户一张\n"
    "有效期：领取后 {valid} 天内达标并申请\n"
    "叠加：{stacking}；同时最多持有 {at_once} 张\n"
    "数量：{stock} 张；总额 {budget} 元，未兑付的合计不超过 {liability} 元，发完即止\n"
    "收回：{claw_back}\n"
    "说明：{terms}\n"
    "承担方：{partner}；主办：{organiser}；投诉与咨询：{complaints}",
    "“{name}”: the rules ({code})\n"
    "What: {gives}, worth {value} yuan\n"
    "For: {aim}\n"
    "Condition: {condition}\n"
    "To be claimed from {first} to {last} with a linked number, once per customer\n"
    "Valid: to be met and asked for within {valid} days of the claim\n"
    "Together: {stacking}; {at_once} at once at most\n"
    "There are {stock}; {budget} yuan in all, {liability} yuan outstanding at most, while they last\n"
    "Taken back: {claw_back}\n"
    "Terms: {terms}\n"
    "Borne by {partner}; organiser: {organiser}; complaints and questions: {complaints}",
)
NOTICE = Phrase("⚠️ {notice}", "⚠️ {notice}")


def yuan(fen: int) -> str:
    """An amount in yuan with thousands, and cents where there are any."""
    whole, rest = divmod(fen, YUAN)
    return f"{whole:,}" + (f".{rest:02}" if rest else "")


def amount(fen: int, language: Language) -> str:
    """An amount as people say it: 1 万元 where it is exact, 1,234 元; in English the number alone."""
    if language is not Language.ZH:
        return yuan(fen)
    is_round = fen >= 10_000 * YUAN and not fen % (1_000 * YUAN)
    return f"{fen / (10_000 * YUAN):g} 万元" if is_round else f"{yuan(fen)} 元"


def condition_words(plan: VoucherPlan, language: Language) -> str:
    """What has to be bought and held, in one sentence."""
    parts = [_buys(plan.condition, language)] if plan.condition else []
    if plan.holds_fen:
        parts.append(HOLDS.say(language, amount=amount(plan.holds_fen, language)))
    return joined(parts or [FREE.say(language)], language, "；", "; ")


def for_whom(aim: Aim | None, language: Language) -> str:
    """For whom something is, as the customers themselves read it; None is for all."""
    if aim is None:
        return ALL.say(language)
    stages = joined((STAGES[each].say(language) for each in sorted(aim.lifecycles)), language)
    others = aim_words(replace(aim, lifecycles=frozenset()), language)
    return " · ".join(part for part in (others, stages) if part)


def rule_page(plan: VoucherPlan, language: Language) -> str:
    """Every field that decides anything, in words (S-199, S-200)."""
    aim = for_whom(plan.aim, language)
    audience = AUDIENCE.say(language, line=plan.audience) if plan.audience else ""
    codes = joined(sorted(plan.stacks_with), language)
    claw_back = CLAW_BACK.say(language, days=plan.claw_back_days) if plan.claw_back_days else None
    text = PAGE.say(
        language,
        name=plan.name.read_in(language),
        code=plan.code,
        gives=BENEFITS[plan.gives].say(language),
        value=yuan(plan.value_fen),
        aim=aim + audience,
        condition=condition_words(plan, language),
        first=plan.first.isoformat(),
        last=plan.last.isoformat(),
        valid=plan.valid_days,
        stacking=TOGETHER.say(language, codes=codes) if codes else ALONE.say(language),
        at_once=plan.at_once,
        stock=plan.stock,
        budget=yuan(plan.budget_fen),
        liability=yuan(plan.liability_fen),
        claw_back=claw_back or NO_CLAW_BACK.say(language),
        terms=plan.terms.read_in(language),
        partner=plan.partner,
        organiser=plan.organiser.read_in(language),
        complaints=plan.complaints.read_in(language),
    )
    steps = joined((f"{step}%" for step in plan.remind_at), language)
    more = [STEPS.say(language, steps=steps)] if steps else []
    return "\n".join([text, *more, *notice_lines(plan, language)])


def notice_lines(plan: VoucherPlan, language: Language) -> list[str]:
    """The risk notice, where there is one."""
    return [NOTICE.say(language, notice=plan.notice.read_in(language))] if plan.notice else []


def with_notices(body: str, notices: Iterable[str]) -> str:
    """A body with every risk notice in one message: where both are too long the body ends earlier (Advertising Law)."""
    said = "\n".join(dict.fromkeys(notices))
    room = LONGEST - len(said) - 1
    shown = body if len(body) <= room else body[: max(room, 0)].rpartition("\n")[0]
    return f"{shown}\n{said}".strip()


def joined(words: Iterable[str], language: Language, zh: str = "、", en: str = ", ") -> str:
    """Words as the language lists them."""
    return (zh if language is Language.ZH else en).join(words)


def _buys(condition: Condition, language: Language) -> str:
    kinds = [KINDS[each].say(language) for each in sorted(condition.kinds)]
    look_back = LOOK_BACK.say(language, days=condition.look_back_days) if condition.look_back_days else ""
    return BUYS.say(
        language,
        kinds=joined([*kinds, *sorted(condition.products)], language),
        amount=amount(condition.at_least_fen, language),
        counting=COUNTING[condition.counting].say(language),
        look_back=look_back,
        measured=MEASURED[condition.measured_by].say(language),
        risk=RISK.say(language, risk=condition.risk) if condition.risk else "",
    )
