"""What is read of vouchers: the rule page, what is on offer and how far one is, what managers do, what is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.vouchers.desk import Near
from campaigns.vouchers.model import (
    Movement,
    MovementKind,
    Voucher,
    VoucherPlan,
    VoucherRefusal,
    VoucherState,
)
from campaigns.vouchers.service import Held, Offered
from handlers.wording.paging import Leaf
from handlers.wording.phrase import Phrase, in_language
from handlers.wording.times import on_day
from handlers.wording.voucher_pages import amount, condition_words, notice_lines, rule_page, with_notices, yuan

VOUCHER_WORDS = ("我的权益", "我的權益", "我的满额券", "my vouchers")

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


def mine(offered: Sequence[Offered], held: Sequence[Held], language: Language) -> str:
    """What somebody has, then what may be claimed or unlocked, each investment with its risk notice."""
    lines = [HELD_HEAD.say(language), *(held_line(each, language) for each in held)]
    shown = [each for each in offered if is_shown(each)]
    if shown:
        lines += [OFFER_HEAD.say(language), *(offer_line(each, language) for each in shown)]
    if len(lines) == 1:
        return NONE.say(language)
    plans = [*(each.plan for each in held), *(each.plan for each in shown)]
    return with_notices("\n".join(lines), (line for plan in plans for line in notice_lines(plan, language)))


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
    return "\n".join([said, *notice_lines(held.plan, language)])


def near(found: Leaf[Near], language: Language) -> str:
    """A page of the manager's list."""
    if not found.items:
        return NEAR_NONE.say(language)
    lines = [
        NEAR_LINES[each.held.voucher.state].say(
            language, at=at, owner=masked(each.owner.name), **_facts(each.held.plan, each.held.voucher, language)
        )
        for at, each in enumerate(found.items, start=found.first)
    ]
    return "\n".join([found.head(NEAR_HEAD.say(language), language), *lines])


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
    text = "\n".join([phrase.say(language, **facts), *notice_lines(plan, language)])
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
