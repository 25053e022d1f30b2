"""Pure rules of the money game: reading it, one answer a round, and how it ends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from campaigns.games.model import Attempt, Game, GameKind, Move, Option
from campaigns.games.rules import answer as judge
from campaigns.minigames.model import Minigame, Played, Round
from campaigns.offers.model import Text

FILE = Path(__file__).parent / "money.yaml"


@cache
def money_game() -> Minigame:
    """The game that is shipped with the product."""
    told = yaml.safe_load(FILE.read_text("utf-8"))
    return Minigame(_text(told["name"]), tuple(map(_round, told["rounds"])))


def answer(game: Minigame, played: Played, at: int, option: int, now: datetime) -> tuple[Played, bool] | None:
    """Answer the round numbered `at`, from 1; None where it is not the next one or has no such option.

    Each round is answered once, so that tapping on gives nothing; the last one ends the game.
    """
    if at != played.answered + 1 or at > len(game.rounds):
        return None
    move = judge(game.rounds[at - 1].game, Attempt(), option)
    if not isinstance(move, Attempt):
        return None
    is_right = move.state is Move.PASSED
    further = replace(played, answered=at, right=played.right + is_right)
    return (replace(further, ended_at=now) if at == len(game.rounds) else further), is_right


def _round(told: Mapping[str, Any]) -> Round:
    ask, options = _text(told["ask"]), tuple(_text(each) for each in told["options"])
    game = Game(
        GameKind.QUIZ, ask.zh, ask.en, tuple(Option(each.zh, each.en) for each in options), answer=told["answer"]
    )
    return Round(game, _text(told["lesson"]))


def _text(told: str) -> Text:
    zh, _, en = (part.strip() for part in told.partition("|"))
    return Text(zh, en)
