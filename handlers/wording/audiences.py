"""What people read about audiences: the line in words, heads and reach, what is wrong with a line."""

import unicodedata
from collections.abc import Sequence

from campaigns.audiences.drafts import Step
from campaigns.audiences.fields import FIELDS, Kind
from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import (
    DEEPEST,
    LONGEST,
    MOST_TERMS,
    MOST_VALUES,
    Audience,
    Expected,
    Expression,
    Fault,
    FaultCode,
    Headcount,
    Sampled,
    SaveRefusal,
    Unreachable,
)
from campaigns.audiences.printer import say
from campaigns.audiences.service import LONGEST_NAME
from campaigns.customers.model import Band, Letter, Lifecycle
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.segments import BANDS, LETTERS, LIFECYCLES
from handlers.wording.tags import NAMES

LEXICON = Lexicon({code: phrase.zh for code, phrase in NAMES.items()})
EXAMPLE = "女 且 年龄 25-40 且 月消费 > 5000"
EXAMPLE_EN = "women 25..40 with monthly spend over 5,000"

FAULTS = {
    FaultCode.EMPTY: Phrase(f"请写条件，例如：{EXAMPLE}", f"Write a condition, such as: {EXAMPLE_EN}"),
    FaultCode.TOO_LONG: Phrase(f"条件最多 {LONGEST} 个字。", f"A condition has {LONGEST} characters at most."),
    FaultCode.TOO_DEEP: Phrase(f"括号和「非」最多套 {DEEPEST} 层。", f"Brackets and nots go {DEEPEST} deep at most."),
    FaultCode.TOO_MANY_TERMS: Phrase(
        f"最多 {MOST_TERMS} 个条件，这里是第一个多出来的。",
        f"{MOST_TERMS} conditions at most; this is the first too many.",
    ),
    FaultCode.TOO_MANY_VALUES: Phrase(f"名单最多 {MOST_VALUES} 个值。", f"A list has {MOST_VALUES} values at most."),
    FaultCode.STRAY_CHARACTER: Phrase("看不懂「{found}」这个字符。", "The character “{found}” has no meaning here."),
    FaultCode.OPEN_QUOTE: Phrase(
        "引号没有成对，或里面是空的。", "A quotation mark is missing its partner, or nothing is quoted."
    ),
    FaultCode.UNKNOWN_NAME: Phrase("没有叫「{found}」的字段。", "There is no field called “{found}”."),
    FaultCode.UNKNOWN_VALUE: Phrase("「{field}」没有「{found}」这个值。", "“{field}” has no value “{found}”."),
    FaultCode.AMBIGUOUS: Phrase("「{found}」有几种意思，请写清楚。", "“{found}” may mean several things: say which."),
    FaultCode.EXPECTED: Phrase(
        "这里应是{expected}，写的是「{found}」。", "{expected} should stand here, not “{found}”."
    ),
    FaultCode.WRONG_TEST: Phrase("「{field}」不能这样判断。{hint}", "“{field}” cannot be tested like this. {hint}"),
    FaultCode.BACKWARDS: Phrase("范围的前一个数比后一个大。", "The range begins above its end."),
    FaultCode.NOBODY_ASKS: Phrase(
        "这里没有「我」，请写客户经理的编号。", "Nobody is “me” here: write the manager's id."
    ),
}
ENDED = Phrase("这里应是{expected}，但句子已经结束。", "{expected} should follow, but the line ends here.")
EXPECTED = {
    Expected.CONDITION: Phrase("字段、事件或取值的名称", "A field, an event or a value"),
    Expected.TEST: Phrase(
        "判断（如 > 50万、25..40、属于 (…)、已知、30天内）", "A test (> 5000, 25..40, in (…), is known, within 30 days)"
    ),
    Expected.VALUE: Phrase("取值", "A value"),
    Expected.NUMBER: Phrase("数字", "A number"),
    Expected.MONEY: Phrase("金额（如 50万、5,000、3k）", "An amount of yuan (500000, 5,000, 3k)"),
    Expected.DAY: Phrase("日期（如 2026-01-31）", "A day (2026-01-31)"),
    Expected.DAYS: Phrase("天数（如 30天）", "A number of days (30 days)"),
    Expected.RANGE_END: Phrase("范围的另一端（如 25..40）", "The other end of the range (25..40)"),
    Expected.LIST: Phrase("括号里的名单（如 (A, B)）", "A list in brackets ((A, B))"),
    Expected.CLOSING: Phrase("逗号或右括号", "A comma or a closing bracket"),
    Expected.CONNECTIVE: Phrase("「且」「或」，或到此为止", "“and” or “or”, or the end"),
}
HINTS = {
    Kind.EVENT: Phrase(
        "事件写作「接龙 30天内」或只写「接龙」。", "An event is written “stamp within 30 days” or just “stamp”."
    ),
    Kind.FLAG: Phrase("只写名称，或前面加「非」。", "Write its name alone, or “not” before it."),
    Kind.DAY: Phrase(
        "日期写作「>= 2026-01-31」或「30天内」。", "A day is written “>= 2026-01-31” or “within 30 days”."
    ),
}
OTHER_HINT = Phrase("取值用 =、!= 或「属于 (…)」。", "Values take =, != or in (…).")
AT = Phrase("第 {at} 个字：{what}", "Character {at}: {what}")
NEAREST = Phrase("您要写的是不是：{names}？", "Did you mean {names}?")

