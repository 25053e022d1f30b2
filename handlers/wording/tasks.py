"""What people read on the task planet (财富星球)."""

from campaigns.deliveries.model import Message
from campaigns.members.model import Language, Member
from campaigns.tasks.model import (
    Planet,
    Progress,
    Proof,
    ProofCode,
    Rhythm,
    TaskCode,
    TaskKind,
    TaskOutcome,
    TaskPlan,
    TaskRefusal,
)
from campaigns.tasks.rules import is_done, next_bonus, streak_now
from handlers.wording.phrase import Phrase

IN_PRIVATE = Phrase("「我的星球」请私聊我发 /planet。", "Send /planet to me in private.")
NO_TASKS = Phrase("您的群现在没有任务，有新任务时会在群里通知。", "No tasks are open to you now.")
READ_LABEL = Phrase("我读完了", "I have read it")
BACK_LABEL = Phrase("返回", "Back")
ASK_PROOF = Phrase(
    "请发一张照片或一句话作为证明（不要发证件、卡号、密码）。发「取消」结束。",
    "Send a photo or a sentence as your proof (no identity papers, card numbers or passwords). “cancel” ends.",
)
BAD_PROOF = Phrase("请发一张照片或一句话。", "Please send a photo or a sentence.")
CANCELLED = Phrase("好的。", "All right.")
USAGE = Phrase(
    "请这样发：/task 活动编号，换行后写任务。例如：\n/task 3\ntasks:\n- kind: check_in\n  title_zh: 每日打卡\n"
    "  title_en: Daily check-in\n  points: 2\n  bonuses: {3: 5, 7: 20, 30: 100}",
    "Send /task, the number of the points campaign, and the tasks on new lines. For example:\n/task 3\ntasks:\n"
    "- kind: check_in\n  title_zh: 每日打卡\n  title_en: Daily check-in\n  points: 2\n"
    "  bonuses: {3: 5, 7: 20, 30: 100}",
)
PUBLISHED = Phrase(
    "已发布 {count} 个任务，群友发 /planet 就能看到。", "{count} tasks are open; members see them by /planet."
)
NO_PROOFS = Phrase("没有待审核的证明。", "No proofs are waiting.")
ACCEPT_LABEL = Phrase("通过", "Accept")
REFUSE_LABEL = Phrase("不通过", "Refuse")
JUDGED = Phrase("已处理。发 /proofs 看下一个。", "Done. /proofs shows the next one.")
JUDGED_ALREADY = Phrase("这个证明已经处理过了。", "This proof was decided before.")
NOT_YOUR_PROOF = Phrase("这个证明不归你审核。", "This proof is not yours to decide.")

_REFUSALS = {
    TaskRefusal.NO_CAMPAIGN: Phrase("没有这个波豆活动。", "There is no such points campaign."),
    TaskRefusal.NOT_YOUR_CAMPAIGN: Phrase("这个波豆活动不属于你的群。", "This points campaign is not of your groups."),
    TaskRefusal.CAMPAIGN_OVER: Phrase("这个波豆活动已结束。", "This points campaign is over."),
    TaskRefusal.CHECK_IN_RULE: Phrase(
        "这个波豆活动已有签到规则，同一次签到不重复发放。请去掉打卡任务，或放到另一个波豆活动。",
        "A check-in rule of this points campaign pays already, and one check-in is not paid twice: leave the check-in "
        "task out, or put it into another campaign.",
    ),
}
_CODES = {
    TaskCode.TWICE: Phrase("这个任务已经完成了。", "This task is done already."),
    TaskCode.WRONG: Phrase("再想想，可以再答一次。", "Not quite: think again and answer once more."),
    TaskCode.NEEDS_PROOF: ASK_PROOF,
    TaskCode.WAITING: Phrase("证明已收到，工作人员审核后会通知您。", "Your proof is here; staff will look at it."),
    TaskCode.NO_TASK: Phrase("这个任务已结束或不对您开放。", "This task is over or not open to you."),
}
_TWICE = {
    Rhythm.DAY: Phrase("今天已经打过卡了，明天再来。", "You have checked in today: come back tomorrow."),
    Rhythm.WEEK: Phrase("这周已经打过卡了，下周再来。", "You have checked in this week: come back next week."),
    Rhythm.MONTH: Phrase("这个月已经打过卡了，下个月再来。", "You have checked in this month: come back next month."),
    Rhythm.ONCE: Phrase("这个任务已经完成了。", "This task is done already."),
}
_ICONS = {
    TaskKind.CHECK_IN: "📅",
    TaskKind.PLAN: "🌱",
    TaskKind.READ: "📖",
    TaskKind.QUESTION: "❓",
    TaskKind.PROOF: "📷",
}
_UNITS = {Rhythm.DAY: Phrase("天", "days"), Rhythm.WEEK: Phrase("周", "weeks"), Rhythm.MONTH: Phrase("个月", "months")}


def title(plan: TaskPlan, language: Language) -> str:
    """A task's name."""
    return plan.title_zh if language is Language.ZH else plan.title_en


