"""Invented customers of whom each field is known or not, their rows, and the language in plain Python beside them.

What SQL says of a tree must be what `holds` says: True, False, or None where it cannot be told.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from campaigns.audiences.fields import FIELDS, Kind
from campaigns.audiences.model import (
    Between,
    Both,
    Compared,
    Comparison,
    Either,
    Everybody,
    Expression,
    Happened,
    Holds,
    Known,
    Not,
    OneOf,
    Within,
)
from campaigns.tags.model import TagSource
from campaigns.tags.rules import DICTIONARY
from storage.audience_sql import COLUMNS, PLAIN
from tests.audience_trees import TEXTS

DAY, NOW = date(2025, 9, 30), datetime(2025, 11, 21, 4, tzinfo=UTC)
RUN = UUID(int=1)
UNKNOWN_TAG = "salary"  # The run had no figures for it.
BY_RULE = [code for code, each in DICTIONARY.items() if each.source is TagSource.RULE and code != UNKNOWN_TAG]
SAID = [code for code, each in DICTIONARY.items() if each.source is not TagSource.RULE]
GROUPS = tuple(enumerate(TEXTS, start=1))
CHAT_EVENTS = ("joined_group", "left_group", "chain_entry", "stamp", "card_moved")
SNAPSHOT = {
    name: sql.removeprefix("s.")
    for name, (sql, _) in COLUMNS.items()
    if sql.startswith("s.") and " " not in sql and "::" not in sql
}


@dataclass(frozen=True)
class Person:
    """One customer: each field's value, of several a set, of an event its moments; None is unknown."""

    id: UUID
    member: int | None
    facts: Mapping[str, Any]
    row: Mapping[str, Any]


def invent(count: int, seed: int = 1) -> list[Person]:
    """The same customers for the same seed."""
    draw = random.Random(seed)
    return [_person(draw, at) for at in range(count)]


