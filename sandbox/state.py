"""The saved world: a snapshot file, written whole and put in place at once."""

import asyncio
import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sandbox.world import World, WorldState

PAUSE_SECONDS = 1.0
WAIT_SECONDS = 3600.0
SNAPSHOT = TypeAdapter(WorldState)


class StateError(Exception):
    """The saved world cannot be read or written; the message says which file and why."""


class SavedState:
    """A snapshot at `path`, the contents of files in a folder beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.with_name(f"{path.name}.files")
        self._kept: set[str] = set()

    def load(self) -> tuple[WorldState, dict[str, bytes]]:
        """Return the saved world, an empty one when there is none; StateError for a damaged file."""
        if not self.path.exists():
            return WorldState(), {}
        try:
            state = SNAPSHOT.validate_json(self.path.read_bytes())
            contents = {file_id: (self.folder / file_id).read_bytes() for file_id in state.files}
        except (OSError, ValidationError) as fault:
            raise StateError(f"The saved world {self.path} cannot be read; move it away to start anew.") from fault
        self._kept = set(contents)
        return state, contents

    def save(self, world: World) -> None:
        """Write the world; StateError when the folder does not allow it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._save_contents(world)
            draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.draft")
            draft.write_bytes(SNAPSHOT.dump_json(world.state))
            draft.replace(self.path)
        except OSError as fault:
            raise StateError(f"The world cannot be saved to {self.path}: {fault.strerror}.") from fault

    def _save_contents(self, world: World) -> None:
        for file_id in world.contents.keys() - self._kept:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / file_id).write_bytes(world.contents[file_id])
            self._kept.add(file_id)

    async def keep_saved(self, world: World) -> None:
        """Save about a second after something happened, until the bells stop; then a last time."""
        while not world.bells.stopping:
            if await world.bells.wait("saved", WAIT_SECONDS) and not world.bells.stopping:
                await asyncio.sleep(PAUSE_SECONDS)
                self.save(world)
        self.save(world)
