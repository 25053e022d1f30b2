"""The words of advice: what a customer reads of a product, for and against, and what its manager sees around it."""

from dataclasses import dataclass

from campaigns.advisories.model import AdvisoryRefusal, Argument, Con, Draft, Pro
from campaigns.advisories.rules import APART, DRAFT_LIVES
from campaigns.deliveries.model import Message
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.portfolios import grade_words

HEAD = Phrase("💡 {bank}给您的参考意见：{name}", "💡 {bank}, a note for you on {name}")
FACTS = Phrase("{terms}。费用：{fee}。{risk}", "{terms}. Fee: {fee}.{risk}")
RISK = Phrase("产品风险等级：{grade}。", " Product risk level: {grade}.")
FOR = Phrase("为什么想到它：", "Why we thought of it:")
AGAINST = Phrase("请您考虑的：", "What speaks against it:")
LINE = Phrase("· {words}", "· {words}")
PROS = {
    Pro.INVITED: Phrase("这是只对受邀客户介绍的产品", "It is shown to invited customers alone"),
    Pro.WITHIN_APPETITE: Phrase(
        "您的风险承受能力是 C{appetite}，高于这个产品的等级",
        "Your appetite for risk is C{appetite}, above this product's level",
    ),
    Pro.FREE_AT_ANY_TIME: Phrase(
        "没有封闭期，可按产品规则赎回", "No closed period; it is redeemed by the product's rules"
    ),
    Pro.CAN_WAIT: Phrase(
        "按您告诉我们的和往来情况，{horizon} 天内这笔钱用不到",
        "By what you told us and by your account this money is not needed within {horizon} days",
    ),
    Pro.SPREADS: Phrase(
        "您在本行的资产 {deposits}% 是存款，可以考虑分散一部分",
        "{deposits} % of what you hold with us are deposits; part of it could be spread",
    ),
    Pro.NOTHING_HELD: Phrase("您在本行还没有这一类产品", "You hold nothing of this kind with us"),
    Pro.OF_BUNDLE: Phrase("它在您这类客户的产品组合里", "It is in the bundle for customers like you"),
}
CONS = {
    Con.MAY_LOSE: Phrase(
        "净值会波动，可能亏损，不保证收回全部本金", "Its value moves; you may lose part of the money you put in"
    ),
    Con.LOCKED: Phrase(
        "有 {days} 天封闭期，期间不能取出，请只用这段时间用不到的钱",
        "It is closed for {days} days; use only money that you will not need until then",
    ),
    Con.AT_THE_LIMIT: Phrase(
        "它的风险已经到了您能承受的上限 C{appetite}", "Its risk is at the limit of what you can bear, C{appetite}"
    ),
    Con.CONCENTRATED: Phrase(
        "您在本行的资产已有 {held}% 是这一类，再买会更集中",
        "{held} % of what you hold with us is of this kind already; more makes it less spread",
    ),
    Con.MUCH_OF_ALL: Phrase(
        "起购金额相当于您在本行资产的 {least}%", "The least that is bought comes to {least} % of what you hold with us"
    ),
    Con.ELSEWHERE: Phrase(
        "我们只看得到您在本行的资产，看不到别处的", "We see only what you hold with us, not what you hold elsewhere"
    ),
    Con.TAKEN_OUT_EARLY: Phrase(
        "利率以挂牌为准，提前支取的部分按活期计息",
        "The posted rate holds; what is taken out early earns the demand rate",
    ),
    Con.EXCLUSIONS: Phrase(
        "不是所有情况都赔付，请先读责任免除条款", "Not every case is covered; read the exclusions first"
    ),
    Con.MUST_REPAY: Phrase(
        "要按期还本付息，逾期会影响征信", "It is repaid with interest on time; being late harms your credit record"
    ),
    Con.RARELY_USED: Phrase("用得少的话不一定需要它", "If you would rarely use it you may not need it"),
}
NOTICE = Phrase("⚠️ {notice}。", "⚠️ {notice}.")
CLOSING = Phrase(
    "以上按您在本行的情况写成，供您参考，不承诺收益；是否办理由您决定，具体以产品文件为准。"
    "想聊请找{manager}，不想再收到请发「退订」。",
    "Written from what you hold with us, for you to consider; returns are not guaranteed, you decide, and the "
    "product's papers hold. Ask {manager}; /stop ends such notes.",
)

