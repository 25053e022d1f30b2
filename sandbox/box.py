"""One running sandbox: the world, its clock, faults, limits and record, wired together."""

from pathlib import Path

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.limits import Limiter, Rates
from sandbox.record import Record
from sandbox.server import BotApi
from sandbox.state import SavedState
from sandbox.webhooks import Webhooks
from sandbox.world import World


class Box:
    """All parts of a sandbox; reading the saved world or the clock may raise StateError or ValueError."""

    def __init__(
        self, *, clock_file: Path | None = None, state_file: Path | None = None, seed: int = 0, limits: bool = True
    ) -> None:
        self.saved = SavedState(state_file) if state_file else None
        state, contents = self.saved.load() if self.saved else (None, {})
        self.clock = Clock(clock_file)
        self.world = World(self.clock, state, seed if state is None else seed + state.seq)
        self.world.contents = contents
        self.limiter = Limiter(self.clock, Rates() if limits else None)
        self.faults = Faults(self.world.random)
        self.record = Record(self.clock, self.world.bells)
        self.bot_api = BotApi(self.world, self.limiter, self.faults, self.record)
        self.webhooks = Webhooks(self.world, self.bot_api)
