"""A booth's paired screens: invited by staff on duty, known by a key, listed and revoked; and what they show."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.members.model import Member
from campaigns.rallies.model import Booth, Rally, RallyState
from campaigns.rallies.rules import may_run
from campaigns.stamps.codes import mint, next_code_at, screen_nonce
from campaigns.stamps.model import StampOutcome
from campaigns.stamps.ports import Trail
from campaigns.stamps.rules import hashed, why_no_stamp

TOKEN_BYTES = 24
PAIRING_LIFE = timedelta(minutes=10)
LONGEST_NAME = 40
SHOWN = frozenset({RallyState.ANNOUNCED, RallyState.RUNNING})


@dataclass(frozen=True)
class Device:
    """A paired screen; all that is kept of its key is a hash."""

    id: int
    booth_id: int
    name: str
    paired_by: int
    paired_at: datetime
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Screen:
    """What a screen shows now: a code, or why there is none (`outcome`); `stamps` are those of the event so far."""

    device: Device
    rally: Rally
    booth: Booth
    now: datetime
    next_at: datetime
    stamps: int
    code: str | None = None
    outcome: StampOutcome | None = None


class DeviceStore(Protocol):
    """Screens and their one-time links in one transaction."""

    async def add_pairing(self, token: bytes, booth_id: int, made_by: int, expires_at: datetime) -> None:
        """Keep a one-time link."""
        ...

    async def take_pairing(self, token: bytes, now: datetime) -> tuple[int, int] | None:
        """Use a link up: its booth and who made it; None for none, a used or an old one."""
        ...

    async def add(self, booth_id: int, name: str, key: bytes, paired_by: int, now: datetime) -> Device:
        """Store a screen."""
        ...

    async def by_key(self, key: bytes) -> Device | None:
        """The screen with this key, also a revoked one."""
        ...

    async def seen(self, device_id: int, now: datetime) -> None:
        """Remember when a screen last asked."""
        ...

    async def of_booth(self, booth_id: int) -> list[Device]:
        """A booth's screens that are not revoked, the first first."""
        ...

    async def revoke(self, device_id: int, booth_id: int, now: datetime) -> bool:
        """Let a screen's key open nothing any more; False where there is none or it is revoked already."""
        ...

    async def stamps_of(self, booth_id: int) -> int:
        """How many stamps a booth has given; void ones do not count."""
        ...


class Booths(Protocol):
    """The events and who is on duty, as the rallies' own store knows them."""

    async def all(self) -> list[Rally]:
        """Every rally, the latest first."""
        ...

    async def at_booth(self, booth_id: int) -> Rally | None:
        """The rally that a booth belongs to."""
        ...

    async def secret(self, rally: Rally) -> bytes:
        """The key that signs a rally's codes."""
        ...

    async def staff_of(self, booth_id: int) -> frozenset[int]:
        """The members who are named for a booth."""
        ...


class DeviceService:
    """Screens inside one unit of work."""

    def __init__(self, store: DeviceStore, booths: Booths, trail: Trail, now: Callable[[], datetime]) -> None:
        self._store = store
        self._booths = booths
        self._trail = trail
        self._now = now

    async def booths_of(self, member: Member) -> list[tuple[Rally, Booth]]:
        """The booths of announced and running events that somebody may pair a screen with: the own ones, or all."""
        current = [
            each for each in await self._booths.all() if each.state in {RallyState.ANNOUNCED, RallyState.RUNNING}
        ]
        pairs = [(rally, booth) for rally in current for booth in rally.booths]
        return [(rally, booth) for rally, booth in pairs if await self.may_show(member, rally, booth)]

    async def may_show(self, member: Member, rally: Rally, booth: Booth) -> bool:
        """Whether a booth's screen and slips are this person's business: on duty there, or running the event."""
        return may_run(rally, member) or member.id in await self._booths.staff_of(booth.id)

    async def find(self, booth_id: int) -> tuple[Rally, Booth] | None:
        """A booth with its event."""
        rally = await self._booths.at_booth(booth_id)
        return (rally, next(each for each in rally.booths if each.id == booth_id)) if rally else None

    async def invite(self, booth: Booth, member_id: int) -> str:
        """A token for a one-time pairing link that lives ten minutes."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await self._store.add_pairing(hashed(token), booth.id, member_id, self._now() + PAIRING_LIFE)
        return token

    async def pair(self, token: str, name: str) -> tuple[str, Device] | None:
        """A key for the screen that opened the link first; the key is told once."""
        now = self._now()
        found = await self._store.take_pairing(hashed(token), now)
        if found is None:
            return None
        booth_id, member_id = found
        key = secrets.token_urlsafe(TOKEN_BYTES)
        device = await self._store.add(booth_id, name.strip()[:LONGEST_NAME] or "-", hashed(key), member_id, now)
        await self._trail.note(member_id, "pair_screen", f"booth {booth_id} screen {device.id}")
        return key, device

    async def known(self, key: str) -> Device | None:
        """The screen with this key, unless it was revoked."""
        device = await self._store.by_key(hashed(key))
        return device if device and device.revoked_at is None else None

    async def of_booth(self, booth_id: int) -> Sequence[Device]:
        """A booth's screens."""
        return await self._store.of_booth(booth_id)

    async def revoke(self, device_id: int, booth_id: int, actor_id: int) -> bool:
        """A screen was lost or is not needed: its key opens nothing from now on."""
        done = await self._store.revoke(device_id, booth_id, self._now())
        if done:
            await self._trail.note(actor_id, "revoke_screen", f"booth {booth_id} screen {device_id}")
        return done

    async def show(self, device: Device) -> Screen | None:
        """What a screen shows now; asked for twice within a quarter of a minute, it is the same code."""
        found, now = await self.find(device.booth_id), self._now()
        if found is None:
            return None
        rally, booth = found
        await self._store.seen(device.id, now)
        stamps, next_at = await self._store.stamps_of(booth.id), next_code_at(now)
        outcome = why_no_stamp(rally, booth, now)
        if outcome is not None:
            return Screen(device, rally, booth, now, next_at, stamps, outcome=outcome)
        secret = await self._booths.secret(rally)
        code = mint(secret, booth.id, now, screen_nonce(secret, device.id, now))
        return Screen(device, rally, booth, now, next_at, stamps, code)
