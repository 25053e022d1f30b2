"""What staff read of the registry of partners, and what somebody reads who opens a partner's link."""

from collections.abc import Sequence
from datetime import date

from campaigns.members.model import Language
from campaigns.partners.model import ContractState, DueItem, Entry, PartnerKind
from campaigns.partners.rules import findings, is_open
from handlers.wording.phrase import Phrase

LINK = "ally_"

KINDS = {
    PartnerKind.BANK: Phrase("银行", "bank"),
    PartnerKind.MERCHANT: Phrase("商户", "merchant"),
    PartnerKind.PROPERTY: Phrase("物业", "property manager"),
    PartnerKind.PARTNER: Phrase("合作伙伴", "partner"),
    PartnerKind.BROKER: Phrase("券商", "broker"),
    PartnerKind.INSURER: Phrase("保险公司", "insurer"),
    PartnerKind.E_COMMERCE: Phrase("电商平台", "e-commerce platform"),
}
STATES = {
    ContractState.PROPOSED: Phrase("待准入", "proposed"),
    ContractState.APPROVED: Phrase("已准入", "approved"),
    ContractState.SUSPENDED: Phrase("已暂停", "suspended"),
}
ITEMS = {
    DueItem.LICENCE: Phrase("经营资质", "licence"),
    DueItem.REPUTATION: Phrase("声誉与处罚记录", "reputation"),
    DueItem.PERSONAL_DATA: Phrase("个人信息保护", "personal data"),
    DueItem.COMPLAINTS: Phrase("投诉处理", "complaints"),
}
NONE = Phrase("还没有登记合作方；用 partners register 登记。", "No partner is registered; partners register does.")
WELCOME = Phrase(
    "您好，您通过合作伙伴「{name}」的链接来到{bank}。本行不会把您的任何资料告诉「{name}」，是否办理业务由您自己决定。",
    "Hello. You came to {bank} by a link of {name}. The bank tells {name} nothing about you, and what you do here is "
    "yours to decide.",
)
CLOSED = Phrase("这个合作链接已失效。发 /help 看我能做什么。", "This link works no more. /help says what I can do.")
LINE = Phrase(
    "· {name}（{kind}）· {state}\n  合同 {number}：{first} 至 {last} · 负责人 {answerable}\n"
    "  尽调 {passed}/{items}{open} · 新客 {leads} · 开户 {accounts} · 老客 {customers}",
    "· {name} ({kind}) · {state}\n  Contract {number}: {first} to {last} · answerable: {answerable}\n"
    "  Due diligence {passed} of {items}{open} · leads {leads} · accounts {accounts} · customers before {customers}",
)
MISSING = Phrase("（缺 {what}）", " (missing: {what})")
WORKS = Phrase("  链接：{link}", "  Link: {link}")


def entry_lines(entry: Entry, username: str, today: date, language: Language) -> str:
    """One partner: kind, state, contract, who is answerable, due diligence, what it brings, the link while it works."""
    contract, found = entry.contract, findings(entry.acts)
    missing = [ITEMS[item].say(language) for item in DueItem if not found.get(item)]
    comma = Phrase("、", ", ").say(language)
    said = LINE.say(
        language,
        name=contract.partner.name,
        kind=KINDS[contract.partner.kind].say(language),
        state=STATES[contract.state].say(language),
        number=contract.terms.number,
        first=contract.terms.starts_on,
        last=contract.terms.ends_on,
        answerable=contract.terms.answerable,
        passed=len(DueItem) - len(missing),
        items=len(DueItem),
        open=MISSING.say(language, what=comma.join(missing)) if missing else "",
        **vars(entry.brought),
    )
    if not is_open(contract, today):
        return said
    return f"{said}\n{WORKS.say(language, link=link(username, contract.token))}"


def registry_page(entries: Sequence[Entry], username: str, today: date, language: Language) -> str:
    """The whole registry for staff."""
    return "\n".join(entry_lines(each, username, today, language) for each in entries) or NONE.say(language)


def link(username: str, token: str) -> str:
    """A partner's deep link."""
    return f"https://t.me/{username}?start={LINK}{token}"
