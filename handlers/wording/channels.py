"""What people read of channels: their names, pages of simulated channels, printed sheets."""

from dataclasses import dataclass

from campaigns.channels.model import Channel, ChannelMessage, Touch
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

CHANNELS = {
    Channel.PRIVATE: Phrase("私信", "private message"),
    Channel.GROUP: Phrase("群消息", "group post"),
    Channel.TASK: Phrase("客户经理联系", "manager's call or visit"),
    Channel.SMS: Phrase("短信", "text message"),
    Channel.EMAIL: Phrase("电子邮件", "e-mail"),
    Channel.STAFF_GROUP: Phrase("员工群", "staff group"),
    Channel.CODE: Phrase("网点通知单", "printed notice"),
    Channel.POPUP: Phrase("APP弹窗", "app pop-up"),
    Channel.ACCOUNT: Phrase("公众号", "official account"),
}

TASKS = {
    Touch.CALL: Phrase("📞 打电话：{what}", "📞 call: {what}"),
    Touch.VISIT: Phrase("🚶 上门拜访：{what}", "🚶 visit: {what}"),
}


def task(message: ChannelMessage) -> str:
    """What a manager finds among the follow-ups: what to do, the reason and the script, kept in both languages."""
    return TASKS[message.touch].both(what=f"{message.title}\n{message.text}".strip())


@dataclass(frozen=True)
class PageWords:
    """The fixed words of a simulated channel's page."""

    close: Phrase
    advertisement: Phrase


PAGE = PageWords(Phrase("关闭", "Close"), Phrase("广告", "Advertisement"))


@dataclass(frozen=True)
class NoticeWords:
    """The fixed words of a printed notice."""

    hint: Phrase


NOTICE = NoticeWords(Phrase("凭此单到网点办理", "show this at a branch"))


def channel_name(channel: Channel, language: Language) -> str:
    """A channel's name for people."""
    return CHANNELS[channel].say(language)
