"""Rotation of the wrapping key: a new primary key, and every data key wrapped by it, chunk by chunk."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.operations.backups import refuse_running_bot
from storage import keys
from storage.database import Database
from storage.vault import Keyring, Vault

CHUNK = 500


@dataclass(frozen=True)
class Rotation:
    """The primary key's name, how many data keys it wraps anew, and whether it finished an earlier rotation."""

    primary: str
    rewrapped: int
    resumed: bool


def rotate(file: Path, url: str) -> Rotation:
    """Wrap every data key by a new primary key; after an interruption the same call goes on where it stopped.

    Raises:
        bot.operations.OperationRefusedError: a bot works with the keys in its memory.
        storage.vault.VaultError: the keyring does not open a data key; that chunk stays as it was.
    """
    refuse_running_bot(url)
    return asyncio.run(_rotate(file, url))


async def _rotate(file: Path, url: str) -> Rotation:
    """The new key is on the disk before anything is wrapped by it."""
    database = Database(url, pool_size=1)
    try:
        keyring = Keyring.open(file)
        async with database.unit_of_work() as uow:
            resumed = bool((await keys.wrapped_by(uow)).keys() - {keyring.primary})
        if not resumed:
            keyring = keyring.rotated()
            keyring.save(file)
        return Rotation(keyring.primary, await _rewrap_all(database, keyring), resumed)
    finally:
        await database.close()


async def _rewrap_all(database: Database, keyring: Keyring) -> int:
    vault, total = Vault(keyring), 0
    while True:
        async with database.unit_of_work() as uow:
            done = await keys.rewrap_some(uow, vault, keyring.primary, CHUNK)
        if not done:
            return total
        total += done
