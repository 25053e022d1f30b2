"""Methods that pin and unpin."""

from sandbox import messages
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import chat_of, message_of, need_right
from sandbox.errors import bad_request

NO_RIGHT = "not enough rights to manage pinned messages in the chat"


@method("pinChatMessage")
def pin(call: Call) -> bool:
    """Pin a message."""
    chat = chat_of(call)
    stored = message_of(chat, call.params["message_id"], "message to pin not found")
    need_right(call, chat, "can_pin_messages", NO_RIGHT)
    if messages.SERVICE_FIELDS & stored.body.keys():
        raise bad_request("service messages can't be pinned")
    messages.pin(call.world, chat, stored, call.bot.id)
    return True


@method("unpinChatMessage")
def unpin(call: Call) -> bool:
    """Unpin a message, the newest pinned one when none is named."""
    chat = chat_of(call)
    need_right(call, chat, "can_pin_messages", NO_RIGHT)
    wanted = call.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    messages.unpin(call.world, chat, [wanted])
    return True


@method("unpinAllChatMessages")
def unpin_all(call: Call) -> bool:
    """Unpin everything."""
    chat = chat_of(call)
    need_right(call, chat, "can_pin_messages", NO_RIGHT)
    messages.unpin(call.world, chat, list(chat.pinned))
    return True
