"""What staff read when they take a stamp back: what it means for the medal and its gift."""

from campaigns.members.model import Language
from campaigns.members.rules import masked
from campaigns.rallies.model import Target
from campaigns.suspicions.model import SuspicionState
from campaigns.voids.model import Voided, VoidRefusal
from campaigns.voids.service import LONGEST_REASON
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import of

USAGE = Phrase(
    "发「/void_stamp 摊位 编号 原因」，例如：/void_stamp B3 172 替人集章\n"
    "编号在访客的「集章」里。作废不能撤回；几场活动时先写活动代码。",
    "Send /void_stamp BOOTH NUMBER REASON, such as: /void_stamp B3 172 scanned for others\n"
    "The number stands under the visitor's /stamps. It cannot be undone; with several events, write the event's code "
    "first.",
)
NO_EVENT = Phrase("您没有可以作废印章的活动。", "You run no event whose stamps can be taken back.")
DONE = Phrase(
    "已作废 {name} 在「{booth}」的印章，集章卡随后更新。",
    "The stamp of {name} from “{booth}” is void; the card follows.",
)
NO_MEDAL = Phrase("没有影响已得的勋章。", "No medal is touched.")
HANDED = Phrase(
    "勋章「{medal}」保留，伴手礼已经发出；记为疑点，/doubts 可看。",
    "The medal “{medal}” stays and its gift is gone already; it is shown as a case in /doubts.",
)
KEPT = {
    SuspicionState.HELD: Phrase(
        "勋章「{medal}」保留，但章不够了：伴手礼先不发，请在 /doubts 里决定。",
        "The medal “{medal}” stays, but lacks stamps: its gift waits until somebody decides in /doubts.",
    ),
    SuspicionState.CLEARED: Phrase(
        "勋章「{medal}」保留：此人之前已放行，伴手礼可以领。",
        "The medal “{medal}” stays: this visitor was cleared before, so the gift may be fetched.",
    ),
    SuspicionState.CONFIRMED: Phrase(
        "勋章「{medal}」保留：此人之前已判定不发，伴手礼不发。",
        "The medal “{medal}” stays: this visitor was refused before, so there is no gift.",
    ),
}
REFUSALS = {
    VoidRefusal.NO_REASON: Phrase(
        f"请写原因，最多 {LONGEST_REASON} 个字。", f"Give a reason of at most {LONGEST_REASON} characters."
    ),
    VoidRefusal.NO_BOOTH: Phrase("这个活动没有摊位 {booth}。", "The event has no booth {booth}."),
    VoidRefusal.NO_VISITOR: Phrase(
        "没有编号 {number} 的访客，请核对（编号在访客的「集章」里）。",
        "No visitor has the number {number}: please check it (it stands under the visitor's /stamps).",
    ),
    VoidRefusal.NO_STAMP: Phrase(
        "{number} 号访客没有 {booth} 的有效印章。", "Visitor {number} has no stamp of {booth} that counts."
    ),
    VoidRefusal.SETTLED: Phrase("活动已结算，印章不能再作废。", "The event is settled: its stamps stay as they are."),
}


def outcome(found: Voided | VoidRefusal, booth: str, number: str, language: Language) -> str:
    """What came of it, the medals and their gifts too."""
    if isinstance(found, VoidRefusal):
        return REFUSALS[found].say(language, booth=booth, number=number)
    done = DONE.say(language, name=masked(found.member.name), booth=of(found.booth, "name", language))
    medals = [_medal(found, medal, language) for medal in found.medals] or [NO_MEDAL.say(language)]
    return "\n".join([done, *medals])


def _medal(found: Voided, medal: Target, language: Language) -> str:
    name = of(medal, "title", language)
    if medal.code in found.handed or found.state is None:
        return HANDED.say(language, medal=name)
    return KEPT[found.state].say(language, medal=name)
