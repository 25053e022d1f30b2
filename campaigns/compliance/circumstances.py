"""What the gate asks of a text as a whole: the risk notice, prizes and their terms, personal data, suitability."""

import re
from collections.abc import Iterator
from functools import cache

from campaigns.compliance.amounts import amounts
from campaigns.compliance.matching import Found, Looked, Matcher
from campaigns.compliance.patterns import Pattern
from campaigns.compliance.verdicts import Outcome, Venue

TOP_PRIZE = 50_000  # Yuan, for one prize of a draw.
HIGH_RISK = 4
_BY_DATE = re.compile(
    r"\d{1,2} ?[月日号]|\d{1,2}:\d{2}|\d{4}[-/.]\d|\d{1,2}/\d{1,2}"
    r"|(?:周|星期)[一二三四五六日天末]|(?:今|明|当)[天晚日]|本[周月]"
)
_BY_COUNT = re.compile(
    r"(?:\d+|[一二三四五六七八九十百千两]+) ?[名位份个台部张人组枚套只辆]|\d+ (?:prizes|winners|units)|\d+(?:\.\d+)?%"
)
_NO_SINGLE_PRIZE = re.compile(
    r"(?:总价值|总值|总额|总奖|总计|合计|共计|累计|奖池|价值共|共|总|存|消费|达|贷|额度|满|购买|认购|投资|资产|余额|交易|转入"
    r"|total|pool|worth of prizes|spend|deposit|balance)[^。!?;\n,]{0,8}$"
)
_AS_PRIZE = re.compile(r"奖|价值|市值|送|prize|win|worth|draw")
_DEAR_THING = re.compile(
    r"(?:小汽车|汽车|轿车|跑车|豪车|suv|特斯拉|宝马|奔驰|奥迪|保时捷|商品房|房子|一套房|别墅|公寓|劳力士|游艇|钻戒|tesla|bmw|porsche"
    r"|\bcar\b|apartment|\bvilla\b)"
    r"(?!模|券|充电|保养|租|玩具|使用|体验|洗|贷|分期|保险|用品|卡|服务|香水|挂件|积木|钥匙扣| loan| wash)"
)
_DEAR_GOLD = 50  # Grams that are worth more than the top prize may be.
_GOLD = re.compile(
    r"(\d{1,5}(?:\.\d+)?) ?(?:克|g)[^。!?;,\n]{0,4}(?:黄金|金条|足金|金砖)"
    r"|(?:黄金|金条|足金|金砖)[^。!?;,\n]{0,4}?(\d{1,5}(?:\.\d+)?) ?(?:克|g)"
)
_DRAWN = re.compile(
    r"抽[^油空时样查屉纸烟水丝身调象签血风。,]{0,8}"
    r"(?:一[辆台部套枚]|免单|大奖|iphone|手机(?!银行)|汽车|现金|黄金|奖|机器人|平板|手表|耳机|手环|音箱|家电|电视|冰箱|电饭煲|空气炸锅|微波炉|礼包|礼盒|红包|购物卡|话费|大礼|礼品|好礼|豪礼)"
    r"|有?机会[^。,]{0,4}(?:赢|抽|中大?奖|抱回|拿下)|碰碰?运气"
)
_ID_NUMBER = re.compile(r"(?<!\d)\d{6}[ -]?(?:19|20)\d{2}[ -]?(?:0\d|1[0-2])[0-3]\d[ -]?\d{3}[\dx](?![\dx])")
_CARD_NUMBER = re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)")
_UNIONPAY = "62"  # What every card number of the bank begins with.
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_BUSINESS = re.compile(
    r"联系|致电|拨打|咨询|热线|客服|经理|预约|网点|支行|找|call|contact|manager|hotline|reach|公司|对公|收款单位"
)
_PERSON = re.compile(
    r"先生|女士|小姐|客户[:：]|客户(?!经理|服务)|中奖|姓名|阿姨|大爷|获奖|逾期|身份证|\bmr\b|\bms\b|\bmrs\b|winner|customer"
)
_NAMED = re.compile(
    r"(?:先生|女士|小姐|阿姨|大爷|大叔|大姐|大哥|老板|姓名|户名|收款人|中奖|获奖|逾期|身份证|@\S{2,4})[^。!?;\n]{0,8}$"
)
_STAFF = re.compile(
    r"客户经理|理财经理|大堂经理|经理|客服|热线|行长|专员|主任|联系人|咨询|致电|拨打|预约|manager|hotline|contact"
)
_CARD_NAMED = re.compile(r"(?:卡号|账号|账户|户名|card (?:no|number))[^。!?;\n]{0,4}$|^[^。!?;\n]{0,4}户名")
# A name without a title: a surname and characters that build names, at the beginning of a clause.
_GIVEN = (
    "(?![的了是在有可已将每月日天年您你我他她它们请起满达额款金条元万个次期限前后内外"
    "上下到至为及和与或无未不均市区县省行店本该此其银信贷卡账户用式何便价利])[一-鿿]"
)
_SUM = r"(?:\d[\d,.]* ?[万元亿块]|[一二三四五六七八九十百千两]+[万元块])"
_BEGINS = r"(?:(?<=[,。!?;:\n、 ])|(?<![\s\S]))"
_DEBT = "拖欠|欠|没还|未还|还没还|不还|没交月供|逾期|断供|赖着"
# A text that speaks of risk in its own words.
_OF_RISK = re.compile(
    r"(?<![低无零没中0])(?<!没有)风险(?!等级|评级|测评|类型|偏好|承受|低)|浮亏|亏损|亏过|会亏|能亏|跌到|下跌|波动|说明书"
    r"|(?:不能|无法|不了|不敢|没法|不会)[^,。]{0,4}(?:保证|承诺|担保)|不承诺|不保证|不保障|不保本|没有保本|不提供保本|不确定"
    r"|不支持|不予|超[过出]了?您|不适合|不匹配|不符合您|不建议|高于您|理性|谨慎|冷静|量力"
    r"|(?:no|not|never|cannot|nobody|neither)\b[^.!?]{0,24}(?:promise|guarantee|assure)|no such thing"
    r"|\brisks?\b|(?:may|could|can) lose\b"
)
# A draw or a service that only names an investment (头奖为出行基金5000元) offers none.
_BESIDE = ("deposit", "loan", "card", "draw", "other")
_BUYS = re.compile("买|购(?![房车物])|定投|投入|起投|年化|收益|回报|申赎|赚")
_DENIED = re.compile(r"(?:[不勿]|没有|从未|无意)(?:再|会|得|要|能|做|作|搞|作任何|做任何|向您|向大家)?$")
_MOST_LEVELS = 2
_NOT_FOR = re.compile(r"(?:不能|不可|不得|不宜|不适合|无法|未能|不支持|不允许)[^,。;]{0,6}$")
# Who refuses a product for its level offers none, unless a way round is told.
_REFUSED = re.compile(
    "不匹配|不相符|不符合您|不适合您|超[过出]了?您|高于您|买不了|拦截"
    "|(?:不能|无法|不予|不可|不会|没法)[^,。]{0,8}(?:购买|办理|认购|申购|买入|推荐|放行|受理)"
)
_WAY_ROUND = re.compile(
    "没关系|没事|无所谓|不要紧|也能|照样|照买|照办|签|破例|帮您|替您|换|仍可|依然|但"
    "|可以[^,。]{0,4}买|欢迎|教您|教你|我来|选"
)
_LEVEL = re.compile(r"(?<![a-z0-9])p?r([1-5])(?![a-z0-9])")


