"""What publicists read about the people whom they invite."""

from collections.abc import Sequence
from typing import assert_never

from campaigns.members.model import Language
from campaigns.members.rules import masked
from campaigns.prospects.model import Prospect, ProspectRefusal, ProspectState
from handlers.wording.phrase import Phrase

PROSPECT_WORDS = ("意向客户", "邀约客户", "prospects")

NO_EVENTS = Phrase("您现在没有要宣传的活动。", "You are publicist of no event now.")
ASK_EVENT = Phrase("邀请去哪个活动？", "To which event?")
ASK_CONSENT = Phrase(
    "登记之前请先问本人：\n· 登记姓名和手机号（可不填）与备注，只用于邀请参加这次活动\n"
    "· 加密保存，只有您能看到，名字会打码；随时可删除\n本人同意了吗？",
    "Ask the person first:\n· name, number (optional) and a note, to invite them to this event alone\n"
    "· stored encrypted, seen by you alone with the name masked, deleted at any time\nDid they agree?",
)
AGREED = Phrase("本人已同意", "They agreed")
ASK_NOTE = Phrase(
    "请发：姓名 手机号（可不填） 备注\n例如：王芳 周末带孩子来",
    "Send: name, number (optional), a note\nE.g. Wang weekend",
)
STOPPED = Phrase("好的，没有登记。", "All right, nothing was kept.")
RECORDED = Phrase(
    "已登记。把下面这条专属链接发给本人，只能用一次：\n{link}",
    "Recorded. Send this personal link; it works for one person:\n{link}",
)
NONE = Phrase("您还没有登记意向客户。发 /prospect 登记。", "You have recorded nobody. /prospect records somebody.")
HEAD = Phrase("意向客户（点名字可删除）：", "Interested people (tap to delete):")
FORGOTTEN = Phrase("已删除。", "Deleted.")
FORGOTTEN_ALREADY = Phrase("没有这条登记。", "There is no such record.")
STATES = {
    ProspectState.INVITED: Phrase("已邀请", "invited"),
    ProspectState.OPENED: Phrase("已打开链接", "opened the link"),
    ProspectState.JOINED: Phrase("✅ 已进群", "✅ joined"),
    ProspectState.LEFT: Phrase("已退群", "left"),
}


def refusal(reason: ProspectRefusal, language: Language) -> str:
    """Why somebody was not recorded, and what to do."""
    match reason:
        case ProspectRefusal.NOT_YOURS:
            return Phrase("这个活动已结束，或您不是它的宣传人员。", "The event is over, or not yours.").say(language)
        case ProspectRefusal.NO_NAME:
            return Phrase("请先写姓名（最多20字）。", "Begin with a name (20 characters).").say(language)
        case ProspectRefusal.BAD_PHONE:
            return Phrase("手机号看不懂，请改正或不填。", "I cannot read the number: mend it or leave it out.").say(
                language
            )
        case ProspectRefusal.TOO_MANY:
            return Phrase("这个活动登记的人已满200。", "200 people are recorded for this event already.").say(language)
        case _:
            assert_never(reason)


def prospect_line(prospect: Prospect, language: Language) -> str:
    """One person, masked, and how far the invitation is."""
    return f"{masked(prospect.name)} · {STATES[prospect.state].say(language)}"


def prospects_page(found: Sequence[Prospect], language: Language) -> str:
    """A publicist's people, masked."""
    return "\n".join([HEAD.say(language), *(prospect_line(each, language) for each in found)])
