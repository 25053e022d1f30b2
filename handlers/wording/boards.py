"""What organisers read on an event's board, and what visitors read in its notices."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.boards.forecasts import Forecast
from campaigns.boards.model import LINK_LIVES, NOTICES_AN_HOUR, BoardRefusal, NoticeKind
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.rallies.model import Booth, Rally, RallyState
from handlers.wording.pauses import reason
from handlers.wording.phrase import Phrase

DATA = "board"
MUTE_DATA = "notice_off"

OPEN_BUTTON = Phrase("📊 实时看板", "📊 Live board")
LINK = Phrase(
    "「{title}」的实时看板。链接 {minutes} 分钟内打开一次有效，请勿转发。",
    "The live board of “{title}”. The link opens once, within {minutes} minutes; do not pass it on.",
)
OPEN_LINK = Phrase("打开看板", "Open the board")
MUTED = Phrase("好的，本场活动不再发现场提醒。", "All right: no more notices of this event.")
NOT_THERE = Phrase("您没有参加这场活动。", "You do not take part in this event.")
MUTE_BUTTON = Phrase("🔕 本场不再提醒", "🔕 No more notices")

NOTICES = {
    NoticeKind.FREE: Phrase("📣 {title}：{booth}现在不用排队。", "📣 {title}: no queue at {booth} now."),
    NoticeKind.PAUSED: Phrase(
        "📣 {title}：{booth}暂停盖章（{reason}），请先去别的摊位。",
        "📣 {title}: {booth} gives no stamps just now ({reason}); please visit others first.",
    ),
    NoticeKind.RESUMED: Phrase("📣 {title}：{booth}恢复盖章了。", "📣 {title}: {booth} gives stamps again."),
    NoticeKind.GIFTS_LOW: Phrase(
        "📣 {title}：礼品不多了，集齐的请尽快到服务台领取；发完后按规则换发替代礼品。",
        "📣 {title}: few gifts are left. If you have your medal, please fetch yours; then come the substitutes.",
    ),
    NoticeKind.ENDING: Phrase(
        "📣 {title} {ends} 结束，集齐的请在此之前到服务台领取礼品。",
        "📣 {title} ends at {ends}: please fetch your gift at the desk before.",
    ),
}
NOTICE_LABELS = {
    NoticeKind.FREE: Phrase("不用排队", "No queue"),
    NoticeKind.PAUSED: Phrase("告知暂停", "Tell: paused"),
    NoticeKind.RESUMED: Phrase("告知恢复", "Tell: open again"),
    NoticeKind.GIFTS_LOW: Phrase("礼品不多了", "Few gifts left"),
    NoticeKind.ENDING: Phrase("快结束了", "Ending soon"),
}
STATES = {
    RallyState.DRAFT: Phrase("草稿", "draft"),
    RallyState.ANNOUNCED: Phrase("已公布", "announced"),
    RallyState.RUNNING: Phrase("进行中", "running"),
    RallyState.ENDED: Phrase("已结束", "ended"),
    RallyState.SETTLED: Phrase("已结算", "settled"),
}
ENDS = Phrase("约 {middle} 发完（{early}–{late}）", "gone about {middle} ({early}–{late})")
ENDS_ONE = Phrase("约 {middle} 发完", "gone about {middle}")
LASTS = Phrase("够到结束", "lasts to the end")
MAY_LAST = Phrase("最早 {early} 发完，也可能够到结束", "gone {early} at the earliest, may last")
GONE = Phrase("已发完", "gone")
NO_FORECAST = Phrase("近半小时无人领取，无法预测", "nobody took one for half an hour: no forecast")
WAIT_NOW = Phrase("不用排队", "no queue")
WAIT = Phrase("{heads} 人 · 约 {minutes} 分钟", "{heads} wait · about {minutes} min")
REFUSALS = {
    BoardRefusal.CLOSED: Phrase(
        "链接已失效，请在聊天里重新打开看板。", "The link is no good any more: open the board anew."
    ),
    BoardRefusal.FORBIDDEN: Phrase("您没有这个看板的权限。", "This board is not open to you."),
    BoardRefusal.NOT_RUNNING: Phrase("活动没有在进行。", "The event is not running."),
    BoardRefusal.NO_BOOTH: Phrase("没有这个摊位。", "There is no such booth."),
    BoardRefusal.NOBODY: Phrase(
        "现在附近没有人，或都已收到足够多提醒。", "Nobody is nearby who had not enough notices."
    ),
    BoardRefusal.JUST_TOLD: Phrase("十分钟内已经发过同样的提醒。", "The same was told within the last ten minutes."),
    BoardRefusal.UNTRUE: Phrase("与摊位现在的状态不符，没有发送。", "That is not how the booth is: nothing was sent."),
    BoardRefusal.TOO_LATE: Phrase("已经发出，撤不回了。", "It has left: too late to take back."),
    BoardRefusal.ALREADY: Phrase("这条已经撤回了。", "This was taken back already."),
}
LABELS = {
    "visitors": Phrase("到场", "Visitors"),
    "nearby": Phrase("一小时内活跃", "Active this hour"),
    "stamps": Phrase("印章", "Stamps"),
    "medals": Phrase("勋章", "Medals"),
    "gifts": Phrase("已领礼品", "Gifts given"),
    "refused": Phrase("挡下的码", "Codes refused"),
    "pending": Phrase("待发消息", "Messages waiting"),
    "last_hour": Phrase("最近 60 分钟，每分钟", "The last 60 minutes, per minute"),
    "arrivals": Phrase("新到场", "arrivals"),
    "booths": Phrase("摊位", "Booths"),
    "gift_stock": Phrase("礼品", "Gifts"),
    "tastings": Phrase("品尝余 {count}", "{count} tastings left"),
    "left": Phrase("剩 {count}", "{count} left"),
    "substitutes": Phrase("替代品 {count}", "{count} substitutes"),
    "coupons": Phrase("商户权益券", "Coupons"),
    "coupon_use": Phrase("发 {issued} · 核销 {redeemed}", "{issued} issued · {redeemed} redeemed"),
    "suspects": Phrase("疑点（礼品待人工确认）", "Suspicions (gifts wait for a person)"),
    "no_suspects": Phrase("没有疑点。", "None."),
    "notices": Phrase("最近的提醒", "Notices of this hour"),
    "no_notices": Phrase("还没有发过。", "None yet."),
    "pause": Phrase("暂停", "Pause"),
    "resume": Phrase("恢复", "Resume"),
    "paused": Phrase("已暂停", "paused"),
    "closed": Phrase("未开放", "closed"),
    "recent": Phrase("10 分钟 {count} 章", "{count} stamps in 10 min"),
    "why_pause": Phrase("为什么暂停 {booth}？", "Why is {booth} paused?"),
    "to_heads": Phrase("发给附近 {heads} 人。", "To {heads} people nearby. "),
    "spared": Phrase(
        "另有 {spared} 人一小时内已收到 {most} 条，不再打扰。", "{spared} more had {most} this hour and are spared. "
    ),
    "grace": Phrase("60 秒内可撤回。", "It can be taken back for 60 s."),
    "highest": Phrase("最高 {count}", "highest {count}"),
    "hour_ago": Phrase("60 分钟前", "60 min ago"),
    "just_now": Phrase("现在", "now"),
    "send": Phrase("发送", "Send"),
    "cancel": Phrase("取消", "Cancel"),
    "take_back": Phrase("撤回（{seconds}）", "Take back ({seconds})"),
    "taken_back": Phrase("已撤回", "taken back"),
    "sent_to": Phrase("{heads} 人", "{heads} people"),
    "updated": Phrase("更新于 {at}", "as of {at}"),
    "offline": Phrase("连接断开，正在重试……", "Connection lost, trying again …"),
    "reopen": Phrase("请在聊天里重新打开看板。", "Please open the board from the chat again."),
    "other": Phrase("English", "中文"),
}


@dataclass(frozen=True)
class BoardWords:
    """The sentences of notices (`campaigns.boards.service.BoardWording`); times are in the bank's zone."""

    zone: ZoneInfo

    def notice(self, kind: NoticeKind, rally: Rally, booth: Booth | None, language: Language) -> Message:
        """What a visitor reads, with a button that stops more of it."""
        is_zh = language is Language.ZH
        facts = {
            "title": rally.title_zh if is_zh else rally.title_en,
            "booth": booth and booth_name(booth, language),
            "reason": booth and reason(booth.reason, language),
            "ends": clock(rally.ends_at, self.zone),
        }
        button = Button(MUTE_BUTTON.say(language), f"{MUTE_DATA}:{rally.id}")
        return Message(NOTICES[kind].say(language, **facts), ((button,),))