def circumstances(matcher: Matcher, looked: Looked) -> Iterator[Found]:
    """Everything that is no single word, in the order of the rules."""
    yield from _risk_notice(matcher, looked)
    yield from _prizes(matcher, looked)
    if looked.context.venue is not Venue.PRIVATE:
        yield from _personal_data(matcher, looked)
    yield from _suitability(matcher, looked)


def lacks_notice(matcher: Matcher, looked: Looked) -> tuple[int, int] | None:
    """Where a text speaks of an investment without a risk notice; None where it does not, or only serves or teaches."""
    place = matcher.investment(looked)
    if place is None and matcher.is_kind(looked.context, "investment") and "国债" not in looked.text:
        place = (0, min(1, len(looked.text)))
    if place is None or place[1] == 0 or matcher.has(looked, "风险提示") or is_refused(looked.text):
        return None
    rule = matcher.lexicon.rules["risk_notice"]
    if not _says(rule.promotion, looked) and any(
        each.possible(looked.present) and each.regex.search(looked.text) for each in rule.service
    ):
        return None
    meaning = matcher.meaning
    if (
        meaning.is_warning(looked.text)
        or meaning.is_warned_of(looked.text, place)
        or meaning.is_hearsay(looked.text, place)
    ):
        return None
    return place


def _risk_notice(matcher: Matcher, looked: Looked) -> Iterator[Found]:
    place = lacks_notice(matcher, looked)
    if place is not None:
        rule = matcher.lexicon.rules["risk_notice"]
        named = matcher.is_kind(looked.context, "investment")
        spoken_of = _OF_RISK.search(looked.text) is not None or matcher.has(looked, "业绩提示")
        beside = matcher.is_kind(looked.context, *_BESIDE) and not _BUYS.search(looked.text)
        said = not spoken_of and not beside and (named or _says(rule.offers, looked))
        offered = said or _says(rule.promotion, looked)
        yield _found(matcher, looked, "risk_notice", place, Outcome.BLOCK if offered else Outcome.WARN)


