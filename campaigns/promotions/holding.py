"""A pause as a stop of the campaign: the sender leaves its messages out from its next claim on."""

from typing import Protocol

from campaigns.halts.model import Aim, Halt, HaltRefusal, Held, Scope
from campaigns.promotions.model import Version

BY = "promotions"  # The stops of this name are ours; those that people made are for people to lift.


class Halts(Protocol):
    """What pauses ask of stops."""

    async def stop(self, aim: Aim, reason: str, name: str) -> Held | HaltRefusal:
        """Stop it at once."""
        ...

    async def in_force(self) -> list[Halt]:
        """Every stop that holds messages."""
        ...

    async def lift(self, halt_id: int, by: str) -> Halt | HaltRefusal:
        """Let what is held go on."""
        ...


class PauseWording(Protocol):
    """Why a campaign stands still."""

    def paused(self, version: Version) -> str:
        """The reason that staff read."""
        ...

    def stuck(self, version: Version) -> str:
        """The same where nobody paused it: it could not be planned."""
        ...


class HaltedCampaigns:
    """Implements `campaigns.promotions.service.Holding`."""

    def __init__(self, halts: Halts, wording: PauseWording) -> None:
        self._halts = halts
        self._wording = wording

    async def hold(self, version: Version, *, is_stuck: bool = False) -> None:
        """Let nothing of it leave from now on; a stop that stands already is enough."""
        if not await self._standing(version):
            reason = self._wording.stuck(version) if is_stuck else self._wording.paused(version)
            await self._halts.stop(_aim(version), reason, BY)

    async def release(self, version: Version) -> None:
        """Let what waits go on, unless a person stopped it too."""
        for halt in await self._standing(version):
            if halt.made_by == BY:
                await self._halts.lift(halt.id, BY)

    async def _standing(self, version: Version) -> list[Halt]:
        return [each for each in await self._halts.in_force() if each.aim == _aim(version)]


def _aim(version: Version) -> Aim:
    return Aim(Scope.CAMPAIGN, version.campaign)
