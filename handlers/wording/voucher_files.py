"""What staff read about a file of vouchers or packs that cannot be taken: every fault with its place and what to do."""

from collections.abc import Sequence
from enum import StrEnum

from campaigns.compliance.verdicts import Context, Outcome, Pair, Venue
from campaigns.compliance.words import check
from campaigns.forms.faults import FileFault
from campaigns.members.model import Language
from campaigns.vouchers.exploits import Exploit, Strategy
from campaigns.vouchers.faults import VoucherFault
from campaigns.vouchers.model import VoucherPlan
from handlers.wording import catalogue_files
from handlers.wording.phrase import Phrase
from handlers.wording.voucher_pages import rule_page

_FAULTS: dict[StrEnum, Phrase] = {
    VoucherFault.FOR_DEPOSITS: Phrase(
        "{place}：不能为存款给券（{detail}）。合规的写法：按购买理财、基金计（kinds: [fund, wealth]），"
        "或按支付、刷卡计（kinds: [payment, card]）。",
        "{place}: nothing is given for deposits ({detail}) Lawful: let purchases of investments count "
        "(kinds: [fund, wealth]), or payments (kinds: [payment, card]).",
    ),
    VoucherFault.GIFT_FOR_INVESTMENT: Phrase(
        "{place}：理财、基金、保险不得以赠品销售，{detail} 请改成 money_off 或 rate。",
        "{place}: investments and insurance are not sold by gifts; instead of {detail} give money_off or rate.",
    ),
    VoucherFault.NO_CONDITION: Phrase(
        "{place}：请写买什么，至少一项：{detail}。", "{place}: say what is to be bought, one of: {detail}."
    ),
    VoucherFault.NEEDS_RISK: Phrase(
        "{place}：投资类条件要写最高风险等级 {detail}。", "{place}: investments need the highest risk level, {detail}."
    ),
    VoucherFault.NEEDS_NOTICE: Phrase(
        "{place}：{detail} 要写风险提示 notice。", "{place}: {detail} needs its risk notice (`notice`)."
    ),
    VoucherFault.ABOVE_CONDITION: Phrase(
        "{place}：面额 {detail} 元高于要买的金额。", "{place}: {detail} yuan is more than what has to be bought."
    ),
    VoucherFault.CAP_TOO_LOW: Phrase(
        "{place}：要满足 面额 ≤ 未兑付上限 ≤ 预算（{detail}）。", "{place}: keep {detail}."
    ),
    VoucherFault.BAD_AUDIENCE: Phrase(
        "{place}：客群写法有误，第 {detail} 个字起。用 audience check 看详情。",
        "{place}: the audience cannot be read from character {detail} on; `audience check` says why.",
    ),
    VoucherFault.UNKNOWN_VOUCHER: Phrase(
        "{place}：文件里没有别的券叫 {detail}。", "{place}: the file has no other voucher {detail}."
    ),
    VoucherFault.UNKNOWN_PRODUCT: Phrase(
        "{place}：产品目录里没有 {detail}，或它是存款。", "{place}: the catalogue has no {detail}, or it is a deposit."
    ),
    VoucherFault.ONE_SIDED: Phrase(
        "{place}：{detail} 没有写能与它叠加，叠加要两边都写。", "{place}: {detail} does not say so too; both have to."
    ),
    VoucherFault.UNFAVOURABLE: Phrase(
        "{detail} 正在进行，只能改得对客户更有利；要收紧请换一个代号。",
        "{detail} is on offer: it may only become better for customers. Give a stricter one another code.",
    ),
    VoucherFault.TOO_LONG: Phrase(
        "{place}：文件太大，最多 {detail} 字符。", "{place}: the file is too large; {detail} characters at most."
    ),
}
STRATEGIES = {
    Strategy.BUY_AND_RETURN: Phrase("买了领、领了退", "buy, be paid, bring it back"),
    Strategy.MET_BEFORE: Phrase("先买好再领券", "claim for what was bought before"),
    Strategy.SELL_AND_REBUY: Phrase("先赎回再买回", "sell, claim, buy the same again"),
    Strategy.STACK: Phrase("一笔钱用几张券", "one purchase for several vouchers"),
    Strategy.WINDOW_EDGE: Phrase("卡时间边界", "a second too early or too late"),
    Strategy.SEVERAL_ACCOUNTS: Phrase("一人多号、拆单", "several accounts, split purchases"),
    Strategy.SAME_MONEY: Phrase("同一笔钱轮流用", "the same money passed among friends"),
}
PAYS = Phrase(
    "{code}：{strategy}，每次得 {gain} 元，最多损失 {worst} 元；改 {fix} 可以堵住",
    "{code}: {strategy} pays {gain} yuan a time, {worst} at worst; it stops with {fix}",
)
BLOCKED = Phrase(
    "{code} 的规则页过不了词语关卡：{span}（{law}）。{advice}",
    "The rule page of {code} would be blocked: {span} ({law}). {advice}",
)
NO_FIX = Phrase("暂无现成规则", "no rule that there is")


def fault(found: FileFault, language: Language) -> str:
    """Where a file is wrong, what it is, and what to do."""
    if not isinstance(found.code, VoucherFault):
        return catalogue_files.fault(found, language)
    said = _FAULTS[found.code].say(language, place=found.place, detail=found.detail)
    return catalogue_files.LINE.say(language, line=found.line, said=said) if found.line else said


def objections(plan: VoucherPlan, language: Language) -> list[str]:
    """What the gate of words would block of the rule page that a voucher gets, in either language."""
    condition = plan.condition
    kind = next((str(each) for each in sorted(condition.kinds)), None) if condition else None
    context = Context(kind=kind, risk_level=condition.grade if condition else None, venue=Venue.PRIVATE)
    hits = [hit for each in Language for hit in check(rule_page(plan, each), context).hits]
    return [
        BLOCKED.say(
            language, code=plan.code, span=hit.span, law=_one(hit.basis, language), advice=_one(hit.advice, language)
        )
        for hit in hits
        if hit.verdict is Outcome.BLOCK
    ]


def _one(pair: Pair, language: Language) -> str:
    return pair.zh if language is Language.ZH else pair.en


def unfavourable(codes: Sequence[str], language: Language) -> str:
    """Why a running voucher was not changed."""
    return _FAULTS[VoucherFault.UNFAVOURABLE].say(language, place="", detail=", ".join(codes))


def pays(found: Exploit, language: Language) -> str:
    """An exploit that is worth trying, and what would stop it."""
    return PAYS.say(
        language,
        code=found.code,
        strategy=STRATEGIES[found.strategy].say(language),
        gain=f"{found.gain_fen / 100:,.0f}",
        worst=f"{found.worst_fen / 100:,.0f}",
        fix=found.fix or NO_FIX.say(language),
    )
