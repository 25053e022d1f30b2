"""What staff read about their roles."""

from typing import assert_never

from campaigns.channels.model import ChannelMessage
from campaigns.deliveries.model import Message
from campaigns.members.model import Language
from campaigns.staff.model import InvitationRefusal, Role
from handlers.wording.channels import channel_name
from handlers.wording.phrase import Phrase

ROLES = {
    Role.CUSTOMER: Phrase("客户", "customer"),
    Role.WEALTH_MANAGER: Phrase("理财经理", "wealth manager"),
    Role.TEAM_LEAD: Phrase("团队长", "team lead"),
    Role.BRANCH: Phrase("网点", "branch"),
    Role.PARTNER: Phrase("合作伙伴", "partner"),
    Role.PROPERTY: Phrase("物业", "property manager"),
    Role.COMPLIANCE: Phrase("合规", "compliance"),
    Role.ADMINISTRATOR: Phrase("管理员", "administrator"),
}
ACCEPTED = Phrase(
    "欢迎，您的身份：{role}。发 /help 看您的功能。", "Welcome: you are now {role}. /help shows what you can do."
)
INVITED = Phrase(
    "一次性邀请链接（{role}，7 天有效）：\n{link}", "One-time invitation ({role}, valid for 7 days):\n{link}"
)
INVITE_USAGE = Phrase("请这样发：/invite 角色，角色有：{roles}", "Please send: /invite role, one of: {roles}")
HELD = Phrase("已放行 {count} 条待发消息。", "{count} held messages are released.")
NO_UNKNOWN = Phrase("没有状态不明的消息。", "No delivery is in doubt.")
UNKNOWN_LINE = Phrase(
    "#{id} {campaign} · {step}：可能已送达，也可能没有。", "#{id} {campaign} · {step}: may or may not have arrived."
)
UNKNOWN_OUTSIDE = Phrase(
    "渠道#{id} {campaign} · {step}，{channel}：可能已送达，也可能没有，请先查服务商的记录。",
    "Channel #{id} {campaign} · {step}, {channel}: may or may not have arrived; look at the provider's records first.",
)
OUTSIDE_ARRIVED = Phrase("渠道#{id} 已送达", "Channel #{id} arrived")
OUTSIDE_LOST = Phrase("渠道#{id} 未送达", "Channel #{id} did not")
DOUBTS = Phrase(
    "有 {count} 条消息状态不明，可能已送达，也可能没有。请用 /unknown 核实：不会自动重发。",
    "{count} deliveries may or may not have arrived. Please settle them by /unknown: nothing is sent again by itself.",
)
ARRIVED = Phrase("已送达", "It arrived")
LOST = Phrase("未送达", "It did not")
RESOLVED = Phrase("已记录。", "Noted.")
RESOLVED_ALREADY = Phrase("这条已经处理过了。", "This one was settled before.")


class DoubtWords:
    """Implements `campaigns.doubts.service.Wording`."""

    def doubts(self, count: int, language: Language) -> Message:
        """That so many deliveries wait for a person's word."""
        return Message(DOUBTS.say(language, count=count))


def unknown_outside(message: ChannelMessage, language: Language) -> str:
    """One message of another channel than the chat that may or may not have arrived."""
    facts = {"id": message.id, "campaign": message.campaign, "step": message.step}
    return UNKNOWN_OUTSIDE.say(language, **facts, channel=channel_name(message.channel, language))


def refusal(reason: InvitationRefusal, language: Language) -> str:
    """Why an invitation link does not work."""
    match reason:
        case InvitationRefusal.UNKNOWN:
            return Phrase("邀请链接无效。", "This invitation is not valid.").say(language)
        case InvitationRefusal.USED:
            return Phrase("邀请链接已被使用。", "This invitation was used already.").say(language)
        case InvitationRefusal.EXPIRED:
            return Phrase("邀请链接已过期，请管理员再发一个。", "This invitation has expired: ask for a new one.").say(
                language
            )
        case _:
            assert_never(reason)
