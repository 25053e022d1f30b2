"""What people read of zones: the list, one zone as a card with free times, the booking, the day's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.catalogue.zones import Zone, ZoneKind
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.zones.model import Booking, BookingRefusal, FreeSlot, ZoneCard
from handlers.wording.phrase import Phrase
from handlers.wording.times import WEEKDAYS, when

ZONE_WORDS = ("预约", "預約", "体验区", "體驗區", "亲子角", "親子角", "挂号", "掛號", "社区服务日")
OPEN_DATA = "zones"

KINDS = {
    ZoneKind.WEALTH: Phrase("📈 {name}", "📈 {name}"),
    ZoneKind.FAMILY: Phrase("🧒 {name}", "🧒 {name}"),
    ZoneKind.CLINIC: Phrase("🏥 {name}", "🏥 {name}"),
    ZoneKind.COMMUNITY: Phrase("🏘 {name}", "🏘 {name}"),
}
LIST = Phrase("可以预约的地方，点一个看时间：", "Where you can book; tap one for its times:")
NONE = Phrase("现在没有可以预约的地方。", "There is nothing to book now.")
IN_GROUP = Phrase("预约请私聊我：发「预约」。", "Book with me in private: /zones.")
PLACE = Phrase("📍 {place}", "📍 {place}")
HOURS = Phrase(
    "🕘 周{days} {opens}–{closes}，每段 {minutes} 分钟", "🕘 {days}, {opens}–{closes}, {minutes} minutes each"
)
STAFF = Phrase("讲解：{staff}", "Explained by: {staff}")
SERVICE = Phrase("· {name}：{terms}", "· {name}: {terms}")
OWN = Phrase("您已约：{when}", "Your booking: {when}")
CHOOSE = Phrase("点一个时段（括号里是剩余名额）：", "Tap a time (places left in brackets):")
FULL = Phrase("两周内都约满了，过几天再看。", "All is booked for two weeks; look again later.")
SLOT = Phrase("{when}（{left}）", "{when} ({left})")
CANCEL = Phrase("取消 {when}", "Cancel {when}")
BACK = Phrase("‹ 全部", "‹ All")
BOOKED = Phrase(
    "约好了：{name}，{when}，{place}。凭证号 {number}。前一天会提醒您；来不了请取消，名额就能给别人。",
    "Booked: {name}, {when}, {place}. Number {number}. You are reminded the day before; cancel if you cannot come.",
)
CANCELLED = Phrase("已取消，名额让给别人了。", "Cancelled; somebody else can have the place.")
TOMORROW = Phrase(
    "⏰ 明天：{name}，{when}，{place}，凭证号 {number}。来不了请取消。",
    "⏰ Tomorrow: {name}, {when}, {place}, number {number}. Cancel if you cannot come.",
)
OPEN_BUTTON = Phrase("我的预约", "My bookings")
PLAY_BUTTON = Phrase("🎮 先玩财商小游戏", "🎮 Play the money game")
TODAY_BUTTON = Phrase("📋 今天谁来", "📋 Who comes today")
TODAY = Phrase("今天的预约：{count}", "Bookings of today: {count}")
COMES = Phrase("{when:%H:%M} {zone} · {name} · 凭证号 {number}", "{when:%H:%M} {zone} · {name} · number {number}")
REFUSALS = {
    BookingRefusal.NO_ZONE: Phrase("这里现在不能预约。", "This cannot be booked now."),
    BookingRefusal.NO_SLOT: Phrase("没有这个时段，请重新选。", "There is no such time: choose another."),
    BookingRefusal.FULL: Phrase("这个时段刚刚约满，请另选一个。", "This time has just filled up: choose another."),
    BookingRefusal.SAME_DAY: Phrase("同一天同一处只能约一次。", "One booking a day at a place."),
    BookingRefusal.TOO_LATE: Phrase("离开始不到 30 分钟，不能再约或取消。", "It begins within 30 minutes."),
    BookingRefusal.NO_BOOKING: Phrase("没有这个预约。", "There is no such booking."),
}


def zone_label(zone: Zone, language: Language) -> str:
    """A zone on its button."""
    return KINDS[zone.kind].say(language, name=zone.name.read_in(language))


def card(found: ZoneCard, local: ZoneInfo, language: Language) -> str:
    """A zone as a card: what, where, when, who explains, what is done on the spot, the own bookings."""
    zone = found.zone
    joint = "、" if language is Language.ZH else ", "
    lines = [
        zone_label(zone, language),
        zone.about.read_in(language),
        PLACE.say(language, place=zone.place.read_in(language)),
        _hours(zone, language),
    ]
    if zone.staff:
        lines.append(STAFF.say(language, staff=joint.join(zone.staff)))
    lines += [
        SERVICE.say(language, name=each.name.read_in(language), terms=each.terms.read_in(language))
        for each in found.services
    ]
    lines += [OWN.say(language, when=when(each.starts_at, local, language)) for each in found.booked]
    return "\n".join([*lines, (CHOOSE if found.slots else FULL).say(language)])


def slot_label(slot: FreeSlot, local: ZoneInfo, language: Language) -> str:
    """A free time on its button."""
    return SLOT.say(language, when=when(slot.starts_at, local, language), left=slot.left)


def cancel_label(booking: Booking, local: ZoneInfo, language: Language) -> str:
    """An own booking on the button that gives it back."""
    return CANCEL.say(language, when=when(booking.starts_at, local, language))


def booked(booking: Booking, zone: Zone, local: ZoneInfo, language: Language) -> str:
    """It is booked."""
    return BOOKED.say(language, **_facts(booking, zone, local, language))


def today(found: Sequence[tuple[Booking, Zone, Member]], local: ZoneInfo, language: Language) -> str:
    """Who comes today, as staff read it; names are masked."""
    lines = [
        COMES.say(
            language,
            when=booking.starts_at.astimezone(local),
            zone=zone.name.read_in(language),
            name=masked(member.name),
            number=booking.id,
        )
        for booking, zone, member in found
    ]
    return "\n".join([TODAY.say(language, count=len(lines)), *lines])[:4096]


@dataclass(frozen=True)
class ZoneWords:
    """Implements `campaigns.zones.service.ZoneWording`."""

    local: ZoneInfo

    def tomorrow(self, reader: Member, booking: Booking, zone: Zone) -> Message:
        """What is read the day before."""
        text = TOMORROW.say(reader.language, **_facts(booking, zone, self.local, reader.language))
        return Message(text, ((Button(OPEN_BUTTON.say(reader.language), OPEN_DATA),),))


def _facts(booking: Booking, zone: Zone, local: ZoneInfo, language: Language) -> dict[str, object]:
    return {
        "name": zone.name.read_in(language),
        "place": zone.place.read_in(language),
        "when": when(booking.starts_at, local, language),
        "number": booking.id,
    }


def _hours(zone: Zone, language: Language) -> str:
    if language is Language.ZH:
        days = "、".join(WEEKDAYS[each - 1] for each in zone.weekdays)
    else:
        days = ", ".join(f"{datetime(2024, 1, each):%a}" for each in zone.weekdays)  # noqa: DTZ001 - a Monday's week.
    facts = {"opens": f"{zone.opens:%H:%M}", "closes": f"{zone.closes:%H:%M}", "minutes": zone.minutes}
    return HOURS.say(language, days=days, **facts)
