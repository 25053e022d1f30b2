"""What staff read of a loan that may be proposed unasked: how much at most, why, or why nothing."""

from campaigns.members.model import Language
from handlers.wording.fields import VALUES
from handlers.wording.phrase import Phrase
from handlers.wording.segments import yuan
from segmentation.lending import LoanOffer, LoanReason, NoLoan

OFFER = Phrase(
    "💳 可主动推荐贷款：最多约 {amount} 元，以审批为准（{reasons}）",
    "💳 A loan may be proposed: about {amount} yuan at most, if approved ({reasons})",
)
NONE = Phrase("💳 不主动推荐贷款：{why}", "💳 No loan is proposed: {why}")
REASONS = {
    "inflow": Phrase("本季转入 {value} 元", "{value} yuan came in this quarter"),
    "months": Phrase("近 12 个月有 {value} 个月有收入", "income in {value} of twelve months"),
    "grade": Phrase("信用等级{value}", "credit grade {value}"),
    "cards": Phrase("持有本行卡 {value} 张", "holds {value} of our cards"),
    "settlement": Phrase("年结算量 {value} 元", "settles {value} yuan a year"),
    "deposits": Phrase("存款 {value} 元", "deposits of {value} yuan"),
    "owed": Phrase("已扣除现有贷款 {value} 元", "less loans of {value} yuan"),
}
IN_FEN = frozenset({"inflow", "settlement", "deposits", "owed"})
BARRED = {
    NoLoan.REFUSED: Phrase("信贷不予准入、有逾期或信用较差", "credit is refused, overdue or poor"),
    NoLoan.ASKED: Phrase("已有申请在办，或半年内未获批", "a request is under way, or was declined within half a year"),
    NoLoan.HOLDS_ONE: Phrase("已有贷款", "there is one already"),
    NoLoan.NEW: Phrase("新客户，往来还短", "a new customer"),
    NoLoan.NO_RECORD: Phrase("没有信用等级", "no credit grade"),
    NoLoan.NO_FLOWS: Phrase("流水不足或未知", "too little comes in, or nobody tells"),
    NoLoan.UNSTEADY: Phrase("收入不稳定", "the income is not steady"),
    NoLoan.TOO_LITTLE: Phrase("按流水和信用算不出额度", "flows and record leave no room"),
}


def lending_line(found: LoanOffer | NoLoan, language: Language) -> str:
    """One line for a customer's card."""
    if isinstance(found, NoLoan):
        return NONE.say(language, why=BARRED[found].say(language))
    reasons = ("；" if language is Language.ZH else "; ").join(_reason(each, language) for each in found.reasons)
    return OFFER.say(language, amount=yuan(found.amount_fen), reasons=reasons)


def _reason(found: LoanReason, language: Language) -> str:
    value = found.value
    if isinstance(value, str):
        told = VALUES[value].say(language) if value in VALUES else value
    else:
        told = yuan(round(value)) if found.code in IN_FEN else f"{value:g}"
    return REASONS[found.code].say(language, value=told)
