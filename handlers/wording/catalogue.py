"""What is read of the catalogue: by managers of bundles and the matrix, by a group of what it gets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.catalogue.model import (
    CLASSES,
    Advice,
    Aim,
    Bundle,
    Catalogue,
    CatalogueRefusal,
    Change,
    Class,
    CustomerBundle,
    Edition,
    Line,
    Preview,
    Product,
    Readers,
    Selection,
)
from campaigns.catalogue.portfolios import portfolio
from campaigns.catalogue.rules import APART, PREVIEW_LIFE
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Message
from campaigns.members.model import Language
from handlers.wording.enterprises import TIERS
from handlers.wording.financing import plan_lines
from handlers.wording.left_out import left_out_words
from handlers.wording.phrase import Phrase
from handlers.wording.portfolios import portfolio_lines
from handlers.wording.segments import LIFECYCLES

CATALOGUE_WORDS = ("产品目录", "產品目錄", "catalogue")
SHOWN_CHANGES = 10

HEAD = Phrase(
    "📦 产品目录第 {version} 版 · {products} 个产品 · {bundles} 个组合",
    "📦 Catalogue, version {version}: {products} products, {bundles} bundles",
)
BUNDLE_LINE = Phrase("{at}. {name}（{aim}）：{products}", "{at}. {name} ({aim}): {products}")
CHOOSE_GROUP = Phrase("点群名，看这个群能发什么。", "Tap a group to see what may be posted there.")
MATRIX_BUTTON = Phrase("类别 × 产品矩阵", "Classes × products")
MATRIX_HEAD = Phrase("类别 × 产品（目录第 {version} 版）", "Classes × products (catalogue version {version})")
ROW = Phrase("{standing}\n{cells}", "{standing}\n{cells}")
CELL = Phrase("  {advice}：{products}", "  {advice}: {products}")
NO_CELLS = Phrase("  没有写，全部问起再介绍", "  nothing said: all only if asked")
HOW_TO_SET = Phrase(
    "改一格：/matrix 类别 产品代号 做法 理由，如\n/matrix D index-fund 不推荐 风险不匹配",
    "To change a cell: /matrix CLASS PRODUCT offer|only-if-asked|never REASON, such as\n"
    "/matrix D index-fund never unsuitable",
)
SET = Phrase("已改，目录现在是第 {version} 版：\n{changes}", "Done; this is version {version} now:\n{changes}")
CHANGED = Phrase("· {place}：{old} → {new}", "· {place}: {old} → {new}")
MORE_CHANGES = Phrase("……还有 {count} 处", "… and {count} more")
ADVICES = {
    Advice.OFFER: Phrase("主动介绍", "offer"),
    Advice.IF_ASKED: Phrase("问起再介绍", "only if asked"),
    Advice.NEVER: Phrase("不推荐", "never"),
}
CLASS = Phrase("{letter} 类", "class {letter}")
EVERY_GROUP = Phrase("所有商户群", "groups of every merchant")
OF_MERCHANTS = Phrase("{merchants}的群", "groups of {merchants}")

GROUP_HEAD = Phrase(
    "📦 {title}\n{members} 人{classes}\n目录第 {version} 版里，这个群可以发：",
    "📦 {title}\n{members} members{classes}\nOf catalogue version {version} it may get:",
)
CLASSES_IN = Phrase("（{classes}）", " ({classes})")
HEADS = Phrase("{standing} {heads}", "{standing}: {heads}")
PREVIEW_BUTTON = Phrase("预览：{name}", "Preview: {name}")
BACK = Phrase("‹ 产品目录", "‹ Catalogue")
PREVIEW = Phrase(
    "预览，发到「{title}」（{members} 人）：\n\n{card}", "Preview, for “{title}” ({members} members):\n\n{card}"
)
KEPT_BACK = Phrase("不发：{lines}", "Left out: {lines}")
HINT = Phrase("{minutes} 分钟内确认有效。", "Confirm within {minutes} minutes.")
CONFIRM = Phrase("确认发到群里（{members} 人）", "Post to the group ({members})")
POSTED = Phrase(
    "已安排发到「{title}」（目录第 {version} 版）。", "On its way to “{title}” (catalogue version {version})."
)

CUSTOMER = Phrase("📦 组合「{name}」（目录第 {version} 版）：{products}", "📦 {name} (version {version}): {products}")
NO_BUNDLE = Phrase("📦 没有合适的组合（目录第 {version} 版）", "📦 No bundle fits (catalogue version {version})")
IF_ASKED = Phrase("  问起再介绍：{products}", "  only if asked: {products}")
LEFT_OUT = Phrase("  不展示：{lines}", "  not shown: {lines}")
NOTHING_SHOWN = Phrase("无", "nothing")
LINE = Phrase("{name}（{why}）", "{name} ({why})")
BUNDLE_BUTTON = Phrase("📦 组合", "📦 Bundle")
WHO_GETS = Phrase("👤 {number} · {facts}", "👤 {number} · {facts}")
APPETITE = Phrase("风险承受能力 C{appetite}", "appetite for risk C{appetite}")
NOT_ASSESSED = Phrase("未做风险测评，只展示 R1、R2", "risk not assessed: R1 and R2 alone")
HORIZON = Phrase("资金最多可锁定 {days} 天", "money can be bound for {days} days")
NEED_UNKNOWN = Phrase(
    "不知何时用钱，不展示会锁定资金的产品", "nobody knows when the money is needed: nothing may bind it"
)
USAGE = Phrase(
    "请发「产品目录 客户号码」，或从客户卡点「组合」。", "Send /catalogue and a number, or tap “Bundle” on a card."
)

PRODUCT = Phrase("{at}. {name}\n{terms}。费用：{fee}。", "{at}. {name}\n{terms}. Fee: {fee}.")
RISK = Phrase("产品风险等级：{risk}。", " Product risk level: {risk}.")
PROVIDER = Phrase("由{provider}提供，银行只作介绍。", " Provided by {provider}; the bank only introduces.")
NOTICE = Phrase("⚠️ {notice}。", "⚠️ {notice}.")
CARD = Phrase("📦 {name}（{bank}）", "📦 {name} ({bank})")
CLOSING = Phrase(
    "以上是产品介绍，具体以产品文件和审批为准。想了解请私聊我，或问理财经理。（目录第 {version} 版）",
    "This is an introduction; documents and approval decide. Ask me in private, or your manager. (Version {version})",
)
REFUSALS = {
    CatalogueRefusal.NO_CATALOGUE: Phrase(
        "还没有产品目录。请管理员运行 python main.py catalogue load 文件。",
        "There is no catalogue yet: an administrator loads one with python main.py catalogue load FILE.",
    ),
    CatalogueRefusal.NO_GROUP: Phrase("这不是您的群。", "This is no group of yours."),
    CatalogueRefusal.NO_BUNDLE: Phrase("目录里没有给这个群的组合。", "The catalogue has no bundle for this group."),
    CatalogueRefusal.NOTHING_LEFT: Phrase(
        "这个组合现在没有可以发到群里的产品。", "Nothing of this bundle may be posted in this group now."
    ),
    CatalogueRefusal.NO_PREVIEW: Phrase("没有这个预览，请重新发 /catalogue。", "There is no such preview: /catalogue."),
    CatalogueRefusal.NOT_YOURS: Phrase("只有预览的人可以确认。", "Only who previewed it may confirm."),
    CatalogueRefusal.STALE: Phrase(
        "预览已过期，或目录有了新版本，请重新预览。", "Out of date, or a newer version is out: preview again."
    ),
    CatalogueRefusal.POSTED_ALREADY: Phrase("已经发过了，不会重复发。", "Posted already; nothing is sent twice."),
    CatalogueRefusal.POSTED_LATELY: Phrase(
        "{days} 天内这个群已经发过这个组合。", "This group had this bundle within the last {days} days."
    ),
    CatalogueRefusal.UNKNOWN_CLASS: Phrase(
        "没有这个类别。可写 A B C D strategic key general。",
        "There is no such class; write A, B, C, D, strategic, key or general.",
    ),
    CatalogueRefusal.UNKNOWN_PRODUCT: Phrase(
        "目录里没有这个产品代号，发 /matrix 看全部。", "The catalogue has no such product; /matrix lists them."
    ),
    CatalogueRefusal.UNKNOWN_ADVICE: Phrase(
        "做法写：主动介绍、问起再介绍、不推荐。", "Write offer, only-if-asked or never."
    ),
    CatalogueRefusal.NO_REASON: Phrase("请写理由，不超过 200 字。", "Give the reason, in 200 characters at most."),
    CatalogueRefusal.NEVER_UNASKED: Phrase(
        "期货不能主动介绍，请写问起再介绍或不推荐。", "Futures are never offered unasked: only-if-asked or never."
    ),
    CatalogueRefusal.SAME_ALREADY: Phrase("本来就是这样，没有改。", "It says so already; nothing was changed."),
}  # fmt: skip


@dataclass(frozen=True)
class CatalogueWords:
    """The sentences that the catalogue puts into the ledger (`campaigns.catalogue.service.CatalogueWording`)."""

    bank: str

    def card(self, selection: Selection) -> Message:
        """A bundle as a group reads it: Chinese, as everything that a group reads together."""
        return Message(card(selection, self.bank, Language.ZH))


def card(selection: Selection, bank: str, language: Language) -> str:
    """Products with terms, fees and risk; each notice once, at the end."""
    notices = dict.fromkeys(each.notice.read_in(language) for each in selection.shown if each.notice)
    parts = [
        CARD.say(language, name=selection.bundle.name.read_in(language), bank=bank),
        *(_product(at, each, language) for at, each in enumerate(selection.shown, start=1)),
        "\n".join(NOTICE.say(language, notice=each) for each in notices),
        CLOSING.say(language, version=selection.version),
    ]
    return "\n\n".join(part for part in parts if part)


def home(found: Edition, groups: Sequence[Readers], language: Language) -> str:
    """The catalogue at a glance."""
    catalogue = found.catalogue
    counts = {"products": len(catalogue.products), "bundles": len(catalogue.bundles)}
    lines = [HEAD.say(language, version=found.version, **counts)]
    for at, each in enumerate(catalogue.bundles, start=1):
        names = _joined((catalogue.products[code].name.read_in(language) for code in each.products), language)
        facts = {"name": each.name.read_in(language), "aim": aim_words(each.aim, language), "products": names}
        lines.append(BUNDLE_LINE.say(language, at=at, **facts))
    return "\n".join([*lines, *([CHOOSE_GROUP.say(language)] if groups else [])])[:4096]


def matrix(found: Edition, language: Language, *, may_set: bool) -> str:
    """What the matrix says, class by class."""
    rows = [
        ROW.say(language, standing=class_name(each, language), cells=_cells(found.catalogue, each, language))
        for each in CLASSES
    ]
    hint = [HOW_TO_SET.say(language)] if may_set else []
    return "\n".join([MATRIX_HEAD.say(language, version=found.version), *rows, *hint])[:4096]


def was_set(found: Edition, changes: Sequence[Change], language: Language) -> str:
    """What a changed cell made of the catalogue."""
    return SET.say(language, version=found.version, changes="\n".join(change_lines(changes, language)))


def change_lines(changes: Sequence[Change], language: Language, most: int = SHOWN_CHANGES) -> list[str]:
    """What differs between two versions, place by place."""
    lines = [
        CHANGED.say(language, place=each.place, old=each.old or "–", new=each.new or "–") for each in changes[:most]
    ]
    return [*lines, *([MORE_CHANGES.say(language, count=len(changes) - most)] if len(changes) > most else [])]


def in_group(found: Readers, bundles: Sequence[Bundle], version: int, language: Language) -> str:
    """A group, who is in it, and the bundles for it."""
    heads = _joined(
        (HEADS.say(language, standing=class_name(each, language), heads=n) for each, n in found.classes.items()),
        language,
    )
    classes = CLASSES_IN.say(language, classes=heads) if heads else ""
    facts = {"title": found.title, "members": found.members, "classes": classes, "version": version}
    return "\n".join([GROUP_HEAD.say(language, **facts), *(f"· {each.name.read_in(language)}" for each in bundles)])


def preview(found: Preview, bank: str, language: Language) -> str:
    """What a group would read, and what is left out for which reason."""
    shown = card(found.selection, bank, Language.ZH)
    parts = [PREVIEW.say(language, title=found.readers.title, members=found.readers.members, card=shown)]
    if found.selection.kept_back:
        parts.append(KEPT_BACK.say(language, lines=_lines(found.selection.kept_back, None, language)))
    parts.append(HINT.say(language, minutes=int(PREVIEW_LIFE.total_seconds() // 60)))
    return "\n\n".join(parts)


def posted(found: Preview, language: Language) -> str:
    """It is on its way."""
    return POSTED.say(language, title=found.readers.title, version=found.post.version)


def customer_lines(found: CustomerBundle | None, language: Language) -> list[str]:
    """What a customer gets, below the card: shown, for a question, not shown and why."""
    if found is None:
        return []
    selection = found.selection
    if selection is None:
        return [NO_BUNDLE.say(language, version=found.version), *plan_lines(found, language)]
    names = _names(selection.shown, language) or NOTHING_SHOWN.say(language)
    name = selection.bundle.name.read_in(language)
    lines = [CUSTOMER.say(language, name=name, version=selection.version, products=names)]
    if asked := [each.product for each in selection.lines if each.if_asked]:
        lines.append(IF_ASKED.say(language, products=_names(asked, language)))
    if selection.kept_back:
        lines.append(LEFT_OUT.say(language, lines=_lines(selection.kept_back, selection.appetite, language)))
    return [*lines, *plan_lines(found, language)]


def customer(found: CustomerBundle, number: str, bank: str, language: Language) -> str:
    """The same in full: who it is for, the terms of what may be shown, the rest with its reasons."""
    profile = found.profile
    known = [
        *([class_name(profile.standing, language)] if profile.standing else []),
        *([LIFECYCLES[profile.lifecycle].say(language)] if profile.lifecycle else []),
        NOT_ASSESSED.say(language) if profile.appetite is None else APPETITE.say(language, appetite=profile.appetite),
        NEED_UNKNOWN.say(language) if profile.horizon is None else HORIZON.say(language, days=profile.horizon),
    ]
    parts = [WHO_GETS.say(language, number=number, facts=" · ".join(known))]
    if found.selection and found.selection.shown:
        parts.append(card(found.selection, bank, language))
        parts.append("\n".join(portfolio_lines(portfolio(found.selection, profile.holdings), profile, language)))
    return "\n\n".join([*filter(None, parts), "\n".join(customer_lines(found, language))])


def refusal(found: CatalogueRefusal, language: Language) -> str:
    """Why nothing is shown, changed or posted."""
    return REFUSALS[found].say(language, days=APART.days)


def class_name(standing: Class, language: Language) -> str:
    """A row of the matrix in words."""
    if isinstance(standing, Letter):
        return CLASS.say(language, letter=standing)
    return TIERS[standing].say(language)


def aim_words(aim: Aim, language: Language) -> str:
    """Whom a bundle is for."""
    parts = [
        *(CLASS.say(language, letter=each) for each in sorted(aim.letters)),
        *(LIFECYCLES[each].say(language) for each in sorted(aim.lifecycles)),
        *(TIERS[each].say(language) for each in sorted(aim.tiers)),
    ]
    if aim.all_merchants:
        parts.append(EVERY_GROUP.say(language))
    elif aim.merchants:
        parts.append(OF_MERCHANTS.say(language, merchants=_joined(sorted(aim.merchants), language)))
    return " · ".join(parts)


def read_advice(word: str) -> str:
    """The advice that a word in either language stands for; the word itself where it is none."""
    names = {phrase.say(language): str(each) for each, phrase in ADVICES.items() for language in Language}
    return names.get(word, word)


def _cells(catalogue: Catalogue, standing: Class, language: Language) -> str:
    row = catalogue.matrix.get(standing, {})
    lines = [
        CELL.say(language, advice=phrase.say(language), products=_joined(codes, language))
        for each, phrase in ADVICES.items()
        if (codes := [code for code in catalogue.products if row.get(code) is each])
    ]
    return "\n".join(lines) or NO_CELLS.say(language)


def _product(at: int, each: Product, language: Language) -> str:
    facts = {"name": each.name, "terms": each.terms, "fee": each.fee}
    said = PRODUCT.say(language, at=at, **{name: text.read_in(language) for name, text in facts.items()})
    risk = RISK.say(language, risk=each.risk) if each.risk else ""
    provider = PROVIDER.say(language, provider=each.provider.read_in(language)) if each.provider else ""
    return f"{said}{risk}{provider}"


def _lines(found: Iterable[Line], appetite: int | None, language: Language) -> str:
    said = (
        LINE.say(language, name=each.product.name.read_in(language), why=left_out_words(each, appetite, language))
        for each in found
    )
    return _joined(said, language)


def _names(products: Iterable[Product], language: Language) -> str:
    return _joined((each.name.read_in(language) for each in products), language)


def _joined(words: Iterable[str], language: Language) -> str:
    return ("、" if language is Language.ZH else ", ").join(words)
