"""What people read about applications for a card: the customer in kind words, staff in short ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from campaigns.applications.model import Application, Move, MoveRefusal, Reason, Stage
from campaigns.applications.service import ApplicationFile, Page
from campaigns.bankdays.rules import working_days_between
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.reminders.model import Topic
from handlers.wording.mutes import mute_button
from handlers.wording.phrase import Phrase
from handlers.wording.times import on_day, when

LISTED = 10

PROGRESS_WORDS = ("我的进度", "办卡进度", "my progress")
LIST_WORDS = ("办卡列表", "办卡申请", "applications")
IN_PRIVATE = Phrase("办卡进度请私聊我发 /progress。", "Send /progress to me in private.")
NO_PROGRESS = Phrase(
    "您还没有办卡申请。在群里接龙报名后，这里能看到每一步。",
    "You have no application yet. After you join a chain in the group, every step is shown here.",
)
PROGRESS_HEAD = Phrase("您的办卡进度：", "Your card, step by step:")
NO_APPLICATIONS = Phrase("没有进行中的办卡申请。", "No applications are open.")
WITHDRAW_LABEL = Phrase("不办了：{product}", "Withdraw: {product}")
ASK_WITHDRAW = Phrase(
    "确定不办「{product}」了吗？已经给银行的资料不会再用于这次申请。",
    "Do you want to withdraw your application for “{product}”?",
)
YES_WITHDRAW = Phrase("确定，不办了", "Yes, withdraw")
NO_WITHDRAW = Phrase("继续办", "No, go on")
WITHDRAWN = Phrase("已为您撤回申请，随时欢迎再来。", "Withdrawn. You are welcome back at any time.")
KEPT = Phrase("好的，继续为您办理。", "All right, it goes on.")

STAGES = {
    Stage.SIGNED: Phrase("已报名", "signed up"),
    Stage.CONTACTED: Phrase("已联系", "contacted"),
    Stage.CONSENTED: Phrase("已同意", "consented"),
    Stage.APPLIED: Phrase("已申请", "applied"),
    Stage.APPROVED: Phrase("已批准", "approved"),
    Stage.DELIVERED: Phrase("已送达", "delivered"),
    Stage.VISIT_BOOKED: Phrase("已约上门", "visit booked"),
    Stage.ACTIVATED: Phrase("已激活", "activated"),
    Stage.DEBIT_CARD_ISSUED: Phrase("已配借记卡", "debit card issued"),
    Stage.FIRST_USE: Phrase("已首刷", "first use"),
    Stage.DECLINED: Phrase("未获批", "declined"),
    Stage.WITHDRAWN: Phrase("已撤回", "withdrawn"),
    Stage.LOST: Phrase("已流失", "lost"),
}
# What the customer reads: where it stands, and what comes next.
KIND = {
    Stage.SIGNED: Phrase(
        "报名成功。您的理财经理会联系您。", "You are signed up. Your wealth manager will contact you."
    ),
    Stage.CONTACTED: Phrase(
        "经理已联系您。您同意后就可以开始申请。",
        "Your manager has contacted you. With your consent the application starts.",
    ),
    Stage.CONSENTED: Phrase(
        "谢谢您的同意，经理正在准备申请资料。", "Thank you. Your manager is preparing the application."
    ),
    Stage.APPLIED: Phrase("申请已提交，银行正在审核。", "The application is with the bank, which is looking at it."),
    Stage.APPROVED: Phrase("恭喜，申请已通过，卡片正在寄送。", "Good news: it is approved and the card is on its way."),
    Stage.DELIVERED: Phrase(
        "卡片已送达。可以约经理上门激活，也可以自己激活。",
        "The card has arrived. Book a visit to activate it, or activate it yourself.",
    ),
    Stage.VISIT_BOOKED: Phrase(
        "已约好上门激活，请准备好证件。", "The visit is booked. Please have your papers at hand."
    ),
    Stage.ACTIVATED: Phrase(
        "卡片已激活。接下来为您配借记卡，或者直接首次使用。",
        "The card is active. Next: your debit card, or its first use.",
    ),
    Stage.DEBIT_CARD_ISSUED: Phrase(
        "借记卡已配好，就等您首次使用。", "Your debit card is there: use it for the first time."
    ),
    Stage.FIRST_USE: Phrase("全部完成，感谢您的信任！", "All done. Thank you for your trust!"),
    Stage.DECLINED: Phrase(
        "这次申请没有通过。原因可以问您的理财经理，以后仍可再申请。",
        "The application was not approved this time. Ask your wealth manager why; you may apply again later.",
    ),
    Stage.WITHDRAWN: Phrase("申请已撤回。想再办，请在群里重新接龙。", "Withdrawn. Join the chain again to come back."),
    Stage.LOST: Phrase(
        "申请已结束。想再办，请联系您的理财经理。", "It has ended. Contact your wealth manager to start again."
    ),
}
EXPECTED = Phrase("预计 {day} 前有进展", "Next step expected by {day}")
BY_YOU = Phrase("方便的话，请在 {day} 前完成", "Please, if you can, by {day}")
YOUR_TURN = {Stage.DELIVERED, Stage.ACTIVATED, Stage.DEBIT_CARD_ISSUED}
NUDGES = {
    Stage.DELIVERED: Phrase(
        "您的「{product}」卡片已送达。发 /progress 约经理上门激活，也可以自己激活。",
        "Your card “{product}” has arrived. Send /progress to book a visit, or activate it yourself.",
    ),
    Stage.ACTIVATED: Phrase(
        "您的「{product}」已激活，还差一步就全部完成。发 /progress 看下一步。",
        "Your card “{product}” is active. /progress shows what is left.",
    ),
    Stage.DEBIT_CARD_ISSUED: Phrase(
        "您的「{product}」已可以使用，首次使用后就全部完成。发 /progress 看进度。",
        "Your card “{product}” is ready for its first use. /progress shows where you are.",
    ),
}
REASONS = {
    Reason.POLICY: Phrase("综合评分不足", "the bank's scoring"),
    Reason.PAPERS: Phrase("资料不全", "papers missing"),
    Reason.DEBT: Phrase("负债过高", "too much debt"),
    Reason.HELD: Phrase("已持同类卡", "has such a card"),
    Reason.ASKED: Phrase("客户不办了", "the customer asked"),
    Reason.LEFT_CHAIN: Phrase("退出接龙", "left the chain"),
    Reason.DATA: Phrase("不愿提供资料", "keeps data private"),
    Reason.NO_ANSWER: Phrase("联系不上", "no answer"),
    Reason.NO_INTEREST: Phrase("没有兴趣", "no interest"),
    Reason.OTHER_BANK: Phrase("选了别家", "chose another bank"),
    Reason.INELIGIBLE: Phrase("不符合条件", "not eligible"),
    Reason.MISTAKE: Phrase("点错了", "tapped by mistake"),
    Reason.CAME_BACK: Phrase("客户又回来了", "the customer came back"),
    Reason.NO_SHOW: Phrase("上门未遇", "nobody was there"),
    Reason.VISIT_OFF: Phrase("上门取消", "the visit is off"),
    Reason.BANK_FILE: Phrase("以银行文件为准", "as the bank's file says"),
}
REFUSALS = {
    MoveRefusal.NO_APPLICATION: Phrase("没有找到这个申请。", "There is no such application."),
    MoveRefusal.NOT_YOURS: Phrase("这个申请由另一位经理负责。", "Another manager looks after this application."),
    MoveRefusal.MOVED_SINCE: Phrase(
        "这个按钮已过期，申请已有新进展，请重新打开列表。",
        "This button is old: the application has moved on. Open the list again.",
    ),
    MoveRefusal.JUMP: Phrase(
        "不能直接跳到这一步，请按顺序推进。", "It cannot jump to this stage: take the steps in their order."
    ),
    MoveRefusal.NEEDS_REASON: Phrase("请从列表里选一个原因。", "Please choose a reason from the list."),
    MoveRefusal.TOO_LATE: Phrase("已经来不及了。", "It is too late for this."),
}
LIST_HEAD = Phrase("办卡申请 {total} 个（第 {page}/{pages} 页）", "Applications: {total} (page {page} of {pages})")
DUE = Phrase("{day} 到期", "due {day}")
OVERDUE = Phrase("⚠ 逾期 {days} 个工作日", "⚠ {days} working days late")
OVERDUE_NOW = Phrase("⚠ 已到期", "⚠ due")
DUE_TODAY = Phrase("⏳ 今天到期", "⏳ due today")
BACK_LABEL = Phrase("返回列表", "Back to the list")
END_LABEL = Phrase("{stage}…", "{stage} …")
CORRECT_LABEL = Phrase("更正…", "Correct …")
HAND_OVER_LABEL = Phrase("转交…", "Hand over …")
ASK_REASON = Phrase("「{stage}」的原因是？", "Why “{stage}”?")
ASK_BACK = Phrase("退回到哪一步？退回会留下记录。", "Back to which stage? The correction stays in the history.")
ASK_OWNER = Phrase("转交给哪位同事？", "To which colleague?")
NO_COLLEAGUES = Phrase("没有可以转交的同事。", "There is no colleague to hand it to.")
HANDED_TO = Phrase("已转交给 {name}。", "Handed over to {name}.")
HANDED_OVER = Phrase(
    "有 {count} 个办卡申请转交给你。发 /applications 查看。", "{count} applications are yours now: /applications."
)
DUE_HEAD = Phrase("今天到期的办卡申请 {count} 个：", "Applications due today: {count}")
OVERDUE_HEAD = Phrase("没有人推进的办卡申请 {count} 个：", "Applications that nobody moves on: {count}")
MORE = Phrase("…… 共 {count} 个", "… {count} in all")
SEE_LIST = Phrase("发 /applications 处理。", "/applications shows them.")
LEFT_CHAIN = Phrase(
    "{name} 退出了接龙，但「{product}」已在银行办理（{stage}）。请确认是否继续。",
    "{name} left the chain, but the bank has the application for “{product}” ({stage}). Please ask whether it goes on.",
)
WITHDRAWN_BY = Phrase("{name} 撤回了「{product}」的申请。", "{name} withdrew the application for “{product}”.")
BY_NOBODY = Phrase("系统", "the system")


def label(stage: Stage, language: Language) -> str:
    """A stage in one or two words."""
    return STAGES[stage].say(language)


def progress(applications: Sequence[Application], today: date, language: Language) -> str:
    """The customer's own applications in kind words, with what comes next and by when."""
    return "\n\n".join([PROGRESS_HEAD.say(language), *(_own(each, today, language) for each in applications)])


