"""Reactions: the emoji that people and bots lay on messages."""

from sandbox.errors import bad_request
from sandbox.model import Chat, JsonObject, StoredMessage
from sandbox.world import World

# What ReactionTypeEmoji allows.
_ALLOWED = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
    "🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
EMOJI = frozenset(_ALLOWED.split())


def react(world: World, chat: Chat, stored: StoredMessage, user_id: int, reaction: list[JsonObject]) -> None:
    """Lay these reactions of one user on the message instead of the former; Telegram's 400 for an unknown emoji."""
    if any(kind["type"] != "emoji" or kind["emoji"] not in EMOJI for kind in reaction):
        raise bad_request("REACTION_INVALID")
    old = stored.reactions.pop(user_id, [])
    if reaction:
        stored.reactions[user_id] = reaction
    world.tell(chat, "reaction", stored, reaction=reaction, user_id=user_id)
    if user_id in world.state.people and reaction != old:
        _tell_bots(world, chat, stored, user_id, old)


def _tell_bots(world: World, chat: Chat, stored: StoredMessage, user_id: int, old: list[JsonObject]) -> None:
    change = {
        "chat": world.chat_object(chat),
        "message_id": stored.id,
        "user": world.user(user_id),
        "date": world.date(),
        "old_reaction": old,
        "new_reaction": stored.reactions.get(user_id, []),
    }
    for bot in world.bots_in(chat):
        if chat.is_private or chat.member(bot.id).administers:
            world.updates.add(bot.id, "message_reaction", change, f"chat:{chat.id}")
