"""The choose-a-chat button of a reply keyboard: a group picked or made, the bot brought in, the bot told."""

from sandbox import membership, messages
from sandbox.errors import PersonRefused
from sandbox.model import Chat, JsonObject, Person, filled
from sandbox.world import World


def wanted_by(chat: Chat, person: Person, request_id: int) -> JsonObject:
    """Return what the button with this number asks for; only a keyboard that lies below the chat can be pressed."""
    keyboard = chat.keyboards.get(person.id) or {}
    for button in (entry for row in keyboard.get("keyboard", ()) for entry in row):
        wanted = button.get("request_chat") if isinstance(button, dict) else None
        if isinstance(wanted, dict) and wanted["request_id"] == request_id:
            return wanted
    raise PersonRefused(f"No button of this keyboard asks for a chat with the number {request_id}.", 404)


def share_chat(world: World, private: Chat, person: Person, wanted: JsonObject, group: Chat) -> None:
    """Hand a group to the bot of this private chat, which comes into it with the rights that it asked for."""
    if group.is_private or wanted["chat_is_channel"]:
        raise PersonRefused("The bot asks for another kind of chat.", 409)
    standing = group.member(person.id)
    if wanted.get("chat_is_created") and standing.status != "creator":
        raise PersonRefused(f"{person.first_name} does not own this group.", 403)
    for right, needed in (wanted.get("user_administrator_rights") or {}).items():
        if needed and not standing.may(right):
            raise PersonRefused(f"{person.first_name} lacks the right {right} in this group.", 403)
    bot = world.state.bots[private.bot_id or 0]
    rights = wanted.get("bot_administrator_rights")
    if rights is not None or wanted.get("bot_is_member"):
        membership.add_bot(world, group, person, bot, None, rights)
    title = group.title if wanted.get("request_title") else None
    shared = {"request_id": wanted["request_id"], "chat_id": group.id} | filled(title=title)
    if (private.keyboards.get(person.id) or {}).get("one_time_keyboard"):
        del private.keyboards[person.id]
    messages.post(world, private, person.id, {"chat_shared": shared})