REASONS = {
    Unreachable.UNBOUND: Phrase("没有绑定群友", "no member bound"),
    Unreachable.ERASED: Phrase("资料已删除", "erased"),
    Unreachable.SUSPENDED: Phrase("已暂停", "suspended"),
    Unreachable.NON_PERSONAL: Phrase("关闭了个性化", "chose nothing personal"),
    Unreachable.NO_CONSENT: Phrase("没有同意营销", "never agreed to offers"),
    Unreachable.OPTED_OUT: Phrase("已退订", "opted out"),
    Unreachable.NO_PRIVATE_CHAT: Phrase("没有开始私聊", "no private chat"),
    Unreachable.BLOCKED: Phrase("拉黑了机器人", "blocked the bot"),
}
LINE = Phrase("条件：{line}", "Condition: {line}")
HEADS = Phrase("共 {heads} 位客户，可触达 {reachable} 位。", "{heads} customers, {reachable} of them within reach.")
OUT_OF_REACH = Phrase("· {reason}：{heads} 位", "· {reason}: {heads}")
WHY_NOT = Phrase("其余不可触达：", "Why not the others:")
UNDECIDED = Phrase(
    "另有 {heads} 位因资料未知无法判断，不计入；可加「… 未知」一并选入。",
    "{heads} more cannot be judged, since something is unknown, and are left out; “… is unknown” takes them in.",
)
AS_OF = Phrase("资料截至 {day}。", "As of {day}.")
NO_CUSTOMERS = Phrase("还没有客户资料。", "There are no customers yet.")

HELP = Phrase(
    f"点按钮选客群，或直接写条件：\n/audience {EXAMPLE}\n/audience 我的客群名",
    f"Build an audience with the buttons, or write it:\n/audience {EXAMPLE_EN}\n/audience its name",
)
STEPS = {
    Step.CLASS: Phrase("① 客户类别（可多选）", "1. Class (several may be chosen)"),
    Step.BAND: Phrase("② 客层（可多选）", "2. Band (several may be chosen)"),
    Step.LIFECYCLE: Phrase("③ 生命周期（可多选）", "3. Stage (several may be chosen)"),
    Step.TAG: Phrase("④ 标签（都要有）", "4. Tags (all must be there)"),
}
NEXT_STEP = Phrase("下一步", "Next")
STEP_BACK = Phrase("上一步", "Back")
SAVE = Phrase("保存", "Save")
SAMPLE = Phrase("看样本", "Sample")
SAVED_LIST = Phrase("已存客群", "Saved audiences")
NOTHING_SAVED = Phrase("还没有保存的客群。", "No audience is saved yet.")
ASK_NAME = Phrase("给这个客群起个名字（或「取消」）：", "Name this audience (or “cancel”):")
STOPPED = Phrase("没有保存。", "Nothing was saved.")
NOTHING_BUILT = Phrase("这个客群已经不在手边，请重新 /audience。", "This audience is gone: begin again with /audience.")
KEPT = Phrase(
    "已保存客群「{name}」：{members} 位。以后每次分层都会更新名单。",
    "Audience “{name}” is saved: {members} customers. Every run brings it up to date.",
)
REFUSALS = {
    SaveRefusal.NO_NAME: Phrase("请写名字。", "Write a name."),
    SaveRefusal.LONG_NAME: Phrase(f"名字最多 {LONGEST_NAME} 个字。", f"A name has {LONGEST_NAME} characters at most."),
    SaveRefusal.TAKEN: Phrase("这个名字已被同事使用，请换一个。", "A colleague uses this name: choose another."),
}
NOBODY = Phrase("没有符合的客户。", "No customer fits.")
SAVED_LINE = Phrase("· {name}：{members} 位（{line}）", "· {name}: {members} ({line})")
WITHIN_REACH = Phrase("可触达", "within reach")
PRIVATE_ONLY = Phrase("客群请在私聊里查看。", "Audiences are for the private chat.")
STOP_WORDS = ("取消", "cancel", "/cancel")


