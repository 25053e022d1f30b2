"""What staff read of stops: what is held, by whom and why, and that it goes on."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.halts.model import LONGEST_REASON, Aim, Halt, HaltRefusal, Held, Scope, Sending
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

STOP_WORDS = ("停发", "全部停发", "stop all")
ASK_AIM = Phrase(
    "🛑 要停发什么？点下面，或发「/stop_all 活动名 原因」「/stop_all 产品 代码 原因」。服务提醒和答复照常。",
    "🛑 What is to be stopped? Tap below, or send “/stop_all CAMPAIGN reason” or “/stop_all product CODE reason”. "
    "Service reminders and answers go on.",
)
ASK_REASON = Phrase(
    "要停发：{aim}\n请用一句话写明原因（不超过 {longest} 字）。发「取消」放弃。",
    "To be stopped: {aim}\nPlease give the reason in a sentence (at most {longest} characters). “cancel” gives up.",
)
DROPPED = Phrase("好的，没有停发。", "All right, nothing was stopped.")
CHECK = Phrase(
    "🛑 确认停发？\n{aim}\n原因：{reason}\n现在待发 {waiting} 条会被扣下，之后新排的也一样；恢复后接着发。",
    "🛑 Stop it?\n{aim}\nReason: {reason}\nMessages that wait now and will be held: {waiting}; later ones too. "
    "They go on once it is lifted.",
)
CONFIRM = Phrase("🛑 确认停发", "🛑 Stop it")
STOPPED = Phrase(
    "🛑 已停发 · 第 {id} 号\n{aim}\n{by}：{reason}\n扣下 {waiting} 条。/halt 查看和恢复。",
    "🛑 Stopped · no. {id}\n{aim}\n{by}: {reason}\nHeld: {waiting}. /halt shows and lifts it.",
)
LIFTED = Phrase("▶️ 已恢复 · 第 {id} 号\n{aim}\n{by} 恢复发送。", "▶️ Lifted · no. {id}\n{aim}\n{by} lets it go on.")
CANCELLED = Phrase(
    "🗑 已作废 · 第 {id} 号\n{aim}\n{by} 作废了扣下的 {waiting} 条，不再发送。",
    "🗑 Cancelled · no. {id}\n{aim}\n{by} cancelled what was held: {waiting}. It is never sent.",
)
HEAD = Phrase("🛑 正在停发：{count} 项", "🛑 Stops in force: {count}")
NOTHING = Phrase("没有停发的内容，一切照常发送。/stop_all 可停发。", "Nothing is stopped. /stop_all stops.")
LINE = Phrase(
    "第 {id} 号 · {aim}\n  {by}，{at}：{reason}\n  扣下 {waiting} 条",
    "No. {id} · {aim}\n  {by}, {at}: {reason}\n  held: {waiting}",
)
MORE = Phrase("还有 {count} 项：上面的处理完就会列出。", "{count} more: they come up once those above are lifted.")
SHOWN = 8  # With the longest reasons they fit a message.
LIFT = Phrase("▶️ 恢复 {id}", "▶️ Lift {id}")
CANCEL = Phrase("🗑 作废 {id} 的 {waiting} 条", "🗑 Cancel {waiting} of {id}")
SURE = Phrase(
    "🗑 作废第 {id} 号扣下的 {waiting} 条？作废后不能恢复。",
    "🗑 Cancel the {waiting} that no. {id} holds? There is no way back.",
)
CANCEL_SURE = Phrase("🗑 确认作废", "🗑 Cancel them")
AIMS = {
    Scope.EVERYTHING: Phrase("全部营销消息", "every marketing message"),
    Scope.CAMPAIGN: Phrase("活动 {target}", "campaign {target}"),
    Scope.PRODUCT: Phrase("产品 {target}", "product {target}"),
}
EVERYTHING_BUTTON = Phrase("🛑 全部营销消息", "🛑 Every marketing message")
SENDING_BUTTON = Phrase("{campaign}（待发 {waiting}）", "{campaign} ({waiting} wait)")
REFUSALS = {
    HaltRefusal.NO_AIM: Phrase(
        "没看懂要停什么。可写：全部、产品 代码、活动名（如 promotion:12 或 offer）。",
        "That names nothing: all, product CODE, or a campaign such as promotion:12 or offer.",
    ),
    HaltRefusal.NO_REASON: Phrase("请写明原因。", "Please give a reason."),
    HaltRefusal.TOO_LONG: Phrase("原因不超过 {longest} 字。", "At most {longest} characters, please."),
    HaltRefusal.STANDS_ALREADY: Phrase("已经停发了，见 /halt。", "It is stopped already: see /halt."),
    HaltRefusal.STALE: Phrase(
        "这个确认已过期，请重新发 /stop_all。", "This button is out of date: send /stop_all again."
    ),
    HaltRefusal.NOT_YOURS: Phrase("请由发起的人确认。", "Whoever asked confirms."),
    HaltRefusal.UNKNOWN: Phrase("没有这一项。", "There is no such stop."),
    HaltRefusal.LIFTED_ALREADY: Phrase("这一项已经恢复了。", "This one was lifted already."),
    HaltRefusal.NOTHING_HELD: Phrase("没有扣下的消息。", "Nothing is held."),
    HaltRefusal.MORE_HELD: Phrase(
        "现在扣下的比当时多，没有作废；请在 /halt 里重新确认。",
        "More is held than when this was asked: nothing was cancelled. Ask again in /halt.",
    ),
}
HALT_DATA, CANCEL_DATA = "halt", "halt_end"


@dataclass(frozen=True)
class HaltWords:
    """The sentences that stops put into the ledger (`campaigns.halts.service.HaltWording`)."""

    def stopped(self, held: Held, language: Language) -> Message:
        """What is stopped, by whom and why."""
        return Message(stopped(held, language))

    def lifted(self, halt: Halt, language: Language) -> Message:
        """That it goes on."""
        return Message(lifted(halt, language))

    def cancelled(self, held: Held, by: str, language: Language) -> Message:
        """That what was held is cancelled for good."""
        return Message(cancelled(held, by, language))


def aim_words(aim: Aim, language: Language) -> str:
    """What is stopped."""
    return AIMS[aim.scope].say(language, target=aim.target)


def ask_reason(aim: Aim, language: Language) -> str:
    """The request for a reason."""
    return ASK_REASON.say(language, aim=aim_words(aim, language), longest=LONGEST_REASON)


def check(held: Held, language: Language) -> Message:
    """What would be stopped, with the button that does it."""
    button = Button(CONFIRM.say(language), f"{HALT_DATA}:{held.halt.id}:confirm")
    return Message(CHECK.say(language, **_facts(held.halt, language), waiting=held.waiting), ((button,),))


def stopped(held: Held, language: Language) -> str:
    """What is stopped, by whom and why."""
    return STOPPED.say(language, **_facts(held.halt, language), waiting=held.waiting)


def lifted(halt: Halt, language: Language) -> str:
    """That it goes on."""
    return LIFTED.say(language, **_facts(halt, language) | {"by": halt.lifted_by})


def cancelled(held: Held, by: str, language: Language) -> str:
    """That what was held is cancelled for good."""
    return CANCELLED.say(language, **_facts(held.halt, language) | {"by": by}, waiting=held.waiting)


def sure(held: Held, language: Language) -> Message:
    """The second question before what is held is cancelled; its button means no more than it names."""
    button = Button(CANCEL_SURE.say(language), f"{CANCEL_DATA}:{held.halt.id}:{held.waiting}")
    return Message(SURE.say(language, id=held.halt.id, waiting=held.waiting), ((button,),))


def listing(found: list[Held], zone: ZoneInfo, language: Language) -> Message:
    """The stops in force, oldest first, each with its buttons; as many as a message holds."""
    if not found:
        return Message(NOTHING.say(language))
    lines, rows = [HEAD.say(language, count=len(found))], []
    for held in found[:SHOWN]:
        at = when(held.halt.stopped_at or held.halt.made_at, zone, language)
        lines.append(LINE.say(language, **_facts(held.halt, language), at=at, waiting=held.waiting))
        row = [Button(LIFT.say(language, id=held.halt.id), f"{HALT_DATA}:{held.halt.id}:lift")]
        if held.waiting:
            label = CANCEL.say(language, id=held.halt.id, waiting=held.waiting)
            row.append(Button(label, f"{HALT_DATA}:{held.halt.id}:ask_cancel"))
        rows.append(tuple(row))
    if len(found) > SHOWN:
        lines.append(MORE.say(language, count=len(found) - SHOWN))
    return Message("\n\n".join(lines), tuple(rows))


def sending_label(found: Sending, language: Language) -> str:
    """A campaign on its button."""
    return SENDING_BUTTON.say(language, campaign=found.campaign, waiting=found.waiting)


def refusal(found: HaltRefusal, language: Language) -> str:
    """Why nothing happened."""
    return REFUSALS[found].say(language, longest=LONGEST_REASON)


def _facts(halt: Halt, language: Language) -> dict[str, object]:
    return {"id": halt.id, "aim": aim_words(halt.aim, language), "reason": halt.reason, "by": halt.made_by}
