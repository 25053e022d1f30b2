"""What managers read of all their groups at once, and of a post for several of them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.broadcasts.model import (
    GRACE,
    Broadcast,
    BroadcastRefusal,
    BroadcastState,
    GroupLine,
    Reach,
)
from campaigns.broadcasts.rules import LONGEST, READ_IN
from campaigns.deliveries.model import Button, Message
from campaigns.groups.model import Group
from campaigns.members.model import Language
from handlers.wording.gate import objections_to
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

GROUP_WORDS = ("我的群", "群概览", "my groups")
POST_WORDS = ("群发", "群發", "broadcast")

HEAD = Phrase("我的群 · {count} 个（近 7 天）", "My groups: {count} (last 7 days)")
NO_GROUPS = Phrase("您还没有群。发 /newgroup 建群。", "You have no groups yet: /newgroup makes one.")
LINE = Phrase(
    "{title}\n  {members} 人 · 新进 {joined} · 退出 {left} · 待答复 {unanswered}",
    "{title}\n  {members} members, joined {joined}, left {left}, unanswered {unanswered}",
)
STANDS_IN = Phrase("（代 {name}）", " (for {name})")
CHAINS = Phrase("  接龙：{chains}", "  chains: {chains}")
TODOS = Phrase("  群待办 {count} 项进行中", "  to-dos: {count}")
NEXT = Phrase("  下一条消息 {at}", "  next message {at}")
WRITE_BUTTON = Phrase("📣 群发", "📣 Post")
WRITE = Phrase(
    "请发要群发的文字（不超过 {longest} 字）。先由另一位同事审核，再选群、预览、发送。发「取消」放弃。",
    "Send the words (at most {longest}). A colleague approves them, then you choose groups. “cancel” stops.",
)
WAITS = Phrase("已提交审核。通过后会发给您选群。", "Handed in. Once approved you choose the groups.")
STOPPED = Phrase("好的，不发了。", "All right, nothing is posted.")
TO_APPROVE = Phrase("📣 {author} 请您审核一条群发：\n\n{words}", "📣 {author} asks you to approve a post:\n\n{words}")
APPROVE, REFUSE = Phrase("✅ 通过", "✅ Approve"), Phrase("❌ 不通过", "❌ Refuse")
APPROVED = Phrase("✅ {by} 通过了您的群发：\n\n{words}", "✅ {by} approved your post:\n\n{words}")
REFUSED = Phrase("❌ {by} 没有通过您的群发：\n\n{words}", "❌ {by} refused your post:\n\n{words}")
DECIDED = {
    BroadcastState.APPROVED: Phrase("已通过，作者会选群发送。", "Approved; the author chooses the groups."),
    BroadcastState.REFUSED: Phrase("已退回。", "Refused."),
}
CHOOSE_BUTTON = Phrase("选群", "Choose groups")
CHOOSE = Phrase("发到哪些群？已选 {chosen}/{all} 个。", "To which groups? {chosen} of {all} chosen.")
ALL = Phrase("全选 / 全不选", "All or none")
PREVIEW_BUTTON = Phrase("预览 ›", "Preview ›")
PREVIEW = Phrase(
    "预览：\n\n{words}\n\n发到 {groups} 个群，共 {seats} 人次，去重后 {heads} 人。确认发送？",
    "Preview:\n\n{words}\n\nGroups: {groups}, seats: {seats}, people counted once: {heads}. Send it?",
)
CONFIRM, BACK = Phrase("确认发送给 {heads} 人", "Send to {heads} people"), Phrase("‹ 重选", "‹ Choose again")
PLACED = Phrase(
    "{seconds} 秒后发出（{at}），之前可以撤回。",
    "It leaves in {seconds} seconds ({at}); until then it can be taken back.",
)
TAKE_BACK = Phrase("撤回", "Take back")
TAKEN_BACK = Phrase("已撤回，{count} 个群都没有发。", "Taken back in {count} groups: nothing was sent.")
REFUSALS = {
    BroadcastRefusal.EMPTY: Phrase("没有收到文字，请再发一次。", "There were no words: please send them again."),
    BroadcastRefusal.TOO_LONG: Phrase(
        "超过 {longest} 字，请写短些。", "That is over {longest} characters: please shorten."
    ),
    BroadcastRefusal.FORBIDDEN_WORDS: Phrase(
        "没有通过合规检查，请改写再发：", "The compliance gate does not let this pass; please rewrite:"
    ),
    BroadcastRefusal.NO_RISK_NOTICE: Phrase(
        "说到投资理财，请加上「理财非存款，产品有风险，投资须谨慎」。",
        "It speaks of investments: please add the risk notice.",
    ),
    BroadcastRefusal.UNKNOWN: Phrase("没有这条群发。", "There is no such post."),
    BroadcastRefusal.OWN_WORDS: Phrase("自己写的要由别人审核。", "Somebody else approves your words."),
    BroadcastRefusal.NOT_APPROVED: Phrase("还没有通过审核。", "It is not approved yet."),
    BroadcastRefusal.NO_GROUP: Phrase("请先选至少一个群。", "Please choose a group first."),
    BroadcastRefusal.DECIDED: Phrase("这条已经处理过了。", "This was decided already."),
    BroadcastRefusal.TOO_LATE: Phrase("已经发出，撤不回了。", "It has left: too late to take back."),
}
OF_THE_GATE = (BroadcastRefusal.FORBIDDEN_WORDS, BroadcastRefusal.NO_RISK_NOTICE)
POST_DATA = "post"
CHOOSE_DATA = "post_to"


@dataclass(frozen=True)
class BroadcastWords:
    """The sentences that posts put into the ledger (`campaigns.broadcasts.service.BroadcastWording`)."""

    def to_approve(self, found: Broadcast, author: str, language: Language) -> Message:
        """What an approver reads."""
        row = (
            Button(APPROVE.say(language), f"{POST_DATA}:{found.id}:approve"),
            Button(REFUSE.say(language), f"{POST_DATA}:{found.id}:refuse"),
        )
        return Message(TO_APPROVE.say(language, author=author, words=found.words), (row,))

    def decided(self, found: Broadcast, by: str, language: Language) -> Message:
        """What the author reads then."""
        if found.state is BroadcastState.REFUSED:
            return Message(REFUSED.say(language, by=by, words=found.words))
        button = Button(CHOOSE_BUTTON.say(language), f"{POST_DATA}:{found.id}:choose")
        return Message(APPROVED.say(language, by=by, words=found.words), ((button,),))


def screen(found: list[GroupLine], zone: ZoneInfo, language: Language) -> str:
    """All groups on one screen."""
    if not found:
        return NO_GROUPS.say(language)
    return "\n\n".join([HEAD.say(language, count=len(found)), *(_group(each, zone, language) for each in found)])


def ask_words(language: Language) -> str:
    """The request for a post's words."""
    return WRITE.say(language, longest=LONGEST)


