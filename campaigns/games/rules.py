"""Pure decisions of games: how an attempt begins, and what a move makes of it (S-83)."""

from dataclasses import replace

from campaigns.games.model import Attempt, Game, GameKind, GameRefusal, Move

CONFIRMED = frozenset({GameKind.STAFF, GameKind.PHOTO})
ENDED = {Move.PASSED: GameRefusal.ALREADY_PASSED, Move.OVER: GameRefusal.NO_TRIES_LEFT}


def begin(game: Game) -> Attempt:
    """The attempt of somebody who has just scanned the booth's code: a scan alone passes, a clerk must look at a task.

    A photo waits for the picture first, so it has a try left.
    """
    states = {GameKind.SCAN: Move.PASSED, GameKind.STAFF: Move.WAITING}
    return Attempt(0, states.get(game.kind, Move.AGAIN))


def answer(game: Game, attempt: Attempt, option: int) -> Attempt | GameRefusal:
    """A quiz's answer by the number of its option, from 1: the last try that is wrong ends the attempt."""
    if game.kind is not GameKind.QUIZ or not 1 <= option <= len(game.options):
        return GameRefusal.NOT_THIS_GAME
    if attempt.state in ENDED:
        return ENDED[attempt.state]
    used = attempt.tries + 1
    if option == game.answer:
        return Attempt(used, Move.PASSED)
    return Attempt(used, Move.OVER if used >= game.tries else Move.AGAIN)


def spin(game: Game, attempt: Attempt, drawn: int) -> Attempt | GameRefusal:
    """A turn of the wheel: `drawn` is an evenly drawn number from 0, and 0 passes; the last spin always does.

    With `tries` fields on the wheel, one of which passes, and as many spins, nobody leaves without a stamp.
    """
    if game.kind is not GameKind.SPIN:
        return GameRefusal.NOT_THIS_GAME
    if attempt.state in ENDED:
        return ENDED[attempt.state]
    used = attempt.tries + 1
    return Attempt(used, Move.PASSED if drawn == 0 or used >= game.tries else Move.AGAIN)


def hand_in(game: Game, attempt: Attempt) -> Attempt | GameRefusal:
    """A picture for a clerk to look at; a later one takes the place of an earlier."""
    if game.kind is not GameKind.PHOTO:
        return GameRefusal.NOT_THIS_GAME
    if attempt.state in ENDED:
        return ENDED[attempt.state]
    return Attempt(attempt.tries + 1, Move.WAITING)


def confirm(game: Game, attempt: Attempt) -> Attempt | GameRefusal:
    """A clerk's word that it is done; where all tries are used up, a clerk's word still helps."""
    if attempt.state is Move.PASSED:
        return GameRefusal.ALREADY_PASSED
    if attempt.state is Move.AGAIN:
        return GameRefusal.NOT_BEGUN if game.kind in CONFIRMED else GameRefusal.NOT_THIS_GAME
    return replace(attempt, state=Move.PASSED)


def send_back(game: Game, attempt: Attempt) -> Attempt | GameRefusal:
    """A clerk's word that a picture does not show the task yet: another may be sent."""
    if game.kind is not GameKind.PHOTO:
        return GameRefusal.NOT_THIS_GAME
    if attempt.state is not Move.WAITING:
        return ENDED.get(attempt.state, GameRefusal.NOT_BEGUN)
    return replace(attempt, state=Move.AGAIN)
