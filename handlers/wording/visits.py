"""What people read about door-step visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.visits.model import Choice, Hours, HoursFault, Visit, VisitRefusal, VisitState
from handlers.wording.phrase import Phrase
from handlers.wording.times import on_day, when

ROUTE_WORDS = ("上门路线", "上门安排", "visits")
SLOTS_USAGE = Phrase(
    "请这样发：/slots 日期 时段 每段几户\n例如：/slots 11-25 11-26 09:00-12:00 14:00-17:00 3",
    "Please send: /slots days hours visits\nFor example: /slots 11-25 11-26 09:00-12:00 14:00-17:00 3",
)
OFFERED = Phrase(
    "已放出 {count} 个上门时段，客户可以在 /progress 里预约。",
    "Slots opened: {count}; customers book them in /progress.",
)
FAULTS = {
    HoursFault.NO_DAY: Phrase("没看懂日期，请写如 11-25。", "I could not read the day: write 11-25."),
    HoursFault.NO_HOURS: Phrase("没看懂时段，请写如 09:00-12:00。", "I could not read the hours: write 09:00-12:00."),
    HoursFault.BACKWARDS: Phrase("时段的结束早于开始。", "These hours end before they begin."),
    HoursFault.PAST: Phrase("这个时段已经过去了。", "These hours have begun already."),
    HoursFault.TOO_MANY: Phrase("一次最多放 60 个时段。", "60 slots at most at a time."),
    HoursFault.BAD_PLACES: Phrase("每段请写 1 到 20 户。", "1 to 20 visits a slot."),
}
REFUSALS = {
    VisitRefusal.NO_APPLICATION: Phrase("没有找到这个申请。", "There is no such application."),
    VisitRefusal.NOT_READY: Phrase("卡片送达后才能约上门。", "A visit can be booked once the card has arrived."),
    VisitRefusal.NO_SLOT: Phrase("这个时段不能预约，请重新选。", "This slot cannot be booked: choose another."),
    VisitRefusal.FULL: Phrase("这个时段刚刚约满，请另选一个。", "This slot has just filled up: choose another."),
    VisitRefusal.TOO_LATE: Phrase(
        "离上门不到 2 小时，请直接联系经理。", "It is within two hours: please call your manager."
    ),
    VisitRefusal.SAME: Phrase("您约的就是这个时段。", "This is the slot that you have."),
    VisitRefusal.NO_VISIT: Phrase("没有这个上门，或者已经处理过了。", "There is no such visit, or it is closed."),
    VisitRefusal.NOT_YOURS: Phrase("这个上门由另一位经理负责。", "Another manager makes this visit."),
    VisitRefusal.TOO_EARLY: Phrase("还没到上门时间。", "It is not time for this visit yet."),
}
BOOK_LABEL = Phrase("约上门激活：{product}", "Book a visit: {product}")
CHANGE_LABEL = Phrase("改上门时间：{product}", "Change the visit: {product}")
CHOOSE = Phrase("请选一个上门时段：", "Please choose a time for the visit:")
BOOKED_NOW = Phrase("现在约的是 {when}。", "Your visit is booked for {when}.")
NO_SLOTS = Phrase(
    "经理还没有放出上门时段，请稍后再看，或联系经理。", "No times are open yet. Look again later, or ask your manager."
)
CANCEL_LABEL = Phrase("取消上门", "Cancel the visit")
CANCELLED = Phrase("已取消上门，想约时再发 /progress。", "The visit is cancelled. /progress books another one.")
BOOKED = Phrase("约好了：{when}。改期或取消请发 /progress。", "Booked: {when}. /progress changes or cancels it.")
ASK_ADDRESS = Phrase(
    "请发上门地址（小区、楼栋、门牌），只有上门的经理能看到。",
    "Please send the address. Only the manager who comes will see it.",
)
BAD_ADDRESS = Phrase("地址请写 2 到 100 个字。", "2 to 100 characters, please.")
ADDRESS_KEPT = Phrase("地址已记下，经理会按时上门。", "Thank you, the address is noted.")
STOPPED = Phrase("好的。", "All right.")
NO_VISITS = Phrase("{day} 没有上门。", "No visits on {day}.")
ROUTE_HEAD = Phrase("{day} 上门 {count} 户：", "Visits on {day}: {count}")
NO_ADDRESS = Phrase("地址未填", "no address yet")
STATES = {
    VisitState.BOOKED: Phrase("", ""),
    VisitState.DONE: Phrase(" ✅ 已激活", " ✅ activated"),
    VisitState.NO_SHOW: Phrase(" ✖ 未遇", " ✖ not met"),
    VisitState.CANCELLED: Phrase(" 已取消", " cancelled"),
}
DONE_LABEL = Phrase("{place}. 已激活", "{place}. activated")
NO_SHOW_LABEL = Phrase("{place}. 未遇", "{place}. not met")
PHOTO_LABEL = Phrase("{place}. 照片", "{place}. photo")
ASK_PHOTO = Phrase(
    "请发一张完成照片（不要拍证件、卡号）。发「取消」结束。",
    "Send a photo of the result (no papers, no card numbers). “cancel” ends.",
)
DONE = Phrase("已记为激活，辛苦了。", "Noted as activated. Well done.")
NO_SHOW = Phrase("已记为未遇，客户会收到改约提醒。", "Noted: the customer is asked to book again.")
NEWS_BOOKED = Phrase(
    "{name} 约了上门：{when}，{area}。发 /visits 看路线。",
    "{name} booked a visit: {when}, {area}. /visits shows the route.",
)
NEWS_MOVED = Phrase(
    "{name} 把上门从 {before} 改到 {when}，{area}。", "{name} moved the visit from {before} to {when}, {area}."
)
NEWS_CANCELLED = Phrase("{name} 取消了 {when} 的上门。", "{name} cancelled the visit of {when}.")
NEWS_NO_SHOW = Phrase(
    "今天上门没有遇到您。方便时发 /progress 再约一个时间，不着急。",
    "We did not meet you today. Whenever it suits you, /progress books another time.",
)
NEWS_TOMORROW = Phrase(
    "提醒：{when} 经理上门激活卡片，请备好证件。改期请发 /progress。",
    "Tomorrow: {when}, your card is activated at your door. /progress changes it.",
)
ROUTE_BUTTON = Phrase("打开路线", "Open the route")


def span(hours: Hours, zone: ZoneInfo, language: Language) -> str:
    """12月25日（周五）09:00–12:00 or Fri 25 Dec 09:00–12:00."""
    return f"{when(hours.starts_at, zone, language)}–{hours.ends_at.astimezone(zone):%H:%M}"


def choice(found: Choice, zone: ZoneInfo, language: Language) -> str:
    """What a customer reads who wants a visit."""
    lines = []
    if found.booked is not None:
        lines.append(BOOKED_NOW.say(language, when=span(found.booked.slot.hours, zone, language)))
    lines.append((CHOOSE if found.slots else NO_SLOTS).say(language))
    return "\n".join(lines)


def day_route(visits: Sequence[Visit], names: Mapping[int, str], day: date, zone: ZoneInfo, language: Language) -> str:
    """The route for the manager, with names and addresses; never put into the ledger."""
    if not visits:
        return NO_VISITS.say(language, day=on_day(day, language))
    rows = [_stop(place, visit, names, zone, language) for place, visit in enumerate(visits, start=1)]
    return "\n".join([ROUTE_HEAD.say(language, day=on_day(day, language), count=len(visits)), *rows])


def _stop(place: int, visit: Visit, names: Mapping[int, str], zone: ZoneInfo, language: Language) -> str:
    where = visit.address or NO_ADDRESS.say(language)
    hours = f"{visit.slot.hours.starts_at.astimezone(zone):%H:%M}–{visit.slot.hours.ends_at.astimezone(zone):%H:%M}"
    state = STATES[visit.state].say(language)
    return f"{place}. {hours} {visit.area} · {where} · {names.get(visit.member_id, '*')}{state}"


@dataclass(frozen=True)
class VisitWords:
    """The sentences that visits put into the ledger (`campaigns.visits.ports.VisitWording`)."""

    zone: ZoneInfo

    def booked(self, reader: Member, visit: Visit, name: str, before: Visit | None) -> Message:
        """What the manager reads of a new or moved visit; the name is masked."""
        facts = {"name": name, "when": self._when(visit, reader), "area": visit.area}
        if before is None:
            return Message(NEWS_BOOKED.say(reader.language, **facts))
        return Message(NEWS_MOVED.say(reader.language, before=self._when(before, reader), **facts))

    def cancelled(self, reader: Member, visit: Visit, name: str) -> Message:
        """What the manager reads when a customer cancels; the name is masked."""
        return Message(NEWS_CANCELLED.say(reader.language, name=name, when=self._when(visit, reader)))

    def no_show(self, reader: Member, visit: Visit) -> Message:
        """What the customer reads who was not met."""
        return Message(NEWS_NO_SHOW.say(reader.language))

    def tomorrow(self, reader: Member, visit: Visit) -> Message:
        """What the customer reads the day before."""
        return Message(NEWS_TOMORROW.say(reader.language, when=self._when(visit, reader)))

    def route(self, reader: Member, visits: Sequence[Visit], names: Mapping[int, str], day: date) -> Message:
        """What the manager reads in the morning; names are masked and no address is said."""
        head = ROUTE_HEAD.say(reader.language, day=on_day(day, reader.language), count=len(visits))
        rows = [self._stop(at, visit, names.get(visit.member_id, "*")) for at, visit in enumerate(visits, start=1)]
        button = Button(ROUTE_BUTTON.say(reader.language), f"route:{day.toordinal()}")
        return Message("\n".join([head, *rows]), ((button,),))

    def _stop(self, at: int, visit: Visit, name: str) -> str:
        return f"{at}. {visit.slot.hours.starts_at.astimezone(self.zone):%H:%M} {visit.area} · {name}"

    def _when(self, visit: Visit, reader: Member) -> str:
        return span(visit.slot.hours, self.zone, reader.language)
