"""Bells that wake the long polls waiting for a key."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable


class Bells:
    """One bell per key; ringing wakes everybody who waits for that key."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Hashable, set[asyncio.Future[None]]] = defaultdict(set)
        self.stopping = False

    def ring(self, key: Hashable) -> None:
        """Wake those who wait for this key."""
        for waiter in self._waiting.pop(key, ()):
            if not waiter.done():
                waiter.set_result(None)

    def stop(self) -> None:
        """Wake everybody for good; later waits return at once."""
        self.stopping = True
        for key in list(self._waiting):
            self.ring(key)

    async def wait(self, key: Hashable, seconds: float) -> bool:
        """Wait for the bell at most this long (real seconds); True when it rang."""
        if self.stopping or seconds <= 0:
            return False
        waiter = asyncio.get_running_loop().create_future()
        self._waiting[key].add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return False
        finally:
            if waiters := self._waiting.get(key):
                waiters.discard(waiter)
                if not waiters:
                    del self._waiting[key]
        return True

    async def wait_for(self, key: Hashable, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until `ready()` holds, asking again at every ring; False when the time is over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not ready():
            left = deadline - loop.time()
            if left <= 0 or self.stopping:
                return False
            await self.wait(key, left)
        return True
