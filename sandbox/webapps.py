"""Mini Apps: the address that a client opens, with the signed words about who opens it.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import base64
import hashlib
import hmac
import json
from ipaddress import ip_address
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from sandbox.model import Bot, JsonObject, Person, filled
from sandbox.world import World

VERSION = "9.6"
PLATFORM = "weba"
THEME = {
    "bg_color": "#ffffff",
    "secondary_bg_color": "#ededed",
    "text_color": "#191919",
    "hint_color": "#737373",
    "link_color": "#576b95",
    "button_color": "#07c160",
    "button_text_color": "#ffffff",
}


def is_allowed(url: str) -> bool:
    """Whether a Mini App may stand there: https anywhere, plain http on this machine, as Telegram's test servers do."""
    parts = urlsplit(url)
    return bool(parts.netloc) and (
        parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def address(world: World, bot: Bot, person: Person, url: str, start: str | None) -> str:
    """The address with who opens it, when, and the client's looks in its fragment, as Telegram's clients make it."""
    parts = urlsplit(url)
    if start:
        query = "&".join(filter(None, [parts.query, urlencode({"tgWebAppStartParam": start})]))
        parts = parts._replace(query=query)
    launch = {
        "tgWebAppData": init_data(world, bot, person, start),
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": PLATFORM,
        "tgWebAppThemeParams": json.dumps(THEME),
    }
    fragment = "&".join(filter(None, [parts.fragment, urlencode(launch, quote_via=quote)]))
    return urlunsplit(parts._replace(fragment=fragment))


def init_data(world: World, bot: Bot, person: Person, start: str | None) -> str:
    """The query string that the bot's token signs; an app opened by a link has its parameter, any other a query id."""
    user = {**person.user(), "allows_write_to_pm": bot.id in person.opened}
    user.pop("is_bot", None)
    opened: JsonObject = {"query_id": None if start else f"AAH{world.random.getrandbits(62)}", "start_param": start}
    fields = filled(**opened) | {"user": json.dumps(user, ensure_ascii=False), "auth_date": str(world.date())}
    fields["signature"] = _unverifiable(fields)
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.digest(b"WebAppData", bot.token.encode(), hashlib.sha256)
    return urlencode(fields | {"hash": hmac.digest(secret, lines.encode(), hashlib.sha256).hex()}, quote_via=quote)


def _unverifiable(fields: JsonObject) -> str:
    """64 bytes where Telegram's own Ed25519 signature stands: nobody but Telegram can make a true one."""
    made = hashlib.sha512(json.dumps(fields).encode()).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
