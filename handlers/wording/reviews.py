"""What reviewers and authors read: what waits, the sheet with final words and the gate's word, and the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.promotions.dry_runs import DryRun
from campaigns.promotions.model import Decision, Version, Way
from campaigns.promotions.rules import LONGEST_REASON
from campaigns.reviews.model import Final, Sealed, Sheet
from handlers.wording.catalogue import change_lines
from handlers.wording.gate import told
from handlers.wording.phrase import Phrase
from handlers.wording.promotion_desk import button_label, fault_lines, reach_lines, title_lines

REVIEW_DATA = "review"
REVIEW_WORDS = ("待审核", "reviews")
HEAD = Phrase("👀 待审核：{count} 个", "👀 Waiting for review: {count}")
NOTHING = Phrase("没有待审核的营销活动。", "No promotion waits for review.")
OWN = Phrase("（您写的，由别人审核）", " (yours: somebody else reviews it)")
TO_REVIEW = Phrase(
    "👀 {author} 提交了「{title}」v{number}，请审核。", "👀 {author} hands in “{title}” v{number}: please review."
)
OPEN_BUTTON = Phrase("打开审核单", "Open the sheet")
CHANGES = Phrase("与上一版相比：", "Since the version before:")
NO_CHANGES = Phrase("与上一版内容相同。", "It says the same as the version before.")
FIRST = Phrase("第一版。", "The first version.")
GATE = Phrase("合规用语检查：", "The gate of words:")
GATE_CLEAN = Phrase("合规用语检查：没有命中。", "The gate of words: nothing found.")
FAULTS = Phrase("自查问题：", "The check found:")
COST = Phrase(
    "触达费用 {cost} 元，预算 {budget} 元；发完约需 {seconds} 秒。\n"
    "另：每万元投资的交易成本线上 {online} 元、柜面 {counter} 元。",
    "Contacts cost {cost} of {budget} yuan; sending takes about {seconds} s.\n"
    "Apart from that, a transaction per 10,000 yuan invested costs {online} online, {counter} at the counter.",
)
FINAL = Phrase("【正文 {arm} · {tongue}】", "[Final text {arm} · {tongue}]")
LANGUAGES = {Language.ZH: Phrase("中文", "Chinese"), Language.EN: Phrase("英文", "English")}
BUTTONS = Phrase("按钮：{labels}", "Buttons: {labels}")
FINAL_BUTTON = Phrase("📄 正文 {arm}", "📄 Final text {arm}")
APPROVE, REJECT = Phrase("✅ 通过", "✅ Approve"), Phrase("❌ 退回", "❌ Send back")
ASK_REASON = Phrase(
    "请写明退回「{title}」v{number} 的原因（不超过 {longest} 字）。发「取消」放弃。",
    "Why is “{title}” v{number} sent back? At most {longest} characters. “cancel” gives up.",
)
KEPT = Phrase("好的，没有退回。", "All right, nothing was sent back.")
DECIDED = {
    Decision.APPROVED: Phrase(
        "✅ 已通过「{title}」v{number}，作者可以排期。", "✅ Approved: “{title}” v{number}; its author schedules it."
    ),
    Decision.REJECTED: Phrase(
        "❌ 已退回「{title}」v{number}，作者收到原因。", "❌ Sent back: “{title}” v{number}; its author has the reason."
    ),
}
TOLD = {
    Decision.APPROVED: Phrase(
        "✅ {by} 通过了「{title}」v{number}。备好清单后可排期：/promotion",
        "✅ {by} approved “{title}” v{number}. Schedule it once all is ready: /promotion",
    ),
    Decision.REJECTED: Phrase(
        "❌ {by} 退回了「{title}」v{number}：{reason}\n下一版草稿已备好，改好再提交。",
        "❌ {by} sent “{title}” v{number} back: {reason}\nThe next version is a draft already.",
    ),
}


@dataclass(frozen=True)
class ReviewWords:
    """The sentences that reviews put into the ledger (`campaigns.reviews.service.ReviewWording`)."""

    def to_review(self, version: Version, author: str, language: Language) -> Message:
        """What a reviewer reads when something was handed in."""
        data = f"{REVIEW_DATA}:{version.promotion_id}:{version.number}"
        button = Button(OPEN_BUTTON.say(language), data)
        return Message(TO_REVIEW.say(language, author=author, **_named(version, language)), ((button,),))

    def decided(self, version: Version, decision: Decision, by: str, reason: str, language: Language) -> Message:
        """What the author reads then."""
        return Message(TOLD[decision].say(language, by=by, reason=reason, **_named(version, language)))


def inbox(found: list[Version], reader: int, language: Language) -> str:
    """What waits, the oldest first."""
    if not found:
        return NOTHING.say(language)
    lines = [
        f"· {button_label(each, language)}{OWN.say(language) if each.author_id == reader else ''}" for each in found
    ]
    return "\n".join([HEAD.say(language, count=len(found)), *lines])[:4096]


def sheet(found: Sheet, zone: ZoneInfo, language: Language) -> str:
    """All that a reviewer needs; the final words stand in it where they fit, and behind a button always."""
    parts = [
        "\n".join(title_lines(found.version, found.author, zone, language)),
        _gate(found, language),
        _reach(found, zone, language),
        _changes(found, language),
    ]
    texts = "\n\n".join(final(each, language) for each in found.finals)
    whole = "\n\n".join([*parts, texts])
    # What a decision rests on stands before the changes, which are as long as the copies that changed.
    return whole if len(whole) <= 4096 else "\n\n".join(parts)[:4095] + "…"


def final(found: Final, language: Language) -> str:
    """What one arm reads, word for word, in both languages, with the labels of its buttons."""
    parts = []
    for each, message in found.texts.items():
        labels = " · ".join(button.label for row in message.buttons for button in row)
        head = FINAL.say(language, arm=found.arm, tongue=LANGUAGES[each].say(language))
        parts.append("\n".join(filter(None, (head, message.text, labels and BUTTONS.say(language, labels=labels)))))
    return "\n\n".join(parts)[:4096]


def ask_reason(version: Version, language: Language) -> str:
    """The request for a reason."""
    return ASK_REASON.say(language, longest=LONGEST_REASON, **_named(version, language))


def decided(version: Version, decision: Decision, language: Language) -> str:
    """What the reviewer reads then."""
    return DECIDED[decision].say(language, **_named(version, language))


def sealed_data(about: Sealed) -> str:
    """What a button about this very content begins with."""
    return f"{about.promotion_id}:{about.number}:{about.seal}"


def _changes(found: Sheet, language: Language) -> str:
    if found.version.number == 1:
        return FIRST.say(language)
    lines = change_lines(found.changes, language)
    return "\n".join([CHANGES.say(language), *lines]) if lines else NO_CHANGES.say(language)


def _gate(found: Sheet, language: Language) -> str:
    lines = told(found.hits, language)
    said = "\n".join([GATE.say(language), *lines]) if lines else GATE_CLEAN.say(language)
    faults = fault_lines(found.check.faults, language)
    return "\n".join([said, FAULTS.say(language), *faults]) if faults else said


def _reach(found: Sheet, zone: ZoneInfo, language: Language) -> str:
    run = found.check.dry_run
    if run is None:
        return ""
    return "\n".join([*reach_lines(run, zone, language), _cost(run, language)])


def _cost(run: DryRun, language: Language) -> str:
    facts: Mapping[str, object] = {
        "cost": _yuan(run.cost_fen),
        "budget": _yuan(run.version.plan.budget_fen),
        "online": _yuan(run.transaction_fen.get(Way.ONLINE, 0)),
        "counter": _yuan(run.transaction_fen.get(Way.COUNTER, 0)),
        "seconds": run.seconds,
    }
    return COST.say(language, **facts)


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}".removesuffix(".00")


def _named(version: Version, language: Language) -> dict[str, object]:
    return {"title": version.plan.title.read_in(language), "number": version.number}