def _says(words: Pattern | None, looked: Looked) -> bool:
    """Whether a text says one of these words and does not deny it at once (不推荐任何产品)."""
    if words is None or not words.possible(looked.present):
        return False
    return any(not _DENIED.search(looked.text, 0, found.start()) for found in words.regex.finditer(looked.text))


def _prizes(matcher: Matcher, looked: Looked) -> Iterator[Found]:
    draw = _draw(matcher, looked)
    if draw is not None and not matcher.meaning.is_meant(looked.text, draw):
        draw = None
    worth = looked.context.prize_value_yuan
    if worth is not None and worth > TOP_PRIZE:
        yield _found(matcher, looked, "prize_value", draw or (0, min(1, len(looked.text))))
    elif draw is not None:
        yield from (_found(matcher, looked, "prize_value", place) for place in _dear_prizes(looked.text))
    if draw is not None:
        missing = _missing_terms(matcher, looked)
        if missing:
            named = matcher.is_kind(looked.context, "draw")
            invites = named or _says(matcher.lexicon.rules["prize_terms"].offers, looked)
            verdict = Outcome.BLOCK if missing > 1 and invites else Outcome.WARN
            yield _found(matcher, looked, "prize_terms", draw, verdict)


def _draw(matcher: Matcher, looked: Looked) -> tuple[int, int] | None:
    """Where a text announces a draw."""
    plain = matcher.plain(looked, matcher.lexicon.rules["prize_terms"])
    named = matcher.lexicon.sets["抽奖"]
    found = (named.regex.search(plain) if named.possible(looked.present) else None) or _DRAWN.search(plain)
    if found is not None:
        return found.span()
    return (0, min(1, len(plain))) if plain == looked.text and matcher.is_kind(looked.context, "draw") else None


def _dear_prizes(text: str) -> Iterator[tuple[int, int]]:
    for start, end, yuan in amounts(text):
        near = text[max(0, start - 24) : end + 8]
        if (
            yuan > TOP_PRIZE
            and _AS_PRIZE.search(near)
            and not _NO_SINGLE_PRIZE.search(text[max(0, start - 14) : start])
        ):
            yield start, end
    yield from (found.span() for found in _DEAR_THING.finditer(text))
    yield from (found.span() for found in _GOLD.finditer(text) if float(found[1] or found[2]) >= _DEAR_GOLD)


def _missing_terms(matcher: Matcher, looked: Looked) -> int:
    """How many of time, number or probability, and redemption a draw leaves unsaid; the whole rules say all."""
    if matcher.has(looked, "规则页"):
        return 0
    told = (
        matcher.has(looked, "period") or bool(_BY_DATE.search(looked.text)),
        matcher.has(looked, "人数") or bool(_BY_COUNT.search(looked.text)),
        matcher.has(looked, "兑奖"),
    )
    return told.count(False)


