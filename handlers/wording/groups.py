"""What people read about merchant welfare groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from campaigns.deliveries.model import Button, Message
from campaigns.groups.model import Group, GroupPlan, RegisterRefusal, RunningDraw
from campaigns.groups.rules import title_for
from campaigns.groups.templates import filled
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from handlers.wording.draws import page_link
from handlers.wording.phrase import Phrase

REGISTERED = Phrase("「{title}」已登记，公告即将置顶。", "“{title}” is registered; the announcement will be pinned.")
BAD_NAME = Phrase(
    "群名要写成「{example}」（XX 换成商户名）。请改好群名，再发 /register。",
    "The group must be named “{example}” with the merchant in place of XX. Rename it, then send /register again.",
)
ANOTHER = Phrase("这个群已由另一位理财经理登记。", "Another wealth manager has registered this group.")
MAY_NOT_PIN = Phrase(
    "请把我设为管理员并允许「置顶消息」，再发 /register。",
    "Please make me an administrator who may pin messages, then send /register again.",
)
CORRECTED = Phrase("群名已改回「{title}」。", "The name is “{title}” again.")
MAY_NOT_RENAME = Phrase(
    "「{title}」被改名为「{wrong}」，我没有「修改群资料」权限，不能改回。请改回群名，或给我这个权限。",
    "“{title}” was renamed to “{wrong}”. I lack the right to change group info: please rename it or give me the right.",
)
TOPICS = Phrase(
    "\n这个群开了话题：公告和卡片会发在「General」里。",
    "\nThis group has topics: announcements and cards go to “General”.",
)
ADD_ME = Phrase(
    "发「/newgroup 商户名」，我准备好群名、公告和链接，两步建好群。\n"
    "已有名为「{example}」的群：点下面的按钮把我加进群，我会自动登记。",
    "Send /newgroup MERCHANT and I prepare name, announcement and link: two taps open the group.\n"
    "For a group that is named “{example}” already: add me with the button below and I register it.",
)
ADD_ME_BUTTON = Phrase("把我加进群", "Add me to the group")
IN_GROUP_ONLY = Phrase("请在要登记的群里发 /register。", "Send /register in the group that you want to register.")


FULL_HERE = Phrase("本群已满，请点下方进「{next}」。", "This group is full: please go on to “{next}”, below.")
OPEN = Phrase("开群 · {name}", "Open {name}")
RIGHTS = "change_info+pin_messages+delete_messages+invite_users+restrict_members"


def open_link(username: str, plan: GroupPlan) -> str:
    """The link that opens one prepared group."""
    return f"https://t.me/{username}?startgroup=plan_{plan.token}&admin={RIGHTS}"


def short_name(plan: GroupPlan) -> str:
    """A planned group's merchant, from the second group on with its number: titles are too long for buttons."""
    return plan.merchant if plan.number == 1 else f"{plan.merchant} {plan.number}"


def entry_link(username: str, group: Group) -> str:
    """The link by which people find a group, or the next one of its merchant when it is full."""
    return f"https://t.me/{username}?start=group_{group.id}"


def refusal(reason: RegisterRefusal, bank: str, language: Language) -> str:
    """Why a group was not registered, and what to do."""
    match reason:
        case RegisterRefusal.BAD_NAME:
            return BAD_NAME.say(language, example=title_for(bank, "XX"))
        case RegisterRefusal.ANOTHER_MANAGERS:
            return ANOTHER.say(language)
        case RegisterRefusal.MAY_NOT_PIN:
            return MAY_NOT_PIN.say(language)
        case _:
            assert_never(reason)


