"""Connections of the client to the sandbox, many at once and cheap."""

import asyncio
import itertools
import ssl
from typing import Any

import httpx

CONNECTIONS_PER_LINE = 8
# The sandbox speaks plain HTTP; loading the system's certificates would cost every client a tenth of a second.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class RefusedError(Exception):
    """The sandbox refused what a person tried; the message is its sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Lines:
    """Connections shared by everybody, spread over several pools: one pool's work grows with the square of its size."""

    def __init__(self, url: str, count: int) -> None:
        self._clients = itertools.cycle([_http(url) for _ in range(count)])
        self._count = count
        self._free = asyncio.Semaphore(count * CONNECTIONS_PER_LINE)

    async def request(self, verb: str, path: str, **content: Any) -> Any:
        """Return the content of the answer; RefusedError with the sandbox's sentence when it refuses."""
        async with self._free:
            return _content(await next(self._clients).request(verb, path, **content))

    async def close(self) -> None:
        """Close all connections."""
        for _ in range(self._count):
            await next(self._clients).aclose()


def _http(url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=CONNECTIONS_PER_LINE, max_keepalive_connections=CONNECTIONS_PER_LINE)
    timeout = httpx.Timeout(90.0, pool=None)
    return httpx.AsyncClient(base_url=url, limits=limits, timeout=timeout, trust_env=False, verify=_NO_TLS)


def _content(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json()
    try:
        sentence = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        sentence = answer.text
    raise RefusedError(answer.status_code, str(sentence))
