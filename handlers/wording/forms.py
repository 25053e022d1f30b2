"""What staff read about a form that cannot be taken."""

from campaigns.forms.model import FaultCode, FormFault
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

LINE = Phrase("第 {line} 行：{said}", "Line {line}: {said}")
_FAULTS = {
    FaultCode.NOT_YAML: Phrase("第 {place} 行不是 YAML 格式。", "Line {place} is no YAML."),
    FaultCode.NOT_A_FORM: Phrase("{place}：要写成「名称: 内容」的形式。", "{place}: write it as “name: value”."),
    FaultCode.MISSING: Phrase("缺少 {place}。", "{place} is missing."),
    FaultCode.UNKNOWN_FIELD: Phrase("不认识 {place}，请检查拼写。", "{place} is not known: check the spelling."),
    FaultCode.BAD_TEXT: Phrase("{place} 要写 {detail} 个字。", "{place} takes {detail} characters."),
    FaultCode.BAD_NUMBER: Phrase("{place} 要写整数 {detail}。", "{place} takes whole numbers {detail}."),
    FaultCode.BAD_CHOICE: Phrase("{place} 要写其中一个：{detail}。", "{place} takes one of: {detail}."),
    FaultCode.BAD_MOMENT: Phrase(
        "{place} 要写将来的时间，如：明天20:00、2026-12-31 18:00、3天。",
        "{place} takes a moment to come, such as 2026-12-31 18:00, tomorrow 20:00 or 3d.",
    ),
    FaultCode.BAD_LIST: Phrase("{place} 要列出 {detail} 项，不能重复。", "{place} takes {detail} different entries."),
    FaultCode.FORBIDDEN_WORD: Phrase(
        "{place} 有不能用的词：{detail}。", "{place} has a word that may not be used: {detail}."
    ),
    FaultCode.NO_RISK_NOTICE: Phrase(
        "{place} 说到投资，请写上：理财非存款、产品有风险、投资须谨慎。英文：wealth products are not deposits; "
        "products carry risk; invest with care。",
        "{place} speaks of investments and needs the notice in each language: 理财非存款、产品有风险、投资须谨慎 / "
        "wealth products are not deposits; products carry risk; invest with care.",
    ),
}


def fault(found: FormFault, language: Language) -> str:
    """Where a form is wrong, what it is, and what to write."""
    said = _FAULTS[found.code].say(language, place=found.place, detail=found.detail)
    return LINE.say(language, line=found.line, said=said) if found.line else said
