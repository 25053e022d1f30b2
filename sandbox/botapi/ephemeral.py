"""Ephemeral messages: seen by one person in a group, without a number in the chat."""

from sandbox import messages
from sandbox.botapi.content import caption_of, markup_of, text_of
from sandbox.botapi.editing import change
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import group_of
from sandbox.errors import bad_request
from sandbox.model import Chat, StoredMessage, Tap


def _wish(call: Call) -> dict[str, object]:
    wish = dict(call.get("ephemeral_message_parameters") or {})
    if "receiver_user_id" in call.params:
        wish = {"receiver_user_id": call.params["receiver_user_id"], "callback_query_id": call.get("callback_query_id")}
    return wish


def receiver_of(call: Call, chat: Chat) -> int | None:
    """Return who alone shall see the message; None for an ordinary one, Telegram's 400 when that cannot be."""
    receiver = _wish(call).get("receiver_user_id")
    if receiver is None:
        return None
    if chat.is_private:
        raise bad_request("ephemeral messages can be sent only to group and supergroup chats")
    if not isinstance(receiver, int) or receiver not in call.world.state.people or not chat.member(receiver).inside:
        raise bad_request("ephemeral message receiver not found")
    _tap(call)
    return receiver


def _tap(call: Call) -> Tap | None:
    tap_id = _wish(call).get("callback_query_id")
    if tap_id is None:
        return None
    tap = call.world.state.taps.get(str(tap_id))
    if tap is None or tap.bot_id != call.bot.id:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return tap


def replaced_by(call: Call, chat: Chat) -> int | None:
    """Return the message that the ephemeral one shall cover on the receiver's phone."""
    tap = _tap(call)
    if tap is None or not _wish(call).get("replace_callback_query_message"):
        return None
    return tap.message_id if tap.chat_key == chat.key else None


def _mine(call: Call) -> tuple[Chat, StoredMessage]:
    chat = group_of(call)
    stored = chat.ephemeral.get(call.params["ephemeral_message_id"])
    mine = stored is not None and stored.author == call.bot.id and not stored.deleted
    if stored is None or not mine or stored.receiver != call.params["receiver_user_id"]:
        raise bad_request(
            "message to edit not found" if call.method != "deleteEphemeralMessage" else "message to delete not found"
        )
    return chat, stored


@method("editEphemeralMessageText")
def edit_text(call: Call) -> bool:
    """Change an ephemeral text."""
    chat, stored = _mine(call)
    change(call, chat, stored, text_of(call), drop=("text", "entities"))
    return True


@method("editEphemeralMessageCaption")
def edit_caption(call: Call) -> bool:
    """Change an ephemeral caption."""
    chat, stored = _mine(call)
    change(call, chat, stored, caption_of(call), drop=("caption", "caption_entities"))
    return True


@method("editEphemeralMessageReplyMarkup")
def edit_markup(call: Call) -> bool:
    """Change the buttons of an ephemeral message."""
    chat, stored = _mine(call)
    markup_of(call, chat)
    change(call, chat, stored, {}, drop=())
    return True


@method("deleteEphemeralMessage")
def delete(call: Call) -> bool:
    """Take an ephemeral message off the receiver's phone."""
    chat, stored = _mine(call)
    messages.delete(call.world, chat, stored)
    return True
