"""The one file of packs: read whole with every fault in its place, its words asked of the gate, written back again."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import Fault
from campaigns.audiences.parser import parse
from campaigns.catalogue.parts import (
    ALL,
    places_of,
    plain_aim,
    plain_text,
    read_both,
    read_code,
    read_whom,
    read_words,
    refuse_twice,
)
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.forms.faults import FaultError, Faults, whole_file
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form
from campaigns.members.model import Language
from campaigns.offers.model import Text
from campaigns.packs.faults import PackFault
from campaigns.packs.model import Every, LimitRule, Pack, PackFile, PackKind, Scene
from campaigns.vouchers.faults import VoucherFault

MOST_PACKS, MOST_HELD, MOST_WORDS = 60, 8, 6
LONGEST_NAME, LONGEST_WORDS, LONGEST_LINE = 40, 120, 300


def read_packs(text: str, lexicon: Lexicon) -> PackFile:
    """Read a whole file; `lexicon` has the words of the language of audiences.

    Raises:
        FileError: names every place that is wrong, what is wrong there, and its line.
    """
    with whole_file(text, VoucherFault.TOO_LONG) as (form, faults):
        return _packs(form, faults, lexicon)


def restored(told: Mapping[str, Any]) -> PackFile:
    """The packs behind their stored form; words and audiences were checked when they were kept."""
    faults = Faults()
    found = _packs(Form(told), faults, None)
    faults.finish(lambda _: 0)
    return found


def plain(file: PackFile) -> dict[str, Any]:
    """The packs in the file's own form, in JSON's types."""
    return {"packs": [_plain_pack(each) for each in file.packs.values()]}


def flat(file: PackFile) -> dict[str, str]:
    """Every place of the file with what stands there, packs by their codes."""
    return dict(places_of(plain(file)))


def unknown(file: PackFile, vouchers: Collection[str], products: Collection[str]) -> list[tuple[str, str]]:
    """Codes that packs name and nobody has: place and code."""
    return [
        (f"packs.{at}.{name}", code)
        for at, pack in enumerate(file.packs.values(), start=1)
        for name, named, known in (("vouchers", pack.vouchers, vouchers), ("products", pack.products, products))
        for code in named
        if code not in known
    ]


def _packs(form: Form, faults: Faults, lexicon: Lexicon | None) -> PackFile:
    nothing: list[Form] = []
    packs = faults.parts(faults.part(nothing, form.forms, "packs", MOST_PACKS), partial(_pack, lexicon=lexicon))
    refuse_twice("packs.{}.code", [each.code for each in packs], faults)
    faults.part(None, form.finish)
    return PackFile({each.code: each for each in packs})


def _pack(form: Form, *, lexicon: Lexicon | None) -> Pack:
    pack = Pack(
        code=read_code(form),
        name=read_both(form, "name", LONGEST_NAME),
        kind=form.choice("kind", PackKind),
        words=_words(form),
        vouchers=tuple(read_words(form, "vouchers", MOST_HELD)),
        products=tuple(read_words(form, "products", MOST_HELD)),
        aim=read_whom(form),
        audience=form.text("audience", LONGEST_LINE) if form.has("audience") else None,
        scene=form.choice("scene", Scene) if form.has("scene") else None,
        ladder=bool(form.anything("ladder")) if form.has("ladder") else False,
        every=form.choice("every", Every) if form.has("every") else None,
        limit=_limit(form) if form.has("limit") else None,
    )
    _check(form, pack)
    if lexicon is not None:
        _check_words(form, pack)
        if pack.audience is not None and isinstance(found := parse(pack.audience, lexicon), Fault):
            raise FaultError(VoucherFault.BAD_AUDIENCE, form.place("audience"), f"{found.start + 1}")
    return pack


def _words(form: Form) -> tuple[Text, ...]:
    told = read_words(form, "words", MOST_WORDS)
    within = Form({str(at): each for at, each in enumerate(told, start=1)}, form.place("words"))
    return tuple(read_both(within, str(at), LONGEST_WORDS) for at in range(1, len(told) + 1))


def _limit(form: Form) -> LimitRule:
    within = Form(form.anything("limit"), form.place("limit"))
    rule = LimitRule(within.number("uses", 1, 10_000), within.number("growth_percent", 1, 1_000))
    within.finish()
    return rule


def _check(form: Form, pack: Pack) -> None:
    if not (pack.vouchers or pack.products or pack.words):
        raise FaultError(PackFault.EMPTY, form.place("vouchers"), "vouchers / products / words")
    if (pack.scene is None) == (pack.kind is PackKind.SCENE):
        raise FaultError(PackFault.NEEDS_SCENE, form.place("scene"), pack.kind)
    if (pack.kind is PackKind.ENTERPRISE) != (pack.aim is not None and bool(pack.aim.tiers)):
        raise FaultError(PackFault.NEEDS_TIER, form.place("for"), pack.kind)
    by_class = pack.aim is not None and not (pack.aim.merchants or pack.aim.all_merchants or pack.audience)
    if pack.every is not None and not by_class:
        raise FaultError(PackFault.ROUND_FOR_CLASSES, form.place("every"), pack.every)


def _check_words(form: Form, pack: Pack) -> None:
    """Ask the gate of all that a customer will read."""
    for language in Language:
        said = "\n".join(each.read_in(language) for each in (pack.name, *pack.words))
        for hit in check(said, Context(venue=Venue.PRIVATE)).hits:
            if hit.verdict is Outcome.BLOCK:
                detail = f"{hit.span} ({hit.basis.en}) {hit.advice.en}"
                raise FormError(FaultCode.FORBIDDEN_WORD, form.place("words"), detail)


def _plain_pack(pack: Pack) -> dict[str, Any]:
    optional: dict[str, Any] = {
        "audience": pack.audience,
        "scene": pack.scene and str(pack.scene),
        "vouchers": list(pack.vouchers),
        "products": list(pack.products),
        "ladder": pack.ladder,
        "words": [plain_text(each) for each in pack.words],
        "every": pack.every and str(pack.every),
        "limit": vars(pack.limit) if pack.limit else None,
    }
    return {
        "code": pack.code,
        "name": plain_text(pack.name),
        "kind": str(pack.kind),
        "for": plain_aim(pack.aim) if pack.aim else ALL,
        **{name: value for name, value in optional.items() if value},
    }
