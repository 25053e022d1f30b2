"""The one file of a journey: read whole with every fault in its place, and told again as plain data."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from functools import partial
from typing import Any

from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import Fault
from campaigns.audiences.parser import parse
from campaigns.channels.model import AT_ONCE, Channel
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.deliveries.model import Kind
from campaigns.events.model import EventKind
from campaigns.experiments.model import DEFAULT_HOLD_OUT, PARTS
from campaigns.forms.faults import FaultError, Faults, lines_of
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import LONGEST_FILE, Form, read_form
from campaigns.journeys.faults import JourneyFault
from campaigns.journeys.model import Branch, End, EntryRules, Mark, Plan, Send, Step, Task, Trigger, Wait
from campaigns.members.model import Language
from campaigns.offers.model import Risk, Text
from campaigns.tags.model import TagSource
from campaigns.tags.rules import APPETITES, DICTIONARY

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
WALL_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
MOST_STEPS, MOST_DAYS, MOST_YUAN = 40, 365, 10**9
LONGEST_TITLE, LONGEST_WHY, LONGEST_TEXT, LONGEST_LINE = 60, 200, 1_500, 1_000
ACTS = ("wait", "branch", "send", "task", "tag", "end")
WORDS_OF_ENDS = {"reached": True, "completed": False}
CHANNELS = frozenset({Channel.PRIVATE}) | AT_ONCE
SETTABLE = frozenset(
    code for code, each in DICTIONARY.items() if each.source is not TagSource.RULE and code not in APPETITES
)
DEFAULT_WITHIN, DEFAULT_VALID = 7, 3


def read_journey(text: str, lexicon: Lexicon) -> Plan:
    """Read a whole file.

    Raises:
        FileError: names every place that is wrong, what is wrong there, and its line.
    """
    faults, lines = Faults(), lines_of(text)
    if len(text) > LONGEST_FILE:
        faults.add(JourneyFault.TOO_LONG, "-", str(LONGEST_FILE))
        faults.finish(lines)
    form = faults.part(Form({}), read_form, text)
    faults.finish(lines)
    found = _plan(form, faults, lexicon)
    faults.finish(lines)
    for place, words in _texts(found).items():
        faults.part(None, _check_words, place, words)
    faults.finish(lines)
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
        "title": _written(plan.title),
        "why": _written(plan.why),
        "trigger": {**trigger, "within": plan.trigger.within_days},
        "entry": {name: value for name, value in entry.items() if value is not None},
        **({"goal": str(plan.goal)} if plan.goal else {}),
        "hold_out": plan.hold_out,
        "steps": [_plain_step(each) for each in plan.steps],
    }


def flat(plan: Plan) -> dict[str, str]:
    """Every place of the journey with what stands there, steps by their names."""
    return dict(_places("", plain(plan)))


def _plan(form: Form, faults: Faults, lexicon: Lexicon | None) -> Plan:
    nothing: list[Form] = []
    name = faults.part("", _code, form, "journey")
    title = faults.part(Text("-", "-"), _both, form, "title", LONGEST_TITLE)
    why = faults.part(Text("-", "-"), _both, form, "why", LONGEST_WHY)
    trigger = faults.part(Trigger(EventKind.BIRTHDAY, 1), _trigger, form, lexicon)
    entry = faults.part(EntryRules(), _entry, form, lexicon) if form.has("entry") else EntryRules()
    goal = faults.part(None, form.choice, "goal", EventKind) if form.has("goal") else None
    hold_out = faults.part(0, form.number, "hold_out", 0, PARTS - 1, DEFAULT_HOLD_OUT)
    steps = faults.parts(faults.part(nothing, form.forms, "steps", MOST_STEPS), partial(_step, lexicon=lexicon))
    faults.part(None, form.finish)
    if not faults.found:
        steps = _linked(steps, faults)
    return Plan(name, title, why, trigger, entry, goal, hold_out, steps)


def _trigger(form: Form, lexicon: Lexicon | None) -> Trigger:
    within = Form(form.anything("trigger"), form.place("trigger"))
    if within.has("event") == within.has("audience"):
        raise FaultError(JourneyFault.NO_TRIGGER, form.place("trigger"))
    days = within.number("within", 1, MOST_DAYS, DEFAULT_WITHIN)
    if within.has("audience"):
        line = _line(within, "audience", lexicon)
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
    line = _line(within, "audience", lexicon) if within.has("audience") else None
    again = within.number("again_after", 1, 10 * MOST_DAYS) if within.has("again_after") else None
    within.finish()
    return EntryRules(line, again)


def _step(form: Form, lexicon: Lexicon | None) -> Step:
    name = _code(form, "id")
    acts = [each for each in ACTS if form.has(each)]
    if len(acts) != 1:
        raise FaultError(JourneyFault.ONE_ACT, form.place("id"), " / ".join(ACTS))
    follows = form.text("next", 40) if form.has("next") and acts != ["end"] else None
    match acts[0]:
        case "wait":
            return _wait(name, follows, form)
        case "branch":
            return _branch(name, follows, form, lexicon)
        case "send":
            return _send(name, follows, form)
        case "task":
            return _task(name, follows, form)
        case "tag":
            return _mark(name, follows, form)
        case _:
            return _end(name, form)


def _wait(name: str, follows: str | None, form: Form) -> Wait:
    within = Form(form.anything("wait"), form.place("wait"))
    until = within.choice("until", EventKind) if within.has("until") else None
    at = _wall_time(within) if within.has("at") else None
    if until and at:
        raise FaultError(JourneyFault.UNTIL_OR_AT, within.place("at"))
    days = within.number("days", 0 if at else 1, MOST_DAYS, 0 if at else None)
    within.finish()
    return Wait(name, days, until, at, follows)


def _wall_time(form: Form) -> time:
    """10:00; YAML reads it as minutes where it stands without quotes."""
    found = form.anything("at")
    told = f"{found // 60}:{found % 60:02}" if type(found) is int else str(found)
    match = WALL_TIME.fullmatch(told)
    if match is None:
        raise FaultError(JourneyFault.BAD_TIME, form.place("at"), str(found))
    return time(int(match[1]), int(match[2]))


def _branch(name: str, follows: str | None, form: Form, lexicon: Lexicon | None) -> Branch:
    within = Form(form.anything("branch"), form.place("branch"))
    if within.has("if") == within.has("happened"):
        raise FaultError(JourneyFault.ONE_QUESTION, form.place("branch"))
    line = _line(within, "if", lexicon) if within.has("if") else None
    happened = within.choice("happened", EventKind) if within.has("happened") else None
    then = within.text("then", 40)
    other = within.text("else", 40) if within.has("else") else follows
    within.finish()
    return Branch(name, then, line, happened, other)


def _send(name: str, follows: str | None, form: Form) -> Send:
    within = Form(form.anything("send"), form.place("send"))
    kind = within.choice("kind", Kind)
    if kind is Kind.CARD:
        raise FormError(FaultCode.BAD_CHOICE, within.place("kind"), f"{Kind.SERVICE} / {Kind.MARKETING}")
    channel = within.choice("channel", Channel, Channel.PRIVATE)
    if channel not in CHANNELS:
        raise FormError(FaultCode.BAD_CHOICE, within.place("channel"), " / ".join(sorted(CHANNELS)))
    text = _both(within, "text", LONGEST_TEXT)
    valid = within.number("valid_days", 1, MOST_DAYS, DEFAULT_VALID)
    product = _code(within, "product") if within.has("product") else None
    risk = int(within.choice("risk", Risk).value[1:]) if within.has("risk") else None
    within.finish()
    return Send(name, kind, channel, text, valid, product, risk, follows)


def _task(name: str, follows: str | None, form: Form) -> Task:
    within = Form(form.anything("task"), form.place("task"))
    why = _both(within, "why", LONGEST_WHY)
    days = within.number("within", 1, 60) if within.has("within") else None
    within.finish()
    return Task(name, why, days, follows)


def _mark(name: str, follows: str | None, form: Form) -> Mark:
    code = form.text("tag", 40)
    if code not in SETTABLE:
        raise FaultError(JourneyFault.NO_SUCH_TAG, form.place("tag"), " / ".join(sorted(SETTABLE)))
    return Mark(name, code, follows)


def _end(name: str, form: Form) -> End:
    word = form.text("end", 40)
    if word not in WORDS_OF_ENDS:
        raise FormError(FaultCode.BAD_CHOICE, form.place("end"), " / ".join(WORDS_OF_ENDS))
    return End(name, WORDS_OF_ENDS[word])


def _linked(steps: tuple[Step, ...], faults: Faults) -> tuple[Step, ...]:
    """The steps with what follows each; one that leads back, nowhere, or that nothing leads to is a fault."""
    order = {each.id: at for at, each in enumerate(steps)}
    found = [_with_next(each, steps[at + 1].id if at + 1 < len(steps) else None) for at, each in enumerate(steps)]
    for at, each in enumerate(found, start=1):
        if order[each.id] != at - 1:
            faults.add(JourneyFault.TWICE, f"steps.{at}.id", each.id)
        for leads in _leads_to(each):
            if leads not in order:
                faults.add(JourneyFault.UNKNOWN_STEP, f"steps.{at}", leads)
            elif order[leads] < at:
                faults.add(JourneyFault.NOT_LATER, f"steps.{at}", leads)
    if not faults.found:
        reached = {found[0].id}
        for at, each in enumerate(found, start=1):
            if each.id not in reached:
                faults.add(JourneyFault.NEVER_REACHED, f"steps.{at}", each.id)
            reached |= set(_leads_to(each)) if each.id in reached else set()
    return tuple(found)


def _with_next(step: Step, following: str | None) -> Step:
    if isinstance(step, End) or step.next is not None:
        return step
    return replace(step, next=following)


def _leads_to(step: Step) -> list[str]:
    if isinstance(step, End):
        return []
    then = [step.then] if isinstance(step, Branch) else []
    return then + ([step.next] if step.next else [])


def _code(form: Form, name: str) -> str:
    found = form.text(name, 60)
    if not CODE.fullmatch(found):
        raise FaultError(JourneyFault.BAD_CODE, form.place(name), found)
    return found


def _line(form: Form, name: str, lexicon: Lexicon | None) -> str:
    """A line of the language of audiences, as it is written."""
    line = form.text(name, LONGEST_LINE)
    found = parse(line, lexicon) if lexicon else None
    if isinstance(found, Fault):
        near = f" ≈ {' / '.join(found.nearest)}" if found.nearest else ""
        raise FaultError(JourneyFault.BAD_AUDIENCE, form.place(name), f"{found.start + 1}: {found.found}{near}")
    return line


def _both(form: Form, name: str, longest: int) -> Text:
    """Words in both languages, "中文 | English"."""
    zh, _, en = (part.strip() for part in form.text(name, 2 * longest + 3).partition("|"))
    if not zh or not en or max(len(zh), len(en)) > longest:
        raise FormError(FaultCode.BAD_TEXT, form.place(name), f"中文 | English, 1–{longest}")
    return Text(zh, en)


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


def _plain_step(step: Step) -> dict[str, Any]:
    follows = {} if isinstance(step, End | Branch) or step.next is None else {"next": step.next}
    return {"id": step.id, **_plain_act(step), **follows}


def _plain_act(step: Step) -> dict[str, Any]:
    match step:
        case Wait(_, days, until, at):
            told = {"days": days, "until": until and str(until), "at": at and f"{at:%H:%M}"}
            return {"wait": {name: value for name, value in told.items() if value is not None}}
        case Branch(_, then, line, happened, other):
            told = {"if": line, "happened": happened and str(happened), "then": then, "else": other}
            return {"branch": {name: value for name, value in told.items() if value is not None}}
        case Send(_, kind, channel, text, valid, product, risk):
            sold = {"product": product, "risk": f"R{risk}" if risk else None}
            words = {"kind": str(kind), "channel": str(channel), "text": _written(text), "valid_days": valid}
            return {"send": {**words, **{name: value for name, value in sold.items() if value}}}
        case Task(_, why, within):
            return {"task": {"why": _written(why), **({"within": within} if within else {})}}
        case Mark(_, tag):
            return {"tag": tag}
        case End(_, is_reached):
            return {"end": "reached" if is_reached else "completed"}


def _written(text: Text) -> str:
    return f"{text.zh} | {text.en}"


def _places(place: str, found: Any) -> list[tuple[str, str]]:
    if isinstance(found, dict):
        entries = [(str(name), value) for name, value in found.items()]
    elif isinstance(found, list):
        entries = [(entry["id"], entry) for entry in found]
    else:
        return [(place, str(found))]
    return [each for name, value in entries for each in _places(f"{place}.{name}" if place else name, value)]
