"""The one file of the catalogue: read whole with every fault in its place, and written back as it was meant (S-135)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import yaml

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.model import (
    CLASSES,
    INVESTMENTS,
    RISKLESS,
    WITH_NOTICE,
    Advice,
    Bundle,
    Catalogue,
    Class,
    Product,
    ProductKind,
)
from campaigns.catalogue.parts import (
    places_of,
    plain_aim,
    plain_text,
    read_aim,
    read_both,
    read_code,
    read_days,
    read_yes,
    refuse_twice,
)
from campaigns.catalogue.plan_files import MOST_PLANS, plain_plan, read_plan
from campaigns.catalogue.zone_files import MOST_ZONES, plain_zone, read_zone
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.forms.faults import FaultError, Faults, whole_file
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form
from campaigns.members.model import Language
from campaigns.offers.model import Risk

MOST_PRODUCTS, MOST_BUNDLES, MOST_IN_A_BUNDLE = 200, 40, 7
LONGEST_NAME, LONGEST_TERMS, LONGEST_NOTICE, LONGEST_FEE = 40, 200, 150, 80  # A bundle is one message.
MOST_YUAN, MOST_DAYS, WHOLE = 1_000_000_000, 3660, 100
NO_NOTICE = "risk_notice"


def read_catalogue(text: str) -> Catalogue:
    """Read a whole file.

    Raises:
        FileError: names every place that is wrong, what is wrong there, and its line.
    """
    with whole_file(text, CatalogueFault.TOO_LONG) as (form, faults):
        return _catalogue(form, faults, is_new=True)


def restored(told: Mapping[str, Any]) -> Catalogue:
    """The catalogue behind its stored form; the words were checked when it was kept."""
    faults = Faults()
    found = _catalogue(Form(told), faults, is_new=False)
    faults.finish(lambda _: 0)
    return found


def plain(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue in the file's own form, in JSON's types; the same catalogue is always the same data."""
    matrix = {
        str(each): {code: str(row[code]) for code in catalogue.products if code in row}
        for each in CLASSES
        if (row := catalogue.matrix.get(each))
    }
    return {
        "products": [_plain_product(each) for each in catalogue.products.values()],
        "bundles": [_plain_bundle(each) for each in catalogue.bundles],
        "matrix": matrix,
        **({"plans": [plain_plan(each) for each in catalogue.plans]} if catalogue.plans else {}),
        **({"zones": [plain_zone(each) for each in catalogue.zones.values()]} if catalogue.zones else {}),
    }


def written(catalogue: Catalogue) -> str:
    """The catalogue as a file that can be edited and loaded again."""
    return str(yaml.safe_dump(plain(catalogue), allow_unicode=True, sort_keys=False, width=120))


def flat(catalogue: Catalogue) -> dict[str, str]:
    """Every place of the catalogue with what stands there, lists by the codes of their entries."""
    return dict(places_of(plain(catalogue)))


def _catalogue(form: Form, faults: Faults, *, is_new: bool) -> Catalogue:
    nothing: list[Form] = []
    read = partial(_product, is_new=is_new)
    products = faults.parts(faults.part(nothing, form.forms, "products", MOST_PRODUCTS), read)
    refuse_twice("products.{}.code", [each.code for each in products], faults)
    is_whole = not faults.found  # Where a product has a fault nobody can say which products there are.
    known = {each.code: each for each in products}
    told = faults.part(nothing, form.forms, "bundles", MOST_BUNDLES) if form.has("bundles") else nothing
    bundles = faults.parts(told, partial(_bundle, known=known if is_whole else None))
    refuse_twice("bundles.{}.code", [each.code for each in bundles], faults)
    empty: dict[Class, dict[str, Advice]] = {}
    matrix = faults.part(empty, _matrix, form, known if is_whole else None, faults)
    told = faults.part(nothing, form.forms, "plans", MOST_PLANS) if form.has("plans") else nothing
    plans = faults.parts(told, partial(read_plan, known=known if is_whole else None, is_new=is_new))
    refuse_twice("plans.{}.code", [each.code for each in plans], faults)
    told = faults.part(nothing, form.forms, "zones", MOST_ZONES) if form.has("zones") else nothing
    zones = faults.parts(told, partial(read_zone, known=known if is_whole else None, is_new=is_new))
    refuse_twice("zones.{}.code", [each.code for each in zones], faults)
    faults.part(None, form.finish)
    return Catalogue(known, bundles, matrix, plans, {each.code: each for each in zones})


def _product(form: Form, *, is_new: bool) -> Product:
    code, name, kind = read_code(form), read_both(form, "name", LONGEST_NAME), form.choice("kind", ProductKind)
    risk = form.choice("risk", Risk) if form.has("risk") else None
    if kind in INVESTMENTS and risk is None:
        raise FaultError(CatalogueFault.NEEDS_RISK, form.place("risk"), kind)
    if kind in RISKLESS and risk is not None:
        raise FaultError(CatalogueFault.TAKES_NO_RISK, form.place("risk"), kind)
    terms, fee = read_both(form, "terms", LONGEST_TERMS), read_both(form, "fee", LONGEST_FEE)
    notice = read_both(form, "notice", LONGEST_NOTICE) if form.has("notice") else None
    if notice is None and (kind in WITH_NOTICE or risk is not None):
        raise FaultError(CatalogueFault.NEEDS_NOTICE, form.place("notice"), kind)
    first, last = read_days(form)
    product = Product(
        code,
        name,
        kind,
        terms,
        fee,
        first,
        last,
        risk,
        notice,
        minimum=form.number("minimum", 1, MOST_YUAN) if form.has("minimum") else None,
        entrance=form.number("entrance", 1, MOST_YUAN) if form.has("entrance") else None,
        locked_days=form.number("locked_days", 0, MOST_DAYS, 0),
        by_invitation=read_yes(form, "by_invitation"),
        provider=read_both(form, "provider", LONGEST_NAME) if form.has("provider") else None,
    )
    _check_futures(product, form)
    if is_new:
        _check_words(product, form.place("terms"))
    return product


