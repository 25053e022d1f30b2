"""The Bot API over HTTP: reads a request, lets faults strike, checks, runs and records it."""

import asyncio
import inspect
import json
import re
import socket
import struct
from typing import Any, Literal

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox import membership
from sandbox.botapi import METHODS, Call
from sandbox.botapi.targets import migrated
from sandbox.botapi.uploads import Upload
from sandbox.errors import BotApiError, forbidden, too_many_requests
from sandbox.faults import FaultRule, Faults, Kind
from sandbox.limits import Limiter
from sandbox.model import Bot, JsonObject, filled
from sandbox.parcels import unpack
from sandbox.record import Record
from sandbox.validation import checked, method_name
from sandbox.world import World

PATH = re.compile(r"/bot([^/]+)/(\w+)/?")
FILE_PATH = re.compile(r"/file/bot([^/]+)/(.+)")
BEFORE: set[Kind] = {"too_many_requests", "server_error", "connection_reset", "blocked", "migrated", "slow"}
LONGEST_SILENCE = 3600.0
AFTER: set[Kind] = {"time_out_after_delivery", "reset_after_delivery"}


class BotApi:
    """An ASGI application that answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World, limiter: Limiter, faults: Faults, record: Record) -> None:
        self.world = world
        self.limiter = limiter
        self.faults = faults
        self.record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a call that a fault took away is answered with a cut line."""
        path = scope["path"]
        if path.startswith("/file/"):
            await self._file(path)(scope, receive, send)
            return
        try:
            answer, cut = await self._answer(Request(scope, receive), path)
        except ClientDisconnect:
            return
        if cut is None:
            await _response(answer)(scope, receive, send)
        else:
            await _cut(cut, receive, send, self.world)

    async def _answer(self, request: Request, path: str) -> tuple[JsonObject, Kind | None]:
        try:
            token, name = _parts(PATH, path)
            bot = self.world.bot_of(token)
            name = method_name(name)
            params, files = await unpack(request)
        except BotApiError as refusal:
            return refusal.body(), None
        return await self.perform(bot, name, params, files)

    async def perform(
        self,
        bot: Bot,
        method: str,
        given: JsonObject,
        files: dict[str, Upload],
        via: Literal["http", "webhook"] = "http",
    ) -> tuple[JsonObject, Kind | None]:
        """Run one call with its faults and write it down; returns the answer's body and how the line is cut."""
        chat_id = _chat_id(given)
        fault = self.faults.strike(method, chat_id, BEFORE)
        ignored: list[str] = []
        params, result, refusal = given, None, None
        try:
            if fault is not None:
                await self._misbehave(fault, chat_id)
            params, ignored = checked(method, given)
            result = await self._run(Call(self.world, self.limiter, self.faults, bot, method, params, files))
        except BotApiError as refused:
            refusal = refused
        except _ConnectionLost:
            self._write_down(bot, method, params, ignored, None, None, "connection_reset", via, no_reply=True)
            return {}, "connection_reset"
        late = self.faults.strike(method, chat_id, AFTER)
        struck = late or fault
        self._write_down(
            bot,
            method,
            params,
            ignored,
            result,
            refusal,
            struck.kind if struck else None,
            via,
            no_reply=late is not None,
        )
        body = refusal.body() if refusal else {"ok": True, "result": result}
        return body, late.kind if late else None

    async def _run(self, call: Call) -> Any:
        handler = METHODS.get(call.method)
        if handler is None:
            raise BotApiError(501, f"Not Implemented: {call.method} is not implemented by the sandbox")
        result = handler(call)
        return await result if inspect.isawaitable(result) else result

    async def _misbehave(self, fault: FaultRule, chat_id: int | None) -> None:
        match fault.kind:
            case "slow":
                await self.world.bells.wait(("slow", id(fault)), fault.seconds)
            case "too_many_requests":
                raise too_many_requests(fault.retry_after)
            case "server_error":
                raise BotApiError(502, "Bad Gateway")
            case "blocked":
                raise forbidden("bot was blocked by the user")
            case "connection_reset":
                raise _ConnectionLost
            case "migrated":
                self._migrate(chat_id)
            case _:
                pass

    def _migrate(self, chat_id: int | None) -> None:
        """Really turn a group into a supergroup, so that the new id works; other chats are left alone."""
        chat = self.world.state.chats.get(str(chat_id))
        if chat is not None and chat.kind == "group" and chat.migrated_to is None:
            raise migrated(membership.migrate(self.world, chat).id)

    def _write_down(
        self,
        bot: Bot,
        method: str,
        params: JsonObject,
        ignored: list[str],
        result: object,
        refusal: BotApiError | None,
        fault: str | None,
        via: Literal["http", "webhook"],
        *,
        no_reply: bool,
    ) -> None:
        self.record.add(
            bot=bot.id,
            method=method,
            params=params,
            ignored=ignored,
            outcome="no_reply" if no_reply else "error" if refusal else "ok",
            error_code=refusal.code if refusal else None,
            description=refusal.description if refusal else None,
            result=result,
            chat_id=_chat_id(params),
            fault=fault,
            via=via,
        )

    def _file(self, path: str) -> Response:
        try:
            token, wanted = _parts(FILE_PATH, path)
            self.world.bot_of(token)
        except BotApiError as refusal:
            return _response(refusal.body())
        for file in self.world.state.files.values():
            if file.path == wanted:
                return Response(self.world.contents[file.file_id], media_type=file.mime_type)
        return _response(BotApiError(404, "Not Found").body())


class _ConnectionLost(Exception):  # noqa: N818 - what the bot meets, not what went wrong here
    """The line is cut before any work is done."""


def _parts(pattern: re.Pattern[str], path: str) -> tuple[str, str]:
    named = pattern.fullmatch(path)
    if named is None:
        raise BotApiError(404, "Not Found")
    return named[1], named[2]


def _chat_id(params: JsonObject) -> int | None:
    try:
        return int(params.get("chat_id") or 0) or None
    except (TypeError, ValueError):
        return None


def _response(body: JsonObject) -> Response:
    retry_after = body.get("parameters", {}).get("retry_after")
    headers = filled(**{"Retry-After": str(retry_after) if retry_after is not None else None})
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, body.get("error_code", 200), headers, media_type="application/json")


async def _cut(kind: Kind, receive: Receive, send: Send, world: World) -> None:
    """End a request without an answer: wait until the client gives up, or reset the connection at once."""
    gone = asyncio.ensure_future(_client_gone(receive))
    gone.add_done_callback(lambda _: world.bells.ring(("line", id(gone))))
    if kind == "time_out_after_delivery":
        await world.bells.wait_for(("line", id(gone)), gone.done, LONGEST_SILENCE)
    transport: asyncio.Transport | None = getattr(getattr(send, "__self__", None), "transport", None)
    if not gone.done() and transport is not None:
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    await gone


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
