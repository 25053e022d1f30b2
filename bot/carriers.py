"""What carries a message out of the house: providers that apprise speaks to, and files of simulated channels."""

import asyncio
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from campaigns.channels.model import SIMULATED, Channel, ChannelMessage
from campaigns.deliveries.model import Reason
from campaigns.deliveries.rules import Ambiguous, Outcome, Refused, Sent
from handlers.pages.channels.page import shown_page

if TYPE_CHECKING:
    from apprise import Apprise

PATIENCE = 20.0  # Real seconds for a provider's answer.
STATUS = re.compile(r"\berror=(\d{3})\b")


class Carrier(Protocol):
    """One way out."""

    async def carry(self, message: ChannelMessage, address: str) -> Outcome:
        """Let the message leave once; never tries twice by itself."""
        ...


class ChannelUrlError(ValueError):
    """An address that apprise cannot read; the message names the channel and what to write."""


class Provider:
    """A provider behind one of apprise's addresses; `{to}` in it stands for the customer's own."""

    def __init__(self, channel: Channel, url: str) -> None:
        """Raises: ChannelUrlError, when the address is none of apprise's."""
        self._url = url
        if not _opened(url.replace("{to}", quote("+8613800000000", safe=""))):
            name = f"{channel.upper()}_URL"
            raise ChannelUrlError(f"{name} is no address that can be sent to: write one such as json://host/{{to}}.")

    async def carry(self, message: ChannelMessage, address: str) -> Outcome:
        """Ask the provider once; what is not clearly taken or refused is in doubt, and never asked again."""
        return await asyncio.to_thread(self._ask, message.title, message.text, address)

    def _ask(self, title: str, body: str, address: str) -> Outcome:
        from apprise import AppriseResultStatus

        door = _opened(self._url.replace("{to}", quote(address, safe="")))
        if door is None:
            return Refused(Reason.REFUSED_BY_PLATFORM, "the customer's address cannot be read")
        found = door.notify(body=body, title=title, timeout=PATIENCE)
        if found.status == AppriseResultStatus.SUCCESS:
            return Sent()
        said = [entry.message for result in found.results for entry in result.logs()]
        codes = [int(code) for line in said for code in STATUS.findall(line)]
        if any(400 <= code < 500 for code in codes):
            return Refused(Reason.REFUSED_BY_PLATFORM, f"HTTP {codes[0]}")
        return Ambiguous(Reason.TIMED_OUT)


def _opened(url: str) -> "Apprise | None":
    """What apprise makes of an address; it loads with the first one only."""
    from apprise import Apprise

    door = Apprise()
    return door if door.add(url) else None


class FileDrop:
    """A simulated channel: each message becomes a page in a folder, to be looked at."""

    def __init__(self, folder: Path, bank: str) -> None:
        self._folder = folder
        self._bank = bank

    async def carry(self, message: ChannelMessage, address: str) -> Outcome:
        """Lay the page down as a whole."""
        folder = self._folder / message.channel
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{message.id}"
        half.write_text(shown_page(message, self._bank), "utf-8")
        os.replace(half, folder / f"{message.id}.html")
        return Sent()


def carriers(urls: dict[str, str], folder: Path, bank: str) -> dict[Channel, Carrier]:
    """Every channel that this deployment has; the simulated ones always.

    Raises:
        ChannelUrlError: an address that apprise cannot read.
    """
    drop = FileDrop(folder, bank)
    found: dict[Channel, Carrier] = dict.fromkeys(SIMULATED, drop)
    return found | {Channel(name): Provider(Channel(name), url) for name, url in urls.items()}
