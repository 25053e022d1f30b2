"""Rows of stamp rallies: events, booths with their staff and screens, who takes part, stamps, medals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from campaigns.rallies.model import BoothState, RallyState
from storage.columns import big, moment, sealed


class RallyRow(SQLModel, table=True):
    """An event; `config` is its whole plan, `secret` signs the codes of its booths."""

    __tablename__ = "rallies"

    id: int | None = big(default=None, primary_key=True)
    code: str
    title_zh: str
    title_en: str
    organiser_id: int = big(foreign_key="members.id")
    place_id: int | None = big(default=None, foreign_key="places.id")
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    state: str = RallyState.DRAFT
    config: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    secret: bytes = sealed()
    created_at: datetime = moment()
    moved_at: datetime = moment()
    is_regraded: bool = True


class BoothRow(SQLModel, table=True):
    """What can change of a booth while its event runs; the rest is in the plan."""

    __tablename__ = "booths"

    id: int | None = big(default=None, primary_key=True)
    rally_id: int = big(foreign_key="rallies.id")
    code: str
    partner_id: int | None = big(default=None, foreign_key="partners.id")
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    state: str = BoothState.OPEN
    reason: str | None = None
    tastings_left: int | None = None


class BoothStaffRow(SQLModel, table=True):
    """Somebody on duty at a booth, who need not have met the bot yet."""

    __tablename__ = "booth_staff"

    booth_id: int = big(primary_key=True, foreign_key="booths.id")
    member_id: int = big(primary_key=True)


class BoothDeviceRow(SQLModel, table=True):
    """A screen that was paired with a booth; its key itself is not kept."""

    __tablename__ = "booth_devices"

    id: int | None = big(default=None, primary_key=True)
    booth_id: int = big(foreign_key="booths.id")
    name: str
    key_hash: bytes = sealed()
    paired_by: int = big(foreign_key="members.id")
    paired_at: datetime = moment()
    last_seen_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)


class RallyMemberRow(SQLModel, table=True):
    """Somebody who takes part; the database gives the number."""

    __tablename__ = "rally_members"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    number: int | None = big(default=None, nullable=False)
    joined_at: datetime = moment()
    source: str
    is_muted: bool = False
    card_chat_id: int | None = big(default=None)


class RallyGroupRow(SQLModel, table=True):
    """A group that an event is announced in; `version` of its rules was posted there last."""

    __tablename__ = "rally_groups"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    group_id: int = big(primary_key=True, foreign_key="groups.id")
    version: int | None = None


class StampRow(SQLModel, table=True):
    """A stamp; the database refuses to change or remove one."""

    __tablename__ = "stamps"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    booth_id: int = big(primary_key=True)
    member_id: int = big(primary_key=True, foreign_key="members.id")
    customer_id: UUID | None = None
    way: str
    at: datetime = moment()
    stored_at: datetime = moment()
    code_nonce: str | None = None
    device_id: int | None = big(default=None, foreign_key="booth_devices.id")
    given_by: int | None = big(default=None, foreign_key="members.id")


class StampVoidRow(SQLModel, table=True):
    """A stamp that does not count any more, by whom and why."""

    __tablename__ = "stamp_voids"

    rally_id: int = big(primary_key=True)
    booth_id: int = big(primary_key=True)
    member_id: int = big(primary_key=True)
    reason: str
    actor_id: int = big(foreign_key="members.id")
    at: datetime = moment()


class MedalRow(SQLModel, table=True):
    """A target that somebody reached."""

    __tablename__ = "medals"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    target_code: str = Field(primary_key=True)
    member_id: int = big(primary_key=True, foreign_key="members.id")
    reached_at: datetime = moment()
