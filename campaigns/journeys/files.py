"""The one file of a journey: read whole with every fault in its place, and told again as plain data."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from campaigns.audiences.lexicon import Lexicon
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.events.model import EventKind
from campaigns.experiments.model import DEFAULT_HOLD_OUT, PARTS
from campaigns.forms.faults import FaultError, Faults, lines_of, whole_file
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form
from campaigns.journeys.faults import JourneyFault
from campaigns.journeys.model import EntryRules, Plan, Send, Trigger
from campaigns.journeys.steps import (
    LONGEST_WHY,
    MOST_DAYS,
    audience_line,
    code_of,
    in_both,
    linked,
    plain_step,
    read_step,
    written,
)
from campaigns.members.model import Language
from campaigns.offers.model import Text

MOST_STEPS, MOST_YUAN, LONGEST_TITLE = 40, 10**9, 60
DEFAULT_WITHIN = 7


def read_journey(text: str, lexicon: Lexicon) -> Plan:
    """Read a whole file.

    Raises:
        FileError: names every place that is wrong, what is wrong there, and its line.
    """
    with whole_file(text, JourneyFault.TOO_LONG) as (form, faults):
        found = _plan(form, faults, lexicon)
    for place, words in _texts(found).items():
        faults.part(None, _check_words, place, words)
    faults.finish(lines_of(text))
    return found


def restored(told: Mapping[str, Any]) -> Plan:
    """The journey behind its stored form; lines are read when they are asked, words checked again when they leave."""
    faults = Faults()
    found = _plan(Form(told), faults, None)
    faults.finish(lambda _: 0)
    return found


def plain(plan: Plan) -> dict[str, Any]:
    """The journey in the file's own form, in JSON's types; the same journey is always the same data."""
    trigger: dict[str, Any] = (
        {"audience": plan.trigger.line} if plan.trigger.line else {"event": str(plan.trigger.event)}
    )
    if plan.trigger.least_amount is not None:
        trigger["amount"] = plan.trigger.least_amount // 100
    if plan.trigger.payload:
        trigger["where"] = dict(plan.trigger.payload)
    entry = {"audience": plan.entry.line, "again_after": plan.entry.again_after}
    return {
        "journey": plan.name,
        "title": written(plan.title),
        "why": written(plan.why),
        "trigger": {**trigger, "within": plan.trigger.within_days},
        "entry": {name: value for name, value in entry.items() if value is not None},
        **({"goal": str(plan.goal)} if plan.goal else {}),
        "hold_out": plan.hold_out,
        "steps": [plain_step(each) for each in plan.steps],
    }


def flat(plan: Plan) -> dict[str, str]:
    """Every place of the journey with what stands there, steps by their names."""
    return dict(_places("", plain(plan)))


def _plan(form: Form, faults: Faults, lexicon: Lexicon | None) -> Plan:
    nothing: list[Form] = []
    name = faults.part("", code_of, form, "journey")
    title = faults.part(Text("-", "-"), in_both, form, "title", LONGEST_TITLE)
    why = faults.part(Text("-", "-"), in_both, form, "why", LONGEST_WHY)
    trigger = faults.part(Trigger(EventKind.BIRTHDAY, 1), _trigger, form, lexicon)
    entry = faults.part(EntryRules(), _entry, form, lexicon) if form.has("entry") else EntryRules()
    goal = faults.part(None, form.choice, "goal", EventKind) if form.has("goal") else None
    hold_out = faults.part(0, form.number, "hold_out", 0, PARTS - 1, DEFAULT_HOLD_OUT)
    steps = faults.parts(faults.part(nothing, form.forms, "steps", MOST_STEPS), partial(read_step, lexicon=lexicon))
    faults.part(None, form.finish)
    if not faults.found:
        steps = linked(steps, faults)
    return Plan(name, title, why, trigger, entry, goal, hold_out, steps)


def _trigger(form: Form, lexicon: Lexicon | None) -> Trigger:
    within = Form(form.anything("trigger"), form.place("trigger"))
    if within.has("event") == within.has("audience"):
        raise FaultError(JourneyFault.NO_TRIGGER, form.place("trigger"))
    days = within.number("within", 1, MOST_DAYS, DEFAULT_WITHIN)
    if within.has("audience"):
        line = audience_line(within, "audience", lexicon)
        within.finish()
        return Trigger(EventKind.AUDIENCE_ENTERED, days, line=line)
    event = within.choice("event", EventKind)
    if event is EventKind.AUDIENCE_ENTERED:
        raise FaultError(JourneyFault.NOT_OF_AUDIENCE, within.place("event"), str(event))
    least = within.number("amount", 1, MOST_YUAN) * 100 if within.has("amount") else None
    payload = _payload(within) if within.has("where") else {}
    within.finish()
    return Trigger(event, days, least, payload)


def _payload(form: Form) -> dict[str, str]:
    found = form.anything("where")
    if not isinstance(found, Mapping) or not all(isinstance(each, str) for pair in found.items() for each in pair):
        raise FaultError(JourneyFault.BAD_PAYLOAD, form.place("where"))
    return dict(found)


def _entry(form: Form, lexicon: Lexicon | None) -> EntryRules:
    within = Form(form.anything("entry"), form.place("entry"))
    line = audience_line(within, "audience", lexicon) if within.has("audience") else None
    again = within.number("again_after", 1, 10 * MOST_DAYS) if within.has("again_after") else None
    within.finish()
    return EntryRules(line, again)


def _texts(plan: Plan) -> dict[str, Text]:
    """Every place with words that a customer reads."""
    sends = {
        f"steps.{at}.send.text": each.text for at, each in enumerate(plan.steps, start=1) if isinstance(each, Send)
    }
    return {"title": plan.title, "why": plan.why, **sends}


def _check_words(place: str, text: Text) -> None:
    """Ask the gate, as of a text that a person reads in private: what it would block at dispatch never gets so far."""
    for language in Language:
        for hit in check(text.read_in(language), Context(venue=Venue.PRIVATE)).hits:
            if hit.rule == "risk_notice":
                if place.startswith("steps"):  # The name of a journey and its reason stand in no advertisement.
                    raise FormError(FaultCode.NO_RISK_NOTICE, place)
                continue
            if hit.verdict is Outcome.BLOCK:
                raise FormError(FaultCode.FORBIDDEN_WORD, place, f"{hit.span} ({hit.basis.en})")


def _places(place: str, found: Any) -> list[tuple[str, str]]:
    if isinstance(found, dict):
        entries = [(str(name), value) for name, value in found.items()]
    elif isinstance(found, list):
        entries = [(entry["id"], entry) for entry in found]
    else:
        return [(place, str(found))]
    return [each for name, value in entries for each in _places(f"{place}.{name}" if place else name, value)]
