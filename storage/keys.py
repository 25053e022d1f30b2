"""All data keys together: which wrapping keys they need, whether the keyring opens them, and wrapping them anew."""

from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from storage.database import UnitOfWork
from storage.members import MemberRow, key_owner, name_place, phone_place
from storage.vault import DataKeyRow, Keyring, Vault, VaultError


async def wrapped_by(uow: UnitOfWork) -> dict[str, int]:
    """How many data keys each wrapping key holds."""
    statement = select(col(DataKeyRow.key_name), func.count()).group_by(col(DataKeyRow.key_name))
    return dict((await uow.session.execute(statement)).all())


async def faults(uow: UnitOfWork, file: Path) -> list[str]:
    """Why the keyring in this file does not fit the data, by samples; nothing when it does, or nothing is sealed.

    One data key of every wrapping key is unwrapped, one member's name opened, one phone number looked up.
    """
    if not await wrapped_by(uow):
        return []
    try:
        vault = Vault(Keyring.read(file))
    except FileNotFoundError:
        return [f"There is no keyring at {file}: put the copy of your keys there."]
    except VaultError as error:
        return [str(error)]
    found = []
    for probe in (_unwrap_samples, _open_sample):
        try:
            await probe(uow, vault)
        except VaultError as error:
            found.append(str(error))
    return found


async def rewrap_some(uow: UnitOfWork, vault: Vault, primary: str, limit: int) -> int:
    """Wrap the next data keys by the primary key; returns how many, 0 when all are."""
    statement = (
        select(DataKeyRow)
        .where(col(DataKeyRow.key_name) != primary)
        .order_by(col(DataKeyRow.owner))
        .limit(limit)
        .with_for_update()
    )
    rows = (await uow.session.scalars(statement)).all()
    for row in rows:
        fresh = vault.rewrap(row)
        row.key_name, row.wrapped = fresh.key_name, fresh.wrapped
    await uow.session.flush()
    return len(rows)


async def _unwrap_samples(uow: UnitOfWork, vault: Vault) -> None:
    samples = select(func.min(DataKeyRow.owner)).group_by(col(DataKeyRow.key_name))
    for row in await uow.session.scalars(select(DataKeyRow).where(col(DataKeyRow.owner).in_(samples))):
        vault.unwrap(row)


async def _open_sample(uow: UnitOfWork, vault: Vault) -> None:
    """The member with a phone number, where there is one, tells of both keys: the wrapping and the index key."""
    statement = select(MemberRow).order_by(col(MemberRow.phone).is_(None), col(MemberRow.id)).limit(1)
    row = await uow.session.scalar(statement)
    if row is None:
        return
    owner = key_owner(row.id)
    await vault.load(uow.session, [owner])
    vault.open(owner, name_place(row.id), row.name)
    if row.phone and vault.index(vault.open(owner, phone_place(row.id), row.phone)) != row.phone_index:
        raise VaultError("The keyring's index key is another than the data's: restore the copy of your keys.")
