"""What people read when they want no more of a kind of reminders: the button under each, and the switches."""

from collections.abc import Collection

from campaigns.deliveries.model import Button
from campaigns.members.model import Language
from campaigns.reminders.model import Topic
from campaigns.reminders.topics import EVERYTHING, MUTABLE
from handlers.wording.phrase import Phrase

HUSH_DATA = "hush"
HUSH_SWITCH_DATA = "hush_switch"
OWN_WORDS = ("提醒", "我的提醒", "提醒设置", "不再提醒")

TOPICS = {
    Topic.NOTICE: Phrase("通知", "notices"),
    Topic.WEEKLY: Phrase("每周例行", "weekly reminders"),
    Topic.FESTIVAL: Phrase("节日", "festivals"),
    Topic.CHAIN: Phrase("接龙截止", "chains that end"),
    Topic.SEAT: Phrase("接龙还差一位", "one place left"),
    Topic.TODO: Phrase("群待办", "to-dos"),
    Topic.EVENT: Phrase("活动开始前", "events"),
    Topic.COUPON: Phrase("券快到期", "coupons that end"),
    Topic.POINTS: Phrase("波豆快到期", "points that end"),
    Topic.CARD: Phrase("办卡下一步", "the next step of a card"),
    Topic.VISIT: Phrase("上门预约", "visits"),
}
MUTE_BUTTON = Phrase("不再提醒", "No more of these")
MUTED = Phrase(
    "好的，不再发「{topic}」提醒。发「提醒」可以重新打开。",
    "No more reminders about {topic}. Send /reminders to change that.",
)
MUTES_HEAD = Phrase(
    "您收到的提醒（点一下开关）：\n您自己约的上门、要您确认的名额、中奖和业务办理结果、法律要求告知的事，会照常通知。",
    "Your reminders (tap to switch):\nOwn visits, places to confirm, wins, results of what you asked for, and what the "
    "law says must be told come in any case.",
)
EVERY_TOPIC = Phrase("全部服务提醒", "All reminders")


def mute_label(what: str, muted: Collection[str], language: Language) -> str:
    """The button of a topic, or of all: a bell, crossed out where it is muted."""
    is_muted = EVERYTHING in muted or what in muted
    name = EVERY_TOPIC if what == EVERYTHING else TOPICS[Topic(what)]
    return f"{'🔕' if is_muted else '🔔'} {name.say(language)}"


def muted_words(what: str, language: Language) -> str:
    """The answer to 不再提醒."""
    name = EVERY_TOPIC if what == EVERYTHING else TOPICS[Topic(what)]
    return MUTED.say(language, topic=name.say(language))


def mute_button(topic: Topic, language: Language) -> Button:
    """The button under a reminder that a person can mute."""
    assert topic in MUTABLE
    return Button(MUTE_BUTTON.say(language), f"{HUSH_DATA}:{topic}")
