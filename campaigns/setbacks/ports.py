"""What a look at many things that are due needs, so that one that cannot go on holds up no other."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
Work = Callable[[Sequence[T]], Awaitable[object]]
Told = Callable[[T], Awaitable[object]]


class Setbacks(Protocol):
    """What cannot go on, by the look that found it and its own name."""

    async def apart(
        self,
        look: str,
        due: Sequence[T],
        work: Work[T],
        name: Callable[[T], object] = ...,
        told: Told[T] | None = None,
    ) -> None:
        """Do what is due all together; where that fails, each by itself.

        What fails by itself is undone, told once (to the log, and by `told`), and tried again later and later. What
        rests is left out until then. `name` says by what each is known; nothing is known of two of one name.
        """
        ...
