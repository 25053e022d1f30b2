"""The one file of vouchers: read whole with every fault in its place, asked of the gate, and written back again."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import yaml

from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import Fault
from campaigns.audiences.parser import parse
from campaigns.catalogue.model import INVESTMENTS, ProductKind
from campaigns.catalogue.parts import (
    ALL,
    places_of,
    plain_aim,
    plain_text,
    read_both,
    read_chosen,
    read_code,
    read_days,
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
from campaigns.offers.model import Risk
from campaigns.vouchers.faults import VoucherFault
from campaigns.vouchers.model import Benefit, Condition, Counting, MeasuredBy, VoucherBook, VoucherPlan

MOST_VOUCHERS, MOST_PRODUCTS, MOST_STACKED, MOST_STEPS = 100, 50, 20, 5
LONGEST_NAME, LONGEST_TERMS, LONGEST_NOTICE, LONGEST_LINE = 40, 200, 150, 300
YUAN = 100
MOST_YUAN = 100_000_000
FREE_OF_GIFTS = INVESTMENTS | {ProductKind.INSURANCE}
PRICES = frozenset({Benefit.MONEY_OFF, Benefit.RATE})  # What lowers a price; everything else is a gift.


def read_book(text: str, lexicon: Lexicon) -> VoucherBook:
    """Read a whole file; `lexicon` has the words of the language of audiences.

    Raises:
        FileError: names every place that is wrong, what is wrong there, and its line.
    """
    with whole_file(text, VoucherFault.TOO_LONG) as (form, faults):
        return _book(form, faults, lexicon)


def restored(told: Mapping[str, Any]) -> VoucherBook:
    """The vouchers behind their stored form; words and audiences were checked when they were kept."""
    faults = Faults()
    found = _book(Form(told), faults, None)
    faults.finish(lambda _: 0)
    return found


def plain(book: VoucherBook) -> dict[str, Any]:
    """The vouchers in the file's own form, in JSON's types; the same vouchers are always the same data."""
    return {"vouchers": [plain_plan(each) for each in book.plans.values()]}


def written(book: VoucherBook) -> str:
    """The vouchers as a file that can be edited and loaded again."""
    return str(yaml.safe_dump(plain(book), allow_unicode=True, sort_keys=False, width=120))


def flat(book: VoucherBook) -> dict[str, str]:
    """Every place of the file with what stands there, vouchers by their codes."""
    return dict(places_of(plain(book)))


def plain_plan(plan: VoucherPlan) -> dict[str, Any]:
    """One voucher in the file's own form: every field that decides anything, which is what the rule page says too."""
    optional: dict[str, Any] = {
        "buys": _plain_condition(plan.condition) if plan.condition else None,
        "holds_yuan": plan.holds_fen // YUAN if plan.holds_fen else None,
        "audience": plan.audience,
        "stacks_with": sorted(plan.stacks_with),
        "remind_at": list(plan.remind_at),
        "notice": plain_text(plan.notice) if plan.notice else None,
    }
    return {
        "code": plan.code,
        "name": plain_text(plan.name),
        "gives": str(plan.gives),
        "value_yuan": plan.value_fen // YUAN,
        "for": plain_aim(plan.aim) if plan.aim else ALL,
        "from": plan.first.isoformat(),
        "until": plan.last.isoformat(),
        "valid_days": plan.valid_days,
        "claw_back_days": plan.claw_back_days,
        "at_once": plan.at_once,
        "stock": plan.stock,
        "budget_yuan": plan.budget_fen // YUAN,
        "liability_yuan": plan.liability_fen // YUAN,
        "partner": plan.partner,
        "terms": plain_text(plan.terms),
        "organiser": plain_text(plan.organiser),
        "complaints": plain_text(plan.complaints),
        **{name: value for name, value in optional.items() if value},
    }


def _plain_condition(condition: Condition) -> dict[str, Any]:
    lists = {"kinds": sorted(map(str, condition.kinds)), "products": sorted(condition.products)}
    risk = {"risk": str(condition.risk)} if condition.risk else {}
    return {
        **{name: words for name, words in lists.items() if words},
        "at_least_yuan": condition.at_least_fen // YUAN,
        **risk,
        "counts": str(condition.counting),
        "look_back_days": condition.look_back_days,
        "measured_by": str(condition.measured_by),
    }


