"""What staff read of one customer in the chat: the card, why the class, whom they may mean, who looked."""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from campaigns.customers.lookups import Candidate, Choice, Contact, CustomerCard, LoggedLookup, Occasion, PastDelivery
from campaigns.customers.model import ClassReason, Letter, Level
from campaigns.customers.portraits import Portrait
from campaigns.customers.rules import is_within_reach
from campaigns.deliveries.model import Kind, State
from campaigns.members.model import Language, PrivateChat
from campaigns.tags.model import Tag
from handlers.wording.compliance import reason_words as gate_words
from handlers.wording.fields import field_lines, field_name
from handlers.wording.lending import lending_line
from handlers.wording.liquidity import need_words
from handlers.wording.next_actions import action_lines, rate_words
from handlers.wording.overviews import LEVELS, PRIVATE_ONLY
from handlers.wording.phrase import Phrase
from handlers.wording.portraits import (
    DEVELOPMENT,
    LEFT_OUT,
    MISSING,
    PROVISIONAL,
    QUADRANT,
    SURE,
)
from handlers.wording.segments import (
    BANDS,
    LIFECYCLES,
    department_words,
    indicator_words,
    left_out_words,
    letter_name,
    part_words,
    steps_words,
    yuan,
)
from handlers.wording.tags import tag_name, tag_words
from handlers.wording.times import when
from segmentation.liquidity import Need

__all__ = ["PRIVATE_ONLY", "card", "choice", "log", "why"]

LETTERS_SHOWN = 6
PARTS_SHOWN = 3
MAIN_ACCOUNT_TAGS = frozenset({"main_account", "main_account_goal"})

TITLE = Phrase("👤 客户 {number}", "👤 Customer {number}")
CLASS_IS = Phrase("{letter}（{as_of}）· {sure}", "{letter} as of {as_of}, {sure}")
UNCLASSED = Phrase(
    "还没有分层：数据里没有这位客户，或还没有运行 segment。", "No class yet: no run knows this customer."
)
REASONS_OF_CLASS = Phrase("🔎 为什么是{letter}", "🔎 Why {letter}")
VALUE = Phrase("💰 每年价值 {value} 元（{score:.0f} 分）", "💰 Worth {value} yuan a year ({score:.0f})")
POTENTIAL = Phrase("📈 潜力{level}（{score:.0f} 分）", "📈 Potential{level} ({score:.0f})")
CHURN = Phrase("⚠️ 流失风险{level}（{score:.0f} 分）", "⚠️ Churn risk{level} ({score:.0f})")
LEVEL = Phrase("：{level}", ": {level}")
ACTION = Phrase("🎯 {action}", "🎯 {action}")
LIQUIDITY = Phrase("💧 {need}", "💧 {need}")
MAIN_ACCOUNT = Phrase("🏦 {what}：日常结算约 {share} 在本行", "🏦 {what}: about {share} of the everyday money")
TAGS = Phrase("🏷 标签", "🏷 Tags")
NEXT_CLASS = Phrase("➡️ 距离下一类：{steps}", "➡️ Way to the next class: {steps}")
STALE = Phrase("🕓 资料较旧：{fields}", "🕓 Out of date: {fields}")
STALE_FIELD = Phrase("{name} 更新于 {days:,} 天前", "{name}, {days:,} days old")
HISTORY = Phrase("🗂 历史：{past}", "🗂 History: {past}")
CONTACT = Phrase("☎️ {state}", "☎️ {state}")
UNBOUND = Phrase(
    "未绑定：没有群成员关联到这位客户，不能在这里联系", "not linked: nobody in the chat is known as this customer"
)
MAY_OFFER = Phrase("已绑定，已同意接收福利，可以发福利", "linked, has agreed to offers: offers may be sent")
NO_OFFER = Phrase("已绑定，{why}，不能发福利", "linked, {why}: no offers")
WHY_NO_OFFER = {
    PrivateChat.NEVER: Phrase("未开私聊", "no private chat"),
    PrivateChat.BLOCKED: Phrase("已屏蔽机器人", "has blocked the bot"),
    PrivateChat.OPEN: Phrase("未同意接收福利", "has not agreed to offers"),
}
DELIVERIES = Phrase("📨 最近消息：{past}", "📨 Last messages: {past}")
NO_DELIVERIES = Phrase("📨 还没有给他发过消息", "📨 No messages so far")
KINDS = {
    Kind.MARKETING: Phrase("福利", "offer"),
    Kind.SERVICE: Phrase("服务消息", "service message"),
    Kind.CARD: Phrase("卡片", "card"),
}
STATES = {
    State.PLANNED: Phrase("待发", "waiting"),
    State.RETRY: Phrase("待重发", "waiting"),
    State.DISPATCHING: Phrase("发送中", "on its way"),
    State.SENT: Phrase("已送达", "arrived"),
    State.FAILED: Phrase("失败", "failed"),
    State.SUPPRESSED: Phrase("已拦截", "held back"),
    State.HELD_OUT: Phrase("对照组", "held out"),
    State.CANCELLED: Phrase("已取消", "cancelled"),
    State.UNKNOWN: Phrase("状态不明", "unknown"),
}
PARTICULARS = Phrase("📋 客户资料", "📋 Particulars")
WHY_TITLE = Phrase(
    "🔎 {number} 为什么是 {letter}（{as_of}，策略 {version}）",
    "🔎 Why {number} is {letter} (as of {as_of}, policy {version})",
)
NOT_THAT = Phrase("不是 {asked}，是 {letter}。", "Not {asked}: the class is {letter}.")
NEARER = Phrase(
    "最近的是{letter}，其次是{other}。距离平方之差 {gap:+.2f}：",
    "Nearest is {letter}, next {other}. Difference of squared distances {gap:+.2f}:",
)
TERM = Phrase("  {points:+.2f}  {what}", "  {points:+.2f}  {what}")
REST = Phrase("其余各项", "everything else")
SIGNS = Phrase("正数说明更像{letter}，负数说明更像{other}。", "Plus speaks for {letter}, minus for {other}.")
HELD = Phrase(
    "⚖️ 现在更接近{other}，但还没有超过滞后区间{margin}，所以保留{letter}。",
    "⚖️ By now nearer to {other}, but within the margin{margin}, so {letter} is kept.",
)
MARGIN = Phrase(" {margin:g}", " of {margin:g}")
CHANGES = Phrase("怎样会变：{steps}", "What would change it: {steps}")
NO_REASONS = Phrase("这次分层没有保存缘由。", "This run kept no reasons.")