def _personal_data(matcher: Matcher, looked: Looked) -> Iterator[Found]:
    text = looked.text
    known = looked.context.venue is not None
    for found in _of_somebody("".join(sorted(matcher.lexicon.sets["姓氏"].needs[0]))).finditer(text):
        yield _found(matcher, looked, "personal_data", found.span(), Outcome.BLOCK if known else Outcome.WARN)
    for found in _ID_NUMBER.finditer(text):
        yield _found(matcher, looked, "personal_data", found.span(), Outcome.BLOCK if known else Outcome.WARN)
    for found in _CARD_NUMBER.finditer(text):
        named = _CARD_NAMED.search(text[max(0, found.start() - 10) : found.start()]) is not None
        if (named or found[0].startswith(_UNIONPAY) or _is_card(found[0])) and not _ID_NUMBER.search(found[0]):
            yield _found(matcher, looked, "personal_data", found.span(), Outcome.BLOCK if known else Outcome.WARN)
    for found in _PHONE.finditer(text):
        around = text[max(0, found.start() - 16) : found.end() + 8]
        ahead = text[max(0, found.start() - 12) : found.start()]
        named = _NAMED.search(ahead) is not None and not _STAFF.search(ahead)
        of_somebody = named or (_PERSON.search(around) is not None and not _BUSINESS.search(around))
        block = known and (of_somebody or not _BUSINESS.search(around))
        yield _found(matcher, looked, "personal_data", found.span(), Outcome.BLOCK if block else Outcome.WARN)


@cache
def _of_somebody(surnames: str) -> re.Pattern[str]:
    """Sums of somebody (李红梅存了20万), who owes (赵强欠我行一万三), and lists of them (未还款的:王大柱、李二妞)."""
    somebody = rf"{_BEGINS}[{surnames}](?:{_GIVEN}){{2}} ?"
    name = rf"(?:{_BEGINS}|(?<=[@的是叫为有]))[{surnames}](?:{_GIVEN}){{1,2}}"
    return re.compile(
        rf"{somebody}(?:昨[日天]|今[日天]|刚刚?|已经?|上午|下午)?"
        rf"(?:的?存款余额|的?余额|欠款|存入|存了|转入|转来|转了|贷款余额|取走|取了|逾期)[^,。!?;\n]{{0,3}}?{_SUM}"
        rf"|{somebody}\d[\d.]* ?万[^。!?;\n]{{0,3}}[一-鿿](?:{_GIVEN}){{2}} ?\d[\d.]* ?万"
        rf"|(?:{_BEGINS}|(?<=名))[{surnames}](?:{_GIVEN}){{2}} ?(?:(?:通过|获批|批了)?{_SUM}|未通过|没通过|被拒|没批)"
        rf"|{name} ?[^,。!?;\n欠逾]{{0,8}}?(?:{_DEBT})[^,。!?;\n]{{0,8}}?(?:我行|本行|信用卡|贷|款|钱|万|元|天|期|月)"
        rf"|(?:{_DEBT}|没激活|未激活|点名|没批|被拒)[^,。!?;\n]{{0,8}}?[:是有为]{name}、[一-鿿]{{2,3}}(?![一-鿿])"
    )


def _is_card(text: str) -> bool:
    """Whether digits pass the check of card numbers (ISO/IEC 7812, Luhn)."""
    digits = [int(c) for c in text if c.isdecimal()][::-1]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return len(digits) >= 16 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _suitability(matcher: Matcher, looked: Looked) -> Iterator[Found]:
    context = looked.context
    if is_refused(looked.text):
        return
    said = [
        (int(found[1]), found.span())
        for found in _LEVEL.finditer(looked.text)
        if not _NOT_FOR.search(looked.text[max(0, found.start() - 10) : found.start()])
    ]
    if len({each for each, _ in said}) > _MOST_LEVELS:
        said = []  # Who lists the levels explains them.
    level = max([each for each, _ in said] + [context.risk_level or 0])
    place = next((span for each, span in said if each == level), None)
    place = place or matcher.investment(looked) or (0, min(1, len(looked.text)))
    if context.customer_risk is not None and level > context.customer_risk:
        yield _found(matcher, looked, "suitability", place)
    elif context.risk_level and len({each for each, _ in said}) == 1 and said[0][0] < context.risk_level:
        yield _found(matcher, looked, "suitability", said[0][1])
    elif (context.risk_level or 0) >= HIGH_RISK and context.venue in {Venue.GROUP, Venue.PAGE}:
        yield _found(matcher, looked, "suitability", place, Outcome.WARN)


def is_refused(text: str) -> bool:
    """Whether a product is refused for its level (R4与您不匹配，不能办理), and no way round is told."""
    return _REFUSED.search(text) is not None and not _WAY_ROUND.search(text)


def _found(
    matcher: Matcher, looked: Looked, rule: str, span: tuple[int, int], verdict: Outcome = Outcome.BLOCK
) -> Found:
    start, end = looked.reading.place(*span) if span[1] else (0, 0)
    return Found(matcher.lexicon.rules[rule], verdict, start, end)