def body(plan: TaskPlan, language: Language) -> str:
    """A task's article, question or instruction."""
    return plan.body_zh if language is Language.ZH else plan.body_en


def label(plan: TaskPlan, language: Language) -> str:
    """A task's button."""
    return f"{_ICONS[plan.kind]} {title(plan, language)} +{plan.points}"


def planet(found: Planet, language: Language) -> str:
    """The progress card: points, next goal, tasks with their streaks."""
    lines = [Phrase("🪐 我的星球", "🪐 My planet").say(language), _points(found, language)]
    if found.goal is not None:
        item = found.goal.title_zh if language is Language.ZH else found.goal.title_en
        goal = Phrase(
            "下一个目标：{item}（{price} 波豆），还差 {missing}。发 /shelf 看货架。",
            "Next goal: {item} ({price} points), {missing} to go. /shelf shows all.",
        )
        missing = found.goal.points - found.statement.spendable
        lines.append(goal.say(language, item=item, price=found.goal.points, missing=missing))
    lines.append("")
    lines += [_line(progress, found, language) for progress in found.tasks]
    if not found.tasks:
        lines.append(NO_TASKS.say(language))
    return "\n".join(lines)


def done(outcome: TaskOutcome, plan: TaskPlan, language: Language) -> str:
    """What came of doing a task."""
    if outcome.code is TaskCode.TWICE:
        return _TWICE[plan.rhythm].say(language)
    if outcome.code is not TaskCode.DONE:
        return _CODES[outcome.code].say(language)
    text = Phrase("✅ 「{title}」完成，+{points} 波豆", "✅ “{title}” done: +{points} points")
    if outcome.points == 0:
        text = Phrase("✅ 「{title}」完成。波豆预算已发完，本次没有波豆", "✅ “{title}” done; the points are used up")
    parts = [text.say(language, title=title(plan, language), points=outcome.points)]
    if outcome.bonus:
        parts.append(Phrase("（含连续奖励 {n}）", " ({n} of it for the streak)").say(language, n=outcome.bonus))
    if outcome.streak > 1:
        unit = _UNITS[plan.rhythm].say(language)
        parts.append(Phrase("，连续 {n} {unit}", ", {n} {unit} in a row").say(language, n=outcome.streak, unit=unit))
    return "".join(parts) + Phrase("。", ".").say(language)


def refused(code: TaskCode, language: Language) -> str:
    """Why a task was not done, where there is no task to tell of."""
    return _CODES[code].say(language)


def refusal(reason: TaskRefusal, language: Language) -> str:
    """Why tasks were not published."""
    return _REFUSALS[reason].say(language)


def judging(code: ProofCode, language: Language) -> str:
    """What came of a decision on a proof."""
    words = {
        ProofCode.DECIDED: JUDGED,
        ProofCode.DECIDED_ALREADY: JUDGED_ALREADY,
        ProofCode.NOT_YOURS: NOT_YOUR_PROOF,
    }
    return words[code].say(language)


def proof(found: Proof, member: Member, language: Language) -> str:
    """A proof as the manager reads it, in private."""
    text = Phrase("「{title}」· {name} 的证明：\n{words}", "“{title}” · proof by {name}:\n{words}")
    return text.say(language, title=title(found.task.plan, language), name=member.name, words=found.text or "📷")


class TaskWords:
    """The sentence that tasks put into the ledger (`campaigns.tasks.service.TaskWording`)."""

    def judged(self, member: Member, proof: Proof, points: int, *, accepted: bool) -> Message:
        """What a member hears of a proof."""
        yes = Phrase("✅ 「{title}」审核通过，+{points} 波豆。", "✅ “{title}” is accepted: +{points} points.")
        no = Phrase(
            "「{title}」的证明没有通过，可以发 /planet 重新提交。",
            "Your proof for “{title}” was not accepted; send /planet to hand in another.",
        )
        words = yes if accepted else no
        return Message(words.say(member.language, title=title(proof.task.plan, member.language), points=points))


def _points(found: Planet, language: Language) -> str:
    own = found.statement
    text = Phrase("波豆：{points}", "Points: {points}").say(language, points=own.spendable)
    if own.ends_on is not None and own.ending:
        ending = Phrase("（{n} 个 {day} 到期）", " ({n} end on {day})")
        text += ending.say(language, n=own.ending, day=own.ends_on.isoformat())
    return text


def _line(progress: Progress, found: Planet, language: Language) -> str:
    plan = progress.task.plan
    mark = "✅" if is_done(progress, found.today) else "⏳" if progress.is_waiting else "⬜"
    text = f"{mark} {title(plan, language)} +{plan.points}"
    if plan.rhythm is Rhythm.ONCE:
        return text
    streak = streak_now(plan.rhythm, progress.last, found.today)
    unit = _UNITS[plan.rhythm].say(language)
    text += Phrase(" · 连续 {n} {unit}", " · {n} {unit} in a row").say(language, n=streak, unit=unit)
    if bonus := next_bonus(plan, streak):
        more = Phrase("，再 {n} {unit} +{points}", ", {n} more for +{points}")
        text += more.say(language, n=bonus[0], unit=unit, points=bonus[1])
    return text
