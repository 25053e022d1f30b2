"""Refusals in Telegram's own words, and refusals to people who use the sandbox."""

from typing import Any


class BotApiError(Exception):
    """A Bot API call ends with this code and description; parameters ride along as Telegram sends them."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str, **parameters: int) -> BotApiError:
    """Return the 400 of this reason."""
    return BotApiError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> BotApiError:
    """Return the 403 of this reason."""
    return BotApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> BotApiError:
    """Return the 429 that asks to wait this many seconds."""
    return BotApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


class PersonRefused(Exception):  # noqa: N818 - a refusal, as people meet it
    """What a person tried is not possible; the sentence says why, the status is HTTP's."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
