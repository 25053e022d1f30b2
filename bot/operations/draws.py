"""Draws by the operator's hand: look at a plan, publish it in a group, compute a closed draw again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.draws import draw_host
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.deliveries.service import Outbox
from campaigns.draws.hosting import DrawHost, PublicDraw
from campaigns.draws.model import Draw, DrawPlan, PublishRefusal
from campaigns.draws.reading import LONGEST_FILE, read_plan
from campaigns.draws.rules import DrawError, check_draw
from campaigns.draws.simulation import Forecast, SimulationError, simulate
from campaigns.groups.model import Group
from campaigns.members.model import Language
from storage.database import one_transaction
from storage.deliveries import SqlDeliveryStore
from storage.draws import SqlDrawStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]

REFUSED = {
    PublishRefusal.NO_GROUP: "There is no registered group of this name: give its whole title or its chat id.",
    PublishRefusal.NOT_YOUR_GROUP: "Another wealth manager looks after this group.",
    PublishRefusal.NO_POINTS: "The group has no open points campaign: `points open --group` makes one.",
    PublishRefusal.OVER_ALREADY: "The draw's end is in the past.",
    PublishRefusal.SAME_KIND_OPEN: "A draw of this kind is open in the group.",
    PublishRefusal.BUDGET_TOO_SMALL: "The points campaign's budget does not cover all prizes.",
    PublishRefusal.BEYOND_CAMPAIGN: "The draw must end before its points campaign does.",
}


def preview(settings: Settings, url: str, file: Path, group: str, now: Now) -> str:
    """The rules as the group would read them.

    Raises:
        OperationRefusedError: the plan may not be, or not in this group.
    """

    async def look(host: DrawHost, found: Group | None, plan: DrawPlan) -> str | PublishRefusal:
        return await host.preview(found, found.manager_id if found else 0, plan, Language.ZH)

    return _settled(settings, url, file, group, now, look)


def forecast(settings: Settings, file: Path, now: Now, *, price: int, takers: int, runs: int, seed: int) -> Forecast:
    """What a plan would cost at a price in fen per 100 points; no database is asked.

    Raises:
        OperationRefusedError: the plan may not be, or nothing can be simulated.
    """
    try:
        plan = read_plan(_text(file), now(), ZoneInfo(settings.time_zone))
        check_draw(plan, price)
        return simulate(plan, price, takers, runs, seed)
    except (DrawError, SimulationError) as error:
        raise OperationRefusedError(f"{file}: {error}") from error


def publish(settings: Settings, url: str, file: Path, group: str, now: Now) -> Draw:
    """Publish a draw in the name of the group's manager; the bot sends rules and card.

    Raises:
        OperationRefusedError: the plan may not be, or not in this group.
    """

    async def do(host: DrawHost, found: Group | None, plan: DrawPlan) -> Draw | PublishRefusal:
        return await host.publish(found, found.manager_id if found else 0, plan)

    return _settled(settings, url, file, group, now, do)


def public(settings: Settings, url: str, number: int, now: Now) -> PublicDraw:
    """What anybody may see of a draw.

    Raises:
        OperationRefusedError: there is none of this number.
    """

    async def look(host: DrawHost, _store: SqlDrawStore) -> PublicDraw | None:
        return await host.public(number)

    found = asyncio.run(_hosted(settings, url, now, look))
    if found is None:
        raise OperationRefusedError(f"There is no draw {number}.")
    return found


def _settled(
    settings: Settings,
    url: str,
    file: Path,
    group: str,
    now: Now,
    do: Callable[[DrawHost, Group | None, DrawPlan], Awaitable[Found | PublishRefusal]],
) -> Found:
    try:
        plan = read_plan(_text(file), now(), ZoneInfo(settings.time_zone))

        async def work(host: DrawHost, store: SqlDrawStore) -> Found | PublishRefusal:
            return await do(host, await store.group_named(group), plan)

        outcome = asyncio.run(_hosted(settings, url, now, work))
    except DrawError as error:
        raise OperationRefusedError(f"{file}: {error}") from error
    if isinstance(outcome, PublishRefusal):
        raise OperationRefusedError(REFUSED[outcome])
    return outcome


async def _hosted(
    settings: Settings, url: str, now: Now, do: Callable[[DrawHost, SqlDrawStore], Awaitable[Found]]
) -> Found:
    """One thing in one transaction."""
    async with one_transaction(url) as uow:
        vault = Vault(Keyring.open(settings.keyring_file))
        outbox = Outbox(SqlDeliveryStore(uow), now)
        return await do(draw_host(uow, vault, outbox, settings, now), SqlDrawStore(uow, vault))


def _text(file: Path) -> str:
    if not file.is_file():
        raise OperationRefusedError(f"{file} is no file: give a YAML or JSON file with the plan.")
    return file.read_bytes()[: LONGEST_FILE * 4 + 1].decode("utf-8-sig", "replace")
