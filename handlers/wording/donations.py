"""What everybody reads about what the bank gives for opened accounts: a line in the chat, a public page; no names."""

from collections.abc import Sequence

from campaigns.donations.model import Standing
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

DONATION_WORDS = ("公益", "捐赠", "开户即捐", "donations")
NONE = Phrase("现在没有公益捐赠活动。", "The bank has no pledge to give now.")
LINE = Phrase(
    "💗 {name}：{first} 至 {last}，每新开一户捐 {each} 元给{recipient}，用于：{purpose}。\n"
    "已开户 {accounts} 户，累计捐赠 {accrued} 元，已拨付 {paid} 元。咨询：{contact}",
    "💗 {name}: {first} to {last}, {each} yuan for each new account to {recipient}. What for: {purpose}.\n"
    "{accounts} accounts so far, {accrued} yuan in all, {paid} yuan paid out. Questions: {contact}",
)
PAGE = Phrase("查看公示：{address}", "The public record: {address}")

RECIPIENT = Phrase("受赠方", "Recipient")
PURPOSE = Phrase("用途", "What for")
AGREEMENT = Phrase("捐赠协议", "Agreement")
DAYS = Phrase("开户时间", "Accounts opened")
EACH = Phrase("每户捐赠", "For each account")
CAP = Phrase("上限", "At most")
CONTACT = Phrase("咨询与监督", "Questions and complaints")
ACCOUNTS = Phrase("已开户", "Accounts so far")
ACCRUED = Phrase("累计捐赠", "Given in all")
PAID = Phrase("已拨付", "Paid out")
OWED = Phrase("待拨付", "Still to be paid")
FIGURES = Phrase("进度", "So far")
PAYMENTS = Phrase("拨付记录", "Payments")
NO_PAYMENTS = Phrase("还没有拨付。", "Nothing was paid out yet.")
DAY = Phrase("日期", "Day")
YUAN = Phrase("金额（元）", "Yuan")
REFERENCE = Phrase("凭证号", "Reference")
HOW = Phrase(
    "每个新开账户只计一次；开户后 {days} 天内销户的不再计入，已拨付的在下次拨付中扣减。本页不含任何客户信息。",
    "Each new account counts once. One that is closed within {days} days counts no more; what was paid for it is taken "
    "off the next payment. No customer is named here.",
)


def money(fen: int) -> str:
    """Fen as yuan, whole ones without a fraction."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def line(found: Standing, language: Language) -> str:
    """One pledge in a few words: what, for whom, how much so far."""
    pledge, books = found.kept.pledge, found.books
    return LINE.say(
        language,
        name=pledge.name.read_in(language),
        recipient=pledge.recipient.read_in(language),
        purpose=pledge.purpose.read_in(language),
        first=pledge.first,
        last=pledge.last,
        each=money(pledge.fen_each),
        accounts=f"{books.accounts:,}",
        accrued=money(books.accrued_fen),
        paid=money(books.paid_fen),
        contact=pledge.contact,
    )


def lines(found: Sequence[Standing], address: str, language: Language) -> str:
    """The newest pledges, each with its public page where there is an address."""
    said = []
    for each in found:
        said.append(line(each, language))
        if address:
            said.append(PAGE.say(language, address=f"{address}/donations/{each.kept.pledge.code}"))
    return "\n".join(said) or NONE.say(language)
