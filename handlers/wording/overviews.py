"""What staff read of all customers: classes at a glance below the picture, lists page by page."""

from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.customers.class_lists import ABSENT, ClassLine, ListKind, Migration
from campaigns.customers.model import Letter, Level
from campaigns.customers.overviews import PAGE, ListPage, Overview, RunView
from campaigns.customers.rules import level
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.segments import indicator_words, letter_name, yuan

SEGMENT_WORDS = ("客户分层", "客戶分層", "客户分类", "客戶分類", "segments", "classes")
MY_CUSTOMERS_WORDS = ("我的客户", "我的客戶", "my customers")
MOVES_SHOWN = 5
ALARMS_SHOWN = 4
IN_YUAN = 100
LABEL = 6
UNITS = {
    Language.ZH: ((10**8, " 亿"), (10**4, " 万"), (1, " 元")),
    Language.EN: ((10**9, " bn"), (10**6, " m"), (1, " yuan")),
}

HEAD = Phrase(
    "客户分层 · {as_of}\n{customers:,} 位 · 策略 {version} · 金额为元",
    "Classes as of {as_of}\n{customers:,} customers, policy {version}, sums in yuan",
)
CLASS = Phrase("{name} {heads:,} 位 {share:.1%}", "{name}: {heads:,}, {share:.1%}")
ASSETS = Phrase("  资产 {sum} · 中位 {median}", "  assets {sum}, median {median}")
TERCILES = Phrase("  潜力 高{high:,} 中{middle:,} 低{low:,}", "  potential high {high:,}, mid {middle:,}, low {low:,}")
EMPTY_CLASS = Phrase("{name} 0 位", "{name}: 0")
MOVED = Phrase("自 {earlier}：{kept:.1%} 保持原类", "Since {earlier}: {kept:.1%} kept their class")
MOVE = Phrase("{before}→{after} {heads:,}", "{before}→{after} {heads:,}")
CAME = Phrase("新增 {heads:,}", "new {heads:,}")
LEFT = Phrase("离开 {heads:,}", "gone {heads:,}")
FIRST_RUN = Phrase("首次分层，还没有迁移。", "This is the first run: nothing to compare with yet.")
WATCH = Phrase(
    "关注名单 {watched:,} 位\n与象限不符 {apart:,} 位", "To watch: {watched:,}\nLetter ≠ quadrant: {apart:,}"
)
ALARM = Phrase("⚠️ 指标漂移：{names}", "⚠️ Drifting: {names}")
NO_ALARM = Phrase("指标稳定，没有漂移警报。", "No drift alarm.")
AND_MORE = Phrase("等 {heads} 项", "{heads} in all")
NO_RUN = Phrase(
    "还没有客户分层：请先导入数据并运行 segment。", "There are no classes yet: import a delivery and run segment first."
)
PRIVATE_ONLY = Phrase(
    "客户信息只在私聊里看，请私聊我。", "Customers are a matter for private: please write to me there."
)

