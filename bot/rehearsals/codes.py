"""The codes that visitors of a rehearsal use: those of the booths' screens, and those that cheats make up."""

import random
from datetime import datetime, timedelta

from campaigns.rehearsals.model import Step, Verb
from campaigns.stamps.codes import LENGTH, mint, screen_nonce

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Screens:
    """What the booths' screens show; the same code to everybody in the same quarter of a minute."""

    def __init__(self, secret: bytes, booths: dict[str, int], seed: int) -> None:
        self._secret = secret
        self._booths = booths
        self._chance = random.Random(seed)  # noqa: S311 - a simulation that must come out the same again.

    def code(self, step: Step, late: timedelta = timedelta(0)) -> str:
        """The code of a step; one that is used live is as old as planned, even where the step comes late."""
        assert step.code_at is not None
        is_live = step.verb in (Verb.SCAN, Verb.RELAY)
        genuine = self._shown(step.booth, step.code_at + (late if is_live else timedelta(0)))
        return genuine if step.verb is not Verb.FORGE else self._forged(genuine)

    def _shown(self, booth: str, at: datetime) -> str:
        number = self._booths[booth]
        return mint(self._secret, number, at, screen_nonce(self._secret, number, at))

    def _forged(self, genuine: str) -> str:
        """Letters out of the air, or a genuine code with one letter changed."""
        if self._chance.random() < 0.5:
            return "".join(self._chance.choice(ALPHABET) for _ in range(LENGTH))
        place = self._chance.randrange(LENGTH - 1)
        other = ALPHABET[(ALPHABET.index(genuine[place]) + 1) % len(ALPHABET)]
        return genuine[:place] + other + genuine[place + 1 :]
