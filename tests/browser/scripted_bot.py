"""A bot without a library: it calls the Bot API over HTTP, exactly as the test tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

TOKEN = "7000000001:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
USERNAME = "welfare_bot"
NAME = "福利小助手"
LONG_POLL_SECONDS = 10


class ScriptedBot:
    """Calls methods by name and waits for updates by kind."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._offset = 0

    def call(self, method: str, **params: Any) -> Any:
        """Call one Bot API method and return its result; a refusal fails the test with Telegram's words."""
        answer = self._post(method, params)
        assert answer["ok"], f"{method}: {answer['description']}"
        return answer["result"]

    def refused(self, method: str, **params: Any) -> int:
        """Call a method that must fail and return Telegram's error code."""
        answer = self._post(method, params)
        assert not answer["ok"], f"{method} was not refused."
        return int(answer["error_code"])

    def _post(self, method: str, params: dict[str, Any]) -> Any:
        return self._client.post(f"/bot{TOKEN}/{method}", json=params, timeout=LONG_POLL_SECONDS * 2).json()

    def says(self, chat_id: int, text: str, **more: Any) -> int:
        """Send a text and return the message's id."""
        return int(self.call("sendMessage", chat_id=chat_id, text=text, **more)["message_id"])

    def forgets(self) -> None:
        """Drop the updates that an earlier test left behind."""
        self.call("deleteWebhook", drop_pending_updates=True)

    def waits_for(self, kind: str, **fields: Any) -> Any:
        """Return the next update of this kind (message, callback_query, …) with these fields, passing over others."""
        while True:
            updates = self.call("getUpdates", offset=self._offset, timeout=LONG_POLL_SECONDS, limit=1)
            assert updates, f"No {kind} reached the bot."
            self._offset = updates[0]["update_id"] + 1
            found = updates[0].get(kind)
            if found is not None and all(found.get(name) == value for name, value in fields.items()):
                return found


@contextmanager
def scripted_bot(address: str) -> Iterator[ScriptedBot]:
    """Connect the bot to the sandbox at this address."""
    with httpx.Client(base_url=address) as client:
        bot = ScriptedBot(client)
        bot.forgets()
        yield bot
