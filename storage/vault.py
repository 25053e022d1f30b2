"""Sealing of personal data: AES-256-GCM, a data key per person, wrapped by a keyring kept apart from the data.

Source: FIPS 197 / NIST SP 800-38D for AES-GCM; the rows' own identifiers are additional data, so that a sealed
value cannot be moved to another row or column.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Column, Field, SQLModel, col

from storage.rows import one_of

NONCE_BYTES = 12
KEY_BYTES = 32
CACHED_KEYS = 10_000


class VaultError(RuntimeError):
    """A sealed value cannot be opened: the key is gone, wrong, or the value was moved or changed."""


@dataclass(frozen=True)
class Keyring:
    """The wrapping keys by name, the one in use, and the separate key of the look-up index."""

    primary: str
    keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)

    @classmethod
    def open(cls, file: Path) -> Self:
        """Read the keyring, or make one (mode 600) where none is; two who make one at once agree on the first.

        Raises:
            VaultError: the file is there but is no keyring.
        """
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = cls("k1", {"k1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))
            with made._drafted(file) as draft, contextlib.suppress(FileExistsError):
                os.link(draft, file)
        return cls.read(file)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a keyring that must be there.

        Raises:
            VaultError: the file is no keyring.
            FileNotFoundError: there is none.
        """
        try:
            found = json.loads(file.read_text("utf-8"))
            keys = {name: base64.b64decode(key) for name, key in found["keys"].items()}
            return cls(found["primary"], keys, base64.b64decode(found["index_key"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise VaultError(f"{file} is not a keyring: restore it from the copy of your keys.") from error

    def save(self, file: Path) -> None:
        """Write the keyring atomically, readable by its owner only."""
        with self._drafted(file) as draft:
            draft.replace(file)

    @contextmanager
    def _drafted(self, file: Path) -> Iterator[Path]:
        """The keyring in a file of its own beside its place, safe on the disk: nothing is worse to lose."""
        text = json.dumps(
            {
                "primary": self.primary,
                "keys": {name: base64.b64encode(key).decode() for name, key in self.keys.items()},
                "index_key": base64.b64encode(self.index_key).decode(),
            }
        )
        descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def rotated(self) -> "Keyring":
        """The same keyring with a new primary key; the old ones stay to open what they wrapped."""
        name = f"k{len(self.keys) + 1}"
        return Keyring(name, {**self.keys, name: secrets.token_bytes(KEY_BYTES)}, self.index_key)


class DataKeyRow(SQLModel, table=True):
    """One person's data key, wrapped; deleting the row erases everything sealed under it."""

    __tablename__ = "data_keys"

    owner: str = Field(primary_key=True)
    key_name: str
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Vault:
    """Seals and opens values; keys of recent owners are kept in memory."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._known: OrderedDict[str, bytes] = OrderedDict()

    def index(self, value: str) -> bytes:
        """A keyed look-up index of a normalised value, such as a phone number in E.164 form."""
        return hmac.new(self._keyring.index_key, value.encode(), hashlib.sha256).digest()

    def new_key(self, owner: str) -> DataKeyRow:
        """A fresh data key for an owner, wrapped, as the row that its store inserts."""
        key = AESGCM.generate_key(bit_length=256)
        self._remember(owner, key)
        name = self._keyring.primary
        return DataKeyRow(owner=owner, key_name=name, wrapped=_encrypt(self._keyring.keys[name], key, owner))

    def unwrap(self, row: DataKeyRow) -> None:
        """Make an owner's key known to this process.

        Raises:
            VaultError: the keyring lacks the wrapping key, or it does not fit.
        """
        wrapping = self._keyring.keys.get(row.key_name)
        if wrapping is None:
            raise VaultError(f"The keyring lacks the key {row.key_name}: restore the copy of your keys.")
        self._remember(row.owner, _decrypt(wrapping, row.wrapped, row.owner))

    def rewrap(self, row: DataKeyRow) -> DataKeyRow:
        """The same data key wrapped by the primary key."""
        self.unwrap(row)
        name = self._keyring.primary
        wrapped = _encrypt(self._keyring.keys[name], self._known[row.owner], row.owner)
        return DataKeyRow(owner=row.owner, key_name=name, wrapped=wrapped)

    def seal(self, owner: str, place: str, text: str) -> bytes:
        """Encrypt under the owner's key; `place` is "table.column:row" and must be given again to open."""
        return _encrypt(self._key(owner), text.encode(), place)

    def open(self, owner: str, place: str, sealed: bytes) -> str:
        """Decrypt a sealed value.

        Raises:
            VaultError: the key is unknown here, or the value was moved or changed.
        """
        return _decrypt(self._key(owner), sealed, place).decode()

    async def load(self, session: AsyncSession, owners: list[str]) -> None:
        """Bring the keys of these owners into memory, in one query for those not known yet."""
        wanted = [owner for owner in dict.fromkeys(owners) if owner not in self._known]
        if wanted:
            found = await session.scalars(select(DataKeyRow).where(one_of(DataKeyRow.owner, wanted)))
            for row in found:
                self.unwrap(row)

    async def ensure(self, session: AsyncSession, owner: str) -> None:
        """Load the owner's key, or make and store one; two at once agree on the first.

        The row is asked for every time: a key known from a transaction that rolled back must never seal anything.
        """
        made = self.new_key(owner).model_dump()
        self._known.pop(owner)
        await session.execute(insert(DataKeyRow).values(made).on_conflict_do_nothing())
        row = await session.scalar(select(DataKeyRow).where(col(DataKeyRow.owner) == owner))
        assert row is not None
        self.unwrap(row)

    async def erase(self, session: AsyncSession, owner: str) -> None:
        """Destroy an owner's key: what it sealed stays as noise, also in backups made later."""
        self._known.pop(owner, None)
        await session.execute(delete(DataKeyRow).where(col(DataKeyRow.owner) == owner))

    def _key(self, owner: str) -> bytes:
        if owner not in self._known:
            raise VaultError(f"No data key for {owner} is loaded: it was erased, or load() was not called.")
        self._known.move_to_end(owner)
        return self._known[owner]

    def _remember(self, owner: str, key: bytes) -> None:
        self._known[owner] = key
        if len(self._known) > CACHED_KEYS:
            self._known.popitem(last=False)


def _encrypt(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def _decrypt(key: bytes, sealed: bytes, place: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError(
            f"The sealed value at {place} does not open: it was changed, moved, or its key is another."
        ) from error
