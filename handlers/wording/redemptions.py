"""What people read about the shelf and redemptions: members, the desk, partners' staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Message
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.redemptions.model import (
    ConfirmCode,
    Confirmed,
    RedeemCode,
    Redeemed,
    Redemption,
    RedemptionState,
    ShelfItem,
    UndoReason,
)
from handlers.wording.phrase import Phrase
from handlers.wording.points import day_words, yuan
from handlers.wording.times import lasting, when

SHELF_WORDS = ("兑换", "兌換", "兑换架", "兌換架", "积分兑换", "積分兌換", "波豆兑换", "波豆兌換", "redeem", "shelf")
FETCH_WORDS = ("待领取", "待領取", "我的兑换", "我的兌換", "to fetch")

EMPTY = Phrase("兑换架现在是空的，过几天再来看看。", "The shelf is empty now; look again in some days.")
SHELF = Phrase("兑换架（您有 {points} 波豆）", "The shelf (you have {points} points)")
ITEM = Phrase(
    "{at}. {title}\n{points} 波豆{offset} · 剩 {stock} 件\n{partner} · 至 {day}",
    "{at}. {title}\n{points} points{offset} · {stock} left\n{partner} · until {day}",
)
OFFSET = Phrase("（抵 {yuan} 元）", " ({yuan} yuan off)")
MORE = Phrase("还有 {count} 种，先显示最便宜的。", "{count} more; the cheapest are shown.")
ITEM_BUTTON = Phrase("{title} · {points} 波豆", "{title} · {points}")
ASK = Phrase(
    "用 {points} 波豆兑换「{title}」{offset}？\n波豆先为您留着，"
    "请在 7 天内到 {partner} 出示二维码领取，没领的自动退回。",
    "Redeem {points} points for “{title}”{offset}?\nThey are set aside for you. Show the code at {partner} within"
    " 7 days; what is not fetched is given back.",
)
CONFIRM_BUTTON = Phrase("确认兑换", "Yes, redeem")
BACK_BUTTON = Phrase("返回", "Back")
READY = Phrase(
    "已为您留好「{title}」（{points} 波豆）。\n到 {partner} 出示二维码，请工作人员扫码；扫不出来可照着输入：\n{code}\n"
    "请在 {until} 前领取。二维码只用一次，不要转发。",
    "“{title}” ({points} points) is set aside for you.\nShow this code at {partner}; staff scan it, or type:\n{code}\n"
    "Fetch it before {until}. The code works once: do not pass it on.",
)
CANCEL_BUTTON = Phrase("取消兑换", "Give it up")
CANCEL_ONE = Phrase("取消 {title}", "Give up {title}")
RENEW_BUTTON = Phrase("{title} 重新出码", "New code: {title}")
BIND_BUTTON = Phrase("绑定手机号", "Link my number")
REFUSALS = {
    RedeemCode.UNKNOWN_ITEM: Phrase(
        "这个已经没有了，请重新发「兑换」。", "This is no longer there: send /shelf again."
    ),
    RedeemCode.NOT_BOUND: Phrase(
        "兑换前需要实名：请先绑定您在本行留的手机号。",
        "Redeeming needs your real name: please link the number that the bank has of you.",
    ),
    RedeemCode.NOT_NOW: Phrase("现在不在兑换时间内。", "This cannot be redeemed at this time."),
    RedeemCode.SOLD_OUT: Phrase("已兑完，下次请早。", "Sold out."),
    RedeemCode.ENOUGH: Phrase("每人限兑数量已到。", "You have had as many of this as a person may."),
    RedeemCode.TWICE: Phrase(
        "这次已经兑换过了，发「待领取」看二维码。", "You have redeemed this already: send “to fetch”."
    ),
    RedeemCode.NEW_PRICE: Phrase(
        "价格已变，请重新发「兑换」看新价格。", "The price has changed: send /shelf to see the new one."
    ),
}
SHORT = Phrase("波豆不够，还差 {missing} 个。", "Not enough points: {missing} are missing.")
NOTHING_TO_FETCH = Phrase("没有待领取的兑换。", "You have nothing to fetch.")
TO_FETCH = Phrase("待领取：", "To fetch:")
FETCH_LINE = Phrase(
    "\n{title} · {points} 波豆\n{partner} · {until} 前", "\n{title} · {points} points\n{partner} · before {until}"
)
GIVEN_UP = Phrase("已取消，{points} 波豆已退回。", "Given up; {points} points are back.")
NOT_OPEN = Phrase("这个兑换已经结束或不是您的。", "This redemption is over, or not yours.")

FOR_STAFF = Phrase(
    "这是兑换码，请在柜台出示，由工作人员扫码。", "This is a redemption code: show it at the desk, where staff scan it."
)
CODE_USAGE = Phrase("请这样发：核销 文字码", "Please send: /redeem CODE")
DESK = Phrase(
    "核销\n成员：{name}\n商品：{title} · {points} 波豆{offset}\n地点：{partner}\n{age}前兑换，{until} 到期",
    "Redemption\nMember: {name}\nItem: {title} · {points} points{offset}\nAt: {partner}\n"
    "asked for {age} ago, ends {until}",
)
HAND_OUT_BUTTON = Phrase("确认发放", "Hand out")
DISMISS_BUTTON = Phrase("取消", "Not now")
UNDO_BUTTON = Phrase("撤回发放（10 分钟内）", "Take back (10 minutes)")
DISMISSED = Phrase("没有发放，码仍然有效。", "Nothing was handed out; the code still works.")
HANDED_OUT = Phrase("已发放。", "Handed out.")
WHY_UNDO = Phrase("为什么撤回？", "Why is it taken back?")
UNDO_REASONS = {
    UndoReason.WRONG_CODE: Phrase("扫错码", "Wrong code"),
    UndoReason.WRONG_GOODS: Phrase("拿错商品", "Wrong goods"),
    UndoReason.RETURNED: Phrase("客户退回", "Returned"),
}
DESK_REFUSALS = {
    ConfirmCode.UNKNOWN: Phrase("没有这个兑换码。", "There is no such code."),
    ConfirmCode.OVER: Phrase("这个码已经用过、取消或过期。", "This code was used, given up or has ended."),
    ConfirmCode.OWN: Phrase("不能给自己发放。", "Nobody hands out to themselves."),
    ConfirmCode.ELSEWHERE: Phrase(
        "这个商品不在您的商户领取，或您的账号还没有关联商户（请管理员发 /partner 商户名）。",
        "This is not fetched at your partner, or you are not linked to one (ask for /partner NAME).",
    ),
    ConfirmCode.TOO_LATE: Phrase("超过 10 分钟或活动已关账，不能撤回。", "Too late: it stands."),
    ConfirmCode.NOT_YOURS: Phrase(
        "只有发放的人或团队长可以撤回。", "Only who handed it out, or a team lead, may take it back."
    ),
}
USED_CODE = Phrase(
    "这个码已经用过：「{title}」{when} 由{who}发放。不要再发。",
    "This code was used: {who} handed “{title}” out on {when}. Hand out nothing more.",
)
YOURSELF, A_COLLEAGUE = Phrase("您", "you"), Phrase("另一位工作人员", "another clerk")
GIVEN_UP_CODE = Phrase("客户已取消这个兑换，不要发放。", "The customer gave this redemption up: hand out nothing.")
LAPSED_CODE = Phrase(
    "这个码已过期，波豆已退回，请客户重新兑换。", "This code has ended and the points are back: redeem anew."
)
UNDONE = Phrase("已撤回，码重新有效。", "Taken back; the code works again.")

TOLD_HANDED = Phrase(
    "您的「{title}」已领取，用去 {points} 波豆。不是您本人领取，请马上联系理财经理。",
    "Your “{title}” was handed out for {points} points. If that was not you, tell your wealth manager at once.",
)
TOLD_UNDONE = Phrase(
    "工作人员撤回了「{title}」的发放（{reason}），兑换码重新有效。",
    "Staff took back the hand-out of “{title}” ({reason}); your code works again.",
)
TOLD_LAPSED = Phrase(
    "「{title}」没有在期限内领取，{points} 波豆已退回，请留意有效期。",
    "“{title}” was not fetched in time; {points} points are back. Mind until when they are valid.",
)

PARTNER_USAGE = Phrase("请这样发：/partner 商户名，已有：{names}", "Please send: /partner NAME, one of: {names}")
PARTNER_INVITED = Phrase(
    "{name} 店员的一次性邀请链接（7 天有效）：\n{link}", "One-time invitation for staff of {name} (7 days):\n{link}"
)
PARTNER_ACCEPTED = Phrase(
    "欢迎，您现在可以为 {name} 核销兑换：扫客户的二维码，或发「核销 文字码」。",
    "Welcome: you may hand out for {name}. Scan a customer's code, or send /redeem CODE.",
)


def title_of(item: ShelfItem, language: Language) -> str:
    """An item's name in the reader's language."""
    return item.title_zh if language is Language.ZH else item.title_en


def shelf(items: Sequence[ShelfItem], hidden: int, points: int, names: Mapping[int, str], language: Language) -> str:
    """The shelf as a list: price, stock, where, until when."""
    if not items:
        return EMPTY.say(language)
    lines = [SHELF.say(language, points=f"{points:,}")]
    lines += ["\n" + _item(at, item, names, language) for at, item in enumerate(items, start=1)]
    return "\n".join([*lines, MORE.say(language, count=hidden)] if hidden else lines)


def _item(at: int, item: ShelfItem, names: Mapping[int, str], language: Language) -> str:
    return ITEM.say(
        language,
        at=at,
        title=title_of(item, language),
        points=f"{item.points:,}",
        offset=_offset(item, language),
        stock=item.stock,
        partner=names[item.partner_id],
        day=day_words(item.ends_on, language),
    )


def ask(item: ShelfItem, names: Mapping[int, str], language: Language) -> str:
    """The question before points are set aside."""
    return ASK.say(language, **_facts(item, item.points, names, language), offset=_offset(item, language))


def redeem_refusal(outcome: Redeemed, language: Language) -> str:
    """Why nothing was set aside."""
    if outcome.code is RedeemCode.SHORT:
        return SHORT.say(language, missing=f"{outcome.missing:,}")
    return REFUSALS[outcome.code].say(language)


def ready(found: Redemption, code: str, names: Mapping[int, str], zone: ZoneInfo, language: Language) -> str:
    """The words under the code's picture."""
    until = when(found.lapses_at, zone, language)
    return READY.say(language, **_facts(found.item, found.points, names, language), code=code, until=until)


