"""What people read of topics: the topic with the words of their branch, what became of what they told, the page."""

from typing import assert_never

from campaigns.deliveries.model import Message
from campaigns.members.model import Language, Member
from campaigns.topics.model import Blocked, Contribution, Local, Topic, TopicRefusal, Waiting
from campaigns.topics.rules import LONGEST, MOST_OF_ONE, SHORTEST
from handlers.wording.phrase import Phrase

LINK = "t_"
TOPIC_WORDS = ("话题", "聊话题", "topics")

NONE = Phrase("现在没有话题。", "There is no topic now.")
CLOSED = Phrase("这个话题没有或已结束。", "There is no such topic, or it is over.")
TOPIC = Phrase("💬 #{title}#\n{prompt}（{last} 截止）", "💬 #{title}#\n{prompt} (until {last})")
LOCAL = Phrase("📍 {place}：{words}", "📍 {place}: {words}")
PAGE = Phrase("看大家说的：{address}", "What people told: {address}")
TELL = Phrase("✍ 我来说", "✍ I tell mine")
ASK = Phrase(
    "请写 {least}–{most} 字。审核后会以您的脱敏姓名公开展示，随时可撤回；"
    "请不要写电话、证件号等个人信息。（发 取消 可退出）",
    "Write {least} to {most} characters. Staff read it first; then it is shown to everybody with your masked name, and "
    "you may take it back. Write no numbers or other personal data. (cancel stops)",
)
STOPPED = Phrase("好的，已取消。", "All right, cancelled.")
SENT = Phrase("收到，审核后展示。", "Received; it is shown once staff have read it.")
WITHDRAW = Phrase("撤回", "take it back")
WITHDRAWN = Phrase("已撤回，内容已删除。", "Taken back; the words are gone.")
BLOCKED = Phrase("这些内容不能公开展示：「{span}」。{advice}", "This cannot be shown: “{span}”. {advice}")
NOTHING_WAITS = Phrase("没有待审的发言。", "Nothing waits.")
WAITS = Phrase("#{title}# 第{number}版 · {name}：\n{words}", "#{title}# edition {number} · {name}:\n{words}")
SHOW = Phrase("✅ 展示", "✅ show")
REJECT = Phrase("✖ 不展示", "✖ do not show")
SHOWN_NOW = Phrase("已展示。", "It is shown.")
REJECTED_NOW = Phrase("不展示，已告知作者。", "It is not shown; its author is told.")

STORIES = Phrase("大家说", "What people told")
NOBODY = Phrase("还没有人说，来说第一句吧。", "Nobody yet; be the first.")
JOIN = Phrase("打开聊天参与", "Take part in the chat")
CONTACT = Phrase("咨询与投诉", "Questions and complaints")


def refusal(reason: TopicRefusal | Blocked, language: Language) -> str:
    """Why nothing was done, and what to do."""
    if isinstance(reason, Blocked):
        return BLOCKED.say(language, span=reason.span, advice=reason.advice.read_in(language))
    match reason:
        case TopicRefusal.UNKNOWN | TopicRefusal.OVER:
            return CLOSED.say(language)
        case TopicRefusal.BAD_LENGTH:
            return Phrase("请写 {least}–{most} 字。", "Write {least} to {most} characters.").say(
                language, least=SHORTEST, most=LONGEST
            )
        case TopicRefusal.TOO_MANY:
            return Phrase("每个话题最多说 {most} 次。", "At most {most} times in a topic.").say(
                language, most=MOST_OF_ONE
            )
        case TopicRefusal.NOT_YOURS:
            return Phrase("没有这条发言。", "There are no such words of yours.").say(language)
        case TopicRefusal.OWN:
            return Phrase("自己的发言由同事审核。", "A colleague judges what you wrote.").say(language)
        case TopicRefusal.JUDGED_ALREADY:
            return Phrase("已审核过。", "It was judged already.").say(language)
        case TopicRefusal.EDITIONS_CHANGED:
            return Phrase("版本的地点不能改，只能加在后面。", "Editions keep their places; add new ones behind.").say(
                language
            )
        case _:
            assert_never(reason)


def topic_text(local: Local, address: str, language: Language) -> str:
    """A topic in somebody's edition, with its page where there is an address."""
    topic, edition = local.topic, local.topic.edition(local.number)
    lines = [
        TOPIC.say(language, title=topic.title.read_in(language), prompt=topic.prompt.read_in(language), last=topic.last)
    ]
    if edition:
        lines.append(LOCAL.say(language, place=edition.place, words=edition.words.read_in(language)))
    if address:
        lines.append(PAGE.say(language, address=page_address(address, local)))
    return "\n".join(lines)


def page_address(address: str, local: Local) -> str:
    """Where the public page of an edition is."""
    at = f"?edition={local.number}" if local.number else ""
    return f"{address}/topics/{local.topic.code}{at}"


def start_link(username: str, local: Local) -> str:
    """The deep link of an edition; who opens it counts for it."""
    return f"https://t.me/{username}?start={LINK}{token_of(local)}"


def waits(each: Waiting, language: Language) -> str:
    """What staff read of something that waits."""
    told, title = each.contribution, each.topic.title.read_in(language)
    return WAITS.say(language, title=title, number=told.edition, name=each.author, words=told.words)


def token_of(local: Local) -> str:
    """What a link or a button names an edition by."""
    return f"{local.topic.code}_{local.number}" if local.number else local.topic.code


class TopicWords:
    """The sentences that topics put into the ledger (`campaigns.topics.service.TopicWording`)."""

    def waiting(self, topic: Topic, reader: Member) -> Message:
        """What moderators read once a day when something waits."""
        text = Phrase("话题 #{title}# 有发言待审：/contributions", "Words for #{title}# wait: /contributions")
        return Message(text.say(reader.language, title=topic.title.read_in(reader.language)))

    def judged(self, topic: Topic, contribution: Contribution, reader: Member, *, approved: bool) -> Message:
        """What somebody reads whose contribution was judged."""
        shown = Phrase("您在 #{title}# 的发言已展示，谢谢！", "Your words in #{title}# are shown. Thank you!")
        kept = Phrase(
            "您在 #{title}# 的发言没有展示，可以改写后再发。",
            "Your words in #{title}# are not shown; you may rewrite them.",
        )
        return Message((shown if approved else kept).say(reader.language, title=topic.title.read_in(reader.language)))
