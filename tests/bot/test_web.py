"""The HTTP door: health, readiness, metrics, and a webhook that never loses and never trusts."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.app import App
from bot.web import build_web
from handlers.http.telegram import LARGEST_UPDATE, SECRET_HEADER
from storage.inbox import SqlInbox
from tests.bot.conftest import SECRET

PATH = "/telegram/4242"
UPDATE = {"update_id": 1, "message": {"text": "接龙", "from": {"id": 7}}}


@pytest.fixture
async def door(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        yield client


async def kept(app: App) -> list[tuple[int, dict[str, Any]]]:
    async with app.database.unit_of_work() as uow:
        return await SqlInbox(uow, app.bot.id).waiting(beyond=[], limit=100)


async def post(door: httpx.AsyncClient, body: object, secret: str | bytes = SECRET) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    header = secret if isinstance(secret, bytes) else secret.encode()
    answer = await door.post(PATH, content=content, headers=[(SECRET_HEADER.encode(), header)])
    assert answer.content == b""
    return answer.status_code


async def test_an_update_is_stored_before_it_is_confirmed(app: App, door: httpx.AsyncClient) -> None:
    assert await post(door, UPDATE) == 200
    assert await kept(app) == [(1, UPDATE)]


async def test_a_repeated_update_is_stored_once(app: App, door: httpx.AsyncClient) -> None:
    for _ in range(3):
        assert await post(door, UPDATE) == 200
    assert len(await kept(app)) == 1


@pytest.mark.parametrize(
    "words", ["/quiz 1\nanswers: [月饼]", "发灯谜 1\nanswers: [月饼]", "/QUIZ@bot 1\nanswers: [月饼]"]
)
async def test_a_quiz_with_its_answers_is_sealed_at_the_door(app: App, door: httpx.AsyncClient, words: str) -> None:
    update = {"update_id": 1, "message": {"text": words, "from": {"id": 7}}}
    assert await post(door, update) == 200
    async with app.database.unit_of_work() as uow:
        assert "月饼" not in str(await uow.session.scalar(text("SELECT payload::text FROM inbox")))
        assert await SqlInbox(uow, app.bot.id, app.seals).waiting(beyond=[], limit=9) == [(1, update)]


@pytest.mark.parametrize(
    "secret",
    ["", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "密".encode(), "é".encode("latin-1"), b"\xff\xfe"],
)
async def test_a_wrong_secret_is_turned_away_and_nothing_is_stored(
    app: App, door: httpx.AsyncClient, secret: str | bytes
) -> None:
    assert await post(door, UPDATE, secret) == 401
    assert await kept(app) == []


async def test_no_secret_at_all_is_turned_away(app: App, door: httpx.AsyncClient) -> None:
    assert (await door.post(PATH, json=UPDATE)).status_code == 401
    assert await kept(app) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"7",
        b'"update"',
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": 1.5}',
        b'{"update_id": null}',
        b'{"update_id": 99999999999999999999}',
        b'{"update_id": -99999999999999999999}',
        b"[" * 100_000,
        b'{"update_id": ' + b"1" * 5000 + b"}",
        b"[" + b" " * LARGEST_UPDATE + b"]",
    ],
    ids=lambda body: repr(body[:40]),
)
async def test_what_is_no_update_is_confirmed_and_dropped(app: App, door: httpx.AsyncClient, body: bytes) -> None:
    assert await post(door, body) == 200
    assert await kept(app) == []


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", float("nan")])
async def test_an_update_that_no_database_takes_as_it_is_does_not_block_the_queue(
    app: App, door: httpx.AsyncClient, text: Any
) -> None:
    assert await post(door, {"update_id": 1, "message": {"text": text}}) == 200
    assert [update_id for update_id, _ in await kept(app)] == [1]


async def test_an_update_of_an_unknown_kind_is_kept_for_a_later_version(app: App, door: httpx.AsyncClient) -> None:
    assert await post(door, {"update_id": 5, "holographic_message": {}}) == 200
    assert [update_id for update_id, _ in await kept(app)] == [5]


@pytest.mark.parametrize(("address", "code", "stored"), [("http://127.0.0.1:8080", 200, 1), (None, 404, 0)])
async def test_without_a_secret_a_webhook_asks_for_none_and_a_poller_has_no_such_door(
    app: App, address: str | None, code: int, stored: int
) -> None:
    bare = app.world.settings.model_copy(update={"webhook_secret": None, "webhook_url": address})
    app.world = replace(app.world, settings=bare)
    transport = httpx.ASGITransport(build_web(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as door:
        assert (await door.post(PATH, json=UPDATE)).status_code == code
    assert len(await kept(app)) == stored


async def test_another_bots_address_is_not_here(door: httpx.AsyncClient) -> None:
    answer = await door.post("/telegram/4243", json=UPDATE, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 404


async def test_a_living_process_says_so_and_a_ready_one_too(door: httpx.AsyncClient) -> None:
    assert (await door.get("/health")).json() == {"status": "alive"}
    ready = await door.get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_without_its_database_the_process_lives_but_is_not_ready(app: App, vault: Any) -> None:
    gone = replace(app.world, database=type(app.database)("postgresql://nobody@127.0.0.1:9/none", pool_size=1))
    web = build_web(App(gone))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://bot") as door:
        assert (await door.get("/health")).status_code == 200
        assert (await door.get("/ready")).status_code == 503


async def test_metrics_are_prometheus_text(door: httpx.AsyncClient) -> None:
    answer = await door.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    for name in ("updates_total", "deliveries_unknown", "leader"):
        assert name in answer.text


async def test_no_map_of_the_door_is_shown(door: httpx.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await door.get(path)).status_code == 404


async def test_a_number_that_no_draw_can_have_is_not_found(door: httpx.AsyncClient) -> None:
    for number in ("0", "x", "-1", "9" * 19, "9" * 5_000, "٣"):
        assert (await door.get(f"/draws/{number}")).status_code == 404
        assert (await door.get(f"/draws/{number}.json")).status_code == 404
