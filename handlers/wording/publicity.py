"""What people read about an event's publicity: its plan, tasks, copy to forward, codes and report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.compliance.words import Finding
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.publicity.model import (
    Copy,
    Event,
    EventPlan,
    Material,
    PlanRefusal,
    PlanRefused,
    PublicistKind,
    PublicityRefusal,
    PublicityTask,
    TaskState,
    TaskTemplate,
)
from campaigns.publicity.rules import kind_of
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

TASK_WORDS = ("我的宣传任务", "宣传任务", "my publicity tasks")
EVENT_WORDS = ("活动宣传", "宣传", "publicity")
NEW_EVENT_WORDS = ("新活动", "办活动", "new event")

KINDS = {
    PublicistKind.PARTNER: Phrase("合作伙伴", "partner"),
    PublicistKind.PROPERTY: Phrase("物业", "property manager"),
    PublicistKind.BANK: Phrase("银行", "bank"),
}
MATERIALS = {
    Material.FLYER: Phrase("宣传单页", "flyer"),
    Material.POSTER: Phrase("海报", "poster"),
    Material.MOMENTS: Phrase("朋友圈", "moments"),
    Material.CUSTOMER_GROUPS: Phrase("客户群", "customer groups"),
    Material.PROPERTY_GROUP: Phrase("业主群", "residents' groups"),
    Material.BANK_GROUP: Phrase("行群", "the bank's group"),
    Material.INVITATION: Phrase("意向客户邀约", "personal invitations"),
    Material.DESK: Phrase("现场码", "on the spot"),
}
DEEDS = {
    Material.FLYER: Phrase("在社区派发宣传单页", "hand out flyers in the community"),
    Material.POSTER: Phrase("在楼道、电梯张贴海报", "put the poster up in halls and lifts"),
    Material.MOMENTS: Phrase("发朋友圈", "post in your moments"),
    Material.CUSTOMER_GROUPS: Phrase("发到自己的客户群", "post in your customer groups"),
    Material.PROPERTY_GROUP: Phrase("发到业主群", "post in the residents' groups"),
    Material.BANK_GROUP: Phrase("在行群内发布", "post in the bank's group"),
    Material.INVITATION: Phrase("邀约意向客户", "invite interested people"),
    Material.DESK: Phrase("在现场出示", "show it on the spot"),
}
STATES = {
    TaskState.OPEN: Phrase("⬜ 待完成", "⬜ to do"),
    TaskState.DONE: Phrase("🟡 待核对", "🟡 to be checked"),
    TaskState.CHECKED: Phrase("✅ 已通过", "✅ checked"),
    TaskState.REJECTED: Phrase("🔴 被退回", "🔴 sent back"),
    TaskState.CANCELLED: Phrase("✖ 已取消", "✖ cancelled"),
}
# How the copy begins, by days before the event.
OPENINGS = {
    3: Phrase("📣 社区活动预告", "📣 Coming up near you"),
    2: Phrase("📣 还有两天", "📣 In two days"),
    1: Phrase("📣 就在明天", "📣 Tomorrow"),
    0: Phrase("📣 就是今天", "📣 Today"),
}
BODY = Phrase(
    "{opening}：{title}\n🏪 {merchant}\n🎁 {benefits}\n🕒 {when}\n👉 进群领福利：{link}\n"
    "主办：{bank} · 咨询与投诉：{complaints}",
    "{opening}: {title}\n🏪 {merchant}\n🎁 {benefits}\n🕒 {when}\n👉 Join the group: {link}\n"
    "By {bank}. Questions and complaints: {complaints}",
)

POSTER = {
    "group": Phrase("商户福利群", "Merchant welfare group"),
    "scan": Phrase("扫码进群领福利", "Scan to join"),
    "code": Phrase("扫不了？在聊天里找", "No camera? Find in the chat"),
    "type": Phrase("发「进群」和码", "and send the code"),
    "organiser": Phrase("主办：", "By "),
    "complaints": Phrase("咨询与投诉：", "Complaints: "),
    "safe": Phrase("工作人员不会索要密码、验证码或转账。", "Staff never ask for passwords, codes or transfers."),
}

ASK_GROUP = Phrase("为哪个群办活动？", "Which group is the event for?")
NO_GROUPS = Phrase("您还没有登记群，先发 /newgroup 建群。", "You have no registered group yet: /newgroup makes one.")
ASK_TITLE = Phrase(
    "活动叫什么？可写「中文 | English」，只写中文就只出中文文案。（最多40字，发 取消 可退出）",
    "What is the event called? “中文 | English” makes copy in both. (40 characters; cancel stops)",
)
ASK_BENEFITS = Phrase(
    "大家能得到什么？写一两句，会原样印在海报上，同样可写「中文 | English」。（最多120字）",
    "What do people get? It is printed on the poster as you write it, as “中文 | English” too. (120 characters)",
)
ASK_WHEN = Phrase(
    "什么时候开始？例如 12-31 15:00、3天、后天15:00。建议提前 2-3 天。",
    "When does it begin? E.g. 12-31 15:00, 3d, tomorrow 15:00. Two or three days ahead is best.",
)
ASK_COMPLAINTS = Phrase("咨询与投诉找谁？例如 95500。", "Where do questions and complaints go? E.g. 95500.")
BAD_WHEN = Phrase("时间没看懂，例如：12-31 15:00 或 3天。", "I could not read the time, e.g. 12-31 15:00 or 3d.")
STOPPED = Phrase("好的，已取消。", "All right, cancelled.")
PREVIEW = Phrase(
    "文案已通过合规词检查，转发的人只能用这些文案：\n\n{first}\n\n（T-3 至 T-0 各有一版。）确认发布吗？",
    "The copy passed the compliance check and is forwarded as it is:\n\n{first}\n\n"
    "(One for each day T-3 to T-0.) Publish?",
)
PUBLISH = Phrase("确认发布", "Publish")
PLANNED = Phrase(
    "「{title}」已计划，{when}。接下来添加宣传人员。", "“{title}” is planned for {when}. Now add publicists."
)
NO_EVENTS = Phrase("还没有活动。发 /event 新建一个。", "No events yet. /event plans one.")
CHOOSE_EVENT = Phrase("选一个活动：", "Choose an event:")
ADD = Phrase("➕ 宣传人员", "➕ publicists")
CODES = Phrase("🖼 海报和码", "🖼 posters and codes")
REPORT = Phrase("📊 效果", "📊 report")
CANCEL = Phrase("取消活动", "cancel the event")
CANCEL_SURE = Phrase("确定取消？再点一次", "Really cancel? Tap again")
WHO = Phrase("谁来宣传？点名字添加。", "Who spreads the word? Tap a name.")
NOBODY = Phrase(
    "没有可添加的人员。管理员可用 /invite partner、/invite property 邀请。",
    "Nobody to add. An administrator invites with /invite partner or /invite property.",
)
ADDED = Phrase("✅ {name} 已添加，任务和码已生成。", "✅ {name} is added, with tasks and codes.")
ALL_ADDED = Phrase("可添加的人员都已添加。", "Everybody who can be is added.")
WHICH_CODE = Phrase("点一个码，取它的海报：", "Tap a code for its poster:")
CANCELLED_NOW = Phrase("活动已取消，宣传人员会收到通知。", "The event is cancelled; its publicists are told.")

NO_TASKS = Phrase("您现在没有宣传任务。", "You have no publicity tasks now.")
NEEDED_PHOTO = Phrase(
    "请发一张完成的照片或截图（发 取消 可退出）。", "Send a photo or screenshot as proof (cancel stops)."
)
THANKS = Phrase("收到，等理财经理核对。", "Received; the wealth manager checks it.")
COPY_BUTTON = Phrase("📋 文案", "📋 copy")
POSTER_BUTTON = Phrase("🖼 海报", "🖼 poster")
DONE_BUTTON = Phrase("✔ 已完成", "✔ done")
PRINT_BUTTON = Phrase("A4 印刷版", "A4 for print")
SEE_PROOF = Phrase("看凭证", "see the proof")
ACCEPT = Phrase("通过", "accept")
SEND_BACK = Phrase("退回", "send back")
ACCEPTED_NOW = Phrase("已通过。", "Accepted.")
SENT_BACK_NOW = Phrase("已退回，对方会收到通知。", "Sent back; they are told.")
POSTER_CAPTION = Phrase("{material} · 码 {code}\n{link}", "{material} · code {code}\n{link}")


def plan_refusal(refused: PlanRefused, language: Language) -> str:
    """Why an event was not planned, and what to do."""
    finding = refused.finding
    match refused.reason:
        case PlanRefusal.NOT_YOUR_GROUP:
            return Phrase("这不是您的群。", "This is not your group.").say(language)
        case PlanRefusal.NO_TITLE:
            return Phrase("请写上名称和福利。", "Write a title and benefits.").say(language)
        case PlanRefusal.NO_COMPLAINTS:
            return Phrase("请写咨询与投诉渠道。", "Name where complaints go.").say(language)
        case PlanRefusal.LONG_TEXT:
            return Phrase("太长了：名称40字，福利120字，渠道40字以内。", "Too long: 40, 120 and 40 characters.").say(
                language
            )
        case PlanRefusal.TOO_SOON:
            return Phrase("活动至少要在一小时之后。", "The event must be at least an hour ahead.").say(language)
        case PlanRefusal.TOO_FAR:
            return Phrase("活动要在 90 天之内。", "The event must be within 90 days.").say(language)
        case PlanRefusal.FORBIDDEN_WORDS:
            words = Phrase(
                "文案含违禁词「{word}」（{law}），请改写。{advice}",
                "The copy says “{word}” ({law}): write it anew. {advice}",
            )
            return words.say(language, **_found(finding, language))
        case PlanRefusal.NO_RISK_NOTICE:
            return Phrase(
                "提到投资理财，须写明：理财非存款、产品有风险、投资须谨慎。",
                "It speaks of investments: wealth products are not deposits; products carry risk; invest with care.",
            ).say(language)
        case _:
            assert_never(refused.reason)


def _found(finding: Finding | None, language: Language) -> dict[str, str]:
    """The word, the law and the advice of a finding, in a language."""
    if finding is None:
        return {"word": "", "law": "", "advice": ""}
    if language is Language.ZH:
        return {"word": finding.word, "law": finding.law_zh, "advice": finding.advice_zh}
    return {"word": finding.word, "law": finding.law, "advice": finding.advice}


def refusal(reason: PublicityRefusal, language: Language) -> str:
    """Why a press came to nothing."""
    match reason:
        case PublicityRefusal.NOT_YOURS:
            return Phrase("这不是您的活动或任务。", "This event or task is not yours.").say(language)
        case PublicityRefusal.OVER:
            return Phrase("活动已结束或取消。", "The event is over or cancelled.").say(language)
        case PublicityRefusal.DONE_ALREADY:
            return Phrase("这个任务已处理过。", "This task is settled already.").say(language)
        case PublicityRefusal.NOT_DONE_YET:
            return Phrase("还没有交凭证。", "No proof was handed in yet.").say(language)
        case PublicityRefusal.NO_PUBLICIST:
            return Phrase("这个人不是工作人员或合作方。", "This person is no staff or partner.").say(language)
        case _:
            assert_never(reason)


def task_line(task: PublicityTask, language: Language) -> str:
    """One task: day, deed, state."""
    day = f"{task.plan.due_on.month}-{task.plan.due_on.day:02d}"
    deed = DEEDS[task.plan.template.material].say(language)
    return f"{day} · T-{task.plan.template.days_before} · {deed} · {STATES[task.state].say(language)}"


def task_button(task: PublicityTask, language: Language) -> str:
    """A task in a few words."""
    return f"T-{task.plan.template.days_before} {MATERIALS[task.plan.template.material].say(language)}"


def event_button(event: Event, zone: ZoneInfo, language: Language) -> str:
    """An event in a few words."""
    return f"{event.plan.title_in(language)} · {when(event.plan.starts_at, zone, language)}"


def tasks_page(tasks: Sequence[tuple[PublicityTask, Event]], zone: ZoneInfo, language: Language) -> str:
    """A publicist's tasks, event by event."""
    lines: list[str] = []
    for task, event in tasks:
        head = f"📣 {event_button(event, zone, language)}"
        if head not in lines:
            lines.append(head)
        lines.append(task_line(task, language))
    return "\n".join(lines)


