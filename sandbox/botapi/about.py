"""What a bot says about itself: getMe, commands, descriptions, menu button; files and profile photos."""

from sandbox.botapi.registry import Call, method
from sandbox.errors import bad_request
from sandbox.menus import command_key
from sandbox.model import JsonObject
from sandbox.webapps import is_allowed


@method("getMe")
def get_me(call: Call) -> JsonObject:
    """Return the bot itself."""
    return call.bot.me()


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """Set the command menu of a scope and language."""
    call.bot.commands[command_key(call.get("scope"), call.get("language_code"))] = call.params["commands"]
    call.world.tell_all("commands", bot=call.bot.id)
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[JsonObject]:
    """Return the command menu of exactly this scope and language."""
    return call.bot.commands.get(command_key(call.get("scope"), call.get("language_code")), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """Remove the command menu of a scope and language."""
    call.bot.commands.pop(command_key(call.get("scope"), call.get("language_code")), None)
    call.world.tell_all("commands", bot=call.bot.id)
    return True


def _set(call: Call, texts: dict[str, str], field: str) -> bool:
    language = call.get("language_code") or ""
    if text := call.get(field):
        texts[language] = text
    else:
        texts.pop(language, None)
    call.world.tell_all("bot", bot=call.bot.id)
    return True


def _get(call: Call, texts: dict[str, str], field: str, default: str = "") -> JsonObject:
    return {field: texts.get(call.get("language_code") or "", texts.get("", default))}


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    """Set what an empty chat with the bot shows."""
    return _set(call, call.bot.descriptions, "description")


@method("getMyDescription")
def get_my_description(call: Call) -> JsonObject:
    """Return what an empty chat with the bot shows."""
    return _get(call, call.bot.descriptions, "description")


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    """Set what the bot's profile shows."""
    return _set(call, call.bot.short_descriptions, "short_description")


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> JsonObject:
    """Return what the bot's profile shows."""
    return _get(call, call.bot.short_descriptions, "short_description")


@method("setMyName")
def set_my_name(call: Call) -> bool:
    """Set the bot's name; the one without a language is the name in messages."""
    if not call.get("language_code") and call.get("name"):
        call.bot.first_name = call.params["name"]
    return _set(call, call.bot.names, "name")


@method("getMyName")
def get_my_name(call: Call) -> JsonObject:
    """Return the bot's name."""
    return _get(call, call.bot.names, "name", call.bot.first_name)


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """Set the button left of the input line, for one private chat or for all."""
    url = (call.get("menu_button") or {}).get("web_app", {}).get("url")
    if url is not None and not is_allowed(url):
        raise bad_request(f"menu button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    call.bot.menu_buttons[str(call.get("chat_id") or "")] = call.get("menu_button") or {"type": "default"}
    call.world.tell_all("bot", bot=call.bot.id)
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> JsonObject:
    """Return the button left of the input line."""
    buttons = call.bot.menu_buttons
    return buttons.get(str(call.get("chat_id") or ""), buttons.get("", {"type": "commands"}))


@method("getFile")
def get_file(call: Call) -> JsonObject:
    """Return where a file can be fetched."""
    file = call.world.state.files.get(call.params["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    return file.reference() | {"file_path": file.path}


@method("getUserProfilePhotos")
def get_user_profile_photos(call: Call) -> JsonObject:
    """Return no photos: the people of the sandbox have coloured initials."""
    if call.params["user_id"] not in call.world.state.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
