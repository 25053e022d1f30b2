"""撤回: what staff read when they recall a campaign, and what stands in the place of its messages."""

from collections.abc import Sequence
from typing import assert_never

from campaigns.members.model import Language
from campaigns.recalls.model import Reach, Recall, RecallRefusal, RecallState
from handlers.wording.phrase import Phrase

CORRECTION = Phrase(
    "【更正】本行此前发给您的一条消息有误，现已撤回，请不要以它为准。如有疑问，请联系您的客户经理。",
    "Correction: a message that the bank sent you was wrong and is taken back; please do not rely on it. "
    "Your manager answers questions.",
)
USAGE = Phrase("撤回一个活动的消息，请发：/recall 活动 原因", "To take a campaign back: /recall CAMPAIGN REASON")
LATELY = Phrase("最近发出的活动：", "Sent lately:")
LATELY_LINE = Phrase("{campaign}：{arrived} 条", "{campaign}: {arrived}")
RECALLS = Phrase("撤回记录：", "Recalls:")
RECALL_LINE = Phrase(
    "{campaign}：已撤回 {recalled}，已更正 {corrected}，失败 {failed}，处理中 {pending}（{reason}）",
    "{campaign}: {recalled} taken back, {corrected} corrected, {failed} failed, {pending} under way ({reason})",
)
CHECK = Phrase(
    "撤回 {campaign}？\n已送达 {arrived} 条：48 小时内的删除，其余改为更正。\n未发出 {waiting} 条：取消。\n"
    "状态不明 {doubtful} 条：请先用 /unknown 核实，再撤回一次。\n原因：{reason}",
    "Take {campaign} back?\n{arrived} arrived: those of the last 48 hours are deleted, others become a correction.\n"
    "{waiting} have not left: cancelled.\n{doubtful} are in doubt: settle them by /unknown, then recall once more.\n"
    "Reason: {reason}",
)
CONFIRM = Phrase("撤回 {arrived} 条", "Take {arrived} back")
BEGUN = Phrase(
    "撤回已开始，每秒约 30 条。/recall 可查看进度。", "It has begun, about 30 a second. /recall shows how far it is."
)
STALE = Phrase("这次撤回已处理或已过期，请重新发 /recall。", "This was done or is too old: send /recall again.")


class RecallWords:
    """Implements `campaigns.recalls.service.Wording`."""

    def correction(self, language: Language) -> str:
        """What stands in the place of a message that was taken back, or follows it."""
        return CORRECTION.say(language)


def refusal(reason: RecallRefusal, language: Language) -> str:
    """Why nothing is recalled."""
    match reason:
        case RecallRefusal.NO_REASON:
            return Phrase("请写明原因：/recall 活动 原因", "Please say why: /recall CAMPAIGN REASON").say(language)
        case RecallRefusal.NOTHING_SENT:
            return Phrase(
                "这个活动没有可撤回的消息。/recall 列出最近发出的活动。",
                "Nothing of this campaign can be taken back: /recall lists what was sent lately.",
            ).say(language)
        case _:
            assert_never(reason)


def check(reach: Reach, reason: str, language: Language) -> str:
    """What would be touched, before it is confirmed."""
    return CHECK.say(
        language,
        campaign=reach.campaign,
        arrived=reach.arrived,
        waiting=reach.waiting,
        doubtful=reach.doubtful,
        reason=reason,
    )


def listing(lately: Sequence[Reach], recalls: Sequence[Recall], language: Language) -> str:
    """How to recall, what could be, and what was."""
    lines = [USAGE.say(language)]
    if lately:
        named = [LATELY_LINE.say(language, campaign=each.campaign, arrived=each.arrived) for each in lately]
        lines += ["", LATELY.say(language), *named]
    if recalls:
        lines += ["", RECALLS.say(language), *(line(each, language) for each in recalls)]
    return "\n".join(lines)


def line(recall: Recall, language: Language) -> str:
    """How far one recall is."""
    counts = {state.value: recall.counts.get(state, 0) for state in RecallState}
    return RECALL_LINE.say(language, campaign=recall.campaign, reason=recall.reason, **counts)
