"""What customers read who look at the data that they may tell the bank themselves."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.workbench.model import Update
from handlers.wording.fields import VALUES, field_name
from handlers.wording.phrase import Phrase

OWN_DATA_WORDS = ("我的资料", "更新资料", "我的資料", "my data")

HEAD = Phrase(
    "您可以告诉银行下面几项，也可以不填。只有您的理财经理能看到，用来给您更合适的服务。手机号用 /bind 更换。",
    "You may tell the bank these things, or not. Only your wealth manager sees them, to serve you better. "
    "Change your number with /bind.",
)
TOLD = Phrase("· {name}：{value}（{day}）", "· {name}: {value} ({day})")
NOT_TOLD = Phrase("· {name}：还没填", "· {name}: not told yet")
CHOOSE = Phrase("{name}，请选一项：", "{name}, please choose:")
KEPT = Phrase("已更新：{name} {value}。谢谢！", "Updated: {name} {value}. Thank you!")
NOT_BOUND = Phrase("请先发 /bind 绑定手机号。", "Please link your number with /bind first.")
PRIVATE_ONLY = Phrase("个人资料只在私聊里更新，请私聊我。", "Personal data belong in our private chat.")


def page(fields: Sequence[str], told: Sequence[Update], zone: ZoneInfo, language: Language) -> str:
    """What may be told, with what was told last."""
    latest = {each.field: each for each in told}
    return "\n".join([HEAD.say(language), *(_line(field, latest.get(field), zone, language) for field in fields)])


def kept(field: str, value: str, language: Language) -> str:
    """What was told is kept."""
    return KEPT.say(language, name=field_name(field, language), value=VALUES[value].say(language))


def choose(field: str, language: Language) -> str:
    """Which value it is."""
    return CHOOSE.say(language, name=field_name(field, language))


def _line(field: str, told: Update | None, zone: ZoneInfo, language: Language) -> str:
    name = field_name(field, language)
    if told is None:
        return NOT_TOLD.say(language, name=name)
    day = told.at.astimezone(zone).date()
    return TOLD.say(language, name=name, value=VALUES[told.value].say(language), day=day)
