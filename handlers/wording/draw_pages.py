"""What a draw's public page says beside its rules."""

from handlers.wording.phrase import Phrase

RULES = Phrase("活动规则", "Rules")
PROOF = Phrase("核对", "Proof")
RULES_HASH = Phrase("规则校验码（SHA-256）", "Hash of the rules (SHA-256)")
PROMISE = Phrase("公平承诺：开奖口令的 SHA-256", "Promise: SHA-256 of the secret")
SECRET = Phrase("开奖口令", "The secret")
OPEN_YET = Phrase(
    "活动结束前口令是保密的。结束后这里公布口令和全部号码，任何人都可以重算。",
    "The secret stays hidden until the draw is over; then it stands here with every ticket, for anybody to compute.",
)
TICKETS = Phrase("全部号码", "All tickets")
NOBODY = Phrase("没有人参加。", "Nobody took part.")
NUMBER = Phrase("号", "No.")
NAME = Phrase("姓名", "Name")
PRIZE = Phrase("奖品", "Prize")
RECEIPT = Phrase("凭证", "Receipt")
RIGHT = Phrase("核对", "Check")
WAIT = Phrase("正在这台设备上重算……", "Computing on this device …")
NO_SCRIPT = Phrase("请允许脚本，或发 /verify 核对。", "Allow scripts, or send /verify to the bot.")
HOW = Phrase(
    "第 n 号的数 = HMAC-SHA256(口令, “编号:n”) 除以 1,000,000 的余数，"
    "按概率从上到下落在哪个奖品就是哪个；已发完的归最后一项。"
    "凭证 = SHA-256(上一张凭证|n|姓名|奖品序号)，第一张接着承诺。",
    "Ticket n throws HMAC-SHA256(secret, “draw:n”) modulo 1,000,000; the odds from top to bottom tell the prize, "
    "one that is used up becomes the last. A receipt is SHA-256(receipt before|n|name|prize), "
    "the first after the promise.",
)
