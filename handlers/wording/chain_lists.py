"""What people read of a chain's lists: to copy, who is missing, files, and lists pasted from WeChat."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from campaigns.chains.model import Chain, ChainState, ClaimCode, ClaimOutcome, Order
from campaigns.chains.pasted_lists import PastedLine, PastedList
from campaigns.chains.sheets import LineState, SheetLine, sheet
from campaigns.members.model import Language
from handlers.wording import groupbuys
from handlers.wording.chains import LONGEST, units
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

MORE = Phrase("更多「{product}」", "More of “{product}”")
WHAT = Phrase("接龙「{product}」，要做什么？", "The chain “{product}”: what shall I do?")
COPY = Phrase("复制名单", "List to copy")
MISSING = Phrase("谁还没接", "Who is missing")
CSV = Phrase("导出 CSV", "Export CSV")
WORKBOOK = Phrase("导出 Excel", "Export Excel")
LONGER = Phrase("延长 {days} 天", "{days} more days")
EXTENDED = Phrase("接龙「{product}」延长到 {when}。", "The chain “{product}” runs until {when}.")
FILE = Phrase("接龙「{product}」共 {n} 条。", "The chain “{product}”: {n} entries.")
NOBODY_MISSING = Phrase("本群认识的人都已经接龙了。", "Everybody I know in this group is in.")
PASTE_IN_PRIVATE = Phrase(
    "请把微信接龙私聊发给我，我来录入。", "Please send me the list in private, and I will take it over."
)
NO_CHAIN_FOR_LIST = Phrase(
    "你现在没有进行中的接龙，先发 /chain 开一个，再把名单发给我。",
    "You have no open chain: open one with /chain and send me the list again.",
)
NOTHING_READ = Phrase("这份名单里没有能录入的行。", "There is no line in this list that I can take over.")
OUTDATED = Phrase("这份名单已经过时，请重新发一次。", "This list is out of date: please send it again.")
WHICH_CHAIN = Phrase("录入到哪个接龙？", "Into which chain?")
TAKE = Phrase("录入 {n} 条", "Take over {n}")
STATES = {
    LineState.IN: Phrase("已报名", "in"),
    LineState.TO_CONFIRM: Phrase("待确认", "to confirm"),
    LineState.WAITING: Phrase("候补", "waiting"),
}
_HEADER = (
    Phrase("序号", "number"),
    Phrase("状态", "state"),
    Phrase("姓名", "name"),
    Phrase("品种", "item"),
    Phrase("份数", "quantity"),
    Phrase("备注", "note"),
    Phrase("代报人", "written by"),
)
_MISSING_HEAD = Phrase("「{product}」还没接龙 {n} 人：", "Not in “{product}” yet: {n}")
_MORE = Phrase("…… 还有 {n} 行", "… {n} more lines")
_READ_HEAD = Phrase("录入到「{product}」，读到 {n} 条：", "For “{product}” I read {n}:")
_THERE_HEAD = Phrase("名单上已经有，不再录入：{names}", "On the list already, left out: {names}")
_UNREAD_HEAD = Phrase("没读懂，请手动处理：", "Not understood, please see to them yourself:")
_RESULT = Phrase(
    "已录入 {joined} 条，候补 {waiting} 条，没录入 {refused} 条。",
    "{joined} taken over, {waiting} on the waitlist, {refused} refused.",
)

PROXIES = Phrase(
    "代报 {n} 位没有本人的账号，不会生成办卡申请：请本人进群点「我要接龙」，代报的可以退出。",
    "{n} entered by others have no account here, so no application is opened for them: ask them to join by themselves.",
)


def header(language: Language) -> tuple[str, ...]:
    """The first row of a file."""
    return tuple(column.say(language) for column in _HEADER)


def copyable(chain: Chain, names: dict[int, str] | None, language: Language) -> str:
    """The list in WeChat's form, to be copied; masked without names."""
    return fitted(["#接龙", chain.product, "", *_entries(sheet(chain, names), chain, language)], language)