def candidate(member: Member, language: Language) -> str:
    """Somebody of staff with the kind of publicist they would be."""
    kind = kind_of(member.roles)
    return f"{member.name} · {KINDS[kind].say(language)}" if kind else member.name


def copy_text(copy: Copy) -> str:
    """Every language that there is, ready to be forwarded."""
    return "\n\n".join(filter(None, (copy.zh, copy.en)))


def deep_link(username: str, code: str) -> str:
    """The link that carries a code."""
    return f"https://t.me/{username}?start=j_{code}"


def facts_of(merchant: str, plan: EventPlan, zone: ZoneInfo, language: Language) -> dict[str, str]:
    """What copy and invitations say of an event."""
    return {
        "title": plan.title_in(language),
        "merchant": merchant,
        "benefits": plan.benefits_in(language),
        "when": when(plan.starts_at, zone, language),
        "complaints": plan.complaints,
    }


@dataclass(frozen=True)
class PublicityWords:
    """The sentences that publicity puts into the ledger (`campaigns.publicity.ports.PublicityWording`)."""

    bank: str
    bot_username: str
    zone: ZoneInfo
    language: Language = Language.ZH

    def copy(self, merchant: str, plan: EventPlan, kind: PublicistKind, template: TaskTemplate, code: str) -> Copy:
        """What is forwarded for one task; the same words for every kind, so that one approval covers them.

        An event that was given in Chinese alone has no English copy, rather than a mixture.
        """
        link = deep_link(self.bot_username, code)
        zh, en = (
            BODY.say(
                language,
                opening=OPENINGS[template.days_before].say(language),
                link=link,
                bank=self.bank,
                **facts_of(merchant, plan, self.zone, language),
            )
            for language in (Language.ZH, Language.EN)
        )
        return Copy(zh, en if plan.is_bilingual else "")

    def enlisted(self, event: Event, kind: PublicistKind) -> Message:
        """What somebody reads who became a publicist."""
        text = Phrase(
            "您是「{title}」的宣传人员（{kind}）。发 /tasks 看任务、文案和海报。",
            "You are a publicist of “{title}” ({kind}). /tasks shows tasks, copy and posters.",
        )
        return Message(
            text.say(self.language, title=event.plan.title_in(self.language), kind=KINDS[kind].say(self.language))
        )

    def reminder(self, event: Event, tasks: Sequence[PublicityTask], publicist: Member) -> Message:
        """What a publicist reads who has not done these yet."""
        language = publicist.language
        head = Phrase("⏰ 「{title}」还有宣传任务没完成：", "⏰ Still to do for “{title}”:").say(
            language, title=event.plan.title_in(language)
        )
        tail = Phrase("发 /tasks 取文案、交凭证。", "/tasks has the copy and takes the proof.").say(language)
        return Message("\n".join([head, *(task_line(each, language) for each in tasks), tail]))

    def handed_in(self, event: Event, task: PublicityTask, publicist: Member) -> Message:
        """What the manager reads when a proof came in: one tap checks it."""
        text = Phrase("{name} 交了凭证：{deed}（{title}）", "{name} handed in a proof: {deed} ({title})").say(
            self.language,
            name=publicist.name,
            deed=task_button(task, self.language),
            title=event.plan.title_in(self.language),
        )
        rows = tuple(
            Button(words.say(self.language), data=f"publicity_proof:{task.id}:{do}")
            for words, do in ((SEE_PROOF, "see"), (ACCEPT, "accept"), (SEND_BACK, "reject"))
        )
        return Message(text, (rows,))

    def rejected(self, task: PublicityTask) -> Message:
        """What a publicist reads whose proof was not accepted."""
        text = Phrase("凭证被退回：{deed}。请重做后再交。", "Your proof was sent back: {deed}. Please do it again.")
        return Message(text.say(self.language, deed=task_button(task, self.language)))

    def cancelled(self, event: Event) -> Message:
        """What publicists read when the event is off."""
        text = Phrase(
            "「{title}」已取消，请停止宣传并取下海报。", "“{title}” is cancelled: stop publicity and take posters down."
        )
        return Message(text.say(self.language, title=event.plan.title_in(self.language)))
