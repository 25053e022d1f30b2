"""The doctor: everything that must be right for the bot to work, looked at one by one."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from bot.backing import open_database
from bot.clock import Clock
from bot.leadership import leading
from bot.operations.backups import key_faults
from bot.operations.platform import PlatformError, ask
from bot.settings import Settings
from campaigns.bankdays.rules import LAST_YEAR, is_covered
from storage import census, schema
from storage.census import Census
from storage.private_postgres import PrivatePostgresError

OLDEST_PYTHON = (3, 11)
GIB = 2**30
LOOK_AHEAD = timedelta(days=45)


class Level(StrEnum):
    """GOOD; LOOK: it works, but a person should look; WRONG: something does not work."""

    GOOD = "good"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was found."""

    name: str
    level: Level
    says: str


def examine(settings: Settings) -> list[Check]:
    """Look at everything; nothing is changed, and one fault does not hide the others."""
    checks = [python(), folder(settings), clock(settings), time_zone(settings), holidays(settings)]
    checks.extend(platform(settings))
    checks.extend(database(settings))
    return checks


def python() -> Check:
    """The interpreter."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    level = Level.GOOD if sys.version_info[:2] >= OLDEST_PYTHON else Level.WRONG
    return Check("python", level, f"{found} (3.11 or newer is needed)")


def folder(settings: Settings) -> Check:
    """VAR_DIR: can be written, and the disk has room."""
    place = settings.var_dir.resolve()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=place) as probe:
            probe.write(b"x")
            probe.flush()
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Check("var_dir", Level.WRONG, f"{place} cannot be written ({error.strerror}): set VAR_DIR.")
    level = Level.GOOD if free >= 2 * GIB else Level.LOOK if free >= GIB // 4 else Level.WRONG
    return Check("var_dir", level, f"{place}, {free / GIB:.1f} GiB free")


def clock(settings: Settings) -> Check:
    """Domain time: the system's, or one that a file turns."""
    file = settings.effective_clock_file
    now = Clock(file).now()
    if settings.clock_file is not None or file.exists():
        return Check("clock", Level.LOOK, f"{now:%Y-%m-%d %H:%M} UTC, turned by {file}: never in production.")
    return Check("clock", Level.GOOD, f"{now:%Y-%m-%d %H:%M} UTC, the system's")


def time_zone(settings: Settings) -> Check:
    """The bank's zone, with its offset as the zone data have it (the settings refuse a name that they lack)."""
    now = Clock(settings.effective_clock_file).now().astimezone(ZoneInfo(settings.time_zone))
    return Check("time_zone", Level.GOOD, f"{settings.time_zone}, UTC{now:%z}")


def holidays(settings: Settings) -> Check:
    """Whether the holiday notices reach beyond the next weeks."""
    today = Clock(settings.effective_clock_file).now().date()
    if is_covered(today + LOOK_AHEAD):
        return Check("holidays", Level.GOOD, f"known until the end of {LAST_YEAR}")
    return Check(
        "holidays",
        Level.LOOK,
        f"known until the end of {LAST_YEAR}; later only weekends count as free: update chinesecalendar.",
    )


def platform(settings: Settings) -> Iterator[Check]:
    """The bot's token, and how updates reach us."""
    if settings.bot_token is None:
        yield Check("bot", Level.LOOK, "BOT_TOKEN is not set: only `run` with the sandbox works.")
        return
    try:
        yield Check("bot", Level.GOOD, f"@{ask(settings, 'getMe').get('username')}")
        yield _updates(settings, ask(settings, "getWebhookInfo"))
    except PlatformError as error:
        yield Check("bot", Level.WRONG, f"{error} Check BOT_TOKEN, BOT_API_URL and the network.")


