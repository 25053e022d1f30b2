"""What shops and managers read of a loan request: gentle, and never a promise of approval, rate or amount."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.loans.model import (
    Asked,
    ContactTime,
    DeclineReason,
    LoanFault,
    LoanFile,
    LoanRefusal,
    LoanRequest,
    LoanState,
    LoanUse,
    LoanWish,
    Turnover,
)
from campaigns.loans.rules import LEAST_MONTHS, LEAST_YUAN, MOST_MONTHS, MOST_YUAN
from campaigns.members.model import Language
from campaigns.members.rules import masked
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

ASK_WORDS = ("小微贷款申请", "小微贷款", "申请贷款", "小微貸款申請", "small business loan")
MINE_WORDS = ("我的贷款申请", "贷款进度", "我的貸款申請", "my loans")
FILE_DATA = "loan_file"

RISK = Phrase("贷款有风险，请量力而行。", "Borrowing carries risk: borrow within your means.")
NO_PROMISE = Phrase(
    "提交申请不等于审批通过，能否办理、额度、利率和期限都以银行审批和合同为准。不收取任何申请费用。",
    "A request is no approval: whether, how much, at which rate and for how long is decided by the bank's review and "
    "the contract. Asking costs nothing.",
)
BEGIN = Phrase(
    "小微贷款申请\n\n请复制下面四行，填好后一次发给我：\n\n店名：\n统一社会信用代码：\n金额：\n期限：\n\n"
    "代码是营业执照上的 18 位；金额 {least:g}–{most:g} 万元，如 20万；期限 {first}–{last} 个月，如 12个月。\n"
    "店名和代码加密保存，只有负责您的理财经理能看到。发「取消」放弃。\n\n{promise}\n{risk}",
    "A loan for your shop\n\nPlease copy these four lines, fill them in and send them at once:\n\nname: \ncode: \n"
    "amount: \nterm: \n\nThe code has 18 places and stands on the business licence; the amount is {least:g}–{most:g} "
    "times 10,000 yuan, such as 200000; the term {first}–{last} months, such as 12.\nName and code are kept encrypted, "
    "for your wealth manager alone. “cancel” stops.\n\n{promise}\n{risk}",
)
STOPPED = Phrase("好的，没有提交。", "All right, nothing was handed in.")
FAULTS = {
    LoanFault.NO_NAME: Phrase("请写店名（2–60 个字）。", "Please give the shop's name (2–60 characters)."),
    LoanFault.BAD_REGISTRATION: Phrase(
        "代码不对：请核对营业执照上的 18 位统一社会信用代码，常见是漏了一位或看错字母。",
        "This is no registration code: please check the 18 places on the business licence.",
    ),
    LoanFault.BAD_AMOUNT: Phrase(
        "金额请写 {least:g}–{most:g} 万元，如：金额：20万。", "The amount is {least:g}–{most:g} times 10,000 yuan."
    ),
    LoanFault.BAD_TERM: Phrase(
        "期限请写 {first}–{last} 个月，如：期限：12个月。", "The term is {first}–{last} months."
    ),
}
USES = {
    LoanUse.STOCK: Phrase("进货", "stock"),
    LoanUse.RENT: Phrase("房租", "rent"),
    LoanUse.EQUIPMENT: Phrase("设备", "equipment"),
    LoanUse.RENOVATION: Phrase("装修", "renovation"),
    LoanUse.WAGES: Phrase("工资", "wages"),
    LoanUse.CASH_FLOW: Phrase("资金周转", "cash flow"),
}
TURNOVERS = {
    Turnover.UNDER_50K: Phrase("5 万以下", "under 50,000"),
    Turnover.TO_200K: Phrase("5–20 万", "50,000–200,000"),
    Turnover.TO_500K: Phrase("20–50 万", "200,000–500,000"),
    Turnover.OVER_500K: Phrase("50 万以上", "over 500,000"),
}
CONTACTS = {
    ContactTime.MORNING: Phrase("上午", "morning"),
    ContactTime.AFTERNOON: Phrase("下午", "afternoon"),
    ContactTime.EVENING: Phrase("傍晚", "evening"),
}
ENQUIRIES = {True: Phrase("同意查询", "I agree"), False: Phrase("暂不同意", "Not now")}
CHOICES: dict[str, dict[Any, Phrase]] = {
    "use": dict(USES),
    "turnover": dict(TURNOVERS),
    "contact": dict(CONTACTS),
    "enquiry": dict(ENQUIRIES),
}
QUESTIONS = {
    "use": Phrase("贷款用来做什么？", "What is the money for?"),
    "turnover": Phrase("店里每月营业额大约多少元？", "About how much does the shop take in a month, in yuan?"),
    "contact": Phrase("什么时候联系您方便？", "When may we be in touch?"),
    "enquiry": Phrase(
        "单独问一句：是否同意银行为这次申请查询您和企业的征信？\n这是自愿的，不同意也可以提交，理财经理会当面和您商量。",
        "One thing apart: may the bank look at your and the firm's credit record for this request?\n"
        "It is up to you: without it the request goes in as well, and your manager talks it over with you.",
    ),
}
LABELS = {
    "use": Phrase("用途", "Use"),
    "turnover": Phrase("月营业额", "Monthly turnover"),
    "contact": Phrase("联系时间", "Be in touch"),
    "enquiry": Phrase("征信查询", "Credit record"),
}
TOLD = Phrase("{label}：{value}", "{label}: {value}")
FIRM = Phrase(
    "店名：{name}\n统一社会信用代码：{registration}\n申请金额：{amount:,} 元\n期限：{months} 个月",
    "Shop: {name}\nRegistration: {registration}\nAmount: {amount:,} yuan\nTerm: {months} months",
)
CHECK = Phrase("请核对：\n\n{wish}\n\n{promise}\n{risk}", "Please check:\n\n{wish}\n\n{promise}\n{risk}")
SUBMIT = Phrase("提交申请", "Hand it in")
IN = Phrase(
    "已收到申请 {number}。{owner}会在 {due}前联系您。\n发「我的贷款申请」随时看进度。\n{risk}",
    "Your request {number} is in. {owner} will be in touch by {due}.\n/my_loans shows how it stands.\n{risk}",
)
STATES = {
    LoanState.DRAFT: Phrase("未提交", "not handed in"),
    LoanState.ASKED: Phrase("已收到，等理财经理联系", "received, your manager will be in touch"),
    LoanState.CONTACTED: Phrase("已联系，正在了解情况", "contacted, talking it over"),
    LoanState.DOCUMENTS: Phrase("资料收集和审核中", "papers under review"),
    LoanState.APPROVED: Phrase("审批通过，请按约定签约", "approved, to be signed as agreed"),
    LoanState.DECLINED: Phrase("这次没有办成", "not granted this time"),
    LoanState.WITHDRAWN: Phrase("已撤回", "taken back"),
}
REASONS = {
    DeclineReason.POLICY: Phrase("目前不符合产品要求", "it does not meet the product's conditions now"),
    DeclineReason.PAPERS: Phrase("资料不齐", "papers are missing"),
    DeclineReason.CREDIT: Phrase("征信情况暂不符合要求", "the credit record does not meet the conditions now"),
    DeclineReason.YOUNG_FIRM: Phrase("经营时间还不够", "the firm is still too young"),
    DeclineReason.TURNOVER: Phrase("流水暂不符合要求", "the turnover does not meet the conditions now"),
}
MOVED = {
    LoanState.CONTACTED: Phrase(
        "您的贷款申请 {number}：理财经理已和您联系，正在了解情况。有问题随时问。",
        "Your loan request {number}: your manager has been in touch. Ask whenever something is unclear.",
    ),
    LoanState.DOCUMENTS: Phrase(
        "您的贷款申请 {number}：正在收集和审核资料。请只把资料交给您的理财经理或网点。",
        "Your loan request {number}: papers are under review. Hand papers to your manager or the branch alone.",
    ),
    LoanState.APPROVED: Phrase(
        "您的贷款申请 {number} 审批通过了。额度、利率和还款方式以合同为准，签之前请看清楚。",
        "Your loan request {number} was approved. Amount, rate and repayment stand in the contract: read it first.",
    ),
    LoanState.DECLINED: Phrase(
        "您的贷款申请 {number} 这次没有办成：{reason}。这不影响您的其他业务，理财经理可以帮您看看别的办法。",
        "Your loan request {number} was not granted this time: {reason}. Nothing else is affected; your manager can "
        "look for another way with you.",
    ),
    LoanState.WITHDRAWN: Phrase("已撤回申请 {number}。", "Request {number} is taken back."),
}
MINE_HEAD = Phrase("我的贷款申请", "My loan requests")
NONE = Phrase("您还没有贷款申请。发「小微贷款申请」开始。", "You have no loan request. /loan begins one.")
MINE_LINE = Phrase("{number} · {state}{reason}\n{wish}", "{number}, {state}{reason}\n{wish}")
BECAUSE = Phrase("（{reason}）", " ({reason})")
ERASED = Phrase("店名、代码已删除", "name and code are deleted")
TAKE_BACK = Phrase("撤回 {number}", "Take {number} back")
ERASE = Phrase("删除 {number} 的资料", "Delete the data of {number}")
EXPORT = Phrase("导出", "Export")
ERASED_NOW = Phrase("已删除店名和代码，只留办理记录。", "Name and code are deleted; only the record of steps stays.")
PRIVATE_ONLY = Phrase("贷款申请请私聊我，群里不处理个人和企业资料。", "Please ask in private: no such data in groups.")

DESK_HEAD = Phrase("贷款申请 · {count} 件待办", "Loan requests: {count} open")
DESK_NONE = Phrase("没有待办的贷款申请。", "No loan request is open.")
DESK_LINE = Phrase("{number} · {amount:,} 元 · {state}", "{number}: {amount:,} yuan, {state}")
NEW = Phrase(
    "📝 {name}提交了小微贷款申请 {number}：{amount:,} 元，{months} 个月，{use}。方便联系：{contact}。",
    "📝 {name} asks for a loan, {number}: {amount:,} yuan for {months} months, for {use}. In touch: {contact}.",
)
TAKEN_BACK = Phrase("{name}撤回了贷款申请 {number}。", "{name} took the loan request {number} back.")
OPEN_FILE = Phrase("打开 {number}", "Open {number}")
FILE_HEAD = Phrase("贷款申请 {number} · {name} · {state}", "Loan request {number}: {name}, {state}")
STEP = Phrase("{at} {state} · {by}", "{at} {state}, {by}")
TO = {
    LoanState.CONTACTED: Phrase("已联系", "Contacted"),
    LoanState.DOCUMENTS: Phrase("收资料", "Papers"),
    LoanState.APPROVED: Phrase("审批通过", "Approved"),
    LoanState.DECLINED: Phrase("没办成…", "Declined …"),
}
CHOOSE_REASON = Phrase("为什么没办成？", "Why was it declined?")
BACK = Phrase("‹ 贷款申请", "‹ Loan requests")
WHY = {
    LoanState.ASKED: Phrase("小微贷款申请：请联系客户", "loan request: be in touch"),
    LoanState.CONTACTED: Phrase("小微贷款申请：请跟进需求和资料", "loan request: see to needs and papers"),
    LoanState.DOCUMENTS: Phrase("小微贷款申请：请跟进审批结果", "loan request: see to the decision"),
}
REFUSALS = {
    LoanRefusal.NOT_BOUND: Phrase(
        "请先发 /bind 绑定手机号；还没有我行账户，请到网点，我们帮您一起办。",
        "Please link your number with /bind first; without an account, any branch will help you.",
    ),
    LoanRefusal.OPEN_ALREADY: Phrase(
        "您已有一个申请在办理，不用重复提交。发「我的贷款申请」看进度。",
        "A request of yours is under way, there is no need for another: /my_loans shows it.",
    ),
    LoanRefusal.FIRM_ASKED: Phrase(
        "这家店已有一个申请在办理，请和店里提交的人或理财经理确认。",
        "A request of this shop is under way: please ask whoever handed it in, or your manager.",
    ),
    LoanRefusal.NOBODY: Phrase(
        "暂时没有经理可以接手，请到网点办理。", "Nobody can take it now: please visit a branch."
    ),
    LoanRefusal.NO_REQUEST: Phrase("没有这个申请。", "There is no such request."),
    LoanRefusal.NOT_YOURS: Phrase("这个申请不由您负责。", "This request is not in your hands."),
    LoanRefusal.INCOMPLETE: Phrase("还没填完，请接着选。", "Something is missing: please go on choosing."),
    LoanRefusal.MOVED_SINCE: Phrase("进度已更新，请重新打开。", "It has moved since: open it again."),
    LoanRefusal.JUMP: Phrase("现在不能这样改，请按顺序办理。", "It cannot go there from here."),
    LoanRefusal.NEEDS_REASON: Phrase("请选一个原因。", "Please choose a reason."),
    LoanRefusal.STILL_OPEN: Phrase("申请还在办理，请先撤回再删除。", "It is still open: take it back first."),
}


@dataclass(frozen=True)
class LoanWords:
    """The sentences that loan requests put into the ledger (`campaigns.loans.service.LoanWording`)."""

    def asked(self, request: LoanRequest, name: str, language: Language) -> Message:
        """What the manager reads of a new request; names stay masked in the ledger."""
        wish = request.wish
        assert wish is not None
        assert wish.use is not None
        assert wish.contact is not None
        facts = {
            "amount": wish.firm.amount_yuan,
            "months": wish.firm.months,
            "use": USES[wish.use].say(language),
            "contact": CONTACTS[wish.contact].say(language),
        }
        text = NEW.say(language, name=masked(name), number=request.number, **facts)
        button = Button(OPEN_FILE.say(language, number=request.number), f"{FILE_DATA}:{request.id}")
        return Message(text, ((button,),))

    def moved(self, request: LoanRequest, language: Language) -> Message:
        """What the person reads of a move."""
        reason = REASONS[request.reason].say(language) if request.reason else ""
        said = MOVED[request.state].say(language, number=request.number, reason=reason)
        return Message(f"{said}\n{RISK.say(language)}")

    def withdrawn(self, request: LoanRequest, name: str, language: Language) -> Message:
        """What the manager reads of a request that was taken back."""
        return Message(TAKEN_BACK.say(language, name=masked(name), number=request.number))

    def why(self, request: LoanRequest) -> str:
        """What is to be done in a state."""
        return WHY[request.state].both()


def begin(language: Language) -> str:
    """The four lines to fill in."""
    return BEGIN.say(language, **_limits(), promise=NO_PROMISE.say(language), risk=RISK.say(language))


def fault(found: LoanFault, language: Language) -> str:
    """What is wrong with the four lines."""
    return FAULTS[found].say(language, **_limits())


def check(wish: LoanWish, language: Language) -> str:
    """All of a request before it is handed in."""
    facts = {"promise": NO_PROMISE.say(language), "risk": RISK.say(language)}
    return CHECK.say(language, wish=wish_words(wish, language), **facts)


def handed_in(found: Asked, zone: ZoneInfo, language: Language) -> str:
    """It is in: who has it and until when they are in touch."""
    due = when(found.due_at, zone, language) if found.due_at else "–"
    facts = {"number": found.request.number, "owner": found.owner.name, "due": due, "risk": RISK.say(language)}
    return IN.say(language, **facts)


def mine(found: list[LoanRequest], language: Language) -> str:
    """The own requests in full: whatever is kept of them."""
    if not found:
        return NONE.say(language)
    return "\n\n".join([MINE_HEAD.say(language), *(_own(each, language) for each in found), RISK.say(language)])


def exported(found: list[LoanRequest]) -> list[dict[str, Any]]:
    """Everything that is kept of the own requests, in JSON's types."""
    return [_exported(each) for each in found]


