"""What is read of vouchers: the rule page, what is on offer and how far one is, what managers do, what is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from campaigns.catalogue.model import Aim, ProductKind
from campaigns.customers.model import Lifecycle
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.vouchers.desk import Near
from campaigns.vouchers.model import (
    Benefit,
    Condition,
    Counting,
    MeasuredBy,
    Movement,
    MovementKind,
    Voucher,
    VoucherPlan,
    VoucherRefusal,
    VoucherState,
)
from campaigns.vouchers.service import Held, Offered
from handlers.wording.catalogue import aim_words
from handlers.wording.phrase import Phrase, in_language
from handlers.wording.times import on_day

VOUCHER_WORDS = ("我的权益", "我的權益", "我的满额券", "my vouchers")
YUAN = 100

BENEFITS = {
    Benefit.MONEY_OFF: Phrase("抵用金", "money off"),
    Benefit.PHONE_CREDIT: Phrase("话费", "phone credit"),
    Benefit.TRIAL_FUND: Phrase("体验金", "money to try with"),
    Benefit.TICKET: Phrase("票券", "tickets"),
    Benefit.RATE: Phrase("利息减免", "interest waived"),
    Benefit.SERVICE: Phrase("服务", "a service"),
}
KINDS = {
    ProductKind.DEPOSIT: Phrase("存款", "deposits"),
    ProductKind.FUND: Phrase("基金", "funds"),
    ProductKind.WEALTH: Phrase("理财", "wealth products"),
    ProductKind.INSURANCE: Phrase("保险", "insurance"),
    ProductKind.LOAN: Phrase("贷款", "loans"),
    ProductKind.CARD: Phrase("刷卡", "card purchases"),
    ProductKind.PAYMENT: Phrase("支付", "payments"),
    ProductKind.SERVICE: Phrase("服务", "services"),
}
COUNTING = {
    Counting.FROM_CLAIM: Phrase("从领取当天算起", "counted from the day of the claim"),
    Counting.WINDOW: Phrase("活动期内的都算", "counted over the whole time above"),
}
MEASURED = {
    MeasuredBy.FILE: Phrase("以银行系统记录为准", "as the bank's books say"),
    MeasuredBy.STAFF: Phrase("由客户经理确认", "as your manager confirms"),
}
BUYS = Phrase(
    "{kinds}满 {amount}（{counting}；退回、赎回的扣除{look_back}；{measured}{risk}）",
    "{kinds} for at least {amount} yuan ({counting}; what is returned is taken off{look_back}; {measured}{risk})",
)
LOOK_BACK = Phrase("，起算前 {days} 天内赎回的也扣除", ", also what was returned in the {days} days before")
RISK = Phrase("；产品风险等级不高于 {risk}，且不高于您的风险承受能力", "; risk up to {risk} and never above your own")
FREE = Phrase("无需购买", "nothing has to be bought")
HOLDS = Phrase("领取时投资类资产（不含存款）不低于 {amount}", "investments from {amount} yuan, deposits left out")
STAGES = {
    Lifecycle.NEW: Phrase("新客户", "new customers"),
    Lifecycle.GROWING: Phrase("成长期客户", "growing customers"),
    Lifecycle.MATURE: Phrase("成熟期客户", "long-standing customers"),
    Lifecycle.CHURN_WARNING: Phrase("近来往来减少的客户", "customers who dealt with us less of late"),
}
ALL = Phrase("本行客户", "every customer of the bank")
AUDIENCE = Phrase("，并且：{line}", ", and: {line}")
ALONE = Phrase("不与其他券同享同一笔资金", "the same money counts for no other voucher")
TOGETHER = Phrase("可与这些券叠加：{codes}", "goes together with: {codes}")
CLAW_BACK = Phrase(
    "兑付后 {days} 天内把达标的产品退回、赎回，券作废，已付的收回",
    "if what was bought is returned within {days} days of the payment, what was paid is taken back",
)
NO_CLAW_BACK = Phrase("兑付后不收回", "what was paid is not taken back")
STEPS = Phrase("进度到 {steps} 时提醒一次", "you are told once at {steps}")
PAGE = Phrase(
    "《{name}》规则（{code}）\n"
    "给什么：{gives}，面额 {value} 元\n"
    "给谁：{aim}\n"
    "条件：{condition}\n"
    "领取时间：{first} 至 {last}，每位客户一张\n"
    "有效期：领取后 {valid} 天内达标并申请\n"
    "叠加：{stacking}；同时最多持有 {at_once} 张\n"
    "数量：{stock} 张；总额 {budget} 元，未兑付的合计不超过 {liability} 元，发完即止\n"
    "收回：{claw_back}\n"
    "说明：{terms}\n"
    "承担方：{partner}；主办：{organiser}；投诉与咨询：{complaints}",
    "“{name}”: the rules ({code})\n"
    "What: {gives}, worth {value} yuan\n"
    "For: {aim}\n"
    "Condition: {condition}\n"
    "To be claimed from {first} to {last}, once per customer\n"
    "Valid: to be met and asked for within {valid} days of the claim\n"
    "Together: {stacking}; {at_once} at once at most\n"
    "There are {stock}; {budget} yuan in all, {liability} yuan outstanding at most, while they last\n"
    "Taken back: {claw_back}\n"
    "Terms: {terms}\n"
    "Borne by {partner}; organiser: {organiser}; complaints and questions: {complaints}",
)
NOTICE = Phrase("⚠️ {notice}", "⚠️ {notice}")

NONE = Phrase("现在没有给您的券。", "There is no voucher for you now.")
NOT_BOUND = Phrase("绑定手机号后才能看到您的权益：发 /bind。", "Link your number to see your benefits: send /bind.")
HELD_HEAD = Phrase("🎫 我的权益", "🎫 My benefits")
OFFER_HEAD = Phrase("可以领取", "To be claimed")
OFFER_LINE = Phrase("· {name}：{condition}", "· {name}: {condition}")
LOCKED_LINE = Phrase(
    "🔒 {name}：资产达标解锁，还差 {missing}（投资类资产，不含存款）",
    "🔒 {name}: unlocked by your level, {missing} yuan to go (investments, deposits left out)",
)
TOLD_WHY = Phrase("🔒 {name}：{why}", "🔒 {name}: {why}")
STATE_LINES = {
    VoucherState.CLAIMED: Phrase(
        "· {name}：还差 {missing}即可使用（已 {progress} / {need}），{last}前达标",
        "· {name}: {missing} yuan to go ({progress} of {need}), by {last}",
    ),
    VoucherState.MET: Phrase("· {name}：已达标，{last}前申请", "· {name}: met, to be asked for by {last}"),
    VoucherState.ASKED: Phrase("· {name}：已申请，等客户经理确认", "· {name}: asked for, your manager confirms"),
    VoucherState.REDEEMED: Phrase("· {name}：已兑付", "· {name}: paid"),
    VoucherState.EXPIRED: Phrase("· {name}：已过期", "· {name}: expired"),
    VoucherState.CLAWED_BACK: Phrase("· {name}：已收回（{reason}）", "· {name}: taken back ({reason})"),
}
CLAIM_BUTTON = Phrase("领取：{name}", "Claim: {name}")
USE_BUTTON = Phrase("申请使用：{name}", "Use: {name}")
RULES_BUTTON = Phrase("规则：{name}", "Rules: {name}")
CLAIMED = Phrase("已领取「{name}」。{then}", "“{name}” is yours. {then}")
THEN_BUY = Phrase("还差 {missing}即可使用，{last}前达标。", "{missing} yuan to go, by {last}.")
THEN_ASK = Phrase("已可使用，{last}前申请。", "Ask for it by {last}.")
ASKED = Phrase("已申请，客户经理核对后到账。", "Asked for: it is paid once your manager has checked it.")
IN_GROUP = Phrase("权益请私聊我看：发「我的权益」。", "Ask me in private: /vouchers.")

NEAR_HEAD = Phrase("🎫 客户的满额券（先列等确认的，再按还差多少）", "🎫 My customers' vouchers")
NEAR_NONE = Phrase("您群里现在没有未结的满额券。", "No open vouchers in your groups.")
NEAR_LINES = {
    VoucherState.CLAIMED: Phrase(
        "{at}. {owner} · {name}：还差 {missing}（{last}前）", "{at}. {owner}, {name}: {missing} yuan to go by {last}"
    ),
    VoucherState.MET: Phrase(
        "{at}. {owner} · {name}：已达标，未申请（{last}前）", "{at}. {owner}, {name}: met, not asked for, by {last}"
    ),
    VoucherState.ASKED: Phrase("{at}. {owner} · {name}：等您确认兑付", "{at}. {owner}, {name}: waits for you"),
}
CONFIRM_BUTTON = Phrase("{at} 确认兑付", "{at} Pay")
SEND_BACK_BUTTON = Phrase("{at} 退回", "{at} Send back")
MET_BUTTON = Phrase("{at} 确认达标", "{at} Condition met")
SENT_BACK_REASON = Phrase("资料待补", "something is missing")
DONE = {
    VoucherState.REDEEMED: Phrase("已兑付：{name} {value} 元。", "Paid: {name}, {value} yuan."),
    VoucherState.MET: Phrase("已记下：{name}。", "Noted: {name}."),
}

STEP = Phrase("🎫「{name}」还差 {missing}即可使用（{last}前）。", "🎫 “{name}”: {missing} yuan to go, by {last}.")
ENDING = Phrase("⏰「{name}」{last}到期：达标并申请后才能使用。", "⏰ “{name}” ends on {last}: ask for it by then.")
MOVED = {
    MovementKind.MET: Phrase("🎉「{name}」已达标，{last}前申请使用。", "🎉 “{name}” is met: ask for it by {last}."),
    MovementKind.UNMET: Phrase(
        "「{name}」达标的金额有退回，还差 {missing}。", "“{name}”: something was returned, {missing} yuan to go."
    ),
    MovementKind.SENT_BACK: Phrase(
        "「{name}」暂未兑付：{reason}。补齐后可再申请。", "“{name}” was not paid yet: {reason}. Ask again."
    ),
    MovementKind.REDEEMED: Phrase("✅「{name}」{value} 元已兑付。", "✅ “{name}”: {value} yuan paid."),
    MovementKind.EXPIRED: Phrase("「{name}」已过期。", "“{name}” has expired."),
    MovementKind.CLAWED_BACK: Phrase(
        "「{name}」已收回：达标的产品在约定时间内退回（{reason}）。有疑问请联系：{complaints}",
        "“{name}” was taken back: what was bought was returned in the time agreed ({reason}). Questions: {complaints}",
    ),
}
MANAGER_ASKED = Phrase(
    "🎫 {owner} 申请使用「{name}」{value} 元。核对后到「客户满额券」确认。",
    "🎫 {owner} asks for “{name}”, {value} yuan. Check it and confirm under /client_vouchers.",
)
REFUSALS = {
    VoucherRefusal.UNKNOWN: Phrase("没有这张券。", "There is no such voucher."),
    VoucherRefusal.NOT_BOUND: NOT_BOUND,
    VoucherRefusal.NOT_FOR_YOU: Phrase("这张券不在您的客群范围内。", "This voucher is for another group of customers."),
    VoucherRefusal.NOT_ASSESSED: Phrase(
        "要先在本行完成风险测评，才能领取投资类的券。", "Have your appetite for risk assessed at the bank first."
    ),
    VoucherRefusal.UNSUITABLE: Phrase(
        "这张券的产品风险高于您的风险承受能力。", "Its products carry more risk than suits you."
    ),
    VoucherRefusal.NOT_YET: Phrase("还没到领取时间。", "It cannot be claimed yet."),
    VoucherRefusal.OVER: Phrase("领取时间已过。", "It can be claimed no more."),
    VoucherRefusal.HAD: Phrase("您已领过，每位客户一张。", "You have had it: once per customer."),
    VoucherRefusal.TOO_MANY: Phrase("先用完手上的券再领。", "Use the ones that you have first."),
    VoucherRefusal.NO_STACKING: Phrase(
        "您手上的券不能与它叠加，用完再领。", "It does not go together with one that you have."
    ),
    VoucherRefusal.LOCKED: Phrase("资产达标后解锁。", "Unlocked once your level is reached."),
    VoucherRefusal.SOLD_OUT: Phrase("已领完。", "There are none left."),
    VoucherRefusal.BUDGET: Phrase("本活动的总额已用完。", "The budget is used up."),
    VoucherRefusal.CAP: Phrase("未兑付的券已达上限，请过几天再来。", "Too many are outstanding: try again later."),
    VoucherRefusal.NOT_MET: Phrase("还没达标，不能使用。", "The condition is not met yet."),
    VoucherRefusal.ASKED_ALREADY: Phrase("已经记下了，不用再点。", "It is noted already."),
    VoucherRefusal.NOT_ASKED: Phrase("客户还没有申请使用。", "The customer has not asked for it."),
    VoucherRefusal.ENDED: Phrase("这张券已经结束。", "This voucher is over."),
    VoucherRefusal.EXPIRED: Phrase("这张券已过期。", "This voucher has expired."),
    VoucherRefusal.OWN: Phrase("自己的券要由同事确认。", "A colleague has to confirm your own."),
    VoucherRefusal.NOT_YOURS: Phrase("这不是您的券，或不是您群里的客户。", "It is not yours, nor your customer's."),
    VoucherRefusal.BY_FILE: Phrase("这张券以银行系统记录为准。", "The bank's books decide this one."),
}


def refusal(found: VoucherRefusal, language: Language) -> str:
    """Why nothing came of a tap."""
    return REFUSALS[found].say(language)


def yuan(fen: int) -> str:
    """An amount in yuan with thousands, and cents where there are any."""
    whole, rest = divmod(fen, YUAN)
    return f"{whole:,}" + (f".{rest:02}" if rest else "")


def amount(fen: int, language: Language) -> str:
    """An amount as people say it: 1 万元 where it is exact, 1,234 元; in English the number alone."""
    if language is not Language.ZH:
        return yuan(fen)
    is_round = fen >= 10_000 * YUAN and not fen % (1_000 * YUAN)
    return f"{fen / (10_000 * YUAN):g} 万元" if is_round else f"{yuan(fen)} 元"


def condition_words(plan: VoucherPlan, language: Language) -> str:
    """What has to be bought and held, in one sentence."""
    parts = [_buys(plan.condition, language)] if plan.condition else []
    if plan.holds_fen:
        parts.append(HOLDS.say(language, amount=amount(plan.holds_fen, language)))
    return _joined(parts or [FREE.say(language)], language, "；", "; ")


def for_whom(aim: Aim | None, language: Language) -> str:
    """For whom something is, as the customers themselves read it; None is for all."""
    if aim is None:
        return ALL.say(language)
    stages = _joined((STAGES[each].say(language) for each in sorted(aim.lifecycles)), language)
    others = aim_words(replace(aim, lifecycles=frozenset()), language)
    return " · ".join(part for part in (others, stages) if part)


def rule_page(plan: VoucherPlan, language: Language) -> str:
    """Every field that decides anything, in words (S-199, S-200)."""
    aim = for_whom(plan.aim, language)
    audience = AUDIENCE.say(language, line=plan.audience) if plan.audience else ""
    codes = _joined(sorted(plan.stacks_with), language)
    claw_back = CLAW_BACK.say(language, days=plan.claw_back_days) if plan.claw_back_days else None
    text = PAGE.say(
        language,
        name=plan.name.read_in(language),
        code=plan.code,
        gives=BENEFITS[plan.gives].say(language),
        value=yuan(plan.value_fen),
        aim=aim + audience,
        condition=condition_words(plan, language),
        first=plan.first.isoformat(),
        last=plan.last.isoformat(),
        valid=plan.valid_days,
        stacking=TOGETHER.say(language, codes=codes) if codes else ALONE.say(language),
        at_once=plan.at_once,
        stock=plan.stock,
        budget=yuan(plan.budget_fen),
        liability=yuan(plan.liability_fen),
        claw_back=claw_back or NO_CLAW_BACK.say(language),
        terms=plan.terms.read_in(language),
        partner=plan.partner,
        organiser=plan.organiser.read_in(language),
        complaints=plan.complaints.read_in(language),
    )
    steps = _joined((f"{step}%" for step in plan.remind_at), language)
    more = [STEPS.say(language, steps=steps)] if steps else []
    return "\n".join([text, *more, *_notice(plan, language)])


def mine(offered: Sequence[Offered], held: Sequence[Held], language: Language) -> str:
    """What somebody has, then what may be claimed or unlocked, each investment with its risk notice."""
    lines = [HELD_HEAD.say(language), *(held_line(each, language) for each in held)]
    shown = [each for each in offered if is_shown(each)]
    if shown:
        lines += [OFFER_HEAD.say(language), *(offer_line(each, language) for each in shown)]
    if len(lines) == 1:
        return NONE.say(language)
    plans = [*(each.plan for each in held), *(each.plan for each in shown)]
    return "\n".join([*lines, *dict.fromkeys(line for plan in plans for line in _notice(plan, language))])


def is_shown(offer: Offered) -> bool:
    """Whether a customer reads of it at all: for them, now, or to be unlocked."""
    return offer.refusal in {None, VoucherRefusal.LOCKED, VoucherRefusal.NOT_ASSESSED}


def offer_line(offer: Offered, language: Language) -> str:
    """A voucher that may be claimed, or what unlocks it."""
    name = offer.plan.name.read_in(language)
    if offer.refusal is VoucherRefusal.LOCKED:
        return LOCKED_LINE.say(language, name=name, missing=amount(offer.missing_fen, language))
    if offer.refusal is not None:
        return TOLD_WHY.say(language, name=name, why=refusal(offer.refusal, language))
    return OFFER_LINE.say(language, name=name, condition=condition_words(offer.plan, language))


def held_line(held: Held, language: Language) -> str:
    """A voucher that somebody has, with what is missing."""
    return STATE_LINES[held.voucher.state].say(language, **_facts(held.plan, held.voucher, language))


def claimed(held: Held, language: Language) -> str:
    """What is said right after a claim."""
    then = THEN_BUY if held.voucher.state is VoucherState.CLAIMED else THEN_ASK
    facts = _facts(held.plan, held.voucher, language)
    said = CLAIMED.say(language, **facts, then=then.say(language, **facts))
    return "\n".join([said, *_notice(held.plan, language)])


def near(found: Sequence[Near], language: Language) -> str:
    """The manager's list."""
    if not found:
        return NEAR_NONE.say(language)
    lines = [
        NEAR_LINES[each.held.voucher.state].say(
            language, at=at, owner=masked(each.owner.name), **_facts(each.held.plan, each.held.voucher, language)
        )
        for at, each in enumerate(found, start=1)
    ]
    return "\n".join([NEAR_HEAD.say(language), *lines])


