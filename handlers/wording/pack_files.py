"""What staff read about a file of packs that cannot be taken: every fault with its place and what to do."""

from enum import StrEnum

from campaigns.forms.faults import FileFault
from campaigns.members.model import Language
from campaigns.packs.faults import PackFault
from handlers.wording import voucher_files
from handlers.wording.catalogue_files import LINE
from handlers.wording.phrase import Phrase

_FAULTS: dict[StrEnum, Phrase] = {
    PackFault.EMPTY: Phrase("{place}：包里是空的，至少写：{detail}。", "{place}: it is empty; give one of: {detail}."),
    PackFault.NEEDS_SCENE: Phrase(
        "{place}：场景包要写 scene，其他的包不写（这里是 {detail}）。",
        "{place}: a pack of kind scene names its scene, others do not (this is {detail}).",
    ),
    PackFault.NEEDS_TIER: Phrase(
        "{place}：企业包要写 tier，其他的包不写（这里是 {detail}）。",
        "{place}: a pack of kind enterprise is for a tier, others are not (this is {detail}).",
    ),
    PackFault.ROUND_FOR_CLASSES: Phrase(
        "{place}：定期的包只能按类别、生命周期或企业层级给。",
        "{place}: a round goes to classes, stages or tiers alone.",
    ),
    PackFault.UNKNOWN: Phrase("{place}：没有 {detail}。", "{place}: there is no {detail}."),
}


def fault(found: FileFault, language: Language) -> str:
    """Where a file is wrong, what it is, and what to do."""
    if not isinstance(found.code, PackFault):
        return voucher_files.fault(found, language)
    said = _FAULTS[found.code].say(language, place=found.place, detail=found.detail)
    return LINE.say(language, line=found.line, said=said) if found.line else said
