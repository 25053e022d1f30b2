"""The steps of a journey's file: each read with its one act, linked to what follows, told again as plain data."""

import re
from dataclasses import replace
from datetime import time
from typing import Any

from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import Fault
from campaigns.audiences.parser import parse
from campaigns.channels.model import AT_ONCE, Channel
from campaigns.deliveries.model import Kind
from campaigns.events.model import EventKind
from campaigns.forms.faults import FaultError, Faults
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form
from campaigns.journeys.faults import JourneyFault
from campaigns.journeys.model import Branch, End, Mark, Send, Step, Task, Wait
from campaigns.offers.model import Risk, Text
from campaigns.tags.model import TagSource
from campaigns.tags.rules import APPETITES, DICTIONARY

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
WALL_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
MOST_DAYS, DEFAULT_VALID = 365, 3
LONGEST_WHY, LONGEST_TEXT, LONGEST_LINE = 200, 1_500, 1_000
ACTS = ("wait", "branch", "send", "task", "tag", "end")
WORDS_OF_ENDS = {"reached": True, "completed": False}
CHANNELS = frozenset({Channel.PRIVATE}) | AT_ONCE
SETTABLE = frozenset(
    code for code, each in DICTIONARY.items() if each.source is not TagSource.RULE and code not in APPETITES
)


def read_step(form: Form, lexicon: Lexicon | None) -> Step:
    """One step: its name, exactly one act, and what follows where that is not the next step.

    Raises:
        FormError, FaultError: what is wrong with it, and where.
    """
    name = code_of(form, "id")
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
            return _mark(name, follows, form, is_new=lexicon is not None)
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
    line = audience_line(within, "if", lexicon) if within.has("if") else None
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
    text = in_both(within, "text", LONGEST_TEXT)
    valid = within.number("valid_days", 1, MOST_DAYS, DEFAULT_VALID)
    product = code_of(within, "product") if within.has("product") else None
    risk = int(within.choice("risk", Risk).value[1:]) if within.has("risk") else None
    within.finish()
    return Send(name, kind, channel, text, valid, product, risk, follows)


def _task(name: str, follows: str | None, form: Form) -> Task:
    within = Form(form.anything("task"), form.place("task"))
    why = in_both(within, "why", LONGEST_WHY)
    days = within.number("within", 1, 60) if within.has("within") else None
    within.finish()
    return Task(name, why, days, follows)


def _mark(name: str, follows: str | None, form: Form, *, is_new: bool) -> Mark:
    code = form.text("tag", 40)
    if is_new and code not in SETTABLE:
        raise FaultError(JourneyFault.NO_SUCH_TAG, form.place("tag"), " / ".join(sorted(SETTABLE)))
    return Mark(name, code, follows)


def _end(name: str, form: Form) -> End:
    word = form.text("end", 40)
    if word not in WORDS_OF_ENDS:
        raise FormError(FaultCode.BAD_CHOICE, form.place("end"), " / ".join(WORDS_OF_ENDS))
    return End(name, WORDS_OF_ENDS[word])


def linked(steps: tuple[Step, ...], faults: Faults) -> tuple[Step, ...]:
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


def code_of(form: Form, name: str) -> str:
    """A code: 2 to 40 small letters, digits and -, a letter first."""
    found = form.text(name, 60)
    if not CODE.fullmatch(found):
        raise FaultError(JourneyFault.BAD_CODE, form.place(name), found)
    return found


def audience_line(form: Form, name: str, lexicon: Lexicon | None) -> str:
    """A line of the language of audiences, as it is written."""
    line = form.text(name, LONGEST_LINE)
    found = parse(line, lexicon) if lexicon else None
    if isinstance(found, Fault):
        near = f" ≈ {' / '.join(found.nearest)}" if found.nearest else ""
        raise FaultError(JourneyFault.BAD_AUDIENCE, form.place(name), f"{found.start + 1}: {found.found}{near}")
    return line


def in_both(form: Form, name: str, longest: int) -> Text:
    """Words in both languages, "中文 | English"."""
    zh, _, en = (part.strip() for part in form.text(name, 2 * longest + 3).partition("|"))
    if not zh or not en or max(len(zh), len(en)) > longest:
        raise FormError(FaultCode.BAD_TEXT, form.place(name), f"中文 | English, 1–{longest}")
    return Text(zh, en)


def plain_step(step: Step) -> dict[str, Any]:
    """A step in the file's own form."""
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
            words = {"kind": str(kind), "channel": str(channel), "text": written(text), "valid_days": valid}
            return {"send": {**words, **{name: value for name, value in sold.items() if value}}}
        case Task(_, why, within):
            return {"task": {"why": written(why), **({"within": within} if within else {})}}
        case Mark(_, tag):
            return {"tag": tag}
        case End(_, is_reached):
            return {"end": "reached" if is_reached else "completed"}


def written(text: Text) -> str:
    """Words as the file has them."""
    return f"{text.zh} | {text.en}"
