"""The rule page of an event: everything by which it decides, in words, out of the same plan."""

from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.games.model import Game, GameKind
from campaigns.members.model import Language
from campaigns.rallies.model import Article, BoothPlan, CouponPlan, GiftPlan, Need, RallyPlan, Target
from handlers.wording.announcements import yuan
from handlers.wording.phrase import Phrase

PAGE = Phrase(
    "《{title}》活动规则 · 集章\n"
    "时间：{starts} 至 {ends}\n"
    "地点：{place}\n"
    "怎么玩：到摊位扫屏幕上的码过关得印章，集够得勋章，凭勋章领伴手礼。每人（同一客户算一人）每个摊位一枚印章。\n"
    "参加条件：{conditions}{real_name}\n\n"
    "摊位（{count} 个）：\n{booths}\n\n"
    "勋章：\n{targets}",
    "“{title}”: the rules · stamp rally\n"
    "Time: {starts} to {ends}\n"
    "Place: {place}\n"
    "How: scan the code on a booth's screen, pass its game, get its stamp; enough stamps win a medal, and a medal wins "
    "its gift. One stamp for each person (a customer counts once) and booth.\n"
    "Who takes part: {conditions}{real_name}\n\n"
    "Booths ({count}):\n{booths}\n\n"
    "Medals:\n{targets}",
)
REAL_NAME = Phrase("；领礼品要先绑定手机号", "; a gift needs a linked number")
GIFTS = Phrase(
    "礼品（每人每个勋章一份，总预算 {budget} 元）：\n{lines}",
    "Gifts (one per person and medal, budget {budget} yuan in all):\n{lines}",
)
GIFT = Phrase(
    "· {medal}：{name} × {stock}（每份 {worth} 元）{after}", "· {medal}: {name} × {stock} ({worth} yuan each){after}"
)
AFTER = Phrase("；发完后换成 {name} × {stock}（每份 {worth} 元）", "; then {name} × {stock} ({worth} yuan each)")
NO_MORE = Phrase("，发完即止", ", while they last")
COUPONS = Phrase("商户券：\n{lines}", "Merchants' coupons:\n{lines}")
COUPON = Phrase(
    "· {name}（{worth} 元）× {stock}：{source}得，到 {partner} 用，{until} 前有效；{conditions}",
    "· {name} ({worth} yuan) × {stock}: {source}, redeemed at {partner}, valid until {until}; {conditions}",
)
OF_BOOTH, OF_MEDAL = Phrase("{code} 印章", "with the stamp of {code}"), Phrase("{name} 勋章", "with the medal “{name}”")
FOOT = Phrase("主办：{organiser}\n投诉与咨询：{complaints}", "Organiser: {organiser}\nComplaints: {complaints}")
BOOTH = Phrase("{code} {name}（{zone}{hours}）{game}", "{code} {name} ({zone}{hours}) {game}")
TARGET = Phrase("· {title}：{needs}", "· {title}: {needs}")
ANY = Phrase("{booths}中任选 {n} 个", "any {n} of {booths}")
ALL = Phrase("{booths}全部", "all of {booths}")
ZONE = Phrase("{zone}（{booths}）", "{zone} ({booths})")
GAMES = {
    GameKind.SCAN: Phrase("扫码即得", "scan"),
    GameKind.QUIZ: Phrase("答题，可答 {tries} 次", "quiz, {tries} tries"),
    GameKind.SPIN: Phrase("转盘，最多 {tries} 次必过", "wheel, passes within {tries} spins"),
    GameKind.STAFF: Phrase("{task}，店员确认", "{task}; a clerk confirms"),
    GameKind.PHOTO: Phrase("{task}，店员确认", "{task}; a clerk confirms"),
}
AND = Phrase("，加上 ", ", and ")


def rule_page(plan: RallyPlan, zone: ZoneInfo, language: Language) -> str:
    """The whole page in one language."""
    real_name = REAL_NAME.say(language) if plan.needs_real_name else ""
    parts = [
        PAGE.say(
            language,
            title=of(plan, "title", language),
            starts=_moment(plan.starts_at, zone),
            ends=_moment(plan.ends_at, zone),
            place=of(plan, "place", language),
            conditions=of(plan.rules, "conditions", language),
            real_name=real_name,
            count=len(plan.booths),
            booths="\n".join(_booth(booth, plan, zone, language) for booth in plan.booths),
            targets="\n".join(_target(target, language) for target in plan.targets),
        )
    ]
    if plan.gifts:
        lines = "\n".join(_gift(gift, plan, language) for gift in plan.gifts)
        parts.append(GIFTS.say(language, budget=money(plan.gifts_budget_fen), lines=lines))
    if plan.coupons:
        parts.append(
            COUPONS.say(language, lines="\n".join(_coupon(each, plan, zone, language) for each in plan.coupons))
        )
    rules = plan.rules
    parts.append(
        FOOT.say(language, organiser=of(rules, "organiser", language), complaints=of(rules, "complaints", language))
    )
    return "\n\n".join(parts)


