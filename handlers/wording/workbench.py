"""What managers read at their desk: the own customers, what stands below a card, notes, needs, tags, fields to ask."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from campaigns.applications.model import Stage
from campaigns.members.model import Language, Purpose
from campaigns.members.rules import masked
from campaigns.notes.model import Note, NoteKind, NoteRefusal
from campaigns.notes.rules import LONGEST
from campaigns.tags.rules import DICTIONARY
from campaigns.workbench.model import Desk, DeskPage, Fatigue, SearchKind
from campaigns.workbench.rules import PAGE
from handlers.wording.applications import STAGES
from handlers.wording.fields import VALUES, field_name
from handlers.wording.fields import ask_words as field_ask
from handlers.wording.followups import desk_lines
from handlers.wording.phrase import Phrase
from handlers.wording.tags import NAMES, tag_name

MY_WORDS = ("我的客户", "我的客戶", "my customers")
SHORTENED, BUTTON = 60, 24

HEAD = Phrase("我的客户 · 共 {total:,} 位", "My customers: {total:,}")
FOUND_BY = Phrase("我的客户 ·「{words}」（{kind}）· 共 {total:,} 位", "My customers, “{words}” ({kind}): {total:,}")
KINDS = {
    SearchKind.LETTER: Phrase("类别", "class"),
    SearchKind.TAG: Phrase("标签", "tag"),
    SearchKind.STAGE: Phrase("办卡进度", "application"),
    SearchKind.DIGITS: Phrase("号码后几位", "last digits"),
    SearchKind.LATIN: Phrase("拼音", "pinyin"),
    SearchKind.NAME: Phrase("姓名", "name"),
}
EMPTY = Phrase(
    "还没有客户。群里有人绑定手机号，或客户交给您，就会出现在这里。",
    "No customers yet. They appear here when members of your groups link their number, or are handed to you.",
)
NOBODY = Phrase("没有找到。", "Nobody found.")
PAGE_OF = Phrase("第 {page}/{pages} 页", "Page {page} of {pages}")
LINE = Phrase("{at}. {who} · {letter}{stage}{open}", "{at}. {who} · {letter}{stage}{open}")
STAGE = Phrase(" · {stage}", " · {stage}")
UNCLASSED = Phrase("未分层", "no class")
OPEN = Phrase(" · ⏰{count}", " · ⏰{count}")
HINT = Phrase(
    "点号码看客户卡。搜索发「我的客户 …」：姓名、拼音首字母、后四位、标签、类别或办卡进度。",
    "Tap a number for the card. To search send /my and a name, pinyin initials, digits, a tag, a class or a stage.",
)
PREVIOUS, NEXT = Phrase("‹ 上一页", "‹ Back"), Phrase("下一页 ›", "More ›")
BACK = Phrase("‹ 我的客户", "‹ My customers")

NEEDS = Phrase("💡 需求：{needs}", "💡 Needs: {needs}")
NOTES = Phrase("📝 备注：{notes}", "📝 Notes: {notes}")
DATED = Phrase("{words}（{day}）", "{words} ({day})")
CONSENTS = Phrase("✅ 同意：{given}", "✅ Consents: {given}")
NO_CONSENT = Phrase("✅ 同意：无", "✅ Consents: none")
PURPOSES = {
    Purpose.BINDING: Phrase("绑定（{since}）", "linking ({since})"),
    Purpose.MARKETING: Phrase("接收福利（{since}）", "offers ({since})"),
    Purpose.CONTACT: Phrase("经理联系（{since}）", "being contacted ({since})"),
}
FATIGUE = Phrase(
    "📬 近 7 天收到 {week} 条，近 30 天 {month} 条（福利 {offers} 条）",
    "📬 messages in 7 days: {week}, in 30: {month} (offers: {offers})",
)
ASK = Phrase("❓ 请核实一项：{field}", "❓ Please ask one thing: {field}")
UPDATED = Phrase("🆕 已核实：{fields}", "🆕 Asked again: {fields}")
UPDATED_FIELD = Phrase("{name} {value}（{day}）", "{name}: {value} ({day})")

NOTE_BUTTON = Phrase("📝 备注", "📝 Note")
NEED_BUTTON = Phrase("💡 需求", "💡 Need")
TAG_BUTTON = Phrase("🏷 标签", "🏷 Tag")
ASK_BUTTON = Phrase("❓ {field}", "❓ {field}")
SETTLE_BUTTON = Phrase("✓ {words}", "✓ {words}")

WRITE = {
    NoteKind.NOTE: Phrase(
        "请发一句备注（不超过 {longest} 字）。不要写卡号、身份证号、密码。发「取消」放弃。",
        "Send one note (at most {longest} characters). No card or identity numbers, no passwords. “cancel” stops.",
    ),
    NoteKind.NEED: Phrase(
        "客户需要什么？请发一句话（不超过 {longest} 字）。发「取消」放弃。",
        "What does the customer need? Send one sentence (at most {longest} characters). “cancel” stops.",
    ),
}
STOPPED = Phrase("好的，没有保存。", "All right, nothing was kept.")
KEPT = {
    NoteKind.NOTE: Phrase("备注已加密保存。", "The note is kept, encrypted."),
    NoteKind.NEED: Phrase("需求已加密保存。", "The need is kept, encrypted."),
}
NOT_KEPT = {
    NoteRefusal.EMPTY: Phrase("没有收到文字，请再发一次。", "There were no words: please send them again."),
    NoteRefusal.TOO_LONG: Phrase(
        "超过 {longest} 字，请写短些再发。", "That is over {longest} characters: please shorten."
    ),
    NoteRefusal.CARD_NUMBER: Phrase(
        "没有保存：里面像是银行卡号。请去掉号码再发，并把刚才那条消息删掉。",
        "Not kept: this looks like the number of a bank card. Leave it out, and delete your message.",
    ),
    NoteRefusal.IDENTITY_NUMBER: Phrase(
        "没有保存：里面是身份证号。请去掉号码再发，并把刚才那条消息删掉。",
        "Not kept: this is an identity number. Leave it out, and delete your message.",
    ),
    NoteRefusal.LOGIN_CODE: Phrase(
        "没有保存：密码、验证码、安全码任何人都不能记。请把刚才那条消息删掉，并提醒客户修改。",
        "Not kept: nobody may write down passwords, PINs or codes. Delete your message and ask for a new one.",
    ),
}
SETTLED = Phrase("已了结。", "Settled.")
SETTLED_ALREADY = Phrase("这条已经了结了。", "That was settled already.")
CHOOSE_TAG = Phrase("点一下加上或取消标签：", "Tap to set or remove a tag:")
TAG_EVIDENCE = Phrase("客户卡上标记", "set at the customer's card")
CHOOSE_VALUE = Phrase("客户怎么说？{field}：", "What does the customer say? {field}:")
ANSWERED = Phrase("已更新：{field} {value}。", "Noted: {field} {value}.")


def tag_codes() -> Mapping[str, str]:
    """The names of all tags in both languages, folded, with their codes."""
    names = {phrase.say(language): code for code, phrase in NAMES.items() for language in Language}
    return {
        "".join(name.split()).casefold(): code
        for name, code in {**names, **{code: code for code in DICTIONARY}}.items()
    }


def stage_codes() -> Mapping[str, str]:
    """The names of all stages of an application in both languages, folded, with their codes."""
    names = {phrase.say(language): stage for stage, phrase in STAGES.items() for language in Language}
    return {"".join(name.split()).casefold(): stage for name, stage in names.items()}


def page(found: DeskPage, language: Language) -> str:
    """A page of the own customers, names masked."""
    if found.search.kind is SearchKind.ALL:
        head = HEAD.say(language, total=found.total)
    else:
        kind = KINDS[found.search.kind].say(language)
        head = FOUND_BY.say(language, words=found.search.words, kind=kind, total=found.total)
    if not found.customers:
        nothing = EMPTY if found.search.kind is SearchKind.ALL else NOBODY
        return f"{head}\n\n{nothing.say(language)}"
    lines = [line(found, at, language) for at in range(len(found.customers))]
    return "\n".join(
        [head, PAGE_OF.say(language, page=found.page, pages=found.pages), "", *lines, "", HINT.say(language)]
    )


def line(found: DeskPage, at: int, language: Language) -> str:
    """One customer: number, masked name, class, open follow-ups."""
    each = found.customers[at]
    facts = {
        "who": f"{each.customer.number} {masked(each.name)}" if each.name else each.customer.number,
        "letter": each.letter or UNCLASSED.say(language),
        "stage": STAGE.say(language, stage=STAGES[Stage(each.stage)].say(language)) if each.stage else "",
        "open": OPEN.say(language, count=each.open_followups) if each.open_followups else "",
    }
    return LINE.say(language, at=place(found, at), **facts)


def place(found: DeskPage, at: int) -> int:
    """A customer's place in the whole list."""
    return (found.page - 1) * PAGE + at + 1


