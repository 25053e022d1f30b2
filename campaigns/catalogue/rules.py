"""Pure rules: whose bundle it is, which of its products may be shown to whom, what may be posted, what changed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from campaigns.catalogue.model import (
    CLASSES,
    Advice,
    Aim,
    Bundle,
    Catalogue,
    CatalogueRefusal,
    Change,
    Class,
    LeftOut,
    Line,
    Post,
    Product,
    ProductKind,
    Profile,
    Readers,
    Selection,
)
from segmentation.appetites import suits_one

PREVIEW_LIFE = timedelta(minutes=30)
APART = timedelta(days=7)  # The same bundle comes into a group once a week at most.
LONGEST_REASON = 200
YUAN = 100


def fits(aim: Aim, profile: Profile) -> bool:
    """Whether a bundle is for this customer: each condition that is given holds (S-135)."""
    in_group = (aim.all_merchants and bool(profile.merchants)) or not aim.merchants.isdisjoint(profile.merchants)
    return (
        (not aim.letters or profile.letter in aim.letters)
        and (not aim.lifecycles or profile.lifecycle in aim.lifecycles)
        and (not aim.tiers or profile.tier in aim.tiers)
        and (not (aim.merchants or aim.all_merchants) or in_group)
    )


def bundle_of(catalogue: Catalogue, profile: Profile) -> Bundle | None:
    """The first bundle in the file's order that fits: the most particular ones stand above."""
    return next((each for each in catalogue.bundles if fits(each.aim, profile)), None)


def select(catalogue: Catalogue, version: int, profile: Profile, today: date) -> Selection | None:
    """What a customer may be shown of the own bundle; None where none fits."""
    bundle = bundle_of(catalogue, profile)
    if bundle is None:
        return None
    lines = tuple(line_for(catalogue, catalogue.products[code], profile, today) for code in bundle.products)
    return Selection(version, bundle, lines, profile.appetite)


def line_for(catalogue: Catalogue, product: Product, profile: Profile, today: date) -> Line:
    """Whether a person may be shown a product: on sale, not barred for the class, R not above C (S-58, S-89).

    What binds the money is for who needs it no earlier; whose need nobody knows is shown nothing of it (S-58).
    What has an entrance asks for as much with the bank, what is by invitation for one (S-121); futures are shown to who
    asks and never offered (S-26; Futures and Derivatives Law art. 50).
    """
    standing = profile.standing
    advice = Advice.OFFER if standing is None else catalogue.advice(standing, product.code)
    if reason := _out_of_time(product, today):
        return Line(product, reason)
    if advice is Advice.NEVER:
        return Line(product, LeftOut.NEVER)
    if not suits_one(product.grade, profile.appetite, product.locked_days, profile.horizon):
        return Line(product, _mismatch(product, profile))
    if reason := _barrier(product, profile):
        return Line(product, reason)
    return Line(product, if_asked=advice is Advice.IF_ASKED or product.kind is ProductKind.FUTURES)


def _mismatch(product: Product, profile: Profile) -> LeftOut:
    """Why a product does not suit: its risk before its term."""
    if not suits_one(product.grade, profile.appetite):
        return LeftOut.NOT_ASSESSED if profile.appetite is None else LeftOut.UNSUITABLE
    return LeftOut.NEED_UNKNOWN if profile.horizon is None else LeftOut.NEEDED_EARLIER


def _barrier(product: Product, profile: Profile) -> LeftOut | None:
    """What an exclusive product still asks for; whose holdings nobody told is below every entrance."""
    held = profile.holdings.total if profile.holdings else 0
    if product.entrance is not None and held < product.entrance * YUAN:
        return LeftOut.BELOW_ENTRANCE
    return LeftOut.NOT_INVITED if product.by_invitation and product.code not in profile.invited else None


def bundles_for(catalogue: Catalogue, merchant: str) -> list[Bundle]:
    """The bundles that may be posted in a merchant's group, in the file's order."""
    profile = Profile(merchants=frozenset({merchant}))
    return [each for each in catalogue.bundles if each.aim.is_for_groups and fits(each.aim, profile)]


def select_for_group(
    catalogue: Catalogue, version: int, bundle: Bundle, classes: Collection[Class], today: date
) -> Selection:
    """What everybody in a group may read at once: nothing that is barred for a class among them, or that nobody asked.

    In a group neither appetite nor need is known of all: what is above R2 or binds money is for private talk (S-58).
    """
    lines = tuple(_line_in_group(catalogue, catalogue.products[code], classes, today) for code in bundle.products)
    return Selection(version, bundle, lines)


def confirm(post: Post | None, by: int, newest: int, now: datetime) -> Post | CatalogueRefusal:
    """Post what was previewed: by whom it was shown to, once, while fresh and no newer version is out."""
    if post is None:
        return CatalogueRefusal.NO_PREVIEW
    if post.manager_id != by:
        return CatalogueRefusal.NOT_YOURS
    if post.posted_at is not None:
        return CatalogueRefusal.POSTED_ALREADY
    if post.version != newest or now - post.made_at > PREVIEW_LIFE:
        return CatalogueRefusal.STALE
    return replace(post, posted_at=now)


def set_advice(
    catalogue: Catalogue, standing: str, product: str, advice: str, reason: str
) -> Catalogue | CatalogueRefusal:
    """The catalogue with one cell of the matrix changed, for a reason (S-89)."""
    found = next((each for each in CLASSES if standing.casefold() == each.casefold()), None)
    if found is None:
        return CatalogueRefusal.UNKNOWN_CLASS
    if product not in catalogue.products:
        return CatalogueRefusal.UNKNOWN_PRODUCT
    if advice not in set(Advice):
        return CatalogueRefusal.UNKNOWN_ADVICE
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        return CatalogueRefusal.NO_REASON
    if catalogue.products[product].kind is ProductKind.FUTURES and advice == Advice.OFFER:
        return CatalogueRefusal.NEVER_UNASKED
    if catalogue.matrix.get(found, {}).get(product) == advice:
        return CatalogueRefusal.SAME_ALREADY
    row = {**catalogue.matrix.get(found, {}), product: Advice(advice)}
    return replace(catalogue, matrix={**catalogue.matrix, found: row})


def may_be_posted(readers: Readers | None, managers: Collection[int]) -> bool:
    """Whether a group is one of those that these managers look after."""
    return readers is not None and readers.manager_id in managers


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """What differs between two versions, place by place in the order of the newer one, what is gone last."""
    places = [*new, *(place for place in old if place not in new)]
    changes = (Change(place, old.get(place), new.get(place)) for place in places)
    return [each for each in changes if each.old != each.new]


def _out_of_time(product: Product, today: date) -> LeftOut | None:
    if today < product.first:
        return LeftOut.NOT_YET
    return LeftOut.OVER if today > product.last else None


def _line_in_group(catalogue: Catalogue, product: Product, classes: Collection[Class], today: date) -> Line:
    said = {catalogue.advice(each, product.code) for each in classes}
    if reason := _out_of_time(product, today):
        return Line(product, reason)
    if Advice.NEVER in said:
        return Line(product, LeftOut.NEVER)
    if product.is_private:
        return Line(product, LeftOut.PRIVATE)
    if not suits_one(product.grade, None, product.locked_days):
        return Line(product, _mismatch(product, Profile()))
    return Line(product, LeftOut.NOT_ASKED if said == {Advice.IF_ASKED} else None)
