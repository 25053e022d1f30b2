"""What came of a move in a game."""

from dataclasses import dataclass

from campaigns.games.model import Attempt, Play
from campaigns.rallies.model import Booth, Rally
from campaigns.stamps.model import Stamped


@dataclass(frozen=True)
class Played:
    """How far an attempt is after a move; `stamped` is what came of the stamp once the game is passed."""

    rally: Rally
    booth: Booth
    attempt: Attempt
    stamped: Stamped | None = None


@dataclass(frozen=True)
class HandedIn:
    """A picture that waits for a clerk's word."""

    rally: Rally
    booth: Booth
    play: Play
