"""Methods about a chat as a whole."""

from sandbox import messages
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import chat_of, group_of, member_of, need_right
from sandbox.errors import bad_request
from sandbox.membership import leave
from sandbox.model import JsonObject, filled

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@method("getChat")
def get_chat(call: Call) -> JsonObject:
    """Return the full description of a chat."""
    chat = chat_of(call)
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    about = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, False)}
    primary = next((link.url for link in chat.links.values() if link.is_primary and not link.is_revoked), None)
    extras = filled(
        description=chat.description,
        pinned_message=pinned.body if pinned else None,
        permissions=None if chat.is_private else chat.permissions,
        invite_link=primary if chat.member(call.bot.id).may("can_invite_users") else None,
    )
    return call.world.chat_object(chat) | about | extras


@method("getChatMember")
def get_chat_member(call: Call) -> JsonObject:
    """Return the standing of one user."""
    chat = chat_of(call)
    return member_of(call, chat).chat_member(call.world.user(call.params["user_id"]))


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[JsonObject]:
    """Return the owner and the administrators that are people."""
    chat = chat_of(call)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    administrators = [member for member in chat.inside() if member.administers]
    bots = call.world.state.bots
    wanted = [m for m in administrators if m.user_id not in bots or call.get("return_bots") or m.user_id == call.bot.id]
    return [member.chat_member(call.world.user(member.user_id)) for member in wanted]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """Return how many are in the chat."""
    chat = chat_of(call)
    return 2 if chat.is_private else len(chat.inside())


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """Let the bot leave a group."""
    chat = chat_of(call)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    leave(call.world, chat, call.bot.id)
    return True


@method("setChatTitle")
def set_chat_title(call: Call) -> bool:
    """Rename a group."""
    chat = group_of(call)
    need_right(call, chat, "can_change_info", "not enough rights to change chat title")
    if chat.title == call.params["title"]:
        raise bad_request("chat title is not modified")
    chat.title = call.params["title"]
    messages.post(call.world, chat, call.bot.id, {"new_chat_title": chat.title})
    return True


@method("setChatDescription")
def set_chat_description(call: Call) -> bool:
    """Describe a group."""
    chat = group_of(call)
    need_right(call, chat, "can_change_info", "not enough rights to set chat description")
    wanted = call.get("description") or None
    if chat.description == wanted:
        raise bad_request("chat description is not modified")
    chat.description = wanted
    call.world.tell(chat, "chat")
    return True