def line_words(expression: Expression, language: Language) -> str:
    """An audience's condition in one language."""
    return say(expression, LEXICON, in_chinese=language is Language.ZH)


def fault_words(fault: Fault, language: Language) -> str:
    """What is wrong, at which character, and what may have been meant."""
    what = AT.say(language, at=fault.start + 1, what=_what(fault, language))
    return f"{what}\n{NEAREST.say(language, names=_listed(fault.nearest, language))}" if fault.nearest else what


def pointed(fault: Fault) -> str:
    """The line with a caret line below, for a terminal; wide characters take two columns."""
    before = "".join("　" if _is_wide(character) else " " for character in fault.text[: fault.start])
    mark = "".join("^^" if _is_wide(character) else "^" for character in fault.found) or "^"
    return f"{fault.text}\n{before}{mark}"


def marked(fault: Fault) -> str:
    """The line with a hand before the place, for a chat, whose letters have no fixed width."""
    return f"{fault.text[: fault.start]}👉{fault.text[fault.start :]}"


def headcount_words(counted: Headcount, language: Language) -> str:
    """Heads, heads within reach, why not the others, and of whom nothing can be told."""
    if counted.as_of is None:
        return NO_CUSTOMERS.say(language)
    lines = [HEADS.say(language, heads=f"{counted.heads:,}", reachable=f"{counted.reachable:,}")]
    if counted.unreachable:
        lines.append(WHY_NOT.say(language))
    for reason, heads in counted.unreachable.items():
        lines.append(OUT_OF_REACH.say(language, reason=REASONS[reason].say(language), heads=f"{heads:,}"))
    if counted.undecided:
        lines.append(UNDECIDED.say(language, heads=f"{counted.undecided:,}"))
    return "\n".join([*lines, AS_OF.say(language, day=counted.as_of)])


def answer_words(expression: Expression, counted: Headcount, language: Language) -> str:
    """The condition as it was understood, and the count."""
    line = LINE.say(language, line=line_words(expression, language))
    return f"{line}\n{headcount_words(counted, language)}"[:4096]


def refused(fault: Fault, language: Language) -> str:
    """The line with a hand at the place, and what is wrong there."""
    return f"{marked(fault)}\n{fault_words(fault, language)}"[:4096]


def kept_line(expression: Expression) -> str:
    """The line as it is kept, whatever language it was written in."""
    return say(expression)


def choice_label(step: Step, code: str, language: Language, *, is_chosen: bool) -> str:
    """The button of a value: a tick where it is chosen."""
    names = {
        Step.CLASS: lambda: LETTERS[Letter(code)],
        Step.BAND: lambda: BANDS[Band(code)],
        Step.LIFECYCLE: lambda: LIFECYCLES[Lifecycle(code)],
        Step.TAG: lambda: NAMES[code],
    }
    return f"{'✓ ' if is_chosen else ''}{names[step]().say(language)}"


def sample_words(people: Sequence[Sampled], language: Language) -> str:
    """One line per customer, nobody named."""
    return "\n".join(_person(each, language) for each in people) or NOBODY.say(language)


def saved_words(audiences: Sequence[Audience], language: Language) -> str:
    """Every saved audience with its members."""
    lines = [
        SAVED_LINE.say(language, name=each.name, members=f"{each.members:,}", line=each.expression)
        for each in audiences
    ]
    return "\n".join(lines)[:4096] or NOTHING_SAVED.say(language)


def _person(each: Sampled, language: Language) -> str:
    said = [
        each.number,
        *([LETTERS[Letter(each.letter)].say(language)] if each.letter else []),
        *([BANDS[Band(each.band)].say(language)] if each.band else []),
        *([LIFECYCLES[Lifecycle(each.lifecycle)].say(language)] if each.lifecycle else []),
        (REASONS[each.unreachable] if each.unreachable else WITHIN_REACH).say(language),
    ]
    return " · ".join(said)


def _what(fault: Fault, language: Language) -> str:
    expected = EXPECTED[fault.expected].say(language) if fault.expected else ""
    if fault.code is FaultCode.EXPECTED and not fault.found:
        return ENDED.say(language, expected=expected)
    field = LEXICON.says_field(fault.field, in_chinese=language is Language.ZH) if fault.field else ""
    hint = HINTS.get(FIELDS[fault.field].kind, OTHER_HINT).say(language) if fault.field else ""
    facts = {"found": fault.found, "expected": expected, "field": field, "hint": hint}
    return FAULTS[fault.code].say(language, **facts)


def _listed(names: Sequence[str], language: Language) -> str:
    return ("、" if language is Language.ZH else ", ").join(names)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
