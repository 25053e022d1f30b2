"""What a manager reads while the terms of a chain or group-buy are tapped together."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from campaigns.chains.eligibility import ConditionKind
from campaigns.chains.model import PlanFault
from campaigns.groupbuys.drafting import Terms
from campaigns.groupbuys.model import Opened, PlanProblem, Refused
from campaigns.members.model import Language
from handlers.wording import openings as opening_words
from handlers.wording.groupbuys import AT_TOP, BETWEEN, FAULTS, LEADER_RULES, REFUSALS, condition
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

SCREEN = Phrase(
    "「{product}」{places} 个名额，截止 {when}\n群：{groups}\n{stages}\n{conditions}\n"
    "点按钮加拼团档位和报名条件；不加就是普通接龙。好了点「开始」。",
    "“{product}”, {places} places, ends {when}\nGroups: {groups}\n{stages}\n{conditions}\n"
    "Tap to add stages and conditions; without any it is a plain chain. Then tap “Start”.",
)
NO_GROUP_CHOSEN = Phrase("（还没有选群）", "(none chosen)")
NO_STAGES = Phrase("拼团档位：无", "Stages: none")
STAGES = Phrase("拼团档位：{stages}；{rules}", "Stages: {stages}; {rules}")
STAGE = Phrase("{size} 人 {benefit}", "{size} people: {benefit}")
NO_CONDITIONS = Phrase("报名条件：无", "Conditions: none")
CONDITIONS = Phrase("报名条件：{conditions}", "Conditions: {conditions}")
LETTERS = Phrase("（{letters} 类，群里不显示类别）", " (classes {letters}, not shown to the group)")

CHOSEN = "✓ "
SIZE_BUTTON = Phrase("{size} 人成团", "{size} people")
OTHER_SIZE_BUTTON = Phrase("其他档位", "Another stage")
BOUND_BUTTON = Phrase("已绑定", "Linked")
NEW_TO_CARDS_BUTTON = Phrase("未持卡", "No card yet")
LETTER_BUTTON = Phrase("{letter} 类", "Class {letter}")
LEADER_BUTTON = Phrase("团长退出即散", "Ends with its leader")
AT_TOP_BUTTON = Phrase("满档即成", "Ends at the top stage")
START_BUTTON = Phrase("开始", "Start")
DROP_BUTTON = Phrase("取消", "Cancel")

ASK_BENEFIT = Phrase(
    "{size} 人解锁什么？最多 60 字，例如：首年免年费（发「取消」结束）",
    "What do {size} people unlock? 60 characters at most, for example: first year free (“cancel” ends)",
)
ASK_STAGE = Phrase(
    "请写人数和福利，例如：8人=首年免年费（发「取消」结束）",
    "Write size and benefit, for example: 8 people = first year free (“cancel” ends)",
)
OPENED = Phrase(
    "拼团「{product}」已在 {groups} 个群开始，卡片已发到群里。每位客户全活动限一个团。",
    "The group-buy “{product}” is open in {groups} groups; each has its card. One group per customer.",
)
CHAIN_OPENED = Phrase(
    "接龙「{product}」已在 {groups} 个群开始，卡片已发到群里。",
    "The chain “{product}” is open in {groups} groups; each has its card.",
)
CHOOSE_GROUP = Phrase("请先选一个群。", "Choose a group first.")
OUTDATED = Phrase(
    "这个设置已失效，请重新发 /chain 或 /groupbuy。", "These terms are gone: send /chain or /groupbuy again."
)
USAGE = Phrase(
    "请这样发：/groupbuy 产品 名额 截止时间 | 3人=福利 | 5人=福利 | 条件\n"
    "例如：/groupbuy 联名信用卡 20 3天 | 3人=首年免年费 | 5人=再送洗车券 | 已绑定 | 未持卡 | 地区=幸福里\n"
    "条件可写：已绑定、A类、未持卡、地区=社区名；规则可写：满档即成、团长退出即散\n"
    "福利写「30波豆」会在成团时从您群的波豆活动里支付；写「30波豆，退办收回」则在客户不办卡时收回",
    "Please send: /groupbuy product places deadline | 3 people = benefit | 5 people = benefit | conditions\n"
    "For example: /groupbuy Joint card 20 3d | 3 people = first year free | bound | no card | region=Oak Park\n"
    "Conditions: bound, class A, no card, region=name; rules: ends at top, leader ends\n"
    "A benefit of “30 points” is paid out of your groups' points campaign once it forms; "
    "with “taken back” it goes when the card is given up",
)
STEP_BY_STEP = Phrase("也可以发 /chain，我一步一步问你。", "Or send /chain and I will ask step by step.")


def screen(terms: Terms, groups: Sequence[str], zone: ZoneInfo, language: Language) -> str:
    """All that has been chosen so far; `groups` are the titles of the chosen ones."""
    return SCREEN.say(
        language,
        product=terms.chain.product,
        places=terms.chain.places,
        when=when(terms.chain.deadline, zone, language),
        groups=BETWEEN.say(language).join(groups) or NO_GROUP_CHOSEN.say(language),
        stages=_stages(terms, language),
        conditions=_conditions(terms, language),
    )


def problem(found: PlanProblem, language: Language) -> str:
    """What is wrong with terms, and what to write instead."""
    if isinstance(found.fault, PlanFault):
        return opening_words.plan_fault(found.fault, language)
    return FAULTS[found.fault].say(language, part=found.part)


def outcome(found: Opened | Refused, language: Language) -> str:
    """What the manager hears of a campaign that was opened, or why it was not."""
    if isinstance(found, Refused):
        return REFUSALS[found.refusal].say(language, group=found.group)
    return OPENED.say(language, product=found.chains[0].product, groups=len(found.chains))


def _stages(terms: Terms, language: Language) -> str:
    if not terms.stages:
        return NO_STAGES.say(language)
    named = [STAGE.say(language, size=each.size, benefit=each.benefit) for each in terms.stages]
    rules = [LEADER_RULES[terms.leader_rule].say(language)]
    if terms.ends_at_top:
        rules.append(AT_TOP.say(language, size=terms.stages[-1].size))
    between = Phrase("；", "; ").say(language)
    return STAGES.say(language, stages=between.join(named), rules=between.join(rules))


def _conditions(terms: Terms, language: Language) -> str:
    if not terms.conditions:
        return NO_CONDITIONS.say(language)
    told = Phrase("；", "; ").say(language).join(condition(each, language) for each in terms.conditions)
    letters = terms.values(ConditionKind.CLASS)
    shown = LETTERS.say(language, letters="".join(letters)) if letters else ""
    return CONDITIONS.say(language, conditions=told) + shown