USAGE = Phrase(
    "请发「客户 号码」，号码的后几位或群里的称呼也行。",
    "Please send /customer and a number, its last digits, or a name in your groups.",
)
WHY_USAGE = Phrase(
    "请发「为什么是B类 号码」，或先打开一张客户卡再问。",
    "Please send /why and a number, or open a customer's card first.",
)
NOBODY = Phrase(
    "没有找到「{words}」。请核对号码，或发号码的后几位。",
    "Nobody found for “{words}”. Please check the number, or send its last digits.",
)
CHOICE = Phrase("有 {total:,} 位符合，是哪一位？", "{total:,} fit. Who is meant?")
CHOICE_MORE = Phrase(
    "只列出前 {shown} 位，多输几位号码更准。", "These are the first {shown}: more digits say it better."
)
CANDIDATE = Phrase("{number} {name}{letter}", "{number} {name}{letter}")
WHY_BUTTON = Phrase("为什么是{letter}类", "Why {letter}?")
CARD_BUTTON = Phrase("客户卡", "Card")
BACK_BUTTON = Phrase("‹ 返回名单", "‹ Back to the list")

LOG_HEAD = Phrase("查阅记录（最近 {shown} 次）", "Who looked (the last {shown})")
LOG_EMPTY = Phrase("没有查阅记录。", "Nobody has looked.")
LOG_LINE = Phrase("{at} {name}（{id}）{occasion} {number}", "{at} {name} ({id}) {occasion} {number}")
MORE_SEEN = Phrase(" 等 {heads} 位", " and others, {heads} in all")
OCCASIONS = {
    Occasion.CARD: Phrase("看客户卡", "card"),
    Occasion.WHY: Phrase("问缘由", "why"),
    Occasion.LIST: Phrase("看名单", "list"),
    Occasion.SEARCH: Phrase("查找", "search"),
    Occasion.EXPORT: Phrase("导出名单", "export"),
}


def card(found: CustomerCard, tags: Sequence[Tag], need: Need | None, zone: ZoneInfo, language: Language) -> str:
    """Everything that staff see of a customer, names and numbers masked."""
    lines = [_title(found, language)]
    if found.portrait is None:
        lines.append(UNCLASSED.say(language))
    else:
        lines += _judged(found.portrait, language)
        lines += _next(found, language)
        lines += _known(found.portrait, language)
    lines.append(LIQUIDITY.say(language, need=need_words(need, language)))
    lines += _main_account(tags, language)
    if found.loan is not None:
        lines.append(lending_line(found.loan, language))
    if tags:
        lines += [TAGS.say(language), *(f"  {tag_words(tag, language)}" for tag in tags)]
    lines.append(CONTACT.say(language, state=_reach(found.contact, language)))
    lines.append(_deliveries(found.deliveries, zone, language))
    return "\n".join(lines)


