"""The table of implemented methods and what a method gets to work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from sandbox.botapi.uploads import Upload
from sandbox.faults import Faults
from sandbox.limits import Limiter
from sandbox.model import Bot, JsonObject
from sandbox.world import World


@dataclass
class Call:
    """One request of a bot; `params` are checked and typed, `files` are the uploaded parts by name."""

    world: World
    limiter: Limiter
    faults: Faults
    bot: Bot
    method: str
    params: JsonObject
    files: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter, or the default when it was not given."""
        return self.params.get(name, default)


Handler: TypeAlias = Callable[[Call], Any | Awaitable[Any]]
AnyHandler = TypeVar("AnyHandler", bound=Callable[..., Any])
METHODS: dict[str, Handler] = {}


def method(name: str) -> Callable[[AnyHandler], AnyHandler]:
    """Register the decorated function as the implementation of this method."""

    def register(handler: AnyHandler) -> AnyHandler:
        METHODS[name] = handler
        return handler

    return register
