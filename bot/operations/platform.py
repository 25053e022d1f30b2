"""One plain question to the Bot API, without the weight of a bot library."""

from typing import Any

import httpx

from bot.settings import Settings

OFFICIAL = "https://api.telegram.org"
PATIENCE = 10.0


class PlatformError(RuntimeError):
    """The Bot API did not answer the question; the message says why."""


def ask(settings: Settings, method: str) -> dict[str, Any]:
    """The result of a Bot API method without parameters, such as getMe.

    Raises:
        PlatformError: no token, no answer, or a refusal.
    """
    if settings.bot_token is None:
        raise PlatformError("BOT_TOKEN is not set.")
    server = (settings.bot_api_url or OFFICIAL).rstrip("/")
    try:
        answer = httpx.get(f"{server}/bot{settings.bot_token.get_secret_value()}/{method}", timeout=PATIENCE).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise PlatformError(f"{server} does not answer as a Bot API ({type(error).__name__}).") from error
    found = answer if isinstance(answer, dict) else {}
    result = found.get("result")
    if not isinstance(result, dict):
        raise PlatformError(f"{server} refused {method}: {found.get('description', 'no reason given')}.")
    return result
