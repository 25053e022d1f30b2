"""The Mini App's door to an event: who may look, the card that answers when it changes, numbers, never a fault."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.app import App
from bot.web import build_web
from campaigns.rallies.model import RallyState
from storage.rallies import SqlRallyStore
from tests.bot.test_miniapp import Visitor, visits
from tests.rally_visits import pause, plan_around, running_rally, screen, stamp, visitors

ZHANG, LI = 5_000_000_001, 5_000_000_002
PRIVATE = (
    "GET /rallies",
    "GET /rallies/1",
    "GET /rallies/1?seen=0.0.",
    "GET /rallies/1/rules",
    "POST /rallies/1/number",
    "DELETE /rallies/1/number",
    "POST /rallies/1/gifts/T1/code",
    "POST /coupons/1/code",
    "PUT /language",
    "POST /stamps",
    "POST /member-code",
)


@pytest.fixture
async def door(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        yield client


@pytest.mark.parametrize("session", ["", "1.1.x", f"{ZHANG}.9999999999.{'0' * 64}"])
async def test_without_a_session_every_way_is_shut(door: httpx.AsyncClient, session: str) -> None:
    stranger = Visitor(door, session)
    bodies = {"stamps": {"code": "x"}, "number": {"booth": "B1"}, "language": {"language": "en"}}
    answers = [await stranger.asks(what, bodies.get(what.rpartition("/")[2])) for what in PRIVATE]
    assert [(status, told["error"]) for status, told in answers] == [(401, "reopen")] * len(PRIVATE)


async def test_what_cannot_be_is_not_found_and_what_is_no_form_is_refused(app: App, door: httpx.AsyncClient) -> None:
    rally = await running_rally(app)
    zhang = await visits(app, door, ZHANG)
    for number in ("0", "-1", "x", "9" * 19, "9" * 5_000, "١"):
        for way in ("", "/rules", "?seen=1"):
            assert (await zhang.asks(f"GET /rallies/{number}{way}"))[0] == 404
        assert (await zhang.asks(f"POST /coupons/{number}/code"))[0] in {404, 409}
    assert (await zhang.asks(f"POST /rallies/{rally.id}/number", {"booth": "B99"}))[0] == 404
    for wrong in ({}, {"booth": 7}, {"booth": "B1; --"}, {"booth": "B1", "more": 1}, {"booth": "密" * 9}):
        assert (await zhang.asks(f"POST /rallies/{rally.id}/number", wrong))[0] == 400
    assert (await zhang.asks("PUT /language", {"language": "fr"}))[0] == 400
    for target in ("T1", "T9", "x" * 300, "%00"):
        assert (await zhang.asks(f"POST /rallies/{rally.id}/gifts/{target}/code"))[0] in {404, 409}


async def test_a_draft_is_nobodys_to_see(app: App, door: httpx.AsyncClient) -> None:
    rally = await running_rally(app)
    async with app.database.unit_of_work() as uow:
        store = SqlRallyStore(uow, app.world.vault)
        draft = await store.create(plan_around(app.clock.now(), "NEXT"), rally.organiser_id, {}, app.clock.now())
    zhang = await visits(app, door, ZHANG)
    assert (await zhang.asks(f"GET /rallies/{draft.id}"))[0] == 404
    assert [each["id"] for each in (await zhang.asks("GET /rallies"))[1]["rallies"]] == [rally.id]


async def test_a_page_that_waits_is_answered_when_its_card_changes_and_no_other_is(
    app: App, door: httpx.AsyncClient
) -> None:
    rally = await running_rally(app)
    zhang, li = await visits(app, door, ZHANG), await visits(app, door, LI)
    (_, first), (_, other) = [await each.asks(f"GET /rallies/{rally.id}") for each in (zhang, li)]
    waiting = asyncio.create_task(zhang.asks(f"GET /rallies/{rally.id}?seen={first['version']}"))
    idle = asyncio.create_task(li.asks(f"GET /rallies/{rally.id}?seen={other['version']}"))
    await stamp(app, rally, ZHANG, ["B4"])
    status, told = await waiting
    assert (status, told["stamped"], told["count"]) == (200, 1, "1/8 枚")
    assert [each["code"] for each in told["booths"] if each["stamped"]] == ["B4"]
    assert not idle.done()
    await stamp(app, rally, LI, ["B5"])
    assert (await idle)[1]["stamped"] == 1


async def test_the_page_says_what_the_event_says(app: App, door: httpx.AsyncClient) -> None:
    rally = await running_rally(app)
    zhang = await visits(app, door, ZHANG)
    for code in ("B1", "B2"):
        await stamp(app, rally, ZHANG, [code])
    await pause(app, rally, "B3", "停电")
    _, told = await zhang.asks(f"GET /rallies/{rally.id}")
    booths = {each["code"]: each for each in told["booths"]}
    assert (told["title"], told["state"], told["owner"]) == ("冬日市集", "running", "王* 的集章卡")
    assert (booths["B3"]["state_words"], booths["B3"]["queue"], booths["B3"]["gives_numbers"]) == (
        "暂停：停电",
        None,
        False,
    )
    assert told["next"]["booth"] == "B5"
    assert "米" in told["next"]["why"]
    assert [each["title"] for each in told["coupons"]] == ["豆浆券"]
    _, page = await zhang.asks(f"GET /rallies/{rally.id}/rules")
    assert "五摊勋章" in page["text"]


async def test_numbers_are_given_in_order_and_one_person_has_one(app: App, door: httpx.AsyncClient) -> None:
    rally = await running_rally(app)
    zhang, li = await visits(app, door, ZHANG), await visits(app, door, LI)
    for who, booth, words in [
        (zhang, "B1", "已取号：1 号。前面没有人，现在就可以去。"),
        (zhang, "B1", "您已有这个摊位的 1 号。"),
        (li, "B1", "已取号：2 号。快到时会私聊提醒您。"),
        (zhang, "B2", "已取号：1 号。前面没有人，现在就可以去。"),
    ]:
        assert (await who.asks(f"POST /rallies/{rally.id}/number", {"booth": booth}))[1]["message"] == words
    _, told = await zhang.asks(f"GET /rallies/{rally.id}")
    assert told["number"] == {"booth": "B2", "words": "1 号，轮到您了"}
    assert (await li.asks(f"DELETE /rallies/{rally.id}/number"))[1]["message"] == "号已退回。"
    await stamp(app, rally, LI, ["B5"])
    assert (await li.asks(f"POST /rallies/{rally.id}/number", {"booth": "B5"}))[1]["error"] == "stamped"


async def test_twenty_who_take_a_number_at_once_have_twenty_numbers(app: App, door: httpx.AsyncClient) -> None:
    rally = await running_rally(app)
    people = range(6_000_000_001, 6_000_000_021)
    await visitors(app, *people)
    everybody = [await visits(app, door, person) for person in people]
    answers = await asyncio.gather(
        *(each.asks(f"POST /rallies/{rally.id}/number", {"booth": "B1"}) for each in everybody)
    )
    assert {status for status, _ in answers} == {200}
    assert len({told["message"] for _, told in answers}) == 20


async def test_a_code_that_the_page_scanned_is_a_stamp_once_and_a_forged_one_is_none(
    app: App, door: httpx.AsyncClient
) -> None:
    rally = await running_rally(app)
    zhang = await visits(app, door, ZHANG)
    code = await screen(app, rally, "B2")
    first, again = [await zhang.asks("POST /stamps", {"code": code}) for _ in range(2)]
    assert (first[0], first[1]["outcome"], first[1]["rally"]) == (200, "stamped", rally.id)
    assert (again[0], again[1]["outcome"]) == (200, "already")
    forged = code[:-3] + ("AAA" if code[-3:] != "AAA" else "BBB")
    assert (await zhang.asks("POST /stamps", {"code": forged}))[0] == 409
    for wrong in ({}, {"code": ""}, {"code": "x" * 65}, {"code": "密"}, {"code": code, "more": 1}):
        assert (await zhang.asks("POST /stamps", wrong))[0] == 400
    assert (await zhang.asks(f"GET /rallies/{rally.id}"))[1]["stamped"] == 1


async def test_a_member_code_is_shown_and_a_new_one_ends_it(app: App, door: httpx.AsyncClient) -> None:
    await running_rally(app)
    zhang = await visits(app, door, ZHANG)
    (_, first), (_, second) = [await zhang.asks("POST /member-code") for _ in range(2)]
    assert first["code"] != second["code"]
    assert (len(second["code"]), second["picture"][:22]) == (6, "data:image/png;base64,")


async def test_after_the_end_the_card_stays_and_no_number_is_given(app: App, door: httpx.AsyncClient) -> None:
    rally = await running_rally(app)
    zhang = await visits(app, door, ZHANG)
    await stamp(app, rally, ZHANG, ["B1"])
    async with app.database.unit_of_work() as uow:
        await SqlRallyStore(uow, app.world.vault).move(rally.id, RallyState.ENDED, app.clock.now())
    status, refused = await zhang.asks(f"POST /rallies/{rally.id}/number", {"booth": "B2"})
    assert (status, refused["error"]) == (409, "closed")
    _, told = await zhang.asks(f"GET /rallies/{rally.id}")
    assert (told["state"], told["stamped"], told["next"]) == ("ended", 1, None)
    assert {each["state"] for each in told["booths"]} == {"closed"}


async def test_the_chosen_language_is_spoken_from_now_on(app: App, door: httpx.AsyncClient) -> None:
    rally = await running_rally(app)
    zhang = await visits(app, door, ZHANG)
    _, made = await zhang.asks("PUT /language", {"language": "en"})
    assert (made["language"], made["words"]["tab_rallies"]) == ("en", "Stamps")
    assert (await zhang.asks(f"GET /rallies/{rally.id}"))[1]["title"] == "Winter fair"