def why(found: Portrait, asked: Letter | None, language: Language) -> str:
    """The exact explanation of a letter: the terms add up to how much nearer it is than the next class."""
    letter = letter_name(found.letter, language)
    facts = {"number": found.number, "as_of": found.as_of, "version": found.policy_version}
    lines = [WHY_TITLE.say(language, letter=letter, **facts)]
    if asked is not None and asked is not found.letter:
        lines.insert(0, NOT_THAT.say(language, asked=letter_name(asked, language), letter=letter))
    lines += _terms(found, language)
    lines.append(SURE.say(language, confidence=found.confidence))
    lines += _doubts(found, language)
    lines.append(CHANGES.say(language, steps=_joined(steps_words(found.steps, language), language)))
    return "\n".join(lines)


def choice(found: Choice, language: Language) -> str:
    """Who may be meant."""
    lines = [CHOICE.say(language, total=found.total)]
    if found.total > len(found.candidates):
        lines.append(CHOICE_MORE.say(language, shown=len(found.candidates)))
    return "\n".join(lines)


def candidate_label(found: Candidate, language: Language) -> str:
    """A candidate on a button."""
    facts = {"name": f"{found.name} " if found.name else "", "letter": found.letter or ""}
    return CANDIDATE.say(language, number=found.customer.number, **facts).strip()


def log(found: list[LoggedLookup], zone: ZoneInfo, language: Language) -> str:
    """Who looked at whom, the newest first."""
    if not found:
        return LOG_EMPTY.say(language)
    lines = [LOG_HEAD.say(language, shown=len(found))]
    for each in found:
        more = MORE_SEEN.say(language, heads=each.heads) if each.heads > 1 else ""
        facts = {"name": each.name, "id": each.member_id, "number": each.number + more}
        occasion = OCCASIONS[each.occasion].say(language)
        lines.append(LOG_LINE.say(language, at=when(each.at, zone, language), occasion=occasion, **facts))
    return "\n".join(lines)


def _title(found: CustomerCard, language: Language) -> str:
    known = [part for part in (found.contact.name, found.contact.phone) if part]
    title = TITLE.say(language, number=found.customer.number)
    return " · ".join([title, *known])


def _judged(found: Portrait, language: Language) -> Iterator[str]:
    """Class, band and stage, reasons, values."""
    letter = letter_name(found.letter, language)
    sure = SURE.say(language, confidence=found.confidence)
    yield CLASS_IS.say(language, letter=letter, as_of=found.as_of, sure=sure)
    yield from _doubtful_class(found, language)
    if found.band is not None and found.lifecycle is not None:
        band, stage = BANDS[found.band].say(language), LIFECYCLES[found.lifecycle].say(language)
        yield f"{band} · {stage}"
    yield REASONS_OF_CLASS.say(language, letter=letter)
    yield from _reasons(found.reasons, language)
    yield from _values(found, language)


def _known(found: Portrait, language: Language) -> Iterator[str]:
    """The way to the next class, what is missing or old, and how it was before."""
    steps = tuple(step for step in found.steps if is_within_reach(step.change_fen))
    if steps or not found.steps:
        yield NEXT_CLASS.say(language, steps=_joined(steps_words(steps, language), language))
    if found.development is not None:
        yield DEVELOPMENT.say(language, score=found.development)
    yield from _silent(found, language)
    yield from _particulars(found, language)
    past = [f"{each.as_of} {each.letter}" for each in found.history[:LETTERS_SHOWN]]
    yield HISTORY.say(language, past=_joined(past, language))


def _next(found: CustomerCard, language: Language) -> Iterator[str]:
    """The next best action with what is expected of it and why, and the rate that is advised."""
    if found.action is not None:
        first, *rest = action_lines(found.action, language)
        yield ACTION.say(language, action=first)
        yield from rest
    if found.rate is not None:
        yield "  " + rate_words(found.rate, language)


def _main_account(tags: Iterable[Tag], language: Language) -> Iterator[str]:
    """How near the bank is to being the main account, of whom the run could measure it (S-59)."""
    for tag in tags:
        if tag.code in MAIN_ACCOUNT_TAGS:
            share = f"{float(tag.evidence):.0%}"
            yield MAIN_ACCOUNT.say(language, what=tag_name(tag.code, language), share=share)


