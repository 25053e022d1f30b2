"""What managers read about prepared groups and merchants."""

from collections.abc import Sequence
from typing import assert_never

from campaigns.groups.model import Group, GroupPlan, PlanRefusal
from campaigns.members.model import Language
from campaigns.places.model import Merchant, SpotFault
from handlers.wording.groups import short_name
from handlers.wording.phrase import Phrase

PREPARED = Phrase(
    "「{title}」准备好了，两步建群：\n"
    "① 点下方「选择或新建群」，新建一个群（群名随意，我会改好）；\n"
    "② 确认把我设为管理员。公告、简介和权限由我来办。\n"
    "也可以先建好群，再点这个链接（只能用一次）：\n{link}",
    "“{title}” is prepared. Two taps:\n"
    "(1) tap “Choose or make the group” below and make one (any name, I correct it);\n"
    "(2) confirm me as administrator. I see to announcement, description and rights.\n"
    "Or make the group first and open this link, which works once:\n{link}",
)
CHOOSE = Phrase("选择或新建群", "Choose or make the group")
BATCH = Phrase(
    "准备好 {count} 个群。每个按钮开一个群，只能用一次：先新建群，再点按钮把我加进去。",
    "{count} groups are prepared. Each button opens one group, once: make a group, then add me with its button.",
)
BATCH_USAGE = Phrase(
    "请一行写一个商户（社区和支行可不写），最多 {most} 行：\n/newgroups\n老王面馆,幸福里,城东支行\n米店,阳光里",
    "One merchant a line (community and branch may be left out), at most {most} lines:\n"
    "/newgroups\nNoodles,Happy Lane,East branch",
)
FAULTY_LINE = Phrase("第 {number} 行：{why}", "Line {number}: {why}")
NOTHING_DONE = Phrase("没有准备任何群，请改好再发。", "Nothing was prepared: please correct it and send it again.")
NO_PLANS = Phrase("没有准备中的群。发 /newgroup 商户名 准备一个。", "No group is prepared. Send /newgroup MERCHANT.")
PLANS = Phrase("准备的群：", "Prepared groups:")
WAITING = Phrase("⏳ {name} · 待建", "⏳ {name} · waiting")
DONE = Phrase("✅ {name} · 已开", "✅ {name} · opened")
OPENED = Phrase("「{title}」开好了：公告马上置顶。", "“{title}” is open; the announcement is about to be pinned.")
OPENED_ENTRY = Phrase("\n发给大家的进群链接：{link}", "\nThe link for everybody: {link}")
MISSING = Phrase("\n还缺这些权限，请在群设置里给我：{rights}", "\nPlease give me these rights, too: {rights}")
RIGHTS = {
    "pin": Phrase("置顶消息", "pin messages"),
    "change_info": Phrase("修改群资料", "change group info"),
    "delete": Phrase("删除消息", "delete messages"),
    "restrict": Phrase("限制成员", "restrict members"),
    "invite": Phrase("邀请成员", "invite members"),
}
NO_PLACES = Phrase(
    "还没有商户。发「/places 商户,社区,支行」登记。", "No merchant yet. Send “/places MERCHANT,COMMUNITY,BRANCH”."
)
PLACES = Phrase("商户 {count} 家：", "{count} merchants:")
PLACE = Phrase("· {name}（{where}）：{groups} 群 {members} 人", "· {name} ({where}): {groups} groups, {members} people")
NOWHERE = Phrase("社区、支行未填", "no community, no branch")
KEPT = Phrase("已登记 {count} 家商户。", "{count} merchants are kept.")
COME_IN = Phrase("点下方按钮加入「{title}」。", "Tap below to join “{title}”.")
COME_IN_NEXT = Phrase("「{full}」已满，请加入「{title}」。", "“{full}” is full: please join “{title}” instead.")
COME_IN_BUTTON = Phrase("加入群", "Join")
NO_GROUP = Phrase("这个群现在进不去，请联系您的理财经理。", "This group cannot be joined now: please ask your manager.")


def spot_fault(fault: SpotFault, language: Language) -> str:
    """Why a line names no merchant."""
    match fault:
        case SpotFault.EMPTY:
            return Phrase("没有商户名", "no merchant").say(language)
        case SpotFault.TOO_MANY_PARTS:
            return Phrase("只写「商户,社区,支行」三项", "only MERCHANT,COMMUNITY,BRANCH").say(language)
        case SpotFault.TOO_LONG:
            return Phrase("名称太长，最多 60 个字", "a name is longer than 60 characters").say(language)
        case _:
            assert_never(fault)


def plan_refusal(reason: PlanRefusal, language: Language) -> str:
    """Why a prepared group was not opened, and what to do."""
    match reason:
        case PlanRefusal.UNKNOWN:
            return Phrase("这个建群链接无效，请用最新的链接。", "This link is unknown: use the newest.").say(language)
        case PlanRefusal.USED:
            return Phrase(
                "这个链接已开过一个群，每个链接只能用一次。发 /plans 看待建的群。",
                "This link has opened a group already and works once. See /plans for the others.",
            ).say(language)
        case PlanRefusal.NOT_YOURS:
            return Phrase("这个链接是另一位理财经理的。", "This link is another manager's.").say(language)
        case PlanRefusal.GROUP_IN_USE:
            return Phrase(
                "这个群已登记过。请新建一个群再用这个链接。",
                "This group is registered already: make a new one for this link.",
            ).say(language)
        case PlanRefusal.MAY_NOT_PIN:
            return Phrase(
                "请把我设为管理员并允许「置顶消息」，再点一次建群链接。",
                "Make me an administrator who may pin messages, then open the link again.",
            ).say(language)
        case PlanRefusal.MAY_NOT_RENAME:
            return Phrase(
                "群名还不对，我又没有「修改群资料」权限。请给我这个权限，再点一次建群链接。",
                "The name is not right and I may not change it: give me the right to change group info, "
                "then open the link again.",
            ).say(language)
        case _:
            assert_never(reason)


def opened(group: Group, missing: Sequence[str], link: str | None, language: Language) -> str:
    """What a manager reads when a prepared group is open."""
    text = OPENED.say(language, title=group.title)
    if link:
        text += OPENED_ENTRY.say(language, link=link)
    if missing:
        names = Phrase("、", ", ").say(language).join(RIGHTS[name].say(language) for name in missing)
        text += MISSING.say(language, rights=names)
    return text


def plan_lines(plans: Sequence[GroupPlan], language: Language) -> str:
    """A manager's prepared groups with their state."""
    lines = [(DONE if plan.group_id else WAITING).say(language, name=short_name(plan)) for plan in plans]
    return "\n".join([PLANS.say(language), *lines])


def place_lines(merchants: Sequence[Merchant], language: Language) -> str:
    """Merchants with community, branch, groups and members."""
    lines = [
        PLACE.say(
            language,
            name=merchant.name,
            where=" · ".join(filter(None, (merchant.community, merchant.branch))) or NOWHERE.say(language),
            groups=merchant.groups,
            members=merchant.members,
        )
        for merchant in merchants
    ]
    return "\n".join([PLACES.say(language, count=len(merchants)), *lines])