LISTS = {
    ListKind.WATCHED: Phrase("关注名单", "To watch (B)"),
    ListKind.TO_DEVELOP: Phrase("值得培养", "To develop (C)"),
    ListKind.APART: Phrase("字母与象限不符", "Letter ≠ quadrant"),
    ListKind.VALUABLE: Phrase("高价值客户", "Most valuable"),
    ListKind.MINE: Phrase("我的客户", "My customers"),
}
ABOUT = {
    ListKind.WATCHED: Phrase("B类，按流失风险 × 资产排序", "class B by churn risk × assets"),
    ListKind.TO_DEVELOP: Phrase("C类，按发展潜力排序", "class C by what developing them promises"),
    ListKind.APART: Phrase("按当前价值排序", "by current value"),
    ListKind.VALUABLE: Phrase("按当前价值排序", "by current value"),
    ListKind.MINE: Phrase("您的群里已绑定的客户，按类别排序", "linked customers of your groups, by class"),
}
LIST_HEAD = Phrase("{name} · {as_of} · 共 {total:,} 位\n{about}", "{name} as of {as_of}: {total:,}\n{about}")
LIST_EMPTY = Phrase("名单是空的。", "Nobody is on this list.")
LINE = Phrase("{at}. {who} · {letter}\n{figure}；{why}", "{at}. {who} · {letter}\n{figure}; {why}")
BY_CHURN = Phrase("流失{level} {score:.0f} 分", "churn {level} ({score:.0f})")
BY_DEVELOPMENT = Phrase("发展 {score:.0f} 分", "worth {score:.0f}")
BY_VALUE = Phrase("每年 {value} 元", "{value} yuan a year")
QUADRANT_IS = Phrase("象限为 {quadrant}；", "quadrant {quadrant}; ")
UNVALUED = Phrase("价值未知", "value unknown")
SEARCH_HINT = Phrase(
    "点号码看客户卡；找人发「客户 号码」，后几位也行。",
    "Tap a number for the card. To search send “customer” and a number or its end.",
)
PREVIOUS, NEXT = Phrase("‹ 上一页", "‹ Back"), Phrase("下一页 ›", "More ›")
PAGE_OF = Phrase("第 {page}/{pages} 页", "Page {page} of {pages}")
LEVELS = {
    Level.HIGH: Phrase("高", "high"),
    Level.MIDDLE: Phrase("中", "middle"),
    Level.LOW: Phrase("低", "low"),
}
INDICATOR_NAMES = {
    "assets": Phrase("资产", "assets"),
    "activity": Phrase("转账", "transfers"),
    "age": Phrase("年龄", "age"),
    "cards": Phrase("持卡", "cards"),
    "products": Phrase("产品数", "products"),
    "loans": Phrase("贷款", "loans"),
    "logins": Phrase("登录", "logins"),
    "transfers": Phrase("转账", "transfers"),
    "idle_days": Phrase("距上次转账", "days since a transfer"),
    "inflow": Phrase("转入", "inflow"),
    "net_outflow_share": Phrase("净转出", "net outflow"),
    "untied_share": Phrase("活期占比", "share on demand"),
    "deposit_growth": Phrase("存款变化", "deposit change"),
    "deposit_change": Phrase("存款变化率", "deposit change, %"),
    "structured_deposit": Phrase("结构性存款", "structured deposits"),
    "time_deposit": Phrase("定期存款", "time deposits"),
    "demand_deposit": Phrase("活期存款", "demand deposits"),
    "wealth_products": Phrase("理财", "wealth products"),
    "funds": Phrase("基金", "funds"),
    "asset_plans": Phrase("资管计划", "asset plans"),
    "large_certificates": Phrase("大额存单", "large certificates"),
    "counter_share": Phrase("柜面占比", "counter share"),
    "counter_dealings": Phrase("柜面业务", "counter dealings"),
    "tenure_days": Phrase("开户时长", "tenure"),
}


def overview(found: Overview, language: Language) -> str:
    """The table below the picture: at most 1,024 characters, the longest that a caption may be."""
    run = found.run
    lines = [HEAD.say(language, as_of=run.as_of, customers=sum(run.sizes.values()), version=run.policy_version)]
    for entry in run.classes:
        lines += _class_lines(entry, run, language)
    lines += [*_moves(found.migration, language), *_beside(run, language)]
    return "\n".join(lines)


def list_page(found: ListPage, language: Language) -> str:
    """One page of a list: who, class, the figure that decides the order, and why."""
    facts = {"name": LISTS[found.kind].say(language), "about": ABOUT[found.kind].say(language)}
    lines = [LIST_HEAD.say(language, as_of=found.as_of, total=found.total, **facts)]
    if not found.customers:
        return "\n".join([*lines, "", LIST_EMPTY.say(language)])
    lines += [PAGE_OF.say(language, page=found.page, pages=found.pages), ""]
    lines += [_line(found, at, language) for at in range(len(found.customers))]
    return "\n".join([*lines, "", SEARCH_HINT.say(language)])


def place_label(found: ListPage, at: int) -> str:
    """A customer's button: the place in the list and the end of the number, so that two fit beside each other."""
    number = found.customers[at].line.number
    return f"{_place(found, at)}. {number if len(number) <= LABEL else '…' + number[-LABEL:]}"


def sum_words(fen: int, language: Language) -> str:
    """A sum in three figures as readers count it: 1.23 亿元, 45.6 万元; 123 m yuan."""
    amount = fen / IN_YUAN
    size, unit = next((each for each in UNITS[language] if abs(amount) >= each[0]), UNITS[language][-1])
    number = amount / size
    return f"{number:,.0f}{unit}" if size == 1 or abs(number) >= 100 else f"{number:.3g}{unit}"


