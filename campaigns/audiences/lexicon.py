"""The words of the language: which word is which field, value or keyword, in both languages, and what is near to it."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from campaigns.audiences.fields import FIELDS, Choice, Field, Kind
from campaigns.audiences.model import Comparison

AND = frozenset({"and", "&", "&&", "with", "且", "并且", "而且", "同时"})
OR = frozenset({"or", "|", "||", "或", "或者"})
NOT = frozenset({"not", "!", "without", "no", "非", "不是", "没有", "无"})
EVERYBODY = frozenset({"everybody", "everyone", "all_customers", "所有客户", "全部客户"})
IN = frozenset({"in", "any_of", "one_of", "属于"})
NOT_IN = frozenset({"not_in", "不属于"})
BETWEEN = frozenset({"between", "在"})
IS = frozenset({"is", "are", "是", "为", "有"})
KNOWN = frozenset({"known", "已知"})
UNKNOWN = frozenset({"unknown", "未知"})
WITHIN = frozenset({"within", "in_the_last", "last", "past", "近", "最近"})
INSIDE = frozenset({"内", "以内", "之内", "ago"})
RANGE = frozenset({"..", "...", "…", "~", "〜", "–", "—", "-", "to", "到", "至"})
AFTER_RANGE = frozenset({"之间"})
ME = frozenset({"me", "我", "本人"})
COMPARISONS: Mapping[str, Comparison] = {
    **dict.fromkeys(("=", "==", ":", "equals", "等于"), Comparison.EQUAL),
    **dict.fromkeys(("!=", "<>", "≠", "不等于"), Comparison.UNEQUAL),
    **dict.fromkeys(
        ("<", "under", "below", "less_than", "before", "小于", "低于", "少于", "不足", "早于"), Comparison.LESS
    ),
    **dict.fromkeys(("<=", "≤", "at_most", "until", "至多", "最多", "不超过", "不高于", "不多于"), Comparison.AT_MOST),
    **dict.fromkeys(
        (">", "over", "above", "more_than", "after", "大于", "高于", "多于", "超过", "晚于"), Comparison.MORE
    ),
    **dict.fromkeys((">=", "≥", "at_least", "since", "至少", "不低于", "不少于"), Comparison.AT_LEAST),
}  # fmt: skip
KEYWORDS: frozenset[str] = frozenset().union(
    AND,
    OR,
    NOT,
    EVERYBODY,
    IN,
    NOT_IN,
    BETWEEN,
    IS,
    KNOWN,
    UNKNOWN,
    WITHIN,
    INSIDE,
    RANGE,
    AFTER_RANGE,
    ME,
    COMPARISONS,
)
MOST_NEAR = 3
NEARNESS = 0.6
# The characters of the vocabulary that the papers write in their traditional form.
TRADITIONAL = str.maketrans(
    "齡費標籤類別資產層潛價無萬億歲內過於屬員戶開連營銷觸達納實險級業職區間結構單財貸購轉賬蓋參絡經聯繫較條個證約門發錄應數總對長從與並銀潤創貴賓準備學雇體紅獎勵獲絕閒臨線櫃當節現報鎖處",
    "龄费标签类别资产层潜价无万亿岁内过于属员户开连营销触达纳实险级业职区间结构单财贷购转账盖参络经联系较条个证约门发录应数总对长从与并银润创贵宾准备学雇体红奖励获绝闲临线柜当节现报锁处",
)


def fold(text: str) -> str:
    """Lower case, narrow, simplified; as many characters as before, so that positions stay."""
    return "".join(map(_fold, text)).translate(TRADITIONAL)


def _fold(character: str) -> str:
    narrow = unicodedata.normalize("NFKC", character).lower()
    return narrow if len(narrow) == 1 else character


class Lexicon:
    """All words of the language; the tags' Chinese names come from outside, since people read them elsewhere too."""

    def __init__(self, tag_names: Mapping[str, str] | None = None) -> None:
        self.tag_names = tag_names or {}
        self._fields = {
            fold(word): each for each in FIELDS.values() for word in (*each.others, each.zh, each.name)
        }  # The name last, so that nothing stands in its way.
        self._values: dict[str, dict[str, str]] = {
            name: {fold(word): choice.code for choice in self.choices(each) for word in _words(choice)}
            for name, each in FIELDS.items()
        }
        self._holders: defaultdict[str, list[str]] = defaultdict(list)
        for name, values in self._values.items():
            for word in values:
                self._holders[word].append(name)
        vocabulary = {*self._fields, *self._holders, *KEYWORDS}
        self.chinese = frozenset(word for word in vocabulary if not word.isascii())
        self.longest = max(map(len, self.chinese))

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """A field's values with their words."""
        if field.kind is not Kind.TAGS:
            return field.choices
        return tuple(Choice(each.code, self.tag_names.get(each.code, each.code)) for each in field.choices)

    def field(self, word: str) -> Field | None:
        """The field of this name in either language."""
        return self._fields.get(fold(word))

    def value(self, field: Field, word: str) -> str | None:
        """The code of a field's value, from its code or any word for it."""
        return self._values[field.name].get(fold(word))

    def holders(self, word: str) -> list[str]:
        """The fields that have a value of this name."""
        return self._holders.get(fold(word), [])

    def near_fields(self, word: str) -> tuple[str, ...]:
        """Names of fields, or values that stand alone, that may have been meant, in the language of the word."""
        return _near(word, [*self._fields, *self._holders])

    def near_values(self, field: Field, word: str) -> tuple[str, ...]:
        """A field's values that may have been meant; all of them where they are few and none is near."""
        found = _near(word, self._values[field.name])
        if found or len(field.choices) > 8:
            return found
        return tuple(each.code if word.isascii() else each.zh for each in field.choices)

    def says_field(self, name: str, *, in_chinese: bool) -> str:
        """A field by name."""
        field = FIELDS[name]
        return field.zh if in_chinese else field.name

    def says_value(self, name: str, code: str, *, in_chinese: bool) -> str:
        """A value in words."""
        if not in_chinese:
            return code
        return next((each.zh for each in self.choices(FIELDS[name]) if each.code == code), code)


def _words(choice: Choice) -> tuple[str, ...]:
    return (choice.code, choice.zh, *choice.others)


def _near(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The nearest by difflib's ratio (Ratcliff and Obershelp), of words in the same script alone."""
    same = [each for each in dict.fromkeys(known) if each.isascii() == word.isascii()]
    return tuple(get_close_matches(fold(word), same, MOST_NEAR, NEARNESS if word.isascii() else 0.5))