def button_label(found: DeskPage, at: int) -> str:
    """A customer's button: the place in the list and the end of the number."""
    number = found.customers[at].customer.number
    return f"{place(found, at)}. {number if len(number) <= 6 else '…' + number[-6:]}"


def desk(found: Desk, zone: ZoneInfo, language: Language) -> str:
    """What stands below the card."""
    needs = [shortened(each) for each in found.notes if each.kind is NoteKind.NEED]
    notes = [
        DATED.say(language, words=shortened(each), day=f"{each.at.astimezone(zone):%m-%d}")
        for each in found.notes
        if each.kind is NoteKind.NOTE
    ]
    lines = desk_lines(list(found.followups), list(found.contacts), zone, language)
    lines += [NEEDS.say(language, needs=_joined(needs, language))] * bool(needs)
    lines += [NOTES.say(language, notes=_joined(notes, language))] * bool(notes)
    lines.append(_consents(found, zone, language))
    if found.fatigue is not None:
        lines.append(_fatigue(found.fatigue, language))
    if found.updates:
        told = (
            UPDATED_FIELD.say(
                language,
                name=field_name(each.field, language),
                value=value_name(each.value, language),
                day=each.at.astimezone(zone).date(),
            )
            for each in found.updates
        )
        lines.append(UPDATED.say(language, fields=_joined(told, language)))
    if found.ask is not None:
        lines.append(ASK.say(language, field=field_ask(found.ask, language)))
    return "\n".join(lines)


