"""How a bot receives updates: long polling or a webhook."""

from urllib.parse import urlsplit

from sandbox.botapi.registry import Call, method
from sandbox.errors import BotApiError, bad_request
from sandbox.model import JsonObject, filled
from sandbox.updates import UpdateQueue, Webhook

LONGEST_POLL = 50
POLL_BATCH = 100


@method("getUpdates")
async def get_updates(call: Call) -> list[JsonObject]:
    """Return waiting updates, confirming those below the offset; waits up to the time-out for the first."""
    queue = call.world.updates.queue(call.bot.id)
    if queue.webhook is not None:
        raise BotApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active;"
            " use deleteWebhook to delete the webhook first",
        )
    _allow(call, queue)
    if offset := call.get("offset"):
        confirmed = queue.confirm_below(offset)
        if confirmed and call.faults.strike("getUpdates", None, {"repeat_updates"}):
            call.world.updates.repeat(call.bot.id, confirmed)
    seconds = min(max(call.get("timeout", 0), 0), LONGEST_POLL)
    return await call.world.updates.poll(call.bot.id, call.get("limit", POLL_BATCH), seconds)


def _allow(call: Call, queue: UpdateQueue) -> None:
    if "allowed_updates" in call.params:
        queue.allowed = call.params["allowed_updates"] or None


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Have updates posted to an address; an empty one returns to long polling."""
    queue = call.world.updates.queue(call.bot.id)
    _allow(call, queue)
    if call.get("drop_pending_updates"):
        queue.confirm_below(queue.next_id)
    url = call.get("url")
    if not url:
        queue.webhook = None
    else:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        queue.webhook = Webhook(url, call.get("secret_token"), call.get("max_connections", 40))
    call.world.bells.ring("webhooks")
    call.world.bells.ring(("updates", call.bot.id))
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Return to long polling."""
    queue = call.world.updates.queue(call.bot.id)
    queue.webhook = None
    if call.get("drop_pending_updates"):
        queue.confirm_below(queue.next_id)
    call.world.bells.ring("webhooks")
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> JsonObject:
    """Return the state of the webhook."""
    queue = call.world.updates.queue(call.bot.id)
    webhook = queue.webhook
    info = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(queue.pending),
    }
    more = filled(allowed_updates=queue.allowed)
    if webhook:
        more |= filled(
            max_connections=webhook.max_connections,
            last_error_date=webhook.last_error_date,
            last_error_message=webhook.last_error_message,
        )
    return info | more
