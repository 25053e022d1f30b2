"""What staff read about a promotion's file that cannot be taken: every fault with its place and what to do."""

from enum import StrEnum

from campaigns.forms.faults import FileFault
from campaigns.forms.model import FaultCode, FormFault
from campaigns.members.model import Language
from campaigns.promotions.faults import PromotionFault
from handlers.wording import forms
from handlers.wording.phrase import Phrase

_FAULTS: dict[StrEnum, Phrase] = {
    PromotionFault.BAD_CODE: Phrase(
        "{place} 写的是 {detail}：代号用小写字母、数字和 -，以字母开头，如 autumn-steady。",
        "{place} is {detail}: a code takes small letters, digits and -, a letter first, such as autumn-steady.",
    ),
    PromotionFault.BAD_TIME: Phrase(
        "{place} 看不懂 {detail}：时间写 2030-11-01 10:00。", "{place}: {detail} is no moment; write 2030-11-01 10:00."
    ),
    PromotionFault.BAD_WINDOW: Phrase(
        "{place}：{detail} 不在活动时间内，或结束早于开始。",
        "{place}: {detail} lies outside of the window, or the window ends before it begins.",
    ),
    PromotionFault.BAD_MONEY: Phrase(
        "{place} 看不懂 {detail}：金额写元，最多两位小数。",
        "{place}: {detail} is no sum; write yuan with two decimals at most.",
    ),
    PromotionFault.BAD_SHARE: Phrase(
        "{place} 看不懂 {detail}：比例写 10% 或 2.5%。", "{place}: {detail} is no share; write 10% or 2.5%."
    ),
    PromotionFault.BAD_CHANNEL: Phrase(
        "{place} 要写其中一个渠道：{detail}。", "{place} takes one of the channels {detail}."
    ),
    PromotionFault.UNKNOWN_CLASS: Phrase(
        "{place}：没有类别 {detail}，可写 A B C D strategic key general。",
        "{place}: there is no class {detail}; write A, B, C, D, strategic, key or general.",
    ),
    PromotionFault.UNKNOWN_COST: Phrase(
        "{place} 不是已知的成本，可写：{detail}。", "{place} is no cost; write one of {detail}."
    ),
    PromotionFault.NO_CHANNEL: Phrase(
        "{place} 缺少渠道：{detail}，请在 channels 里写。",
        "{place} lacks a channel for {detail}: name it in `channels`.",
    ),
    PromotionFault.TWICE: Phrase(
        "{place}：{detail} 出现了两次。", "{place}: {detail} is there twice; each arm has a name of its own."
    ),
    PromotionFault.NO_CATALOGUE: Phrase(
        "{place}：还没有产品目录，请先 catalogue load。",
        "{place}: there is no catalogue yet; `catalogue load` keeps one.",
    ),
    PromotionFault.UNKNOWN_PRODUCT: Phrase(
        "{place}：产品目录里没有 {detail}。",
        "{place}: the catalogue has no product {detail}; `catalogue show` lists them.",
    ),
    PromotionFault.UNKNOWN_SUPPLY: Phrase(
        "{place}：没有可发放的 {detail}，可写 voucher:券代号、pack:权益包代号、draw:抽奖号、rally:活动代号。",
        "{place}: there is no {detail} to hand out; write voucher:CODE, pack:CODE, draw:NUMBER or rally:CODE.",
    ),
    PromotionFault.TOO_LONG: Phrase(
        "{place}：文件太大，最多 {detail} 字符。", "{place}: the file is too large; {detail} characters at most."
    ),
}
LINE = Phrase("第 {line} 行：{said}", "Line {line}: {said}")


def fault(found: FileFault, language: Language) -> str:
    """Where a file is wrong, what it is, and what to do."""
    if isinstance(found.code, PromotionFault):
        said = _FAULTS[found.code].say(language, place=found.place, detail=found.detail)
        return LINE.say(language, line=found.line, said=said) if found.line else said
    if isinstance(found.code, FaultCode):
        line = 0 if found.code is FaultCode.NOT_YAML else found.line  # What is no YAML is placed by its line.
        return forms.fault(FormFault(found.code, found.place, found.detail, line), language)
    return f"{found.place}: {found.code}"