def to_fetch(found: Sequence[Redemption], names: Mapping[int, str], zone: ZoneInfo, language: Language) -> str:
    """What a member has still to fetch."""
    lines = [
        FETCH_LINE.say(
            language, **_facts(each.item, each.points, names, language), until=when(each.lapses_at, zone, language)
        )
        for each in found
    ]
    return "\n".join([TO_FETCH.say(language), *lines])


def given_up(outcome: Confirmed, language: Language) -> str:
    """What came of a member's giving up."""
    if outcome.code is ConfirmCode.CANCELLED and outcome.redemption is not None:
        return GIVEN_UP.say(language, points=f"{outcome.redemption.points:,}")
    return NOT_OPEN.say(language)


def at_desk(
    found: Redemption, owner: Member, names: Mapping[int, str], now: datetime, zone: ZoneInfo, language: Language
) -> str:
    """What staff see of a code: the masked name, the item, how old it is."""
    return DESK.say(
        language,
        **_facts(found.item, found.points, names, language),
        name=masked(owner.name),
        offset=_offset(found.item, language),
        age=lasting((now - found.made_at).total_seconds(), language),
        until=when(found.lapses_at, zone, language),
    )


def used_code(found: Redemption, clerk: Member, zone: ZoneInfo, language: Language) -> str:
    """What staff read of a code that opens nothing any more: what became of it, when, and by whose hand."""
    match found.state:
        case RedemptionState.HANDED_OVER if found.ended_at is not None:
            by = YOURSELF if found.ended_by == clerk.id else A_COLLEAGUE
            at = when(found.ended_at, zone, language)
            return USED_CODE.say(language, when=at, who=by.say(language), title=title_of(found.item, language))
        case RedemptionState.CANCELLED:
            return GIVEN_UP_CODE.say(language)
        case _:
            return LAPSED_CODE.say(language)


