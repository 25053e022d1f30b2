"""Reading and writing zones, a part of the catalogue's file."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.parts import ask_gate, plain_text, read_both, read_code, read_words, read_yes
from campaigns.catalogue.zones import Zone, ZoneKind
from campaigns.compliance.verdicts import Venue
from campaigns.forms.faults import FaultError
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form

MOST_ZONES, MOST_STAFF, MOST_SERVICES, MOST_PLACES = 60, 8, 8, 200
LONGEST_NAME, LONGEST_ABOUT = 40, 150
SHORTEST, LONGEST = 10, 480


def read_zone(form: Form, known: Mapping[str, object] | None, *, is_new: bool) -> Zone:
    """One zone of the file; `known` has the catalogue's products, None where they could not be read."""
    zone = Zone(
        read_code(form),
        read_both(form, "name", LONGEST_NAME),
        form.choice("kind", ZoneKind),
        read_both(form, "place", LONGEST_NAME),
        read_both(form, "about", LONGEST_ABOUT),
        _weekdays(form),
        _clock(form, "from"),
        _clock(form, "until"),
        form.number("minutes", SHORTEST, LONGEST),
        form.number("places", 1, MOST_PLACES),
        tuple(read_words(form, "staff", MOST_STAFF)),
        tuple(read_words(form, "services", MOST_SERVICES)),
        game=read_yes(form, "game"),
    )
    if _minutes(zone.closes) - _minutes(zone.opens) < zone.minutes:
        raise FaultError(CatalogueFault.ENDS_EARLY, form.place("until"), f"{zone.closes:%H:%M}")
    for at, each in enumerate(zone.services, start=1):
        if known is not None and each not in known:
            raise FaultError(CatalogueFault.UNKNOWN_PRODUCT, form.place(f"services.{at}"), each)
    if is_new:
        ask_gate(form.place("about"), (zone.name, zone.place, zone.about), Venue.GROUP)
    return zone


def plain_zone(zone: Zone) -> dict[str, Any]:
    """The zone in the file's own form."""
    optional = {"staff": list(zone.staff), "services": list(zone.services), "game": zone.game}
    return {
        "code": zone.code,
        "name": plain_text(zone.name),
        "kind": str(zone.kind),
        "place": plain_text(zone.place),
        "about": plain_text(zone.about),
        "weekdays": list(zone.weekdays),
        "from": f"{zone.opens:%H:%M}",
        "until": f"{zone.closes:%H:%M}",
        "minutes": zone.minutes,
        "places": zone.places,
        **{name: told for name, told in optional.items() if told},
    }


def _weekdays(form: Form) -> tuple[int, ...]:
    found = form.anything("weekdays")
    if not isinstance(found, list) or not found or not all(type(each) is int and 1 <= each <= 7 for each in found):
        raise FormError(FaultCode.BAD_LIST, form.place("weekdays"), "1–7")
    return tuple(sorted(set(found)))


def _clock(form: Form, name: str) -> time:
    """An hour as "09:00"; YAML reads one without quotes as a number, which is no hour."""
    found = form.anything(name)
    try:
        return time.fromisoformat(str(found))
    except ValueError:
        raise FormError(FaultCode.BAD_CHOICE, form.place(name), '"09:00"') from None


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