def _book(form: Form, faults: Faults, lexicon: Lexicon | None) -> VoucherBook:
    nothing: list[Form] = []
    forms = faults.part(nothing, form.forms, "vouchers", MOST_VOUCHERS)
    plans = faults.parts(forms, partial(_plan, lexicon=lexicon))
    refuse_twice("vouchers.{}.code", [each.code for each in plans], faults)
    faults.part(None, form.finish)
    known = {each.code: each for each in plans}
    if not faults.found:
        _check_stacks(known, faults)
    return VoucherBook(known)


def _check_stacks(known: Mapping[str, VoucherPlan], faults: Faults) -> None:
    """What goes together is said by both, and both are in the file."""
    for at, plan in enumerate(known.values(), start=1):
        for other in sorted(plan.stacks_with):
            place = f"vouchers.{at}.stacks_with"
            if other not in known or other == plan.code:
                faults.add(VoucherFault.UNKNOWN_VOUCHER, place, other)
            elif plan.code not in known[other].stacks_with:
                faults.add(VoucherFault.ONE_SIDED, place, other)


def _plan(form: Form, *, lexicon: Lexicon | None) -> VoucherPlan:
    first, last = read_days(form)
    value = _yuan(form, "value_yuan")
    plan = VoucherPlan(
        code=read_code(form),
        name=read_both(form, "name", LONGEST_NAME),
        gives=form.choice("gives", Benefit),
        value_fen=value,
        first=first,
        last=last,
        valid_days=form.number("valid_days", 1, 366),
        claw_back_days=form.number("claw_back_days", 0, 366, 0),
        stock=form.number("stock", 1, 10_000_000),
        budget_fen=_yuan(form, "budget_yuan"),
        liability_fen=_yuan(form, "liability_yuan"),
        partner=form.text("partner", LONGEST_NAME),
        terms=read_both(form, "terms", LONGEST_TERMS),
        organiser=read_both(form, "organiser", LONGEST_NAME),
        complaints=read_both(form, "complaints", LONGEST_NAME),
        condition=_condition(form) if form.has("buys") else None,
        holds_fen=_yuan(form, "holds_yuan") if form.has("holds_yuan") else None,
        aim=read_whom(form),
        audience=form.text("audience", LONGEST_LINE) if form.has("audience") else None,
        stacks_with=frozenset(read_words(form, "stacks_with", MOST_STACKED)),
        at_once=form.number("at_once", 1, 20, 1),
        remind_at=_steps(form),
        notice=read_both(form, "notice", LONGEST_NOTICE) if form.has("notice") else None,
    )
    _check_numbers(form, plan)
    if lexicon is not None:
        _check_law(form, plan)
        _check_audience(form, plan, lexicon)
    return plan


def _condition(form: Form) -> Condition:
    within = Form(form.anything("buys"), form.place("buys"))
    found = Condition(
        kinds=frozenset(read_chosen(within, "kinds", ProductKind)),
        products=frozenset(read_words(within, "products", MOST_PRODUCTS)),
        at_least_fen=_yuan(within, "at_least_yuan"),
        risk=within.choice("risk", Risk) if within.has("risk") else None,
        counting=within.choice("counts", Counting, Counting.FROM_CLAIM),
        look_back_days=within.number("look_back_days", 0, 366, 0),
        measured_by=within.choice("measured_by", MeasuredBy, MeasuredBy.FILE),
    )
    within.finish()
    if not found.kinds and not found.products:
        raise FaultError(VoucherFault.NO_CONDITION, within.place("kinds"), "kinds / products")
    return found


def _yuan(form: Form, name: str) -> int:
    """Whole yuan as fen."""
    return form.number(name, 1, MOST_YUAN) * YUAN


