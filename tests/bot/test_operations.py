"""The operator's hand on real databases: backup and restore, the doctor, rotation of keys, the first invitation."""

import asyncio
import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import psycopg
import pytest
from pydantic import SecretStr

from bot.leadership import LOCK_CLASS, leading
from bot.operations import OperationRefusedError
from bot.operations.backups import back_up, bring_back, key_faults, release
from bot.operations.doctor import Check, Level, examine
from bot.operations.invitations import invite
from bot.operations.keys import rotate
from bot.serving import ServingError, opened
from bot.settings import Settings
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.members.model import Introduction, Language, Member
from campaigns.staff.model import InvitationRefusal, Role
from campaigns.staff.service import StaffService
from storage import keys, schema
from storage.backups import BackupError, read_manifest
from storage.database import Database
from storage.deliveries import Resting, SqlDeliveryStore
from storage.inbox import SqlInbox
from storage.ledger_desk import SqlLedgerDesk
from storage.members import SqlMemberStore
from storage.postgres_tools import ToolError, find_tool
from storage.private_postgres import PrivatePostgres
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
ANNA, PHONE = 7, "+8613800000000"
LATER = NOW + timedelta(days=9)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(_env_file=None, var_dir=tmp_path / "var", database_url=database_url)


@pytest.fixture
def empty_url(postgres: PrivatePostgres) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    postgres.create_database(name)
    yield postgres.url(name)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def lived_in(settings: Settings, database: Database) -> Settings:
    """A database with a sealed member, two messages on their way, and an upload."""
    vault = Vault(Keyring.open(settings.keyring_file))
    async with database.unit_of_work() as uow:
        members = SqlMemberStore(uow, vault)
        await members.meet(Introduction(ANNA, "王芳", Language.ZH, is_private=True), NOW)
        await members.bind(ANNA, None, PHONE, NOW)
        drafts = [Draft("chain:1", step, ANNA, Message("提醒"), Kind.SERVICE, NOW) for step in ("one", "two")]
        await SqlDeliveryStore(uow).plan(drafts, NOW)
    settings.uploads_dir.mkdir()
    (settings.uploads_dir / "poster.png").write_bytes(b"picture")
    return settings


def elsewhere(settings: Settings, url: str, tmp_path: Path, *, with_keys: bool = True) -> Settings:
    """Another machine with an empty database, and the copy of the keys put in its place."""
    other = settings.model_copy(update={"var_dir": tmp_path / "other", "database_url": url})
    if with_keys:
        other.keyring_file.parent.mkdir(parents=True)
        other.keyring_file.write_bytes(settings.keyring_file.read_bytes())
        other.keyring_file.chmod(0o600)
    return other


