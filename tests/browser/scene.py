"""Sets the scene over the person side's HTTP: people, groups and private chats for the phones to show."""

import itertools
from datetime import datetime
from typing import Any

import httpx

PHONES = itertools.count(13900000001)


class Scene:
    """The sandbox's person side as the tests use it."""

    def __init__(self, client: httpx.Client, bot: str) -> None:
        self._client = client
        self._bot = bot

    def _post(self, path: str, **body: Any) -> Any:
        answer = self._client.post(f"/api{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def person(self, name: str, role: str = "customer") -> int:
        """Create a person and return the id."""
        return int(self._post("/people", first_name=name, phone=f"+86{next(PHONES)}", role=role)["id"])

    def acquaintance(self, name: str) -> int:
        """Create a person who has opened the private chat with the bot."""
        person = self.person(name)
        self._post(f"/chats/{self._bot}/start", person_id=person)
        return person

    def group(self, title: str, owner: int, *members: int) -> int:
        """Create a supergroup with these members and the bot as an administrator who may pin."""
        group = int(self._post("/groups", title=title, owner_id=owner, member_ids=list(members))["id"])
        rights = {"can_pin_messages": True, "can_delete_messages": True}
        self._post(f"/groups/{group}/bots", person_id=owner, bot=self._bot, rights=rights)
        return group

    def sets_main_app(self, address: str) -> None:
        """What the bot's owner tells @BotFather: where links with `startapp` open."""
        self._client.patch(f"/api/bots/{self._bot}", json={"main_web_app": address}).raise_for_status()

    def turns_clock_to(self, now: datetime) -> None:
        """Let the sandbox's clock show this moment, and run as clocks do."""
        self._post("/clock", now=now.isoformat(), rate=1)

    def says(self, person: int, chat: int | str, text: str) -> int:
        """Let a person write into a chat; returns the message's id."""
        return int(self._post(f"/chats/{chat}/messages", person_id=person, text=text)["message_id"])
