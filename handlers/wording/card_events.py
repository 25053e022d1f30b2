"""What managers read where the bank's file and the chat disagree about an application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.applications.model import Stage
from campaigns.applications.reconciling import Disagreement, SettleRefusal
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from handlers.wording.applications import label
from handlers.wording.phrase import Phrase
from handlers.wording.times import on_day

LISTED = 8

LIST_WORDS = ("银行对账", "card events")
NONE = Phrase("银行文件与申请一致，没有要核对的。", "The bank's file and the applications agree.")
HEAD = Phrase("银行文件与申请不一致 {count} 处，请核对：", "The bank's file disagrees in {count} places. Please check:")
LINE = Phrase(
    "{name} · {product}：银行 {event}（{day}），这里 {stage}", "{name} · {product}: bank {event} ({day}), here {stage}"
)
BANK_LABEL = Phrase("{name} 以银行为准：{stage}", "{name}: the bank is right: {stage}")
KEEP_LABEL = Phrase("{name} 保持现状", "{name}: keep it")
OPEN_LABEL = Phrase("核对", "Check them")
ADOPTED = Phrase(
    "已按银行文件改为「{stage}」，并留下记录。", "Now “{stage}” as the bank's file says; it is in the history."
)
KEPT = Phrase("好的，保持「{stage}」。", "All right, it stays “{stage}”.")
REFUSALS = {
    SettleRefusal.NO_DISAGREEMENT: Phrase("这一处已经处理过了。", "This was settled before."),
    SettleRefusal.NOT_YOURS: Phrase("这个申请由另一位经理负责。", "Another manager looks after this application."),
}


def listed(found: Sequence[Disagreement], names: Mapping[int, str], language: Language) -> str:
    """Disagreements, one a line."""
    if not found:
        return NONE.say(language)
    rows = [_line(each, names, language) for each in found[:LISTED]]
    return "\n".join([HEAD.say(language, count=len(found)), *rows])


def settled(stage: Stage, language: Language, *, bank_is_right: bool) -> str:
    """What came of a decision."""
    return (ADOPTED if bank_is_right else KEPT).say(language, stage=label(stage, language))


def _line(found: Disagreement, names: Mapping[int, str], language: Language) -> str:
    return LINE.say(
        language,
        name=names.get(found.application.member_id, "*"),
        product=found.application.product,
        event=label(found.event.stage, language),
        day=on_day(found.event.on, language),
        stage=label(found.application.stage, language),
    )


@dataclass(frozen=True)
class CardEventWords:
    """The sentences for the ledger (`campaigns.applications.reconciling.CardEventWording`)."""

    def disagreements(self, reader: Member, found: Sequence[Disagreement], names: Mapping[int, str]) -> Message:
        """What an owner reads; names are masked."""
        button = Button(OPEN_LABEL.say(reader.language), "card_events")
        return Message(listed(found, names, reader.language), ((button,),))