def own_lines(found: LoanRequest, language: Language) -> str:
    """One of the own requests in full."""
    return _own(found, language)


def taken_back(found: LoanRequest, language: Language) -> str:
    """It is taken back."""
    return MOVED[LoanState.WITHDRAWN].say(language, number=found.number)


def desk(found: list[LoanRequest], language: Language) -> str:
    """A manager's open requests."""
    return DESK_HEAD.say(language, count=len(found)) if found else DESK_NONE.say(language)


def desk_line(found: LoanRequest, language: Language) -> str:
    """One of them, on its button."""
    amount = found.wish.firm.amount_yuan if found.wish else 0
    return DESK_LINE.say(language, number=found.number, amount=amount, state=STATES[found.state].say(language))


def file(found: LoanFile, zone: ZoneInfo, language: Language) -> str:
    """One request with its history, for its manager."""
    request = found.request
    name = found.names.get(request.member_id, "")
    facts = {"number": request.number, "name": name, "state": STATES[request.state].say(language)}
    wish = wish_words(request.wish, language) if request.wish else ERASED.say(language)
    steps = [
        STEP.say(
            language,
            at=when(each.at, zone, language),
            state=STATES[each.state].say(language),
            by=found.names.get(each.by, str(each.by)),
        )
        for each in found.moves
    ]
    return "\n".join([FILE_HEAD.say(language, **facts), "", wish, "", *steps])


