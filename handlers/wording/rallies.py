"""What people read about stamp rallies: why nothing happens, visitors' own state, what is posted in groups."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.groups.model import Group
from campaigns.members.model import Language
from campaigns.rallies.model import (
    Joined,
    OwnStand,
    Rally,
    RallyPlan,
    RallyRefusal,
    RallyState,
    TakenAway,
    Target,
)
from campaigns.rallies.targets import missing_of
from campaigns.slips.codes import spoken
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import game_words, needs_words, of, of_both, rule_page, spans
from handlers.wording.stamp_cards import is_over
from handlers.wording.times import hours, when

STAMP_WORDS = ("集章", "我的集章", "集章卡")

STATES = {
    RallyState.DRAFT: Phrase("草稿", "draft"),
    RallyState.ANNOUNCED: Phrase("已公告", "announced"),
    RallyState.RUNNING: Phrase("进行中", "running"),
    RallyState.ENDED: Phrase("已结束", "over"),
    RallyState.SETTLED: Phrase("已结算", "settled"),
}
TAKEN_AWAY = Phrase(
    "活动已公告，只能往对客户有利的方向改。这些地方对客户更差了：{places}。请改回去再发。",
    "It is announced and only changes in the customers' favour. These places became worse: {places}. Undo that first.",
)
REFUSALS = {
    RallyRefusal.NO_RALLY: Phrase("没有这个集章活动。", "There is no such stamp rally."),
    RallyRefusal.NOT_YOURS: Phrase("这个活动由另一位同事负责。", "A colleague runs this event."),
    RallyRefusal.WRONG_STATE: Phrase("活动现在的状态不能这样做。", "The event is not in a state for that."),
    RallyRefusal.OVER: Phrase("活动已经结束了。", "The event is over."),
    RallyRefusal.NO_GROUP: Phrase("请先选至少一个还没发过的群。", "Choose a group first that has not been told yet."),
    RallyRefusal.NO_BOOTH: Phrase("没有这个摊位。", "There is no such booth."),
    RallyRefusal.NO_REASON: Phrase("请写一句暂停的原因。", "Please give a reason."),
    RallyRefusal.NO_ORGANISER: Phrase("没有这位负责人。", "There is no such organiser."),
    RallyRefusal.PAGE_TOO_LONG: Phrase(
        "规则页太长（最多 3,700 字符，中英文各算）：请减少摊位或写短些。",
        "The rule page is too long (3,700 characters in each language at most): fewer booths or shorter words.",
    ),
}
JOIN_BUTTON = Phrase("我要集章", "Take part")
JOINED = Phrase(
    "您已参加「{title}」🎉\n{hours} · {place}\n"
    "到摊位用手机相机扫屏幕上的码就能得印章。随时发「集章」看自己的进度。\n"
    "您的号码：{number}（没有网络时报给摊位人员）",
    "You take part in “{title}” 🎉\n{hours} · {place}\n"
    "Scan the code on a booth's screen with your camera to get its stamp. Send /stamps to see how far you are.\n"
    "Your number: {number} (tell it to the booth when there is no network)",
)
NOT_TAKING_PART = Phrase(
    "您还没有印章。到活动现场，用手机相机扫摊位屏幕上的码就能参加集章。",
    "You have no stamps yet. At an event, scan the code on a booth's screen with your camera to begin.",
)
STAND = Phrase(
    "【集章】{title} · {state}\n您的号码 {number} · 印章 {n}/{all} 枚",
    "[Stamps] {title} · {state}\nYour number {number} · {n} of {all} stamps",
)
HAVE, HAVE_NONE = Phrase("已得：{booths}", "You have: {booths}"), Phrase("还没有印章。", "No stamp yet.")
MEDAL_HAD = Phrase("🏅 {title}：已获得", "🏅 {title}: won")
MEDAL_NOT_WON = Phrase("· {title}：未获得", "· {title}: not won")
MEDAL_TO_GO = Phrase("· {title}：还差 {n} 枚（{needs}）", "· {title}: {n} more ({needs})")
NEXT = Phrase("下一站：{code} {name}（{zone}）· {game}", "Next: {code} {name} ({zone}) · {game}")
BEGINS = Phrase("{when} 开始。", "It begins {when}.")
ENDED = Phrase("活动已结束，谢谢参加！", "It is over. Thank you for coming!")
ALL_DONE = Phrase("现在没有开着的新摊位，稍后再看看。", "No other booth is open now: please look again later.")
MEDAL = Phrase(
    "🏅 恭喜！您获得「{title}」的「{medal}」勋章。", "🏅 Congratulations! You won the “{medal}” medal of “{title}”."
)
RULES_BUTTON = Phrase("活动规则", "Rules")
OWN_BUTTON = Phrase("我的集章", "My stamps")
POST = Phrase(
    "📢 {page}\n\n规则第 {version} 版 · 校验码 {digest}", "📢 {page}\n\nVersion {version} of the rules · hash {digest}"
)
OPENED = Phrase(
    "🎪「{title}」开始了！{place}，到 {ends}。到摊位扫码集章，集够领礼品。",
    "🎪 “{title}” has begun! {place}, until {ends}. Scan at the booths, collect stamps, win gifts.",
)
CLOSED = Phrase(
    "「{title}」已结束，谢谢大家！已得勋章的请尽快到礼品台领取。",
    "“{title}” is over. Thank you! If you won a medal, please fetch your gift at the desk soon.",
)


def refusal(found: RallyRefusal | TakenAway, language: Language) -> str:
    """Why nothing happened."""
    if isinstance(found, TakenAway):
        return TAKEN_AWAY.say(language, places=", ".join(found.places))
    return REFUSALS[found].say(language)


def joined(found: Joined, zone: ZoneInfo, language: Language) -> str:
    """What somebody reads who takes part from now on."""
    return JOINED.say(language, number=spoken(found.member.number), **frame(found.rally, zone, language))


def stand(found: OwnStand, zone: ZoneInfo, language: Language) -> str:
    """How far somebody is, in words: stamps, medals, what is missing, where to go next."""
    rally = found.rally
    mine = tuple(booth.code for booth in rally.booths if booth.code in found.stamped)
    facts = {"title": of(rally, "title", language), "state": STATES[rally.state].say(language)}
    lines = [
        STAND.say(language, number=spoken(found.member.number), n=len(mine), all=len(rally.booths), **facts),
        HAVE.say(language, booths=spans(mine, language)) if mine else HAVE_NONE.say(language),
        *(_target(target, found, language) for target in rally.targets),
        _next(found, zone, language),
    ]
    return "\n".join(lines)


def _target(target: Target, found: OwnStand, language: Language) -> str:
    title = of(target, "title", language)
    if target.code in found.medals:
        return MEDAL_HAD.say(language, title=title)
    if is_over(found.rally):
        return MEDAL_NOT_WON.say(language, title=title)
    missing = sum(missing_of(need, found.stamped) for need in target.needs)
    return MEDAL_TO_GO.say(language, title=title, n=missing, needs=needs_words(target, language))


def _next(found: OwnStand, zone: ZoneInfo, language: Language) -> str:
    """The way on, or why there is none."""
    rally, booth = found.rally, found.suggestion
    if rally.state is RallyState.ANNOUNCED:
        return BEGINS.say(language, when=when(rally.starts_at, zone, language))
    if rally.state is not RallyState.RUNNING:
        return ENDED.say(language)
    if booth is None:
        return ALL_DONE.say(language)
    facts = {"code": booth.code, "name": of(booth, "name", language), "zone": of_both(booth.zone, language)}
    return NEXT.say(language, game=game_words(booth.game, language), **facts)


def frame(rally: Rally, zone: ZoneInfo, language: Language) -> dict[str, object]:
    """What an event is called, when and where it is."""
    return {
        "title": of(rally, "title", language),
        "hours": hours(rally.starts_at, rally.ends_at, zone, language),
        "ends": when(rally.ends_at, zone, language),
        "place": of(rally.plan, "place", language),
    }


@dataclass(frozen=True)
class RallyWords:
    """The sentences that rallies publish or put into the ledger (`campaigns.rallies.ports.RallyWording`)."""

    zone: ZoneInfo
    username: Callable[[], str]  # Asked only when a link is written.
    language: Language = Language.ZH

    def page(self, plan: RallyPlan, language: Language) -> str:
        """The whole rule page in one language."""
        return rule_page(plan, self.zone, language)

    def post(self, rally: Rally, page: str, version: int, digest: str, group: Group) -> Message:
        """The rule page as a group reads it, with the way in."""
        text = POST.say(self.language, page=page, version=version, digest=digest)
        return Message(text, self._way_in(rally, group))

    def opened(self, rally: Rally, group: Group) -> Message:
        """What a group hears when the event begins."""
        text = OPENED.say(self.language, **frame(rally, self.zone, self.language))
        return Message(text, self._way_in(rally, group))

    def closed(self, rally: Rally) -> Message:
        """What a group hears when the event is over."""
        return Message(CLOSED.say(self.language, title=of(rally, "title", self.language)))

    def medal(self, rally: Rally, target: Target, language: Language) -> Message:
        """What somebody reads who reached a target."""
        facts = {"title": of(rally, "title", language), "medal": of(target, "title", language)}
        return Message(MEDAL.say(language, **facts), ((Button(OWN_BUTTON.say(language), "own_stamps"),),))

    def _way_in(self, rally: Rally, group: Group) -> tuple[tuple[Button, ...], ...]:
        link = join_link(self.username(), rally, f"g{group.id}")
        return ((Button(JOIN_BUTTON.say(self.language), url=link),),)


def join_link(username: str, rally: Rally, source: str) -> str:
    """The link by which somebody takes part; `source` is kept of it."""
    return f"https://t.me/{username}?start=rally_{rally.code}_{source}"
