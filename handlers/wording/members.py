"""What people read about themselves: greeting, consent, binding."""

from dataclasses import dataclass
from typing import assert_never

from campaigns.deliveries.model import Message
from campaigns.members.model import BindingOutcome, Language, Member
from campaigns.members.rules import masked
from handlers.wording.commands import help_lines
from handlers.wording.consents import ask_marketing
from handlers.wording.phrase import Phrase

GREETING = Phrase(
    "您好，我是{bank}商户福利群小助手。\n"
    "· 绑定手机号：领取属于您的福利\n"
    "· 在群里发「接龙」或「+1」参加拼团\n"
    "发 /help 看全部功能。",
    "Hello, I am the assistant of {bank}'s merchant welfare groups.\n"
    "· Link your phone number for your own benefits\n"
    "· Send “+1” in a group to join its chain\n"
    "Send /help for everything I can do.",
)
GREETING_BOUND = Phrase(
    "您好，您的手机号已绑定，福利会发到这里。发 /help 看全部功能，发 /unbind 可解绑。",
    "Hello, your number is linked and benefits arrive here. /help shows everything, /unbind unlinks.",
)
BIND_BUTTON = Phrase("绑定手机号", "Link my number")
LANGUAGE_BUTTON = Phrase("English", "中文")

CONSENT_VERSION = "binding-1"
ASK_CONSENT = Phrase(
    "绑定之前，请您知道：\n"
    "· 用途：用手机号核对您是否为{bank}客户，以便发放属于您的福利\n"
    "· 保存：加密保存，只有负责您的理财经理能看到姓名\n"
    "· 随时可发 /unbind 解绑并删除号码\n"
    "您同意{bank}为此处理您的手机号吗？",
    "Before linking, please know:\n"
    "· Purpose: your number shows us whether you are a customer of {bank}, so that you get your benefits\n"
    "· Storage: encrypted; only your own wealth manager sees your name\n"
    "· Send /unbind at any time to unlink and delete it\n"
    "Do you agree that {bank} uses your number for this?",
)
AGREE = Phrase("同意", "I agree")
DISAGREE = Phrase("不同意", "No, thanks")
DISAGREED = Phrase(
    "好的，没有保存任何信息。以后想绑定发 /bind。", "All right, nothing was stored. Send /bind whenever you like."
)
SHARE = Phrase("请点下方「分享我的手机号」。", "Please tap “Share my number” below.")
SHARE_BUTTON = Phrase("分享我的手机号", "Share my number")

BOUND = Phrase("绑定成功，您的专属福利会发到这里。", "Linked. Your benefits will arrive here.")
ALREADY_YOURS = Phrase("这个号码已经绑定在您名下。", "This number is linked to you already.")
PROSPECT = Phrase(
    "号码已登记。暂时没有找到对应的客户资料，理财经理会联系您。",
    "Your number is noted. We found no customer with it yet; a wealth manager will get in touch.",
)
TAKEN = Phrase(
    "这个号码已绑定另一个账号，已请工作人员核实，请稍候。",
    "This number is linked to another account. Staff will check and come back to you.",
)
NOT_YOUR_OWN = Phrase(
    "只能绑定您本人的号码，请用下方按钮分享。", "Only your own number can be linked: please use the button below."
)
NO_CONSENT = Phrase(
    "请先发 /bind，看过用途并同意后再分享号码。", "Please send /bind first, read the purpose and agree."
)
UNREADABLE = Phrase(
    "这个号码无法识别，请用下方按钮分享。", "I could not read this number: please use the button below."
)
BOUND_TO_ANOTHER = Phrase(
    "您已绑定另一个号码，请先发 /unbind。", "Another number is linked to you: send /unbind first."
)
UNBOUND = Phrase("已解绑，号码已删除。", "Unlinked; the number is deleted.")
NOT_BOUND = Phrase("您还没有绑定号码。发 /bind 开始绑定。", "No number is linked. Send /bind to link one.")
PRIVATE_ONLY = Phrase(
    "请私聊我完成这一步，群里不处理个人信息。", "Please do this in private: no personal data in groups."
)
TAKEN_FOR_STAFF = Phrase(
    "请核实：成员 {name}（编号 {id}）分享的号码已绑定另一位成员。",
    "Please check: {name} (member {id}) shared a number that another member has linked.",
)
LANGUAGE_SET = Phrase("好的，以后用中文。", "All right, English from now on.")

