"""Reading what a shop's owner writes: 店名, 代码, 金额 and 期限, in lines or in one, as people write them."""

import re
import unicodedata
from decimal import Decimal

from campaigns.loans.model import Firm, LoanFault
from campaigns.loans.rules import check_firm

FIELDS = {
    "name": ("店名", "企业名称", "名称", "firm", "name"),
    "registration": ("统一社会信用代码", "信用代码", "代码", "执照号", "code"),
    "amount": ("金额", "额度", "amount"),
    "months": ("期限", "term"),
}
_LABELS = "|".join(sorted((word for words in FIELDS.values() for word in words), key=len, reverse=True))
_FIELD = re.compile(rf"({_LABELS})\s*[:：]\s*", re.IGNORECASE)
_CODE = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z]*[0-9]{6})[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)(万|w)?元?(?:yuan)?", re.IGNORECASE)
_TERM = re.compile(r"(\d{1,3})(个?月|months?|年|years?)?", re.IGNORECASE)


def read_request(text: str) -> Firm | LoanFault:
    """What was told of firm and loan, or the first thing that is missing or wrong."""
    parts = _FIELD.split(unicodedata.normalize("NFKC", text)[:1000])
    told = {_field(label): value.strip(" ,;。、\n") for label, value in zip(parts[1::2], parts[2::2], strict=True)}
    amount, months = read_amount(told.get("amount", "")), read_months(told.get("months", ""))
    return check_firm(told.get("name", ""), told.get("registration", ""), amount or 0, months or 0)


def holds_registration(text: str) -> bool:
    """Whether words hold what is, or is meant as, a registration code: they are sealed wherever they wait."""
    return _CODE.search(unicodedata.normalize("NFKC", text)) is not None


def read_amount(text: str) -> int | None:
    """Whole yuan: 200000, 20万, 1.5万元; None where it cannot be read."""
    found = _AMOUNT.fullmatch("".join(text.replace(",", "").split()))
    if found is None:
        return None
    yuan = Decimal(found[1]) * (10_000 if found[2] else 1)
    return int(yuan) if yuan == int(yuan) else None


def read_months(text: str) -> int | None:
    """Months: 12, 12个月, 1年; None where it cannot be read."""
    found = _TERM.fullmatch("".join(text.split()))
    if found is None:
        return None
    is_years = (found[2] or "").lower() in {"年", "year", "years"}
    return int(found[1]) * (12 if is_years else 1)


def _field(label: str) -> str:
    return next(name for name, words in FIELDS.items() if label.lower() in words)
