"""What people read in the Mini App, beside the sentences that chat and page share."""

from campaigns.groupbuys.model import GroupbuyView
from campaigns.members.model import Language
from handlers.wording import groupbuys
from handlers.wording.phrase import Phrase

OPEN_BUTTON = Phrase("打开小程序", "Open the app")
MENU_BUTTON = Phrase("我的福利", "My benefits")
TITLE = Phrase("福利小程序", "Welfare app")
LOADING = Phrase("正在打开……", "Opening …")
NO_SCRIPT = Phrase("请允许脚本后再打开。", "Please allow scripts and open it again.")

REOPEN = Phrase("页面已过期或不是从聊天打开的，请回到聊天重新打开。", "Please open this page again from the chat.")
NOT_UNDERSTOOD = Phrase("没看懂这个请求，请刷新后再试。", "This request was not understood: reload and try again.")
TOO_LARGE = Phrase("内容太长，请缩短后再试。", "This is too long: shorten it and try again.")
NOT_FOUND = Phrase("没有找到，可能已经结束。", "It was not found; it may be over.")

NOTHING_RUNNING = Phrase(
    "您现在没有进行中的拼团，看看群里的卡片。", "You are in no group-buy now: see your group's card."
)
GROUP_FIRST = Phrase(
    "请先进群再报名：打开朋友发来的邀请，或请理财经理邀您进群。",
    "Join the group first: open the invitation that a friend sent, or ask a wealth manager.",
)

