"""What people read about enterprises: tiers and who serves them, factors, lines of business, needs, the next step."""

from collections.abc import Iterator

from campaigns.customers.enterprises import EnterprisePortrait, Tier, TierReason, TierStep
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.segments import yuan

TIERS = {
    Tier.STRATEGIC: Phrase("战略客户", "strategic"),
    Tier.KEY: Phrase("重点客户", "key"),
    Tier.GENERAL: Phrase("一般客户", "general"),
}
TEAMS = {
    Tier.STRATEGIC: Phrase("总分行联合服务团队，行长牵头", "head office and branch together, led by the branch's head"),
    Tier.KEY: Phrase("分行公司部服务团队", "the branch's corporate team"),
    Tier.GENERAL: Phrase("网点客户经理", "the branch office's manager"),
}
FACTORS = {
    "business": Phrase("存贷款合计", "loans and deposits"),
    "settlement": Phrase("年结算量", "settlement a year"),
    "credit": Phrase("信用等级", "credit grade"),
    "industry": Phrase("行业", "line of business"),
}
INDUSTRIES = {
    "manufacturing": Phrase("制造业", "manufacturing"),
    "technology": Phrase("科技", "technology"),
    "energy": Phrase("能源", "energy"),
    "trade": Phrase("批发零售与贸易", "trade"),
    "agriculture": Phrase("农业", "agriculture"),
    "construction": Phrase("建筑业", "construction"),
    "real_estate": Phrase("房地产", "real estate"),
    "logistics": Phrase("物流", "logistics"),
    "healthcare": Phrase("医疗健康", "healthcare"),
    "services": Phrase("服务业", "services"),
    "other": Phrase("其他行业", "other"),
}
NEEDS = {
    "receivables_finance": Phrase("应收账款融资", "receivables finance"),
    "supply_chain": Phrase("供应链金融", "supply chain finance"),
    "cross_border_settlement": Phrase("跨境结算", "cross-border settlement"),
    "long_term_loan": Phrase("长期贷款", "long-term loans"),
    "risk_management": Phrase("风险管理", "risk management"),
}
HEAD = Phrase(
    "{number}：企业客户，{tier}（{points:.1f} 分，{as_of}，策略 {version}）",
    "{number}: an enterprise, {tier} ({points:.1f} points, as of {as_of}, policy {version})",
)
TEAM = Phrase("服务团队：{team}", "Served by: {team}")
REASON = Phrase("{name} {value}：{points:.1f} 分（{lift:+.1f}）", "{name} {value}: {points:.1f} points ({lift:+.1f})")
REASONS = Phrase("依据（括号内为相对重点线的高低）：", "Because of (in brackets: against the line of a key customer):")
STEPS = Phrase("升级到上一档，任一即可：", "One of these leads to the next tier:")
MORE = Phrase("{name}增加 {yuan} 元", "{yuan} yuan more of {name}")
GRADE = Phrase("信用等级达到 {grade}", "a credit grade of {grade}")
TOP = Phrase("已是最高档", "This is the highest tier.")
NO_STEP = Phrase("单项变化不能升级", "No single change leads to the next tier.")
NEED = Phrase("行业常见需求：{needs}", "What the line of business usually needs: {needs}")
REPRESENTATIVE = Phrase("法定代表人客户号：{number}", "Legal representative's customer number: {number}")
OLD = Phrase("数据日期 {told_on}，可信度 {confidence:.0%}", "figures of {told_on}, confidence {confidence:.0%}")
UNKNOWN = Phrase("未知", "unknown")
HISTORY = Phrase("历史：{past}", "History: {past}")


def tier_name(tier: Tier, language: Language) -> str:
    """The tier by name: "战略客户"."""
    return TIERS[tier].say(language)


def need_words(code: str, language: Language) -> str:
    """A need by name."""
    return NEEDS[code].say(language) if code in NEEDS else code


def enterprise_lines(found: EnterprisePortrait, language: Language) -> Iterator[str]:
    """What is said of an enterprise, line by line."""
    joint = "、" if language is Language.ZH else ", "
    facts = {"number": found.number, "tier": tier_name(found.tier, language), "points": found.points}
    yield HEAD.say(language, **facts, as_of=found.as_of, version=found.policy_version)
    yield OLD.say(language, told_on=found.told_on, confidence=found.confidence)
    yield TEAM.say(language, team=TEAMS[found.tier].say(language))
    yield REASONS.say(language)
    yield from (f"  {_reason(reason, language)}" for reason in found.reasons)
    yield from _steps(found, language)
    yield NEED.say(language, needs=joint.join(need_words(need, language) for need in found.needs))
    if found.representative:
        yield REPRESENTATIVE.say(language, number=found.representative)
    yield HISTORY.say(language, past=joint.join(f"{p.as_of} {tier_name(p.tier, language)}" for p in found.history))


def _reason(reason: TierReason, language: Language) -> str:
    name = FACTORS[reason.code].say(language)
    return REASON.say(language, name=name, value=_value(reason, language), points=reason.points, lift=reason.lift)


def _value(reason: TierReason, language: Language) -> str:
    if reason.value is None:
        return UNKNOWN.say(language)
    if isinstance(reason.value, str):
        return INDUSTRIES[reason.value].say(language) if reason.value in INDUSTRIES else reason.value
    return yuan(int(reason.value))


def _steps(found: EnterprisePortrait, language: Language) -> Iterator[str]:
    if found.tier is Tier.STRATEGIC:
        yield TOP.say(language)
    elif not found.steps:
        yield NO_STEP.say(language)
    else:
        yield STEPS.say(language)
        yield from (f"  {_step(step, language)}" for step in found.steps)


def _step(step: TierStep, language: Language) -> str:
    if step.grade is not None:
        return GRADE.say(language, grade=step.grade)
    return MORE.say(language, name=FACTORS[step.code].say(language), yuan=yuan(step.change_fen or 0))
