"""What the command menus say."""

from handlers.wording.phrase import Phrase

PRIVATE_MENU = {
    "help": Phrase("我能做什么", "What I can do"),
    "bind": Phrase("绑定手机号", "Link your number"),
    "unbind": Phrase("解绑手机号", "Unlink your number"),
    "points": Phrase("我的波豆", "My points"),
    "earn": Phrase("怎么赚波豆", "Earn points"),
    "shelf": Phrase("兑换", "Redeem points"),
    "gifts": Phrase("我的礼品", "My gifts"),
    "coupons": Phrase("我的券", "My coupons"),
    "vouchers": Phrase("我的权益", "My vouchers"),
    "packs": Phrase("我的权益包", "My packs"),
    "refer": Phrase("老带新", "Bring a friend"),
    "groupbuys": Phrase("我的拼团", "My group-buys"),
    "benefits": Phrase("我的福利", "My benefits"),
    "subscribe": Phrase("订阅福利", "Receive offers"),
    "why_me": Phrase("为什么给我", "Why this offer"),
    "stop": Phrase("退订福利", "No more offers"),
    "reminders": Phrase("提醒开关", "My reminders"),
    "progress": Phrase("我的办卡进度", "My card's progress"),
    "loan": Phrase("小微贷款申请", "A loan for my shop"),
    "my_loans": Phrase("我的贷款申请", "My loan requests"),
    "stamps": Phrase("我的集章", "My stamps"),
    "topics": Phrase("话题", "Topics"),
    "donations": Phrase("公益捐赠", "What the bank gives"),
    "zones": Phrase("预约体验区、挂号", "Book a visit"),
    "minigame": Phrase("财商小游戏", "The money game"),
    "my_data": Phrase("我的资料", "My data"),
    "planet": Phrase("我的星球", "My planet"),
    "verify": Phrase("核对抽奖", "Check a draw"),
    "my_chains": Phrase("我的接龙", "My chains"),
    "ask": Phrase("找人工", "Ask a person"),
    "language": Phrase("换语言", "Change language"),
}
GROUP_MENU = {
    "checkin": Phrase("签到", "Check in"),
    "join": Phrase("参加接龙", "Join the chain"),
    "draw": Phrase("抽奖", "Take part in the draw"),
    "leave": Phrase("退出接龙", "Leave the chain"),
    "help": Phrase("我能做什么", "What I can do"),
}
