"""What staff scan or type at a desk: the key of a gift or a coupon, long from a QR code or six characters."""

import re
from typing import Annotated, NamedTuple

from aiogram.filters import Filter
from aiogram.types import Message
from pydantic import Field

from campaigns.members.model import Member
from campaigns.redemptions.codes import read_short
from campaigns.staff.model import Action
from campaigns.staff.rules import may

_LONG = re.compile(r"(?:^|[\s=])([gc])_([A-Za-z0-9_-]{24})$")
Key = Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{24}|[A-Z0-9]{6})$")]


class DeskKey(NamedTuple):
    """A key with what it may open: `g` a gift, `c` a coupon, and a short one either."""

    kinds: str
    key: str


def desk_key(text: str | None) -> DeskKey | None:
    """The key that was typed or pasted, with or without its link; None where it is none of these."""
    if found := _LONG.search((text or "").strip()):
        return DeskKey(found[1], found[2])
    short = read_short(text or "")
    return DeskKey("gc", short) if short else None


class BareKey(Filter):
    """Six characters and nothing else, from staff who redeem and are in no conversation: there they are an answer."""

    async def __call__(self, message: Message, member: Member, raw_state: str | None) -> bool | dict[str, DeskKey]:
        """The key, when it is one."""
        short = read_short(message.text or "")
        if short is None or raw_state is not None or not may(member.roles, Action.REDEEM):
            return False
        return {"found": DeskKey("gc", short)}
