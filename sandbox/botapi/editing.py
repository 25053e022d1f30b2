"""Methods that change or delete a message."""

from dataclasses import replace

from sandbox import messages
from sandbox.botapi.content import caption_of, markup_of, text_of
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import chat_of, message_of
from sandbox.botapi.uploads import file_of
from sandbox.errors import BotApiError, bad_request
from sandbox.model import Chat, JsonObject, StoredMessage

DAY = 86_400
MEDIA = ("photo", "document")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


@method("editMessageText")
def edit_text(call: Call) -> JsonObject:
    """Change the text of the bot's own message."""
    chat, stored = _mine(call)
    content = text_of(call)
    if "text" not in stored.body:
        raise bad_request("there is no text in the message to edit")
    return change(call, chat, stored, content, drop=("text", "entities"))


@method("editMessageCaption")
def edit_caption(call: Call) -> JsonObject:
    """Change the caption of the bot's own photo or file."""
    chat, stored = _mine(call)
    if not any(kind in stored.body for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return change(call, chat, stored, caption_of(call), drop=("caption", "caption_entities"))


@method("editMessageReplyMarkup")
def edit_markup(call: Call) -> JsonObject:
    """Change or remove the buttons of the bot's own message."""
    chat, stored = _mine(call)
    return change(call, chat, stored, {}, drop=())


@method("editMessageMedia")
def edit_media(call: Call) -> JsonObject:
    """Put another photo or file in the place of the old one."""
    chat, stored = _mine(call)
    media = call.params["media"]
    if media["type"] not in MEDIA:
        raise BotApiError(
            501, f"Not Implemented: editMessageMedia to {media['type']} is not implemented by the sandbox"
        )
    photo = media["type"] == "photo"
    file = file_of(call.world, call.files, "media", media["media"], photo=photo)
    captioned = replace(call, params=media)
    content = {"photo": [file.photo_size()]} if photo else {"document": file.document()}
    dropped = ("text", "entities", "caption", "caption_entities", *MEDIA)
    return change(call, chat, stored, content | caption_of(captioned), drop=dropped)


def _mine(call: Call) -> tuple[Chat, StoredMessage]:
    if call.get("inline_message_id"):
        raise BotApiError(
            501, f"Not Implemented: {call.method} with inline_message_id is not implemented by the sandbox"
        )
    if call.get("chat_id") is None:
        raise bad_request("chat_id is empty")
    chat = chat_of(call)
    if not call.get("message_id"):
        raise bad_request("message identifier is not specified")
    stored = message_of(chat, call.params["message_id"], "message to edit not found")
    if stored.author != call.bot.id or not stored.editable or messages.SERVICE_FIELDS & stored.body.keys():
        raise bad_request("message can't be edited")
    return chat, stored


def change(call: Call, chat: Chat, stored: StoredMessage, content: JsonObject, *, drop: tuple[str, ...]) -> JsonObject:
    """Apply the new content, dropping buttons that are not given anew; Telegram's 400 when nothing would change."""
    new = messages.with_keyboard(content, markup_of(call, chat))
    dropped = (*drop, "reply_markup")
    if new == {name: stored.body[name] for name in dropped if name in stored.body}:
        raise bad_request(NOT_MODIFIED)
    call.limiter.admit(call.method, call.bot.id, chat)
    messages.edit(call.world, chat, stored, new, drop=dropped)
    return stored.body


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Delete a message: the bot's own within 48 hours, others' with the right to."""
    chat = chat_of(call)
    _delete(call, chat, message_of(chat, call.params["message_id"], "message to delete not found"))
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Delete up to 100 messages; those that cannot be found are skipped."""
    chat = chat_of(call)
    for message_id in call.params["message_ids"]:
        stored = chat.messages.get(message_id)
        if stored is not None and not stored.deleted:
            _delete(call, chat, stored)
    return True


def _delete(call: Call, chat: Chat, stored: StoredMessage) -> None:
    fresh = call.world.clock.timestamp() - stored.body["date"] < 2 * DAY
    own = fresh and (chat.is_private or stored.author == call.bot.id)
    if not own and not chat.member(call.bot.id).may("can_delete_messages"):
        raise bad_request("message can't be deleted")
    messages.delete(call.world, chat, stored)
