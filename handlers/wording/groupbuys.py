"""What people read about group-buys: stages, terms, refusals, and how a group-buy goes on and ends."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from campaigns.chains.eligibility import Condition, ConditionFault, ConditionKind, Holding
from campaigns.chains.model import Chain
from campaigns.chains.stages import Groupbuy, GroupbuyState, LeaderRule, Stage, StageFault, reached
from campaigns.compliance.words import lacks_risk_notice
from campaigns.groupbuys.model import ExtendCode, GroupbuyRefusal, GroupbuyView, OwnState, StageView, TermFault
from campaigns.groupbuys.rules import leader_of, people_of
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

RISK_NOTICE = Phrase(
    "理财非存款、产品有风险、投资须谨慎。",
    "Wealth products are not deposits; products carry risk; invest with care.",
)
LONGEST_TITLE = 40
BETWEEN = Phrase("、", ", ")

HOLDINGS = {
    Holding.CARDS: Phrase("本行银行卡", "a card of this bank"),
    Holding.TIME_DEPOSIT: Phrase("定期存款", "a time deposit"),
    Holding.STRUCTURED_DEPOSIT: Phrase("结构性存款", "a structured deposit"),
    Holding.LARGE_CERTIFICATES: Phrase("大额存单", "a large certificate of deposit"),
    Holding.WEALTH_PRODUCTS: Phrase("理财产品", "wealth products"),
    Holding.FUNDS: Phrase("基金", "funds"),
    Holding.ASSET_PLANS: Phrase("资管计划", "asset plans"),
    Holding.LOANS: Phrase("贷款", "a loan"),
}

# What everybody reads of a condition. Letters are never among it: a list of names under them would tell them.
CONDITIONS = {
    ConditionKind.IN_PERSON: Phrase("本人报名，不能代报", "each signs up in person"),
    ConditionKind.BOUND: Phrase("已绑定手机号的客户", "customers who linked their number"),
    ConditionKind.REGION: Phrase("限 {values}", "only {values}"),
    ConditionKind.CLASS: Phrase("本行邀请的客户（可问理财经理）", "customers whom the bank invited (ask your manager)"),
    ConditionKind.NOT_HOLDING: Phrase("还没有{values}", "who do not have {values} yet"),
    ConditionKind.ONCE: Phrase("每位客户全活动限一个团", "one group per customer in this campaign"),
}
UNMET = {
    ConditionKind.IN_PERSON: Phrase(
        "拼团只能本人报名。请私聊我发「邀请」，把邀请转给他，让他自己报名。",
        "In a group-buy everybody signs up in person. Send me “invite” in private and pass the invitation on.",
    ),
    ConditionKind.BOUND: Phrase(
        "这次拼团面向已绑定手机号的客户。请私聊我发 /bind 绑定，再回来点一次「我要接龙」。",
        "This one is for customers who linked their number. Send me /bind in private, then tap again.",
    ),
    ConditionKind.REGION: Phrase(
        "这次拼团限 {values}。如果您也在这里，请联系群里的理财经理核实。",
        "This one is only for {values}. If that is where you are, please ask the group's wealth manager.",
    ),
    ConditionKind.CLASS: Phrase(
        "这次拼团由本行邀请部分客户参加，还没有邀请到您。想知道有哪些适合您的活动，请问群里的理财经理。",
        "The bank invited some customers to this one, and has not invited you yet. "
        "Please ask the group's wealth manager what there is for you.",
    ),
    ConditionKind.NOT_HOLDING: Phrase(
        "这次拼团面向还没有{values}的客户，所以没有报上名。如有疑问，请问群里的理财经理。",
        "This one is for customers who do not have {values} yet. If in doubt, please ask the group's wealth manager.",
    ),
    ConditionKind.ONCE: Phrase(
        "同一活动每位客户只参加一个团，您已在「{group}」报名。想换团，请先在那里退出。",
        "One group per customer: you are in “{group}” already. To change, leave there first.",
    ),
}
ASK_THE_CARD = Phrase(
    "没有报上名。请点卡片上的「我要接龙」，原因只有您自己看得到。",
    "You are not in. Tap “Join” on the card: only you will see why.",
)

STATES = {
    GroupbuyState.RUNNING: Phrase("拼团中", "forming"),
    GroupbuyState.FORMED: Phrase("已成团", "formed"),
    GroupbuyState.FAILED: Phrase("未成团", "did not form"),
}
STAGE_DONE = Phrase("✅ {size} 人：{benefit}", "✅ {size} people: {benefit}")
STAGE_OPEN = Phrase("⬜ {size} 人：{benefit}（还差 {missing} 人）", "⬜ {size} people: {benefit} ({missing} more)")
STAGE_LOST = Phrase("⬜ {size} 人：{benefit}", "⬜ {size} people: {benefit}")
TERMS = Phrase("条件：{conditions}", "For: {conditions}")
LEADER = Phrase("团长：{name}", "Leader: {name}")
LEADER_RULES = {
    LeaderRule.NEXT: Phrase("团长退出时由下一位接任", "if the leader leaves, the next in order leads"),
    LeaderRule.ENDS: Phrase("团长退出则本团解散", "if the leader leaves, this group-buy ends"),
}
AT_TOP = Phrase("满 {size} 人即刻成团", "forms at once with {size} people")
AT_DEADLINE = Phrase("截止时满 {size} 人成团", "forms with {size} people at the deadline")
EXTENDED_ONCE = Phrase("已延期一次", "extended once")

ENDED = Phrase(
    "拼团「{product}」{state}，{people} 人。发 /chains 看完整名单。",
    "The group-buy “{product}” {state}, with {people} people. Send /chains for the full list.",
)
EXTEND_OWN_WAY = Phrase(
    "拼团只能延期一次：截止前私聊我发「延期」。",
    "A group-buy is extended once, before it ends: send me “extend” in private.",
)
EXTEND_CODES = {
    ExtendCode.EXTENDED: Phrase("已延期，群里会通知大家。", "Extended; the group is told."),
    ExtendCode.NO_GROUPBUY: Phrase("没有找到这个拼团。", "There is no such group-buy."),
    ExtendCode.NOT_YOURS: Phrase("只有团长或理财经理可以延期。", "Only its leader or its manager can extend it."),
    ExtendCode.OVER: Phrase("这个拼团已经结束，不能延期。", "This group-buy is over and cannot be extended."),
    ExtendCode.ONCE_ONLY: Phrase("这个拼团已经延期过一次，不能再延。", "It was extended once already."),
    ExtendCode.BAD_DAYS: Phrase("只能延 1 天或 3 天。", "It can be extended by 1 or 3 days."),
}
REFUSALS = {
    GroupbuyRefusal.NO_GROUP: Phrase(
        "有一个群还没有登记，请先在群里发 /register。", "One group is not registered yet: send /register there first."
    ),
    GroupbuyRefusal.NOT_YOUR_GROUP: Phrase(
        "有一个群由另一位理财经理管理。", "Another wealth manager looks after one of the groups."
    ),
    GroupbuyRefusal.PAST_DEADLINE: Phrase("截止时间已经过去了。", "That deadline is in the past."),
    GroupbuyRefusal.SAME_PRODUCT_OPEN: Phrase(
        "「{group}」已有同名接龙在进行，请先结束它。", "A chain with this name is open in “{group}”: close it first."
    ),
    GroupbuyRefusal.NO_BUDGET: Phrase(
        "这些档位最多要付 {group} 波豆，您的群没有截止更晚、预算足够的波豆活动。请减少名额或波豆，或请运营开预算。",
        "These stages may cost {group} points, and no campaign of your groups runs longer and holds as many. "
        "Take fewer places or points, or ask for a budget.",
    ),
}
FAULTS = {
    StageFault.NO_STAGE: Phrase("请至少写一档，如：3人=首年免年费。", "Name a stage at least: 3 people = benefit."),
    StageFault.MANY_STAGES: Phrase("最多 5 档。", "Five stages at most."),
    StageFault.BAD_SIZE: Phrase("每档人数请写 2 到 500。", "A stage takes 2 to 500 people."),
    StageFault.SAME_SIZE: Phrase("有两档人数相同。", "Two stages have the same size."),
    StageFault.BEYOND_PLACES: Phrase(
        "最高档人数超过了名额。", "The top stage needs more people than there are places."
    ),
    StageFault.NO_BENEFIT: Phrase("每档要写解锁什么，如：3人=首年免年费。", "Say what each stage unlocks."),
    StageFault.LONG_BENEFIT: Phrase("每档福利最多 60 字。", "A benefit takes 60 characters at most."),
    ConditionFault.UNKNOWN_LETTER: Phrase("客户类别只有 A、B、C、D。", "The classes are A, B, C and D."),
    ConditionFault.NO_REGION: Phrase("地区请写名称，每个最多 20 字。", "Name the region, 20 characters at most."),
    ConditionFault.MANY_REGIONS: Phrase("地区最多写 5 个。", "Five regions at most."),
    ConditionFault.UNKNOWN_HOLDING: Phrase("没看懂是哪种产品。", "I do not know that product."),
    ConditionFault.MANY_HOLDINGS: Phrase("「未持有」最多写 3 种产品。", "Three products not held at most."),
    TermFault.UNREADABLE: Phrase("没看懂「{part}」。", "I could not read “{part}”."),
    TermFault.FORBIDDEN_WORD: Phrase("宣传里不能写「{part}」。", "Advertising may not say “{part}”."),
}

VIEW_HEAD = Phrase("【拼团】{product} · {state}", "[Group-buy] {product} · {state}")
VIEW_PROGRESS = Phrase("已有 {people} 人 · 截止 {when}", "{people} people so far · ends {when}")
OWN_STATES = {
    OwnState.NOT_IN: Phrase("您还没有报名。", "You are not in."),
    OwnState.IN: Phrase("您已报名，第 {place} 位。", "You are in: number {place}."),
    OwnState.TO_CONFIRM: Phrase("有名额轮到您了，请确认。", "A place is offered to you: please confirm it."),
    OwnState.WAITING: Phrase("您在候补第 {place} 位。", "You are number {place} on the waitlist."),
}
YOU_LEAD = Phrase("您是团长。", "You are the leader.")
EARNED = Phrase("已为您记下：{benefits}。", "On record for you: {benefits}.")
NONE_YET = Phrase("您还没有参加拼团。", "You are in no group-buy.")
NO_SUCH_LINK = Phrase("这个邀请已失效，请向朋友要新的。", "This invitation is no longer good: ask for a new one.")
JOIN_GROUP_FIRST = Phrase("先进群，再点卡片上的「我要接龙」。", "Join the group first, then tap “Join” on the card.")
ASK_FOR_GROUP = Phrase(
    "请邀请您的朋友拉您进群，再点卡片报名。", "Ask your friend to add you to the group, then tap its card."
)
SIGN_UP_BUTTON = Phrase("我要报名", "Sign up")
LEAVE_BUTTON = Phrase("退出「{product}」", "Leave “{product}”")
INVITE_BUTTON = Phrase("邀请好友「{product}」", "Invite to “{product}”")
EXTEND_BUTTON = Phrase("延期 {days} 天", "Extend by {days} days")
GROUP_BUTTON = Phrase("进群", "Join the group")
NOT_OPEN = Phrase("这个拼团已经结束。", "This group-buy is over.")


def condition(told: Condition, language: Language) -> str:
    """One condition as everybody may read it."""
    return CONDITIONS[told.kind].say(language, values=_values(told, language))


def unmet(told: Condition, elsewhere: str | None, language: Language) -> str:
    """Why somebody cannot take part and what to do; for that person's eyes alone, at most 200 characters."""
    group = (elsewhere or "")[:LONGEST_TITLE]
    return UNMET[told.kind].say(language, values=_values(told, language), group=group)


