"""Why a message was held back, as staff read it."""

from campaigns.deliveries.model import Reason
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

REASONS: dict[str, Phrase] = {
    Reason.NO_PRIVATE_CHAT: Phrase("对方未开私聊", "no private chat"),
    Reason.BLOCKED: Phrase("对方已屏蔽", "blocked by the person"),
    Reason.NO_CONSENT: Phrase("未同意接收营销信息", "has not agreed to offers"),
    Reason.OPTED_OUT: Phrase("已退订", "opted out"),
    Reason.MUTED: Phrase("本人不要这类提醒", "muted by the person"),
    Reason.RESTRICTED: Phrase("已暂停或关闭个性化", "suspended, or wants nothing personal"),
    Reason.QUIET_HOURS: Phrase("静默时段，顺延", "quiet hours, put off"),
    Reason.NOT_ASSESSED: Phrase("没有有效的风险测评", "no valid assessment of risk"),
    Reason.UNSUITABLE: Phrase("产品风险高于客户承受能力", "riskier than the customer's assessment"),
    Reason.NEED_UNKNOWN: Phrase("不知客户何时用钱，不推荐取不出的产品", "binds money; nobody knows when it is needed"),
    Reason.NEEDED_EARLIER: Phrase("客户用钱的时间早于产品到期", "the customer needs the money before the term ends"),
    Reason.NEEDS_REVIEW: Phrase("高风险客户，须先复核", "a high-risk customer, to be reviewed first"),
    Reason.CUSTOMER_REACHED: Phrase("同一客户已收到", "the same customer has it already"),
    Reason.FREQUENCY_CAP: Phrase("已达频次上限", "frequency cap reached"),
    Reason.NO_RISK_NOTICE: Phrase("缺少风险提示", "no risk notice"),
    Reason.FORBIDDEN_WORDS: Phrase("用语未通过合规检查", "words that the gate blocks"),
    Reason.HALTED: Phrase("停发后作废", "stopped, then cancelled"),
    Reason.TOO_LATE: Phrase("已过有效期", "out of date"),
}


def reason_words(code: str, language: Language) -> str:
    """A gate's reason in words; the code itself for reasons that are not the gate's."""
    words = REASONS.get(code)
    return words.say(language) if words else code
