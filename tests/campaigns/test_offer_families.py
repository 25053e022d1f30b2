"""Offer families that the papers name: in the shipped files, through every check, for their class and no other."""

from datetime import date
from pathlib import Path

import pytest

from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import CLASSES, WITH_NOTICE, Profile
from campaigns.catalogue.rules import fits, line_for, select
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.members.model import Language
from campaigns.packs.files import read_packs
from campaigns.vouchers.files import read_book
from campaigns.vouchers.model import Benefit
from handlers.wording.audiences import LEXICON

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
CATALOGUE = read_catalogue((FOLDER / "catalogue" / "example.yaml").read_text("utf-8"))
PACKS = read_packs((FOLDER / "packs" / "example.yaml").read_text("utf-8"), LEXICON).packs
PLANS = read_book((FOLDER / "vouchers" / "example.yaml").read_text("utf-8"), LEXICON).plans
TODAY = date(2026, 11, 22)
EVERYBODY = {
    each: Profile(letter=each, appetite=5) if isinstance(each, Letter) else Profile(tier=each) for each in CLASSES
}
FAMILIES = {
    ("utilities-pay", "top-up", "instalment", "fitting-loan", "wedding-loan"): {Letter.A},
    ("precious-metals", "private-wealth"): {Letter.B},
    ("mobile-bank", "personal-credit"): {Letter.D},
    ("credit-line", "supply-chain"): {Tier.STRATEGIC},
    ("receivables",): {Tier.KEY},
    ("index-fund",): {Letter.A, Letter.B},
}


def offered(profile: Profile) -> set[str]:
    """What a customer reads: of the own bundle what is offered unasked, of the own packs whatever is not kept back."""
    bundle = select(CATALOGUE, 1, profile, TODAY)
    packed = {code for pack in PACKS.values() if pack.aim and fits(pack.aim, profile) for code in pack.products}
    lines = [line_for(CATALOGUE, CATALOGUE.products[code], profile, TODAY) for code in packed]
    shown = {line.product.code for line in lines if line.left_out is None}
    return shown | {product.code for product in (bundle.shown if bundle else ())}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda codes: codes[0])
def test_each_family_of_the_papers_passes_the_gate_and_reaches_its_class_and_no_other(family: tuple[str, ...]) -> None:
    for code in family:
        assert {each for each, profile in EVERYBODY.items() if code in offered(profile)} == FAMILIES[family], code
        product = CATALOGUE.products[code]
        assert product.notice or product.kind not in WITH_NOTICE
        for language in Language:
            said = "\n".join(text.read_in(language) for text in (product.name, product.terms, product.fee))
            notice = product.notice.read_in(language) if product.notice else ""
            context = Context(kind=product.kind, risk_level=product.grade, venue=Venue.PRIVATE)
            assert check(f"{said}\n{notice}", context).outcome is not Outcome.BLOCK


def test_a_portfolio_shows_each_only_what_the_own_appetite_allows() -> None:
    shown = {appetite: offered(Profile(letter=Letter.B, appetite=appetite)) for appetite in (None, 2, 3, 4)}
    risky = {"precious-metals", "private-wealth", "index-fund"}
    assert [shown[each] & risky for each in (None, 2)] == [set(), set()]
    assert shown[3] & risky == {"precious-metals", "private-wealth"}
    assert shown[4] & risky == risky


def test_a_festival_and_a_welcome_give_for_purchases_and_never_for_deposits() -> None:
    festival, swipe, trial = PLANS["festival-pay"], PLANS["first-swipe"], PLANS["trial-fund"]
    assert festival.aim is not None
    assert festival.aim.letters == {Letter.D}
    assert [each.code for each in PACKS.values() if "festival-pay" in each.vouchers] == ["festival"]
    assert set(PACKS["newcomer"].vouchers) >= {"trial-fund", "first-swipe"}
    assert trial.gives is Benefit.TRIAL_FUND
    assert trial.condition is None
    for plan in (festival, swipe):
        assert plan.condition is not None
        assert set(map(str, plan.condition.kinds)) == {"card", "payment"}


def test_a_month_for_one_segment_lasts_a_month_and_asks_for_the_segment() -> None:
    month = PLANS["womens-month"]
    assert (month.first, month.last, month.audience) == (date(2027, 3, 1), date(2027, 3, 31), "性别 = 女")


@pytest.mark.parametrize(
    "words", ["定存5万元送1万理财体验金和首刷礼", "节日存款满1万元送大米一袋", "资产增值存款达标送礼品"]
)
def test_a_gift_for_a_deposit_is_blocked_by_the_gate(words: str) -> None:
    verdict = check(words, Context(venue=Venue.PRIVATE))
    assert verdict.outcome is Outcome.BLOCK
    assert any(hit.basis.zh and hit.advice.zh for hit in verdict.hits)