def of(thing: object, name: str, language: Language) -> str:
    """A text of a value that has it in both languages, such as `title_zh` and `title_en`."""
    return str(getattr(thing, f"{name}_{language}"))


def of_both(text: str, language: Language) -> str:
    """The reader's part of a text that is kept whole, such as `红区 | Red zone`; one text alone serves for both."""
    zh, _, en = (part.strip() for part in text.partition("|"))
    return zh if language is Language.ZH else en or zh


def money(fen: int) -> str:
    """Fen as yuan, exactly, without needless zeros."""
    return yuan(fen * 100)


def needs_words(target: Target, language: Language) -> str:
    """What a target wants: B1–B3 全部，加上 B4–B8 中任选 2 个."""
    return AND.say(language).join(_need(need, language) for need in target.needs)


def game_words(game: Game, language: Language) -> str:
    """What a game asks for, in a few words."""
    return GAMES[game.kind].say(language, tries=game.tries, task=of(game, "task", language))


def spans(codes: tuple[str, ...], language: Language) -> str:
    """Codes with rows of neighbours drawn together: B1–B3、B5."""
    rows: list[list[str]] = []
    for code in codes:
        is_next = rows and _number(code) is not None and _number(code) == (_number(rows[-1][-1]) or -2) + 1
        if is_next and _letters(code) == _letters(rows[-1][-1]):
            rows[-1].append(code)
        else:
            rows.append([code])
    between = "、" if language is Language.ZH else ", "
    return between.join(row[0] if len(row) == 1 else f"{row[0]}–{row[-1]}" for row in rows)


def _number(code: str) -> int | None:
    digits = code[len(_letters(code)) :]
    return int(digits) if digits.isdecimal() else None


def _letters(code: str) -> str:
    return code.rstrip("0123456789")


def _need(need: Need, language: Language) -> str:
    booths = spans(need.booths, language)
    if need.zone:
        booths = ZONE.say(language, zone=of_both(need.zone, language), booths=booths)
    elif language is Language.ZH:
        booths += " "
    if need.count == len(need.booths):
        return ALL.say(language, booths=booths)
    return ANY.say(language, booths=booths, n=need.count)


def _booth(booth: BoothPlan, plan: RallyPlan, zone: ZoneInfo, language: Language) -> str:
    """A booth's line; its hours only where they are not the event's."""
    is_all_day = (booth.opens_at, booth.closes_at) == (plan.starts_at, plan.ends_at)
    hours = f" {booth.opens_at.astimezone(zone):%H:%M}–{booth.closes_at.astimezone(zone):%H:%M}"
    return BOOTH.say(
        language,
        code=booth.code,
        name=of(booth, "name", language),
        zone=of_both(booth.zone, language),
        hours="" if is_all_day else hours,
        game=game_words(booth.game, language),
    )


def _target(target: Target, language: Language) -> str:
    return TARGET.say(language, title=of(target, "title", language), needs=needs_words(target, language))


def _gift(gift: GiftPlan, plan: RallyPlan, language: Language) -> str:
    medal = next(target for target in plan.targets if target.code == gift.target)
    other = gift.substitute
    after = AFTER.say(language, **_article(other, language)) if other else NO_MORE.say(language)
    return GIFT.say(language, medal=of(medal, "title", language), after=after, **_article(gift.article, language))


def _article(article: Article, language: Language) -> dict[str, object]:
    return {"name": of(article, "title", language), "stock": article.stock, "worth": money(article.worth_fen)}


def _coupon(coupon: CouponPlan, plan: RallyPlan, zone: ZoneInfo, language: Language) -> str:
    medal = next((target for target in plan.targets if target.code == coupon.target), None)
    source = OF_MEDAL.say(language, name=of(medal, "title", language)) if medal else None
    return COUPON.say(
        language,
        source=source or OF_BOOTH.say(language, code=coupon.booth),
        partner=coupon.partner,
        until=_moment(coupon.expires_at, zone),
        conditions=of(coupon, "conditions", language),
        **_article(coupon.article, language),
    )


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """2030-11-28 10:00, in the bank's zone; rule pages are read years later."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
