"""What people read when a chain is opened."""

from typing import assert_never

from campaigns.chains.model import OpenRefusal, PlanFault
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

OPENED = Phrase("接龙「{product}」已开始，卡片已发到群里。", "The chain “{product}” is open; its card is in the group.")
USAGE = Phrase(
    "请这样发：/chain 产品 名额 截止时间\n例如：/chain 联名信用卡 10 明天20:00\n"
    "可以加：每人2份 确认6小时 品种：苹果、香蕉；在「|」后面加条件：| 已绑定 | 3人=福利",
    "Please send: /chain product places deadline\nFor example: /chain Co-branded card 10 12-31 20:00\n"
    "You may add: max 2 confirm 6h items: apples, bananas; conditions after a bar: | bound | 3 people = benefit",
)
PRIVATE_USAGE = Phrase(
    "也可以私聊我发 /chain，我一步一步问你。", "Or send /chain to me in private and I will ask step by step."
)
NO_GROUP = Phrase("本群还没有登记，请先发 /register。", "This group is not registered yet: send /register first.")
NO_GROUPS = Phrase(
    "你还没有登记商户福利群。把我加进群，再在群里发 /register。",
    "You have no registered group yet. Add me to a group and send /register there.",
)
NOT_YOUR_GROUP = Phrase("这个群由另一位理财经理管理。", "Another wealth manager looks after this group.")
SAME_PRODUCT = Phrase("本群已有同名接龙在进行，请先结束它。", "A chain with this name is open here: close it first.")
ASK_GROUP = Phrase("在哪个群开接龙？", "In which group?")
ASK_PRODUCT = Phrase(
    "接龙的产品叫什么？（最多 60 字，发「取消」结束）",
    "What is the product called? (60 characters at most; “cancel” ends)",
)
ASK_PLACES = Phrase("多少个名额？（1–500）", "How many places? (1–500)")
ASK_DEADLINE = Phrase(
    "什么时候截止？例如：明天20:00、12-31 18:00、3天\n可以加：每人2份 确认6小时 品种：苹果、香蕉",
    "When does it end? For example: 12-31 18:00, tomorrow 20:00, 3d\n"
    "You may add: max 2 confirm 6h items: apples, bananas",
)
CANCELLED = Phrase("好的，没有开接龙。", "All right, no chain was opened.")
NO_PRODUCT = Phrase("请写产品名称。", "Please name the product.")
LONG_PRODUCT = Phrase("产品名称最多 60 字。", "The product's name takes 60 characters at most.")
BAD_PLACES = Phrase("名额请写 1 到 500 的数字。", "Places: a number from 1 to 500.")
BAD_DEADLINE = Phrase(
    "没看懂截止时间。请写如：明天20:00、12-31 18:00、3天。",
    "I could not read the deadline. Write 12-31 18:00, tomorrow 20:00 or 3d.",
)
PAST_DEADLINE = Phrase("截止时间已经过去了。", "That deadline is in the past.")
BAD_LIMIT = Phrase("每人最多几份，请写 1 到名额数之间的数字。", "Most per person: a number from 1 to the places.")
BAD_ITEMS = Phrase(
    "品种请写 2 到 20 个，各不相同，每个最多 20 字。", "Items: 2 to 20 different ones, 20 characters each at most."
)
BAD_CONFIRMING = Phrase("候补确认时间请写 10 分钟到 3 天。", "Time to confirm: 10 minutes to 3 days.")


def open_refusal(refusal: OpenRefusal, language: Language) -> str:
    """Why no chain was opened."""
    match refusal:
        case OpenRefusal.NO_GROUP:
            return NO_GROUP.say(language)
        case OpenRefusal.NOT_YOUR_GROUP:
            return NOT_YOUR_GROUP.say(language)
        case OpenRefusal.SAME_PRODUCT_OPEN:
            return SAME_PRODUCT.say(language)
        case OpenRefusal.PAST_DEADLINE:
            return PAST_DEADLINE.say(language)
        case _:
            assert_never(refusal)


def plan_fault(fault: PlanFault, language: Language) -> str:
    """What is wrong with a plan."""
    match fault:
        case PlanFault.NO_PRODUCT:
            return NO_PRODUCT.say(language)
        case PlanFault.LONG_PRODUCT:
            return LONG_PRODUCT.say(language)
        case PlanFault.BAD_PLACES:
            return BAD_PLACES.say(language)
        case PlanFault.BAD_DEADLINE:
            return BAD_DEADLINE.say(language)
        case PlanFault.PAST_DEADLINE:
            return PAST_DEADLINE.say(language)
        case PlanFault.BAD_LIMIT:
            return BAD_LIMIT.say(language)
        case PlanFault.BAD_ITEMS:
            return BAD_ITEMS.say(language)
        case PlanFault.BAD_CONFIRMING:
            return BAD_CONFIRMING.say(language)
        case _:
            assert_never(fault)
