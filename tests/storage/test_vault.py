"""The vault on real rows: what it seals opens in its place only, and not at all once the key is gone."""

import asyncio
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import keys
from storage.database import Database, UnitOfWork
from storage.vault import DataKeyRow, Keyring, Vault, VaultError

ANNA, BEN = "member:1", "member:2"
NAME = "members.name:1"


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.open(tmp_path / "keyring.json")


async def ready(vault: Vault, uow: UnitOfWork, *owners: str) -> Vault:
    for owner in owners:
        await vault.ensure(uow.session, owner)
    return vault


async def test_a_sealed_value_opens_in_its_place(uow: UnitOfWork, vault: Vault) -> None:
    await ready(vault, uow, ANNA)
    sealed = vault.seal(ANNA, NAME, "王芳")
    assert "王芳".encode() not in sealed
    assert vault.open(ANNA, NAME, sealed) == "王芳"


async def test_the_same_words_never_seal_the_same(uow: UnitOfWork, vault: Vault) -> None:
    await ready(vault, uow, ANNA)
    assert vault.seal(ANNA, NAME, "王芳") != vault.seal(ANNA, NAME, "王芳")


@pytest.mark.parametrize("place", ["members.phone:1", "members.name:2", ""])
async def test_a_value_moved_to_another_row_or_column_does_not_open(uow: UnitOfWork, vault: Vault, place: str) -> None:
    await ready(vault, uow, ANNA)
    sealed = vault.seal(ANNA, NAME, "王芳")
    with pytest.raises(VaultError, match="does not open"):
        vault.open(ANNA, place, sealed)


async def test_a_value_given_to_another_owner_does_not_open(uow: UnitOfWork, vault: Vault) -> None:
    await ready(vault, uow, ANNA, BEN)
    sealed = vault.seal(ANNA, NAME, "王芳")
    with pytest.raises(VaultError):
        vault.open(BEN, NAME, sealed)


@pytest.mark.parametrize("position", [0, 12, -1])
async def test_a_changed_value_does_not_open(uow: UnitOfWork, vault: Vault, position: int) -> None:
    await ready(vault, uow, ANNA)
    sealed = bytearray(vault.seal(ANNA, NAME, "王芳"))
    sealed[position] ^= 1
    with pytest.raises(VaultError):
        vault.open(ANNA, NAME, bytes(sealed))


@pytest.mark.parametrize("rubbish", [b"", b"short", b"\0" * 12])
async def test_a_value_that_was_never_sealed_does_not_open(uow: UnitOfWork, vault: Vault, rubbish: bytes) -> None:
    await ready(vault, uow, ANNA)
    with pytest.raises(VaultError):
        vault.open(ANNA, NAME, rubbish)


async def test_another_process_with_the_same_keyring_opens_it(database: Database, keyring: Keyring) -> None:
    first, second = Vault(keyring), Vault(keyring)
    async with database.unit_of_work() as uow:
        await ready(first, uow, ANNA)
        sealed = first.seal(ANNA, NAME, "王芳")
    async with database.unit_of_work() as uow:
        await second.load(uow.session, [ANNA])
        assert second.open(ANNA, NAME, sealed) == "王芳"


async def test_erasing_a_person_leaves_noise(database: Database, keyring: Keyring) -> None:
    vault = Vault(keyring)
    async with database.unit_of_work() as uow:
        await ready(vault, uow, ANNA)
        sealed = vault.seal(ANNA, NAME, "王芳")
    async with database.unit_of_work() as uow:
        await vault.erase(uow.session, ANNA)
    for reader in (vault, Vault(keyring)):
        async with database.unit_of_work() as uow:
            await reader.load(uow.session, [ANNA])
            with pytest.raises(VaultError, match="erased"):
                reader.open(ANNA, NAME, sealed)
    async with database.unit_of_work() as uow:  # Who comes back is a new person to the vault.
        await ready(vault, uow, ANNA)
        with pytest.raises(VaultError):
            vault.open(ANNA, NAME, sealed)


async def test_a_key_from_a_rolled_back_transaction_never_seals(database: Database, keyring: Keyring) -> None:
    vault = Vault(keyring)
    with pytest.raises(RuntimeError, match="rolled back"):
        await give_up_after_ensuring(database, vault, ANNA)
    async with database.unit_of_work() as uow:
        await ready(vault, uow, ANNA)
        sealed = vault.seal(ANNA, NAME, "王芳")
    async with database.unit_of_work() as uow:
        assert (await ready(Vault(keyring), uow, ANNA)).open(ANNA, NAME, sealed) == "王芳"