@contextmanager
def working_bot(url: str) -> Iterator[None]:
    """A process that holds a bot's lock, as `serve` does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, 42)", [LOCK_CLASS])
        yield


def backup_of(settings: Settings, tmp_path: Path) -> Path:
    assert settings.database_url is not None
    back_up(settings, settings.database_url, tmp_path / "welfare.backup", NOW)
    return tmp_path / "welfare.backup"


def test_a_backup_holds_data_and_uploads_but_no_keys(lived_in: Settings, tmp_path: Path) -> None:
    file = backup_of(lived_in, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    manifest = read_manifest(file)
    assert (manifest.revision, manifest.wrapping_keys) == (schema.head(), ["k1"])
    assert (manifest.counts["public.members"], manifest.counts["public.deliveries"]) == (1, 2)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["manifest.json", "database.dump", "uploads/poster.png"]
    keyring = json.loads(lived_in.keyring_file.read_text())
    assert keyring["index_key"].encode() not in file.read_bytes()
    assert [path.name for path in tmp_path.glob("welfare.*")] == ["welfare.backup"]


def test_nothing_is_overwritten_and_a_failed_backup_leaves_nothing(
    lived_in: Settings, empty_url: str, tmp_path: Path
) -> None:
    file = backup_of(lived_in, tmp_path)
    before = file.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        backup_of(lived_in, tmp_path)
    assert file.read_bytes() == before
    with pytest.raises(BackupError, match="no schema"):
        back_up(lived_in, empty_url, tmp_path / "empty.backup", NOW)
    assert not list(tmp_path.glob("empty*"))


async def test_a_restore_brings_everything_back_and_nothing_leaves_before_a_release(
    lived_in: Settings, empty_url: str, tmp_path: Path
) -> None:
    file = backup_of(lived_in, tmp_path)
    other = elsewhere(lived_in, empty_url, tmp_path)
    done = await in_thread(lambda: bring_back(other, empty_url, file, replace=False))
    assert (done.held, done.uploads, done.key_faults) == (2, 1, [])
    assert (other.uploads_dir / "poster.png").read_bytes() == b"picture"
    database = Database(empty_url, pool_size=2)
    async with database.unit_of_work() as uow:
        vault = Vault(Keyring.read(other.keyring_file))
        member = await SqlMemberStore(uow, vault).get(ANNA)
        assert member is not None
        assert member.name == "王芳"
        assert await SqlDeliveryStore(uow).due(LATER, Resting([], []), limit=9) == []
    assert await in_thread(lambda: release(empty_url)) == 2
    async with database.unit_of_work() as uow:
        assert len(await SqlDeliveryStore(uow).due(LATER, Resting([], []), limit=9)) == 2
    await database.close()


async def test_a_restore_without_the_keys_says_so(lived_in: Settings, empty_url: str, tmp_path: Path) -> None:
    file = backup_of(lived_in, tmp_path)
    other = elsewhere(lived_in, empty_url, tmp_path, with_keys=False)
    done = await in_thread(lambda: bring_back(other, empty_url, file, replace=False))
    assert "There is no keyring" in done.key_faults[0]
    assert not other.keyring_file.exists()
    Keyring.open(other.keyring_file)
    assert await key_faults(other, empty_url) != []


def test_a_database_that_is_not_empty_is_left_alone(lived_in: Settings, tmp_path: Path) -> None:
    file = backup_of(lived_in, tmp_path)
    assert lived_in.database_url is not None
    for replace in (False, True):
        with pytest.raises(OperationRefusedError, match="not empty"):
            bring_back(lived_in, lived_in.database_url, file, replace=replace)


def test_nothing_is_restored_while_a_bot_works(lived_in: Settings, empty_url: str, tmp_path: Path) -> None:
    file = backup_of(lived_in, tmp_path)
    other = elsewhere(lived_in, empty_url, tmp_path)
    with working_bot(empty_url):
        assert leading(empty_url) == [42]
        with pytest.raises(OperationRefusedError, match="stop every"):
            bring_back(other, empty_url, file, replace=False)
    assert leading(empty_url) == []


def test_a_bot_on_another_database_of_the_server_is_no_hindrance(lived_in: Settings, empty_url: str) -> None:
    assert lived_in.database_url is not None
    with working_bot(lived_in.database_url):
        assert leading(empty_url) == []


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04"])
def test_a_file_that_is_no_backup_is_refused(
    settings: Settings, empty_url: str, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "rubbish"
    file.write_bytes(content)
    with pytest.raises(BackupError, match="no backup"):
        bring_back(settings, empty_url, file, replace=False)
    with pytest.raises(BackupError, match="does not exist"):
        bring_back(settings, empty_url, tmp_path / "missing", replace=False)


def rewritten(file: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of a backup with its members changed."""
    copy = file.with_name("changed.backup")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return copy


@pytest.mark.parametrize(
    ("found", "put", "fault"),
    [
        (b'"format": 1', b'"format": 2', "format 2"),
        (b'"revision": "', b'"revision": "9', "does not know"),
        (b'"public.members": 1', b'"public.members": 3', "as many rows"),
        (b'"counts"', b'"numbers"', "cannot be read"),
    ],
)
async def test_a_backup_that_does_not_fit_is_refused(
    lived_in: Settings, empty_url: str, tmp_path: Path, found: bytes, put: bytes, fault: str
) -> None:
    file = rewritten(
        backup_of(lived_in, tmp_path), lambda name, data: data.replace(found, put) if "manifest" in name else data
    )
    other = elsewhere(lived_in, empty_url, tmp_path)
    with pytest.raises((BackupError, OperationRefusedError), match=fault):
        await in_thread(lambda: bring_back(other, empty_url, file, replace=False))


