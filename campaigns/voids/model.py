"""A stamp that was taken back, and why one cannot be."""

from dataclasses import dataclass
from enum import StrEnum

from campaigns.members.model import Member
from campaigns.rallies.model import Booth, Rally, Target
from campaigns.suspicions.model import SuspicionState


class VoidRefusal(StrEnum):
    """Why a stamp cannot be taken back."""

    NO_REASON = "no_reason"
    NO_BOOTH = "no_booth"
    NO_VISITOR = "no_visitor"
    NO_STAMP = "no_stamp"
    SETTLED = "settled"


@dataclass(frozen=True)
class Voided:
    """What came of it: `medals` stay though their stamps do not reach them, `handed` are those whose gift is gone.

    `state` is that of the visitor's case; None where no medal is touched.
    """

    rally: Rally
    booth: Booth
    member: Member
    medals: tuple[Target, ...] = ()
    handed: frozenset[str] = frozenset()
    state: SuspicionState | None = None
