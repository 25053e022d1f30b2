"""What organisers read about stamp rallies in the chat: the list, one event's screen, its groups, a booth's pause."""

from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.rallies.model import (
    Booth,
    BoothFigures,
    BoothState,
    Loaded,
    Placing,
    Rally,
    RallyFigures,
    RallyPreview,
)
from handlers.wording.pauses import reason
from handlers.wording.phrase import Phrase
from handlers.wording.rallies import STATES, frame
from handlers.wording.rally_pages import of, rule_page
from handlers.wording.times import when

RALLY_WORDS = ("集章活动",)

NO_RALLIES = Phrase(
    "还没有集章活动。点「样例文件」，改成您的活动后发给我，说明写 /rally；也可以发 /rally，换行后贴上文件的内容。",
    "There is no stamp rally yet. Take the sample file, make it your event and send it to me with /rally as the "
    "caption, or /rally and the file's text on new lines.",
)
SAMPLE_BUTTON = Phrase("📄 样例文件", "📄 Sample file")
SAMPLE = Phrase(
    "这是一个完整的活动。改成您的，再发给我，说明写 /rally。",
    "This is a whole event. Make it yours and send it back to me with /rally as the caption.",
)
CHOOSE = Phrase("集章活动，选一个：", "Stamp rallies, choose one:")
BUTTON = Phrase("{title} · {state} · {when}", "{title} · {state} · {when}")
ANNOUNCE, MORE_GROUPS = Phrase("公告", "Announce"), Phrase("再公告到其他群", "Announce in more groups")
RULES, OPEN, CLOSE = Phrase("规则页", "Rules"), Phrase("现在开始", "Open now"), Phrase("现在结束", "End now")
SURE_OPEN = Phrase("确定现在开始", "Yes, open now")
SURE_CLOSE = Phrase("确定现在结束（不能再开）", "Yes, end it for good")
BOOTHS, BACK, ALL = Phrase("摊位", "Booths"), Phrase("返回", "Back"), Phrase("全选／全不选", "All / none")
PREVIEW_BUTTON, PAUSE, RESUME = Phrase("预览", "Preview"), Phrase("⏸ 暂停", "⏸ Pause"), Phrase("▶️ 恢复", "▶️ Resume")
CONFIRM = Phrase("发布（{heads} 人可见）", "Publish to {heads} people")
PUBLISHED = Phrase(
    "已公告。规则已发到群里，从现在起只能往对客户有利的方向改。",
    "Announced: the rules are in the groups. From now on they only change in the customers' favour.",
)
PLACES = Phrase(
    "「{title}」公告到哪些群？✓ 已选，📌 已发。", "Announce “{title}” in which groups? ✓ chosen, 📌 posted."
)
NO_OWN_GROUP = Phrase(
    "您还没有登记的商户福利群，请先在群里发 /register。", "You have no registered group yet: send /register in one."
)
PREVIEW_HEAD = Phrase(
    "将发到 {groups} 个群，{heads} 人可见：\n\n{page}", "For {groups} groups with {heads} people:\n\n{page}"
)
ASK_REASON = Phrase(
    "{booth} 为什么暂停？客人会看到，例如：缺料 | Out of cups（写一种语言也行，发「取消」不暂停）",
    "Why does {booth} pause? Visitors will read it, e.g. 缺料 | Out of cups; one language will do (“cancel” ends)",
)
NOT_PAUSED = Phrase("好的，没有暂停。", "All right, it goes on.")
PAUSED = Phrase("{code} 已暂停：{reason}", "{code} is paused: {reason}")
RESUMED = Phrase("{code} 已恢复。", "{code} is open.")
SHOW = Phrase("打开活动", "Open the event")
CODE_BUTTON = Phrase("二维码", "QR code")
CODE_CAPTION = Phrase(
    "扫码就能参加，可印在海报上：{link}", "Whoever scans this takes part; print it on posters: {link}"
)
WHICH_BOOTH = Phrase("「{title}」的摊位：", "Booths of “{title}”:")
FILE_TOO_LARGE = Phrase("文件太大，请发 50 KB 以内的 YAML。", "Too large: a YAML of 50 KB at most, please.")
IN_PRIVATE = Phrase("请私聊我发 /rally。", "Please send /rally to me in private.")
LOADED = Phrase(
    "已存为草稿，我的理解如下，请核对：\n\n{page}", "Kept as a draft. Please check what I understood:\n\n{page}"
)
LOADED_NEW_VERSION = Phrase(
    "已改为规则第 {version} 版，并重新发到公告过的群。",
    "The rules are version {version} now, posted again in its groups.",
)
FIGURES = Phrase(
    "【集章】{title} · {state}\n{hours}\n{place}\n参加 {members} 人 · 印章 {stamps} 枚 · 勋章 {medals} 枚",
    "[Stamp rally] {title} · {state}\n{hours}\n{place}\n{members} take part · {stamps} stamps · {medals} medals",
)
OF_BOOTH = Phrase("{code} {name} · {state}{stamps} 枚{waiting}", "{code} {name} · {state}{stamps} stamps{waiting}")
BOOTH_PAUSED = Phrase("暂停（{reason}）· ", "paused ({reason}) · ")
WAITING = Phrase("，{n} 人等店员", ", {n} wait for a clerk")


def rally_button(rally: Rally, zone: ZoneInfo, language: Language) -> str:
    """An event's line in the list."""
    state = STATES[rally.state].say(language)
    return BUTTON.say(
        language, title=of(rally, "title", language), state=state, when=when(rally.starts_at, zone, language)
    )


def figures(found: RallyFigures, zone: ZoneInfo, language: Language) -> str:
    """An event at one look."""
    rally = found.rally
    head = FIGURES.say(
        language,
        state=STATES[rally.state].say(language),
        members=found.members,
        stamps=found.stamps,
        medals=found.medals,
        **frame(rally, zone, language),
    )
    return "\n".join([head, "", *(_of_booth(each, language) for each in found.booths)])


def loaded(found: Loaded, zone: ZoneInfo, language: Language) -> str:
    """What was understood of a file."""
    if found.version is not None:
        return LOADED_NEW_VERSION.say(language, version=found.version)
    return LOADED.say(language, page=rule_page(found.rally.plan, zone, language))


def places(found: Placing, language: Language) -> str:
    """Where an event may be announced."""
    title = of(found.rally, "title", language)
    return PLACES.say(language, title=title) if found.groups else NO_OWN_GROUP.say(language)


def preview(found: RallyPreview, language: Language) -> str:
    """The rules as they will be posted, with how many people that reaches."""
    groups = len(found.placing.chosen - found.placing.told)
    return PREVIEW_HEAD.say(language, groups=groups, heads=found.heads, page=found.page)


def which_booth(rally: Rally, language: Language) -> str:
    """What stands above an event's booths."""
    return WHICH_BOOTH.say(language, title=of(rally, "title", language))


def booth_name(booth: Booth, language: Language) -> str:
    """A booth's code and name."""
    return f"{booth.code} {of(booth, 'name', language)}"


def _of_booth(found: BoothFigures, language: Language) -> str:
    booth = found.booth
    is_paused = booth.state is BoothState.PAUSED
    return OF_BOOTH.say(
        language,
        code=booth.code,
        name=of(booth, "name", language),
        state=BOOTH_PAUSED.say(language, reason=reason(booth.reason, language)) if is_paused else "",
        stamps=found.stamps,
        waiting=WAITING.say(language, n=found.waiting) if found.waiting else "",
    )