def wish_words(wish: LoanWish, language: Language) -> str:
    """What is asked for, as far as it was told."""
    firm = wish.firm
    lines = [
        FIRM.say(language, name=firm.name, registration=firm.registration, amount=firm.amount_yuan, months=firm.months)
    ]
    for name, choices in CHOICES.items():
        told = getattr(wish, name)
        if told is not None:
            lines.append(TOLD.say(language, label=LABELS[name].say(language), value=choices[told].say(language)))
    return "\n".join(lines)


def refusal(found: LoanRefusal, language: Language) -> str:
    """Why nothing happened."""
    return REFUSALS[found].say(language)


def form_words(language: Language) -> dict[str, Any]:
    """What the Mini App's form says: choices by code, labels, limits, notices."""
    choices = {
        name: [
            {"code": str(code) if isinstance(code, StrEnum) else code, "words": phrase.say(language)}
            for code, phrase in each.items()
        ]
        for name, each in CHOICES.items()
    }
    return {
        "choices": choices,
        "questions": {name: phrase.say(language) for name, phrase in QUESTIONS.items()},
        "promise": NO_PROMISE.say(language),
        "risk": RISK.say(language),
        "limits": _limits() | {"least_yuan": LEAST_YUAN, "most_yuan": MOST_YUAN},
    }


def _limits() -> dict[str, Any]:
    ten_thousand = 10_000
    return {
        "least": LEAST_YUAN / ten_thousand,
        "most": MOST_YUAN / ten_thousand,
        "first": LEAST_MONTHS,
        "last": MOST_MONTHS,
    }


def _own(each: LoanRequest, language: Language) -> str:
    reason = BECAUSE.say(language, reason=REASONS[each.reason].say(language)) if each.reason else ""
    wish = wish_words(each.wish, language) if each.wish else ERASED.say(language)
    return MINE_LINE.say(language, number=each.number, state=STATES[each.state].say(language), reason=reason, wish=wish)


def _exported(each: LoanRequest) -> dict[str, Any]:
    wish = each.wish
    told: dict[str, Any] = {}
    if wish is not None:
        told = wish.firm._asdict() | {name: getattr(wish, name) for name in CHOICES}
    moments: dict[str, datetime] = {"asked_at": each.asked_at, "state_since": each.state_since}
    return {
        "number": each.number,
        "state": each.state,
        "reason": each.reason,
        **{name: at.isoformat() for name, at in moments.items()},
        **told,
    }