def terms(chain: Chain, language: Language) -> list[str]:
    """The lines of a card that say stages, conditions and rules; every condition is among them."""
    told = [condition(each, language) for each in chain.conditions]
    lines = [TERMS.say(language, conditions=Phrase("；", "; ").say(language).join(told))] if told else []
    buy = chain.groupbuy
    if buy is None:
        return lines
    lines = [*(_stage(each, len(people_of(chain)), buy, language) for each in buy.stages), *lines]
    lines.append(_rules(buy, language))
    if name := _leader_name(chain):
        lines.append(LEADER.say(language, name=name))
    if lacks_risk_notice("\n".join((chain.product, *lines))):
        lines.append(RISK_NOTICE.say(language))
    return lines


def ended(chain: Chain, language: Language) -> str:
    """What the manager hears in private when a group-buy is over."""
    assert chain.groupbuy is not None
    state = STATES[chain.groupbuy.state].say(language)
    return ENDED.say(language, product=chain.product, state=state, people=len(people_of(chain)))


def unlocked(chain: Chain, language: Language) -> list[str]:
    """One line per stage that a group-buy formed with, for its manager; everybody on the list earned them."""
    if chain.groupbuy is None or chain.groupbuy.formed is None:
        return []
    stages = reached(chain.groupbuy.stages, chain.groupbuy.formed)
    return [STAGE_DONE.say(language, size=each.size, benefit=each.benefit) for each in stages]