def done(held: Held, language: Language) -> str:
    """What came of a manager's tap."""
    return DONE[held.voucher.state].say(language, **_facts(held.plan, held.voucher, language))


@dataclass(frozen=True)
class VoucherWords:
    """The sentences about vouchers that go into the ledger (`campaigns.vouchers.ports.VoucherWording`)."""

    zone: ZoneInfo

    def rules(self, plan: VoucherPlan, language: Language) -> str:
        """The rule page."""
        return rule_page(plan, language)

    def step(self, member: Member, plan: VoucherPlan, voucher: Voucher) -> Message:
        """How far somebody is, and what is missing."""
        return _about(STEP, member, plan, voucher)

    def ending(self, member: Member, plan: VoucherPlan, voucher: Voucher) -> Message:
        """A voucher ends soon."""
        return _about(ENDING, member, plan, voucher)

    def moved(self, member: Member, plan: VoucherPlan, movement: Movement) -> Message | None:
        """What happened to a voucher without its owner."""
        phrase = MOVED.get(movement.kind)
        reason = in_language(movement.reason or "", member.language)
        return None if phrase is None else _about(phrase, member, plan, movement.voucher, reason)

    def asked(self, manager: Member, plan: VoucherPlan, voucher: Voucher, owner: Member) -> Message:
        """A customer asks for a voucher to be redeemed."""
        facts = _facts(plan, voucher, manager.language)
        return Message(MANAGER_ASKED.say(manager.language, owner=masked(owner.name), **facts))


