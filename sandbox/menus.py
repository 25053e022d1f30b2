"""The command menu and menu button that one person sees in one chat."""

import json

from sandbox.model import Bot, Chat, JsonObject, Person


def command_key(scope: JsonObject | None, language: str | None) -> str:
    """Return the key under which commands of a scope and language are kept."""
    return json.dumps([scope or {"type": "default"}, language or ""], sort_keys=True)


def menus_of(bot: Bot) -> list[JsonObject]:
    """Return every command list of the bot with its scope and language code."""
    keys = [(json.loads(key), commands) for key, commands in bot.commands.items()]
    return [{"scope": scope, "language_code": language, "commands": rows} for (scope, language), rows in keys]


def commands_for(bot: Bot, chat: Chat, person: Person) -> list[JsonObject]:
    """Return the commands of the narrowest scope that fits, the person's language before none."""
    for scope in _scopes(chat, person):
        for language in (person.language_code.split("-")[0], ""):
            if (found := bot.commands.get(command_key(scope, language))) is not None:
                return found
    return []


def _scopes(chat: Chat, person: Person) -> list[JsonObject]:
    ids: list[int | str] = [str(chat.id), chat.id]
    here: list[JsonObject] = [{"type": "chat", "chat_id": chat_id} for chat_id in ids]
    if chat.is_private:
        return [*here, {"type": "all_private_chats"}, {"type": "default"}]
    mine: list[JsonObject] = [{"type": "chat_member", "chat_id": c, "user_id": person.id} for c in ids]
    staff: list[JsonObject] = []
    if chat.member(person.id).administers:
        mine += [{"type": "chat_administrators", "chat_id": chat_id} for chat_id in ids]
        staff = [{"type": "all_chat_administrators"}]
    return [*mine, *here, *staff, {"type": "all_group_chats"}, {"type": "default"}]


def menu_button_for(bot: Bot, chat: Chat) -> JsonObject:
    """Return the button left of the input line in this private chat."""
    return bot.menu_buttons.get(str(chat.id)) or bot.menu_buttons.get("") or {"type": "commands"}