def private_list(chain: Chain, names: dict[int, str], zone: ZoneInfo, language: Language) -> str:
    """The manager's list with full names."""
    state = Phrase("进行中", "open") if chain.state is ChainState.OPEN else Phrase("已结束", "over")
    if chain.groupbuy is not None:
        state = groupbuys.STATES[chain.groupbuy.state]
    head = f"「{chain.product}」{chain.taken}/{chain.places} · {state.say(language)} · "
    lines = [head + when(chain.deadline, zone, language), *groupbuys.unlocked(chain, language)]
    lines += _entries(sheet(chain, names), chain, language)
    if not chain.entries:
        lines.append(Phrase("（还没有人报名）", "(nobody yet)").say(language))
    if proxies := len({entry.proxy for entry in (*chain.entries, *chain.waiting) if entry.proxy}):
        lines += ["", PROXIES.say(language, n=proxies)]
    return "\n".join(lines)


def missing(chain: Chain, names: Collection[str], language: Language) -> str:
    """Who has no entry, for the manager."""
    if not names:
        return NOBODY_MISSING.say(language)
    return fitted([_MISSING_HEAD.say(language, product=chain.product, n=len(names)), *names], language)


def preview(chain: Chain, pasted: PastedList, there: Sequence[str], language: Language) -> str:
    """What was read of a pasted list and what was not, before anything is done with it."""
    lines = [_READ_HEAD.say(language, product=chain.product, n=len(pasted.lines))]
    lines += [f"✓ {_pasted(line, chain, language)}" for line in pasted.lines]
    if there:
        lines += ["", _THERE_HEAD.say(language, names="、".join(there))]
    if pasted.unread:
        lines += ["", _UNREAD_HEAD.say(language), *(f"✗ {line}" for line in pasted.unread)]
    return fitted(lines, language)


def taken_over(outcomes: Sequence[ClaimOutcome], language: Language) -> str:
    """What came of a pasted list."""
    codes = [outcome.code for outcome in outcomes]
    joined, waiting = codes.count(ClaimCode.JOINED), codes.count(ClaimCode.WAITLISTED)
    return _RESULT.say(language, joined=joined, waiting=waiting, refused=len(codes) - joined - waiting)


def extended(chain: Chain, zone: ZoneInfo, language: Language) -> str:
    """Until when a chain runs now."""
    return EXTENDED.say(language, product=chain.product, when=when(chain.deadline, zone, language))


def fitted(lines: Sequence[str], language: Language) -> str:
    """As many whole lines as one message takes, and how many are left."""
    room, kept = LONGEST - 40, list[str]()
    for line in lines:
        room -= units(line) + 1
        if room < 0:
            return "\n".join((*kept, _MORE.say(language, n=len(lines) - len(kept))))
        kept.append(line)
    return "\n".join(kept)


def _entries(lines: Sequence[SheetLine], chain: Chain, language: Language) -> list[str]:
    """Those with a place, then the waitlist under its own head."""
    held = [f"{line.place}. {_entry(line, chain, language)}" for line in lines if line.state is not LineState.WAITING]
    waits = [f"{line.place}. {_entry(line, chain, language)}" for line in lines if line.state is LineState.WAITING]
    return [*held, *(["", STATES[LineState.WAITING].say(language), *waits] if waits else [])]


def _entry(line: SheetLine, chain: Chain, language: Language) -> str:
    parts = [line.name, line.item, f"×{line.quantity}" if chain.limit > 1 or chain.items else ""]
    parts.append(Phrase("（{by} 代报）", "(by {by})").say(language, by=line.by) if line.by else "")
    parts.append(f"（{STATES[line.state].say(language)}）" if line.state is LineState.TO_CONFIRM else "")
    parts.append(f"（{line.note}）" if line.note else "")
    return " ".join(part for part in parts if part)


def _pasted(line: PastedLine, chain: Chain, language: Language) -> str:
    orders = " ".join(_order(order, chain) for order in line.orders)
    return f"{line.name} {orders}" + (f"（{line.note}）" if line.note else "")


def _order(order: Order, chain: Chain) -> str:
    return f"{chain.items[order.item - 1] if order.item else ''}×{order.quantity}"
