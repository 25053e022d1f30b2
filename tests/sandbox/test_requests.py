"""A body that cannot be read gets Telegram's error, never a traceback."""

import httpx
import pytest

from tests.sandbox.conftest import SECRET


@pytest.mark.parametrize(
    ("content_type", "body", "description"),
    [
        ("application/json", b"{", "can't parse request body as JSON"),
        ("application/json", b"[1]", "object expected"),
        ("application/json", b"\xff\xfe", "can't parse request body as JSON"),
        ("multipart/form-data", b"x", "can't parse multipart form data"),
        ("multipart/form-data; boundary=b", b"nonsense", "can't parse multipart form data"),
        ("multipart/form-data; boundary=b", b"--b\r\ncut", "chat_id is empty"),
        ("application/x-www-form-urlencoded", b"chat_id=\xff", "UTF-8"),
        ("application/x-www-form-urlencoded", b"chat_id=1", "message text is empty"),
        ("text/plain", b"chat_id=1&text=x", "chat_id is empty"),
        ("application/json", b"", "chat_id is empty"),
    ],
)
async def test_an_unreadable_body_is_a_bad_request(
    url: str, token: str, http: httpx.AsyncClient, content_type: str, body: bytes, description: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = await http.post(f"{url}/bot{token}/sendMessage", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["ok"] is False
    assert description in answer.json()["description"]


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart"])
async def test_parameters_may_come_in_four_ways(url: str, token: str, http: httpx.AsyncClient, way: str) -> None:
    address, params = f"{url}/bot{token}/getChat", {"chat_id": "12"}
    match way:
        case "query":
            answer = await http.get(address, params=params)
        case "form":
            answer = await http.post(address, data=params)
        case "json":
            answer = await http.post(address, json=params)
        case _:
            answer = await http.post(address, files={"chat_id": (None, "12")})
    assert answer.json()["description"] == "Bad Request: chat not found"


async def test_a_token_that_cannot_be_is_not_found(url: str, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{url}/botnonsense/getMe")
    assert answer.status_code == 404
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_known_bot_with_another_secret_is_unauthorized(url: str, token: str, http: httpx.AsyncClient) -> None:
    assert (await http.get(f"{url}/bot{token}/getMe")).json()["ok"]
    other = token.replace(SECRET, "B" * 35)
    answer = await http.get(f"{url}/bot{other}/getMe")
    assert answer.status_code == 401
    assert answer.json()["description"] == "Unauthorized"


async def test_a_path_without_method_is_not_found(url: str, token: str, http: httpx.AsyncClient) -> None:
    assert (await http.get(f"{url}/bot{token}")).status_code == 404
    assert (await http.get(f"{url}/file/bot{token}/photos/none.jpg")).status_code == 404


async def test_openapi_describes_the_persons_side(url: str, http: httpx.AsyncClient) -> None:
    paths = (await http.get(f"{url}/openapi.json")).json()["paths"]
    assert {"/api/people", "/api/chats/{chat}/messages/{message_id}/taps", "/api/clock", "/api/faults"} <= paths.keys()
    assert (await http.get(f"{url}/docs")).status_code == 200
    assert (await http.get(url)).status_code == 200
