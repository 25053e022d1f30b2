"""What people read of one customer: class, both values, reasons, way to the next class, what is missing, history."""

from collections.abc import Iterable, Iterator

from campaigns.customers.model import ClassReason
from campaigns.customers.portraits import Portrait
from campaigns.members.model import Language
from handlers.wording.fields import field_lines
from handlers.wording.phrase import Phrase
from handlers.wording.segments import (
    BANDS,
    LIFECYCLES,
    department_words,
    left_out_words,
    letter_name,
    part_words,
    reason_words,
    steps_words,
    yuan,
)

HEAD = Phrase("{number}：{letter}（{as_of}，策略 {version}）", "{number}: {letter} (as of {as_of}, policy {version})")
SURE = Phrase("可信度 {confidence:.0%}", "confidence {confidence:.0%}")
PROVISIONAL = Phrase("新客户，类别暂定", "a new customer: the class is provisional")
HELD = Phrase("更接近{other}，因滞后区间暂不变更", "nearer to {other} by now, and held by the margin")
NEXT = Phrase("其次接近{other}（差距 {gap:.2f}）", "next nearest is {other} (gap {gap:.2f})")
REASONS = Phrase("主要依据", "Mainly because of")
STEPS = Phrase("距离下一类", "Way to the next class")
CURRENT = Phrase(
    "当前价值：每年 {value} 元（{score:.0f} 分）", "Current value: {value} yuan a year (score {score:.0f})"
)
POTENTIAL = Phrase("潜在价值：{score:.0f} 分", "Potential value: score {score:.0f}")
CHURN = Phrase("流失风险：{score:.0f} 分", "Churn risk: score {score:.0f}")
DEVELOPMENT = Phrase("发展潜力（C类）：{score:.0f} 分", "Worth developing (class C): score {score:.0f}")
STANDING = Phrase("分档：{band}；生命周期：{stage}", "Band: {band}; lifecycle: {stage}")
QUADRANT = Phrase(
    "两项价值的象限为{letter}，与类别不同", "The quadrant of both values is {letter}, other than the class"
)
MISSING = Phrase("缺少数据的部门：{names}", "Departments that say nothing: {names}")
LEFT_OUT = Phrase("全行未纳入：{names}", "Left out for everybody: {names}")
FIELDS = Phrase("客户资料", "Particulars")
HISTORY = Phrase("历史", "History")


def portrait_lines(found: Portrait, language: Language) -> Iterator[str]:
    """What is said of a customer, line by line."""
    letter = letter_name(found.letter, language)
    yield HEAD.say(language, number=found.number, letter=letter, as_of=found.as_of, version=found.policy_version)
    yield _indent(_standing_of_letter(found, language), language)
    yield from _listed(REASONS, _reasons(found.reasons, language), language)
    yield from _listed(STEPS, steps_words(found.steps, language), language)
    if found.current_value is not None:
        yield CURRENT.say(language, value=yuan(found.current_value), score=found.current)
        parts = sorted(found.value_parts.items(), key=lambda part: -abs(part[1]))
        yield _indent((part_words(code, fen, language) for code, fen in parts), language)
    yield POTENTIAL.say(language, score=found.potential)
    yield _indent(_reasons(found.potential_reasons, language), language)
    if found.churn is not None:
        yield CHURN.say(language, score=found.churn)
        yield _indent(_reasons(found.churn_reasons, language), language)
    yield from _beside(found, language)
    if found.fields:
        yield from _listed(FIELDS, field_lines(found.fields, language), language)
    past = (f"{each.as_of} {letter_name(each.letter, language)}" for each in found.history)
    yield from _listed(HISTORY, past, language)


def _standing_of_letter(found: Portrait, language: Language) -> Iterator[str]:
    yield SURE.say(language, confidence=found.confidence)
    if found.runner_up is not None and found.gap is not None:
        other = letter_name(found.runner_up, language)
        yield (HELD if found.gap < 0 else NEXT).say(language, other=other, gap=found.gap)
    if found.provisional:
        yield PROVISIONAL.say(language)


def _beside(found: Portrait, language: Language) -> Iterator[str]:
    """Band, stage, sub-score, quadrant and what is missing."""
    if found.band is not None and found.lifecycle is not None:
        band, stage = BANDS[found.band].say(language), LIFECYCLES[found.lifecycle].say(language)
        yield STANDING.say(language, band=band, stage=stage)
    if found.development is not None:
        yield DEVELOPMENT.say(language, score=found.development)
    if found.quadrant is not None and found.quadrant is not found.letter:
        yield QUADRANT.say(language, letter=letter_name(found.quadrant, language))
    if found.missing:
        names = (department_words(name, language) for name in found.missing)
        yield MISSING.say(language, names=_joined(names, language))
    if found.left_out:
        yield LEFT_OUT.say(language, names=_joined(left_out_words(found.left_out, language), language))


def _reasons(reasons: tuple[ClassReason, ...], language: Language) -> list[str]:
    return [reason_words(reason, language) for reason in reasons]


def _listed(title: Phrase, lines: Iterable[str], language: Language) -> Iterator[str]:
    yield title.say(language) + ("：" if language is Language.ZH else ":")
    yield from (f"  {line}" for line in lines)


def _indent(words: Iterable[str], language: Language) -> str:
    return "  " + _joined(words, language)


def _joined(words: Iterable[str], language: Language) -> str:
    return ("；" if language is Language.ZH else "; ").join(words)
