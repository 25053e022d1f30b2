"""A merchant welfare group and what can come of registering one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Group:
    """A registered merchant welfare group (商户福利群)."""

    id: int
    chat_id: int
    title: str
    merchant: str
    manager_id: int
    registered_at: datetime


class RegisterRefusal(StrEnum):
    """Why a group was not registered."""

    BAD_NAME = "bad_name"
    ANOTHER_MANAGERS = "another_managers"
    MAY_NOT_PIN = "may_not_pin"
