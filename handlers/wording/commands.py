"""Every command of staff: its Chinese word, what it does, and which action it asks for; menus and help follow."""

from dataclasses import dataclass

from campaigns.members.model import Language, Member
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from handlers.wording.phrase import Phrase


@dataclass(frozen=True)
class StaffCommand:
    """A command with the word that stands for it; `word` is on the button of the keyboard, unless it needs words."""

    name: str
    word: str
    action: Action
    about: Phrase
    has_button: bool = True


STAFF_COMMANDS = (
    StaffCommand("my", "我的客户", Action.SEE_CUSTOMERS, Phrase("我的客户，可搜索", "My customers, with search")),
    StaffCommand("brief", "早报", Action.WORK_CUSTOMERS, Phrase("今日联系名单", "Today's customers")),
    StaffCommand("tasks", "跟进", Action.FOLLOW_UP, Phrase("我的跟进", "My follow-ups")),
    StaffCommand("week", "周报", Action.WORK_CUSTOMERS, Phrase("本周小结图", "My week as a picture")),
    StaffCommand("groups", "我的群", Action.BROADCAST, Phrase("所有群一屏看", "All my groups")),
    StaffCommand("broadcast", "群发", Action.BROADCAST, Phrase("审核后群发", "Post to several groups")),
    StaffCommand("customer", "客户", Action.SEE_CUSTOMERS, Phrase("客户卡：客户 号码", "A customer's card"), False),
    StaffCommand("why", "为什么", Action.SEE_CUSTOMERS, Phrase("看分类缘由", "Why this class"), False),
    StaffCommand("segments", "客户分层", Action.SEE_SEGMENTS, Phrase("分层图表和名单", "The classes")),
    StaffCommand("audience", "客群", Action.BUILD_AUDIENCES, Phrase("圈选客群，当场计数", "Audiences and their count")),
    StaffCommand("journeys", "旅程", Action.SEE_JOURNEYS, Phrase("客户旅程和进度", "Journeys and how they go")),
    StaffCommand("questions", "待答复", Action.ANSWER_QUESTIONS, Phrase("待答复的提问", "Questions that wait")),
    StaffCommand("write", "写消息", Action.WRITE_LETTERS, Phrase("给客户发消息：姓名", "Write to a customer"), False),
    StaffCommand("applications", "办卡申请", Action.FOLLOW_APPLICATIONS, Phrase("办卡进度", "Applications")),
    StaffCommand("loans", "贷款申请", Action.FOLLOW_LOANS, Phrase("小微贷款申请", "Loan requests")),
    StaffCommand("disagreements", "银行对账", Action.FOLLOW_APPLICATIONS, Phrase("与银行文件不一致", "Disagreements")),
    StaffCommand("visits", "上门安排", Action.FOLLOW_APPLICATIONS, Phrase("上门安排和路线", "Visits and the route")),
    StaffCommand("slots", "上门时间", Action.FOLLOW_APPLICATIONS, Phrase("开放上门时间", "Hours for visits"), False),
    StaffCommand("absent", "请假", Action.TAKE_DAYS_OFF, Phrase("请假代班", "Days off"), False),
    StaffCommand("handover", "交接客户", Action.WORK_CUSTOMERS, Phrase("把客户交给同事", "Hand customers over")),
    StaffCommand("chain", "开接龙", Action.OPEN_CHAIN, Phrase("开接龙", "Open a chain")),
    StaffCommand("chains", "接龙名单", Action.SEE_CHAIN_NAMES, Phrase("接龙名单", "Chains with names")),
    StaffCommand("groupbuy", "开团", Action.OPEN_CHAIN, Phrase("发起拼团", "Open a group-buy")),
    StaffCommand("newdraw", "发起抽奖", Action.PUBLISH_DRAW, Phrase("发起抽奖", "Publish a draw")),
    StaffCommand("todo", "发待办", Action.MANAGE_TODOS, Phrase("发群待办", "Make a to-do")),
    StaffCommand("todos", "谁没完成", Action.MANAGE_TODOS, Phrase("待办谁没完成", "Who is missing")),
    StaffCommand("remind", "定时提醒", Action.MANAGE_REMINDERS, Phrase("设定时提醒", "Scheduled reminders")),
    StaffCommand("task", "发任务", Action.MANAGE_TASKS, Phrase("发任务", "Publish tasks")),
    StaffCommand("proofs", "审核证明", Action.MANAGE_TASKS, Phrase("审核证明", "Judge proofs")),
    StaffCommand("quiz", "发灯谜", Action.MANAGE_QUIZZES, Phrase("发灯谜竞猜", "Publish a riddle or guess")),
    StaffCommand("quizzes", "竞猜列表", Action.MANAGE_QUIZZES, Phrase("灯谜竞猜列表", "Quizzes")),
    StaffCommand("result", "录入结果", Action.MANAGE_QUIZZES, Phrase("录入竞猜结果", "Enter a result"), False),
    StaffCommand("rally", "集章活动", Action.MANAGE_RALLIES, Phrase("集章活动", "Stamp rallies")),
    StaffCommand("doubts", "疑点", Action.MANAGE_RALLIES, Phrase("待核实的集章疑点", "Doubtful visitors")),
    StaffCommand("void_stamp", "作废印章", Action.MANAGE_RALLIES, Phrase("作废一枚印章", "Take a stamp back"), False),
    StaffCommand("booth", "摊位", Action.SHOW_BOOTHS, Phrase("我值班的摊位", "My booth and its screens")),
    StaffCommand("offer", "发福利", Action.SEND_OFFERS, Phrase("发福利", "Send offers")),
    StaffCommand("offers", "福利结果", Action.SEND_OFFERS, Phrase("投放结果", "Results of offers")),
    StaffCommand("catalogue", "产品目录", Action.SEE_CATALOGUE, Phrase("产品和组合", "Products and bundles")),
    StaffCommand("matrix", "产品矩阵", Action.SET_CATALOGUE, Phrase("改类别×产品矩阵", "Classes × products"), False),
    StaffCommand("minigames", "小游戏结果", Action.SEE_BOOKINGS, Phrase("小游戏带来谁", "Whom the game brought")),
    StaffCommand("client_vouchers", "客户满额券", Action.WORK_VOUCHERS, Phrase("满额券进度", "Who asks, who is near")),
    StaffCommand("redeem", "核销", Action.REDEEM, Phrase("核销 文字码", "Redeem a code"), False),
    StaffCommand("tastings", "试吃", Action.REDEEM, Phrase("摊位试吃计数", "Count tastings")),
    StaffCommand("budget", "波豆预算", Action.SEE_BUDGET, Phrase("波豆预算", "Points budgets")),
    StaffCommand("settlement", "结算单", Action.SEE_BUDGET, Phrase("结算单 编号", "A settlement"), False),
    StaffCommand("held", "待核实", Action.DECIDE_REFERRALS, Phrase("待核实的老带新", "Referrals to decide")),
    StaffCommand("event", "新活动", Action.PLAN_PUBLICITY, Phrase("新活动", "Plan an event")),
    StaffCommand("publicity", "活动宣传", Action.PLAN_PUBLICITY, Phrase("活动宣传", "Publicity")),
    StaffCommand("tasks", "宣传任务", Action.PUBLICISE, Phrase("我的宣传任务", "My publicity tasks")),
    StaffCommand("prospect", "邀意向客户", Action.PUBLICISE, Phrase("邀意向客户", "Invite somebody")),
    StaffCommand("prospects", "意向客户", Action.PUBLICISE, Phrase("意向客户名单", "Who joined")),
    StaffCommand("outing", "安排外拓", Action.PLAN_PUBLICITY, Phrase("安排进校园或办卡点", "Plan an outing")),
    StaffCommand("outings", "外拓", Action.PUBLICISE, Phrase("外拓报名和结果", "Outings and volunteers")),
    StaffCommand("newgroup", "建群", Action.REGISTER_GROUP, Phrase("建群", "Make a group")),
    StaffCommand("newgroups", "批量建群", Action.REGISTER_GROUP, Phrase("批量建群", "Make many groups"), False),
    StaffCommand("plans", "待建群", Action.REGISTER_GROUP, Phrase("待建群", "Prepared groups")),
    StaffCommand("places", "商户", Action.REGISTER_GROUP, Phrase("商户名单", "Merchants")),
    StaffCommand("register", "登记本群", Action.REGISTER_GROUP, Phrase("在群里登记群", "Register a group"), False),
    StaffCommand("partner", "邀请店员", Action.INVITE_PARTNER, Phrase("邀请商户店员", "Invite a partner"), False),
    StaffCommand("contributions", "话题审核", Action.APPROVE_POSTS, Phrase("待审的话题发言", "Words for topics")),
    StaffCommand("partners", "合作方", Action.SEE_PROMOTIONS, Phrase("合作方名录和来源", "Partners, what they bring")),
    StaffCommand("promotion", "营销活动", Action.SEE_PROMOTIONS, Phrase("营销活动和筹备", "Promotions and checklists")),
    StaffCommand("review", "待审核", Action.REVIEW_PROMOTIONS, Phrase("审核营销活动", "Review promotions")),
    StaffCommand("stop_all", "停发", Action.STOP_SENDING, Phrase("停发营销消息", "Stop sending")),
    StaffCommand("halt", "停发清单", Action.STOP_SENDING, Phrase("停发清单和恢复", "What is stopped")),
    StaffCommand("lookups", "查阅记录", Action.SEE_LOOKUPS, Phrase("谁查阅过客户", "Who looked at customers")),
    StaffCommand("recall", "撤回", Action.STOP_SENDING, Phrase("撤回已发的消息", "Take messages back")),
    StaffCommand("unknown", "状态不明", Action.RESOLVE_UNKNOWN, Phrase("核实状态不明的消息", "Deliveries in doubt")),
    StaffCommand("release", "放行", Action.RELEASE_HELD, Phrase("放行待发的消息", "Let held messages go"), False),
    StaffCommand("invite", "邀请员工", Action.INVITE_STAFF, Phrase("邀请工作人员", "Make somebody staff"), False),
)
FIRST = {each.name: each.word for each in reversed(STAFF_COMMANDS)}  # 宣传任务 has a reader of its own.
WORDS = {"".join(word.split()).lower(): name for name, word in FIRST.items()}


def commands_of(member: Member) -> tuple[StaffCommand, ...]:
    """What this person may ask for beyond what everybody may, in the order of the table."""
    return tuple(each for each in STAFF_COMMANDS if may(member.roles, each.action))


def menu_of(member: Member) -> dict[str, Phrase]:
    """The commands with what they do, each once."""
    return {each.name: each.about for each in reversed(commands_of(member))}


def help_lines(member: Member) -> list[str]:
    """One line per command: the command, its word, what it does."""
    return [_line(each, member.language) for each in commands_of(member)]


def keyboard_words(member: Member) -> list[str]:
    """The keyboard: every command that needs no more words, by its Chinese word or else as it is written."""
    found = [each for each in commands_of(member) if each.has_button]
    return list(dict.fromkeys(each.word if member.language is Language.ZH else f"/{each.name}" for each in found))


def _line(each: StaffCommand, language: Language) -> str:
    word = f"「{each.word}」" if language is Language.ZH else ""
    return f"/{each.name} {word}{each.about.say(language)}"
