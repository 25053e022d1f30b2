"""The charity file: one pledge, read whole with every fault in its place, its words asked of the gate."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.parts import ask_gate, plain_text, read_both, read_code, read_days
from campaigns.compliance.verdicts import Venue
from campaigns.donations.model import Pledge
from campaigns.forms.faults import whole_file
from campaigns.forms.reading import Form

EXAMPLE = Path(__file__).with_name("example.yaml")
LONGEST_NAME, LONGEST_PURPOSE, LONGEST_NUMBER = 40, 120, 60
MOST_EACH, MOST_CAP, MOST_DAYS = 1_000, 100_000_000, 366
YUAN = 100


def read_pledge(text: str) -> Pledge:
    """Read a whole file.

    Raises:
        FileError: names what is wrong, where, and its line.
    """
    with whole_file(text, CatalogueFault.TOO_LONG) as (form, faults):
        found = faults.part(None, _checked, form)
    assert found is not None  # What could not be read has been refused.
    return found


def restored(told: Mapping[str, Any]) -> Pledge:
    """The pledge behind its stored form; its words were checked when it was kept."""
    return _pledge(Form(told))


def plain(pledge: Pledge) -> dict[str, Any]:
    """The pledge in the file's own form, in JSON's types."""
    return {
        "code": pledge.code,
        "name": plain_text(pledge.name),
        "recipient": plain_text(pledge.recipient),
        "agreement": pledge.agreement,
        "purpose": plain_text(pledge.purpose),
        "yuan_per_account": pledge.fen_each // YUAN,
        "cap_yuan": pledge.cap_fen // YUAN,
        "from": pledge.first.isoformat(),
        "until": pledge.last.isoformat(),
        "withdrawn_within_days": pledge.withdrawn_within,
        "contact": pledge.contact,
    }


def _checked(form: Form) -> Pledge:
    pledge = _pledge(form)
    ask_gate(form.place("name"), (pledge.name, pledge.recipient, pledge.purpose), Venue.PAGE)
    return pledge


def _pledge(form: Form) -> Pledge:
    first, last = read_days(form)
    each = form.number("yuan_per_account", 1, MOST_EACH) * YUAN
    pledge = Pledge(
        code=read_code(form),
        name=read_both(form, "name", LONGEST_NAME),
        recipient=read_both(form, "recipient", LONGEST_NAME),
        agreement=form.text("agreement", LONGEST_NUMBER),
        purpose=read_both(form, "purpose", LONGEST_PURPOSE),
        fen_each=each,
        cap_fen=form.number("cap_yuan", each // YUAN, MOST_CAP) * YUAN,
        first=first,
        last=last,
        withdrawn_within=form.number("withdrawn_within_days", 0, MOST_DAYS, 30),
        contact=form.text("contact", LONGEST_NUMBER),
    )
    form.finish()
    return pledge