def booth_name(booth: Booth, language: Language) -> str:
    """A booth as people find it: its number and its name."""
    name = booth.name_zh if language is Language.ZH else booth.name_en
    return f"{booth.code}「{name}」" if language is Language.ZH else f"booth {booth.code} “{name}”"


def runs_out(found: Forecast | None, left: int, ends_at: datetime, zone: ZoneInfo, language: Language) -> str:
    """When something runs out: 礼品 16:40 发完 with its range, or that it lasts."""
    if left <= 0:
        return GONE.say(language)
    if found is None:
        return NO_FORECAST.say(language)
    if found.early >= ends_at:
        return LASTS.say(language)
    early, middle, late = (clock(each, zone) for each in (found.early, found.middle, found.late))
    if found.middle >= ends_at:
        return MAY_LAST.say(language, early=early)
    if early == late:
        return ENDS_ONE.say(language, middle=middle)
    return ENDS.say(language, early=early, middle=middle, late=late)


def queue(heads: int, minutes: int, language: Language) -> str:
    """A queue in words."""
    return WAIT.say(language, heads=heads, minutes=minutes) if minutes or heads else WAIT_NOW.say(language)


def link(rally: Rally, address: str, word: str, language: Language) -> Message:
    """The message with the link; the word stands behind # so that no server's log keeps it."""
    title = rally.title_zh if language is Language.ZH else rally.title_en
    minutes = int(LINK_LIVES.total_seconds() // 60)
    button = Button(OPEN_LINK.say(language), url=f"{address}/boards#{word}")
    return Message(LINK.say(language, title=title, minutes=minutes), ((button,),))


def labels(language: Language) -> dict[str, str]:
    """Every word of the page itself; what is filled in stays in braces for the page."""
    found = {name: phrase.zh if language is Language.ZH else phrase.en for name, phrase in LABELS.items()}
    return found | {"most": str(NOTICES_AN_HOUR)}


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """16:40 in a zone."""
    return f"{moment.astimezone(zone):%H:%M}"