def _stage(stage: Stage, people: int, buy: Groupbuy, language: Language) -> str:
    missing = stage.size - people
    facts = {"size": stage.size, "benefit": stage.benefit, "missing": missing}
    if missing <= 0:
        return STAGE_DONE.say(language, **facts)
    return (STAGE_OPEN if buy.state is GroupbuyState.RUNNING else STAGE_LOST).say(language, **facts)


def _rules(buy: Groupbuy, language: Language) -> str:
    told = [AT_DEADLINE.say(language, size=buy.lowest.size), LEADER_RULES[buy.leader_rule].say(language)]
    if buy.ends_at_top:
        told.append(AT_TOP.say(language, size=buy.top.size))
    if buy.extended_at is not None:
        told.append(EXTENDED_ONCE.say(language))
    return Phrase("；", "; ").say(language).join(told)


def _leader_name(chain: Chain) -> str | None:
    leader = leader_of(chain)
    return next((each.masked_name for each in chain.entries if each.member_id == leader), None)


def _values(told: Condition, language: Language) -> str:
    match told.kind:
        case ConditionKind.CLASS:
            named: Sequence[str] = ()
        case ConditionKind.NOT_HOLDING:
            named = [HOLDINGS[Holding(each)].say(language) for each in told.values]
        case _:
            named = told.values
    return BETWEEN.say(language).join(named)


