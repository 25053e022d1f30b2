"""Presses on inline buttons: from the finger to the bot and the answer back."""

from sandbox.errors import PersonRefused, bad_request
from sandbox.model import Chat, JsonObject, Person, StoredMessage, Tap
from sandbox.world import World

LIFE_SECONDS = 150.0
KEPT = 20_000


def find_message(chat: Chat, person_id: int, message_id: int) -> StoredMessage:
    """Return a message by the id a phone knows; negative ids are ephemeral messages."""
    stored = chat.messages.get(message_id) if message_id > 0 else chat.ephemeral.get(-message_id)
    if stored is None or (stored.receiver is not None and stored.receiver != person_id):
        raise PersonRefused(f"There is no message {message_id} in this chat.", 404)
    return stored


def find_button(stored: StoredMessage, text: str | None, row: int | None, column: int | None) -> JsonObject:
    """Return the inline button with this label, or at this place (both count from 0)."""
    rows: list[list[JsonObject]] = stored.body.get("reply_markup", {}).get("inline_keyboard", [])
    if text is not None:
        for button in (button for line in rows for button in line):
            if button["text"] == text:
                return button
        for button in (button for line in rows for button in line):
            if text in button["text"]:
                return button
        raise PersonRefused(f"The message has no button {text!r}.", 404)
    if row is None or column is None or not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        raise PersonRefused("The message has no button there.", 404)
    return rows[row][column]


def press(world: World, chat: Chat, person: Person, stored: StoredMessage, data: str, *, forged: bool) -> Tap:
    """Send the press to the bot that wrote the message."""
    if stored.author not in world.state.bots:
        raise PersonRefused("Only a bot's message has buttons that answer.", 409)
    tap_id = str(world.random.getrandbits(62) | 1 << 61)
    tap = Tap(tap_id, stored.author, person.id, chat.key, stored.id, data, world.clock.patience(), forged)
    world.state.taps[tap_id] = tap
    while len(world.state.taps) > KEPT:
        world.state.taps.pop(next(iter(world.state.taps)))
    query = {
        "id": tap_id,
        "from": person.user(),
        "message": _as_sent(world, chat, stored),
        "chat_instance": str(hash_of(chat.key)),
        "data": data,
    }
    world.updates.add(stored.author, "callback_query", query, f"user:{person.id}")
    return tap


def _as_sent(world: World, chat: Chat, stored: StoredMessage) -> JsonObject:
    if stored.deleted:
        return {"chat": world.chat_object(chat), "message_id": stored.body["message_id"], "date": 0}
    return stored.body


def hash_of(key: str) -> int:
    """Return a number that stays the same for the same chat."""
    value = 7
    for byte in key.encode():
        value = (value * 1_000_003 + byte) % (1 << 62)
    return value


def answer(world: World, bot_id: int, tap_id: str, text: str | None, show_alert: bool, url: str | None) -> None:
    """Show the bot's answer to the person who pressed; Telegram's 400 once the press has outlived its 150 s."""
    tap = world.state.taps.get(tap_id)
    alive = tap is not None and tap.bot_id == bot_id and world.clock.patience() - tap.at <= LIFE_SECONDS
    if tap is None or not alive or tap.answered:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    tap.answered = True
    tap.seconds = world.clock.patience() - tap.at
    tap.answer = {"text": text, "show_alert": show_alert, "url": url}
    chat = world.state.chats[tap.chat_key]
    world.tell(chat, "tap_answered", only=tap.person_id, callback_query_id=tap.id, answer=tap.answer)
    world.bells.ring(("tap", tap.id))
