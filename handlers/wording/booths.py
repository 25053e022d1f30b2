"""What staff read about a booth's screens, and every word of the page that such a screen shows."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.rallies.model import Booth, Rally
from campaigns.slips.model import Conflict, SlipOutcome, Supply
from campaigns.stamps.devices import Device, Screen
from campaigns.stamps.model import StampOutcome
from handlers.wording.pauses import reason
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import of
from handlers.wording.times import hours, when

BOOTH_WORDS = ("摊位", "我的摊位")

PICK_BOOTH = Phrase("请选摊位：", "Which booth?")
NO_BOOTH = Phrase(
    "现在没有由您负责的摊位。活动公告后，值班名单里的同事才能看到。",
    "No booth is yours now. Those on duty see theirs once the event is announced.",
)
BOOTH = Phrase(
    "【{code} {name}】{title}\n屏幕 {devices} 台 · 离线章已发 {issued}、已用 {used}、作废 {void}",
    "[{code} {name}] {title}\nScreens: {devices} · slips issued {issued}, used {used}, void {void}",
)
SCREEN = Phrase("· {name}，{seen}", "· {name}, {seen}")
SEEN = Phrase("最近 {at} 在线", "last seen {at}")
NEVER_SEEN = Phrase("还没上线", "not seen yet")
PAIR_BUTTON = Phrase("配对新屏幕", "Pair a screen")
REVOKE_BUTTON = Phrase("停用「{name}」", "Stop “{name}”")
CONFLICTS_BUTTON = Phrase("离线冲突", "Slip conflicts")
PAIR = Phrase(
    "用要当屏幕的手机或平板扫这个码，或打开链接（10 分钟内、只能用一次）：\n{link}",
    "Scan this with the phone or tablet that becomes the screen, or open the link there (within 10 minutes, once):\n"
    "{link}",
)
REVOKED = Phrase("已停用，它再也打不开摊位。", "Stopped: it opens the booth no more.")
GONE = Phrase("这台屏幕已经停用。", "This screen was stopped already.")
NO_CONFLICTS = Phrase("没有冲突。", "No conflicts.")
CONFLICTS = Phrase("离线章冲突 {count} 条：", "Conflicts of slips: {count}")
CONFLICT = Phrase("· 第 {serial} 张，号码 {said}：{kind}", "· slip {serial}, number {said}: {kind}")

TITLE = Phrase("摊位", "Booth")
NO_SCRIPT = Phrase("请打开浏览器的 JavaScript。", "Please turn JavaScript on.")
NO_SCREEN = Phrase(
    "这台屏幕还没有配对，或者已被停用。请在聊天里发「摊位」取配对链接。",
    "This screen is not paired, or was stopped. Send /booth in the chat for a pairing link.",
)
BAD_PAIRING = Phrase(
    "配对链接已用过或已过期。请在聊天里发「摊位」取新的。",
    "This pairing link was used or is over. Send /booth in the chat for a new one.",
)
NOT_UNDERSTOOD = Phrase("没有看懂这个请求。", "This request was not understood.")

KINDS = {
    SlipOutcome.COUNTED: Phrase("已盖章", "stamped"),
    SlipOutcome.REPEATED: Phrase("已盖章", "stamped"),
    SlipOutcome.HAD_IT: Phrase("早已有章", "had it already"),
    SlipOutcome.NOT_YET: Phrase("活动还没开始", "not begun yet"),
    SlipOutcome.USED_BY_ANOTHER: Phrase("这张已给了别人", "used by another visitor"),
    SlipOutcome.UNKNOWN_VISITOR: Phrase("没有这个号码，请核对", "no such number, please check"),
    SlipOutcome.OTHER_ACCOUNT: Phrase("该客户用另一账号盖过", "this customer has it under another account"),
    SlipOutcome.VOIDED: Phrase("章或纸条已作废", "void"),
    SlipOutcome.FORGED: Phrase("不是本摊位的章", "not a slip of this booth"),
    SlipOutcome.TOO_LATE: Phrase("活动已结束", "the event is over"),
}
SHEET = {
    "title": Phrase("应急集章纸条", "Emergency slips"),
    "number": Phrase("号码：________", "number"),
    "how": Phrase(
        "每格一位访客、只用一次：剪下给访客，有网络时用手机相机扫。",
        "One slip, one visitor, once: cut it off, to be scanned with a phone's camera when there is network.",
    ),
    "lost": Phrase(
        "没带手机：写下访客号码，稍后在摊位屏幕上补盖。整张丢失请立刻让负责人作废。",
        "No phone: write the visitor's number down and stamp on the screen later. Report lost sheets at once.",
    ),
}
SIGNS = {
    StampOutcome.PAUSED: Phrase("暂停中", "Paused"),
    StampOutcome.NOT_YET: Phrase("还没开始", "Not begun yet"),
    StampOutcome.OVER: Phrase("活动已结束", "The event is over"),
    StampOutcome.CLOSED: Phrase("现在不营业", "Closed now"),
}
PAGE = {
    "scan": Phrase("用手机相机扫码集章", "Scan with your camera for the stamp"),
    "seconds": Phrase("{n} 秒后换新码", "new code in {n} s"),
    "today": Phrase("已盖 {n} 枚", "stamps: {n}"),
    "clerk": Phrase("人工盖章", "Stamp by hand"),
    "close": Phrase("返回屏幕", "Back to the code"),
    "member": Phrase("访客的会员码（6 位）", "The visitor's member code (6 characters)"),
    "visitor": Phrase("没有网络时：访客号码（在「集章」里）", "No network: the visitor's number (under “my stamps”)"),
    "camera": Phrase("📷 扫会员码", "📷 Scan a member code"),
    "camera_off": Phrase("关闭相机", "Close the camera"),
    "no_camera": Phrase("相机打不开，请输入会员码", "The camera does not open: please type the code"),
    "no_member_code": Phrase("这不是会员码，请访客点「会员码」", "This is no member code: ask the visitor to show it"),
    "give": Phrase("盖章", "Stamp"),
    "offline": Phrase("网络断了：请人工盖章", "No network: please stamp by hand"),
    "offline_sign": Phrase("网络断了：请把您的号码告诉工作人员", "No network: please tell the staff your number"),
    "use_number": Phrase("网络断了：请改用下面的访客号码", "No network: please use the visitor's number below"),
    "offline_long": Phrase("记在本机，网络恢复后自动上传。", "Kept on this device, sent when the network is back."),
    "kept": Phrase("已记下，等待上传", "Noted, waiting to be sent"),
    "sent": Phrase("✅ 已上传", "✅ Sent"),
    "wrong_number": Phrase("号码不对，请再核对一次", "That number is wrong, please check it"),
    "no_slips": Phrase("离线章用完了，请改用应急纸条", "No slips left: please use the emergency sheet"),
    "left": Phrase("离线章剩 {n}", "slips left: {n}"),
    "waiting": Phrase("待上传 {n}", "to be sent: {n}"),
    "conflicts": Phrase("冲突 {n}", "conflicts: {n}"),
    "correct": Phrase("改号码", "Correct"),
    "dismiss": Phrase("知道了", "Dismiss"),
    "language": Phrase("EN", "中"),
    "title": TITLE,
    "pair_title": Phrase("配对摊位屏幕", "Pair a booth's screen"),
    "pair_why": Phrase(
        "配对后，这台设备显示摊位的集章码，工作人员也能在上面人工盖章。",
        "Once paired, this device shows the booth's code, and staff can stamp by hand on it.",
    ),
    "name": Phrase("这台屏幕的名称", "What this screen is called"),
    "screen_name": Phrase("摊位屏幕", "Booth screen"),
    "pair": Phrase("配对", "Pair"),
    "full": Phrase("全屏", "Full screen"),
    "unpaired": NO_SCREEN,
    "send_first": Phrase(
        "这台设备还有没上传的印章，请先连上网络再配对。",
        "This device still keeps stamps that were not sent: connect it to the network first.",
    ),
    "pairing": Phrase("正在配对…", "Pairing…"),
    "server": Phrase("服务器暂时没有回应，正在重试", "The server does not answer, trying again"),
}


def page_words(language: Language) -> dict[str, str]:
    """Every word of the page in one language, by its name; what is filled in stays in braces."""
    return {name: phrase.say(language) for name, phrase in PAGE.items()} | {
        f"slip_{kind}": phrase.say(language) for kind, phrase in KINDS.items()
    }


def sign(found: Screen, zone: ZoneInfo, language: Language) -> dict[str, str]:
    """What stands in the place of a code, and why, or when there will be one."""
    assert found.outcome is not None
    why = {
        StampOutcome.PAUSED: reason(found.booth.reason, language),
        StampOutcome.CLOSED: hours(found.booth.opens_at, found.booth.closes_at, zone, language),
        StampOutcome.NOT_YET: when(found.rally.starts_at, zone, language),
    }
    return {"said": SIGNS[found.outcome].say(language), "why": why.get(found.outcome, "")}


def both(phrase: Phrase) -> str:
    """Both languages, for whoever stands before a screen."""
    return f"{phrase.zh} {phrase.en}"


def booth_text(
    rally: Rally, booth: Booth, devices: Sequence[Device], supply: Supply, zone: ZoneInfo, language: Language
) -> str:
    """A booth with its screens and slips."""
    head = BOOTH.say(
        language,
        code=booth.code,
        name=of(booth, "name", language),
        title=of(rally, "title", language),
        devices=len(devices),
        issued=supply.issued,
        used=supply.used,
        void=supply.void,
    )
    return "\n".join(
        [head, *(SCREEN.say(language, name=each.name, seen=_seen(each, zone, language)) for each in devices)]
    )


def conflicts(shown: Sequence[Conflict], count: int, language: Language) -> str:
    """What could not count at a booth, the latest first."""
    if not shown:
        return NO_CONFLICTS.say(language)
    lines = (
        CONFLICT.say(language, serial=each.serial, said=each.said, kind=KINDS[each.kind].say(language))
        for each in shown
    )
    return "\n".join([CONFLICTS.say(language, count=count), *lines])


def _seen(device: Device, zone: ZoneInfo, language: Language) -> str:
    if device.last_seen_at is None:
        return NEVER_SEEN.say(language)
    return SEEN.say(language, at=_clock(device.last_seen_at, zone))


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"
