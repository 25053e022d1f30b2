"""What staff read of promotions: the list, a card with its equation, the checklist, and why nothing was done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.checklists.model import LONGEST_REASON as LONGEST_WORD
from campaigns.checklists.model import Checklist, ChecklistRefusal, Department, Item
from campaigns.checklists.rules import TASKS, open_items
from campaigns.deliveries.model import State
from campaigns.deliveries.rules import Closing
from campaigns.members.model import Language
from campaigns.promotions.desk import Card
from campaigns.promotions.dry_runs import Check, DryRun
from campaigns.promotions.faults import CheckFault
from campaigns.promotions.model import Act, PromotionState, Version
from campaigns.promotions.recipients import Exclusion
from handlers.wording.catalogue import class_name
from handlers.wording.channels import channel_name
from handlers.wording.phrase import Phrase
from handlers.wording.promotion_dry_runs import hours_lines, supply_lines
from handlers.wording.promotions import EXCLUSIONS, check_fault, state_name
from handlers.wording.times import hours, when

PROMOTION_WORDS = ("营销活动", "promotions")
DESK_DATA = "promo"
SHOWN = 20

SIGNS = {
    PromotionState.DRAFT: "📝",
    PromotionState.CHECKED: "🔎",
    PromotionState.REVIEWED: "✅",
    PromotionState.SCHEDULED: "🗓",
    PromotionState.RUNNING: "▶️",
    PromotionState.PAUSED: "⏸",
    PromotionState.CLOSED: "🏁",
    PromotionState.EVALUATED: "📊",
    PromotionState.REJECTED: "↩️",
}
IN_REVIEW = Phrase("👀 待审核", "👀 waits for review")
STOPPING = Phrase(
    "🗑 正在终止，等在途和不明的消息落定（/unknown）",
    "🗑 being called off, once what is in flight or in doubt has ended (/unknown)",
)
CALLED_OFF = Phrase("🗑 已终止", "🗑 called off")
HEAD = Phrase("营销活动 · {count} 个", "Promotions: {count}")
NONE_YET = Phrase(
    "还没有营销活动。运营用 `promotion load 文件` 装入。", "There is no promotion yet: `promotion load FILE` keeps one."
)
LINE = Phrase("{state} {title}（{code} v{number}）", "{state} {title} ({code} v{number})")
BUTTON = Phrase("{title} · v{number}", "{title} · v{number}")
CARD = Phrase(
    "{title}\n{code} 第 {number} 版 · {state}\n{author}\n窗口 {window}，发送 {send_at}\n客群：{audience}",
    "{title}\n{code} version {number} · {state}\n{author}\nopen {window}, sent {send_at}\naudience: {audience}",
)
AUTHOR = Phrase("作者 {author}", "by {author}")
PRODUCT = Phrase("产品 {code}{risk}", "product {code}{risk}")
HEADS = Phrase("触达对象：", "Who is reached:")
HEAD_LINE = Phrase("· {standing} → {channel} {heads} 人", "· {standing} → {channel}: {heads}")
CONTROLS = Phrase("对照：本活动 {held_out} 人，全局 {control} 人", "Held out: {held_out}, global control: {control}")
LEFT_OUT = Phrase("未纳入：", "Left out:")
LEFT_OUT_LINE = Phrase("· {reason} {heads} 人", "· {reason}: {heads}")
REACH = Phrase("客群 {audience} 人，其中会发 {treated} 人", "Audience: {audience}, of whom reached: {treated}")
PLANNING = Phrase("⏳ 已排 {after}/{gathered} 人", "⏳ planned {after} of {gathered}")
CLOSING = Phrase(
    "计划 {planned} = 送达 {sent} + 失败 {failed} + 拦截 {suppressed} + 对照 {held_out} + 取消 {cancelled}"
    " + 不明 {unknown} + 待发 {pending}",
    "planned {planned} = sent {sent} + failed {failed} + suppressed {suppressed} + held out {held_out}"
    " + cancelled {cancelled} + unknown {unknown} + pending {pending}",
)
HALTED = Phrase("🛑 停发中（第 {id} 号：{reason}），见 /halt", "🛑 Stopped (no. {id}: {reason}), see /halt")
TAKEN_PART = Phrase("目前参与：{heads} 人点了「我感兴趣」", "Taken part so far: {heads} answered “I am interested”")
ACTS = {
    Act.CHECK: Phrase("🔎 自查", "🔎 Check"),
    Act.SUBMIT: Phrase("📤 提交审核", "📤 Hand in for review"),
    Act.SCHEDULE: Phrase("🗓 排期", "🗓 Schedule"),
    Act.PAUSE: Phrase("⏸ 暂停", "⏸ Pause"),
    Act.RESUME: Phrase("▶️ 恢复", "▶️ Resume"),
    Act.CLOSE: Phrase("🏁 结束", "🏁 Close"),
    Act.CANCEL: Phrase("🗑 终止", "🗑 Call off"),
}
SURE = {
    Act.SUBMIT: Phrase(
        "提交后不能再改，由另一位同事审核。确认？", "It never changes after this; a colleague reviews it. Sure?"
    ),
    Act.SCHEDULE: Phrase("到 {send_at} 自动开始发送。确认排期？", "It starts by itself at {send_at}. Schedule it?"),
    Act.PAUSE: Phrase("暂停后不再排人，未发的扣下。确认？", "Nobody more is planned and what waits is held. Sure?"),
    Act.RESUME: Phrase("从停下的地方接着发。确认？", "It goes on where it stopped. Sure?"),
    Act.CLOSE: Phrase("账平才能结束。确认？", "It closes only when the equation does. Sure?"),
    Act.CANCEL: Phrase(
        "终止后不能恢复，未发的全部取消。确认？", "There is no way back; what waits is cancelled. Sure?"
    ),
}
AT_ONCE = Phrase(
    "⚠️ 发送时间 {send_at} 已过，排期后马上开始发送。确认排期？",
    "Warning: its time, {send_at}, is over, so it starts at once. Schedule it?",
)
ENDED = Phrase(
    "⚠️ 活动已于 {until} 结束，恢复后什么都不会再发，只能对账结束。确认？",
    "Warning: it ended at {until}; nothing leaves any more, only its books can close. Sure?",
)
YES, BACK = Phrase("确认：{act}", "Yes: {act}"), Phrase("‹ 返回", "‹ Back")
DONE = Phrase("✔️ 完成：{act}", "✔️ Done: {act}")
CHECK_FOUND = Phrase("🔎 自查发现：", "🔎 The check found:")
CHECK_CLEAN = Phrase("🔎 自查通过，可以提交审核。", "🔎 The check found nothing; it can be handed in.")
LIST_BUTTON = Phrase("🧰 筹备清单 {done}/{all}", "🧰 Checklist {done}/{all}")
CHECKLIST = Phrase("🧰 筹备清单 · {title} v{number}", "🧰 Checklist · {title} v{number}")
DEPARTMENTS = {
    Department.RETAIL: Phrase("个金", "Retail"),
    Department.CARDS: Phrase("卡中心", "Card centre"),
    Department.TECHNOLOGY: Phrase("科技", "Technology"),
    Department.OPERATIONS: Phrase("运营", "Operations"),
}
ITEMS = {
    Item.AUDIENCE_AGREED: Phrase("客群和文案已确认", "audience and words agreed"),
    Item.STAFF_TRAINED: Phrase("客户经理已培训", "managers trained"),
    Item.PRODUCT_OPEN: Phrase("产品和额度已开放", "product and limits open"),
    Item.BENEFITS_STOCKED: Phrase("权益奖品已备足", "benefits and prizes in stock"),
    Item.LINKS_TRIED: Phrase("链接和页面已测试", "links and pages tried"),
    Item.LOAD_AGREED: Phrase("发送量和时段已评估", "load and hours agreed"),
    Item.HOTLINE_BRIEFED: Phrase("客服口径已下发", "hotline briefed"),
    Item.COMPLAINTS_STAFFED: Phrase("投诉处理已排班", "complaints staffed"),
}
OPTIONAL = Phrase("（选做）", " (optional)")
READY = Phrase("✅ {item}（{who}，{at}）", "✅ {item} ({who}, {at})")
OPEN = Phrase("⬜ {item}", "⬜ {item}")
OVERRIDDEN = Phrase("⚠️ {who} {at} 放行：{reason}", "⚠️ {who} {at} let it start: {reason}")
OVERRIDE_BUTTON = Phrase("⚠️ 说明原因，先行放行", "⚠️ Let it start, with a reason")
ASK_OVERRIDE = Phrase(
    "还有 {open} 项没完成。请写明先行放行的原因（不超过 {longest} 字），会记入档案。发「取消」放弃。",
    "Items still open: {open}. Why may it start? At most {longest} characters; it is kept. “cancel” gives up.",
)
UNPREPARED = Phrase("筹备清单还有必做项没完成：{items}。", "Required items of the checklist are open: {items}.")
STOPPED = Phrase("好的。", "All right.")
LIST_REFUSALS = {
    ChecklistRefusal.TOO_LATE: Phrase(
        "已排期或已结束，清单不再改动。", "It is scheduled or over: the list stays as it is."
    ),
    ChecklistRefusal.NO_REASON: Phrase(
        "请写明原因，不超过 {longest} 字。", "Please give a reason of at most {longest} signs."
    ),
    ChecklistRefusal.NOTHING_OPEN: Phrase("必做项都完成了，不用放行。", "Nothing required is open."),
}


def state_words(version: Version, language: Language) -> str:
    """Where a version stands; one that was handed in waits for review."""
    if version.waits_for_review:
        return IN_REVIEW.say(language)
    if version.cancelled_at is not None:
        return (STOPPING if version.ended_at is None else CALLED_OFF).say(language)
    return f"{SIGNS[version.state]} {state_name(version.state, language)}"


def listing(found: Sequence[Version], language: Language, page: int = 0) -> str:
    """Every promotion by its newest version, a page of them."""
    if not found:
        return NONE_YET.say(language)
    lines = [
        LINE.say(language, state=state_words(each, language), **_named(each, language)) for each in on_page(found, page)
    ]
    return "\n".join([HEAD.say(language, count=len(found)), *lines])[:4096]


def on_page(found: Sequence[Version], page: int) -> Sequence[Version]:
    """The promotions of one page."""
    return found[page * SHOWN : (page + 1) * SHOWN]


def button_label(version: Version, language: Language) -> str:
    """A promotion on its button."""
    return BUTTON.say(language, **_named(version, language))


def title_lines(version: Version, author: str, zone: ZoneInfo, language: Language) -> list[str]:
    """Title, state, author, window, audience, product."""
    plan = version.plan
    facts = {
        **_named(version, language),
        "state": state_words(version, language),
        "author": AUTHOR.say(language, author=author),
        "window": hours(plan.opens_at, plan.closes_at, zone, language),
        "send_at": when(plan.send_at, zone, language),
        "audience": plan.audience,
    }
    lines = [CARD.say(language, **facts)]
    if plan.product is not None:
        risk = f" {plan.product.risk}" if plan.product.risk else ""
        lines.append(PRODUCT.say(language, code=plan.product.code, risk=risk))
    return lines


def card(found: Card, zone: ZoneInfo, language: Language) -> str:
    """One promotion as it stands: who is reached, the closing equation, who takes part."""
    version = found.version
    lines = title_lines(version, found.author, zone, language)
    if found.heads:
        lines += ["", HEADS.say(language)]
        for (standing, channel), heads in found.heads.items():
            way = {"standing": class_name(standing, language), "channel": channel_name(channel, language)}
            lines.append(HEAD_LINE.say(language, **way, heads=heads))
        lines.append(CONTROLS.say(language, held_out=found.held_out, control=found.global_control))
    lines += left_out_lines(found.excluded, language)
    if version.progress.gathered is not None and not version.progress.is_whole:
        progress = version.progress
        lines.append(PLANNING.say(language, after=progress.after, gathered=progress.gathered))
    lines += [HALTED.say(language, id=each.id, reason=each.reason) for each in found.halts]
    if found.closing.planned:
        lines += ["", closing(found.closing, language), TAKEN_PART.say(language, heads=found.interested)]
    return "\n".join(lines)[:4096]


def left_out_lines(excluded: Mapping[Exclusion, int], language: Language) -> list[str]:
    """Why customers of the audience are left out, the most frequent reason first."""
    ranked = sorted(excluded.items(), key=lambda each: -each[1])
    lines = [LEFT_OUT_LINE.say(language, reason=EXCLUSIONS[why].say(language), heads=heads) for why, heads in ranked]
    return [LEFT_OUT.say(language), *lines] if lines else []


def head_lines(found: DryRun, language: Language) -> list[str]:
    """Whom it would reach, by class and channel, and who is kept to compare with."""
    lines = [
        HEAD_LINE.say(
            language,
            standing=class_name(row.standing, language),
            channel=channel_name(row.channel, language),
            heads=row.treated,
        )
        for row in found.rows
    ]
    controls = CONTROLS.say(language, held_out=found.held_out, control=found.global_control)
    return [HEADS.say(language), *lines, controls] if lines else []


def closing(found: Closing, language: Language) -> str:
    """The closing equation."""
    by_state = {state.value: found.by_state.get(state, 0) for state in State}
    return CLOSING.say(language, **{**by_state, "planned": found.planned, "pending": found.pending})


def fault_lines(found: Sequence[CheckFault], language: Language) -> list[str]:
    """What a check found, a line each."""
    return [f"· {check_fault(each, language)}" for each in found]


def checked(found: Check, zone: ZoneInfo, language: Language) -> str:
    """What a check came to, with whom it would reach and why not the others."""
    said = [CHECK_FOUND.say(language), *fault_lines(found.faults, language)]
    lines = said if found.faults else [CHECK_CLEAN.say(language)]
    return "\n".join([*lines, *reach_lines(found.dry_run, zone, language)]) if found.dry_run else "\n".join(lines)


def reach_lines(found: DryRun, zone: ZoneInfo, language: Language) -> list[str]:
    """How many are reached, by class and channel, why the others are not, whom hours hold, how far a supply lasts."""
    counts = REACH.say(language, audience=found.audience, treated=found.treated)
    lines = [counts, *head_lines(found, language), *left_out_lines(found.excluded, language)]
    supply = supply_lines(found.run_out, zone, language) if found.run_out else []
    return [*lines, *hours_lines(found.sending, zone, language), *supply]


def sure(act: Act, version: Version, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """The question before an act; what would start at once, or send nothing any more, says so."""
    plan, question = version.plan, SURE[act]
    if act is Act.SCHEDULE and plan.send_at <= now:
        question = AT_ONCE
    if act is Act.RESUME and plan.closes_at <= now:
        question = ENDED
    times = {"send_at": when(plan.send_at, zone, language), "until": when(plan.closes_at, zone, language)}
    return f"{button_label(version, language)}\n{question.say(language, **times)}"


def checklist(card: Card, zone: ZoneInfo, language: Language) -> str:
    """Department by department what is ready, by whom and since when."""
    found, names = card.checklist, card.names
    marks = {mark.item: mark for mark in found.marks}
    lines = [CHECKLIST.say(language, **_named(card.version, language))]
    for department in Department:
        lines += ["", DEPARTMENTS[department].say(language)]
        for task in TASKS:
            if task.department is department:
                item = item_words(task.item, language)
                mark = marks.get(task.item)
                at = when(mark.at, zone, language) if mark else ""
                who = names.get(mark.member_id, "") if mark else ""
                lines.append((READY if mark else OPEN).say(language, item=item, who=who, at=at))
    if found.override is not None:
        word = found.override
        facts = {"who": names.get(word.member_id, ""), "at": when(word.at, zone, language), "reason": word.reason}
        lines += ["", OVERRIDDEN.say(language, **facts)]
    return "\n".join(lines)


def item_words(item: Item, language: Language) -> str:
    """An item in words, with a note where it is optional."""
    is_required = next(task.is_required for task in TASKS if task.item is item)
    return ITEMS[item].say(language) + ("" if is_required else OPTIONAL.say(language))


def list_label(found: Checklist, language: Language) -> str:
    """The checklist's button with its count."""
    return LIST_BUTTON.say(language, done=len(found.marks), all=len(TASKS))


def ask_override(found: Checklist, language: Language) -> str:
    """The request for a lead's reason."""
    return ASK_OVERRIDE.say(language, open=len(open_items(found)), longest=LONGEST_WORD)


def unprepared(found: Checklist, language: Language) -> str:
    """What is still to be done before it may be scheduled."""
    apart = "、" if language is Language.ZH else ", "
    return UNPREPARED.say(language, items=apart.join(ITEMS[each].say(language) for each in open_items(found)))


def list_refusal(found: ChecklistRefusal, language: Language) -> str:
    """Why the list stays as it is."""
    return LIST_REFUSALS[found].say(language, longest=LONGEST_WORD)


def _named(version: Version, language: Language) -> dict[str, object]:
    return {"title": version.plan.title.read_in(language), "code": version.code, "number": version.number}