def ask_words(kind: NoteKind, language: Language) -> str:
    """The request for a note or a need."""
    return WRITE[kind].say(language, longest=LONGEST)


def shortened(note: Note, length: int = SHORTENED) -> str:
    """The beginning of a note."""
    return note.words if len(note.words) <= length else f"{note.words[: length - 1]}…"


def not_kept(refusal: NoteRefusal, language: Language) -> str:
    """Why words are not kept."""
    return NOT_KEPT[refusal].say(language, longest=LONGEST)


def value_name(value: str, language: Language) -> str:
    """The answer to a field in words."""
    return VALUES[value].say(language) if value in VALUES else value


def tag_label(code: str, language: Language, *, held: bool) -> str:
    """A tag on its button; a tick where the customer has it."""
    return f"{'✓ ' if held else ''}{tag_name(code, language)}"


def _consents(found: Desk, zone: ZoneInfo, language: Language) -> str:
    if not found.consents:
        return NO_CONSENT.say(language)
    given = (
        PURPOSES[purpose].say(language, since=since.astimezone(zone).date())
        for purpose, since in sorted(found.consents.items())
        if purpose in PURPOSES
    )
    return CONSENTS.say(language, given=_joined(given, language))


def _fatigue(found: Fatigue, language: Language) -> str:
    return FATIGUE.say(language, **found._asdict())


def _joined(words: Iterable[str], language: Language) -> str:
    return ("；" if language is Language.ZH else "; ").join(words)
