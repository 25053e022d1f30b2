"""A merchant welfare group, how people came into it, and what can come of opening one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Group:
    """A registered merchant welfare group (商户福利群); `number` runs within its merchant, from 1."""

    id: int
    chat_id: int
    title: str
    merchant: str
    manager_id: int
    registered_at: datetime
    place_id: int | None = None
    number: int = 1
    filled_at: datetime | None = None
    invite_link: str | None = None


@dataclass(frozen=True)
class Source:
    """How somebody came: `code` is the name of the invite link, or one of the words below."""

    code: str
    added_by: int | None = None


UNKNOWN_SOURCE = Source("unknown")
OPEN_LINK = "link"  # An invite link without a name.
REQUEST = "request"  # Asked to join, and was let in.
ADDED = "added"  # Brought in by somebody of the group.


@dataclass(frozen=True)
class Newcomer:
    """Somebody whom nobody has welcomed yet."""

    group: Group
    member_id: int
    source: str


@dataclass(frozen=True)
class RunningDraw:
    """A draw that a group's members can take part in now."""

    id: int
    title_zh: str
    title_en: str


@dataclass(frozen=True)
class GroupPlan:
    """A prepared group (待建群): a name that waits for a person to make the group; its link opens one group."""

    id: int
    token: str
    manager_id: int
    place_id: int
    merchant: str
    number: int
    title: str
    made_at: datetime
    group_id: int | None = None


@dataclass(frozen=True)
class BotRights:
    """What the bot may do in a chat, as the platform says."""

    pin: bool = False
    change_info: bool = False
    delete: bool = False
    restrict: bool = False
    invite: bool = False

    def missing(self) -> tuple[str, ...]:
        """The names of the rights that are not there."""
        return tuple(name for name in ("pin", "change_info", "delete", "restrict", "invite") if not getattr(self, name))


class RegisterRefusal(StrEnum):
    """Why a group was not registered."""

    BAD_NAME = "bad_name"
    ANOTHER_MANAGERS = "another_managers"
    MAY_NOT_PIN = "may_not_pin"


class PlanRefusal(StrEnum):
    """Why a prepared group was not opened in a chat."""

    UNKNOWN = "unknown"
    USED = "used"
    NOT_YOURS = "not_yours"
    GROUP_IN_USE = "group_in_use"
    MAY_NOT_PIN = "may_not_pin"
    MAY_NOT_RENAME = "may_not_rename"


class RenameOutcome(StrEnum):
    """What came of a new title."""

    FOLLOWED = "followed"
    CORRECTED = "corrected"
    POINTED_OUT = "pointed_out"
