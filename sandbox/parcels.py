"""Reading the parameters of a Bot API request from address, form, multipart or JSON."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from sandbox.botapi.uploads import LARGEST_DOCUMENT, Upload
from sandbox.errors import BotApiError, bad_request
from sandbox.model import JsonObject


async def unpack(request: Request) -> tuple[JsonObject, dict[str, Upload]]:
    """Return parameters and uploaded files; Telegram's 400 or 413 for a body that cannot be read."""
    params: JsonObject = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if int(request.headers.get("content-length") or 0) > LARGEST_DOCUMENT + 1024 * 1024:
        raise BotApiError(413, "Request Entity Too Large")
    if kind == "multipart/form-data":
        form, files = await _multipart(request)
        return params | form, files
    body = await request.body()
    if kind == "application/json":
        return params | _json(body), {}
    if kind == "application/x-www-form-urlencoded":
        return params | _form(body), {}
    return params, {}


def _json(body: bytes) -> JsonObject:
    try:
        given = json.loads(body or b"{}")
    except ValueError as fault:
        raise bad_request("can't parse request body as JSON") from fault
    if not isinstance(given, dict):
        raise bad_request("can't parse request body as JSON: object expected")
    return given


def _form(body: bytes) -> JsonObject:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError as fault:
        raise bad_request("strings must be encoded in UTF-8") from fault


async def _multipart(request: Request) -> tuple[JsonObject, dict[str, Upload]]:
    params: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    try:
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime_type = value.content_type or "application/octet-stream"
                    files[name] = Upload(value.filename or name, await value.read(), mime_type)
                else:
                    params[name] = value
    except ClientDisconnect:
        raise
    except (MultiPartException, UnicodeDecodeError, KeyError, ValueError) as fault:
        raise bad_request("can't parse multipart form data") from fault
    return params | {name: f"attach://{name}" for name in files.keys() - params.keys()}, files
