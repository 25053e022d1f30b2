"""What the gate of words objects to, as the person who wrote the words reads it: the rule, its basis, what to say."""

from collections.abc import Iterable

from campaigns.compliance.verdicts import Context, Hit, Outcome
from campaigns.compliance.words import check
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

HIT = Phrase("「{span}」：{name}（{basis}）。{advice}", "“{span}”: {name} ({basis}). {advice}")
SHOWN = 24


def told(hits: Iterable[Hit], language: Language) -> list[str]:
    """One line for every hit; each rule's advice is said once."""
    lines, advised = [], set()
    for hit in hits:
        advice = "" if hit.rule in advised else _of(hit.advice.zh, hit.advice.en, language)
        advised.add(hit.rule)
        name, basis = _of(hit.name.zh, hit.name.en, language), _of(hit.basis.zh, hit.basis.en, language)
        span = hit.span if len(hit.span) <= SHOWN else hit.span[:SHOWN] + "…"
        lines.append("· " + HIT.say(language, span=span, name=name, basis=basis, advice=advice).rstrip())
    return lines


def objections_to(text: str, context: Context, language: Language) -> str:
    """Everything for which a text is blocked, a line each; empty where it passes."""
    return "\n".join(told((hit for hit in check(text, context).hits if hit.verdict is Outcome.BLOCK), language))


def _of(zh: str, en: str, language: Language) -> str:
    return zh if language is Language.ZH else en
