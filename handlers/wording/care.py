"""What people read when the bot looks after a group."""

from dataclasses import dataclass
from typing import assert_never

from campaigns.care.model import Case, DecisionRefusal, Suspicion
from campaigns.care.rules import veiled
from campaigns.deliveries.model import Button, Message
from campaigns.groups.model import Group
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from handlers.wording.groups import RIGHTS
from handlers.wording.phrase import Phrase
from handlers.wording.plans import RIGHTS as RIGHT_NAMES

REASONS = {
    Suspicion.INVITE_LINK: Phrase("拉人进别的群的链接", "a link into another group"),
    Suspicion.BAIT_LINK: Phrase("利诱链接", "a link with a promise of money"),
    Suspicion.IMPERSONATION: Phrase("冒充银行工作人员", "poses as the bank's staff"),
    Suspicion.SECRETS: Phrase("索要验证码、密码或转账", "asks for codes, passwords or transfers"),
    Suspicion.SOLICITATION: Phrase("引流到群外联系方式", "lures people to another channel"),
}
REPORT = Phrase(
    "🛡 「{group}」已删除一条可疑消息（{reason}）。\n{name}：「{words}」\n"
    "不是骗子？点「恢复」，消息会重新发出，以后不再拦。",
    "🛡 A suspicious message in “{group}” was removed ({reason}).\n{name}: “{words}”\n"
    "Harmless? Restore posts it again and lets it stand from now on.",
)
REPORT_STANDING = Phrase(
    "🛡 「{group}」有一条可疑消息（{reason}），我没有「删除消息」权限，请您删除。\n{name}：「{words}」",
    "🛡 A suspicious message stands in “{group}” ({reason}); I may not delete messages: please do.\n{name}: “{words}”",
)
RESTORE = Phrase("恢复", "Restore")
MUTE = Phrase("禁言 7 天", "Mute for 7 days")
RESTORED = Phrase("已恢复，消息会以脱敏姓名重新发出。", "Restored: it is posted again under a masked name.")
MUTED = Phrase("已禁言 7 天。", "Muted for 7 days.")
ASK_LANGUAGE = Phrase("请选择语言 · Please choose your language", "Please choose your language · 请选择语言")
CHINESE, ENGLISH = "中文", "English"


def decision_refusal(reason: DecisionRefusal, language: Language) -> str:
    """Why a manager's word on a case changes nothing."""
    match reason:
        case DecisionRefusal.UNKNOWN:
            return Phrase("没有这条记录。", "There is no such case.").say(language)
        case DecisionRefusal.NOT_YOURS:
            return Phrase("这是另一位理财经理的群。", "This group is another manager's.").say(language)
        case DecisionRefusal.DECIDED:
            return Phrase("这条已处理过。", "This was decided before.").say(language)
        case DecisionRefusal.MAY_NOT_RESTRICT:
            return Phrase(
                "我没有「限制成员」权限，请先在群设置里给我。", "Give me the right to restrict members first."
            ).say(language)
        case _:
            assert_never(reason)


@dataclass(frozen=True)
class CareWords:
    """The sentences that care puts into the ledger (`campaigns.care.service.CareWording`)."""

    bot_username: str
    language: Language = Language.ZH

    def report(self, group: Group, case: Case, member: Member, *, is_removed: bool) -> Message:
        """What the manager reads of a removed message, with the buttons that decide."""
        words = REPORT if is_removed else REPORT_STANDING
        text = words.say(
            self.language,
            group=group.title,
            reason=REASONS[case.reason].say(self.language),
            name=masked(member.name),
            words=veiled(case.words),
        )
        restore = Button(RESTORE.say(self.language), data=f"care:restore:{case.id}")
        mute = Button(MUTE.say(self.language), data=f"care:mute:{case.id}")
        return Message(text, ((restore, mute),) if is_removed else ((mute,),))

    def restored(self, case: Case, name: str) -> Message:
        """The words again, under a masked name."""
        text = Phrase("{name} 说：{words}", "{name} said: {words}")
        return Message(text.say(self.language, name=masked(name), words=case.words))

    def suspicious_name(self, group: Group, member: Member) -> Message:
        """What the manager reads of a newcomer who is named like staff; here the name is what matters."""
        text = Phrase(
            "⚠️ 有人以「{name}」的名字进了「{group}」，不是登记的工作人员，请留意。",
            "⚠️ Somebody named “{name}” joined “{group}” and is no registered staff: please keep an eye on it.",
        )
        return Message(text.say(self.language, name=member.name, group=group.title))

    def rights_lost(self, group: Group, missing: tuple[str, ...]) -> Message:
        """What the manager reads when the bot may do less than before."""
        names = Phrase("、", ", ").say(self.language).join(RIGHT_NAMES[name].say(self.language) for name in missing)
        text = Phrase(
            "⚠️ 我在「{group}」失去了权限：{names}。请在群设置里恢复，否则相应功能不工作。",
            "⚠️ I lost rights in “{group}”: {names}. Please give them back, or what needs them does not work.",
        )
        return Message(text.say(self.language, group=group.title, names=names))

    def removed(self, group: Group) -> Message:
        """What the manager reads when the bot is out of a group."""
        text = Phrase(
            "⚠️ 我被移出了「{group}」，接龙、欢迎和提醒都停了。点下面的按钮把我加回去。",
            "⚠️ I was removed from “{group}”: chains, welcomes and reminders stop. Add me again below.",
        ).say(self.language, group=group.title)
        link = f"https://t.me/{self.bot_username}?startgroup=register&admin={RIGHTS}"
        return Message(text, ((Button(Phrase("加回群里", "Add me again").say(self.language), url=link),),))

    def anonymous(self, group: Group) -> Message:
        """What the manager reads when an administrator asks without a name."""
        text = Phrase(
            "「{group}」有管理员开着匿名发言，他的指令和接龙我认不出是谁，没有执行。请在管理员设置里关闭「匿名」。",
            "An anonymous administrator of “{group}” asked me something. I cannot tell who it is and did nothing: "
            "please turn “remain anonymous” off.",
        )
        return Message(text.say(self.language, group=group.title))

    def upgraded(self, group: Group) -> Message:
        """What the manager reads when a group became a supergroup."""
        text = Phrase(
            "「{group}」已升级为超级群，登记、成员和接龙都跟了过去，您不用做什么。",
            "“{group}” became a supergroup; registration, members and chains moved along. Nothing is left to do.",
        )
        return Message(text.say(self.language, group=group.title))

    def bind_reminder(self) -> Message:
        """The one reminder of somebody who has not linked a number."""
        text = Phrase(
            "您还没绑定手机号，专属福利发不到您手上。点下面的按钮，一分钟绑好；不想绑就不用理会，不会再提醒。",
            "Your number is not linked yet, so your own benefits cannot reach you. "
            "It takes a minute; this is the only reminder.",
        ).say(self.language)
        return Message(text, ((Button(Phrase("绑定手机号", "Link my number").say(self.language), data="bind:ask"),),))
