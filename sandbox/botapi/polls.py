"""Methods about polls; regular ones are played, quizzes and timed ones are not."""

from sandbox import polls
from sandbox.botapi.content import markup_of
from sandbox.botapi.registry import Call, method
from sandbox.botapi.sending import send
from sandbox.botapi.targets import chat_of, message_of
from sandbox.errors import BotApiError, bad_request
from sandbox.model import JsonObject, filled

NOT_PLAYED = (
    "question_parse_mode",
    "question_entities",
    "shuffle_options",
    "allow_adding_options",
    "hide_results_until_closes",
    "members_only",
    "country_codes",
    "open_period",
    "close_date",
    "description",
    "media",
)
MOST_OPTIONS = 12


@method("sendPoll")
def send_poll(call: Call) -> JsonObject:
    """Send a regular poll."""
    chat = chat_of(call)
    refused = [name for name in NOT_PLAYED if call.get(name)]
    if call.get("type", "regular") != "regular":
        refused.append("type quiz")
    if refused:
        raise BotApiError(501, f"Not Implemented: sendPoll with {refused[0]} is not implemented by the sandbox")
    settings = {name: call.get(name) for name in ("is_anonymous", "allows_multiple_answers", "allows_revoting")}
    poll = polls.new_poll(call.world, call.params["question"], _options(call), **filled(**settings))
    return send(call, chat, {"poll": poll | {"is_closed": bool(call.get("is_closed"))}})


def _options(call: Call) -> list[str]:
    options = call.params["options"]
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise bad_request(f"poll must have at least 1 and at most {MOST_OPTIONS} options")
    texts = [option if isinstance(option, str) else option["text"] for option in options]
    if len(set(texts)) != len(texts):
        raise bad_request("poll options must be unique")
    return texts


@method("stopPoll")
def stop_poll(call: Call) -> JsonObject:
    """Close a poll of the bot's own, with these buttons or none, and return how it ended."""
    chat = chat_of(call)
    stored = message_of(chat, call.params["message_id"], "message with poll to stop not found")
    if stored.author != call.bot.id or "poll" not in stored.body:
        raise bad_request("poll can't be stopped")
    if stored.body["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    return polls.stop(call.world, chat, stored, markup_of(call, chat))
