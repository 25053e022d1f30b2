"""What a message holds: text and caption with their entities, buttons and keyboards."""

from urllib.parse import urlsplit

from sandbox import entities
from sandbox.botapi.registry import Call
from sandbox.errors import BotApiError, bad_request
from sandbox.model import Chat, JsonObject, filled
from sandbox.webapps import is_allowed

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_BUTTONS = 100
MOST_IN_ROW = 8
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)


def text_of(call: Call) -> JsonObject:
    """Return text and entities of the call; Telegram's 400 when the text is empty or too long after parsing."""
    if call.get("rich_message") is not None:
        raise BotApiError(501, "Not Implemented: rich_message is not implemented by the sandbox")
    text, found = _formatted(call, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text} | filled(entities=found or None)


def caption_of(call: Call) -> JsonObject:
    """Return caption and entities of the call, both left out when there is none."""
    text, found = _formatted(call, "caption", "caption_entities")
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return filled(caption=text or None, caption_entities=found or None) if text else {}


def _formatted(call: Call, name: str, entities_name: str) -> tuple[str, list[JsonObject]]:
    raw = call.get(name, "")
    given = call.get(entities_name)
    text, found = (raw, given) if given and not call.get("parse_mode") else entities.parse(raw, call.get("parse_mode"))
    text, found = entities.trimmed(text, found)
    return text, sorted([*found, *entities.detected(text, found)], key=lambda entity: entity["offset"])


def markup_of(call: Call, chat: Chat) -> JsonObject | None:
    """Return the checked reply markup of the call."""
    markup: JsonObject | None = call.get("reply_markup")
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup, chat)
    for button in (button for row in markup.get("keyboard", ()) for button in row):
        _check_key(button, chat)
    return markup


def _inline_keyboard(markup: JsonObject, chat: Chat) -> JsonObject | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button, chat)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: JsonObject, chat: Chat) -> None:
    actions = [name for name in ACTIONS if name in button]
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Text must be non-empty")
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: only one of {', '.join(actions)} can be used")
    if "url" in button and not _is_link(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "web_app" in button:
        _check_web_app(button, chat, "inline keyboard")


def _check_web_app(button: JsonObject, chat: Chat, kind: str) -> None:
    if not chat.is_private:
        raise bad_request("BUTTON_TYPE_INVALID")
    url = button["web_app"]["url"]
    if not is_allowed(url):
        raise bad_request(f"{kind} button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _check_request(wanted: JsonObject, chat: Chat) -> None:
    """A chat can be asked for in private only, and the person must hold every right that the bot is to get."""
    if not chat.is_private:
        raise bad_request("BUTTON_TYPE_INVALID")
    held = wanted.get("user_administrator_rights") or {}
    if any(given and not held.get(right) for right, given in (wanted.get("bot_administrator_rights") or {}).items()):
        raise bad_request("BUTTON_USER_RIGHTS_INVALID")


def _is_link(url: str) -> bool:
    parts = urlsplit(url if "//" in url else f"http://{url}")
    return (
        parts.scheme in {"http", "https", "tg", "ton"}
        and bool(parts.netloc)
        and (parts.scheme == "tg" or "." in parts.netloc)
    )


def _check_key(button: JsonObject, chat: Chat) -> None:
    if wanted := button.get("request_chat"):
        _check_request(wanted, chat)
    if "web_app" in button:
        _check_web_app(button, chat, "keyboard")
    if chat.is_private:
        return
    if button.get("request_contact"):
        raise bad_request("phone number can be requested in private chats only")
    if button.get("request_location"):
        raise bad_request("location can be requested in private chats only")