def view(found: GroupbuyView, zone: ZoneInfo, language: Language) -> str:
    """A group-buy as one person sees it in private: terms, progress, the own state."""
    between = Phrase("；", "; ").say(language)
    told = between.join(condition(each, language) for each in found.conditions)
    state = STATES[found.state].say(language)
    facts = {"people": found.people, "when": when(found.deadline, zone, language)}
    lines = [
        VIEW_HEAD.say(language, product=found.product, state=state),
        VIEW_PROGRESS.say(language, **facts),
        *(_stage_seen(each, found.state, language) for each in found.stages),
        TERMS.say(language, conditions=told),
        between.join([LEADER_RULES[found.leader_rule].say(language), *_top(found, language)]),
        *_own(found, language),
    ]
    return "\n".join([*lines, RISK_NOTICE.say(language)] if found.needs_risk_notice else lines)


def _stage_seen(stage: StageView, state: GroupbuyState, language: Language) -> str:
    words = STAGE_DONE if not stage.missing else STAGE_OPEN if state is GroupbuyState.RUNNING else STAGE_LOST
    return words.say(language, size=stage.size, benefit=stage.benefit, missing=stage.missing)


def _top(found: GroupbuyView, language: Language) -> list[str]:
    return [AT_TOP.say(language, size=found.stages[-1].size)] if found.ends_at_top else []


def _own(found: GroupbuyView, language: Language) -> list[str]:
    """How the reader stands, why not where a condition is not met, and what was earned."""
    if found.is_manager and found.own is OwnState.NOT_IN:
        return []
    lines = [OWN_STATES[found.own].say(language, place=found.place)]
    if found.is_leader:
        lines.append(YOU_LEAD.say(language))
    if found.unmet is not None and found.is_open:
        lines.append(unmet(found.unmet, found.elsewhere, language))
    if found.benefits:
        lines.append(EARNED.say(language, benefits=BETWEEN.say(language).join(found.benefits)))
    return lines