def choice(found: Broadcast, groups: list[Group], language: Language) -> str:
    """How many groups are chosen."""
    return CHOOSE.say(language, chosen=len(found.groups), all=len(groups))


def preview(found: Broadcast, reach: Reach, language: Language) -> str:
    """The words and whom they reach."""
    return PREVIEW.say(language, words=found.words, **reach._asdict())


def placed(found: Broadcast, zone: ZoneInfo, language: Language) -> str:
    """When it leaves."""
    assert found.leaves_at is not None
    at = when(found.leaves_at, zone, language)
    return PLACED.say(language, seconds=int(GRACE.total_seconds()), at=at)


def refusal(found: BroadcastRefusal, language: Language) -> str:
    """Why nothing happened."""
    return REFUSALS[found].say(language, longest=LONGEST)


def refused(found: BroadcastRefusal, text: str, language: Language) -> str:
    """Why the words of a post were not kept, with everything that the gate objects to in them."""
    against = objections_to(text, READ_IN, language) if found in OF_THE_GATE else ""
    return "\n".join(filter(None, (refusal(found, language), against)))


def _group(each: GroupLine, zone: ZoneInfo, language: Language) -> str:
    counts = {name: getattr(each, name) for name in ("members", "joined", "left", "unanswered")}
    title = f"{each.title}{STANDS_IN.say(language, name=each.stands_in_for)}" if each.stands_in_for else each.title
    lines = [LINE.say(language, title=title, **counts)]
    if each.chains:
        lines.append(CHAINS.say(language, chains=("、" if language is Language.ZH else ", ").join(each.chains)))
    if each.todos:
        lines.append(TODOS.say(language, count=each.todos))
    if each.next_at is not None:
        lines.append(NEXT.say(language, at=when(each.next_at, zone, language)))
    return "\n".join(lines)
