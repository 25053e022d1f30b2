"""Messages: posting, editing, deleting, pinning, and which bot gets to see which."""

from typing import Any

from sandbox.model import Bot, Chat, JsonObject, StoredMessage, filled
from sandbox.world import World

SERVICE_FIELDS = {
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "pinned_message",
    "group_chat_created",
    "supergroup_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "chat_shared",
    "web_app_data",
}


def post(
    world: World,
    chat: Chat,
    author: int,
    content: JsonObject,
    *,
    reply_to: StoredMessage | None = None,
    receiver: int | None = None,
    replaces: int | None = None,
    editable: bool = True,
) -> StoredMessage:
    """Put a message into the chat and queue it for the bots that may see it; a receiver makes it ephemeral."""
    body = _numbered(world, chat, receiver) | {
        "from": world.user(author),
        "chat": world.chat_object(chat),
        "date": world.date(),
    }
    if reply_to is not None:
        body["reply_to_message"] = {k: v for k, v in reply_to.body.items() if k != "reply_to_message"}
    stored = StoredMessage(body | content, author, receiver=receiver, replaces=replaces, editable=editable)
    (chat.messages if receiver is None else chat.ephemeral)[stored.id] = stored
    if author in world.state.bots and not SERVICE_FIELDS & content.keys():
        chat.last_bot = author
    world.tell(chat, "message", stored)
    if receiver is None:
        _feed(world, chat, stored)
    return stored


def _numbered(world: World, chat: Chat, receiver: int | None) -> JsonObject:
    if receiver is None:
        chat.last_message_id += 1
        return {"message_id": chat.last_message_id}
    chat.last_ephemeral_id += 1
    return {
        "message_id": 0,
        "ephemeral_message_id": chat.last_ephemeral_id,
        "receiver_user": world.user(receiver),
    }


def edit(world: World, chat: Chat, stored: StoredMessage, content: JsonObject, *, drop: tuple[str, ...] = ()) -> None:
    """Change the message in place; bots hear of people's edits only."""
    kept = {name: value for name, value in stored.body.items() if name not in drop}
    stored.body = kept | content | {"edit_date": world.date()}
    stored.edits += 1
    world.tell(chat, "edited", stored)
    if stored.author not in world.state.bots:
        for bot in world.bots_in(chat):
            if bot_sees(chat, bot, stored):
                world.updates.add(bot.id, "edited_message", stored.body, f"chat:{chat.id}")


def delete(world: World, chat: Chat, stored: StoredMessage) -> None:
    """Take the message off every phone; Telegram tells no bot."""
    stored.deleted = True
    if stored.receiver is None and stored.id in chat.pinned:
        chat.pinned.remove(stored.id)
    world.tell(chat, "deleted", stored)


def pin(world: World, chat: Chat, stored: StoredMessage, by: int) -> None:
    """Pin the message and post the service message about it."""
    if stored.id in chat.pinned:
        chat.pinned.remove(stored.id)
    chat.pinned.append(stored.id)
    world.tell(chat, "pinned", stored)
    post(world, chat, by, {"pinned_message": {k: v for k, v in stored.body.items() if k != "reply_to_message"}})


def unpin(world: World, chat: Chat, message_ids: list[int]) -> None:
    """Unpin these messages; silent, as in Telegram."""
    chat.pinned = [message_id for message_id in chat.pinned if message_id not in message_ids]
    world.tell(chat, "pinned")


def pinned(chat: Chat) -> list[StoredMessage]:
    """Return the pinned messages as they read now, the newest pin first."""
    return [chat.messages[message_id] for message_id in reversed(chat.pinned)]


def _feed(world: World, chat: Chat, stored: StoredMessage) -> None:
    for bot in world.bots_in(chat):
        if bot_sees(chat, bot, stored):
            world.updates.add(bot.id, "message", stored.body, f"chat:{chat.id}")


def bot_sees(chat: Chat, bot: Bot, stored: StoredMessage) -> bool:
    """Whether Telegram shows the message to the bot: its privacy mode hides plain group talk."""
    if SERVICE_FIELDS & stored.body.keys():
        return True
    if stored.author == bot.id or stored.body["from"]["is_bot"]:
        return False
    if chat.is_private or not bot.privacy_mode or chat.member(bot.id).administers:
        return True
    replied = stored.body.get("reply_to_message", {}).get("from", {}).get("id")
    return replied == bot.id or _is_command_for(chat, bot, stored.body)


def _is_command_for(chat: Chat, bot: Bot, body: JsonObject) -> bool:
    first = next(iter(body.get("entities", ())), None)
    if first is None or first["type"] != "bot_command" or first["offset"] != 0:
        return False
    _, _, addressee = body["text"].split()[0].partition("@")
    if addressee:
        return bool(addressee.lower() == bot.username.lower())
    return chat.last_bot in {None, bot.id}


def visible(chat: Chat, person_id: int) -> list[StoredMessage]:
    """Return the chat's messages on this person's phone, oldest first, the person's ephemeral ones among them."""
    ephemeral = [stored for stored in chat.ephemeral.values() if stored.receiver == person_id]
    if not ephemeral:
        return list(chat.messages.values())
    return sorted([*chat.messages.values(), *ephemeral], key=lambda stored: stored.born)


def content_of(stored: StoredMessage) -> JsonObject:
    """Return what a copy of the message holds: no sender, no dates, no buttons."""
    left_out = {"message_id", "from", "chat", "date", "edit_date", "reply_to_message", "reply_markup"}
    return {name: value for name, value in stored.body.items() if name not in left_out}


def forward_origin(stored: StoredMessage) -> JsonObject:
    """Return Telegram's MessageOriginUser of a forwarded message."""
    return {"type": "user", "date": stored.body["date"], "sender_user": stored.body["from"]}


def with_keyboard(content: JsonObject, markup: JsonObject | None) -> JsonObject:
    """Return the content with its inline keyboard; other markups are not part of a message."""
    return content | filled(reply_markup=markup if markup and "inline_keyboard" in markup else None)


def take_keyboard(chat: Chat, markup: JsonObject | None, people: list[int]) -> None:
    """Show or remove the reply keyboard on these people's phones."""
    for person_id in people:
        if markup and "keyboard" in markup:
            chat.keyboards[person_id] = markup
        elif markup and markup.get("remove_keyboard"):
            chat.keyboards.pop(person_id, None)


def used_keyboard(chat: Chat, person_id: int, text: Any) -> None:
    """Put a one-time keyboard away after one of its buttons was used."""
    markup = chat.keyboards.get(person_id)
    if not markup or not markup.get("one_time_keyboard"):
        return
    labels = [button["text"] for row in markup["keyboard"] for button in row]
    if text in labels:
        del chat.keyboards[person_id]
