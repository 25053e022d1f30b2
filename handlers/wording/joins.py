"""What somebody reads who opened a join code: what it is for, and the way into the group."""

from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.publicity.model import Opened, Opening
from handlers.wording.phrase import Phrase
from handlers.wording.publicity import facts_of
from handlers.wording.times import on_day

JOIN_BUTTON = Phrase("进群", "Join the group")
OVER = Phrase(
    "「{title}」已于 {day}结束，当时的福利不再发放。{merchant}商户福利群还在，欢迎进群，新活动会在群里通知。",
    "“{title}” took place on {day}; what was offered then is over. The group of {merchant} goes on: join it for more.",
)
ASK_AGAIN = Phrase("请向发给您码的人要群邀请。", "Ask whoever gave you the code for an invitation.")


def opened(found: Opened, bank: str, zone: ZoneInfo, language: Language) -> str:
    """What somebody reads who opened a code."""
    match found.outcome:
        case Opening.UNKNOWN:
            return Phrase("没有这个码，请向发给您的人再要一次。", "There is no such code: ask for it again.").say(
                language
            )
        case Opening.CANCELLED:
            return Phrase("抱歉，这场活动已取消。", "Sorry, this event is cancelled.").say(language)
        case Opening.USED:
            return Phrase("这个邀请已被使用，请再要一个。", "This invitation is used: ask for another.").say(language)
        case Opening.INSIDE:
            return Phrase("您已经在群里了，群里见！", "You are in the group already. See you there!").say(language)
        case Opening.OVER:
            return _over(found, zone, language)
        case Opening.WELCOME:
            return _welcome(found, bank, zone, language)
        case _:
            assert_never(found.outcome)


def _welcome(found: Opened, bank: str, zone: ZoneInfo, language: Language) -> str:
    assert found.event is not None
    text = Phrase(
        "{title}\n🏪 {merchant}\n🎁 {benefits}\n🕒 {when}\n主办：{bank} · 咨询与投诉：{complaints}",
        "{title}\n🏪 {merchant}\n🎁 {benefits}\n🕒 {when}\nBy {bank}. Questions and complaints: {complaints}",
    ).say(language, **facts_of(found.event.merchant, found.event.plan, zone, language), bank=bank)
    return text if found.link is not None else f"{text}\n{ASK_AGAIN.say(language)}"


def _over(found: Opened, zone: ZoneInfo, language: Language) -> str:
    """An event of yesterday promises nothing; its group is still there."""
    assert found.event is not None
    day = on_day(found.event.plan.starts_at.astimezone(zone).date(), language)
    plan = found.event.plan
    text = OVER.say(language, title=plan.title_in(language), day=day, merchant=found.event.merchant)
    return text if found.link is not None else f"{text}\n{ASK_AGAIN.say(language)}"
