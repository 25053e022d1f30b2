"""Profiles: how a bank's departments name their files and columns, read from segmentation/profiles/*.yaml."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from segmentation.intake.faults import refuse

FOLDER = Path(__file__).parent.parent / "profiles"
TYPES = ("yuan", "count", "moment", "name", "phone")
DATES = ("as_of", "month_end", "quarter_end")
SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "balances": {
        "structured_deposit": "yuan",
        "time_deposit": "yuan",
        "demand_deposit": "yuan",
        "wealth_products": "yuan",
        "funds": "yuan",
        "asset_plans": "yuan",
        "large_certificates": "yuan",
        "loans": "yuan",
    },
    "activity": {
        "logins": "count",
        "transfers": "count",
        "transfers_in": "count",
        "transfers_in_amount": "yuan",
        "transfers_out": "count",
        "transfers_out_amount": "yuan",
        "last_transfer_at": "moment",
    },
    "deposits": {"balance": "yuan", "products": "count"},
    "contacts": {"name": "name", "phone": "phone"},
}


@dataclass(frozen=True)
class Column:
    """One column of a department's file and the field it becomes."""

    name: str
    field: str
    type: str
    form: str = "%Y-%m-%d %H:%M:%S"
    may_be_empty: bool = False


@dataclass(frozen=True)
class Department:
    """One kind of file."""

    name: str
    title: str
    pattern: re.Pattern[str]
    true_at: str
    subject: str
    sample: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Profile:
    """How one bank delivers; `digest` changes with every change of the mapping."""

    name: str
    encoding: str
    zone: str
    customer: str
    departments: tuple[Department, ...]
    outcomes: Mapping[str, str]
    digest: str


def load_profile(name: str, folder: Path = FOLDER) -> Profile:
    """Read a profile by name.

    Raises:
        DeliveryRefusedError: no such profile, or it is not readable as one.
    """
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in known:
        raise refuse("unknown_profile", f'There is no profile "{name}"; known are: {", ".join(known)}.')
    text = (folder / f"{name}.yaml").read_text("utf-8")
    try:
        return parse_profile(yaml.safe_load(text), hashlib.sha256(text.encode()).hexdigest())
    except yaml.YAMLError as error:
        raise refuse("bad_profile", f"is no readable YAML ({error}).", file=f"{name}.yaml") from error
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise refuse("bad_profile", f"misses or mistypes {error}.", file=f"{name}.yaml") from error


def parse_profile(found: dict[str, Any], digest: str) -> Profile:
    """Build a profile from its parsed YAML; refuses unknown fields, types and zones."""
    try:
        ZoneInfo(found["zone"])
    except ZoneInfoNotFoundError as error:
        raise refuse("bad_profile", f'the zone "{found["zone"]}" is not known.', file=found["name"]) from error
    departments = tuple(_department(name, entry) for name, entry in found["departments"].items())
    if sum(department.sample for department in departments) != 1:
        raise refuse("bad_profile", "exactly one department must define the sample.", file=found["name"])
    return Profile(
        name=found["name"],
        encoding=found.get("encoding", "utf-8"),
        zone=found["zone"],
        customer=found["customer"],
        departments=departments,
        outcomes=found.get("outcomes") or {},
        digest=digest,
    )


def _department(name: str, entry: dict[str, Any]) -> Department:
    subject, true_at = entry["subject"], entry["true_at"]
    if subject not in SUBJECTS or true_at not in DATES:
        raise refuse("bad_profile", f"subject {subject} or true_at {true_at} is not known.", file=name)
    columns = tuple(Column(column, **given) for column, given in entry["columns"].items())
    wanted, given = SUBJECTS[subject], {column.field: column.type for column in columns}
    if given != dict(wanted):
        odd = sorted(set(given.items()) ^ set(wanted.items()))
        raise refuse("bad_profile", f"the fields of {subject} do not fit: {odd}.", file=name)
    pattern = re.escape(entry["file"]).replace(r"\{", "{").replace(r"\}", "}")
    for part, digits in (("year", r"\d{4}"), ("month", r"\d{2}"), ("quarter", r"[1-4]")):
        pattern = pattern.replace(f"{{{part}}}", f"(?P<{part}>{digits})")
    return Department(
        name, entry["title"], re.compile(pattern), true_at, subject, bool(entry.get("sample", False)), columns
    )
