"""The world: who exists, which chats there are, and the numbered row of what happens."""

import random
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import BotApiError, PersonRefused
from sandbox.events import Event, Events
from sandbox.model import Bot, Chat, ChatKind, JsonObject, Member, Person, StoredFile, StoredMessage, Tap, filled
from sandbox.signals import Bells
from sandbox.updates import UpdateQueue, Updates

TOKEN = re.compile(r"(\d{1,15}):[A-Za-z0-9_-]{35}")
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}")
FIRST_PERSON = 5_000_000_001
FIRST_GROUP = -4_000_000_001
FIRST_SUPERGROUP = -1_002_000_000_001


@dataclass
class WorldState:
    """All that survives a restart."""

    people: dict[int, Person] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    queues: dict[int, UpdateQueue] = field(default_factory=dict)
    seq: int = 0
    next_person: int = FIRST_PERSON
    next_group: int = FIRST_GROUP
    next_supergroup: int = FIRST_SUPERGROUP


class World:
    """The people, bots and chats, found by the names that people and bots use."""

    def __init__(self, clock: Clock, state: WorldState | None = None, seed: int = 0) -> None:
        self.clock = clock
        self.state = state or WorldState()
        self.random = random.Random(seed)
        self.bells = Bells()
        self.events = Events()
        self.updates = Updates(self.state.queues, clock, self.bells)
        self.contents: dict[str, bytes] = {}

    def date(self) -> int:
        """Return the domain time as Telegram dates things."""
        return int(self.clock.timestamp())

    # People and bots

    def add_person(self, **fields: Any) -> Person:
        """Create a person with the next free id."""
        while self.state.next_person in self.state.bots:
            self.state.next_person += 1
        person = Person(id=self.state.next_person, **fields)
        self.state.next_person += 1
        self.state.people[person.id] = person
        self.bells.ring("saved")
        return person

    def add_bot(self, token: str, username: str | None = None, first_name: str | None = None) -> Bot:
        """Create or rename the bot of this token; a malformed token raises ValueError."""
        shape = TOKEN.fullmatch(token)
        if shape is None:
            raise ValueError("A bot token looks like 123456:<35 letters, digits, - or _>.")
        if username is not None and not USERNAME.fullmatch(username):
            raise ValueError(f"{username!r} is no bot username: 3 to 32 letters, digits and _, a letter first.")
        bot_id = int(shape[1])
        bot = self.state.bots.get(bot_id)
        if bot is None:
            name = username or f"bot{bot_id}_bot"
            bot = self.state.bots[bot_id] = Bot(bot_id, token, name, first_name or name)
            self.state.queues.setdefault(bot_id, UpdateQueue(next_id=self.random.randrange(10**8, 9 * 10**8)))
        bot.username = username or bot.username
        bot.first_name = first_name or bot.first_name
        return bot

    def bot_of(self, token: str) -> Bot:
        """Return the bot of this token, made on its first use; Telegram's 401 for a token that cannot be."""
        shape = TOKEN.fullmatch(token)
        if shape is None:
            raise BotApiError(404, "Not Found")
        known = self.state.bots.get(int(shape[1]))
        if known is None and int(shape[1]) not in self.state.people:
            return self.add_bot(token)
        if known is None or known.token != token:
            raise BotApiError(401, "Unauthorized")
        return known

    def person(self, person_id: int) -> Person:
        """Return this person; a stranger is refused with 404."""
        if person := self.state.people.get(person_id):
            return person
        raise PersonRefused(f"There is no person {person_id}.", 404)

    def bot(self, name: str | int) -> Bot:
        """Find a bot by id or username (with or without @)."""
        text = str(name).removeprefix("@").lower()
        for bot in self.state.bots.values():
            if text in {str(bot.id), bot.username.lower()}:
                return bot
        raise PersonRefused(f"There is no bot {name}.", 404)

    def user(self, user_id: int) -> JsonObject:
        """Return Telegram's User of a person or a bot."""
        known = self.state.people.get(user_id) or self.state.bots[user_id]
        return known.user()

    # Chats

    def add_group(self, title: str, kind: ChatKind, owner: Person, *, is_forum: bool = False) -> Chat:
        """Create a group or supergroup with its owner in it."""
        chat = self._numbered(title, kind)
        chat.is_forum = is_forum
        chat.members[owner.id] = Member(owner.id, "creator")
        return chat

    def _numbered(self, title: str, kind: ChatKind) -> Chat:
        if kind == "supergroup":
            chat_id, self.state.next_supergroup = self.state.next_supergroup, self.state.next_supergroup - 1
        else:
            chat_id, self.state.next_group = self.state.next_group, self.state.next_group - 1
        chat = self.state.chats[str(chat_id)] = Chat(str(chat_id), chat_id, kind, title)
        return chat

    def successor(self, chat: Chat) -> Chat:
        """Create the supergroup that a group becomes: same title and members, a new id."""
        heir = self._numbered(chat.title or "", "supergroup")
        heir.members, chat.members = chat.members, {}
        heir.description = chat.description
        chat.migrated_to = heir.id
        return heir

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """Return the chat of this person with this bot, made when it is missing."""
        key = f"{bot.id}/{person.id}"
        if key not in self.state.chats:
            self.state.chats[key] = Chat(key, person.id, "private", person_id=person.id, bot_id=bot.id)
        return self.state.chats[key]

    def group(self, chat_id: int | str) -> Chat:
        """Return this group; an unknown id is refused with 404, a migrated one with 409."""
        chat = self.state.chats.get(str(chat_id))
        if chat is None or chat.is_private:
            raise PersonRefused(f"There is no group {chat_id}.", 404)
        if chat.migrated_to is not None:
            raise PersonRefused(f"Group {chat_id} became supergroup {chat.migrated_to}.", 409)
        return chat

    def chat_of_person(self, person: Person, name: str) -> Chat:
        """Return a chat by the name a person uses: a group's id, or the bot on the other side."""
        if name.startswith("-"):
            return self.group(name)
        return self.private_chat(self.bot(name), person)

    def sees(self, person_id: int, chat: Chat) -> bool:
        """Whether this chat is on the person's phone."""
        if chat.is_private:
            return chat.person_id == person_id
        return chat.migrated_to is None and chat.member(person_id).inside

    def bots_in(self, chat: Chat) -> list[Bot]:
        """Return the bots that are in the chat now."""
        if chat.bot_id is not None:
            return [self.state.bots[chat.bot_id]]
        bots = (self.state.bots.get(user_id) for user_id in chat.members)
        return [bot for bot in bots if bot is not None and chat.members[bot.id].inside]

    def chat_object(self, chat: Chat) -> JsonObject:
        """Return Telegram's Chat as the bot sees it."""
        if chat.person_id is not None:
            person = self.state.people[chat.person_id]
            return {"id": person.id, "type": "private"} | person.names() | filled(username=person.username)
        fields = filled(username=chat.username, is_forum=chat.is_forum or None)
        return {"id": chat.id, "type": chat.kind, "title": chat.title} | fields

    # What happens

    def next_seq(self) -> int:
        """Return the next number of the row of events."""
        self.state.seq += 1
        return self.state.seq

    def tell(
        self, chat: Chat, kind: str, message: StoredMessage | None = None, *, only: int | None = None, **extra: Any
    ) -> None:
        """Put a happening of this chat in the row and wake those who wait for it."""
        seq = chat.seq = self.next_seq()
        body: JsonObject = {"seq": seq, "type": kind, "chat": chat.bot_id or chat.id, **extra}
        if message is not None:
            message.seq = seq
            message.born = message.born or seq
            body["message"] = shown(message)
        if chat.person_id is not None:
            body["person_id"] = chat.person_id
        receiver = only if message is None else message.receiver
        self.events.add(Event(seq, chat.key, receiver, body))
        self._wake(chat.key)

    def tell_all(self, kind: str, **extra: Any) -> None:
        """Put a happening that concerns everybody in the row."""
        seq = self.next_seq()
        self.events.add(Event(seq, "", None, {"seq": seq, "type": kind, **extra}))
        self._wake("")

    def _wake(self, chat_key: str) -> None:
        self.bells.ring(("chat", chat_key))
        self.bells.ring("events")
        self.bells.ring("saved")


def shown(message: StoredMessage) -> JsonObject:
    """Return the message with what a phone knows beside it."""
    extras = {"seq": message.seq, "deleted": message.deleted, "edited_count": message.edits}
    reactions = _counted(message.reactions) or None
    return message.body | extras | filled(replaces_message_id=message.replaces, reactions=reactions)


def _counted(reactions: dict[int, list[JsonObject]]) -> list[JsonObject]:
    """Return Telegram's ReactionCount of each emoji, and whose they are."""
    users: dict[str, list[int]] = {}
    for user_id, kinds in reactions.items():
        for kind in kinds:
            users.setdefault(kind["emoji"], []).append(user_id)
    return [
        {"type": {"type": "emoji", "emoji": emoji}, "total_count": len(ids), "user_ids": ids}
        for emoji, ids in users.items()
    ]