def fill(url: str, people: Sequence[Person]) -> None:
    """Write everybody's rows; what they refer to beside customers is left out, which the session is allowed."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("INSERT INTO segmentation_policies VALUES (1, '{}', 'default', %s)", [NOW])
        connection.execute(
            "INSERT INTO segmentation_runs VALUES (%s, %s, 'lines-1', 1, %s, %s, '[]', NULL, %s)",
            [RUN, DAY, "0" * 64, NOW, Jsonb({"unknown_tags": [UNKNOWN_TAG]})],
        )
        for number, title in GROUPS:
            _insert(
                connection,
                "groups",
                id=number,
                chat_id=-number,
                title=title,
                merchant="米店",
                manager_id=number % 4 + 1,
                registered_at=NOW,
            )
        with connection.pipeline():
            for person in people:
                for table, row in _rows(person):
                    _insert(connection, table, **row)


def holds(tree: Expression, person: Person) -> bool | None:
    """Whether a tree holds of somebody, by Kleene's three values."""
    match tree:
        case Both(parts):
            found = [holds(part, person) for part in parts]
            return False if False in found else None if None in found else True
        case Either(parts):
            found = [holds(part, person) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            inner = holds(part, person)
            return None if inner is None else not inner
        case Everybody():
            return True
        case Known(name, is_known):
            return (person.facts[name] is not None) is is_known
        case _:
            return None if person.facts[tree.field] is None else _said(tree, person.facts[tree.field])


def _said(term: Any, value: Any) -> bool | None:
    match term:
        case Holds():
            return bool(value)
        case Happened():
            return bool(value)
        case Within(name, days):
            if FIELDS[name].kind is Kind.EVENT:
                return any(NOW - timedelta(days=days) <= at for at in value)
            return bool(DAY - timedelta(days=days) <= value <= DAY)
        case Between(_, low, high):
            return bool(low <= value <= high)
        case OneOf(_, values):
            return _any([_is(value, each) for each in values])
        case Compared(_, Comparison.EQUAL, other):
            return _is(value, other)
        case Compared(_, Comparison.UNEQUAL, other):
            same = _is(value, other)
            return None if same is None else not same
        case Compared(name, by, other):
            return _ordered(name, by, value, other)
    raise AssertionError(term)


def _is(value: Any, other: Any) -> bool | None:
    """Equal, or one of several; a mapping says of each whether it is there, None where nobody can tell."""
    if isinstance(value, Mapping):
        found: bool | None = value.get(other, False)
        return found
    return other in value if isinstance(value, frozenset) else bool(value == other)


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def _ordered(name: str, by: Comparison, value: Any, other: Any) -> bool:
    if FIELDS[name].is_ordered:
        value, other = FIELDS[name].codes.index(value), FIELDS[name].codes.index(other)
    match by:
        case Comparison.LESS:
            return bool(value < other)
        case Comparison.AT_MOST:
            return bool(value <= other)
        case Comparison.MORE:
            return bool(value > other)
        case _:
            return bool(value >= other)


def _person(draw: random.Random, at: int) -> Person:
    is_bound, has_class = draw.random() < 0.7, draw.random() < 0.9
    member = 1_000 + at if is_bound else None
    row: dict[str, Any] = {name: _value(draw, name) for name in FIELDS}
    row |= {name: draw.randint(0, 2_000_000) for name in PLAIN[:9] if name != "assets"}
    row["class"] = row["class"] or "A"
    row["card_stage"] = row["card_stage"] if row["card_stage"] not in (None, "none") else "signed"
    facts = dict(row)
    birth = row["birth"] = draw.choice((None, date(draw.randint(1940, 2007), draw.randint(1, 12), 15)))
    facts["age"] = None if birth is None else Decimal(DAY.year - birth.year - ((birth.month, 15) > (9, 30)))
    facts["birth_month"] = Decimal(birth.month) if birth else None
    facts["assets"] = sum(row[name] for name in PLAIN[1:8])
    facts["monthly_spend"] = None if row["yearly_spend"] is None else row["yearly_spend"] // 12
    moved = row["last_transfer"]
    facts["idle_days"] = None if moved is None else Decimal((DAY - moved).days)
    if not has_class:
        facts |= {name: None for name, (_, needs) in COLUMNS.items() if needs in ("k", "a")}
    tags = {code: draw.random() < 0.3 for code in DICTIONARY}
    row["tags"] = {code: 1 for code in BY_RULE if tags[code]}
    row["said"] = [code for code in SAID if tags[code]]
    row["has_class"] = has_class
    unknown = {UNKNOWN_TAG: None, **({} if has_class else dict.fromkeys(BY_RULE))}
    facts["tag"] = {**tags, **unknown}
    groups = draw.sample(GROUPS, draw.randint(0, 2))
    row["groups"] = groups
    for name in CHAT_EVENTS:
        row[name] = [] if name in ("joined_group", "left_group") else _moments(draw)
    for name in ("offer_answered", "contacted", "offer_received", "bound"):
        row[name] = _moments(draw) if is_bound or name in ("offer_answered", "contacted") else []
    row["joined_group"] = [NOW - timedelta(days=draw.randint(1, 400)) for _ in groups]
    row["left_group"] = [at_ + timedelta(hours=1) if draw.random() < 0.3 else None for at_ in row["joined_group"]]
    _reach(draw, row, facts, is_bound=is_bound)
    standing = [(number, title) for (number, title), left in zip(groups, row["left_group"], strict=True) if not left]
    facts["group"] = frozenset(title for _, title in standing) if is_bound else None
    managers = [(joined, number % 4 + 1) for (number, _), joined, left in zip(
        groups, row["joined_group"], row["left_group"], strict=True) if not left]  # fmt: skip
    row["named_owner"] = draw.choice((None, None, 1, 2))
    facts["owner"] = row["named_owner"] or (min(managers)[1] if is_bound and managers else None)
    for name in (*CHAT_EVENTS, "offer_answered", "contacted", "offer_received", "bound"):
        facts[name] = [each for each in row[name] if each] if is_bound or name not in CHAT_EVENTS else None
    row["bound"] = facts["bound"] = facts["bound"][:1]
    stages = row["card_moved"] = row["card_moved"][:1]
    facts["card_stage"] = None if not is_bound else row["card_stage"] if stages else "none"
    facts["card_moved"] = stages if is_bound else None
    return Person(uuid4(), member, facts, row)


def _reach(draw: random.Random, row: dict[str, Any], facts: dict[str, Any], *, is_bound: bool) -> None:
    row["consents"] = {
        purpose: draw.choice((True, True, False)) for purpose in FIELDS["consent"].codes if draw.random() < 0.8
    }
    row["has_key"] = draw.random() < 0.9
    row["restricted"] = draw.choice((None,) * 8 + ("suspended", "non_personal"))
    row["chat"] = draw.choice(("open", "open", "open", "never", "blocked"))
    agreed = row["consents"].get("marketing")
    reasons = {
        "unbound": not is_bound,
        "erased": not row["has_key"],
        str(row["restricted"]): row["restricted"] is not None,
        "no_consent": agreed is None,
        "opted_out": agreed is False,
        "no_private_chat": row["chat"] == "never",
        "blocked": row["chat"] == "blocked",
    }
    row["unreachable"] = next((reason for reason, there in reasons.items() if there), None)
    facts["reachable"] = row["unreachable"] is None
    facts["chat"] = row["chat"] if is_bound else None
    given = frozenset(purpose for purpose, stands in row["consents"].items() if stands)
    facts["consent"] = given if is_bound else None


def _value(draw: random.Random, name: str) -> Any:
    field = FIELDS[name]
    if draw.random() < 0.2 and name not in (
        "provisional",
        "cards",
        "confidence",
        "current",
        "potential",
        "opportunity",
    ):
        return None
    match field.kind:
        case Kind.MONEY:
            return draw.randint(0, 3_000_000)
        case Kind.NUMBER:
            return Decimal(draw.randint(0, 50)) if name != "confidence" else Decimal(draw.randint(0, 10)) / 10
        case Kind.DAY:
            return DAY - timedelta(days=draw.randint(0, 500))
        case Kind.CHOICE:
            return draw.choice(field.codes)
        case Kind.TEXT:
            return draw.choice(TEXTS)
        case Kind.FLAG:
            return draw.random() < 0.5
    return None


def _moments(draw: random.Random) -> list[datetime]:
    return [NOW - timedelta(days=draw.randint(1, 400), hours=1) for _ in range(draw.choice((0, 0, 1, 2)))]


def _rows(person: Person) -> Iterator[tuple[str, dict[str, Any]]]:
    row, who = person.row, {"customer_id": person.id}
    yield "customers", {"id": person.id, "number": f"0x{person.id.hex[:8]}", "first_as_of": DAY}
    figures = {column: row[name] for name, column in SNAPSHOT.items() if name != "assets"}
    moved = row["last_transfer"]
    yield "customer_snapshots", {
        **figures, **who, "as_of": DAY, "has_activity": True, "birth_date": row["birth"],
        "sex": row["gender"] and row["gender"][0], "risk_appetite": row["risk"], "consumption": row["yearly_spend"],
        "last_transfer_at": moved and datetime(moved.year, moved.month, moved.day, 10, tzinfo=UTC),
    }  # fmt: skip
    if row["has_class"]:
        scores = {name: row[name] for name in ("current", "potential", "churn", "development", "confidence")}
        standing = {"letter": row["class"], **{name: row[name] for name in ("quadrant", "band", "lifecycle")}}
        yield "customer_classes", {
            **who, **scores, **standing, "run_id": RUN, "current_value": row["yearly_value"], "missing": [],
            "provisional": row["provisional"], "reasons": Jsonb([]),
        }  # fmt: skip
        yield "customer_actions", {
            **who, "run_id": RUN, "action": "none", "amount_fen": 0, "probability": 0, "expected_value_fen": 0,
            "opportunity": row["opportunity"], "waits": False, "tags": Jsonb(row["tags"]),
            **dict.fromkeys(("reasons", "alternatives", "products"), Jsonb([])),
        }  # fmt: skip
    for code in row["said"]:
        yield "customer_tags", {
            **who, "code": code, "source": "staff", "evidence": "said so", "set_by": "7",
            "set_at": NOW - timedelta(days=1), "expires_at": NOW + timedelta(days=1),
        }  # fmt: skip
    if row["named_owner"]:
        yield "customer_owners", {**who, "owner_id": row["named_owner"], "since": NOW}
    if row["restricted"]:
        yield "customer_restrictions", {**who, "kind": row["restricted"], "since": NOW, "set_by": "7"}
    for at in row["offer_answered"]:
        yield "followups", {
            **who, "mark": uuid4(), "owner_id": 7, "source": "offer_answered", "why": b"", "opened_at": at,
            "due_at": at, "deferrals": 0, "state": "open",
        }  # fmt: skip
    for at in row["contacted"]:
        yield "customer_interactions", {**who, "member_id": 7, "at": at, "channel": "call"}
    if person.member:
        yield from _member_rows(person, person.member)


def _member_rows(person: Person, member: int) -> Iterator[tuple[str, dict[str, Any]]]:
    row, who = person.row, {"member_id": member}
    yield "members", {
        "id": member, "name": b"", "language": "zh", "private_chat": row["chat"], "customer_id": person.id,
        "bound_at": next(iter(row["bound"]), None), "first_seen_at": NOW,
    }  # fmt: skip
    if row["has_key"]:
        yield "data_keys", {"owner": f"member:{member}", "key_name": "k", "wrapped": b""}
    for purpose, stands in row["consents"].items():
        ended = None if stands else NOW
        yield "consents", {**who, "purpose": purpose, "wording": "1", "given_at": NOW, "withdrawn_at": ended}
    for (number, _), joined, left in zip(row["groups"], row["joined_group"], row["left_group"], strict=True):
        yield "group_members", {**who, "group_id": number, "joined_at": joined, "left_at": left}
    for at, moment in enumerate(row["chain_entry"]):
        yield "chain_entries", {
            **who, "chain_id": at, "sequence": member, "masked_name": "王*", "joined_at": moment,
            "quantity": 1, "proxy_index": b"", "waits": False,
        }  # fmt: skip
    for at, moment in enumerate(row["stamp"]):
        yield "stamps", {**who, "rally_id": 1, "booth_id": at, "way": "code", "at": moment, "stored_at": moment}
    for moment in row["card_moved"]:
        lost = row["card_stage"] in ("declined", "withdrawn", "lost")
        due_on = None if lost or row["card_stage"] == "first_use" else DAY
        end = {"ended_from": "signed" if lost else None, "due_on": due_on}
        yield "applications", {
            **who, **end, "chain_id": 1, "campaign": "c", "product": "card", "stage": row["card_stage"],
            "owner_id": 7,
            "opened_at": moment, "stage_since": moment, "version": 1, "reminded": False, "escalations": 0,
        }  # fmt: skip
    for moment in row["offer_received"]:
        yield "deliveries", {
            "campaign": uuid4().hex, "step": "s", "recipient": member, "kind": "marketing", "method": "sendMessage",
            "payload": Jsonb({}), "state": "sent", "priority": 1, "due_at": moment, "planned_at": moment,
            "ended_at": moment,
        }  # fmt: skip


def _insert(connection: psycopg.Connection, table: str, **row: Any) -> None:
    known = {name: value for name, value in row.items() if value is not None}
    columns, places = ", ".join(known), ", ".join(f"%({name})s" for name in known)
    connection.execute(f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES ({places})".encode(), known)  # noqa: S608 - our names.
