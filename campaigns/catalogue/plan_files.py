"""Reading and writing plans of finance, a part of the catalogue's file."""

from collections.abc import Mapping
from typing import Any

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.parts import ask_gate, plain_text, read_both, read_chosen, read_code, read_words
from campaigns.catalogue.plans import FinancingPlan
from campaigns.compliance.verdicts import Venue
from campaigns.customers.enterprises import Tier
from campaigns.forms.faults import FaultError
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form
from campaigns.offers.model import Text
from segmentation.financing import NEEDS
from segmentation.intake.subjects import INDUSTRIES

MOST_PLANS, MOST_PRODUCTS, MOST_WORDS = 60, 6, 6
LONGEST_NAME, LONGEST_WORDS = 40, 150


def read_plan(form: Form, known: Mapping[str, object] | None, *, is_new: bool) -> FinancingPlan:
    """One plan of the file; `known` has the catalogue's products, None where they could not be read."""
    plan = FinancingPlan(
        read_code(form),
        read_both(form, "name", LONGEST_NAME),
        _among(form, "industries", INDUSTRIES),
        tuple(read_chosen(form, "tier", Tier)),
        _among(form, "needs", NEEDS),
        form.texts("products", 1, MOST_PRODUCTS, 40),
        _words(form),
    )
    for at, each in enumerate(plan.products, start=1):
        if known is not None and each not in known:
            raise FaultError(CatalogueFault.UNKNOWN_PRODUCT, form.place(f"products.{at}"), each)
    if is_new:
        ask_gate(form.place("words"), (plan.name, *plan.words), Venue.PRIVATE)
    return plan


def plain_plan(plan: FinancingPlan) -> dict[str, Any]:
    """The plan in the file's own form."""
    optional = {"industries": list(plan.industries), "tier": list(map(str, plan.tiers)), "needs": list(plan.needs)}
    return {
        "code": plan.code,
        "name": plain_text(plan.name),
        **{name: told for name, told in optional.items() if told},
        "products": list(plan.products),
        "words": [plain_text(each) for each in plan.words],
    }


def _among(form: Form, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    found = read_words(form, name, len(allowed))
    if not set(found) <= set(allowed):
        raise FormError(FaultCode.BAD_CHOICE, form.place(name), " / ".join(allowed))
    return tuple(found)


def _words(form: Form) -> tuple[Text, ...]:
    told = form.texts("words", 1, MOST_WORDS, 2 * LONGEST_WORDS + 3)
    within = Form({str(at): each for at, each in enumerate(told, start=1)}, form.place("words"))
    return tuple(read_both(within, str(at), LONGEST_WORDS) for at in range(1, len(told) + 1))