def _check_futures(product: Product, form: Form) -> None:
    """Futures are of the highest grade, of a licensed firm, and for who holds enough (Futures Law art. 50, 63)."""
    if product.kind is not ProductKind.FUTURES:
        return
    if product.risk is not Risk.R5:
        raise FaultError(CatalogueFault.NEEDS_R5, form.place("risk"), product.kind)
    if product.provider is None:
        raise FaultError(CatalogueFault.NEEDS_PROVIDER, form.place("provider"), product.kind)
    if product.entrance is None:
        raise FaultError(CatalogueFault.NEEDS_ENTRANCE, form.place("entrance"), product.kind)


def _check_words(product: Product, place: str) -> None:
    """Ask the gate, as of a text that a group will read: what it would block at dispatch never gets so far."""
    context = Context(kind=product.kind, risk_level=product.grade, venue=Venue.GROUP)
    for language in Language:
        texts = (product.name, product.terms, product.fee, product.notice, product.provider)
        verdict = check("\n".join(each.read_in(language) for each in texts if each), context)
        for hit in verdict.hits:
            if hit.rule == NO_NOTICE:
                raise FormError(FaultCode.NO_RISK_NOTICE, place)
            if hit.verdict is Outcome.BLOCK:
                raise FormError(FaultCode.FORBIDDEN_WORD, place, f"{hit.span} ({hit.basis.en})")


def _bundle(form: Form, known: Mapping[str, Product] | None) -> Bundle:
    code, name = read_code(form), read_both(form, "name", LONGEST_NAME)
    within = Form(form.anything("for"), form.place("for"))
    aim = read_aim(within)
    within.finish()
    products = form.texts("products", 1, MOST_IN_A_BUNDLE, 40)
    for at, each in enumerate(products, start=1):
        if known is not None and each not in known:
            raise FaultError(CatalogueFault.UNKNOWN_PRODUCT, form.place(f"products.{at}"), each)
    return Bundle(code, name, aim, products, _shares(form, products))


def _shares(form: Form, products: tuple[str, ...]) -> dict[str, int]:
    """Whole percent by product of the bundle, 100 together; nothing where the bundle is a mere list."""
    if not form.has("shares"):
        return {}
    told: Any = form.anything("shares")
    within = Form(told, form.place("shares"))
    found = {each: within.number(each, 1, WHOLE) for each in products if within.has(each)}
    within.finish()
    if sum(found.values()) != WHOLE:
        raise FaultError(CatalogueFault.BAD_SHARES, form.place("shares"), str(sum(found.values())))
    return found


def _matrix(form: Form, known: Mapping[str, Product] | None, faults: Faults) -> dict[Class, dict[str, Advice]]:
    if not form.has("matrix"):
        return {}
    told: Any = form.anything("matrix")
    within = Form(told, form.place("matrix"))
    rows = {each: within.anything(each) for each in CLASSES if within.has(each)}
    for name in told:
        if name not in set(CLASSES):
            faults.add(CatalogueFault.UNKNOWN_CLASS, within.place(str(name)), str(name))
    return {each: _row(Form(row, within.place(each)), row, known, faults) for each, row in rows.items()}


def _row(form: Form, told: Mapping[str, Any], known: Mapping[str, Product] | None, faults: Faults) -> dict[str, Advice]:
    found: dict[str, Advice] = {}
    for code in map(str, told):
        if known is not None and code not in known:
            faults.add(CatalogueFault.UNKNOWN_PRODUCT, form.place(code), code)
        elif (advice := faults.part(None, form.choice, code, Advice)) is not None:
            if advice is Advice.OFFER and known is not None and known[code].kind is ProductKind.FUTURES:
                faults.add(CatalogueFault.NEVER_UNASKED, form.place(code), code)
            found[code] = advice
    return found


def _plain_product(each: Product) -> dict[str, Any]:
    optional = {
        "risk": each.risk and str(each.risk),
        "notice": each.notice and plain_text(each.notice),
        "provider": each.provider and plain_text(each.provider),
        "minimum": each.minimum,
        "entrance": each.entrance,
        "locked_days": each.locked_days,
        "by_invitation": each.by_invitation,
    }
    return {
        "code": each.code,
        "name": plain_text(each.name),
        "kind": str(each.kind),
        **{name: value for name, value in optional.items() if value},
        "terms": plain_text(each.terms),
        "fee": plain_text(each.fee),
        "from": each.first.isoformat(),
        "until": each.last.isoformat(),
    }


def _plain_bundle(each: Bundle) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": plain_text(each.name),
        "for": plain_aim(each.aim),
        "products": list(each.products),
        **({"shares": dict(each.shares)} if each.shares else {}),
    }
