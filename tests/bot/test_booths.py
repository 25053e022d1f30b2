"""A booth's HTTP door: shut without a key, kind to what is no form, its files under addresses of their content."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.app import App
from bot.web import build_web
from handlers.pages.booths.page import assets, version

ASKED = ("GET /screen", "GET /slips", "POST /slips", "POST /stamps")
BODIES = {"/slips": {"uses": []}, "/stamps": {"code": "ABC234", "language": "zh"}}


@pytest.fixture
async def door(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        yield client


async def asks(door: httpx.AsyncClient, what: str, key: str = "", body: object = None) -> tuple[int, str]:
    method, _, path = what.partition(" ")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = await door.request(method, f"/booth/api{path}", headers=headers, json=body)
    return answer.status_code, answer.json()["detail"]["error"]


@pytest.mark.parametrize("key", ["", "invented", "x" * 5_000])
async def test_without_the_key_of_a_screen_every_way_is_shut(door: httpx.AsyncClient, key: str) -> None:
    told = [await asks(door, what, key, BODIES.get(what.partition(" ")[2])) for what in ASKED]
    assert told == [(401, "unpaired")] * len(ASKED)


async def test_a_link_that_nobody_made_pairs_nothing(door: httpx.AsyncClient) -> None:
    assert await asks(door, "POST /pairing", body={"token": "x" * 32, "name": "平板"}) == (401, "pairing")


async def test_what_is_no_form_is_refused_before_anything_is_looked_up(door: httpx.AsyncClient) -> None:
    use = {"code": "x", "said": "1", "at": 0}
    for wrong in (
        {},
        {"uses": [use] * 61},
        {"uses": [{**use, "at": -1}]},
        {"uses": [{**use, "more": 1}]},
        {"uses": "x"},
    ):
        assert await asks(door, "POST /slips", body=wrong) == (400, "not_understood")
    assert await asks(door, "POST /stamps", body={"code": "x" * 201, "language": "zh"}) == (400, "not_understood")


async def test_the_page_loads_only_its_own_files_and_its_worker_may_keep_the_page(door: httpx.AsyncClient) -> None:
    page = await door.get("/booth")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for name in assets():
        found = await door.get(f"/booth/files/{version()}/{name}")
        assert (found.status_code, found.headers["X-Content-Type-Options"]) == (200, "nosniff")
    worker = await door.get("/booth/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/booth"
    assert version() in worker.text
    for unknown in ("/booth/files/old/main.js", f"/booth/files/{version()}/page.py"):
        assert (await door.get(unknown)).status_code == 404
