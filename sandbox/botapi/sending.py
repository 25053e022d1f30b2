"""Methods that put a message into a chat."""

from sandbox import messages
from sandbox.botapi.content import caption_of, markup_of, text_of
from sandbox.botapi.ephemeral import receiver_of, replaced_by
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import chat_of, message_of
from sandbox.botapi.uploads import file_of
from sandbox.errors import BotApiError, bad_request
from sandbox.model import Chat, JsonObject, StoredMessage, filled

NOT_PLAYED = (
    "business_connection_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
    "video_start_timestamp",
)


@method("sendMessage")
def send_message(call: Call) -> JsonObject:
    """Send a text."""
    chat = chat_of(call)
    return send(call, chat, text_of(call))


@method("sendPhoto")
def send_photo(call: Call) -> JsonObject:
    """Send a photo with an optional caption."""
    chat = chat_of(call)
    photo = file_of(call.world, call.files, "photo", call.get("photo"), photo=True)
    looks = filled(
        has_media_spoiler=call.get("has_spoiler"), show_caption_above_media=call.get("show_caption_above_media")
    )
    return send(call, chat, {"photo": [photo.photo_size()]} | caption_of(call) | looks)


@method("sendDocument")
def send_document(call: Call) -> JsonObject:
    """Send a file with an optional caption."""
    chat = chat_of(call)
    document = file_of(call.world, call.files, "document", call.get("document"), photo=False)
    return send(call, chat, {"document": document.document()} | caption_of(call))


@method("copyMessage")
def copy_message(call: Call) -> JsonObject:
    """Send the content of a message again, as the bot's own."""
    chat = chat_of(call)
    original = _original(call, "message to copy not found")
    content = messages.content_of(original)
    if "caption" in call.params:
        content = {k: v for k, v in content.items() if k not in {"caption", "caption_entities"}} | caption_of(call)
    return {"message_id": send(call, chat, content)["message_id"]}


@method("forwardMessage")
def forward_message(call: Call) -> JsonObject:
    """Forward a message with its origin."""
    chat = chat_of(call)
    original = _original(call, "message to forward not found")
    return send(call, chat, messages.content_of(original) | {"forward_origin": messages.forward_origin(original)})


def _original(call: Call, missing: str) -> StoredMessage:
    stored = message_of(chat_of(call, "from_chat_id"), call.params["message_id"], missing)
    if messages.SERVICE_FIELDS & stored.body.keys():
        raise bad_request("message can't be forwarded" if "forward" in missing else "message can't be copied")
    return stored


def send(call: Call, chat: Chat, content: JsonObject) -> JsonObject:
    """Post this content as the bot's message, with the buttons, reply and receiver that the call names."""
    for name in NOT_PLAYED:
        if call.get(name):
            raise BotApiError(501, f"Not Implemented: {call.method} with {name} is not implemented by the sandbox")
    receiver = receiver_of(call, chat)
    markup = markup_of(call, chat)
    reply_to = _reply_to(call, chat)
    _check_write(call, chat)
    call.limiter.admit(call.method, call.bot.id, chat, receiver=receiver)
    stored = messages.post(
        call.world,
        chat,
        call.bot.id,
        messages.with_keyboard(content, markup) | filled(has_protected_content=call.get("protect_content") or None),
        reply_to=reply_to,
        receiver=receiver,
        replaces=replaced_by(call, chat),
        editable=markup is None or "inline_keyboard" in markup,
    )
    messages.take_keyboard(chat, markup, _keyboard_holders(chat, markup, reply_to, receiver))
    return stored.body


def _check_write(call: Call, chat: Chat) -> None:
    if chat.is_private:
        return
    standing = chat.member(call.bot.id)
    allowed = standing.permissions if standing.status == "restricted" else chat.permissions
    if not standing.administers and not allowed.get("can_send_messages", True):
        raise bad_request("not enough rights to send text messages to the chat")


def _reply_to(call: Call, chat: Chat) -> StoredMessage | None:
    wanted = call.get("reply_parameters") or {}
    message_id = wanted.get("message_id") or call.get("reply_to_message_id")
    if not message_id:
        return None
    stored = chat.messages.get(message_id)
    if stored is not None and not stored.deleted:
        return stored
    if wanted.get("allow_sending_without_reply") or call.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _keyboard_holders(
    chat: Chat, markup: JsonObject | None, reply_to: StoredMessage | None, receiver: int | None
) -> list[int]:
    if chat.person_id is not None:
        return [chat.person_id]
    if receiver is not None:
        return [receiver]
    if markup and markup.get("selective"):
        return [reply_to.author] if reply_to else []
    return [member.user_id for member in chat.inside()] if markup else []
