"""Offer families that the papers name: in the shipped files, through every check, for their class and no other."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import (
    CLASSES,
    WITH_NOTICE,
    Aim,
    Bundle,
    CatalogueRefusal,
    Edition,
    Holdings,
    LeftOut,
    ProductKind,
    Profile,
)
from campaigns.catalogue.plans import Business, fitting_plan
from campaigns.catalogue.portfolios import portfolio
from campaigns.catalogue.rules import fits, line_for, select, select_for_group, set_advice
from campaigns.channels.model import ChannelPolicy
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.members.model import Language
from campaigns.offers.model import Text
from campaigns.packs.files import read_packs
from campaigns.promotions.checks import barred
from campaigns.promotions.files import read_promotion
from campaigns.promotions.model import PromotionState, Version
from campaigns.vouchers.files import read_book
from campaigns.vouchers.model import Benefit
from handlers.wording.audiences import LEXICON
from handlers.wording.portfolios import portfolio_lines
from segmentation.enterprises import EnterpriseRule
from segmentation.intake.subjects import INDUSTRIES

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
CATALOGUE = read_catalogue((FOLDER / "catalogue" / "example.yaml").read_text("utf-8"))
PACKS = read_packs((FOLDER / "packs" / "example.yaml").read_text("utf-8"), LEXICON).packs
PLANS = read_book((FOLDER / "vouchers" / "example.yaml").read_text("utf-8"), LEXICON).plans
TODAY = date(2026, 11, 22)
NOON, ZONE = datetime(2026, 11, 22, 4, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
RICH = Holdings(deposits=200_000_000, wealth=100_000_000, funds=100_000_000)  # Four million yuan.
INVITED = frozenset({"private-wealth"})
EVERYBODY = {
    each: Profile(letter=each, appetite=5, horizon=365, holdings=RICH, invited=INVITED)
    if isinstance(each, Letter)
    else Profile(tier=each)
    for each in CLASSES
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


def reason(who: Profile, code: str) -> LeftOut | None:
    """Why a product is not shown to somebody."""
    return line_for(CATALOGUE, CATALOGUE.products[code], who, TODAY).left_out


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
    shown = {appetite: offered(replace(EVERYBODY[Letter.B], appetite=appetite)) for appetite in (None, 2, 3, 4)}
    risky = {"precious-metals", "private-wealth", "index-fund"}
    assert [shown[each] & risky for each in (None, 2)] == [set(), set()]
    assert shown[3] & risky == {"precious-metals", "private-wealth"}
    assert shown[4] & risky == risky


def test_an_exclusive_product_asks_for_its_entrance_and_an_invitation_and_never_comes_into_a_group() -> None:
    rich = EVERYBODY[Letter.B]
    poor = replace(rich, holdings=Holdings(RICH.deposits, 0, 0))
    reasons = {
        reason(who, "private-wealth")
        for who in (rich, replace(rich, holdings=None), poor, replace(rich, invited=frozenset()))
    }
    assert reasons == {None, LeftOut.BELOW_ENTRANCE, LeftOut.NOT_INVITED}
    bundle = Bundle("all", Text("都", "all"), Aim(all_merchants=True), ("private-wealth", "futures-account", "co-card"))
    shown = select_for_group(CATALOGUE, 1, bundle, (), TODAY)
    assert [line.left_out for line in shown.lines] == [LeftOut.PRIVATE, LeftOut.PRIVATE, None]


@pytest.mark.parametrize("code", ["private-wealth", "futures-account"])
async def test_no_promotion_sells_what_is_for_single_customers(code: str) -> None:
    edition = Edition(1, CATALOGUE, "tests", NOON, "a beginning")

    class Kept:
        """The one edition there is."""

        async def edition(self, version: int | None = None) -> Edition:
            return edition

    plan = read_promotion(
        (FOLDER / "promotions" / "example.yaml").read_text("utf-8"), edition, ChannelPolicy(), ZONE
    ).plan
    assert plan.product is not None
    version = Version(1, "autumn", 1, PromotionState.DRAFT, plan, "0" * 64, 1, NOON)
    assert await barred(Kept(), version) < set(plan.channels)
    exclusive = replace(version, plan=replace(plan, product=replace(plan.product, code=code)))
    assert await barred(Kept(), exclusive) == set(plan.channels)


def test_futures_are_named_to_who_asks_bears_the_highest_risk_and_holds_enough() -> None:
    rich = EVERYBODY[Letter.B]
    line = line_for(CATALOGUE, CATALOGUE.products["futures-account"], rich, TODAY)
    assert (line.left_out, line.if_asked) == (None, True)
    assert "futures-account" not in offered(rich)
    assert reason(replace(rich, appetite=4), "futures-account") is LeftOut.UNSUITABLE
    assert reason(replace(rich, appetite=None), "futures-account") is LeftOut.NOT_ASSESSED
    assert reason(replace(rich, holdings=Holdings(49_999_999, 0, 0)), "futures-account") is LeftOut.BELOW_ENTRANCE
    said = set_advice(CATALOGUE, "B", "futures-account", "offer", "问的人多")
    assert said is CatalogueRefusal.NEVER_UNASKED


def test_a_bundle_reads_as_a_portfolio_with_shares_amounts_and_the_risk_in_words() -> None:
    who = replace(EVERYBODY[Letter.B], appetite=4)
    found = select(CATALOGUE, 1, who, TODAY)
    assert found is not None
    whole = portfolio(found, who.holdings)
    assert whole is not None
    shares = {each.product.code: (each.percent, each.amount) for each in whole.positions}
    assert shares["private-wealth"] == (25, 100_000_000)  # The least that is bought is a million yuan.
    assert (sum(percent for percent, _ in shares.values()), whole.rest, whole.grade) == (100, 0, 4)
    lines = "\n".join(portfolio_lines(whole, who, Language.ZH))
    assert "固收类理财 30%，约 1,200,000 元，R2 中低风险" in lines
    assert "组合按其中最高的算：R4 中高风险" in lines
    assert "现有 4,000,000 元：存款 50%（2,000,000 元）、理财 25%（1,000,000 元）、基金 25%（1,000,000 元）" in lines


@given(
    st.integers(0, 10**12),
    st.none() | st.integers(1, 5),
    st.sampled_from([Letter.A, Letter.B]),
    st.booleans(),
)
def test_what_is_left_out_of_a_portfolio_makes_nothing_else_larger(
    held: int, appetite: int | None, letter: Letter, invited: bool
) -> None:
    who = Profile(
        letter=letter, appetite=appetite, holdings=Holdings(held, 0, 0), invited=INVITED if invited else frozenset()
    )
    found = select(CATALOGUE, 1, who, TODAY)
    assert found is not None
    whole = portfolio(found, who.holdings)
    if whole is None:
        return
    shares = found.bundle.shares
    assert all(each.percent == shares[each.product.code] for each in whole.positions)
    assert whole.rest + sum(each.percent for each in whole.positions) == 100
    assert whole.grade is None or whole.grade <= (appetite or 2)
    for each in whole.positions:
        assert (each.amount is None) is (held == 0)
        assert each.amount is None or each.amount * 100 <= held * each.percent
        assert each.amount is None or each.amount >= (each.product.minimum or 0) * 100


@pytest.mark.parametrize("tier", Tier)
def test_every_line_of_business_has_a_plan_of_finance_with_products_that_its_tier_may_be_shown(tier: Tier) -> None:
    for industry in INDUSTRIES:
        business = Business(industry, tier, EnterpriseRule().needs[industry])
        found = fitting_plan(CATALOGUE.plans, business)
        assert found is not None
        assert set(found.met) | set(found.left) == set(business.needs)
        lines = [
            line_for(CATALOGUE, CATALOGUE.products[each], Profile(tier=tier), TODAY) for each in found.plan.products
        ]
        assert any(line.left_out is None for line in lines)
        own = (each.plan if (each := fitting_plan((plan,), business)) else None for plan in CATALOGUE.plans)
        is_named = any(plan and industry in plan.industries for plan in own)
        assert is_named is bool(found.plan.industries)


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


def test_the_co_branded_card_comes_with_a_gift_for_spending_with_it_and_with_nothing_else() -> None:
    card, gift = CATALOGUE.products["ip-card"], PLANS["ip-spend"]
    assert card.provider is not None  # Whose picture it is.
    assert gift.gives is Benefit.TICKET
    assert gift.aim is not None
    assert gift.aim.letters == {Letter.A, Letter.D}
    assert gift.condition is not None
    assert (set(gift.condition.kinds), set(gift.condition.products)) == ({ProductKind.CARD}, {"ip-card"})
    assert (gift.notice, gift.holds_fen) == (None, None)
    assert [(each.products, each.vouchers) for each in PACKS.values() if "ip-card" in each.products] == [
        (("ip-card",), ("ip-spend",))
    ]
    for letter in Letter:
        assert ("ip-card" in offered(EVERYBODY[letter])) is (letter in {Letter.A, Letter.D})


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


def test_a_portfolio_leaves_out_what_binds_money_for_longer_than_the_customer_can_do_without_it() -> None:
    binding = {"steady-wealth", "private-wealth"}
    shown = {days: offered(replace(EVERYBODY[Letter.B], horizon=days)) & binding for days in (None, 90, 180, 365)}
    assert shown == {None: set(), 90: set(), 180: {"steady-wealth"}, 365: binding}
