"""Backup and restore: the data in one file, the keys elsewhere, and nothing sent after a restore without a person."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.leadership import leading
from bot.operations import OperationRefusedError
from bot.settings import Settings
from storage import backups, keys, schema
from storage.backups import Manifest
from storage.database import one_transaction
from storage.ledger_desk import SqlLedgerDesk
from storage.private_postgres import PrivatePostgres

FRESH = "welfare_restored"


@dataclass(frozen=True)
class Restored:
    """What came of a restore: what the file held, how many messages wait for a person, why the keys do not fit."""

    manifest: Manifest
    held: int
    uploads: int
    key_faults: list[str]


def back_up(settings: Settings, url: str, file: Path, now: datetime) -> Manifest:
    """Write database and uploads of one moment into a new file.

    Raises:
        storage.backups.BackupError, storage.postgres_tools.ToolError: nothing was written.
    """
    return backups.write(url, settings.uploads_dir, file, now)


def bring_back(settings: Settings, url: str, file: Path, *, replace: bool) -> Restored:
    """Restore into an empty database (or, with `replace`, in place of the private one), migrate, hold what is due.

    Raises:
        OperationRefusedError, storage.backups.BackupError, storage.postgres_tools.ToolError: nothing was changed.
    """
    manifest = backups.read_manifest(file)
    if not schema.knows(manifest.revision):
        raise OperationRefusedError(
            f"The backup's schema is at revision {manifest.revision}, which this program does not know: update it."
        )
    refuse_running_bot(url)
    _refuse_full(settings, url, replace=replace)
    with _target(settings, url) as target:
        with schema.locked(target):
            backups.restore_database(file, target)
            held = asyncio.run(_hold(target))
        schema.upgrade(target)
        faults = asyncio.run(key_faults(settings, target))
    return Restored(manifest, held, backups.restore_uploads(file, settings.uploads_dir), faults)


def release(url: str) -> int:
    """Let what a restore held go; returns how many messages."""
    return asyncio.run(_release(url))


def refuse_running_bot(url: str) -> None:
    """Refuse while a bot works on the database.

    Raises:
        OperationRefusedError: one does.
    """
    if bots := leading(url):
        raise OperationRefusedError(
            f"A bot (number {bots[0]}) works on this database: stop every `serve` and `run` first."
        )


async def key_faults(settings: Settings, url: str) -> list[str]:
    """Why the keyring does not open what the database holds; nothing when it does."""
    async with one_transaction(url) as uow:
        return await keys.faults(uow, settings.keyring_file)


def _refuse_full(settings: Settings, url: str, *, replace: bool) -> None:
    if backups.is_empty(url):
        return
    if settings.database_url is not None:
        raise OperationRefusedError("The database is not empty: set DATABASE_URL to an empty one.")
    if not replace:
        raise OperationRefusedError("The database is not empty: `--replace` drops what it holds.")


@contextmanager
def _target(settings: Settings, url: str) -> Iterator[str]:
    """The database to fill; the private one is filled aside and swapped in only when all went well."""
    if settings.database_url is not None:
        yield url
        return
    server = PrivatePostgres(settings.postgres_dir).start()
    server.drop_database(FRESH)
    server.create_database(FRESH)
    try:
        yield server.url(FRESH)
        server.swap_in(FRESH)
    finally:
        server.drop_database(FRESH)


async def _hold(url: str) -> int:
    async with one_transaction(url) as uow:
        return await SqlLedgerDesk(uow).hold_all()


async def _release(url: str) -> int:
    async with one_transaction(url) as uow:
        return await SqlLedgerDesk(uow).release_all()
