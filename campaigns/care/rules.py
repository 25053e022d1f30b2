"""What is spam or an impersonation: pure rules on one message; every rule needs two signs, so that talk stays talk.

Source: the fraud types that China's police and banks warn of most often (冒充客服, 刷单返利, 虚假投资, 索要验证码), and
the study's own groups: members are sent links of shops and ask for staff all day, which is no spam.
"""

import re
import unicodedata
from hashlib import sha256
from urllib.parse import urlsplit

from campaigns.care.model import Suspicion, Words

# Letters of other alphabets that look like Latin ones, and digits that replace letters.
LOOKALIKES = str.maketrans("аеорсухіАВЕКМНОРСТХαβεικνορτυχ", "aeopcyxiabekmhopctxabeiknoptux")
FILLERS = re.compile(r"[^\w]|_")
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
GAP = r"\W{0,3}"

STAFF = r"客服|经理|工作人员|官方|专员|柜员|行长|小助手|助理|管理员"
CLAIM = re.compile(rf"(?:我|本人|这里|这边)(?:们)?(?:就)?(?:是|为)(?:(?![不吗])[\w\s·]){{0,12}}(?:{STAFF})")
DENIED = re.compile(r"(?:不是|是不是|谁是|哪位是|冒充|假冒|不要相信|小心|别信|举报)")
NAMED_STAFF = re.compile(rf"(?:银行|bank|支行|分行|网点|央行|银监)\w{{0,6}}(?:{STAFF}|service|official|support)")
ASKS_SECRETS = re.compile(
    r"(?:发|报|给|告诉|提供|说|输入|填写?)[\w\s]{0,8}(?:验证码|密码|cvv|卡号|身份证号)(?:给?我|过来|一下|吧|$|\W)"
    r"|(?:把|将)[\w\s]{0,8}(?:验证码|密码|cvv|卡号|身份证号)[\w\s]{0,4}(?:发|报|给|告诉|提供)给?我"
    r"|(?:转账?|汇款|打款|转钱)到[\w\s]{0,8}(?:安全账户|指定账户|我的|这个账户|以下账户)"
)
WARNS = re.compile(r"不要|别|切勿|请勿|不会|不能|谨防|小心|防止|骗子|诈骗|为什么|怎么|吗|\?|？")
OTHER_CHANNEL = re.compile(
    rf"(?:加|联系|私聊|私|扫)(?:我|他|她|客服|老师)?{GAP}(?:的)?{GAP}(?:微信|威信|薇信|v信|vx|wx|wechat|qq|扣扣|飞机|电报|whatsapp)"
    rf"|(?:微信|威信|薇信|v信|vx|wx|wechat|qq|扣扣|whatsapp)(?:号)?{GAP}(?:[:：]|是|加)?{GAP}[a-z0-9_-]{{5,}}"
    rf"|(?:加|联系|致电|拨打)(?:我|电话|手机){{0,2}}{GAP}(?:\+?86{GAP})?1[3-9]\d{{9}}"
)
BAIT = re.compile(
    r"兼职|刷单|日结|日赚|月入|稳赚|躺赚|高回报|高收益|返利|内幕|带单|荐股|博彩|彩金|下注|娱乐城|贷款秒|秒批|无抵押|套现|办卡代办"
    r"|免费领(?:取)?(?:现金|红包|手机)|红包群|福利群领|usdt|炒币|空投|投资群|股票群|解冻|注销网贷|征信修复|提额"
)
INVITE = re.compile(
    r"(?:t\.me|telegram\.me|telegram\.dog)/(?:\+|joinchat/)[\w-]{8,}|tg://join\?invite=[\w-]+", re.IGNORECASE
)
RUN = re.compile(r"[a-z0-9:/?#=&.%_~@+-]+", re.IGNORECASE)
ENDINGS = frozenset({"com", "cn", "net", "org", "top", "xyz", "vip", "cc", "io", "me", "club", "shop", "info"})
MONEY_HELP = re.compile(
    r"(?:帮|替|代)(?:您|你|大家)?(?:办|处理|解决|操作|开通|退款|理赔)|办理(?:贷款|信用卡|退款|提现)"
)


def suspect(words: Words, bank: str, own_hosts: frozenset[str] = frozenset()) -> Suspicion | None:
    """Why this message should not stand in a group, None for talk; what staff write is never asked about."""
    plain = folded(words.text)
    links = (*words.links, *addresses(words.text))
    if any(INVITE.search(unicodedata.normalize("NFKC", link)) for link in (words.text, *links)):
        return Suspicion.INVITE_LINK
    if ASKS_SECRETS.search(plain) and not WARNS.search(plain):
        return Suspicion.SECRETS
    if claims_office(plain, words.sender, bank):
        return Suspicion.IMPERSONATION
    if BAIT.search(plain) and any(not _is_own(_host(link), own_hosts) for link in links):
        return Suspicion.BAIT_LINK
    if OTHER_CHANNEL.search(plain) and (BAIT.search(plain) or _offers_help(plain)):
        return Suspicion.SOLICITATION
    return None


def addresses(text: str) -> list[str]:
    """Addresses in a text, with or without a scheme; each run of letters is looked at once, however long it is."""
    runs = RUN.findall(unicodedata.normalize("NFKC", text))
    return [run for run in runs if run.lower().startswith(("http://", "https://", "www.")) or _is_bare_address(run)]


def claims_office(plain: str, sender: str, bank: str) -> bool:
    """Whether the words or the name of somebody who is no staff speak as if for the bank."""
    return named_like_staff(sender, bank) or bool(
        CLAIM.search(plain) and _of_bank(plain, bank) and not DENIED.search(plain)
    )


def named_like_staff(name: str, bank: str) -> bool:
    """Whether a display name would pass for the bank's staff or for the bank itself, lookalike letters included."""
    bare, own = FILLERS.sub("", folded(name)), FILLERS.sub("", folded(bank))
    return bool(NAMED_STAFF.search(bare)) or (bool(own) and bare == own)


def folded(text: str) -> str:
    """The text as it is read: one width, lower case, no invisible characters, lookalike letters as the Latin ones."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(LOOKALIKES).lower()


def digest(text: str) -> bytes:
    """What makes two messages the same: the words without spaces, widths and lookalikes."""
    return sha256(FILLERS.sub("", folded(text)).encode()).digest()


def veiled(text: str, longest: int = 300) -> str:
    """A removed text as a manager reads it: cut, with long numbers half hidden, since the ledger keeps it."""
    hidden = re.sub(r"\d{7,}", lambda found: f"{found[0][:3]}{'*' * (len(found[0]) - 5)}{found[0][-2:]}", text)
    return hidden if len(hidden) <= longest else f"{hidden[:longest]}…"


def _of_bank(plain: str, bank: str) -> bool:
    return "银行" in plain or "bank" in plain or "官方" in plain or folded(bank) in plain


def _offers_help(plain: str) -> bool:
    """Whether somebody offers to handle money matters, which a member would not."""
    return bool(MONEY_HELP.search(plain))


def _is_bare_address(run: str) -> bool:
    host = run.split("/", 1)[0].split("?", 1)[0].strip(".").lower()
    return "." in host and "@" not in host and host.rsplit(".", 1)[1] in ENDINGS


def _is_own(host: str, own_hosts: frozenset[str]) -> bool:
    """Whether a host is one of the bank's own, or below one."""
    return any(host == own or host.endswith(f".{own}") for own in own_hosts)


def _host(link: str) -> str:
    """The host behind a link; empty for what is no address, which is nobody's own."""
    try:
        return urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        return ""
