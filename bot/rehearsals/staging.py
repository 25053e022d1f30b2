"""Finds an event, opens a world for it, and lets visitors play it there, through the chat or the services alone."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.backing import migrated_database
from bot.clock import Clock
from bot.operations import OperationRefusedError
from bot.rehearsals import world as worlds
from bot.rehearsals.acting import ServiceActing
from bot.rehearsals.chatting import ChatActing, phones
from bot.rehearsals.codes import Screens
from bot.rehearsals.playing import Watch
from bot.rehearsals.playing import rehearse as play
from bot.rehearsals.running import processes
from bot.settings import Settings
from campaigns.members.model import Language
from campaigns.rallies.faults import RallyFileError
from campaigns.rallies.model import RallyPlan
from campaigns.rallies.reading import read_rally
from campaigns.rehearsals.course import course_of
from campaigns.rehearsals.report import Rehearsed, Way
from campaigns.rehearsals.visitors import crowd
from handlers.wording.rally_files import faults
from storage.database import one_transaction
from storage.rallies import SqlRallyStore
from storage.vault import Keyring, Vault


def find_plan(settings: Settings, event: str) -> RallyPlan:
    """The plan of a file, or of a loaded event by its code.

    Raises:
        OperationRefusedError: the file cannot be read or has faults, or there is no such event.
    """
    file = Path(event)
    if not file.is_file():
        return asyncio.run(_stored(settings, event))
    try:
        now = Clock(settings.effective_clock_file).now()
        return read_rally(file.read_text("utf-8"), now, ZoneInfo(settings.time_zone))
    except UnicodeDecodeError as error:
        raise OperationRefusedError(f"{event} is no text in UTF-8.") from error
    except RallyFileError as error:
        raise OperationRefusedError(faults(error.faults, Language.EN)) from error


async def _stored(settings: Settings, code: str) -> RallyPlan:
    with migrated_database(settings) as url:
        async with one_transaction(url) as uow:
            found = await SqlRallyStore(uow, Vault(Keyring.open(settings.keyring_file))).by_code(code)
    if found is None:
        raise OperationRefusedError(f"{code} is neither a file nor the code of a loaded event: see rally list.")
    return found.plan


@dataclass(frozen=True)
class Order:
    """What is to be rehearsed, and how."""

    plan: RallyPlan
    members: int
    seed: int
    way: Way


def rehearse(settings: Settings, order: Order, watch: Watch) -> Rehearsed:
    """Play the event; nothing outside its own folder is written.

    Raises:
        RunError, PrivatePostgresError, LateError: something does not start, or falls behind for minutes.
    """
    with worlds.private_database() as (folder, url):
        return asyncio.run(rehearse_in(settings, order, watch, folder, url))


async def rehearse_in(settings: Settings, order: Order, watch: Watch, folder: Path, url: str) -> Rehearsed:
    """The same in a folder and an empty, migrated database that are there already."""
    plan, seed = order.plan, order.seed
    course = course_of(plan, crowd(plan, order.members, seed), seed)
    async with worlds.opened(settings, folder, url, plan) as world:
        screens = Screens(world.secret, {booth.code: booth.id for booth in world.rally.booths}, seed)
        if order.way is Way.SERVICES:
            return await play(world, ServiceActing(world, screens, seed), course, seed, watch)
        with processes(folder, url) as stage:
            async with phones(stage) as lines:
                return await play(world, ChatActing(world, screens, lines, seed), course, seed, watch)