def _own(application: Application, today: date, language: Language) -> str:
    head = f"「{application.product}」{label(application.stage, language)} · {application.number}"
    lines = [head, KIND[application.stage].say(language)]
    if application.due_on is not None and application.due_on >= today:
        until = BY_YOU if application.stage in YOUR_TURN else EXPECTED
        lines.append(until.say(language, day=on_day(application.due_on, language)))
    return "\n".join(lines)


def page(found: Page, today: date, language: Language) -> str:
    """A manager's open applications, by stage in numbers and one by one."""
    total = sum(found.counts.values())
    if not total:
        return NO_APPLICATIONS.say(language)
    head = LIST_HEAD.say(language, total=total, page=found.number, pages=found.pages)
    counts = " · ".join(f"{label(stage, language)} {found.counts[stage]}" for stage in Stage if found.counts.get(stage))
    rows = [_row(each, found.names.get(each.member_id, "*"), today, language) for each in found.applications]
    return "\n".join([head, counts, "", *rows])


def _row(application: Application, name: str, today: date, language: Language) -> str:
    return (
        f"{name} · {application.product} · {label(application.stage, language)} · {_due(application, today, language)}"
    )


def _due(application: Application, today: date, language: Language) -> str:
    if application.due_on is None:
        return ""
    if application.due_on > today:
        return DUE.say(language, day=on_day(application.due_on, language))
    if application.due_on == today:
        return DUE_TODAY.say(language)
    late = working_days_between(application.due_on, today)
    return OVERDUE.say(language, days=late) if late else OVERDUE_NOW.say(language)


