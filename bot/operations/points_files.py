"""What an operator hands in about points: a campaign as YAML, a department's file of events."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.operations import OperationRefusedError
from bot.operations.points import CampaignOrder
from campaigns.earnings.model import EarnEvent

LARGEST_FILE = 50_000_000
ENCODINGS = ("utf-8-sig", "gb18030")


class CampaignFile(BaseModel):
    """The keys of a campaign; the same as the command's options."""

    model_config = ConfigDict(extra="forbid", strict=False)

    title: str = Field(min_length=1, max_length=100)
    price: int
    valid_days: int
    budget: int
    until: date
    share: dict[str, float]
    group: str | None = None


def campaign_order(file: Path | None, given: Mapping[str, Any]) -> CampaignOrder:
    """The order of a campaign from a YAML file, options given beside it taking their place.

    Raises:
        OperationRefusedError: says which key is wrong.
    """
    found = _yaml(file) if file else {}
    found |= {key: value for key, value in given.items() if value is not None}
    if isinstance(found.get("share"), list):
        found["share"] = _shares(found["share"])
    if isinstance(found.get("until"), datetime):
        found["until"] = found["until"].date()
    try:
        read = CampaignFile.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise OperationRefusedError(
            f"{key}: {first['msg']}. Give it as --{key.split('.')[0].replace('_', '-')} or in the file."
        ) from None
    return CampaignOrder(
        read.title.strip(), read.price, read.valid_days, read.budget, read.until, read.share, read.group
    )


def shares_of_events(given: Iterable[str], take_up: float) -> dict[EarnEvent, float]:
    """Of every event the share of people who do it, from `EVENT=PERCENT` and a percentage for the rest.

    Raises:
        OperationRefusedError: an event that does not exist, or no percentage.
    """
    shares = dict.fromkeys(EarnEvent, take_up / 100)
    for each in given:
        name, _, percent = each.partition("=")
        read = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%?", percent.strip())
        if name.strip() not in set(EarnEvent) or read is None or float(read[1]) > 100:
            raise OperationRefusedError(f"--share {each}: write EVENT=PERCENT, with one of {', '.join(EarnEvent)}.")
        shares[EarnEvent(name.strip())] = float(read[1]) / 100
    return shares


def text_of(file: Path) -> str:
    """A file's text, in UTF-8 or a Chinese encoding.

    Raises:
        OperationRefusedError: it is none, or too large.
    """
    if file.stat().st_size > LARGEST_FILE:
        raise OperationRefusedError(f"{file} is larger than 50 MB: hand it in by parts.")
    data = file.read_bytes()
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OperationRefusedError(f"{file} is no text in UTF-8 or GB 18030; save it as CSV.")


def _yaml(file: Path) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(text_of(file))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise OperationRefusedError(f"{file}, line {mark.line + 1 if mark else 1}: this is no YAML.") from None
    if not isinstance(found, dict):
        raise OperationRefusedError(f"{file} must hold keys and values, such as title: 入群福利.")
    return {str(key): value for key, value in found.items()}


def _shares(given: Iterable[str]) -> dict[str, str]:
    """`PARTNER=PERCENT` as a mapping; what is no number is said by the check after this."""
    shares = {}
    for each in given:
        name, sign, percent = each.rpartition("=")
        if not sign or not name.strip():
            raise OperationRefusedError(f"--share {each}: write PARTNER=PERCENT, such as A银行=60.")
        shares[name.strip()] = percent.strip().rstrip("%")
    return shares
