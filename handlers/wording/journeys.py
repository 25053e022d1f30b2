"""What customers read of a journey, and what staff read of the journeys and of how they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Kind, Message
from campaigns.events.model import EventKind
from campaigns.journeys.model import (
    LEFT,
    Branch,
    Change,
    Edition,
    End,
    JourneyRefusal,
    JourneyState,
    Mark,
    Outcome,
    Overview,
    Plan,
    Send,
    Step,
    Task,
    Wait,
    Why,
)
from campaigns.members.model import Language
from campaigns.offers.model import Text
from handlers.wording.consents import STOP_BUTTON, STOP_DATA
from handlers.wording.offers import WAY_OUT, WHY_BUTTON, WHY_DATA
from handlers.wording.phrase import Phrase
from handlers.wording.times import on_day

CHANGE_DATA, IN_THE_CHAT = "journey_do", "in the chat"
LONGEST = 3_900  # characters of one message, less than the platform takes
MORE = Phrase("其余请看命令行 journeys list。", "The others: `journeys list`.")
KINDS = {
    EventKind.FUND_PLAN_PAUSED: Phrase("定投计划暂停", "a fund plan was paused"),
    EventKind.FUND_PLAN_RESUMED: Phrase("定投计划恢复", "a fund plan went on"),
    EventKind.PAGE_VIEWED: Phrase("浏览页面", "a page was viewed"),
    EventKind.LARGE_INFLOW: Phrase("大额转入", "a large sum came in"),
    EventKind.PRODUCT_BOUGHT: Phrase("购买产品", "a product was bought"),
    EventKind.LOGGED_IN: Phrase("登录", "a login"),
    EventKind.PAID: Phrase("消费支付", "a payment"),
    EventKind.CARD_DELIVERED: Phrase("卡片已送达", "a card was delivered"),
    EventKind.CARD_ACTIVATED: Phrase("卡片已激活", "a card was activated"),
    EventKind.CARD_FIRST_USED: Phrase("卡片首次使用", "a card was first used"),
    EventKind.ACCOUNT_OPENED: Phrase("开立账户", "an account was opened"),
    EventKind.BIRTHDAY: Phrase("生日", "a birthday"),
    EventKind.CLASS_UP: Phrase("服务类别上升", "the class went up"),
    EventKind.CLASS_DOWN: Phrase("服务类别下降", "the class went down"),
    EventKind.CHURN_WARNING: Phrase("往来减少", "fewer dealings"),
    EventKind.COUPON_EXPIRING: Phrase("优惠券将到期", "a coupon or voucher ends soon"),
    EventKind.POINTS_EXPIRING: Phrase("波豆将到期", "points end soon"),
    EventKind.PROSPECT_CAME: Phrase("应邀而来", "came by an invitation"),
    EventKind.BECAME_LEAD: Phrase("留下手机号", "left a number"),
    EventKind.AUDIENCE_ENTERED: Phrase("符合名单条件", "came to fit the condition"),
}
STATES = {
    JourneyState.DRAFT: Phrase("📝 待放行", "📝 waits for release"),
    JourneyState.RUNNING: Phrase("▶️ 运行中", "▶️ running"),
    JourneyState.PAUSED: Phrase("⏸ 已暂停", "⏸ paused"),
    JourneyState.STOPPED: Phrase("⏹ 已停止", "⏹ stopped"),
}
OUTCOMES = {
    Outcome.REACHED: Phrase("达成目标", "reached"),
    Outcome.COMPLETED: Phrase("走完全程", "completed"),
    Outcome.OPTED_OUT: Phrase("退订离开", "opted out"),
    Outcome.RESTRICTED: Phrase("受限离开", "restricted"),
    Outcome.ERASED: Phrase("已删除资料", "erased"),
    Outcome.STOPPED: Phrase("旅程停止", "stopped"),
}
REFUSALS = {
    JourneyRefusal.NO_JOURNEY: Phrase(
        "没有这个旅程，发 /journeys 看全部。", "There is no such journey; /journeys lists them."
    ),
    JourneyRefusal.NO_VERSION: Phrase("没有这一版。", "There is no such version."),
    JourneyRefusal.SAME_PERSON: Phrase(
        "提交的人不能自己放行，请另一位同事放行。", "Who loaded a version cannot release it: ask a second person."
    ),
    JourneyRefusal.RELEASED_ALREADY: Phrase("这一版已经在运行。", "This version runs already."),
    JourneyRefusal.NOT_RUNNING: Phrase("这个旅程没有在运行。", "This journey is not running."),
    JourneyRefusal.NOT_PAUSED: Phrase("这个旅程没有暂停。", "This journey is not paused."),
    JourneyRefusal.STOPPED_ALREADY: Phrase("这个旅程已经停止。", "This journey is stopped already."),
}
DONE = {
    Change.RELEASE: Phrase("已放行「{title}」第 {version} 版。", "“{title}”, version {version}, runs now."),
    Change.PAUSE: Phrase(
        "已暂停「{title}」，在途客户停在原处。", "“{title}” is paused; everybody stays where they are."
    ),
    Change.RESUME: Phrase("已恢复「{title}」。", "“{title}” goes on."),
    Change.STOP: Phrase("已停止「{title}」。", "“{title}” is stopped."),
}
BUTTONS = {
    Change.RELEASE: Phrase("放行 {title}", "Release {title}"),
    Change.PAUSE: Phrase("⏸ 暂停 {title}", "⏸ Pause {title}"),
    Change.RESUME: Phrase("▶️ 恢复 {title}", "▶️ Resume {title}"),
}
NONE = Phrase("还没有旅程。用命令行 journeys load 提交。", "There are no journeys yet; `journeys load` keeps one.")
HEAD = Phrase(
    "{state} {title}（{name} 第 {version} 版）\n触发：{trigger}",
    "{state} {title} ({name}, version {version})\nbegins when {trigger}",
)
NEWER = Phrase("第 {version} 版待放行（{by}）", "version {version} waits for release (by {by})")
ENTERED = Phrase(
    "进入 {entered} 人 · 达成 {reached} · 走完 {completed} · 对照 {held_out}",
    "entered {entered} · reached {reached} · completed {completed} · held out {held_out}",
)
STANDING = Phrase("在途：{places}", "under way: {places}")
GONE = Phrase("离开：{places}", "left: {places}")
AT = Phrase("{node} {heads} 人", "{node} {heads}")
WHY = Phrase("您收到「{title}」：{why}", "You got “{title}”: {why}")
WHY_SINCE = Phrase("缘由：{trigger}（{day}）。", "Because {trigger} ({day}).")
WHY_RIGHTS = Phrase(
    "由系统按我行的业务数据自动发出，内容经人工审核。不想再收到，请发「退订」。",
    "Our program sent it by our own business data; people reviewed the words. Send /stop to end this.",
)
TASK = Phrase("旅程「{title}」：{why}", "journey “{title}”: {why}")
LEAD_TASK = Phrase("📌 旅程「{title}」：{name}，{why}", "📌 Journey “{title}”: {name}, {why}")


@dataclass(frozen=True)
class JourneyWords:
    """The sentences that journeys put into the ledger (`campaigns.journeys.ports.JourneyWording`)."""

    def message(self, text: Text, kind: Kind, language: Language) -> Message:
        """What a customer reads; an offer says how to hear no more and why it came."""
        words = text.read_in(language)
        if kind is not Kind.MARKETING:
            return Message(words)
        buttons = (Button(WHY_BUTTON.say(language), WHY_DATA), Button(STOP_BUTTON.say(language), STOP_DATA))
        return Message(f"{words}\n\n{WAY_OUT.say(language)}", (buttons,))

    def task(self, plan: Plan, why: Text) -> str:
        """Why a manager is to do something, in both languages."""
        told = {
            language: TASK.say(language, title=plan.title.read_in(language), why=why.read_in(language))
            for language in Language
        }
        return Phrase(told[Language.ZH], told[Language.EN]).both()

    def lead_task(self, plan: Plan, why: Text, name: str, language: Language) -> Message:
        """The same for a member whom the bank has no customer for."""
        title, said = plan.title.read_in(language), why.read_in(language)
        return Message(LEAD_TASK.say(language, title=title, name=name, why=said))


def overview(found: Overview, language: Language, *, may_steer: bool) -> Message:
    """One journey: its state, where everybody stands, how it ended, and what this reader may do with it."""
    journey, figures, plan = found.journey, found.figures, found.edition.plan
    trigger = KINDS[plan.trigger.event].say(language)
    head = {"state": STATES[journey.state].say(language), "title": plan.title.read_in(language), "name": journey.name}
    lines = [HEAD.say(language, **head, version=found.edition.version, trigger=trigger)]
    ended = figures.ended
    counts = {"reached": ended.get(Outcome.REACHED, 0), "completed": ended.get(Outcome.COMPLETED, 0)}
    lines.append(ENTERED.say(language, entered=figures.entered, held_out=figures.held_out, **counts))
    if figures.standing:
        order = [each.id for each in plan.steps]
        places = sorted(figures.standing.items(), key=lambda each: order.index(each[0]) if each[0] in order else -1)
        lines.append(STANDING.say(language, places=_listed([(node, heads) for node, heads in places], language)))
    if gone := [(OUTCOMES[each].say(language), ended[each]) for each in LEFT if each in ended]:
        lines.append(GONE.say(language, places=_listed(gone, language)))
    if journey.newest != journey.version:
        lines.append(NEWER.say(language, version=journey.newest, by=found.newest_by))
    return Message("\n".join(lines), tuple(_buttons(found, language)) if may_steer else ())


def overviews(found: Sequence[Overview], language: Language, *, may_steer: bool) -> Message:
    """As many as one message takes, with their buttons; the platform refuses a message of more than 100."""
    if not found:
        return Message(NONE.say(language))
    parts = [overview(each, language, may_steer=may_steer) for each in found]
    shown, length = list[Message](), 0
    for part in parts:
        length += len(part.text)
        if length > LONGEST:
            break
        shown.append(part)
    more = [MORE.say(language)] if len(shown) < len(parts) else []
    text = "\n\n".join([*(part.text for part in shown), *more])
    return Message(text, tuple(row for part in shown for row in part.buttons))


def _buttons(found: Overview, language: Language) -> list[tuple[Button, ...]]:
    """What may be done with a journey as it stands; a stop is for the command line, with its reason."""
    journey, title = found.journey, found.edition.plan.title.read_in(language)
    offered = []
    if journey.newest != journey.version or journey.state is JourneyState.STOPPED:
        offered.append((Change.RELEASE, journey.newest))
    if journey.state is JourneyState.RUNNING:
        offered.append((Change.PAUSE, journey.version or 0))
    if journey.state is JourneyState.PAUSED:
        offered.append((Change.RESUME, journey.version or 0))
    return [
        (Button(BUTTONS[change].say(language, title=title), f"{CHANGE_DATA}:{change}:{version}:{journey.name}"),)
        for change, version in offered
    ]


def refusal(reason: JourneyRefusal, language: Language) -> str:
    """Why nothing was done."""
    return REFUSALS[reason].say(language)


def why(found: Why, language: Language, zone: ZoneInfo) -> str:
    """The true reason for the last message of a journey."""
    title, said = found.title.read_in(language), found.why.read_in(language)
    trigger = KINDS[found.trigger].say(language)
    lines = [
        WHY.say(language, title=title, why=said),
        WHY_SINCE.say(language, trigger=trigger, day=on_day(found.since.astimezone(zone).date(), language)),
    ]
    return "\n".join([*lines, WHY_RIGHTS.say(language)])


def picture(edition: Edition, language: Language) -> str:
    """The path as text: what begins it, every step with what it leads to, its goal."""
    plan = edition.plan
    lines = [f"{plan.title.read_in(language)} · {plan.name} v{edition.version}", f"◉ {_begin(plan, language)}"]
    for at, each in enumerate(plan.steps):
        following = plan.steps[at + 1].id if at + 1 < len(plan.steps) else None
        lines += ["│", f"├─ {each.id}: {_said(each, language)}"]
        lines += [f"│     {arrow}" for arrow in _arrows(each, following)]
    goal = KINDS[plan.goal].say(language) if plan.goal else "–"
    return "\n".join([*lines, "│", f"◎ {goal}"])


def _begin(plan: Plan, language: Language) -> str:
    trigger = plan.trigger
    parts = [KINDS[trigger.event].say(language)]
    if trigger.line:
        parts.append(trigger.line)
    if trigger.least_amount is not None:
        parts.append(f"≥ {trigger.least_amount // 100:,} 元")
    parts += [f"{name} = {value}" for name, value in trigger.payload.items()]
    if plan.entry.line:
        parts.append(f"[{plan.entry.line}]")
    again = "1×" if plan.entry.again_after is None else f"↻ {plan.entry.again_after} d"
    return " · ".join([*parts, again, f"hold-out {plan.hold_out / 100:g} %"])


def _said(step: Step, language: Language) -> str:
    match step:
        case Wait(_, days, until, at):
            if until is not None:
                return f"⏳ {KINDS[until].say(language)} / {days} d"
            return f"⏳ {days} d" + (f" {at:%H:%M}" if at else "")
        case Branch(_, _, line, happened):
            return f"◇ {line or (KINDS[happened].say(language) if happened else '')} ?"
        case Send(_, kind, channel, text):
            return f"✉ {kind}/{channel}: {text.read_in(language).splitlines()[0][:40]}"
        case Task(_, reason):
            return f"☎ {reason.read_in(language)[:40]}"
        case Mark(_, tag):
            return f"🏷 {tag}"
        case End(_, is_reached):
            return "■ reached" if is_reached else "■ completed"
        case _:
            assert_never(step)


def _arrows(step: Step, following: str | None) -> list[str]:
    """Where a step leads, unless it is simply the next one."""
    if isinstance(step, End):
        return []
    if isinstance(step, Branch):
        return [f"yes → {step.then}", f"no  → {step.next or '■'}"]
    return [] if step.next == following else [f"→ {step.next or '■'}"]


def _listed(found: list[tuple[str, int]], language: Language) -> str:
    parts = [AT.say(language, node=node, heads=heads) for node, heads in found]
    return ("、" if language is Language.ZH else ", ").join(parts)