def file(found: ApplicationFile, today: date, zone: ZoneInfo, language: Language) -> str:
    """One application for staff, with everything that happened."""
    one = found.application
    head = f"{_row(one, found.names.get(one.member_id, '*'), today, language)} · {one.number}"
    moves = [_move(each, found.names, zone, language) for each in found.moves]
    owners = " → ".join(found.names.get(each.owner_id, "*") for each in found.owners)
    return "\n".join([head, f"👤 {owners}", "", *moves])


def _move(step: Move, names: Mapping[int, str], zone: ZoneInfo, language: Language) -> str:
    who = names.get(step.by, "*") if step.by else BY_NOBODY.say(language)
    why = f"（{REASONS[step.reason].say(language)}）" if step.reason else ""
    return f"{when(step.at, zone, language)} {label(step.stage, language)}{why} · {who}"


@dataclass(frozen=True)
class ApplicationWords:
    """The sentences that applications put into the ledger (`campaigns.applications.ports.ApplicationWording`)."""

    def due(
        self, reader: Member, applications: Sequence[Application], names: Mapping[int, str], today: date
    ) -> Message:
        """What an owner reads of applications that are due; names are masked."""
        return self._listed(DUE_HEAD, reader, applications, names, today)

    def overdue(
        self, reader: Member, applications: Sequence[Application], names: Mapping[int, str], today: date
    ) -> Message:
        """What a lead reads of applications that nobody moves on; names are masked."""
        return self._listed(OVERDUE_HEAD, reader, applications, names, today)

    def nudge(self, reader: Member, application: Application) -> Message:
        """What a customer reads when the next step is theirs."""
        words = NUDGES[application.stage].say(reader.language, product=application.product)
        return Message(words, ((mute_button(Topic.CARD, reader.language),),))

    def handed_over(self, reader: Member, count: int) -> Message:
        """What the new owner reads."""
        return Message(HANDED_OVER.say(reader.language, count=count))

    def left_chain(self, reader: Member, application: Application, name: str) -> Message:
        """What the owner reads when somebody leaves the chain whose application the bank has already."""
        stage = label(application.stage, reader.language)
        return Message(LEFT_CHAIN.say(reader.language, name=name, product=application.product, stage=stage))

    def withdrawn(self, reader: Member, application: Application, name: str) -> Message:
        """What the owner reads when the customer withdrew."""
        return Message(WITHDRAWN_BY.say(reader.language, name=name, product=application.product))

    def _listed(
        self,
        head: Phrase,
        reader: Member,
        applications: Sequence[Application],
        names: Mapping[int, str],
        today: date,
    ) -> Message:
        language = reader.language
        rows = [_row(each, names.get(each.member_id, "*"), today, language) for each in applications[:LISTED]]
        if len(applications) > LISTED:
            rows.append(MORE.say(language, count=len(applications)))
        text = "\n".join([head.say(language, count=len(applications)), *rows])
        return Message(text, ((Button(SEE_LIST.say(language), "apps:1"),),))
