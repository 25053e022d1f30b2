"""What people read about merchant welfare groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from campaigns.deliveries.model import Button, Message
from campaigns.groups.model import Group, RegisterRefusal
from campaigns.groups.rules import title_for
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
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
ADD_ME = Phrase(
    "两步建群：① 新建群，名称「{example}」；② 点下面的按钮把我加进群，我会自动登记。",
    "Two steps: (1) make a group named “{example}”; (2) add me with the button below and I register it.",
)
ADD_ME_BUTTON = Phrase("把我加进群", "Add me to the group")
IN_GROUP_ONLY = Phrase("请在要登记的群里发 /register。", "Send /register in the group that you want to register.")


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
    language: Language = Language.ZH

    def announcement(self, group: Group) -> Message:
        """The announcement that is pinned in the group."""
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
        return Message(text, self._bind_button())

    def welcome(self, group: Group, newcomers: Sequence[Member]) -> Message:
        """The words for those who came together, with masked names: the group is public to its members."""
        text = Phrase(
            "👋 欢迎 {names} 加入「{title}」！看看置顶公告，绑定手机号就能领专属福利。",
            "👋 Welcome {names} to “{title}”! See the pinned announcement; link your number for your own benefits.",
        )
        names = Phrase("、", ", ").say(self.language).join(masked(member.name) for member in newcomers)
        return Message(text.say(self.language, names=names, title=group.title), self._bind_button())

    def open_private(self) -> Message:
        """For those whom the bot cannot write to first."""
        text = Phrase(
            "有福利要发给本群的一些朋友，但大家还没和我打过招呼。点下方按钮，按「开始」即可接收。",
            "Some of you have a message waiting, but I cannot write first. Tap below and press Start.",
        )
        return Message(text.say(self.language), self._bind_button())

    def _bind_button(self) -> tuple[tuple[Button, ...], ...]:
        label = Phrase("私聊我 · 绑定手机号", "Chat with me · link my number").say(self.language)
        return ((Button(label, url=f"https://t.me/{self.bot_username}?start=bind"),),)
