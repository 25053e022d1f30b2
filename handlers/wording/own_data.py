"""What people read who look at their own data: what they may tell the bank, and what events stored of them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.rallies.model import OwnStand
from campaigns.slips.codes import spoken
from campaigns.workbench.model import Update
from handlers.wording.fields import VALUES, field_name
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import of

MOST_RALLIES = 10
OWN_DATA_WORDS = ("我的资料", "更新资料", "我的資料", "my data")

HEAD = Phrase(
    "您可以告诉银行下面几项，也可以不填。只有您的理财经理能看到，用来给您更合适的服务；"
    "到您要用钱时还取不出来的产品，不会推荐给您。手机号用 /bind 更换。",
    "You may tell the bank these things, or not. Only your wealth manager sees them, to serve you better; what would "
    "still bind your money when you need it is not offered to you. Change your number with /bind.",
)
TOLD = Phrase("· {name}：{value}（{day}）", "· {name}: {value} ({day})")
NOT_TOLD = Phrase("· {name}：还没填", "· {name}: not told yet")
CHOOSE = Phrase("{name}，请选一项：", "{name}, please choose:")
KEPT = Phrase("已更新：{name} {value}。谢谢！", "Updated: {name} {value}. Thank you!")
RALLIES = Phrase("【集章活动】这里存着：", "[Stamp rallies] What is stored:")
RALLY = Phrase(
    "· {title}：编号 {number}，{stamps} 枚印章，{medals} 枚勋章",
    "· {title}: number {number}, {stamps} stamps, {medals} medals",
)
RALLY_MORE = Phrase(
    "还有每次扫码的摊位和时间、领过的伴手礼和商户券。名字加密保存，店员只看到打码的名字。\n"
    "用途：盖章、发礼品、防止刷章、和商户结算。\n"
    "解绑手机号不会删除这些记录：每位客户一份礼品要靠它们。\n"
    "要看全部、更正或删除，请联系{organiser}：{complaints}。结算之前，印章和礼品记录要保留。",
    "Also booth and time of each scan, gifts and coupons you had. Your name is encrypted; clerks see it masked.\n"
    "Purpose: stamps, gifts, stopping cheats, settling with the merchants.\n"
    "Unlinking your number does not delete this: one gift for each customer depends on it.\n"
    "To see all of it, correct or delete it, please ask {organiser}: {complaints}. Until the event is settled, stamps "
    "and gifts must be kept.",
)
STAMPS_STAY = Phrase(
    "集章和礼品记录另外保存，发「我的资料」可看。", "Stamps and gifts are stored apart: send /my_data to see them."
)
NOT_BOUND = Phrase("请先发 /bind 绑定手机号。", "Please link your number with /bind first.")
LOANS = Phrase(
    "贷款申请 {count} 件：店名、统一社会信用代码、金额、期限等，用来办理申请。\n"
    "发「我的贷款申请」可查看、导出、撤回、删除。",
    "Loan requests: {count}, with shop, registration, amount and term, to work on them.\n"
    "/my_loans shows, exports, takes back and deletes them.",
)
PRIVATE_ONLY = Phrase("个人资料只在私聊里更新，请私聊我。", "Personal data belong in our private chat.")


def page(fields: Sequence[str], told: Sequence[Update], zone: ZoneInfo, language: Language) -> str:
    """What may be told, with what was told last."""
    latest = {each.field: each for each in told}
    return "\n".join([HEAD.say(language), *(_line(field, latest.get(field), zone, language) for field in fields)])


def rallies(found: Sequence[OwnStand], language: Language) -> str:
    """What is stored of somebody's stamps, what for, and who deletes it; the latest event's organiser is asked."""
    lines = [
        RALLY.say(
            language,
            title=of(each.rally, "title", language),
            number=spoken(each.member.number),
            stamps=len(each.stamped),
            medals=len(each.medals),
        )
        for each in found[:MOST_RALLIES]
    ]
    rules = found[0].rally.plan.rules
    more = RALLY_MORE.say(
        language, organiser=of(rules, "organiser", language), complaints=of(rules, "complaints", language)
    )
    return "\n".join([RALLIES.say(language), *lines, more])


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
