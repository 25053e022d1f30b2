"""Pure rules of advice: what speaks for a product and against it, and when a draft may be sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.advisories.model import Advisory, AdvisoryRefusal, Argument, Con, Pro
from campaigns.catalogue.model import INVESTMENTS, Product, ProductKind, Profile, Selection

DRAFT_LIVES = timedelta(minutes=30)
APART = timedelta(days=30)  # Advice on one product comes to a customer once a month at most.
MUCH, HALF, MOST = 30, 50, 70  # Percent of what is held with the bank.
MONEY = INVESTMENTS | {ProductKind.DEPOSIT}
ALWAYS: Mapping[ProductKind, Con] = {
    ProductKind.DEPOSIT: Con.TAKEN_OUT_EARLY,
    ProductKind.INSURANCE: Con.EXCLUSIONS,
    ProductKind.LOAN: Con.MUST_REPAY,
    ProductKind.CARD: Con.RARELY_USED,
    ProductKind.PAYMENT: Con.RARELY_USED,
    ProductKind.SERVICE: Con.RARELY_USED,
}


def choose(selection: Selection | None, code: str) -> Product | AdvisoryRefusal:
    """The product that advice is asked on: one that may be shown unasked, and for which the customer is assessed.

    What waits for the customer's own question, futures above all, is never advised (S-26, S-159).
    """
    lines = selection.lines if selection else ()
    line = next((each for each in lines if each.product.code == code), None)
    if selection is None or line is None:
        return AdvisoryRefusal.NO_PRODUCT
    if line.product not in selection.shown:
        return AdvisoryRefusal.NOT_FOR_THEM
    if line.product.grade is not None and selection.appetite is None:
        return AdvisoryRefusal.NOT_ASSESSED
    return line.product


def argue(product: Product, profile: Profile) -> Argument:
    """Everything that speaks for a product for this customer, and everything against it (S-159).

    Appetite, how long money is bound, and what is held with the bank; both lists have something for every product.
    """
    bare = Argument(product, profile, (), ())
    return replace(bare, pros=tuple(_pros(bare)), cons=tuple(_cons(bare)))


def send(advisory: Advisory | None, by: int, now: datetime) -> Advisory | AdvisoryRefusal:
    """Send what was shown: by whom it was shown to, once, while fresh."""
    if advisory is None:
        return AdvisoryRefusal.NO_DRAFT
    if advisory.written_by != by:
        return AdvisoryRefusal.NOT_YOURS
    if advisory.sent_at is not None:
        return AdvisoryRefusal.SENT_ALREADY
    if now - advisory.written_at > DRAFT_LIVES:
        return AdvisoryRefusal.STALE
    return replace(advisory, sent_at=now)


def _pros(found: Argument) -> list[Pro]:
    product, profile = found.product, found.profile
    has_room = product.grade is not None and profile.appetite is not None and product.grade < profile.appetite
    said = {
        Pro.INVITED: product.by_invitation,
        Pro.WITHIN_APPETITE: has_room,
        Pro.FREE_AT_ANY_TIME: product.kind in INVESTMENTS and not product.locked_days,
        Pro.CAN_WAIT: 0 < product.locked_days <= (profile.horizon or 0),
        Pro.SPREADS: product.kind in INVESTMENTS and found.deposit_percent >= MOST and found.held_percent < MUCH,
        Pro.NOTHING_HELD: profile.holdings is not None and profile.holdings.of(product.kind) == 0,
        Pro.OF_BUNDLE: True,
    }
    return [each for each, holds in said.items() if holds]


def _cons(found: Argument) -> list[Con]:
    product = found.product
    said = {
        Con.MAY_LOSE: product.kind in INVESTMENTS,
        Con.LOCKED: product.locked_days > 0,
        Con.AT_THE_LIMIT: product.grade is not None and product.grade == found.profile.appetite,
        Con.CONCENTRATED: product.kind in INVESTMENTS and found.held_percent >= HALF,
        Con.MUCH_OF_ALL: product.kind in MONEY and found.least_percent >= MUCH,
        Con.ELSEWHERE: product.kind in MONEY,
    }
    always = ALWAYS.get(product.kind)
    return [*(each for each, holds in said.items() if holds), *([always] if always else [])]
