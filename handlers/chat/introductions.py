"""What an update tells about the people in it."""

from collections.abc import Awaitable, Callable

from aiogram.types import User

from campaigns.members.model import Introduction, Member
from campaigns.members.rules import language_of

Meet = Callable[[User], Awaitable[Member]]


def introduction(user: User, *, is_private: bool) -> Introduction:
    """The platform's user as the hall knows them; an empty name cannot happen, but costs nothing to survive."""
    return Introduction(user.id, user.full_name.strip() or "?", language_of(user.language_code), is_private)
