"""Profiles: how a bank's departments name their files and columns, read from segmentation/profiles/*.yaml."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from segmentation.intake.encodings import KNOWN_ENCODINGS
from segmentation.intake.faults import refuse
from segmentation.intake.subjects import SUBJECTS, Subject

FOLDER = Path(__file__).parent.parent / "profiles"
DATES = ("as_of", "month_end", "quarter_end")
KEYS = ("customer", "account", "holder")
FORMS = {"moment": ("%Y-%m-%d %H:%M:%S",), "date": ("%Y-%m-%d",)}


@dataclass(frozen=True)
class Column:
    """One column of a department's file and the field it becomes; `forms` are the ways its dates are written."""

    name: str
    field: str
    type: str
    forms: tuple[str, ...] = ()
    codes: Mapping[str, str] = made(default_factory=dict, hash=False)
    may_be_empty: bool = False
    may_be_negative: bool = False
    may_jump: bool = False


@dataclass(frozen=True)
class Department:
    """One kind of file; `key` is the column that says of whom, and `key_is` what that column holds.

    `confidence` (0–1) decides where two departments contradict each other; after `stale_after` days its word is old.
    What is `optional` is not missed where it is not delivered.
    """

    name: str
    title: str
    pattern: re.Pattern[str]
    true_at: str
    subject: str
    sample: bool
    columns: tuple[Column, ...]
    key: str
    key_is: str = "customer"
    confidence: float = 0.5
    stale_after: int = 92
    optional: bool = False

    @property
    def is_record(self) -> bool:
        """Whether a customer may have many rows in its files."""
        return SUBJECTS[self.subject].is_record

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that its files fill, in the profile's order."""
        return tuple(column.field for column in self.columns)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns that its files must have, each once, the key first."""
        return tuple(dict.fromkeys((self.key, *(column.name for column in self.columns))))


@dataclass(frozen=True)
class Profile:
    """How one bank delivers; `digest` changes with every change of the mapping. No `encoding`: it is found out."""

    name: str
    zone: str
    departments: tuple[Department, ...]
    outcomes: Mapping[str, str]
    unused: Mapping[str, str]
    digest: str
    encoding: str | None = None


def load_profile(name: str, folder: Path = FOLDER) -> Profile:
    """Read a profile that ships, by its name, or any other by the path of its file (.yaml or .yml).

    Raises:
        DeliveryRefusedError: no such profile, or it is not readable as one.
    """
    file = _profile_file(name, folder)
    try:
        text = file.read_text("utf-8")
        return parse_profile(yaml.safe_load(text), hashlib.sha256(text.encode()).hexdigest())
    except UnicodeDecodeError as error:
        raise refuse("bad_profile", "is not written in UTF-8.", file=file.name) from error
    except yaml.YAMLError as error:
        raise refuse("bad_profile", f"is no readable YAML ({error}).", file=file.name) from error
    except (KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        raise refuse("bad_profile", f"misses or mistypes {error}.", file=file.name) from error


def _profile_file(name: str, folder: Path) -> Path:
    if name.endswith((".yaml", ".yml")):
        if not Path(name).is_file():
            raise refuse("unknown_profile", f"There is no profile file {name}.")
        return Path(name)
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in known:
        problem = f'There is no profile "{name}"; known are: {", ".join(known)}; or name the path of a .yaml file.'
        raise refuse("unknown_profile", problem)
    return folder / f"{name}.yaml"


def parse_profile(found: dict[str, Any], digest: str) -> Profile:
    """Build a profile from its parsed YAML; refuses unknown fields, types, codes and zones."""
    try:
        ZoneInfo(found["zone"])
    except ZoneInfoNotFoundError as error:
        raise refuse("bad_profile", f'the zone "{found["zone"]}" is not known.', file=found["name"]) from error
    encoding = found.get("encoding")
    if encoding is not None and encoding not in KNOWN_ENCODINGS:
        known = ", ".join(KNOWN_ENCODINGS)
        raise refuse("bad_profile", f'the encoding "{encoding}" is none of {known}.', file=found["name"])
    _refuse_bare_words([found["customer"]], found["name"])
    departments = tuple(_department(name, found["customer"], entry) for name, entry in found["departments"].items())
    if sum(department.sample for department in departments) != 1:
        raise refuse("bad_profile", "exactly one department must define the sample.", file=found["name"])
    return Profile(
        name=found["name"],
        zone=found["zone"],
        departments=departments,
        outcomes=found.get("outcomes") or {},
        unused=found.get("unused") or {},
        digest=digest,
        encoding=encoding,
    )


def _department(name: str, customer: str, entry: dict[str, Any]) -> Department:
    subject, true_at, key_is = entry["subject"], entry["true_at"], entry.get("key_is", "customer")
    if subject not in SUBJECTS or true_at not in DATES or key_is not in KEYS:
        raise refuse("bad_profile", f"subject {subject}, true_at {true_at} or key_is {key_is} is not known.", file=name)
    columns = tuple(_columns(entry["columns"], name))
    _check_fields(name, subject, columns)
    if not SUBJECTS[subject].is_record and key_is != "customer":
        raise refuse("bad_profile", f"rows about {subject} need the customer's number as their key.", file=name)
    return Department(
        name=name,
        title=entry["title"],
        pattern=_pattern(entry["file"]),
        true_at=true_at,
        subject=subject,
        sample=bool(entry.get("sample", False)),
        columns=columns,
        key=entry.get("key", customer),
        key_is=key_is,
        confidence=float(entry.get("confidence", 0.5)),
        stale_after=_days(entry.get("stale_after", 92), name),
        optional=bool(entry.get("optional", False)),
    )


def _days(given: Any, department: str) -> int:
    if int(given) < 1:
        raise refuse("bad_profile", f"stale_after is {given}: it must be at least one day.", file=department)
    return int(given)


def _columns(entries: Mapping[str, Any], department: str) -> Iterator[Column]:
    """A column may fill several fields, such as a number that says both birthday and sex."""
    _refuse_bare_words(entries, department)
    for name, given in entries.items():
        for one in given if isinstance(given, list) else [given]:
            forms = one.get("form", FORMS.get(one["type"], ()))
            forms = (forms,) if isinstance(forms, str) else tuple(forms)
            _refuse_bare_words((one.get("codes") or {}).keys(), department)
            codes = {str(code): str(ours) for code, ours in (one.get("codes") or {}).items()}
            rest = {key: value for key, value in one.items() if key not in {"form", "codes"}}
            column = Column(str(name), **{**rest, "forms": forms, "codes": codes})
            if column.type == "code" and not codes:
                raise refuse("bad_profile", "a column of codes needs its list of codes.", file=department, column=name)
            yield column


def _refuse_bare_words(names: Iterable[Any], place: str) -> None:
    """YAML takes the bare words no, yes, on, off, y and n for truth values."""
    if any(isinstance(name, bool) for name in names):
        raise refuse("bad_profile", 'names like no, yes, on and off must stand in quotes ("no").', file=place)


def _check_fields(name: str, subject: str, columns: tuple[Column, ...]) -> None:
    known: Subject = SUBJECTS[subject]
    given = [column.field for column in columns]
    odd = {c.field for c in columns if c.type not in known.fields.get(c.field, ())}
    odd |= (known.fields.keys() - known.optional) - set(given)
    odd |= {field for field in given if given.count(field) > 1}
    if odd or not given:
        names = ", ".join(sorted(odd)) or "none is there"
        raise refuse("bad_profile", f"the fields of {subject} do not fit, by name or by type: {names}.", file=name)
    for column in columns:
        if wrong := sorted(set(column.codes.values()) - known.codes.get(column.field, set(column.codes.values()))):
            allowed = ", ".join(sorted(known.codes[column.field]))
            problem = f"the codes {', '.join(wrong)} are none of: {allowed}."
            raise refuse("bad_profile", problem, file=name, column=column.name)


def _pattern(file: str) -> re.Pattern[str]:
    pattern = re.escape(file).replace(r"\{", "{").replace(r"\}", "}")
    for part, digits in (("year", r"\d{4}"), ("month", r"\d{2}"), ("quarter", r"[1-4]"), ("day", r"\d{2}")):
        pattern = pattern.replace(f"{{{part}}}", f"(?P<{part}>{digits})")
    return re.compile(pattern)