@dataclass(frozen=True)
class GroupWords:
    """The sentences that groups put into the ledger (`campaigns.groups.service.GroupWording`)."""

    bank: str
    bot_username: str
    address: str
    language: Language = Language.ZH

    def announcement(self, group: Group, text: str | None = None) -> Message:
        """The announcement that is pinned in the group: the template's, or this one."""
        if text is not None:
            return Message(text, self._buttons("bind"))
        text = Phrase(
            "📢 群公告\n欢迎来到「{title}」。\n"
            "· 这里有{merchant}商户的专属福利、拼团接龙和活动通知。\n"
            "· 参加接龙：点卡片按钮，或发「接龙」「+1」。\n"
            "· 绑定手机号：点下方按钮私聊我，福利按人发放，信息加密保存，可随时解绑。\n"
            "· {bank}工作人员不会在群里索要密码、验证码或转账。",
            "📢 Welcome to “{title}”.\n"
            "· Benefits, group-buy chains and news of {merchant}.\n"
            "· To join a chain tap the card's button or send “+1”.\n"
            "· Link your phone number in private (below): stored encrypted, unlink at any time.\n"
            "· Staff of {bank} never ask for passwords, codes or transfers here.",
        ).say(self.language, title=group.title, merchant=group.merchant, bank=self.bank)
        return Message(text, self._buttons("bind"))

    def welcome(
        self,
        group: Group,
        newcomers: Sequence[Member],
        others: int,
        text: str | None,
        draws: Sequence[RunningDraw],
        following: Group | None,
    ) -> Message:
        """The words for those who came together, with masked names: the group is public to its members.

        Who came into a full group, as by a forwarded link, is shown the next one first.
        """
        now = [self._running(draw) for draw in draws]
        buttons = self._buttons("hello")
        if following is not None:
            now.append(FULL_HERE.say(self.language, next=following.title))
            buttons = ((self._onward(group, following),), *buttons)
        names = Phrase("、", ", ").say(self.language).join(masked(member.name) for member in newcomers)
        if others:
            names += Phrase(" 等 {count} 位新朋友", " and {count} others").say(
                self.language, count=others + len(newcomers) if self.language is Language.ZH else others
            )
        if text is not None:
            return Message("\n".join([filled(text, names=names), *now]), buttons)
        words = Phrase(
            "👋 欢迎 {names} 加入「{title}」！看看置顶公告，绑定手机号就能领专属福利。",
            "👋 Welcome {names} to “{title}”! See the pinned announcement; link your number for your own benefits.",
        )
        said = words.say(self.language, names=names, title=group.title)
        return Message("\n".join([said, *now]), buttons)

    def _running(self, draw: RunningDraw) -> str:
        title = draw.title_zh if self.language is Language.ZH else draw.title_en
        words = Phrase("🎁 进行中：「{title}」，规则 {link}", "🎁 On now: “{title}”, rules {link}")
        return words.say(self.language, title=title, link=page_link(self.address, draw.id))

    def may_not_rename(self, group: Group, title: str) -> Message:
        """What the manager reads when a wrong title cannot be corrected."""
        return Message(MAY_NOT_RENAME.say(self.language, title=group.title, wrong=title))

    def next_prepared(self, full: Group, plan: GroupPlan) -> Message:
        """What the manager reads when a group is full: the next one is two taps away."""
        text = Phrase(
            "「{full}」已满。下一个群「{next}」已准备好：新建一个群，再点下面的按钮把我加进去，其余我来做。",
            "“{full}” is full. The next one, “{next}”, is prepared: make a group, add me below, I do the rest.",
        ).say(self.language, full=full.title, next=plan.title)
        return Message(text, ((self.open_button(plan),),))

    def moved_on(self, full: Group, opened: Group) -> Message:
        """What a full group reads when the next one is open; its members forward the button to their friends."""
        text = Phrase("本群已满，新朋友请加入「{next}」。", "This group is full: please send friends to “{next}”.").say(
            self.language, next=opened.title
        )
        return Message(text, ((self._onward(full, opened),),))

    def _onward(self, full: Group, following: Group) -> Button:
        label = Phrase("进「{next}」", "Join “{next}”").say(self.language, next=following.title)
        return Button(label, url=entry_link(self.bot_username, full))

    def open_button(self, plan: GroupPlan) -> Button:
        """The button that brings the bot into the new group, with its rights and the plan's token."""
        return Button(OPEN.say(self.language, name=short_name(plan)), url=open_link(self.bot_username, plan))

    def open_private(self) -> Message:
        """For those whom the bot cannot write to first."""
        text = Phrase(
            "有福利要发给本群的一些朋友，但大家还没和我打过招呼。点下方按钮，按「开始」即可接收。",
            "Some of you have a message waiting, but I cannot write first. Tap below and press Start.",
        )
        return Message(text.say(self.language), self._buttons("bind"))

    def open_for_place(self, name: str) -> Message:
        """For somebody who is offered a place in a chain and cannot be told in private; the name is masked."""
        text = Phrase(
            "{name}，接龙有空位轮到您了，但我还不能私聊您。请在群里发「+1」确认；想收到提醒，点下方按钮，按「开始」。",
            "{name}, a place in the chain is yours to take, but I cannot write to you. Send “+1” here to confirm; "
            "to be told in private, tap below and press Start.",
        )
        label = Phrase("私聊我 · 我的接龙", "Chat with me · my chains").say(self.language)
        link = f"https://t.me/{self.bot_username}?start=my_chains"
        return Message(text.say(self.language, name=name), ((Button(label, url=link),),))

    def _buttons(self, start: str) -> tuple[tuple[Button, ...], ...]:
        label = Phrase("私聊我 · 绑定手机号", "Chat with me · link my number").say(self.language)
        return ((Button(label, url=f"https://t.me/{self.bot_username}?start={start}"),),)
