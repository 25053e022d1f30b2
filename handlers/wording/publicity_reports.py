"""What a manager reads of an event's publicity: how far each publicist is, and what became of each code's people."""

from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.publicity.model import CodeReport, Event, EventState, PublicityReport, Tally, TaskState
from handlers.wording.phrase import Phrase
from handlers.wording.publicity import KINDS, MATERIALS
from handlers.wording.times import when

MOST_CODES = 40  # With more, the words would not fit a message.
STEPS = {
    "opened": Phrase("来源", "came"),
    "joined": Phrase("进群", "joined"),
    "welcomed": Phrase("欢迎", "welcomed"),
    "bound": Phrase("绑定", "linked"),
    "chained": Phrase("接龙", "chained"),
    "drawn": Phrase("抽奖", "drew"),
    "earned": Phrase("得豆", "earned points"),
    "redeemed": Phrase("兑换", "redeemed"),
    "left": Phrase("退群", "left"),
    "apart": Phrase("员工/本人", "staff or oneself"),
}
APART = Phrase(
    "每人只算一次，归最先的码；员工和本人单列，不计入。",
    "Everybody counts once, for the first code; staff and oneself stand apart and do not count.",
)
UNUSED = Phrase("还没带来人：{codes}", "Nobody yet by: {codes}")
MORE_CODES = Phrase(
    "其余 {count} 个码略，全部见 publicity report。", "{count} more codes; publicity report has them all."
)


def event_page(report: PublicityReport, zone: ZoneInfo, now: datetime, language: Language) -> str:
    """One event for its manager: when, and how far each publicist is."""
    event = report.event
    starts = when(event.plan.starts_at, zone, language)
    head = f"{event.plan.title_in(language)}\n🕒 {starts} · {_standing(event, now, language)}"
    lines = [
        Phrase(
            "· {name}（{kind}）：完成 {done}/{all}，待核对 {new}",
            "· {name} ({kind}): {done} of {all} done, {new} to check",
        ).say(
            language,
            name=each.name,
            kind=KINDS[each.publicist.kind].say(language),
            done=each.count(TaskState.CHECKED),
            all=len(each.states),
            new=each.count(TaskState.DONE),
        )
        for each in report.progress
        if each.states
    ]
    joined = Phrase("已进群 {joined} 人，绑定 {bound} 人", "{joined} joined, {bound} linked").say(
        language, joined=report.total.joined, bound=report.total.bound
    )
    return "\n".join([head, *lines, joined])


def _standing(event: Event, now: datetime, language: Language) -> str:
    if event.state is EventState.CANCELLED:
        return Phrase("已取消", "cancelled").say(language)
    return (Phrase("计划中", "planned") if event.is_ahead(now) else Phrase("已结束", "over")).say(language)


def report_page(report: PublicityReport, language: Language) -> str:
    """Every code that brought people with what became of them, the most first; the others by name; staff apart."""
    used = sorted((each for each in report.codes if each.tally.opened or each.tally.apart), key=_heads, reverse=True)
    lines = [f"📊 {report.event.plan.title_in(language)}"]
    lines += [
        f"{_code(each, language)} {each.code}\n  {tally_line(each.tally, language)}" for each in used[:MOST_CODES]
    ]
    if len(used) > MOST_CODES:
        lines.append(MORE_CODES.say(language, count=len(used) - MOST_CODES))
    lines.append(f"{Phrase('合计', 'total').say(language)}\n  {tally_line(report.total, language)}")
    if idle := [_code(each, language) for each in report.codes if each not in used][:MOST_CODES]:
        lines.append(UNUSED.say(language, codes=Phrase("、", ", ").say(language).join(idle)))
    return "\n".join([*lines, APART.say(language)])


def _heads(found: CodeReport) -> int:
    return found.tally.opened


def _code(found: CodeReport, language: Language) -> str:
    return f"{found.name} · {MATERIALS[found.material].say(language)}"


def tally_line(tally: Tally, language: Language) -> str:
    """One line of heads; steps that nobody took are left out."""
    always = ("opened", "joined")
    heads = [(words, getattr(tally, step)) for step, words in STEPS.items() if step in always or getattr(tally, step)]
    return " · ".join(f"{words.say(language)} {count}" for words, count in heads)