WORDS = {
    "tab_points": Phrase("波豆", "Points"),
    "tab_shelf": Phrase("兑换", "Redeem"),
    "tab_fetch": Phrase("待领取", "To fetch"),
    "tab_groupbuys": Phrase("团购", "Group-buy"),
    "spendable": Phrase("可用波豆", "Points to spend"),
    "held": Phrase("另有 {points} 已留作兑换", "{points} more are set aside"),
    "ending": Phrase("{points} 个有效至 {day}", "{points} are valid until {day}"),
    "latest": Phrase("最近变动", "Latest"),
    "to_shelf": Phrase("去兑换", "See the shelf"),
    "points": Phrase("{points} 波豆", "{points} points"),
    "stock": Phrase("剩 {stock} 件", "{stock} left"),
    "until": Phrase("至 {day}", "until {day}"),
    "offset": Phrase("抵 {yuan} 元", "{yuan} yuan off"),
    "redeem": Phrase("兑换", "Redeem"),
    "short": Phrase("还差 {missing} 波豆", "{missing} points short"),
    "bind_first": Phrase("兑换前需要实名", "Your real name comes first"),
    "bind_why": Phrase(
        "请先绑定您在本行留的手机号，只需一分钟。",
        "Please link the number that the bank has of you; it takes a minute.",
    ),
    "bind": Phrase("去绑定", "Link my number"),
    "confirm_title": Phrase("确认兑换", "Redeem this?"),
    "confirm_price": Phrase("需要", "Price"),
    "confirm_left": Phrase("兑换后剩余", "Left afterwards"),
    "confirm_where": Phrase("领取地点", "To fetch at"),
    "confirm_note": Phrase(
        "波豆先为您留着。请在 7 天内到店出示二维码，没领的自动退回。",
        "The points are set aside. Show the code there within 7 days; what is not fetched is given back.",
    ),
    "confirm": Phrase("确认兑换", "Yes, redeem"),
    "back": Phrase("返回", "Back"),
    "ready": Phrase("已为您留好", "Set aside for you"),
    "show": Phrase("请向工作人员出示二维码", "Show this code to the staff"),
    "say_code": Phrase("也可以报文字码", "or say the code"),
    "once": Phrase(
        "二维码只用一次，请勿截图转发。{until} 前有效。", "It works once: do not pass it on. Valid until {until}."
    ),
    "code_alt": Phrase("兑换二维码", "Redemption code"),
    "show_code": Phrase("出示二维码", "Show the code"),
    "show_code_note": Phrase("每次出示都换新码，旧码随即失效。", "Every showing makes a new code; old ones are dead."),
    "before": Phrase("{until} 前领取", "fetch before {until}"),
    "cancel": Phrase("取消兑换", "Give it up"),
    "cancel_ask": Phrase("取消「{title}」？{points} 波豆会退回。", "Give up “{title}”? {points} points come back."),
    "cancel_yes": Phrase("确认取消", "Yes, give it up"),
    "keep": Phrase("先留着", "Keep it"),
    "over": Phrase("这个兑换已完成或已取消。", "This redemption is done, or was given up."),
    "done": Phrase("完成", "Done"),
    "already": Phrase("这次已经兑换过了，请在这里出示二维码。", "You have redeemed this already: its code is here."),
    "go_shelf": Phrase("看看能换什么", "See what there is"),
    "people": Phrase("{people} 人已参团", "{people} people are in"),
    "free": Phrase("剩 {free} 个名额", "{free} places left"),
    "until_when": Phrase("{when} 截止", "ends {when}"),
    "stage": Phrase("{size} 人", "{size} people"),
    "stage_done": Phrase("已解锁", "unlocked"),
    "stage_missing": Phrase("还差 {missing} 人", "{missing} more"),
    "terms": Phrase("规则", "Terms"),
    "sign_up": Phrase("我要参团", "Join"),
    "item": Phrase("选哪一种", "Which one"),
    "quantity": Phrase("份数（最多 {limit} 份）", "How many ({limit} at most)"),
    "fewer": Phrase("少一份", "One fewer"),
    "more": Phrase("多一份", "One more"),
    "note": Phrase("备注（选填，只有理财经理看得到）", "A note (optional, for the wealth manager alone)"),
    "agree": Phrase("我已阅读规则，本人报名", "I read the terms and sign up for myself"),
    "own_in": Phrase("您已参团，第 {place} 位", "You are in: number {place}"),
    "own_leader": Phrase("您是团长", "You are the leader"),
    "own_waiting": Phrase("您在候补第 {place} 位，有空位会私聊您", "You are number {place} on the waitlist"),
    "own_to_confirm": Phrase("有空位了，请确认您的名额", "A place is free: please confirm it"),
    "own_benefits": Phrase("您得到：{benefits}", "You earned: {benefits}"),
    "confirm_place": Phrase("确认名额", "Confirm my place"),
    "own_count": Phrase("{quantity} 份", "{quantity}"),
    "change": Phrase("修改份数", "Change"),
    "save": Phrase("保存", "Save"),
    "leave": Phrase("退出拼团", "Leave"),
    "leave_ask": Phrase(
        "退出后名额让给下一位，再报名要重新排队。", "Your place goes to the next; joining again queues at the end."
    ),
    "leave_yes": Phrase("确认退出", "Yes, leave"),
    "stay": Phrase("再想想", "Stay"),
    "invite": Phrase("邀请朋友", "Invite a friend"),
    "all_groupbuys": Phrase("我的拼团", "My group-buys"),
    "loan_title": Phrase("小微贷款申请", "A loan for my shop"),
    "loan_firm": Phrase("店名", "Name of the shop"),
    "loan_registration": Phrase("统一社会信用代码（营业执照上的 18 位）", "Registration code (18 places)"),
    "loan_amount": Phrase("申请金额（万元）", "Amount (times 10,000 yuan)"),
    "loan_months": Phrase("期限（月）", "Term (months)"),
    "loan_choose": Phrase("请选择", "Please choose"),
    "loan_send": Phrase("提交申请", "Hand it in"),
    "loan_back": Phrase("撤回申请", "Take it back"),
    "zones_title": Phrase("预约", "Book a visit"),
    "zones_none": Phrase("现在没有可以预约的地方。", "There is nothing to book now."),
    "zones_book": Phrase("预约", "Book"),
    "zones_back": Phrase("取消预约", "Cancel it"),
    "tab_rallies": Phrase("集章", "Stamps"),
    "my_card": Phrase("我的集章卡", "My stamp card"),
    "stamped": Phrase("盖章成功：{booths}（{count}）", "Stamped: {booths} ({count})"),
    "stamped_at": Phrase("{at} 已盖章", "stamped {at}"),
    "look": Phrase("去看看", "Show it"),
    "map": Phrase("摊位地图", "Map of the booths"),
    "map_open": Phrase("开放", "open"),
    "map_stamped": Phrase("已盖章", "stamped"),
    "map_paused": Phrase("暂停", "paused"),
    "map_closed": Phrase("未开放", "closed"),
    "map_minutes": Phrase("约{minutes}分", "{minutes} min"),
    "state": Phrase("状态", "State"),
    "hours": Phrase("时间", "Hours"),
    "game": Phrase("怎么玩", "The game"),
    "zone": Phrase("区域", "Zone"),
    "queue": Phrase("排队", "Queue"),
    "take_number": Phrase("取号排队", "Take a number"),
    "give_number_back": Phrase("不排了", "Give it back"),
    "scan": Phrase("扫码集章", "Scan a code"),
    "scan_hint": Phrase("对准摊位屏幕上的码", "Point at the booth's screen"),
    "no_code": Phrase("这不是摊位的码，请扫摊位屏幕。", "This is no booth's code: scan the booth's screen."),
    "member_code": Phrase("会员码", "Member code"),
    "my_gifts": Phrase("我的伴手礼", "My gifts"),
    "my_coupons": Phrase("我的商户券", "My coupons"),
    "use": Phrase("使用", "Use"),
    "rules": Phrase("活动规则", "Rules"),
    "offline": Phrase("网络不通，请检查网络后重试。", "No connection: check it and try again."),
    "broken": Phrase("服务暂时不可用，请稍后再试。", "The service is not available now; try again later."),
    "reopen": REOPEN,
    "retry": Phrase("重试", "Try again"),
    "to_chat": Phrase("回到聊天", "Back to the chat"),
    "loading": LOADING,
    "close": Phrase("关闭", "Close"),
}


def groupbuy_rules(view: GroupbuyView, language: Language) -> list[str]:
    """When a group-buy forms, and what happens when its leader leaves."""
    told = [groupbuys.AT_DEADLINE.say(language, size=view.stages[0].size)]
    if view.ends_at_top:
        told.append(groupbuys.AT_TOP.say(language, size=view.stages[-1].size))
    return [*told, groupbuys.LEADER_RULES[view.leader_rule].say(language)]


def app_words(language: Language) -> dict[str, str]:
    """Every word of the pages in one language, by the name that the scripts use."""
    return {name: phrase.say(language) for name, phrase in WORDS.items()}


def both(phrase: Phrase) -> str:
    """A sentence for somebody whose language is not known yet."""
    return f"{phrase.zh} / {phrase.en}"
