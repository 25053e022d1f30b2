"""Finding the chat, message or member that a call means, and refusing as Telegram does."""

from sandbox.botapi.registry import Call
from sandbox.errors import BotApiError, bad_request, forbidden
from sandbox.model import Chat, Member, StoredMessage


def chat_of(call: Call, name: str = "chat_id") -> Chat:
    """Return the chat the bot means; Telegram's 400 or 403 when the bot cannot reach it."""
    text = call.params[name]
    if text.startswith("@"):
        return _named(call, text[1:].lower())
    try:
        chat_id = int(text)
    except ValueError as fault:
        raise bad_request("chat not found") from fault
    return _private(call, chat_id) if chat_id > 0 else _group(call, call.world.state.chats.get(str(chat_id)))


def _named(call: Call, username: str) -> Chat:
    for chat in call.world.state.chats.values():
        if chat.username and chat.username.lower() == username:
            return _group(call, chat)
    raise bad_request("chat not found")


def _private(call: Call, person_id: int) -> Chat:
    state = call.world.state
    if person_id in state.bots:
        raise forbidden("bots can't send messages to bots")
    person = state.people.get(person_id)
    if person is None:
        raise bad_request("chat not found")
    if call.bot.id in person.blocked:
        raise forbidden("bot was blocked by the user")
    if call.bot.id not in person.opened:
        raise forbidden("bot can't initiate conversation with a user")
    return call.world.private_chat(call.bot, person)


def _group(call: Call, chat: Chat | None) -> Chat:
    if chat is None or chat.is_private:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    standing = chat.members.get(call.bot.id)
    if standing is None:
        raise bad_request("chat not found")
    if standing.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.called} chat")
    if not standing.inside:
        raise forbidden(f"bot is not a member of the {chat.called} chat")
    return chat


def migrated(chat_id: int) -> BotApiError:
    """Return the 400 that names the supergroup a group became."""
    return bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat_id)


def group_of(call: Call) -> Chat:
    """Return the group the bot means; a private chat is refused."""
    chat = chat_of(call)
    if chat.is_private:
        raise bad_request("method is available only for supergroup and channel chats")
    return chat


def message_of(chat: Chat, message_id: int | None, missing: str) -> StoredMessage:
    """Return a message of the chat that still stands; Telegram's 400 with this wording when it does not."""
    stored = chat.messages.get(message_id or 0)
    if stored is None or stored.deleted:
        raise bad_request(missing)
    return stored


def need_right(call: Call, chat: Chat, right: str, refusal: str) -> None:
    """Refuse with 400 unless the bot holds this administrator right in the group."""
    if not chat.is_private and not chat.member(call.bot.id).may(right):
        raise bad_request(refusal)


def member_of(call: Call, chat: Chat) -> Member:
    """Return the standing of the user the call means; Telegram's 400 for somebody unknown."""
    user_id = call.params["user_id"]
    state = call.world.state
    if user_id not in state.people and user_id not in state.bots:
        raise bad_request("invalid user_id specified")
    return chat.member(user_id)