def desk_outcome(code: ConfirmCode, language: Language) -> str:
    """What came of a scan or of taking a hand-out back."""
    match code:
        case ConfirmCode.HANDED_OVER:
            return HANDED_OUT.say(language)
        case ConfirmCode.UNDONE:
            return UNDONE.say(language)
        case ConfirmCode.CANCELLED:
            return DISMISSED.say(language)
        case (
            ConfirmCode.UNKNOWN
            | ConfirmCode.OVER
            | ConfirmCode.OWN
            | ConfirmCode.ELSEWHERE
            | ConfirmCode.TOO_LATE
            | ConfirmCode.NOT_YOURS
        ):
            return DESK_REFUSALS[code].say(language)
        case _:
            assert_never(code)


def _facts(item: ShelfItem, points: int, names: Mapping[int, str], language: Language) -> dict[str, str]:
    return {"title": title_of(item, language), "points": f"{points:,}", "partner": names[item.partner_id]}


def _offset(item: ShelfItem, language: Language) -> str:
    return "" if item.offset_fen is None else OFFSET.say(language, yuan=yuan(item.offset_fen).removesuffix(".00"))


@dataclass(frozen=True)
class RedemptionWords:
    """The sentences about redemptions that go into the ledger (`campaigns.redemptions.desk.NoticeWording`)."""

    def handed_over(self, member: Member, redemption: Redemption) -> Message:
        """Staff confirmed that the goods were handed out."""
        return self._about(TOLD_HANDED, member, redemption)

    def undone(self, member: Member, redemption: Redemption, reason: UndoReason) -> Message:
        """Staff took the hand-out back."""
        return self._about(TOLD_UNDONE, member, redemption, reason=UNDO_REASONS[reason].say(member.language))

    def lapsed(self, member: Member, redemption: Redemption) -> Message:
        """Nobody fetched the goods in time; the points are back."""
        return self._about(TOLD_LAPSED, member, redemption)

    def _about(self, words: Phrase, member: Member, redemption: Redemption, **facts: str) -> Message:
        title = title_of(redemption.item, member.language)
        return Message(words.say(member.language, title=title, points=f"{redemption.points:,}", **facts))
