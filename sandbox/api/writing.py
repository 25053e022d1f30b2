"""How what a person types becomes a message."""

import base64
import binascii

from sandbox import entities, messages, polls
from sandbox.api.bodies import NewMessage
from sandbox.botapi.uploads import Upload, store
from sandbox.errors import PersonRefused
from sandbox.model import Chat, JsonObject, Person, StoredMessage, filled
from sandbox.world import World

CONTENTS = ("text", "sticker", "photo_base64", "poll", "contact", "forward_from")


def open_chat(world: World, person: Person, name: str) -> Chat:
    """Return a chat the person may write to; writing to a bot opens the private chat with it."""
    chat = world.chat_of_person(person, name)
    if chat.bot_id is not None:
        if chat.bot_id in person.blocked:
            raise PersonRefused(f"{person.first_name} has blocked this bot: unblock it first.", 409)
        person.opened.add(chat.bot_id)
        return chat
    member = chat.member(person.id)
    if not member.inside:
        raise PersonRefused(f"{person.first_name} is not in this group.", 403)
    muted = member.status == "restricted" and not member.permissions.get("can_send_messages", False)
    if muted and not 0 < member.until <= world.clock.timestamp():
        raise PersonRefused(f"{person.first_name} may not write in this group.", 403)
    return chat


def write(world: World, chat: Chat, person: Person, content: JsonObject, reply_to: int | None = None) -> StoredMessage:
    """Post what the person wrote, as an answer to a message when one is named."""
    replied = chat.messages.get(reply_to) if reply_to is not None else None
    if reply_to is not None and (replied is None or replied.deleted):
        raise PersonRefused(f"There is no message {reply_to} in this chat.", 404)
    return messages.post(world, chat, person.id, content, reply_to=replied)


def content_of(world: World, person: Person, body: NewMessage) -> JsonObject:
    """Return the message's content; exactly one kind must be given."""
    given = [name for name in CONTENTS if getattr(body, name) is not None]
    if len(given) != 1:
        raise PersonRefused(f"A message holds exactly one of {', '.join(CONTENTS)}.", 422)
    match given[0]:
        case "text":
            return _text(body.text or "")
        case "sticker":
            return {"sticker": _sticker(body.sticker or "")}
        case "photo_base64":
            return _photo(world, body)
        case "poll":
            return {"poll": _poll(world, body.poll or {})}
        case "contact":
            return {"contact": body.contact.model_dump(exclude_none=True)} if body.contact else {}
        case _:
            return _forwarded(world, person, body)


def _text(raw: str) -> JsonObject:
    text = raw.strip()
    if not text:
        raise PersonRefused("A message needs more than blanks.", 422)
    return {"text": text} | filled(entities=entities.detected(text, []) or None)


def _sticker(emoji: str) -> JsonObject:
    looks = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    number = "".join(f"{ord(character):x}" for character in emoji)
    return looks | {"file_id": f"CAAC{number}", "file_unique_id": f"s{number}", "emoji": emoji}


def _photo(world: World, body: NewMessage) -> JsonObject:
    try:
        content = base64.b64decode(body.photo_base64 or "", validate=True)
    except binascii.Error as fault:
        raise PersonRefused("photo_base64 is not base64.", 422) from fault
    photo = store(world, Upload("photo.jpg", content, "image/jpeg"), photo=True)
    return {"photo": [photo.photo_size()]} | filled(caption=body.caption)


def _poll(world: World, poll: JsonObject) -> JsonObject:
    options = [str(option) for option in poll.get("options", ())]
    if not poll.get("question") or len(options) < 2:
        raise PersonRefused("A poll needs a question and at least two options.", 422)
    settings = {name: poll[name] for name in ("is_anonymous", "allows_multiple_answers") if name in poll}
    return polls.new_poll(world, poll["question"], options, **settings)


def _forwarded(world: World, person: Person, body: NewMessage) -> JsonObject:
    if body.forward_from is None:
        return {}
    source = world.chat_of_person(person, str(body.forward_from.chat))
    original = source.messages.get(body.forward_from.message_id)
    if original is None or original.deleted or not world.sees(person.id, source):
        raise PersonRefused("There is no such message to forward.", 404)
    return messages.content_of(original) | {"forward_origin": messages.forward_origin(original)}
