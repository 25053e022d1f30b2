"""Parts that files of products, vouchers and packs have in common: codes, words in both languages, days, for whom."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.model import Aim
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter, Lifecycle
from campaigns.forms.faults import FaultError, Faults
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form
from campaigns.members.model import Language
from campaigns.offers.model import Text

MOST_MERCHANTS = 200
CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")
ALL = "all"
Word = TypeVar("Word", bound=StrEnum)


def read_code(form: Form) -> str:
    """The code of an entry: 2–24 small letters, digits and hyphens, a letter first."""
    found = form.text("code", 40)
    if not CODE.fullmatch(found):
        raise FaultError(CatalogueFault.BAD_CODE, form.place("code"), found)
    return found


def read_both(form: Form, name: str, longest: int) -> Text:
    """Words in both languages, "中文 | English", or one text that serves for both."""
    zh, _, en = (part.strip() for part in form.text(name, 2 * longest + 3).partition("|"))
    if not zh or max(len(zh), len(en)) > longest:
        raise FormError(FaultCode.BAD_TEXT, form.place(name), f"1–{longest}")
    return Text(zh, en or zh)


def read_day(form: Form, name: str) -> date:
    """A day as 2026-12-31."""
    found = form.anything(name)
    try:
        return found if type(found) is date else date.fromisoformat(str(found).strip())
    except ValueError:
        raise FaultError(CatalogueFault.BAD_DAY, form.place(name), str(found)) from None


def read_days(form: Form) -> tuple[date, date]:
    """First and last day, both included."""
    first, last = read_day(form, "from"), read_day(form, "until")
    if last < first:
        raise FaultError(CatalogueFault.ENDS_EARLY, form.place("until"), str(last))
    return first, last


def read_yes(form: Form, name: str) -> bool:
    """A word that is either true or left out."""
    if not form.has(name):
        return False
    if form.anything(name) is not True:
        raise FormError(FaultCode.BAD_CHOICE, form.place(name), "true")
    return True


def read_words(form: Form, name: str, most: int) -> list[str]:
    """A word or a list of words; empty where the field is not given."""
    if not form.has(name):
        return []
    found = form.anything(name)
    told = found if isinstance(found, list) else [found]
    if not 1 <= len(told) <= most or not all(isinstance(each, str) and each.strip() for each in told):
        raise FormError(FaultCode.BAD_LIST, form.place(name), f"1–{most}")
    return [each.strip() for each in told]


def read_chosen(form: Form, name: str, kind: type[Word]) -> list[Word]:
    """A word of an enumeration or a list of them; empty where the field is not given."""
    try:
        return [kind(each) for each in read_words(form, name, len(kind))]
    except ValueError as error:
        if isinstance(error, FormError):
            raise
        raise FormError(FaultCode.BAD_CHOICE, form.place(name), " / ".join(kind)) from None


def read_aim(form: Form) -> Aim:
    """For whom: a word or a list of words for each condition, and at least one condition."""
    merchants = read_words(form, "merchants", MOST_MERCHANTS)
    everywhere = merchants == [ALL]
    aim = Aim(
        letters=frozenset(read_chosen(form, "class", Letter)),
        lifecycles=frozenset(read_chosen(form, "lifecycle", Lifecycle)),
        tiers=frozenset(read_chosen(form, "tier", Tier)),
        merchants=frozenset() if everywhere else frozenset(merchants),
        all_merchants=everywhere,
    )
    if aim == Aim():
        raise FaultError(CatalogueFault.NO_AIM, form.place("class"), "class / lifecycle / tier / merchants")
    if aim.tiers and (aim.letters or aim.lifecycles):
        raise FaultError(CatalogueFault.BAD_AIM, form.place("tier"))
    return aim


def read_whom(form: Form) -> Aim | None:
    """For whom, under `for`; None where it says `all`, which is every customer."""
    told = form.anything("for")
    if told == ALL:
        return None
    within = Form(told, form.place("for"))
    aim = read_aim(within)
    within.finish()
    return aim


def ask_gate(place: str, texts: Iterable[Text], venue: Venue) -> None:
    """Refuse words that the gate blocks where they are to be read, in either language.

    Raises:
        FormError: names the words, the law and what to write instead.
    """
    said = list(texts)
    for language in Language:
        for hit in check("\n".join(each.read_in(language) for each in said), Context(venue=venue)).hits:
            if hit.verdict is Outcome.BLOCK:
                raise FormError(FaultCode.FORBIDDEN_WORD, place, f"{hit.span} ({hit.basis.en}) {hit.advice.en}")


def refuse_twice(place: str, codes: Iterable[str], faults: Faults) -> None:
    """Refuse a code that came before; `place` has a {} for the entry's number."""
    seen: set[str] = set()
    for at, code in enumerate(codes, start=1):
        if code in seen:
            faults.add(CatalogueFault.TWICE, place.format(at), code)
        seen.add(code)


def plain_aim(aim: Aim) -> dict[str, Any]:
    """For whom, in the file's own form."""
    conditions: Mapping[str, list[str]] = {
        "class": sorted(map(str, aim.letters)),
        "lifecycle": sorted(map(str, aim.lifecycles)),
        "tier": sorted(map(str, aim.tiers)),
        "merchants": [ALL] if aim.all_merchants else sorted(aim.merchants),
    }
    return {name: words for name, words in conditions.items() if words}


def plain_text(text: Text) -> str:
    """Words in both languages, in the file's own form."""
    return f"{text.zh} | {text.en}"


def places_of(found: Any, place: str = "") -> Iterable[tuple[str, str]]:
    """Every place of a file's data with what stands there, lists by the codes of their entries."""
    if isinstance(found, dict):
        entries: Iterable[tuple[str, Any]] = found.items()
    elif isinstance(found, list) and found and isinstance(found[0], dict):
        entries = ((entry["code"], entry) for entry in found)
    else:
        yield place, "、".join(map(str, found)) if isinstance(found, list) else str(found)
        return
    for name, value in entries:
        yield from places_of(value, f"{place}.{name}" if place else name)
