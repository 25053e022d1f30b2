"""Connections of the client to the sandbox, many at once and cheap."""

from typing import Any

import aiohttp

CONNECTIONS_PER_LINE = 8
TIMEOUT = aiohttp.ClientTimeout(sock_read=90.0)


class RefusedError(Exception):
    """The sandbox refused what a person tried; the message is its sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Lines:
    """Connections shared by everybody; who finds none free waits."""

    def __init__(self, url: str, count: int) -> None:
        self._url = url
        self._most = count * CONNECTIONS_PER_LINE
        self._opened: aiohttp.ClientSession | None = None

    async def request(self, verb: str, path: str, **content: Any) -> Any:
        """Return the content of the answer; RefusedError with the sandbox's sentence when it refuses."""
        if self._opened is None:  # Only inside a running loop can it be opened.
            connector = aiohttp.TCPConnector(limit=self._most)
            self._opened = aiohttp.ClientSession(self._url, connector=connector, timeout=TIMEOUT)
        async with self._opened.request(verb, path, **content) as answer:
            return await _content(answer)

    async def close(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()


async def _content(answer: aiohttp.ClientResponse) -> Any:
    if answer.ok:
        return await answer.json()
    try:
        sentence = (await answer.json())["detail"]
    except (aiohttp.ContentTypeError, ValueError, KeyError, TypeError):
        sentence = await answer.text()
    raise RefusedError(answer.status, str(sentence))
