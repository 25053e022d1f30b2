"""What staff read about a journey's file, or a file of events, that cannot be taken: every fault with what to do."""

from enum import StrEnum

from campaigns.events.model import BadLine, LineFault
from campaigns.forms.faults import FileFault
from campaigns.forms.model import FaultCode, FormFault
from campaigns.journeys.faults import JourneyFault
from campaigns.members.model import Language
from handlers.wording import forms
from handlers.wording.phrase import Phrase

LINE = Phrase("第 {line} 行：{said}", "Line {line}: {said}")
_FAULTS: dict[StrEnum, Phrase] = {
    JourneyFault.BAD_CODE: Phrase(
        "{place} 写的是 {detail}：代号用 2–40 个小写字母、数字和 -，以字母开头，如 first-wait。",
        "{place} is {detail}: a code takes 2–40 small letters, digits and -, a letter first, such as first-wait.",
    ),
    JourneyFault.TWICE: Phrase(
        "{place}：{detail} 出现了两次，请改成不同的。", "{place}: {detail} is there twice; each may come once."
    ),
    JourneyFault.NO_TRIGGER: Phrase(
        "{place}：请写 event（事件）或 audience（客群条件），二选一。",
        "{place}: write either `event` or `audience`.",
    ),
    JourneyFault.NOT_OF_AUDIENCE: Phrase(
        "{place}：{detail} 请改写成 audience: 条件。", "{place}: for {detail} write `audience:` with a condition."
    ),
    JourneyFault.BAD_AUDIENCE: Phrase(
        "{place}：客群条件看不懂，第 {detail}。试试命令行 audience count。",
        "{place}: the condition cannot be read at character {detail}. `audience count` tries one out.",
    ),
    JourneyFault.ONE_ACT: Phrase(
        "{place}：每一步只写一个动作：{detail}。", "{place}: each step has exactly one of: {detail}."
    ),
    JourneyFault.ONE_QUESTION: Phrase(
        "{place}：分支写 if（客群条件）或 happened（事件），二选一。",
        "{place}: a branch asks either `if` (an audience) or `happened` (an event).",
    ),
    JourneyFault.UNKNOWN_STEP: Phrase(
        "{place}：没有步骤 {detail}，请写 steps 里有的 id。", "{place}: there is no step {detail}; name one of `steps`."
    ),
    JourneyFault.NOT_LATER: Phrase(
        "{place}：{detail} 在这一步之前，旅程只能向后走。",
        "{place}: {detail} comes before this step; a journey only goes on, never back.",
    ),
    JourneyFault.NEVER_REACHED: Phrase(
        "{place}：没有步骤通向 {detail}，请删掉或接上。",
        "{place}: nothing leads to {detail}; remove it or lead to it.",
    ),
    JourneyFault.BAD_TIME: Phrase(
        "{place} 看不懂 {detail}：时间写 10:00。", "{place}: {detail} is no time of day; write 10:00."
    ),
    JourneyFault.UNTIL_OR_AT: Phrase(
        "{place}：等事件（until）时不能再写钟点（at）。",
        "{place}: a wait for an event (`until`) takes no time of day (`at`).",
    ),
    JourneyFault.NO_SUCH_TAG: Phrase("{place}：可以打的标签：{detail}。", "{place}: a journey may set: {detail}."),
    JourneyFault.BAD_PAYLOAD: Phrase(
        "{place}：写成「page: study-abroad」这样的文字对。",
        "{place}: write pairs of words, such as page: study-abroad.",
    ),
    JourneyFault.TOO_LONG: Phrase(
        "{place}：文件太大，最多 {detail} 字符。", "{place}: the file is too large; {detail} characters at most."
    ),
}  # fmt: skip
_LINES = {
    LineFault.NO_NUMBER: Phrase("没有客户号。", "the customer's number is missing."),
    LineFault.UNKNOWN_CUSTOMER: Phrase(
        "没有客户 {found}，先导入客户。", "there is no customer {found}; import the customers first."
    ),
    LineFault.UNKNOWN_EVENT: Phrase(
        "不认识事件「{found}」，请写进对照表的 events。",
        "{found} is no event that the profile knows; add the word under `events`.",
    ),
    LineFault.BAD_MOMENT: Phrase(
        "看不懂时间 {found}，如 2026-11-02 10:30。", "{found} is no moment, such as 2026-11-02 10:30."
    ),
    LineFault.FUTURE: Phrase("{found} 还没到。", "{found} is still to come."),
    LineFault.TOO_OLD: Phrase("{found} 早于 400 天，不再保存。", "{found} is older than the 400 days that are kept."),
    LineFault.BAD_AMOUNT: Phrase("看不懂金额 {found}，单位元。", "{found} is no amount in yuan."),
    LineFault.BAD_JSON: Phrase("不是 JSON 对象。", "this is no JSON object."),
    LineFault.TOO_LONG: Phrase("有一格超过 200 字。", "a value is longer than 200 characters."),
    LineFault.BAD_CHARACTER: Phrase(
        "有一格里有无法保存的字符：请重新导出文件。",
        "a value has a character that cannot be kept: export the file anew.",
    ),
    LineFault.OTHER_EVENT_OF_KEY: Phrase(
        "编号 {found} 已用于另一个事件。", "the key {found} names another event already."
    ),
}


def fault(found: FileFault, language: Language) -> str:
    """Where a journey's file is wrong, what it is, and what to do."""
    if isinstance(found.code, FaultCode):
        line = 0 if found.code is FaultCode.NOT_YAML else found.line  # What is no YAML is placed by its line.
        return forms.fault(FormFault(found.code, found.place, found.detail, line), language)
    said = _FAULTS[found.code].say(language, place=found.place, detail=found.detail)
    return LINE.say(language, line=found.line, said=said) if found.line else said


def bad_line(found: BadLine, language: Language) -> str:
    """Why a line of a file of events is not taken."""
    return LINE.say(language, line=found.line, said=_LINES[found.fault].say(language, found=found.found))