def _doubtful_class(found: Portrait, language: Language) -> Iterator[str]:
    if found.provisional:
        yield PROVISIONAL.say(language)
    if found.quadrant is not None and found.quadrant is not found.letter:
        yield QUADRANT.say(language, letter=letter_name(found.quadrant, language))


def _values(found: Portrait, language: Language) -> Iterator[str]:
    """Value in yuan with its largest parts, potential and churn with a word and their reasons."""
    if found.current_value is not None:
        value = yuan(round(found.current_value, -2))
        yield VALUE.say(language, value=value, score=found.current)
        parts = sorted(found.value_parts.items(), key=lambda part: -abs(part[1]))[:PARTS_SHOWN]
        yield "  " + _joined((part_words(code, fen, language) for code, fen in parts), language)
    yield POTENTIAL.say(language, level=_level(found.potential_level, language), score=found.potential)
    yield from _reasons(found.potential_reasons, language)
    if found.churn is not None:
        yield CHURN.say(language, level=_level(found.churn_level, language), score=found.churn)
        yield from _reasons(found.churn_reasons, language)


def _silent(found: Portrait, language: Language) -> Iterator[str]:
    if found.missing:
        names = (department_words(name, language) for name in found.missing)
        yield MISSING.say(language, names=_joined(names, language))


def _missing(found: Portrait, language: Language) -> Iterator[str]:
    yield from _silent(found, language)
    if found.left_out:
        yield LEFT_OUT.say(language, names=_joined(left_out_words(found.left_out, language), language))


def _terms(found: Portrait, language: Language) -> Iterator[str]:
    """The differences per indicator, and what the smaller ones add, so that the sum is exact."""
    if found.runner_up is None or found.gap is None or not found.reasons:
        yield NO_REASONS.say(language)
        return
    letter, other = letter_name(found.letter, language), letter_name(found.runner_up, language)
    held = found.gap < 0
    first, second = (other, letter) if held else (letter, other)
    yield NEARER.say(language, letter=first, other=second, gap=found.gap)
    for reason in found.reasons:
        yield TERM.say(language, points=reason.points, what=indicator_words(reason, language))
    rest = found.gap - sum(reason.points for reason in found.reasons)
    if abs(rest) >= 0.005:
        yield TERM.say(language, points=rest, what=REST.say(language))
    yield SIGNS.say(language, letter=letter, other=other)
    if held:
        margin = "" if found.margin is None else MARGIN.say(language, margin=found.margin)
        yield HELD.say(language, other=other, letter=letter, margin=margin)


def _doubts(found: Portrait, language: Language) -> Iterator[str]:
    """What lowers the confidence."""
    yield from _doubtful_class(found, language)
    yield from _missing(found, language)


def _particulars(found: Portrait, language: Language) -> Iterator[str]:
    """What departments tell, and in one line what is to be asked again."""
    if found.fields:
        yield PARTICULARS.say(language)
        yield from (f"  {line}" for line in field_lines(found.fields, language))
    stale = [
        STALE_FIELD.say(language, name=field_name(each.name, language), days=each.age_days)
        for each in found.fields
        if each.stale
    ]
    if stale:
        yield STALE.say(language, fields=_joined(stale, language))


def _reach(found: Contact, language: Language) -> str:
    if not found.is_bound:
        return UNBOUND.say(language)
    if found.may_be_offered:
        return MAY_OFFER.say(language)
    return NO_OFFER.say(language, why=WHY_NO_OFFER[found.private_chat].say(language))


def _deliveries(found: tuple[PastDelivery, ...], zone: ZoneInfo, language: Language) -> str:
    if not found:
        return NO_DELIVERIES.say(language)
    words = []
    for each in found:
        state = STATES[each.state].say(language)
        reason = f" {gate_words(each.reason, language)}" if each.reason else ""
        words.append(f"{when(each.at, zone, language)} {KINDS[each.kind].say(language)} {state}{reason}")
    return DELIVERIES.say(language, past=_joined(words, language))


def _reasons(reasons: tuple[ClassReason, ...], language: Language) -> Iterator[str]:
    """Reasons with a sign: + speaks for it, − against."""
    for reason in reasons:
        yield f"  {'＋' if reason.points >= 0 else '－'} {indicator_words(reason, language)}"


def _level(found: Level | None, language: Language) -> str:
    return LEVEL.say(language, level=LEVELS[found].say(language)) if found else ""


def _joined(words: Iterable[str], language: Language) -> str:
    return ("；" if language is Language.ZH else "; ").join(words)