BUTTON = Phrase("💡 建议：{name}", "💡 Advice: {name}")
SEND = Phrase("发给客户", "Send to the customer")
PREVIEW = Phrase(
    "给客户的建议（草稿，{minutes} 分钟内有效，您点了才发）：\n\n{text}",
    "Advice for the customer (a draft for {minutes} minutes; nothing is sent before you tap):\n\n{text}",
)
NO_READER = Phrase(
    "\n\n客户没有打开与机器人的私聊，发不了，可以面谈时念给客户听。",
    "\n\nThe customer has no open chat with the bot: read it out when you meet.",
)
SENT = Phrase(
    "已安排发给客户；同意营销、频次、静默时段和适当性在发出时再核一遍。",
    "On its way; consent, caps, quiet hours and suitability are asked once more when it leaves.",
)
REFUSALS = {
    AdvisoryRefusal.NO_PRODUCT: Phrase("客户的组合里没有这个产品。", "The customer's bundle has no such product."),
    AdvisoryRefusal.NOT_FOR_THEM: Phrase(
        "这个产品现在不能主动介绍给这位客户。", "This product cannot be offered to this customer now."
    ),
    AdvisoryRefusal.NOT_ASSESSED: Phrase(
        "客户还没做风险测评，不能写投资建议。", "The customer's risk is not assessed: no advice on investments."
    ),
    AdvisoryRefusal.NO_DRAFT: Phrase("没有这份草稿，请重新写。", "There is no such draft: write it again."),
    AdvisoryRefusal.NOT_YOURS: Phrase("只有写的人可以发。", "Only who had it written may send it."),
    AdvisoryRefusal.STALE: Phrase("草稿过期，或情况变了，请重新写。", "Out of date or the facts changed: write anew."),
    AdvisoryRefusal.SENT_ALREADY: Phrase("已经发过了，不会重复发。", "Sent already; nothing is sent twice."),
    AdvisoryRefusal.SENT_LATELY: Phrase(
        "{days} 天内已经给这位客户发过这个产品的建议。", "Advice on it went to this customer within {days} days."
    ),
    AdvisoryRefusal.UNREACHABLE: Phrase("客户没有打开私聊，发不了。", "The customer has no open chat with the bot."),
    AdvisoryRefusal.BAD_WORDS: Phrase(
        "措辞没有通过审核，请合规同事看产品说明。", "The words do not pass the gate: ask compliance about the product."
    ),
}  # fmt: skip


@dataclass(frozen=True)
class AdvisoryWords:
    """Implements `campaigns.advisories.service.AdvisoryWording`."""

    bank: str

    def text(self, argument: Argument, manager: str, language: Language) -> Message:
        """What the customer reads: the facts, for, against, the notice, and that nothing is promised."""
        product = argument.product
        risk = RISK.say(language, grade=grade_words(product.grade, language)) if product.grade else ""
        name, terms, fee = (each.read_in(language) for each in (product.name, product.terms, product.fee))
        lines = [
            HEAD.say(language, bank=self.bank, name=name),
            FACTS.say(language, terms=terms, fee=fee, risk=risk),
            FOR.say(language),
            *(_line(PROS[each], argument, language) for each in argument.pros),
            AGAINST.say(language),
            *(_line(CONS[each], argument, language) for each in argument.cons),
        ]
        if product.notice:
            lines.append(NOTICE.say(language, notice=product.notice.read_in(language)))
        return Message("\n".join([*lines, CLOSING.say(language, manager=manager)]))


def preview(found: Draft, language: Language) -> str:
    """What the manager sees before the tap."""
    text = PREVIEW.say(language, minutes=int(DRAFT_LIVES.total_seconds() // 60), text=found.message.text)
    return text if found.reader else text + NO_READER.say(language)


def refusal(found: AdvisoryRefusal, language: Language) -> str:
    """Why nothing was written or sent."""
    return REFUSALS[found].say(language, days=APART.days)


def _line(phrase: Phrase, found: Argument, language: Language) -> str:
    facts = {
        "appetite": found.profile.appetite,
        "days": found.product.locked_days,
        "horizon": found.profile.horizon,
        "deposits": found.deposit_percent,
        "held": found.held_percent,
        "least": found.least_percent,
    }
    return LINE.say(language, words=phrase.say(language, **facts))
