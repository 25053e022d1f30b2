"""Rotation of the wrapping key: a new primary key, and every data key wrapped by it, chunk by chunk."""

import asyncio
from dataclasses import dataclass

from bot.operations import OperationRefusedError
from bot.operations.backups import key_faults, refuse_running_bot
from bot.settings import Settings
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


def rotate(settings: Settings, url: str) -> Rotation:
    """Wrap every data key by a new primary key; after an interruption the same call goes on where it stopped.

    Raises:
        OperationRefusedError: a bot works with the keys in its memory, or the keyring does not fit the data.
        storage.vault.VaultError: the keyring does not open a data key; that chunk stays as it was.
    """
    refuse_running_bot(url)
    return asyncio.run(_rotate(settings, url))


async def _rotate(settings: Settings, url: str) -> Rotation:
    """The new key is on the disk before anything is wrapped by it."""
    if faults := await key_faults(settings, url):
        raise OperationRefusedError(f"The keyring does not fit the data. {faults[0]}")
    database = Database(url, pool_size=1)
    try:
        keyring = Keyring.open(settings.keyring_file)
        async with database.unit_of_work() as uow:
            resumed = bool((await keys.wrapped_by(uow)).keys() - {keyring.primary})
        if not resumed:
            keyring = keyring.rotated()
            keyring.save(settings.keyring_file)
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
