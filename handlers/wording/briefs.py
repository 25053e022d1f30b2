"""What managers read of their day: the brief, what a tap did, the reminder; and the approved texts for customers."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.briefs.model import Brief, BriefItem, BriefRefusal, Candidate, ItemState, SkipReason, Week
from campaigns.customers.next_actions import ActionKind
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from handlers.wording.followups import LIST_DATA as FOLLOW_UPS
from handlers.wording.followups import OPEN_LIST, SOURCES
from handlers.wording.next_actions import ACTIONS, PRODUCTS
from handlers.wording.next_actions import CHANNELS as BY
from handlers.wording.phrase import Phrase
from handlers.wording.segments import yuan
from handlers.wording.times import when

BRIEF_WORDS = ("早报", "今日名单", "morning brief")
WEEK_WORDS = ("周报", "本周小结", "my week")

MORNING = Phrase("☀️ 早安，今天值得联系的 {heads} 位客户：", "☀️ Good morning. {heads} customers to be in touch with:")
NOBODY = Phrase(
    "今天没有到期的跟进，也没有值得主动联系的客户。早报时间发「早报 8:30」修改。",
    "Nothing is due today and nobody needs a call. “/brief 8:30” changes the hour.",
)
LINE = Phrase("{at}. {number} · {letter}{mark}\n{why}", "{at}. {number}, {letter}{mark}\n{why}")
UNCLASSED = Phrase("未分层", "no class")
DUE = Phrase("⏰ {source}，截止 {due}", "⏰ {source}, due {due}")
LATE = Phrase("🔴 {source}，已逾期（{due}）", "🔴 {source}, overdue since {due}")
ACTION = Phrase("🎯 {action}，预期 {value} 元", "🎯 {action}, worth {value} yuan")
WITH_CHANNEL = Phrase("{action}（{channel}）", "{action}, {channel}")
TEXT = Phrase("📨 文案：{title}", "📨 text: {title}")
NO_WRITING = Phrase("（未同意或未开私聊，只能电话、面谈）", "(no consent or no chat: call or visit)")
MARKS = {
    ItemState.OPEN: Phrase("", ""),
    ItemState.SENT: Phrase(" · ✅ 已发文案", ", ✅ written"),
    ItemState.CALLED: Phrase(" · ✅ 已打电话", ", ✅ called"),
    ItemState.VISITED: Phrase(" · ✅ 已面谈", ", ✅ visited"),
    ItemState.SKIPPED: Phrase(" · ⏭ 跳过", ", ⏭ skipped"),
}
LEFT = Phrase("还剩 {left} 位。", "{left} left.")
ALL_DONE = Phrase("今天的都联系过了 👏", "Everybody is done for today 👏")
REMINDER = Phrase("🕓 今日名单还剩 {left} 位没联系。", "🕓 {left} of today's customers are left.")
OPEN_BRIEF, OPEN_WEEK = Phrase("看今日名单", "Today's list"), Phrase("📊 本周小结", "📊 My week")
SEND, CALL, VISIT, SKIP = "{at} 📨", "{at} 📞", "{at} 🚗", "{at} ⏭"
WHY_SKIP = Phrase("跳过 {at}（{number}），为什么？", "Skip {at} ({number}): why?")
REASONS = {
    SkipReason.IN_TOUCH: Phrase("刚联系过", "Just in touch"),
    SkipReason.UNSUITABLE: Phrase("不合适", "Does not suit"),
    SkipReason.ANOTHER_DAY: Phrase("改天", "Another day"),
    SkipReason.WRONG_DATA: Phrase("资料有误", "Wrong data"),
}
RESULT = Phrase(
    "已记录（{number}）。结果怎样？也可以以后在「跟进」里填。",
    "Noted ({number}). What came of it? Or say so later in /tasks.",
)
DONE_BUTTON, LATER_BUTTON = Phrase("✅ 成了", "✅ Yes"), Phrase("🕓 再联系", "🕓 Later")
FAILED_BUTTON = Phrase("❌ 没成", "❌ No")
SKIPPED = Phrase("已跳过：{reason}。", "Skipped: {reason}.")
REFUSALS = {
    BriefRefusal.UNKNOWN: Phrase("这不是您今天的名单。", "This is not on your list."),
    BriefRefusal.SETTLED: Phrase("这位已经处理过了。", "This customer is dealt with already."),
    BriefRefusal.MAY_NOT_WRITE: Phrase(
        "不能发文案：客户没有同意，或没有对应的已审文案。请电话或面谈。",
        "No text can go: the customer has not agreed, or there is none for this. Please call or visit.",
    ),
}
HOUR_SET = Phrase("好的，工作日 {hour} 发早报。", "All right: briefs come at {hour} on bank days.")
HOUR_OFF = Phrase(
    "好的，不再发早报。发「早报 8:30」恢复。", "All right: no more briefs. “/brief 8:30” brings them back."
)
HOUR_USAGE = Phrase(
    "时间请写 6:00 到 12:00 之间，例如「早报 8:30」；不要早报发「早报 关」。",
    "Please give a time from 6:00 to 12:00, such as /brief 8:30; “/brief off” ends it.",
)
OFF = frozenset({"关", "關", "关闭", "off", "no"})
INTERESTED_BUTTON = Phrase("我感兴趣", "I am interested")
INTERESTED_DATA = "interested"
INTERESTED = Phrase(
    "🙋 客户 {number} 回复：感兴趣。已记入跟进。", "🙋 Customer {number} is interested. It is among your follow-ups."
)
ANSWERED_WHY = Phrase("客户点了「我感兴趣」，请联系", "the customer tapped “I am interested”: please get in touch")
WILL_CALL = Phrase(
    "已转告您的理财经理，{due}前会联系您。", "Your wealth manager is told and will be in touch by {due}."
)
NOT_YOURS = Phrase("这条消息不是发给您的。", "This message was not for you.")
LIST_DATA, WEEK_DATA = "brief", "week"

RISK = Phrase(
    "理财非存款，产品有风险，投资须谨慎。", "Wealth products are not deposits; products carry risk; invest with care."
)
TITLES = {
    ActionKind.RETENTION: Phrase("问候与服务回访", "Greeting and service"),
    ActionKind.PRODUCT: Phrase("产品介绍", "Product"),
    ActionKind.COUPON: Phrase("满减券提醒", "Coupon"),
    ActionKind.STEP_UP: Phrase("升级服务提醒", "Next service level"),
    ActionKind.IDLE_CASH: Phrase("活期打理建议", "Money on demand"),
    ActionKind.LOAN: Phrase("贷款咨询邀请", "Loan advice"),
    ActionKind.COMPLETE_DATA: Phrase("补全资料邀请", "Complete data"),
    ActionKind.RISK_QUESTIONNAIRE: Phrase("风险测评邀请", "Risk questionnaire"),
    ActionKind.ACTIVATE_CARD: Phrase("用卡提示", "Everyday dealings"),
    ActionKind.MAIN_ACCOUNT: Phrase("日常结算邀请", "Everyday account"),
}
HELLO = Phrase("您好，我是理财经理{manager}。", "Hello, this is {manager}, your wealth manager. ")
TEXTS = {
    ActionKind.RETENTION: Phrase(
        "感谢您一直以来的信任，近期如有任何需要或意见，欢迎告诉我。",
        "Thank you for your trust; do tell me if there is anything I can do.",
    ),
    ActionKind.PRODUCT: Phrase(
        "我行{product}近期有新一期，想了解的话我为您讲解适合人群、期限和风险。",
        "There is a new issue of {product}: I can explain term and risks.",
    ),
    ActionKind.COUPON: Phrase(
        "您有一张满减券可用于{product}，规则和期限我可以发给您。",
        "You have a coupon for {product}: I can send you its rules.",
    ),
    ActionKind.STEP_UP: Phrase(
        "您离下一档服务已经不远，想了解有哪些权益，我发给您看看。",
        "You are close to the next service level: shall I send its benefits?",
    ),
    ActionKind.IDLE_CASH: Phrase(
        "您有一笔活期资金，想了解{product}等打理方式，我为您说明期限和风险。",
        "For your money on demand I can explain {product}, its term and risks.",
    ),
    ActionKind.LOAN: Phrase(
        "如近期有资金周转需要，我可以为您介绍贷款条件，额度和利率以审批为准。",
        "If you need a loan I can explain ours; approval decides the terms.",
    ),
    ActionKind.COMPLETE_DATA: Phrase(
        "您的资料有几项需要更新，方便时告诉我，或到网点办理。",
        "Some of your data need an update: at a branch, or tell me when it suits.",
    ),
    ActionKind.RISK_QUESTIONNAIRE: Phrase(
        "邀请您做一次风险测评，几分钟即可，之后才能为您推荐合适的产品。",
        "May I invite you to the risk questionnaire? It takes a few minutes.",
    ),
    ActionKind.ACTIVATE_CARD: Phrase(
        "转账、缴费在手机银行几步就能办好，需要的话我教您设置。",
        "Transfers and bills take a few taps by phone: shall I show you?",
    ),
    ActionKind.MAIN_ACCOUNT: Phrase(
        "工资代发、缴费和日常支付都可以放在我行一个账户里办，需要的话我帮您设置。",
        "Salary, bills and payments can all run through one account here: shall I set it up for you?",
    ),
}
INVESTING = frozenset({ActionKind.PRODUCT, ActionKind.COUPON, ActionKind.IDLE_CASH})

CAPTION = Phrase(
    "📊 {first} 起的一周\n联系 {contacts} 次：文案 {messages}、电话 {calls}、面谈 {visits}\n"
    "跟进：新增 {opened}、办成 {done}、客户拒绝 {refused}、未成 {dropped}、逾期 {late}\n"
    "早报：推荐 {proposed} 位，已联系 {reached}，跳过 {skipped}",
    "📊 The week from {first}\n{contacts} contacts: texts {messages}, calls {calls}, visits {visits}\n"
    "Follow-ups: new {opened}, done {done}, refused {refused}, dropped {dropped}, overdue {late}\n"
    "Briefs: {proposed} proposed, {reached} reached, {skipped} skipped",
)


@dataclass(frozen=True)
class BriefWords:
    """The sentences that briefs put into the ledger (`campaigns.briefs.service.BriefWording`)."""

    zone: ZoneInfo

    def morning(self, brief: Brief, now: datetime, language: Language) -> Message:
        """The brief itself: numbers without names, since the ledger keeps what it sent."""
        return Message(page(brief, now, self.zone, language), item_rows(brief))

    def reminder(self, brief: Brief, language: Language) -> Message:
        """What is left in the afternoon."""
        buttons = Button(OPEN_BRIEF.say(language), LIST_DATA), Button(OPEN_WEEK.say(language), WEEK_DATA)
        return Message(REMINDER.say(language, left=brief.left), (buttons,))

    def approved(self, item: BriefItem, manager: str, language: Language) -> Message:
        """The approved text for a customer, with the risk notice where it speaks of investments."""
        kind, product = item.candidate.action, item.candidate.product
        assert kind is not None
        named = PRODUCTS[product].say(language) if product else ""
        words = HELLO.say(language, manager=manager) + TEXTS[kind].say(language, product=named)
        if kind in INVESTING:
            words = f"{words}\n{RISK.say(language)}"
        return Message(words, ((Button(INTERESTED_BUTTON.say(language), f"{INTERESTED_DATA}:{item.id}"),),))

    def action(self, candidate: Candidate) -> str:
        """What is to be done, as a follow-up has it."""
        return Phrase(action_name(candidate, Language.ZH), action_name(candidate, Language.EN)).both()

    def interested(self, number: str, language: Language) -> Message:
        """What the manager reads when the customer answers."""
        return Message(INTERESTED.say(language, number=number), ((Button(OPEN_LIST.say(language), FOLLOW_UPS),),))

    def answered(self) -> str:
        """Why a follow-up was opened when a customer answered."""
        return ANSWERED_WHY.both()


def page(brief: Brief, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """The brief with what became of each customer."""
    if not brief.items:
        return NOBODY.say(language)
    head = MORNING.say(language, heads=len(brief.items))
    lines = [_line(item, now, zone, language) for item in brief.items]
    left = LEFT.say(language, left=brief.left) if brief.left else ALL_DONE.say(language)
    return "\n\n".join([head, *lines, left])


def item_rows(brief: Brief) -> tuple[tuple[Button, ...], ...]:
    """A row per customer who is left: write, call, visit, skip."""
    rows = []
    for item in brief.items:
        if item.state is ItemState.OPEN:
            verbs = [("send", SEND)] * has_text(item.candidate) + [("call", CALL), ("visit", VISIT), ("skip", SKIP)]
            rows.append(tuple(Button(label.format(at=item.place), f"brief:{item.id}:{verb}") for verb, label in verbs))
    return tuple(rows)


def has_text(candidate: Candidate) -> bool:
    """Whether an approved text can go to the customer."""
    return candidate.may_write and candidate.action in TEXTS


def action_name(candidate: Candidate, language: Language) -> str:
    """The action in words."""
    assert candidate.action is not None
    product = PRODUCTS[candidate.product].say(language) if candidate.product else ""
    return ACTIONS[candidate.action].say(language, amount=yuan(candidate.amount_fen), product=product)


def refusal(found: BriefRefusal, language: Language) -> str:
    """Why nothing happened."""
    return REFUSALS[found].say(language)


def _line(item: BriefItem, now: datetime, zone: ZoneInfo, language: Language) -> str:
    who = item.candidate
    facts = {"number": who.customer.number, "letter": who.letter or UNCLASSED.say(language)}
    why = "\n".join(_why(who, now, zone, language))
    return LINE.say(language, at=item.place, mark=MARKS[item.state].say(language), why=why, **facts)


def _why(who: Candidate, now: datetime, zone: ZoneInfo, language: Language) -> list[str]:
    """Why now, and by which text."""
    lines = []
    if who.due_at is not None and who.source is not None:
        phrase = LATE if who.due_at <= now else DUE
        lines.append(
            phrase.say(language, source=SOURCES[who.source].say(language), due=when(who.due_at, zone, language))
        )
    if who.action not in (None, ActionKind.NOTHING):
        named = action_name(who, language)
        if who.channel is not None:
            named = WITH_CHANNEL.say(language, action=named, channel=BY[who.channel].say(language))
        lines.append(ACTION.say(language, action=named, value=yuan(who.expected_value_fen)))
    if who.action in TITLES:
        title = TITLES[who.action].say(language)
        lines.append(TEXT.say(language, title=title) if who.may_write else NO_WRITING.say(language))
    return lines


def caption(found: Week, language: Language) -> str:
    """The week's figures below the picture."""
    sums = {name: sum(getattr(day, name) for day in found.days) for name in ("messages", "calls", "visits")}
    names = ("opened", "done", "refused", "dropped", "late", "proposed", "reached", "skipped")
    facts = {name: getattr(found, name) for name in names}
    return CAPTION.say(language, first=found.first, contacts=sum(sums.values()), **sums, **facts)