HELP = Phrase(
    "我能做这些：\n"
    "/bind 绑定手机号 · /unbind 解绑\n"
    "/points 我的波豆 · /earn 怎么赚 · /shelf 兑换 · 待领取\n"
    "/gifts 我的礼品 · /coupons 我的券\n"
    "/refer 老带新 · /benefits 我的福利\n"
    "/groupbuys 我的拼团：进度、邀请好友\n"
    "/subscribe 订阅福利 · /stop 退订\n"
    "/planet 我的星球：任务和波豆\n"
    "/my_chains 我的接龙 · /progress 我的进度 · /ask 找人工\n"
    "想问什么直接写，例如「波豆怎么兑换」\n"
    "/my_data 我的资料 · /language 换语言\n"
    "在群里：发「接龙」「+2」「帮王阿姨报1份」报名，「改成3份」「退出接龙」「撤销」来改；发「抽奖」「转盘」参加抽奖\n"
    "/verify 编号：核对已结束的抽奖",
    "I can do this:\n"
    "/bind link your number · /unbind unlink\n"
    "/points your points · /earn how to earn · /shelf redeem them\n"
    "/gifts your gifts · /coupons your coupons\n"
    "/refer bring a friend · /benefits what you have\n"
    "/groupbuys your group-buys: progress, inviting\n"
    "/subscribe receive offers · /stop no offers\n"
    "/planet tasks and points\n"
    "/my_chains your chains · /progress your card · /ask a person\n"
    "Or just ask, such as “how to redeem points”\n"
    "/my_data your data · /language change language\n"
    "In a group: “+2” joins the chain, “change to 3”, “leave”, “undo” change it; /draw, /spin: take part in a draw\n"
    "/verify NUMBER: check a draw that is over",
)
HELP_STAFF = Phrase("\n\n工作人员：", "\n\nFor staff:")
NOT_UNDERSTOOD = Phrase("没看懂，发 /help 看我能做什么。", "I did not understand. /help shows what I can do.")
STALE_BUTTON = Phrase(
    "这个按钮已失效，请用最新的卡片或发 /help。", "This button is no longer in use: see the newest card or send /help."
)
SORRY = Phrase("出了点问题，已记录，请稍后再试。", "Something went wrong; it is noted. Please try again later.")
NOT_ALLOWED = Phrase(
    "这个功能不对您开放。需要帮助请发 /help。", "This is not open to you. /help shows what you can do."
)


def help_text(member: Member) -> str:
    """What this person can do here: for staff a line for every command that their roles allow."""
    own, lines = HELP.say(member.language), help_lines(member)
    return "\n".join([own + HELP_STAFF.say(member.language), *lines]) if lines else own


@dataclass(frozen=True)
class MemberWords:
    """The sentences that members' use cases put into the ledger (`campaigns.members.service.MemberWording`)."""

    bank: str
    language: Language = Language.ZH

    def ask_marketing(self, member: Member) -> Message:
        """What a member who has just linked a number is asked next: one question at a time."""
        return ask_marketing(self.bank, member.language)

    def number_taken(self, member: Member) -> Message:
        """What staff read when somebody shares a number that is bound already; the ledger keeps no full name."""
        return Message(TAKEN_FOR_STAFF.say(self.language, name=masked(member.name), id=member.id))


def binding(outcome: BindingOutcome, language: Language) -> str:
    """What came of a shared number, in words."""
    match outcome:
        case BindingOutcome.BOUND:
            return BOUND.say(language)
        case BindingOutcome.ALREADY_YOURS:
            return ALREADY_YOURS.say(language)
        case BindingOutcome.PROSPECT:
            return PROSPECT.say(language)
        case BindingOutcome.TAKEN:
            return TAKEN.say(language)
        case BindingOutcome.NOT_YOUR_OWN:
            return NOT_YOUR_OWN.say(language)
        case BindingOutcome.NO_CONSENT:
            return NO_CONSENT.say(language)
        case BindingOutcome.UNREADABLE:
            return UNREADABLE.say(language)
        case BindingOutcome.BOUND_TO_ANOTHER:
            return BOUND_TO_ANOTHER.say(language)
        case _:
            assert_never(outcome)
