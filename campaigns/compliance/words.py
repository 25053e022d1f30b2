"""The gate of words: one function that every outgoing text passes, and the short questions that drafts are asked.

What may not be said, with its legal basis, its exceptions and a lawful rewording, stands in `lexicon.yaml`; what a text
is asked as a whole (risk notice, prizes, personal data, suitability) in `circumstances`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from campaigns.compliance.verdicts import NOTHING, Context, Hit, Outcome, Verdict

if TYPE_CHECKING:
    from campaigns.compliance.matching import Found, Matcher
    from campaigns.compliance.resemblance import Reader

_REMEMBERED = 4096
_OF_THE_WHOLE = frozenset({"risk_notice", "prize_value", "prize_terms", "personal_data", "suitability", "resemblance"})


@dataclass(frozen=True)
class Finding:
    """A forbidden word as it was found, the law against it in both languages, and how to say it lawfully."""

    word: str
    law: str
    law_zh: str
    rule: str
    advice: str
    advice_zh: str


@lru_cache(maxsize=_REMEMBERED)
def check(text: str, context: Context = NOTHING) -> Verdict:
    """What the gate says of a text that is to be read in this context; the same text again costs a look-up.

    Raises:
        LexiconError: the lexicon cannot be used.
    """
    from campaigns.compliance.matching import matcher  # The lexicon is read when the first text comes.

    return judge_words(matcher(), text, context)


def judge_words(gate: "Matcher", text: str, context: Context = NOTHING, second: "Reader | None" = None) -> Verdict:
    """The verdict of one lexicon and a second reader; `check` asks the bank's own."""
    from campaigns.compliance.circumstances import circumstances
    from campaigns.compliance.resemblance import reader, weighed

    looked = gate.look(text, context)
    if not looked.text:
        return Verdict(Outcome.PASS)
    found = _hits(text, [*gate.find(looked), *gate.pictured(text, context), *circumstances(gate, looked)])
    hits = weighed(text, looked.reading, found, second or reader())
    outcomes = {hit.verdict for hit in hits}
    return Verdict(next(each for each in Outcome if each in outcomes or each is Outcome.PASS), hits)


def forbidden(text: str) -> tuple[Finding, ...]:
    """The words of a draft that may not be said wherever it is read, in the order of the text."""
    return tuple(
        Finding(hit.span, hit.basis.en, hit.basis.zh, hit.rule, hit.advice.en, hit.advice.zh)
        for hit in check(text).hits
        if hit.verdict is Outcome.BLOCK and hit.rule not in _OF_THE_WHOLE
    )


def lacks_risk_notice(text: str) -> bool:
    """Whether a text speaks of investments without 理财非存款、产品有风险、投资须谨慎 or another risk notice."""
    return any(hit.rule == "risk_notice" for hit in check(text).hits)


def text_of(payload: Mapping[str, Any]) -> str:
    """All that a person reads of a Bot API call: text or caption, and the labels of its buttons."""
    rows = (payload.get("reply_markup") or {}).get("inline_keyboard", ())
    labels = [str(button.get("text", "")) for row in rows for button in row]
    return "\n".join([str(payload.get("text") or payload.get("caption") or ""), *labels])


def _hits(text: str, found: "list[Found]") -> tuple[Hit, ...]:
    """Findings in the order of the text; of those of one rule that overlap, the gravest and longest."""
    kept: list[Found] = []
    order = list(Outcome)
    for each in sorted(found, key=lambda one: (order.index(one.verdict), one.start - one.end)):
        if not any(each.rule.id == k.rule.id and each.start < k.end and k.start < each.end for k in kept):
            kept.append(each)
    kept.sort(key=lambda one: (one.start, one.end, one.rule.id))
    return tuple(
        Hit(
            one.rule.id,
            one.verdict,
            text[one.start : one.end],
            one.start,
            one.end,
            one.rule.name,
            one.rule.basis,
            one.rule.advice,
        )
        for one in kept
    )
