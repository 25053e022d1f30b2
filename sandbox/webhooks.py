"""Webhook delivery: in order, one update in flight per chat or user, repeated until it is taken."""

import asyncio
import json
from typing import Any

import httpx

from sandbox.errors import BotApiError
from sandbox.model import Bot, JsonObject
from sandbox.server import BotApi
from sandbox.updates import QueuedUpdate, UpdateQueue, Webhook
from sandbox.validation import method_name
from sandbox.world import World

TIMEOUT_SECONDS = 60.0
LONGEST_PAUSE = 60.0
RECHECK_SECONDS = 3600.0
NEVER_IN_RESPONSE = ("get", "setwebhook", "deletewebhook", "close", "logout")


class Webhooks:
    """Posts waiting updates of every bot that has a webhook, until stopped."""

    def __init__(self, world: World, bot_api: BotApi) -> None:
        self._world = world
        self._bot_api = bot_api
        self._lanes: dict[tuple[int, str], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Watch the queues; ends when the bells stop."""
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            while not self._world.bells.stopping:
                for bot_id, queue in self._world.state.queues.items():
                    if queue.webhook is not None:
                        self._open_lanes(client, bot_id, queue, queue.webhook)
                await self._world.bells.wait("webhooks", RECHECK_SECONDS)
            for lane in self._lanes.values():
                lane.cancel()
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    def _open_lanes(self, client: httpx.AsyncClient, bot_id: int, queue: UpdateQueue, webhook: Webhook) -> None:
        for update in self._world.updates.queue(bot_id).pending:
            if sum(1 for owner, _ in self._lanes if owner == bot_id) >= webhook.max_connections:
                return
            key = (bot_id, update.lane)
            if key not in self._lanes:
                self._lanes[key] = asyncio.create_task(self._drive(client, bot_id, queue, update.lane))

    async def _drive(self, client: httpx.AsyncClient, bot_id: int, queue: UpdateQueue, lane: str) -> None:
        """Deliver what waits in one lane, oldest first."""
        try:
            while update := next((one for one in queue.pending if one.lane == lane), None):
                if not await self._deliver(client, bot_id, queue, update):
                    return
        finally:
            del self._lanes[bot_id, lane]
            self._world.bells.ring("webhooks")

    async def _deliver(self, client: httpx.AsyncClient, bot_id: int, queue: UpdateQueue, update: QueuedUpdate) -> bool:
        """Post one update until it is taken; False when the webhook was removed meanwhile."""
        pause = 0.0
        while (webhook := queue.webhook) is not None:
            update.delivered += 1
            answer = await self._post(client, webhook, update)
            if answer is not None:
                if not self._bot_api.faults.strike("getUpdates", None, {"repeat_updates"}):
                    queue.confirm(update)
                await self._follow(self._world.state.bots[bot_id], answer)
                return True
            await self._world.clock.sleep_until(self._world.clock.timestamp() + pause)
            pause = min(LONGEST_PAUSE, max(1.0, pause * 2))
        return False

    async def _post(self, client: httpx.AsyncClient, webhook: Webhook, update: QueuedUpdate) -> httpx.Response | None:
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        body = json.dumps(update.whole(), ensure_ascii=False).encode()
        try:
            answer = await client.post(webhook.url, content=body, headers=headers)
        except httpx.HTTPError as fault:
            problem = f"Connection failed: {type(fault).__name__}"
        else:
            if answer.is_success:
                return answer
            problem = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        webhook.last_error_date = self._world.date()
        webhook.last_error_message = problem
        return None

    async def _follow(self, bot: Bot, answer: httpx.Response) -> None:
        """Run the method that the bot put into its answer; its result goes nowhere, as in Telegram."""
        call = _call_in(answer)
        if call is None:
            return
        try:
            name = method_name(str(call.pop("method")))
        except BotApiError:
            return
        if not name.lower().startswith(NEVER_IN_RESPONSE):
            await self._bot_api.perform(bot, name, call, {}, via="webhook")


def _call_in(answer: httpx.Response) -> JsonObject | None:
    if not answer.content:
        return None
    try:
        call: Any = answer.json()
    except ValueError:
        return None
    return call if isinstance(call, dict) and "method" in call else None
