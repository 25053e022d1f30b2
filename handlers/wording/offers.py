"""What customers read of their offer, and what managers read before and after sending."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from campaigns.customers.model import Axis, ClassReason, Letter
from campaigns.deliveries.model import Button, Message, State
from campaigns.members.model import Language
from campaigns.offers.model import (
    Books,
    CampaignState,
    ConfirmRefusal,
    Exclusion,
    Offer,
    OfferCampaign,
    Preview,
    PreviewRefusal,
    Validity,
    Why,
)
from handlers.wording.compliance import reason_words
from handlers.wording.consents import STOP_BUTTON, STOP_DATA
from handlers.wording.phrase import Phrase

WHY_DATA = "why_me"
INTERESTED_DATA = "offer_yes"
INTERESTED_BUTTON = Phrase("我感兴趣", "I am interested")
WILL_CALL = Phrase(
    "已转告您的理财经理，{due}前会联系您。", "Your wealth manager is told and will be in touch by {due}."
)
NOBODY_CALLS = Phrase(
    "请先发 /bind 绑定手机号，或到任一网点办理。", "Please link your number with /bind first, or visit any branch."
)
ANSWERED_WHY = Phrase("客户对福利点了「我感兴趣」，请联系", "the customer likes an offer: please get in touch")
WHY_BUTTON = Phrase("为什么给我", "Why me?")
PRIVATE_ONLY = Phrase("请私聊我发 /offer，人数和名单不在群里显示。", "Please send /offer to me in private.")

BODY = Phrase("🎁 {title}\n\n{terms}。", "🎁 {title}\n\n{terms}.")
CONDITION = Phrase("条件：{condition}。", "Condition: {condition}.")
VALID = Phrase("有效期：{first}至{last}（含首尾两日）。", "Valid from {first} to {last}, both days included.")
RISK = Phrase("产品风险等级：{risk}。{notice}", "Product risk level: {risk}. {notice}")
ORGANISER = Phrase("主办：{bank}{organiser}。", "By {bank}, {organiser}.")
COMPLAINTS = Phrase("咨询与投诉：{complaints}。", "Questions and complaints: {complaints}.")
WAY_OUT = Phrase(
    "不想再收到，请发「退订」；想知道缘由，请发「为什么给我」。",
    "Send /stop to receive no more offers, /why_me to learn why you got this one.",
)

PREVIEW = Phrase("将要发放（同一人只算一次、只收一条）：", "About to be sent (each person counts once and gets one):")
PREVIEW_LINE = Phrase("· {letter} 类 {heads} 人：{title}", "· class {letter}: {heads} → {title}")
EXCLUDED = Phrase("不发放：", "Left out:")
EXCLUDED_LINE = Phrase("· {reason} {heads} 人", "· {reason}: {heads}")
NOBODY_FITS = Phrase("现在没有人可以收到福利。", "Nobody can get an offer now.")
CONFIRM_HINT = Phrase(
    "30 分钟内确认有效；静默时段和频次上限照常执行。", "Confirm within 30 minutes; quiet hours and caps apply."
)
CONFIRM_BUTTON = Phrase("确认发放给 {total} 人", "Send to {total}")
EXCLUSIONS = {
    Exclusion.UNBOUND: Phrase("未绑定手机号", "number not linked"),
    Exclusion.NO_CLASS: Phrase("尚无客户分层", "no class yet"),
    Exclusion.NO_CONSENT: Phrase("未同意接收营销信息", "has not agreed to offers"),
    Exclusion.OPTED_OUT: Phrase("已退订", "opted out"),
    Exclusion.RESTRICTED: Phrase("已暂停或关闭个性化", "suspended, or wants nothing personal"),
    Exclusion.NO_PRIVATE_CHAT: Phrase("未开私聊", "no private chat"),
}
CONFIRMED = Phrase(
    "已安排 {planned} 人的福利，发 /offers 看结果。", "{planned} offers are planned. /offers shows the results."
)
CONFIRMED_SO_FAR = Phrase(
    "已开始，先安排了 {planned} 人，其余陆续安排，发 /offers 看结果。",
    "Started: {planned} planned so far, the rest follows. /offers shows the results.",
)

NO_CAMPAIGNS = Phrase("还没有发放过福利。发 /offer 开始。", "No offers sent yet. Start with /offer.")
CLOSING = Phrase(
    "福利 #{id}\n计划 {planned} = 送达 {sent} + 失败 {failed} + 拦截 {suppressed} + 对照 {held_out} + 取消 {cancelled}"
    " + 不明 {unknown} + 待发 {pending}",
    "Offer #{id}\nplanned {planned} = sent {sent} + failed {failed} + suppressed {suppressed} + held out {held_out}"
    " + cancelled {cancelled} + unknown {unknown} + pending {pending}",
)
CLOSED = Phrase("✅ 已结清", "✅ closed")
SENDING = Phrase("⏳ 发送中", "⏳ under way")
PLANNING = Phrase("⏳ 仍在安排", "⏳ still being planned")
OUT_OF_BALANCE = Phrase("⚠️ 账不平，请联系管理员", "⚠️ does not balance: tell an administrator")
UNKNOWN_LEFT = Phrase("⚠️ 有状态不明的消息，请核实", "⚠️ some may or may not have arrived: please check")

NEVER_OFFERED = Phrase(
    "您还没有收到过为您挑选的福利。",
    "You have not received an offer that was chosen for you.",
)
KINDS = {
    Letter.A: Phrase("正在成长、常用线上服务的客户", "a growing customer who likes to bank online"),
    Letter.B: Phrase("与我行往来较多、经验丰富的客户", "an experienced customer who banks with us a lot"),
    Letter.C: Phrase("信赖网点服务的客户", "a customer who values service at the branch"),
    Letter.D: Phrase("我行的客户", "a customer of our bank"),
}
WHY = Phrase("您收到「{title}」，因为您是{kind}。", "You got “{title}” because you are {kind}.")
WHY_REASONS = Phrase("主要依据：{reasons}。", "Mainly because of {reasons}.")
WHY_RIGHTS = Phrase(
    "由系统按我行的业务数据自动挑选，理财经理确认发放。不想被这样挑选，请发「退订」。",
    "Our program chose it from our own business data and a wealth manager sent it. Send /stop to end this.",
)
INDICATORS = {
    "assets": Phrase("在我行的资产情况", "your assets with us"),
    "activity": Phrase("转账往来情况", "your transfers"),
    "digital": Phrase("手机银行登录情况", "how you use the mobile bank"),
    "age": Phrase("人生阶段", "your stage of life"),
    "counter": Phrase("办理业务的渠道", "the channels you bank through"),
    "cards": Phrase("持卡情况", "the cards you hold"),
    "products": Phrase("在我行持有的产品", "the products you hold with us"),
    "logins": Phrase("手机银行登录情况", "how you use the mobile bank"),
    "transfers": Phrase("转账往来情况", "your transfers"),
    "idle_days": Phrase("最近一次办理业务的时间", "when you last banked with us"),
    "inflow": Phrase("资金转入情况", "money coming in"),
    "deposit_growth": Phrase("存款的变化", "how your deposits changed"),
    "untied_share": Phrase("活期与定期的比例", "how much of your money is on demand"),
    "net_outflow_share": Phrase("资金转入转出情况", "money coming in and going out"),
}
AXES = {
    Axis.LETTER: Phrase("与我行的往来情况", "your dealings with us"),
    Axis.CURRENT: Phrase("现有业务往来", "your business with us today"),
    Axis.POTENTIAL: Phrase("近期资金变化情况", "how your money with us moved of late"),
    Axis.CHURN: Phrase("近期往来的变化", "how your dealings changed of late"),
}


@dataclass(frozen=True)
class OfferWords:
    """The sentences that offers put into the ledger (`campaigns.offers.service.OfferWording`)."""

    bank: str

    def offer(self, offer: Offer, validity: Validity, language: Language) -> Message:
        """The whole of an offer: what, on which condition, how long, by whom, at what risk, and the way out."""

        def say(phrase: Phrase, **facts: object) -> str:
            return phrase.say(language, **facts)

        lines = [
            say(BODY, title=offer.title.read_in(language), terms=offer.terms.read_in(language)),
            say(CONDITION, condition=offer.condition.read_in(language)),
            say(VALID, first=_day(validity.first, language), last=_day(validity.last, language)),
        ]
        if offer.risk and offer.risk_notice:
            lines.append(say(RISK, risk=offer.risk, notice=offer.risk_notice.read_in(language)))
        lines.append(say(ORGANISER, bank=self.bank, organiser=offer.organiser.read_in(language)))
        lines.append(say(COMPLAINTS, complaints=offer.complaints.read_in(language)))
        interested = (Button(say(INTERESTED_BUTTON), INTERESTED_DATA),)
        buttons = (Button(say(WHY_BUTTON), WHY_DATA), Button(say(STOP_BUTTON), STOP_DATA))
        return Message("\n".join([*lines, "", say(WAY_OUT)]), (interested, buttons))

    def answered(self) -> str:
        """Why an answer is followed up (`campaigns.offers.interest.InterestWording`)."""
        return ANSWERED_WHY.both()


def preview(found: Preview, language: Language) -> Message:
    """Heads per class and left out, with the button that confirms when there is anybody."""
    offers = found.catalogue.offers
    lines = [PREVIEW.say(language)] if found.total else [NOBODY_FITS.say(language)]
    for letter, heads in found.heads.items():
        title = offers[letter].title.read_in(language)
        lines.append(PREVIEW_LINE.say(language, letter=letter, heads=heads, title=title))
    if found.excluded:
        lines.append(EXCLUDED.say(language))
    for reason, heads in found.excluded.items():
        lines.append(EXCLUDED_LINE.say(language, reason=EXCLUSIONS[reason].say(language), heads=heads))
    if not found.total:
        return Message("\n".join(lines))
    button = Button(CONFIRM_BUTTON.say(language, total=found.total), f"offer:{found.campaign_id}")
    return Message("\n".join([*lines, "", CONFIRM_HINT.say(language)]), ((button,),))


def preview_refusal(reason: PreviewRefusal, language: Language) -> str:
    """Why there is nothing to send, and what to do."""
    match reason:
        case PreviewRefusal.NO_GROUPS:
            return Phrase(
                "你还没有登记商户福利群，请先建群并 /register。",
                "You have no registered group yet: /register one first.",
            ).say(language)
        case PreviewRefusal.NOBODY:
            return Phrase("你的群里还没有成员。", "There is nobody in your groups yet.").say(language)
        case _:
            assert_never(reason)


def confirmed(campaign: OfferCampaign, language: Language) -> str:
    """What confirming did."""
    is_whole = campaign.state is CampaignState.PLANNED
    return (CONFIRMED if is_whole else CONFIRMED_SO_FAR).say(language, planned=campaign.planned)


def confirm_refusal(reason: ConfirmRefusal, language: Language) -> str:
    """Why a confirmation did nothing."""
    match reason:
        case ConfirmRefusal.NO_CAMPAIGN:
            return Phrase("没有找到这次发放，请重新发 /offer。", "There is no such sending: send /offer again.").say(
                language
            )
        case ConfirmRefusal.NOT_YOURS:
            return Phrase("只有发起的理财经理可以确认。", "Only the manager who asked may confirm.").say(language)
        case ConfirmRefusal.STALE:
            return Phrase("预览已过期，请重新发 /offer。", "This preview is out of date: send /offer again.").say(
                language
            )
        case ConfirmRefusal.CONFIRMED_ALREADY:
            return Phrase("已经确认过了，不会重复发放。", "Confirmed already; nothing is sent twice.").say(language)
        case _:
            assert_never(reason)


def books(found: Books, language: Language) -> str:
    """One campaign's closing equation, why messages were suppressed, and how it stands."""
    by_state = {state.value: found.closing.by_state.get(state, 0) for state in State}
    facts = {**by_state, "id": found.campaign.id, "planned": found.closing.planned, "pending": found.closing.pending}
    lines = [CLOSING.say(language, **facts)]
    for code, heads in found.suppressed.items():
        lines.append(EXCLUDED_LINE.say(language, reason=reason_words(code, language), heads=heads))
    return "\n".join([*lines, _standing(found).say(language)])


def why(found: Why | None, language: Language) -> str:
    """The true reason for the last offer, in gentle words: customers never read their letter."""
    if found is None:
        return NEVER_OFFERED.say(language)
    kind = KINDS[found.offer.letter].say(language)
    lines = [WHY.say(language, title=found.offer.title.read_in(language), kind=kind)]
    if found.reasons:
        lines.append(WHY_REASONS.say(language, reasons=indicator_names(found.reasons, language)))
    return "\n".join([*lines, WHY_RIGHTS.say(language)])


def indicator_names(reasons: tuple[ClassReason, ...], language: Language) -> str:
    """Indicators by name, without figures: a phone may be read over a shoulder."""
    named = [INDICATORS.get(reason.code, AXES[reason.axis]).say(language) for reason in reasons]
    return ("、" if language is Language.ZH else ", ").join(dict.fromkeys(named))


def _standing(found: Books) -> Phrase:
    if not found.is_whole:
        return PLANNING
    if not found.closing.balances:
        return OUT_OF_BALANCE
    if found.closing.pending:
        return SENDING
    return CLOSED if found.closing.can_close else UNKNOWN_LEFT


def _day(day: date, language: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language is Language.ZH else f"{day:%d %b %Y}"
