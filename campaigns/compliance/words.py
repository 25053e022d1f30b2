"""Words that an offer may not say, and the notice that an offer of investments must carry.

A short list with its legal basis; a negated promise (不保本, "not guaranteed") is no promise.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Term:
    """A pattern over text without spaces (Chinese) or over lower-case text (English), and the law against it."""

    pattern: re.Pattern[str]
    law: str


@dataclass(frozen=True)
class Finding:
    """A forbidden word as it was found, and the law against it."""

    word: str
    law: str


ABSOLUTE = "Advertising Law art. 9(3)"
PROMISE = "Advertising Law art. 25(1)"
LAST_WORD = "Measures for Penalties against Infringement of Consumer Rights, art. 12"

_CHINESE = (
    Term(
        re.compile("国家级|世界级|最高级|最佳|最优|最好|顶级|独一无二|绝无仅有|(?:全网|全国|行业|业内|同业)第一"),
        ABSOLUTE,
    ),
    Term(re.compile("保本|保收益|保息|保证(?:本金|收益|回报)|稳赚|包赚|只赚不赔|[无零]风险|刚性兑付"), PROMISE),
    Term(re.compile("最终解释权"), LAST_WORD),
)
_ENGLISH = (
    Term(re.compile(r"\bthe best\b|\bnumber one\b|#1\b|\bworld[- ]class\b"), ABSOLUTE),
    Term(
        re.compile(
            r"\bguarantee[sd]? (?:your |the |a )?(?:principal|capital|returns?|profits?|income|yield)\b"
            r"|\brisk[- ]free\b|\bno risk\b(?! (?:rating|level|assessment))|\bcan(?:not|'t) lose\b"
        ),
        PROMISE,
    ),
)

# Between the negation and the word only words of promising may stand: 不承诺保本 negates, 不仅保本 and 非常保本 do not.
_NEGATED = re.compile(
    "(?:不|非|未|没有|无法)(?:得|能|会|可|是|属于|承诺|保证|保|提供|构成|存在|作出|任何|本金|收益|回报|[本息和或及与、])*$"
)
_AGAIN = re.compile("[不非未无莫](?:得|能|会|可能?|是)?$")
_NEGATED_ENGLISH = re.compile(r"\b(?:not|no|never|nor|without|doesn't|don't)(?: (?:a|an|any|be|is|are))* ?$")

_JOB_TITLES = re.compile("理财经理|理财顾问|wealth manager|fund(?:s)? transfer")
_INVESTMENTS = re.compile(
    r"理财|基金|投资|资管|信托|净值|结构性存款|债券|股票|贵金属|\bwealth\b|\bfunds?\b|\binvest|\bsecurities\b|\bbonds?\b"
)
_CHINESE_NOTICE = re.compile("理财非存款[、,，。;；]?产品有风险[、,，。;；]?投资[须需]谨慎")
_ENGLISH_NOTICE = re.compile(r"wealth products are not deposits[;,.] products carry risk[;,.] invest with care")


def text_of(payload: Mapping[str, Any]) -> str:
    """All that a person reads of a Bot API call: text or caption, and the labels of its buttons."""
    rows = (payload.get("reply_markup") or {}).get("inline_keyboard", ())
    labels = [str(button.get("text", "")) for row in rows for button in row]
    return "\n".join([str(payload.get("text") or payload.get("caption") or ""), *labels])


def forbidden(text: str) -> tuple[Finding, ...]:
    """Absolute terms and promises in a text, in the order of the list."""
    spaced = _spaced(text)
    chinese = [
        _finding(term, found)
        for term in _CHINESE
        for found in term.pattern.finditer(_compact(text))
        if _is_meant(found)
    ]
    english = [
        _finding(term, found)
        for term in _ENGLISH
        for found in term.pattern.finditer(spaced)
        if not _NEGATED_ENGLISH.search(spaced[: found.start()])
    ]
    return (*chinese, *english)


def lacks_risk_notice(text: str) -> bool:
    """Whether a text speaks of investments without 理财非存款、产品有风险、投资须谨慎 or its English."""
    compact, spaced = _compact(text), _spaced(text)
    if _CHINESE_NOTICE.search(compact) or _ENGLISH_NOTICE.search(spaced):
        return False
    return any(_INVESTMENTS.search(_JOB_TITLES.sub("", form)) for form in (compact, spaced))


def _is_meant(found: re.Match[str]) -> bool:
    """Whether a promise stands unnegated; two negations make it a promise again (不会不保本)."""
    negation = _NEGATED.search(found.string[: found.start()])
    return negation is None or _AGAIN.search(found.string[: negation.start()]) is not None


def _finding(term: Term, found: re.Match[str]) -> Finding:
    return Finding(found.group(), term.law)


def _compact(text: str) -> str:
    """Without spaces and invisible characters, so that 保 本 is read as what it says."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
