"""Who gets which bundle, and which of its products may be shown: for any catalogue and anybody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.catalogue.files import flat, plain, read_catalogue, restored, written
from campaigns.catalogue.model import (
    CLASSES,
    Advice,
    Aim,
    Bundle,
    Catalogue,
    CatalogueRefusal,
    LeftOut,
    Post,
    Product,
    ProductKind,
    Profile,
)
from campaigns.catalogue.rules import (
    PREVIEW_LIFE,
    bundle_of,
    bundles_for,
    confirm,
    differences,
    fits,
    line_for,
    select,
    select_for_group,
    set_advice,
)
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter, Lifecycle
from campaigns.offers.model import Risk, Text
from segmentation.appetites import UNASKED_MOST

TODAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
NOTICE = Text(
    "理财非存款，产品有风险，投资须谨慎", "Wealth products are not deposits; products carry risk; invest with care"
)
TEXTS = [
    Text(zh, en) for zh, en in (("甲", "a"), ("乙: 丙", "- b"), ("# 丁", "yes"), ("'戊'", "2026-01-01"), ("己", "己"))
]
MERCHANTS = ("幸福里", "米店")


@st.composite
def products(draw: st.DrawFn, code: str) -> Product:
    risk = draw(st.none() | st.sampled_from(list(Risk)))
    kind = draw(st.sampled_from([ProductKind.WEALTH, ProductKind.FUND] if risk else [ProductKind.CARD]))
    first = TODAY + timedelta(draw(st.integers(-3, 3)))
    last = first + timedelta(draw(st.integers(0, 5)))
    name, terms, fee = draw(st.tuples(*[st.sampled_from(TEXTS)] * 3))
    locked = draw(st.sampled_from([0, 0, 90])) if risk else 0
    return Product(code, name, kind, terms, fee, first, last, risk, NOTICE if risk else None, locked_days=locked)


@st.composite
def aims(draw: st.DrawFn) -> Aim:
    merchants = draw(st.frozensets(st.sampled_from(MERCHANTS)))
    everywhere = draw(st.booleans()) and not merchants
    found = Aim(
        letters=draw(st.frozensets(st.sampled_from(list(Letter)), max_size=2)),
        lifecycles=draw(st.frozensets(st.sampled_from(list(Lifecycle)), max_size=2)),
        merchants=merchants,
        all_merchants=everywhere,
    )
    if draw(st.booleans()):
        tiers = draw(st.frozensets(st.sampled_from(list(Tier)), max_size=2))
        found = replace(found, letters=frozenset(), lifecycles=frozenset(), tiers=tiers)
    return found if found != Aim() else Aim(all_merchants=True)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    codes = [f"p{at}" for at in range(draw(st.integers(1, 3)))]
    goods = {code: draw(products(code)) for code in codes}
    some = st.lists(st.sampled_from(codes), min_size=1, max_size=4, unique=True).map(tuple)
    bundles = [
        Bundle(f"b{at}", draw(st.sampled_from(TEXTS)), draw(aims()), draw(some))
        for at in range(draw(st.integers(1, 2)))
    ]
    cells = st.dictionaries(st.sampled_from(codes), st.sampled_from(list(Advice)), min_size=1)
    matrix = draw(st.dictionaries(st.sampled_from(CLASSES), cells, max_size=4))
    return Catalogue(goods, tuple(bundles), matrix)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    letter = draw(st.none() | st.sampled_from(list(Letter)))
    return Profile(
        letter=letter,
        tier=None if letter else draw(st.none() | st.sampled_from(list(Tier))),
        lifecycle=draw(st.sampled_from(list(Lifecycle))) if letter else None,
        merchants=draw(st.frozensets(st.sampled_from(MERCHANTS))),
        appetite=draw(st.none() | st.integers(1, 5)),
        horizon=draw(st.sampled_from([None, 0, 89, 90])),
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues(), profiles())
def test_nobody_is_shown_what_is_unsuitable_barred_or_not_on_sale(found: Catalogue, who: Profile) -> None:
    chosen = select(found, 7, who, TODAY)
    assert (chosen is None) is (bundle_of(found, who) is None)
    if chosen is None:
        return
    assert [line.product.code for line in chosen.lines] == list(chosen.bundle.products)
    for line in chosen.lines:
        product = line.product
        if line.left_out is None:
            assert product.grade is None or product.grade <= (who.appetite or UNASKED_MOST)
            assert product.locked_days <= (who.horizon or 0)
            assert product.first <= TODAY <= product.last
            assert who.standing is None or found.advice(who.standing, product.code) is not Advice.NEVER
        else:
            assert product not in chosen.shown
            assert line in chosen.kept_back


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues(), profiles())
def test_the_first_bundle_in_the_file_that_fits_is_the_customers(found: Catalogue, who: Profile) -> None:
    fitting = [each for each in found.bundles if fits(each.aim, who)]
    assert bundle_of(found, who) == (fitting[0] if fitting else None)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues(), st.frozensets(st.sampled_from(CLASSES)))
def test_what_a_group_reads_suits_everybody_in_it(found: Catalogue, classes: frozenset[Letter | Tier]) -> None:
    for merchant in MERCHANTS:
        for bundle in bundles_for(found, merchant):
            assert bundle.aim.is_for_groups
            for product in select_for_group(found, 1, bundle, classes, TODAY).shown:
                said = {found.advice(each, product.code) for each in classes}
                assert Advice.NEVER not in said
                assert not said or Advice.OFFER in said
                assert product.grade is None or product.grade <= UNASKED_MOST
                assert not product.locked_days


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues())
def test_a_catalogue_written_as_a_file_or_stored_is_read_as_the_same(found: Catalogue) -> None:
    assert read_catalogue(written(found)) == found
    assert restored(plain(found)) == found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues(), catalogues())
def test_applying_the_differences_leads_from_one_version_to_the_other(old: Catalogue, new: Catalogue) -> None:
    before, after = flat(old), flat(new)
    for change in differences(before, after):
        assert before.get(change.place) == change.old
        if change.new is None:
            del before[change.place]
        else:
            before[change.place] = change.new
    assert before == after


FUND = Product("fund", Text("基金", "fund"), ProductKind.FUND, NOTICE, NOTICE, TODAY, TODAY, Risk.R4, NOTICE)
CLOSED = replace(FUND, risk=Risk.R2, locked_days=180)
CARD = Product("card", Text("卡", "card"), ProductKind.CARD, NOTICE, NOTICE, TODAY, TODAY)
BOTH = Catalogue(
    {"fund": FUND, "card": CARD},
    (Bundle("shops", Text("组合", "bundle"), Aim(all_merchants=True), ("fund", "card")),),
    {Letter.A: {"fund": Advice.OFFER, "card": Advice.OFFER}, Letter.C: {"card": Advice.NEVER}},
)


@pytest.mark.parametrize(
    ("product", "who", "day", "reason"),
    [
        (FUND, Profile(letter=Letter.A, appetite=3), TODAY, LeftOut.UNSUITABLE),
        (FUND, Profile(letter=Letter.A), TODAY, LeftOut.NOT_ASSESSED),
        (FUND, Profile(letter=Letter.A, appetite=4), TODAY, None),
        (CLOSED, Profile(letter=Letter.A), TODAY, LeftOut.NEED_UNKNOWN),
        (CLOSED, Profile(letter=Letter.A, horizon=179), TODAY, LeftOut.NEEDED_EARLIER),
        (CLOSED, Profile(letter=Letter.A, horizon=180), TODAY, None),
        (CLOSED, Profile(letter=Letter.A, appetite=1, horizon=180), TODAY, LeftOut.UNSUITABLE),
        (CARD, Profile(letter=Letter.C, appetite=5), TODAY, LeftOut.NEVER),
        (CARD, Profile(letter=Letter.A), TODAY - timedelta(1), LeftOut.NOT_YET),
        (CARD, Profile(letter=Letter.A), TODAY + timedelta(1), LeftOut.OVER),
    ],
)
def test_each_reason_for_leaving_out_is_said(product: Product, who: Profile, day: date, reason: LeftOut | None) -> None:
    assert line_for(BOTH, product, who, day).left_out is reason


def test_what_the_matrix_does_not_say_waits_for_a_question() -> None:
    assert line_for(BOTH, CARD, Profile(letter=Letter.D), TODAY).if_asked
    assert not line_for(BOTH, CARD, Profile(letter=Letter.A), TODAY).if_asked


def test_one_cell_changes_and_what_cannot_be_is_refused() -> None:
    changed = set_advice(BOTH, "d", "card", "offer", "试点")
    assert isinstance(changed, Catalogue)
    assert changed.matrix[Letter.D] == {"card": Advice.OFFER}
    assert [change.place for change in differences(flat(BOTH), flat(changed))] == ["matrix.D.card"]
    for said, refusal in (
        (("Q", "card", "offer", "x"), CatalogueRefusal.UNKNOWN_CLASS),
        (("A", "cart", "offer", "x"), CatalogueRefusal.UNKNOWN_PRODUCT),
        (("A", "card", "maybe", "x"), CatalogueRefusal.UNKNOWN_ADVICE),
        (("A", "card", "never", "  "), CatalogueRefusal.NO_REASON),
        (("A", "card", "offer", "x"), CatalogueRefusal.SAME_ALREADY),
    ):
        assert set_advice(BOTH, *said) is refusal


def test_only_what_was_previewed_is_posted_by_who_saw_it_once_and_while_it_holds() -> None:
    post = Post(1, 3, "shops", 5, 7, NOW)
    done = confirm(post, 7, 3, NOW + PREVIEW_LIFE)
    assert isinstance(done, Post)
    assert done.posted_at == NOW + PREVIEW_LIFE
    assert confirm(None, 7, 3, NOW) is CatalogueRefusal.NO_PREVIEW
    assert confirm(post, 8, 3, NOW) is CatalogueRefusal.NOT_YOURS
    assert confirm(done, 7, 3, NOW) is CatalogueRefusal.POSTED_ALREADY
    assert confirm(post, 7, 4, NOW) is CatalogueRefusal.STALE
    assert confirm(post, 7, 3, NOW + PREVIEW_LIFE + timedelta(seconds=1)) is CatalogueRefusal.STALE
