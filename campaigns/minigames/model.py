"""A game of a few rounds, how far somebody is with it, and what groups brought."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.games.model import Game
from campaigns.offers.model import Text


@dataclass(frozen=True)
class Round:
    """One question with its options, and what is said after the answer."""

    game: Game
    lesson: Text


@dataclass(frozen=True)
class Minigame:
    """The whole game; a round is answered once."""

    name: Text
    rounds: tuple[Round, ...]


@dataclass(frozen=True)
class Played:
    """How far one person is: rounds answered, right answers, and the group that the person came from first."""

    member_id: int
    group_id: int | None
    was_new: bool
    answered: int
    right: int
    begun_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Source:
    """What one group brought: who began, who played to the end, and who had never opened the bot before."""

    group_id: int | None
    title: str | None
    begun: int
    ended: int
    newcomers: int
    bound: int