async def test_a_dump_that_was_cut_short_changes_nothing(lived_in: Settings, empty_url: str, tmp_path: Path) -> None:
    file = rewritten(
        backup_of(lived_in, tmp_path), lambda name, data: data[: len(data) // 2] if name == "database.dump" else data
    )
    other = elsewhere(lived_in, empty_url, tmp_path)
    with pytest.raises(ToolError, match="pg_restore failed"):
        await in_thread(lambda: bring_back(other, empty_url, file, replace=False))
    with psycopg.connect(empty_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_the_fitting_program_is_found_or_named() -> None:
    assert find_tool("pg_dump", 18).name == "pg_dump"
    with pytest.raises(ToolError, match="pg_dump 99 or newer is not in PATH"):
        find_tool("pg_dump", 99)


async def test_rotation_wraps_everything_by_a_new_key(lived_in: Settings, database: Database) -> None:
    url = database.url
    done = await in_thread(lambda: rotate(lived_in, url))
    assert (done.primary, done.rewrapped, done.resumed) == ("k2", 1, False)
    assert await key_faults(lived_in, url) == []
    async with database.unit_of_work() as uow:
        assert await keys.wrapped_by(uow) == {"k2": 1}


async def test_an_interrupted_rotation_goes_on_with_the_same_key(lived_in: Settings, database: Database) -> None:
    Keyring.open(lived_in.keyring_file).rotated().save(lived_in.keyring_file)  # It stopped before the first chunk.
    url = database.url
    done = await in_thread(lambda: rotate(lived_in, url))
    assert (done.primary, done.rewrapped, done.resumed) == ("k2", 1, True)
    again = await in_thread(lambda: rotate(lived_in, url))
    assert (again.primary, again.resumed) == ("k3", False)


async def test_rotation_waits_for_no_bot_and_makes_no_keyring_up(lived_in: Settings, database: Database) -> None:
    url = database.url
    with working_bot(url), pytest.raises(OperationRefusedError, match="stop every"):
        await in_thread(lambda: rotate(lived_in, url))
    lived_in.keyring_file.unlink()
    with pytest.raises(OperationRefusedError, match="There is no keyring"):
        await in_thread(lambda: rotate(lived_in, url))
    assert not lived_in.keyring_file.exists()


async def test_the_first_invitation_makes_one_administrator(settings: Settings, database: Database) -> None:
    url = database.url
    link = await in_thread(lambda: invite(settings, url, Role.ADMINISTRATOR, lambda: NOW))
    assert link.startswith("start=staff_")
    token = link.removeprefix("start=staff_")
    async with database.unit_of_work() as uow:
        vault = Vault(Keyring.open(settings.keyring_file))
        await SqlMemberStore(uow, vault).meet(Introduction(ANNA, "王芳", Language.ZH, is_private=True), NOW)
        staff = StaffService(SqlStaffStore(uow), lambda: NOW)
        anna = Member(ANNA, "王芳", Language.ZH)
        assert await staff.accept(token, anna) is Role.ADMINISTRATOR
        assert await staff.accept(token, anna) is InvitationRefusal.USED


async def test_a_bot_does_not_start_on_data_that_its_keys_do_not_open(lived_in: Settings, database: Database) -> None:
    keyring = lived_in.keyring_file.read_bytes()
    lived_in.keyring_file.unlink()
    deaf = lived_in.model_copy(update={"bot_token": SecretStr("42:token"), "bot_api_url": "http://127.0.0.1:9"})
    with pytest.raises(ServingError, match="no keyring"):
        await start(deaf, database.url)
    assert not deaf.keyring_file.exists()
    deaf.keyring_file.write_bytes(keyring)
    with pytest.raises(ServingError, match="does not answer"):  # The keys are not what stops it now.
        await start(deaf, database.url)


async def start(settings: Settings, url: str) -> None:
    async with opened(settings, url):
        pass


async def check(settings: Settings, name: str) -> Check:
    return {found.name: found for found in await in_thread(lambda: examine(settings))}[name]


async def test_the_doctor_finds_nothing_wrong_where_nothing_is(lived_in: Settings) -> None:
    checks = await in_thread(lambda: examine(lived_in))
    assert {found.name for found in checks if found.level is Level.WRONG} == set()
    assert {found.name for found in checks} == {
        *("python", "var_dir", "clock", "time_zone", "holidays"),
        *("bot", "database", "keyring", "ledger", "sender", "inbox"),
    }


async def test_the_doctor_sees_keys_that_do_not_fit(lived_in: Settings, tmp_path: Path) -> None:
    lived_in.keyring_file.chmod(0o644)
    assert "chmod 600" in (await check(lived_in, "keyring")).says
    lived_in.keyring_file.unlink()
    Keyring.open(lived_in.keyring_file)
    assert (await check(lived_in, "keyring")).level is Level.WRONG
    lived_in.keyring_file.write_text("{}")
    assert "is not a keyring" in (await check(lived_in, "keyring")).says


async def test_the_doctor_sees_another_index_key(lived_in: Settings) -> None:
    keyring = Keyring.read(lived_in.keyring_file)
    Keyring(keyring.primary, keyring.keys, os.urandom(32)).save(lived_in.keyring_file)
    assert "index key" in (await check(lived_in, "keyring")).says


async def test_the_doctor_sees_calls_that_nobody_will_settle(lived_in: Settings, database: Database) -> None:
    async with database.unit_of_work() as uow:
        store = SqlDeliveryStore(uow)
        await store.dispatch([row.id for row in await store.due(LATER, Resting([], []), limit=1)], "killed")
    assert (await check(lived_in, "sender")).level is Level.WRONG
    with working_bot(database.url):
        assert (await check(lived_in, "sender")).level is Level.GOOD


async def test_the_doctor_counts_what_waits_for_a_person(lived_in: Settings, database: Database) -> None:
    async with database.unit_of_work() as uow:
        await SqlLedgerDesk(uow).hold_all()
        inbox = SqlInbox(uow, 42)
        await inbox.store([{"update_id": 1}, {"update_id": 2}], NOW)
        await inbox.mark_failed(1, "broken", NOW, park=True)
    ledger, inbox_check = await check(lived_in, "ledger"), await check(lived_in, "inbox")
    assert (ledger.level, ledger.says.split(":")[0]) == (Level.LOOK, "2 pending, 0 unknown, 2 held")
    assert (inbox_check.level, inbox_check.says) == (Level.LOOK, "1 new, 1 parked")


async def test_the_doctor_names_a_database_that_is_away_or_empty(settings: Settings, empty_url: str) -> None:
    away = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:9/none"})
    assert (await check(away, "database")).level is Level.WRONG
    empty = settings.model_copy(update={"database_url": empty_url})
    assert "run `migrate`" in (await check(empty, "database")).says
    none_yet = settings.model_copy(update={"database_url": None})
    assert "none yet" in (await check(none_yet, "database")).says
    assert not none_yet.postgres_dir.exists()


async def test_the_doctor_sees_a_schema_of_another_version(settings: Settings, database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "update the program" in (await check(settings, "database")).says


async def test_the_doctor_warns_of_a_turned_clock_and_of_holidays_that_end(settings: Settings) -> None:
    assert (await check(settings, "clock")).level is Level.GOOD
    anchor = {"anchor_real": NOW.timestamp(), "anchor_domain": "2099-01-01T00:00:00+00:00", "rate": 1}
    settings.effective_clock_file.write_text(json.dumps(anchor))
    assert (await check(settings, "clock")).level is Level.LOOK
    assert "only weekends" in (await check(settings, "holidays")).says


async def test_the_doctor_names_a_bot_api_that_does_not_answer(settings: Settings) -> None:
    deaf = Settings(
        _env_file=None,
        var_dir=settings.var_dir,
        database_url=settings.database_url,
        bot_token="42:very-secret",
        bot_api_url="http://127.0.0.1:9",
    )
    found = await check(deaf, "bot")
    assert (found.level, "very-secret" in found.says) == (Level.WRONG, False)


async def in_thread(call: Callable[[], Found]) -> Found:
    """Commands bring their own event loop."""
    return await asyncio.to_thread(call)