def _class_lines(entry: Mapping[str, Any], run: RunView, language: Language) -> Iterator[str]:
    name = letter_name(Letter(entry["letter"]), language)
    if not entry["customers"]:
        yield EMPTY_CLASS.say(language, name=name)
        return
    yield CLASS.say(language, name=name, heads=entry["customers"], share=entry["share"])
    median = sum_words(entry["assets_median_fen"], language)
    yield ASSETS.say(language, sum=sum_words(entry["assets_fen"], language), median=median)
    terciles = run.report.get("terciles", {}).get(entry["letter"])
    if terciles:
        yield TERCILES.say(language, low=terciles["0"], middle=terciles["1"], high=terciles["2"])


def _moves(found: Migration | None, language: Language) -> Iterator[str]:
    """Who stayed, the largest moves between classes, who came and who left."""
    if found is None or found.kept is None:
        yield FIRST_RUN.say(language)
        return
    yield MOVED.say(language, earlier=found.earlier, kept=found.kept)
    pairs = [(heads, a, b) for a, row in found.matrix.items() for b, heads in row.items()]
    moved = sorted((each for each in pairs if each[0] and ABSENT not in each[1:] and each[1] != each[2]), reverse=True)
    words = [MOVE.say(language, before=a, after=b, heads=heads) for heads, a, b in moved[:MOVES_SHOWN]]
    came, left = (sum(heads for heads, *ways in pairs if ways[at] == ABSENT) for at in (0, 1))
    words += [CAME.say(language, heads=came)] * bool(came) + [LEFT.say(language, heads=left)] * bool(left)
    if words:
        yield "  " + " · ".join(words)


def _beside(run: RunView, language: Language) -> Iterator[str]:
    """The lists' sizes and the alarms of drift."""
    watched, apart = run.report.get("watched"), run.report.get("apart_from_quadrant")
    if watched is not None and apart is not None:
        yield WATCH.say(language, watched=watched, apart=apart)
    drift = run.report.get("drift")
    if drift:
        alarms = [code for code, found in drift.items() if found["level"] == "alarm"]
        yield _alarm(alarms, language) if alarms else NO_ALARM.say(language)


def _alarm(codes: list[str], language: Language) -> str:
    names = [INDICATOR_NAMES[code].say(language) if code in INDICATOR_NAMES else code for code in codes[:ALARMS_SHOWN]]
    if len(codes) > ALARMS_SHOWN:
        names.append(AND_MORE.say(language, heads=len(codes)))
    return ALARM.say(language, names=("、" if language is Language.ZH else ", ").join(names))


def _line(found: ListPage, at: int, language: Language) -> str:
    each = found.customers[at]
    line = each.line
    who = f"{line.number} {each.name}" if each.name else line.number
    facts = {"letter": line.letter, "figure": _figure(found, line, language), "why": _why(found.kind, line, language)}
    return LINE.say(language, at=_place(found, at), who=who, **facts)


def _place(found: ListPage, at: int) -> int:
    return (found.page - 1) * PAGE + at + 1


def _figure(found: ListPage, line: ClassLine, language: Language) -> str:
    """The figure that puts a customer into this place of the list."""
    if found.kind is ListKind.WATCHED and line.churn is not None and found.churn_bounds:
        word = LEVELS[level(line.churn, found.churn_bounds)].say(language)
        return BY_CHURN.say(language, level=word, score=line.churn)
    if found.kind is ListKind.TO_DEVELOP and line.development is not None:
        return BY_DEVELOPMENT.say(language, score=line.development)
    if line.current_value is None:
        return UNVALUED.say(language)
    return BY_VALUE.say(language, value=yuan(line.current_value // IN_YUAN * IN_YUAN))


def _why(kind: ListKind, line: ClassLine, language: Language) -> str:
    """The first reason that speaks for being on the list, or the strongest where none does."""
    found = line.churn_reasons if kind is ListKind.WATCHED else line.reasons
    meant = next((each for each in found if each.points > 0), found[0] if found else None)
    words = indicator_words(meant, language) if meant else UNVALUED.say(language)
    apart = kind is ListKind.APART and line.quadrant
    return QUADRANT_IS.say(language, quadrant=line.quadrant) + words if apart else words