def _steps(form: Form) -> tuple[int, ...]:
    found = form.anything("remind_at") if form.has("remind_at") else []
    is_list = isinstance(found, list) and len(found) <= MOST_STEPS and all(type(each) is int for each in found)
    if not is_list or not all(0 < each < 100 for each in found):
        raise FormError(FaultCode.BAD_LIST, form.place("remind_at"), "1–99")
    return tuple(sorted(set(found)))


def _check_numbers(form: Form, plan: VoucherPlan) -> None:
    if plan.liability_fen < plan.value_fen or plan.budget_fen < plan.liability_fen:
        raise FaultError(VoucherFault.CAP_TOO_LOW, form.place("liability_yuan"), "value ≤ liability ≤ budget")
    if plan.need_fen and plan.value_fen > plan.need_fen:
        raise FaultError(VoucherFault.ABOVE_CONDITION, form.place("value_yuan"), str(plan.value_fen // YUAN))


def _check_law(form: Form, plan: VoucherPlan) -> None:
    """Ask the gate: never anything for a deposit, no gift for an investment, no word that may not be said."""
    condition = plan.condition
    if condition is not None:
        _check_kinds(form.place("buys.kinds"), plan, condition)
    if plan.notice is None and _needs_notice(plan):
        raise FaultError(VoucherFault.NEEDS_NOTICE, form.place("code"), plan.code)
    kind = next((str(each) for each in sorted(condition.kinds)), None) if condition else None
    context = Context(kind=kind, risk_level=condition.grade if condition else None, venue=Venue.PRIVATE)
    for language in Language:
        texts = (plan.name, plan.terms, plan.notice)
        _ask_gate("\n".join(each.read_in(language) for each in texts if each), context, form.place("terms"))


def _needs_notice(plan: VoucherPlan) -> bool:
    """Whoever speaks of investments, or sells what carries a risk, says so (Advertising Law art. 25)."""
    condition = plan.condition
    is_risky = condition is not None and (condition.risk or not FREE_OF_GIFTS.isdisjoint(condition.kinds))
    return bool(plan.holds_fen or is_risky)


def _check_kinds(place: str, plan: VoucherPlan, condition: Condition) -> None:
    worth = plan.value_fen // YUAN
    if ProductKind.DEPOSIT in condition.kinds:
        said = f"存款满{condition.at_least_fen // YUAN}元送{worth}元礼品"
        hits = [hit for hit in check(said, Context(kind=ProductKind.DEPOSIT)).hits if hit.verdict is Outcome.BLOCK]
        raise FaultError(
            VoucherFault.FOR_DEPOSITS, place, "; ".join(f"{hit.basis.en}. {hit.advice.en}" for hit in hits)
        )
    if plan.gives not in PRICES and not FREE_OF_GIFTS.isdisjoint(condition.kinds):
        raise FaultError(VoucherFault.GIFT_FOR_INVESTMENT, place, plan.gives)
    if not INVESTMENTS.isdisjoint(condition.kinds) and condition.risk is None:
        raise FaultError(VoucherFault.NEEDS_RISK, place.replace("kinds", "risk"), "R1–R5")


def _ask_gate(words: str, context: Context, place: str) -> None:
    for hit in check(words, context).hits:
        if hit.verdict is Outcome.BLOCK:
            raise FormError(FaultCode.FORBIDDEN_WORD, place, f"{hit.span} ({hit.basis.en}) {hit.advice.en}")


def _check_audience(form: Form, plan: VoucherPlan, lexicon: Lexicon) -> None:
    if plan.audience is None:
        return
    found = parse(plan.audience, lexicon)
    if isinstance(found, Fault):
        raise FaultError(VoucherFault.BAD_AUDIENCE, form.place("audience"), f"{found.start + 1}")


def products_missing(book: VoucherBook, known: Mapping[str, ProductKind]) -> list[tuple[str, str, ProductKind | None]]:
    """Products that conditions name and the catalogue does not have, or has as deposits: place, code, kind."""
    return [
        (f"vouchers.{at}.buys.products", code, known.get(code))
        for at, plan in enumerate(book.plans.values(), start=1)
        for code in sorted(plan.condition.products if plan.condition else ())
        if known.get(code) in {None, ProductKind.DEPOSIT}
    ]
