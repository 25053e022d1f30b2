"""Paired screens of booths and their one-time links; of keys and tokens only hashes are kept."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.stamps.devices import Device
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.rally_rows import BoothDeviceRow, StampRow, StampVoidRow


class BoothPairingRow(SQLModel, table=True):
    """A link that pairs one screen, once."""

    __tablename__ = "booth_pairings"

    token_hash: bytes = sealed(primary_key=True)
    booth_id: int = big(foreign_key="booths.id")
    made_by: int = big(foreign_key="members.id")
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class SqlDeviceStore:
    """Implements `campaigns.stamps.devices.DeviceStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add_pairing(self, token: bytes, booth_id: int, made_by: int, expires_at: datetime) -> None:
        """Keep a one-time link."""
        row = {"token_hash": token, "booth_id": booth_id, "made_by": made_by, "expires_at": expires_at}
        await self._session.execute(insert(BoothPairingRow).values(row))

    async def take_pairing(self, token: bytes, now: datetime) -> tuple[int, int] | None:
        """Use a link up: its booth and who made it; None for none, a used or an old one."""
        statement = (
            update(BoothPairingRow)
            .where(
                col(BoothPairingRow.token_hash) == token,
                col(BoothPairingRow.used_at).is_(None),
                col(BoothPairingRow.expires_at) > now,
            )
            .values(used_at=now)
            .returning(col(BoothPairingRow.booth_id), col(BoothPairingRow.made_by))
        )
        row = (await self._session.execute(statement)).one_or_none()
        return (row[0], row[1]) if row else None

    async def add(self, booth_id: int, name: str, key: bytes, paired_by: int, now: datetime) -> Device:
        """Store a screen."""
        row = {"booth_id": booth_id, "name": name, "key_hash": key, "paired_by": paired_by, "paired_at": now}
        made = await self._session.scalars(insert(BoothDeviceRow).values(row).returning(BoothDeviceRow))
        return _device(made.one())

    async def by_key(self, key: bytes) -> Device | None:
        """The screen with this key, also a revoked one."""
        statement = select(BoothDeviceRow).where(col(BoothDeviceRow.key_hash) == key)
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        return _device(row) if row else None

    async def seen(self, device_id: int, now: datetime) -> None:
        """Remember when a screen last asked."""
        own = col(BoothDeviceRow.id) == device_id
        await self._session.execute(update(BoothDeviceRow).where(own).values(last_seen_at=now))

    async def of_booth(self, booth_id: int) -> list[Device]:
        """A booth's screens that are not revoked, the first first."""
        statement = select(BoothDeviceRow).where(
            col(BoothDeviceRow.booth_id) == booth_id, col(BoothDeviceRow.revoked_at).is_(None)
        )
        return [_device(row) for row in await self._session.scalars(statement.order_by(col(BoothDeviceRow.id)))]

    async def revoke(self, device_id: int, booth_id: int, now: datetime) -> bool:
        """Let a screen's key open nothing any more; False where there is none or it is revoked already."""
        statement = (
            update(BoothDeviceRow)
            .where(
                col(BoothDeviceRow.id) == device_id,
                col(BoothDeviceRow.booth_id) == booth_id,
                col(BoothDeviceRow.revoked_at).is_(None),
            )
            .values(revoked_at=now)
            .returning(col(BoothDeviceRow.id))
        )
        return await self._session.scalar(statement) is not None

    async def stamps_of(self, booth_id: int) -> int:
        """How many stamps a booth has given; void ones do not count."""
        void = select(col(StampVoidRow.member_id)).where(col(StampVoidRow.booth_id) == booth_id)
        statement = select(func.count()).where(col(StampRow.booth_id) == booth_id, col(StampRow.member_id).not_in(void))
        return int(await self._session.scalar(statement) or 0)


def _device(row: BoothDeviceRow) -> Device:
    assert row.id is not None
    return Device(row.id, row.booth_id, row.name, row.paired_by, row.paired_at, row.last_seen_at, row.revoked_at)