def database(settings: Settings) -> Iterator[Check]:
    """The database, and what only it can tell."""
    if settings.database_url is None and not settings.postgres_dir.exists():
        yield Check("database", Level.LOOK, "There is none yet: `migrate`, `run` or `serve` makes it.")
        return
    try:
        with open_database(settings) as url:
            found, bots = census.take(url), leading(url)
            yield _schema(found)
            if found.revision is not None:
                yield _keyring(settings, asyncio.run(key_faults(settings, url)))
                yield _ledger(found)
                yield _in_flight(found, bots)
                yield _inbox(found)
    except (PrivatePostgresError, psycopg.Error, SQLAlchemyError, OSError) as error:
        yield Check("database", Level.WRONG, str(error).strip().splitlines()[0])


def _updates(settings: Settings, info: dict[str, object]) -> Check:
    at_platform, ours = str(info.get("url") or ""), settings.webhook_url
    waiting = f"{info.get('pending_update_count', 0)} updates wait at the platform"
    if ours is None:
        level = Level.LOOK if at_platform else Level.GOOD
        way = "a webhook is set at the platform, which `serve` takes away: " if at_platform else ""
        return Check("updates", level, f"{way}long polling, {waiting}")
    if not at_platform.startswith(ours.rstrip("/")):
        return Check("updates", Level.LOOK, f"the platform does not know WEBHOOK_URL yet: `serve` sets it; {waiting}")
    if fault := info.get("last_error_message"):
        return Check("updates", Level.LOOK, f"webhook, last fault: {fault}; {waiting}")
    return Check("updates", Level.GOOD, f"webhook, {waiting}")


def _schema(found: Census) -> Check:
    if found.revision is None:
        return Check("database", Level.LOOK, f"PostgreSQL {found.server}, empty: run `migrate`.")
    if found.revision != schema.head():
        wrong = f"PostgreSQL {found.server}, schema {found.revision}, not {schema.head()}: "
        newer = not schema.knows(found.revision)
        return Check("database", Level.WRONG, wrong + ("update the program." if newer else "run `migrate`."))
    return Check("database", Level.GOOD, f"PostgreSQL {found.server}, schema {found.revision}")


def _keyring(settings: Settings, faults: list[str]) -> Check:
    file = settings.keyring_file
    if faults:
        return Check("keyring", Level.WRONG, " ".join(faults))
    if not file.exists():
        return Check("keyring", Level.LOOK, f"{file} does not exist yet: the first `serve` or `import` makes it.")
    if mode := _too_open(file):
        return Check("keyring", Level.WRONG, f"{file} has mode {mode:o}: chmod 600 it.")
    return Check("keyring", Level.GOOD, f"{file} opens the data; keep a copy of it apart from the backups")


def _too_open(file: Path) -> int:
    """The file's mode where others than its owner may read or write it, else 0."""
    mode = file.stat().st_mode & 0o777
    return mode if mode & 0o077 else 0


def _ledger(found: Census) -> Check:
    unknown = found.deliveries.get("unknown", 0)
    pending = found.deliveries.get("planned", 0) + found.deliveries.get("retry", 0)
    says = f"{pending} pending, {unknown} unknown, {found.held} held"
    if unknown or found.held:
        return Check("ledger", Level.LOOK, f"{says}: /unknown and /release in the chat, or `release`")
    return Check("ledger", Level.GOOD, says)


def _in_flight(found: Census, bots: list[int]) -> Check:
    """A call is in flight only while some process leads; what a killed one left is settled by the next start."""
    flying = found.deliveries.get("dispatching", 0)
    who = f"{len(bots)} bot{'' if len(bots) == 1 else 's'} at work" if bots else "no bot at work"
    if flying and not bots:
        return Check("sender", Level.WRONG, f"{flying} calls in flight but {who}: start `serve`, it settles them.")
    return Check("sender", Level.GOOD, f"{who}, {flying} calls in flight")


def _inbox(found: Census) -> Check:
    parked = found.inbox.get("parked", 0)
    level = Level.LOOK if parked else Level.GOOD
    return Check("inbox", level, f"{found.inbox.get('new', 0)} new, {parked} parked")
