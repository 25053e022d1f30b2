"""An asynchronous client of the person's side: phones that say, tap, join and see."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from sandbox.lines import Lines, RefusedError
from sandbox.model import JsonObject

__all__ = ["NotSeenError", "Phone", "RefusedError", "Sandbox", "Tap", "all_of", "words_of"]

PATIENCE = 20.0
LONG_POLL = 5.0
ACTING_LINES = 2
WAITING_LINES = 8


class NotSeenError(AssertionError):
    """What was waited for did not appear; the message tells what the phone shows instead."""


class Sandbox:
    """A running sandbox; use it as an asynchronous context manager."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._acting = Lines(self.url, ACTING_LINES)
        self._waiting = Lines(self.url, WAITING_LINES)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._acting.close()
        await self._waiting.close()

    # Plain requests

    async def act(self, verb: str, path: str, body: JsonObject | None = None) -> Any:
        """Send a request that is answered at once; RefusedError with the sandbox's sentence otherwise."""
        return await self._acting.request(verb, path, json=body)

    async def wait(self, path: str, **query: Any) -> Any:
        """Send a request that may wait, over connections of its own."""
        given = {name: value for name, value in query.items() if value is not None}
        return await self._waiting.request("GET", path, params=given)

    # The world

    async def new_person(self, first_name: str, **fields: Any) -> "Phone":
        """Create a person (last_name, username, phone, language_code, role, colour) and hand over the phone."""
        return Phone(self, await self.act("POST", "/api/people", {"first_name": first_name, **fields}))

    async def new_people(self, names: Iterable[str]) -> list["Phone"]:
        """Create many people at once."""
        body = {"people": [{"first_name": name} for name in names]}
        return [Phone(self, person) for person in await self.act("POST", "/api/people/together", body)]

    async def tap_together(
        self, phones: Iterable["Phone"], button: str, chat: int | str, message_id: int, within: float = 30
    ) -> list[str | None]:
        """Let many people press a button at the same moment; returns the answers' texts in their order (None: none)."""
        taps = await self.taps_together(phones, button, chat, message_id, within)
        return [tap["answer"] and tap["answer"]["text"] for tap in taps]

    async def taps_together(
        self, phones: Iterable["Phone"], button: str, chat: int | str, message_id: int, within: float = 30
    ) -> list[JsonObject]:
        """The same; per press its `answer` (None: none) and the `seconds` that it took."""
        body = {"person_ids": [phone.id for phone in phones], "text": button, "wait": within}
        found: list[JsonObject] = await self.act("POST", f"/api/chats/{chat}/messages/{message_id}/taps/together", body)
        return found

    async def phone(self, person_id: int) -> "Phone":
        """Pick up the phone of an existing person."""
        return Phone(self, await self.act("GET", f"/api/people/{person_id}"))

    async def phones(self) -> list["Phone"]:
        """Pick up everybody's phone."""
        return [Phone(self, person) for person in await self.act("GET", "/api/people")]

    async def new_group(
        self, title: str, owner: "Phone", members: Iterable["Phone"] = (), kind: str = "supergroup"
    ) -> int:
        """Create a group and return its id; the phones in it open it."""
        phones = [owner, *members]
        body = {"title": title, "owner_id": owner.id, "kind": kind, "member_ids": [phone.id for phone in phones[1:]]}
        chat = await self.act("POST", "/api/groups", body)
        for phone in phones:
            phone.opens(chat["id"])
        return int(chat["id"])

    async def world(self) -> JsonObject:
        """Return who exists and how the sandbox is set."""
        return _object(await self.act("GET", "/api/world"))

    async def set_privacy_mode(self, bot: str | int, *, on: bool) -> None:
        """Turn a bot's privacy mode on or off."""
        await self.act("PATCH", f"/api/bots/{bot}", {"privacy_mode": on})

    # Faults, clock, records

    async def set_faults(self, *rules: JsonObject, limits: bool | JsonObject | None = None) -> None:
        """Put these fault rules in force instead of the former; limits change only when given."""
        body: JsonObject = {"rules": list(rules)}
        await self.act("PUT", "/api/faults", body if limits is None else body | {"limits": limits})

    async def turn_clock(self, advance: str | float | None = None, **turn: Any) -> JsonObject:
        """Jump by a span (`3d4h` or seconds), to `now`, or set the `rate`; returns the clock."""
        return _object(await self.act("POST", "/api/clock", {"advance": advance, **turn}))

    async def calls(self, after: int = 0, **match: Any) -> list[JsonObject]:
        """Return recorded calls of bots; match by method, chat_id, bot."""
        found: list[JsonObject] = (await self.wait("/api/calls", after=after, **match))["calls"]
        return found

    async def waits_for_calls(
        self, count: int = 1, *, after: int = 0, within: float = PATIENCE, outcome: str | None = None, **match: Any
    ) -> list[JsonObject]:
        """Wait until this many matching calls are recorded and return them all; NotSeenError when they do not come."""
        deadline = time.monotonic() + within
        seen = after
        while True:
            calls = [call for call in await self.calls(after, **match) if outcome in {None, call["outcome"]}]
            if len(calls) >= count:
                return calls
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotSeenError(f"{count} calls {match} were awaited, {len(calls)} came.")
            seen = (await self.wait("/api/calls", after=seen, wait=min(left, LONG_POLL)))["seq"]

    async def updates(self, bot: str | int | None = None) -> list[JsonObject]:
        """Return what was queued for a bot, with delivered and confirmed marks."""
        rows: list[JsonObject] = (await self.wait("/api/updates", bot=bot))["updates"]
        return rows


