"""What is read of packs: the customer's card with its reason, what unlocks next, and the quarter's word."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.customers.model import Lifecycle
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.packs.model import LimitProgress, Pack, PackCard
from handlers.wording.enterprises import TIERS
from handlers.wording.phrase import Phrase
from handlers.wording.voucher_pages import LONGEST, with_notices
from handlers.wording.vouchers import held_line, is_shown, offer_line

PACK_WORDS = ("我的权益包", "我的權益包", "权益包", "my packs")
OPEN_DATA = "packs"

HEAD = Phrase("🎁 {name}", "🎁 {name}")
WHY = Phrase("为什么给您：{why}", "Why you: {why}")
REASONS = {
    Lifecycle.NEW: Phrase("您是新客户", "you are new with us"),
    Lifecycle.GROWING: Phrase("您在我行的业务正在成长", "what you do with us is growing"),
    Lifecycle.MATURE: Phrase("您是往来稳定的客户", "you have been with us steadily"),
    Lifecycle.CHURN_WARNING: Phrase("您近来与我行的往来减少了", "you have dealt with us less of late"),
}
CLASS_REASON = Phrase("您属于 {letter} 类客群", "you belong to class {letter}")
TIER_REASON = Phrase("贵企业属于{tier}", "your enterprise is of the tier {tier}")
FOR_ALL = Phrase("所有客户都有", "every customer gets it")
WORDS_LINE = Phrase("· {words}", "· {words}")
PRODUCT_LINE = Phrase("· {name}：{terms}{risk}", "· {name}: {terms}{risk}")
RISK = Phrase("（产品风险等级 {risk}）", " (risk level {risk})")
LADDER = Phrase("进阶：{steps}", "Step by step: {steps}")
NEXT_STEP = Phrase("下一步可了解：{name}", "Next to look at: {name}")
LIMIT = Phrase(
    "📈 更高额度：本期使用 {uses} / {need} 次，投资类资产增长 {growth} / {percent}%。{then}",
    "📈 A higher limit: {uses} of {need} uses, investments grown by {growth} of {percent} %. {then}",
)
LIMIT_REACHED = Phrase("已达标，可向客户经理申请，额度以审批为准。", "Reached: ask your manager; approval decides.")
LIMIT_AHEAD = Phrase("达标后可申请，额度以审批为准。", "Once reached you may ask; approval decides.")
UNKNOWN_GROWTH = Phrase("待更新", "unknown yet")
NOTICE = Phrase("⚠️ {notice}", "⚠️ {notice}")
NONE = Phrase("现在没有给您的权益包。", "There is no pack for you now.")
IN_GROUP = Phrase(
    "权益包按资产达标解锁，请私聊我看：发「我的权益包」。", "Packs unlock with your level: ask me in private, /packs."
)
OPEN_BUTTON = Phrase("看我的权益包", "See my packs")
ROUND = Phrase(
    "🩺 {name}：这个季度的资产诊断和权益可以领了。退订发「退订」。",
    "🩺 {name}: this quarter's check-up and benefits are ready. Send /stop to hear no more.",
)


def cards(found: Sequence[PackCard], language: Language) -> str:
    """The packs of one customer, as many as one message holds with their risk notices."""
    if not found:
        return NONE.say(language)
    body = "\n\n".join("\n".join(_card(each, language)) for each in found)
    said = with_notices(f"{body}\n", (line for each in found for line in _notices(each, language)))
    return said if len(said) <= LONGEST else cards(found[:-1], language)


def _card(found: PackCard, language: Language) -> list[str]:
    lines = [HEAD.say(language, name=found.pack.name.read_in(language)), WHY.say(language, why=_why(found, language))]
    lines += [held_line(each, language) for each in found.held]
    lines += [offer_line(each, language) for each in found.offered if is_shown(each)]
    lines += [WORDS_LINE.say(language, words=each.read_in(language)) for each in found.pack.words]
    if found.pack.ladder and found.products:
        steps = " → ".join(each.name.read_in(language) for each in found.products)
        lines.append(LADDER.say(language, steps=steps))
        if found.next_step is not None:
            lines.append(NEXT_STEP.say(language, name=found.next_step.name.read_in(language)))
    else:
        for each in found.products:
            risk = RISK.say(language, risk=each.risk) if each.risk else ""
            facts = {"name": each.name.read_in(language), "terms": each.terms.read_in(language)}
            lines.append(PRODUCT_LINE.say(language, **facts, risk=risk))
    return lines + ([_limit(found.limit, language)] if found.limit else [])


def _why(found: PackCard, language: Language) -> str:
    """What of the customer the pack follows; the true reason (PIPL art. 24)."""
    aim, profile = found.pack.aim, found.profile
    if aim is None:
        return FOR_ALL.say(language)
    reasons = []
    if aim.lifecycles and profile.lifecycle:
        reasons.append(REASONS[profile.lifecycle].say(language))
    if aim.letters and profile.letter:
        reasons.append(CLASS_REASON.say(language, letter=profile.letter))
    if aim.tiers and profile.tier:
        reasons.append(TIER_REASON.say(language, tier=TIERS[profile.tier].say(language)))
    merchants = sorted(profile.merchants & aim.merchants if not aim.all_merchants else profile.merchants)
    if aim.merchants or aim.all_merchants:
        reasons += merchants
    return ("，" if language is Language.ZH else ", ").join(reasons)


def _limit(found: LimitProgress, language: Language) -> str:
    then = LIMIT_REACHED if found.is_reached else LIMIT_AHEAD
    return LIMIT.say(
        language,
        uses=found.uses,
        need=found.rule.uses,
        growth=UNKNOWN_GROWTH.say(language) if found.growth is None else f"{found.growth}%",
        percent=found.rule.growth_percent,
        then=then.say(language),
    )


def _notices(found: PackCard, language: Language) -> list[str]:
    plans = [*(each.plan for each in found.held), *(each.plan for each in found.offered if is_shown(each))]
    texts = [*(plan.notice for plan in plans), *(each.notice for each in found.products)]
    return [NOTICE.say(language, notice=each.read_in(language)) for each in texts if each]


@dataclass(frozen=True)
class PackWords:
    """The sentence of packs that goes into the ledger (`campaigns.packs.service.PackWording`)."""

    def round(self, pack: Pack, language: Language) -> Message:
        """What is said of a pack once a quarter."""
        text = ROUND.say(language, name=pack.name.read_in(language))
        return Message(text, ((Button(OPEN_BUTTON.say(language), OPEN_DATA),),))
