"""What people read when they ask in plain words: reviewed entries, their own live data, and the way to a person."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from campaigns.answers.live import OwnEntry
from campaigns.answers.model import AnswerEntry, Variable
from campaigns.answers.rules import fill
from campaigns.chains.model import Chain
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

LONGEST_SHORT = 200

WHICH_ONE = Phrase("您想问的是：", "Which of these do you mean?")
PERSON_BUTTON = Phrase("找人工", "Ask a person")
POINTS_BUTTON = Phrase("我的波豆", "My points")
CHAINS_BUTTON = Phrase("我的接龙", "My chains")
COUPONS_BUTTON = Phrase("我的券", "My coupons")
LANGUAGE_BUTTON = Phrase("English", "中文")
PRIVATE_BUTTON = Phrase("私聊我", "Write to me")
MORE_BUTTON = Phrase("私聊看全文", "Read it all")
WELCOME = Phrase(
    "您好！想问什么直接写，例如「我的波豆」「怎么参加接龙」；发 /help 看全部功能。",
    "Hello! Just ask, for example “my points” or “how to join a chain”; /help shows everything.",
)
YOU_ARE_WELCOME = Phrase("不客气，随时找我。", "You are welcome.")
IN_GROUP_ONLY = Phrase(
    "报名在群里进行：请到群里发「接龙」或「+1」，或者点接龙卡片上的按钮。发「我的接龙」看您报过的。",
    "Sign-up happens in the group: send “+1” there or tap the chain's card. “my chains” shows yours.",
)
PERSONAL = Phrase("这是您个人的内容，我只在私聊里说。", "This is personal: I say it in private only.")
GONE = Phrase("这条答复已更新，请重新提问。", "This answer has changed: please ask again.")
NO_ENTRIES = Phrase(
    "您最近没有参加接龙。群里有接龙时，发「接龙」或「+1」报名。",
    "You are in no chain lately. When one runs in your group, send “+1” there.",
)
OWN_CHAINS = Phrase("您的接龙：", "Your chains:")
HERE = Phrase("这里现在可以：", "Here and now you can:")
HERE_CHAIN = Phrase(
    "· 接龙「{product}」：{taken}/{places}，截止 {until}，发「接龙」或「+1」报名",
    "· join the chain “{product}”: {taken}/{places}, until {until}; send “+1”",
)
HERE_ALWAYS = Phrase(
    "· 有活动时：发「签到」「抽奖」\n· @我 提问，例如「怎么兑换波豆」\n· 个人的事（波豆、券、进度、绑定）请私聊我",
    "· when one runs: /checkin, /draw\n· mention me with a question, such as “how to redeem points”\n"
    "· personal matters (points, coupons, progress) in private",
)


def text_of(entry: AnswerEntry, bank: str, language: Language) -> str:
    """An entry as it is said in private."""
    text = entry.text_zh if language is Language.ZH else entry.text_en
    return fill(text, {Variable.BANK: bank})


def short_of(entry: AnswerEntry, bank: str, language: Language) -> tuple[str, bool]:
    """An entry as it is said in a group: its first paragraph; and whether that is all of it."""
    whole = text_of(entry, bank, language)
    first = whole.partition("\n")[0][:LONGEST_SHORT]
    return first, first == whole


def title_of(entry: AnswerEntry, language: Language) -> str:
    """An entry's title."""
    return entry.title_zh if language is Language.ZH else entry.title_en


def own_chains(entries: Sequence[OwnEntry], zone: ZoneInfo, language: Language) -> str:
    """A member's entries, the newest first."""
    if not entries:
        return NO_ENTRIES.say(language)
    return "\n".join([OWN_CHAINS.say(language), *(_own_chain(each, zone, language) for each in entries)])


def here_and_now(chains: Sequence[Chain], zone: ZoneInfo, language: Language) -> str:
    """What a group offers at this moment."""
    lines = [
        HERE_CHAIN.say(
            language,
            product=each.product,
            taken=each.taken,
            places=each.places,
            until=when(each.deadline, zone, language),
        )
        for each in chains
    ]
    return "\n".join([HERE.say(language), *lines, HERE_ALWAYS.say(language)])


def _own_chain(entry: OwnEntry, zone: ZoneInfo, language: Language) -> str:
    zh = language is Language.ZH
    amount = (f" × {entry.quantity}" if entry.quantity > 1 else "") + (f" {entry.item}" if entry.item else "")
    if entry.waits:
        state = "候补中" if zh else "on the waitlist"
    elif entry.is_open:
        state = "已报名" if zh else "you are in"
    else:
        state = "已结束，您在名单里" if zh else "over, you are on the list"
    until = when(entry.deadline, zone, language)
    end = (f"，截止 {until}" if zh else f", until {until}") if entry.is_open else ""
    colon = "：" if zh else ": "
    return f"· {entry.merchant}「{entry.product}」{amount}{colon}{state}{end}"