class Tap:
    """A press on a button; `id` is None for a button that only opens a link."""

    def __init__(self, sandbox: Sandbox, given: JsonObject) -> None:
        self._sandbox = sandbox
        self.id: str | None = given["callback_query_id"]
        self._answer: JsonObject | None = given["answer"]

    async def answer(self, within: float = PATIENCE) -> JsonObject:
        """Return the bot's answer (text, show_alert, url); NotSeenError when none comes in time."""
        deadline = time.monotonic() + within
        while self._answer is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotSeenError("The bot did not answer the tap.")
            found = await self._sandbox.wait(f"/api/taps/{self.id}", wait=min(left, LONG_POLL))
            self._answer = found["answer"]
        return self._answer


class Phone:
    """One person's phone; it acts in the chat that was opened last, unless another is named."""

    def __init__(self, sandbox: Sandbox, person: JsonObject) -> None:
        self._sandbox = sandbox
        self.person = person
        self.id: int = person["id"]
        self.name: str = person["first_name"]
        self.chat: int | str | None = None

    def opens(self, chat: int | str) -> Self:
        """Turn to this chat: a group's id, or a bot's username for the private chat with it."""
        self.chat = chat
        return self

    def _chat(self, chat: int | str | None) -> str:
        named = self.chat if chat is None else chat
        if named is None:
            raise ValueError(f"{self.name} has no chat open: name one.")
        return quote(str(named))

    async def _act(self, verb: str, path: str, **body: Any) -> Any:
        return await self._sandbox.act(verb, path, {"person_id": self.id, **body})

    # Groups and bots

    async def joins(self, group: int, invite_link: str | None = None) -> None:
        """Join a group and open it."""
        await self._act("POST", f"/api/groups/{group}/members", invite_link=invite_link)
        self.opens(group)

    async def leaves(self, group: int | None = None) -> None:
        """Leave a group."""
        await self._sandbox.act("DELETE", f"/api/groups/{self._chat(group)}/members/{self.id}")

    async def adds_bot(
        self,
        bot: str | int,
        group: int | None = None,
        *,
        parameter: str | None = None,
        rights: Sequence[str] | None = None,
    ) -> None:
        """Add a bot to a group by a startgroup link; rights make it an administrator."""
        granted = None if rights is None else dict.fromkeys(rights, True)
        await self._act(
            "POST", f"/api/groups/{self._chat(group)}/bots", bot=bot, start_parameter=parameter, rights=granted
        )

    async def sets_bot_rights(self, bot: str | int, rights: Sequence[str] | None, group: int | None = None) -> None:
        """Promote a bot with these rights, or demote it with None."""
        granted = None if rights is None else dict.fromkeys(rights, True)
        await self._act("PATCH", f"/api/groups/{self._chat(group)}/bots/{bot}", rights=granted)

    async def removes_bot(self, bot: str | int, group: int | None = None) -> None:
        """Throw a bot out of a group."""
        await self._act("PATCH", f"/api/groups/{self._chat(group)}/bots/{bot}", remove=True)

    async def renames(self, title: str, group: int | None = None) -> None:
        """Rename a group."""
        await self._act("PATCH", f"/api/groups/{self._chat(group)}", title=title)

    async def starts(self, bot: str | int, parameter: str | None = None) -> None:
        """Open the private chat with a bot by a deep link and press START."""
        await self._act("POST", f"/api/chats/{bot}/start", parameter=parameter)
        self.opens(bot)

    async def blocks(self, bot: str | int) -> None:
        """Block a bot."""
        await self._sandbox.act("POST", f"/api/people/{self.id}/block", {"bot": bot})

    async def unblocks(self, bot: str | int) -> None:
        """Unblock a bot."""
        await self._sandbox.act("POST", f"/api/people/{self.id}/unblock", {"bot": bot})

    # Talking

    async def says(self, text: str, chat: int | str | None = None, *, reply_to: int | None = None) -> JsonObject:
        """Write a text and return the message."""
        return await self.sends(chat, text=text, reply_to_message_id=reply_to)

    async def sends(self, chat: int | str | None = None, **content: Any) -> JsonObject:
        """Send anything: text, sticker, photo_base64, poll, contact, forward_from, or edit_of with a text."""
        return _object(await self._act("POST", f"/api/chats/{self._chat(chat)}/messages", **content))

    async def shares_contact(self, chat: int | str | None = None, *, of: "Phone | None" = None) -> JsonObject:
        """Share the own contact, or forward another person's."""
        contact_of = of.id if of else None
        return _object(await self._act("POST", f"/api/chats/{self._chat(chat)}/contact", contact_of=contact_of))

    async def shares_chat(
        self, request_id: int, chat: int | str | None = None, *, group: int | None = None, title: str | None = None
    ) -> int:
        """Press a button that asks for a chat; hands over a group, or a new one of this title. Returns its id."""
        path = f"/api/chats/{self._chat(chat)}/shared-chat"
        return int((await self._act("POST", path, request_id=request_id, chat=group, title=title))["id"])

    async def taps(
        self,
        button: str | None = None,
        chat: int | str | None = None,
        *,
        message_id: int | None = None,
        data: str | None = None,
    ) -> Tap:
        """Press the newest button with this text (waiting for it), or send literal data; the Tap has the answer."""
        named = self._chat(chat)
        if message_id is None:
            message_id = (await self._message_with_button(button, chat))["message_id"]
        path = f"/api/chats/{named}/messages/{message_id}/taps"
        return Tap(self._sandbox, await self._act("POST", path, text=button, data=data))

    async def taps_and_sees(self, button: str, text: str, chat: int | str | None = None) -> JsonObject:
        """Press a button and check that the answer on the screen holds this text."""
        answer = await (await self.taps(button, chat)).answer()
        if text not in (answer["text"] or ""):
            raise NotSeenError(f"{self.name} tapped {button!r}, awaited {text!r} and saw {answer['text']!r}.")
        return answer

    async def opens_app(self, bot: str | int, url: str | None = None, start: str | None = None) -> str:
        """Open a Mini App, a button's or the bot's main one; returns its address with the signed data behind."""
        body = {"bot": bot, "url": url, "start_parameter": start}
        return str((await self._sandbox.act("POST", f"/api/people/{self.id}/web-apps", body))["url"])

    async def _message_with_button(self, button: str | None, chat: int | str | None) -> JsonObject:
        def matches(message: JsonObject) -> bool:
            return any(button is None or button in label for label in _labels(message))

        message = await self._awaited(matches, chat, PATIENCE, f"a button {button!r}")
        ephemeral = message.get("ephemeral_message_id")
        return message | {"message_id": -ephemeral} if ephemeral else message

    # Looking

    async def reads(self, chat: int | str | None = None) -> list[JsonObject]:
        """Return the messages that the phone shows in the chat, oldest first."""
        page = await self._page(chat)
        return [message for message in page["messages"] if not message["deleted"]]

    async def chats(self) -> list[JsonObject]:
        """Return the list of chats, newest first, with unread counts and what is pinned."""
        found: list[JsonObject] = await self._sandbox.wait(f"/api/people/{self.id}/chats")
        return found

    async def pinned(self, chat: int | str | None = None) -> JsonObject | None:
        """Return the newest pinned message."""
        message: JsonObject | None = (await self._page(chat))["pinned"]
        return message

    async def all_pinned(self, chat: int | str | None = None) -> list[JsonObject]:
        """Return all pinned messages as they read now, the newest pin first."""
        messages: list[JsonObject] = (await self._page(chat))["pinned_messages"]
        return messages

    async def reacts(self, emoji: str | None, message_id: int, chat: int | str | None = None) -> None:
        """Put an emoji on a message, or take it off with None."""
        await self._act("POST", f"/api/chats/{self._chat(chat)}/messages/{message_id}/reactions", emoji=emoji)

    async def votes(self, message_id: int, *options: int, chat: int | str | None = None) -> None:
        """Vote for these options of a poll, counted from 0; none takes the vote back."""
        await self._act("POST", f"/api/chats/{self._chat(chat)}/messages/{message_id}/votes", options=list(options))

    async def keyboard(self, chat: int | str | None = None) -> JsonObject | None:
        """Return the reply keyboard below the chat."""
        markup: JsonObject | None = (await self._page(chat))["reply_keyboard"]
        return markup

    async def mark(self, chat: int | str | None = None) -> int:
        """Return a mark for `sees(since=…)`: only what comes later counts."""
        return int((await self._page(chat))["seq"])

    async def sees(
        self, text: str, chat: int | str | None = None, *, within: float = PATIENCE, since: int = 0
    ) -> JsonObject:
        """Wait until a message with this text is on the screen and return the newest; NotSeenError otherwise."""
        return await self._awaited(lambda message: text in words_of(message), chat, within, repr(text), since)

    async def sees_no(self, text: str, chat: int | str | None = None) -> None:
        """Check that no message with this text is on the screen now."""
        if any(text in words_of(message) for message in await self.reads(chat)):
            raise NotSeenError(f"{self.name} sees {text!r}, which should not be there.")

    async def _page(self, chat: int | str | None, after: int = 0, wait: float = 0) -> JsonObject:
        path = f"/api/people/{self.id}/chats/{self._chat(chat)}/messages"
        return _object(await self._sandbox.wait(path, after=after, wait=wait))

    async def _awaited(
        self, matches: Any, chat: int | str | None, within: float, what: str, since: int = 0
    ) -> JsonObject:
        deadline = time.monotonic() + within
        page = await self._page(chat, since)
        while True:
            found = [message for message in page["messages"] if not message["deleted"] and matches(message)]
            if found:
                return _object(found[-1])
            left = deadline - time.monotonic()
            if left <= 0:
                shown = [words_of(message) for message in await self.reads(chat)][-5:]
                raise NotSeenError(f"{self.name} waited for {what} and sees {shown}.")
            page = await self._page(chat, page["seq"], min(left, LONG_POLL))


def words_of(message: JsonObject) -> str:
    """Return the text that a message shows, with its button labels."""
    return "\n".join([message.get("text") or message.get("caption") or "", *_labels(message)])


def _labels(message: JsonObject) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def all_of(*actions: Any) -> list[Any]:
    """Let people act at the same moment and return what each got."""
    return list(await asyncio.gather(*actions))


def _object(content: Any) -> JsonObject:
    if not isinstance(content, dict):
        raise TypeError("The sandbox answered something else than an object.")
    return content