def _about(phrase: Phrase, member: Member, plan: VoucherPlan, voucher: Voucher, reason: str = "") -> Message:
    language = member.language
    facts = _facts(plan, voucher, language) | {"reason": reason, "complaints": plan.complaints.read_in(language)}
    text = "\n".join([phrase.say(language, **facts), *_notice(plan, language)])
    use = Button(USE_BUTTON.say(language, name=plan.name.read_in(language)), f"voucher_use:{voucher.id}")
    return Message(text, ((use,),) if voucher.state is VoucherState.MET else ())


def _facts(plan: VoucherPlan, voucher: Voucher, language: Language) -> dict[str, str]:
    return {
        "name": plan.name.read_in(language),
        "value": yuan(voucher.value_fen),
        "missing": amount(voucher.missing_fen, language),
        "progress": amount(voucher.progress_fen, language),
        "need": amount(voucher.need_fen, language),
        "last": on_day(voucher.last_day, language),
        "reason": voucher.reason or "",
    }


def _buys(condition: Condition, language: Language) -> str:
    kinds = [KINDS[each].say(language) for each in sorted(condition.kinds)]
    look_back = LOOK_BACK.say(language, days=condition.look_back_days) if condition.look_back_days else ""
    return BUYS.say(
        language,
        kinds=_joined([*kinds, *sorted(condition.products)], language),
        amount=amount(condition.at_least_fen, language),
        counting=COUNTING[condition.counting].say(language),
        look_back=look_back,
        measured=MEASURED[condition.measured_by].say(language),
        risk=RISK.say(language, risk=condition.risk) if condition.risk else "",
    )


def _notice(plan: VoucherPlan, language: Language) -> list[str]:
    return [NOTICE.say(language, notice=plan.notice.read_in(language))] if plan.notice else []


def _joined(words: Iterable[str], language: Language, zh: str = "、", en: str = ", ") -> str:
    return (zh if language is Language.ZH else en).join(words)