async def give_up_after_ensuring(database: Database, vault: Vault, owner: str) -> None:
    async with database.unit_of_work() as uow:
        await vault.ensure(uow.session, owner)
        raise RuntimeError("rolled back")


async def test_many_at_once_agree_on_one_key_whoever_rolls_back(database: Database, keyring: Keyring) -> None:
    vault = Vault(keyring)

    async def seal(owner: str) -> tuple[str, bytes]:
        async with database.unit_of_work() as uow:
            await vault.ensure(uow.session, owner)
            return owner, vault.seal(owner, NAME, owner)

    owners = [f"member:{number}" for number in range(20)]
    attempts = [give_up_after_ensuring(database, vault, owner) for owner in owners * 2]
    tasks = [asyncio.create_task(work) for pair in zip(attempts, map(seal, owners * 2), strict=True) for work in pair]
    done = await asyncio.gather(*tasks, return_exceptions=True)
    sealed = [found for found in done if isinstance(found, tuple)]
    assert len(sealed) == len(owners) * 2
    fresh = Vault(keyring)
    async with database.unit_of_work() as uow:
        await fresh.load(uow.session, owners)
    assert all(fresh.open(owner, NAME, value) == owner for owner, value in sealed)


async def test_rotation_wraps_every_key_anew_and_everything_still_opens(database: Database, keyring: Keyring) -> None:
    before, rotated = Vault(keyring), keyring.rotated()
    async with database.unit_of_work() as uow:
        await ready(before, uow, ANNA, BEN, "member:3")
        sealed = before.seal(ANNA, NAME, "王芳")
    after = Vault(rotated)
    chunks: list[int] = []
    while not chunks or chunks[-1]:
        async with database.unit_of_work() as uow:
            chunks.append(await keys.rewrap_some(uow, after, rotated.primary, 2))
    assert chunks == [2, 1, 0]
    async with database.unit_of_work() as uow:
        assert await keys.wrapped_by(uow) == {"k2": 3}
        only_new = Vault(Keyring("k2", {"k2": rotated.keys["k2"]}, rotated.index_key))
        await only_new.load(uow.session, [ANNA])
        assert only_new.open(ANNA, NAME, sealed) == "王芳"
        with pytest.raises(VaultError, match="lacks the key k2"):
            await Vault(keyring).load(uow.session, [ANNA])


async def test_a_wrapped_key_given_to_another_owner_does_not_unwrap(uow: UnitOfWork, vault: Vault) -> None:
    await ready(vault, uow, ANNA)
    row = (await uow.session.scalars(select(DataKeyRow))).one()
    with pytest.raises(VaultError):
        vault.unwrap(DataKeyRow(owner=BEN, key_name=row.key_name, wrapped=row.wrapped))


async def test_the_look_up_index_depends_on_its_key_alone(keyring: Keyring, tmp_path: Path) -> None:
    number = "+8613800000000"
    assert Vault(keyring).index(number) == Vault(keyring.rotated()).index(number)
    assert Vault(keyring).index(number) != Vault(Keyring.open(tmp_path / "other.json")).index(number)


def test_a_keyring_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "keyring.json"
    made = Keyring.open(file)
    assert Keyring.open(file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["keyring.json"]


def test_a_saved_keyring_replaces_the_one_before_whole(tmp_path: Path) -> None:
    file = tmp_path / "keyring.json"
    rotated = Keyring.open(file).rotated()
    rotated.save(file)
    assert Keyring.read(file) == rotated
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_who_make_the_keyring_at_once_hold_the_same_keys(tmp_path: Path) -> None:
    for attempt in range(10):
        file = tmp_path / f"{attempt}" / "keyring.json"
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(Keyring.open, [file] * 4))
        assert all(keyring == made[0] for keyring in made)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"primary": "k1", "keys": [], "index_key": ""}', "\u5bc6"])
def test_a_file_that_is_no_keyring_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keyring.json"
    file.write_text(text, "utf-8")
    with pytest.raises(VaultError, match=r"keyring\.json is not a keyring"):
        Keyring.open(file)
