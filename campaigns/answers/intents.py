"""What people ask of the bot by name: one table of plain words, Chinese first."""

from collections.abc import Set
from functools import cache

from campaigns.answers.lexicon import LEXICON
from campaigns.answers.matching import LONGEST_QUESTION, pieces_of, units_of
from campaigns.answers.model import Intent
from campaigns.quizzes.answers import normal

# What people add to the name of what is theirs: 查我的波豆, 我有多少积分, 我有什么券.
ADDED = frozenset({"mine", "see", "amount", "may"})
INTENTS: dict[Intent, tuple[str, ...]] = {
    Intent.POINTS: ("波豆", "波豆余额", "波豆明细", "point balance"),
    Intent.CHAINS: (
        "接龙",
        "我参加了哪些接龙",
        "我报名了什么接龙",
        "which chains did I join",
    ),
    Intent.COUPONS: ("券", "待领取", "what coupons do I have", "我有什么券"),
    Intent.STAMPS: ("集章",),
    Intent.PROGRESS: (
        "进度",
        "办卡进度",
        "申请进度",
        "卡办到哪一步了",
        "卡办到哪了",
        "申请到哪一步了",
        "progress of my card",
        "card application progress",
        "how is my card application going",
    ),
    Intent.HELP: ("帮助", "你能做什么", "怎么用机器人", "help", "what can you do", "how to use the bot"),
    Intent.LANGUAGE: ("语言", "换语言", "切换语言", "说英文", "用英语", "speak english", "english please"),
    Intent.PERSON: (
        "人工",
        "找人工",
        "找人工客服",
        "联系理财经理",
        "human",
        "talk to a human",
        "contact my manager",
        "I need to talk to a human",
    ),
}


def intent_of(text: str) -> Intent | None:
    """What is asked for by name; None when it is anything else."""
    if len(text) > LONGEST_QUESTION:
        return None
    bare = normal(text)
    if bare in LEXICON.greetings:
        return Intent.GREETING
    if bare in LEXICON.thanks:
        return Intent.THANKS
    units = units_of(text).weights.keys()
    if not units:  # Polite words and nothing else; what is in a script of which we know no word is no greeting.
        return Intent.GREETING if bare and bare == normal("".join(pieces_of(text))) else None
    return _table().get(_core(units))


def _core(units: Set[str]) -> frozenset[str]:
    """A request without what people add; how and where say nothing beside see, what nothing beside mine."""
    idle = {"how", "where"} if "see" in units else set()
    if "mine" in units:
        idle |= {"what"}
    return frozenset(units - ADDED - idle) or frozenset(units)


@cache
def _table() -> dict[frozenset[str], Intent]:
    return {_core(units_of(phrase).weights.keys()): intent for intent, phrases in INTENTS.items() for phrase in phrases}
