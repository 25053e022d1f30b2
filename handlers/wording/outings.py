"""What staff read of outings: the plan, who comes along, the evening before, what happened, the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.outings.model import Outing, OutingKind, OutingRefusal, OutingResult, OwnOuting
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

OUTING_DATA = "outing"

KINDS = {
    OutingKind.SCHOOL: Phrase("🎓 金融知识进校园", "🎓 Finance at school"),
    OutingKind.CARD_DESK: Phrase("💳 移动办卡点", "💳 Mobile card desk"),
}
ASK_EVENT = Phrase("为哪场活动安排外拓？", "Which event is the outing for?")
NO_EVENTS = Phrase("没有可安排的活动，先发 /event 新建一场。", "No event to plan for: /event plans one first.")
ASK_KIND = Phrase("是哪一种？", "Of which kind?")
ASK_PLAN = Phrase(
    "写一行：地点 | 携带物料 | 志愿者人数。例如：第一中学礼堂 | 展架、手册100份 | 4（发 取消 可退出）",
    "One line: place | what to bring | places for volunteers. E.g. School No. 1 | banner, 100 booklets | 4 "
    "(cancel stops)",
)
STOPPED = Phrase("好的，已取消。", "All right, cancelled.")
PLANNED = Phrase(
    "已安排，正在征集志愿者。发 /outings 看报名和结果。", "Planned; volunteers are asked now. /outings shows them."
)
NONE = Phrase("现在没有外拓活动。", "There is no outing now.")
SIGN_UP = Phrase("🙋 我报名", "🙋 I come along")
STEP_BACK = Phrase("退出报名", "step back")
CODE = Phrase("🖼 现场码", "🖼 the code")
TELL = Phrase("📝 填结果", "📝 what happened")
RESULT = Phrase("📊 结果", "📊 result")
SIGNED = Phrase(
    "报名成功。请携带：{brings}。现场客户扫「现场码」进群；登记意向客户发 /prospect（先征得本人同意）。"
    "活动后发 /outings 填结果。",
    "You are in. Bring: {brings}. People on the spot scan the code; /prospect records who agreed to it. Afterwards "
    "/outings takes what happened.",
)
STEPPED_BACK = Phrase("已退出，名额已放出。", "You stepped back; the place is free.")
ASK_TOLD = Phrase("到场多少人，发了多少份资料？例如：120 80", "People reached and pieces handed out? E.g. 120 80")
THANKS = Phrase("已记录：触达 {reached} 人，资料 {materials} 份。", "Noted: {reached} reached, {materials} pieces.")
REFUSALS = {
    OutingRefusal.NOT_YOURS: Phrase("这不是您的活动。", "This event is not yours."),
    OutingRefusal.OVER: Phrase("活动已开始、结束或取消。", "The event has begun, is over or cancelled."),
    OutingRefusal.PLANNED_ALREADY: Phrase("这场活动已安排过外拓。", "This event has its outing already."),
    OutingRefusal.NOT_READ: Phrase("没看懂，请按例子写。", "I could not read it; write it as in the example."),
    OutingRefusal.NO_STAFF: Phrase("志愿者由本行员工担任。", "Volunteers are the bank's own staff."),
    OutingRefusal.FULL: Phrase("名额已满。", "All places are taken."),
    OutingRefusal.SIGNED_ALREADY: Phrase("您已报名。", "You are in already."),
    OutingRefusal.NOT_SIGNED: Phrase("您没有报名。", "You did not sign up."),
    OutingRefusal.NOT_YET: Phrase("活动还没开始。", "The event has not begun yet."),
}
LINE = Phrase(
    "{kind}「{title}」\n🕒 {when} · 📍 {place}\n携带：{brings} · 名额 {taken}/{seats}",
    "{kind}: {title}\n🕒 {when} · 📍 {place}\nBring: {brings} · {taken} of {seats} places taken",
)


def outing_line(outing: Outing, zone: ZoneInfo, language: Language) -> str:
    """One outing: what, when, where, what to bring, places."""
    event, plan = outing.event, outing.plan
    return LINE.say(
        language,
        kind=KINDS[plan.kind].say(language),
        title=event.plan.title_in(language),
        when=when(event.plan.starts_at, zone, language),
        place=plan.place,
        brings=plan.brings,
        taken=outing.taken,
        seats=plan.seats,
    )


def outings_page(found: Sequence[OwnOuting], zone: ZoneInfo, language: Language) -> str:
    """Every outing that somebody of staff sees."""
    own = f" · {Phrase('✅ 您已报名', '✅ you are in').say(language)}"
    lines = (outing_line(each.outing, zone, language) + (own if each.own else "") for each in found)
    return "\n\n".join(lines) or NONE.say(language)


def result_page(found: OutingResult, zone: ZoneInfo, language: Language) -> str:
    """What came of an outing: figures that volunteers told, figures of the rows, who has not told yet."""
    told = Phrase("{name}：触达 {reached} 人，资料 {materials} 份", "{name}: {reached} reached, {materials} pieces")
    lines = [outing_line(found.outing, zone, language)]
    lines += [
        told.say(language, name=who.name, **vars(each.told))
        if each.told
        else Phrase("{name}：未填结果", "{name}: has not told yet").say(language, name=who.name)
        for who, each in found.volunteers
    ]
    total = Phrase(
        "合计触达 {reached} 人，资料 {materials} 份；已同意的意向客户 {leads} 人；扫码进来 {came} 人；"
        "当天办卡申请 {applications} 件",
        "In all {reached} reached, {materials} pieces; {leads} leads with consent; {came} came by the codes; "
        "{applications} applications begun that day",
    )
    figures = {"reached": found.reached, "materials": found.materials, **vars(found.brought)}
    return "\n".join([*lines, total.say(language, **figures)])


@dataclass(frozen=True)
class OutingWords:
    """The sentences that outings put into the ledger (`campaigns.outings.service.OutingWording`)."""

    zone: ZoneInfo

    def wanted(self, outing: Outing, reader: Member) -> Message:
        """What staff read when volunteers are looked for."""
        head = Phrase("📢 征集志愿者", "📢 Volunteers wanted").say(reader.language)
        button = Button(SIGN_UP.say(reader.language), data=f"{OUTING_DATA}:{outing.event.id}:join")
        return Message(f"{head}\n{outing_line(outing, self.zone, reader.language)}", ((button,),))

    def reminder(self, outing: Outing, reader: Member) -> Message:
        """What a volunteer reads on the evening before."""
        event, plan = outing.event, outing.plan
        text = Phrase(
            "⏰ 明天外拓「{title}」：{when}，{place}。请携带：{brings}。",
            "⏰ Tomorrow's outing “{title}”: {when}, {place}. Bring: {brings}.",
        )
        starts = when(event.plan.starts_at, self.zone, reader.language)
        title = event.plan.title_in(reader.language)
        return Message(text.say(reader.language, title=title, when=starts, place=plan.place, brings=plan.brings))
