"""The evidence of one delivery on the terminal."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.evidence.model import Evidence


def evidence_json(found: Evidence) -> str:
    """Everything as one JSON object."""
    return json.dumps(asdict(found), ensure_ascii=False, default=str)


def print_evidence(found: Evidence, console: Console) -> None:
    """Everything as a table of two columns."""
    table = Table("what", "known", box=SIMPLE, show_lines=False, title=_name(found))
    for name, value in _lines(found):
        table.add_row(name, value)
    console.print(table)


def _name(found: Evidence) -> str:
    return f"Message {found.delivery} by {found.channel}" if found.channel else f"Delivery {found.delivery}"


def _lines(found: Evidence) -> Iterator[tuple[str, str]]:
    version = f", version {found.version}" if found.version else ""
    yield "campaign", f"{found.campaign}{version}, step {found.step}"
    yield "recipient", "the staff's group" if found.recipient is None else str(found.recipient)
    yield "text", found.text
    if found.product or found.risk:
        yield "product", " ".join(filter(None, (found.product, f"R{found.risk}" if found.risk else None)))
    yield "why this person", _facts(asdict(found.why)) or "no class and no promotion names this person"
    for consent in found.consents:
        until = f", withdrawn {consent.withdrawn_at:%Y-%m-%d %H:%M}" if consent.withdrawn_at else ""
        yield "consent", f"{consent.purpose}, words {consent.wording}, given {consent.given_at:%Y-%m-%d %H:%M}{until}"
    yield "gate", _gate(found) if found.gate else "not asked"
    yield "planned", f"{found.planned_at:%Y-%m-%d %H:%M:%S %Z}"
    yield "attempts", f"{found.attempts}, of them repeated {found.repeats}"
    ended = f" at {found.ended_at:%Y-%m-%d %H:%M:%S %Z}" if found.ended_at else ""
    yield "outcome", ", ".join(filter(None, (f"{found.state}{ended}", found.reason, found.detail, _message(found))))
    if found.recall:
        yield "recall", _facts(asdict(found.recall))


def _gate(found: Evidence) -> str:
    said = dict(found.gate or {})
    asked = _facts(said.pop("asked", {}))
    return f"{_facts(said)}; asked: {asked}"


def _message(found: Evidence) -> str | None:
    return f"message {found.message_id}" if found.message_id else None


def _facts(facts: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items() if value not in (None, (), []))
