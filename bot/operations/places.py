"""Merchants and templates for whoever runs the machine."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from campaigns.groups.templates import Template, TemplateError, read_template
from campaigns.places.model import Merchant, Spot, SpotFault
from campaigns.places.rules import read_spots
from campaigns.places.service import PlaceService
from storage.database import UnitOfWork
from storage.groups import SqlGroupStore
from storage.places import SqlPlaceStore

HEADER = {"商户", "merchant"}
COMPLAINTS = {
    SpotFault.EMPTY: "names no merchant",
    SpotFault.TOO_MANY_PARTS: "has more than merchant, community and branch",
    SpotFault.TOO_LONG: "has a name of more than 60 characters",
}


def read_places(file: Path) -> list[Spot]:
    """The merchants of a CSV file: merchant, community, branch; a header line is left out.

    Raises:
        OperationRefusedError: the file cannot be read, or a line names no merchant.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise OperationRefusedError(f"{file} is no UTF-8 text: save it as UTF-8.") from error
    if lines and lines[0].split(",")[0].strip().lower() in HEADER:
        lines[0] = ""
    spots = []
    for number, spot in read_spots(lines):
        if isinstance(spot, SpotFault):
            raise OperationRefusedError(f"{file}, line {number} {COMPLAINTS[spot]}.")
        spots.append(spot)
    return spots


def keep(url: str, spots: Sequence[Spot]) -> list[Merchant]:
    """Keep merchants; all of them are there afterwards, or none."""
    return in_one_transaction(url, lambda uow: PlaceService(SqlPlaceStore(uow)).keep(*spots))


def merchants(url: str) -> list[Merchant]:
    """Every merchant."""
    return in_one_transaction(url, lambda uow: PlaceService(SqlPlaceStore(uow)).all())


def set_template(url: str, file: Path, merchant: Spot | None, now: datetime) -> Template:
    """Keep a merchant's template, or the default one, out of a YAML file.

    Raises:
        OperationRefusedError: the file says something that cannot be used.
    """
    try:
        body: Any = yaml.safe_load(file.read_text("utf-8"))
        template = read_template(_fields(body))
    except (yaml.YAMLError, UnicodeDecodeError, TemplateError) as error:
        raise OperationRefusedError(f"{file}: {error}") from error

    async def store(uow: UnitOfWork) -> Template:
        place = (await SqlPlaceStore(uow).keep(merchant)).id if merchant else None
        await SqlGroupStore(uow).set_template(place, body, now)
        return template

    return in_one_transaction(url, store)


def _fields(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise TemplateError("it must name its fields, such as `announcement: …`.")
    return body
