"""Pure rules of loan requests: what a registration number is, what may be asked, which move follows which."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from campaigns.loans.model import DeclineReason, Firm, LoanFault, LoanRefusal, LoanRequest, LoanState, LoanWish

LEAST_YUAN, MOST_YUAN = 10_000, 3_000_000
LEAST_MONTHS, MOST_MONTHS = 3, 60
SHORTEST_NAME, LONGEST_NAME = 2, 60
DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(3**at % 31 for at in range(17))

# What may follow a state; a request is taken back as long as nothing is decided.
NEXT: Mapping[LoanState, tuple[LoanState, ...]] = MappingProxyType(
    {
        LoanState.DRAFT: (LoanState.ASKED,),
        LoanState.ASKED: (LoanState.CONTACTED, LoanState.WITHDRAWN),
        LoanState.CONTACTED: (LoanState.DOCUMENTS, LoanState.DECLINED, LoanState.WITHDRAWN),
        LoanState.DOCUMENTS: (LoanState.APPROVED, LoanState.DECLINED, LoanState.WITHDRAWN),
        LoanState.APPROVED: (),
        LoanState.DECLINED: (),
        LoanState.WITHDRAWN: (),
    }
)
OPEN = frozenset({LoanState.ASKED, LoanState.CONTACTED, LoanState.DOCUMENTS})


def check_digit(first: str) -> str:
    """The last place of a unified social credit code after its first 17 (GB 32100-2015, 4.7)."""
    total = sum(DIGITS.index(each) * weight for each, weight in zip(first, WEIGHTS, strict=True))
    return DIGITS[-total % 31]


def read_registration(text: str) -> str | None:
    """统一社会信用代码 in its normal form; None for anything that is none, such as a single wrong or swapped place."""
    found = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(found) != 18 or any(each not in DIGITS for each in found) or not found[2:8].isdecimal():
        return None
    return found if check_digit(found[:17]) == found[17] else None


def check_firm(name: str, registration: str, amount_yuan: int, months: int) -> Firm | LoanFault:
    """What a request says of the firm and the loan, or the first thing that is wrong."""
    plain = " ".join(name.split())
    if not SHORTEST_NAME <= len(plain) <= LONGEST_NAME or not plain.isprintable():
        return LoanFault.NO_NAME
    found = read_registration(registration)
    if found is None:
        return LoanFault.BAD_REGISTRATION
    if not LEAST_YUAN <= amount_yuan <= MOST_YUAN:
        return LoanFault.BAD_AMOUNT
    return Firm(plain, found, amount_yuan, months) if LEAST_MONTHS <= months <= MOST_MONTHS else LoanFault.BAD_TERM


def submit(draft: LoanRequest | None, member_id: int, owner_id: int, now: datetime) -> LoanRequest | LoanRefusal:
    """Hand in an own draft that is whole."""
    if draft is None or draft.member_id != member_id:
        return LoanRefusal.NO_REQUEST
    if draft.state is not LoanState.DRAFT:
        return LoanRefusal.OPEN_ALREADY
    if draft.wish is None or draft.wish.missing:
        return LoanRefusal.INCOMPLETE
    return replace(draft, state=LoanState.ASKED, asked_at=now, state_since=now, owner_id=owner_id, version=1)


def tell(draft: LoanRequest | None, member_id: int, wish: LoanWish) -> LoanRequest | LoanRefusal:
    """Fill in an own draft."""
    if draft is None or draft.member_id != member_id or draft.state is not LoanState.DRAFT:
        return LoanRefusal.NO_REQUEST
    return replace(draft, wish=wish)


def move(
    request: LoanRequest, version: int, to: LoanState, reason: DeclineReason | None, now: datetime
) -> LoanRequest | LoanRefusal:
    """Move to a state that may follow; only a decline has a reason, and it must have one."""
    if request.version != version:
        return LoanRefusal.MOVED_SINCE
    if request.state is LoanState.DRAFT or to not in NEXT[request.state]:
        return LoanRefusal.JUMP
    if (to is LoanState.DECLINED) != (reason is not None):
        return LoanRefusal.NEEDS_REASON
    return replace(request, state=to, state_since=now, version=version + 1, reason=reason)
