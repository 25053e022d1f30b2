"""What managers read of invitations to exclusive products."""

from datetime import date

from campaigns.admissions.model import AdmissionRefusal
from campaigns.catalogue.model import Product
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

INVITE_BUTTON = Phrase("✉️ 邀请：{name}", "✉️ Invite: {name}")
TAKE_BACK_BUTTON = Phrase("收回邀请：{name}", "Take back: {name}")
INVITED = Phrase(
    "已邀请这位客户了解「{name}」，{until} 前有效。对方没有收到任何消息，请面谈，或写投顾建议后再发。",
    "This customer may be shown “{name}” until {until}. Nothing was sent: talk to them, or write advice first.",
)
TAKEN_BACK = Phrase("邀请已收回。", "The invitation is taken back.")
TO_BUNDLE = Phrase("‹ 组合", "‹ Bundle")
REFUSALS = {
    AdmissionRefusal.NO_PRODUCT: Phrase("目录里没有这个产品。", "The catalogue has no such product."),
    AdmissionRefusal.OPEN_TO_ALL: Phrase("这个产品不需要邀请。", "This product needs no invitation."),
    AdmissionRefusal.NOT_ASSESSED: Phrase("客户还没做风险测评，不能邀请。", "The customer's risk is not assessed yet."),
    AdmissionRefusal.NOT_FOR_THEM: Phrase(
        "客户的资产、风险承受能力或类别不符合，不能邀请。", "Assets, appetite for risk or class do not allow it."
    ),
    AdmissionRefusal.INVITED_ALREADY: Phrase("已经邀请过，还在有效期内。", "The invitation stands already."),
    AdmissionRefusal.NOT_INVITED: Phrase("没有有效的邀请。", "There is no invitation."),
}


def invited(product: Product, until: date, language: Language) -> str:
    """What the manager reads after inviting."""
    return INVITED.say(language, name=product.name.read_in(language), until=until)
