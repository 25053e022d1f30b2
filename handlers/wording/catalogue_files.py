"""What staff read about a catalogue's file that cannot be taken: every fault with its place and what to do."""

from enum import StrEnum

from campaigns.catalogue.faults import CatalogueFault
from campaigns.forms.faults import FileFault
from campaigns.forms.model import FaultCode, FormFault
from campaigns.members.model import Language
from handlers.wording import forms
from handlers.wording.phrase import Phrase

_FAULTS: dict[StrEnum, Phrase] = {
    CatalogueFault.BAD_CODE: Phrase(
        "{place} 写的是 {detail}：代号用 2–24 个小写字母、数字和 -，以字母开头，如 index-fund。",
        "{place} is {detail}: a code takes 2–24 small letters, digits and -, a letter first, such as index-fund.",
    ),
    CatalogueFault.TWICE: Phrase(
        "{place}：{detail} 出现了两次，请改成不同的。", "{place}: {detail} is there twice; each may come once."
    ),
    CatalogueFault.BAD_DAY: Phrase(
        "{place} 看不懂 {detail}：日期写 2026-12-31。", "{place}: {detail} is no day; write 2026-12-31."
    ),
    CatalogueFault.ENDS_EARLY: Phrase(
        "{place}：{detail} 早于开始日期。", "{place}: {detail} is before the first day."
    ),
    CatalogueFault.NEEDS_RISK: Phrase(
        "{place}：{detail} 类产品要写风险等级 R1–R5。", "{place}: a {detail} needs its risk level, R1–R5."
    ),
    CatalogueFault.TAKES_NO_RISK: Phrase(
        "{place}：{detail} 类产品没有风险等级，请删掉。", "{place}: a {detail} has no risk level; leave it out."
    ),
    CatalogueFault.NEEDS_NOTICE: Phrase(
        "{place}：{detail} 类产品要写风险提示。", "{place}: a {detail} needs a risk notice."
    ),
    CatalogueFault.NO_AIM: Phrase(
        "{place}：请写给谁，至少一个条件：{detail}。", "{place}: say for whom, at least one of: {detail}."
    ),
    CatalogueFault.BAD_AIM: Phrase(
        "{place}：企业层级不能和个人类别或生命周期一起写。",
        "{place}: a tier of enterprises never goes with a class or a stage of life of persons.",
    ),
    CatalogueFault.UNKNOWN_PRODUCT: Phrase(
        "{place}：没有产品 {detail}，请写 products 里有的代号。",
        "{place}: there is no product {detail}; name one of `products`.",
    ),
    CatalogueFault.UNKNOWN_CLASS: Phrase(
        "{place}：没有类别 {detail}，可写 A B C D strategic key general。",
        "{place}: there is no class {detail}; write A, B, C, D, strategic, key or general.",
    ),
    CatalogueFault.NEEDS_R5: Phrase(
        "{place}：{detail} 类产品的风险等级只能是 R5。", "{place}: the risk level of {detail} can only be R5."
    ),
    CatalogueFault.NEEDS_PROVIDER: Phrase(
        "{place}：{detail} 要写持牌机构的名称，银行自己不能经营。",
        "{place}: {detail} names the licensed firm; the bank itself may not sell it.",
    ),
    CatalogueFault.NEEDS_ENTRANCE: Phrase(
        "{place}：{detail} 要写准入资产（元）。", "{place}: {detail} says what somebody must hold at least, in yuan."
    ),
    CatalogueFault.NEVER_UNASKED: Phrase(
        "{place}：{detail} 不能主动介绍，请写 only-if-asked 或 never。",
        "{place}: {detail} is never offered unasked; write only-if-asked or never.",
    ),
    CatalogueFault.BAD_SHARES: Phrase(
        "{place}：各产品的比例加起来是 {detail}，应当是 100。", "{place}: the shares add up to {detail}, not to 100."
    ),
    CatalogueFault.TOO_LONG: Phrase(
        "{place}：文件太大，最多 {detail} 字符。", "{place}: the file is too large; {detail} characters at most."
    ),
}  # fmt: skip
LINE = Phrase("第 {line} 行：{said}", "Line {line}: {said}")


def fault(found: FileFault, language: Language) -> str:
    """Where a file is wrong, what it is, and what to do."""
    if isinstance(found.code, FaultCode):
        line = 0 if found.code is FaultCode.NOT_YAML else found.line  # What is no YAML is placed by its line.
        return forms.fault(FormFault(found.code, found.place, found.detail, line), language)
    said = _FAULTS[found.code].say(language, place=found.place, detail=found.detail)
    return LINE.say(language, line=found.line, said=said) if found.line else said
