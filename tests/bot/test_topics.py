"""A topic from its file to the page of each branch, and pushes of simulated channels that reach one district alone."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

import main
from bot.app import App
from bot.commands.exits import REFUSED
from bot.web import build_web
from campaigns.members.model import Introduction, Language, Member
from campaigns.topics.files import EXAMPLE, read_topic
from campaigns.topics.model import Contribution, TopicRefusal
from tests.bot.conftest import Types

TEXT = EXAMPLE.read_text("utf-8")


@pytest.fixture
def types(command_line: Types, tmp_path: Path) -> Types:
    (tmp_path / "topic.yaml").write_text(TEXT.replace("2026-12-31", "2099-12-31"), "utf-8")
    (tmp_path / "moved.yaml").write_text(TEXT.replace("place: 南山支行", "place: 罗湖支行"), "utf-8")
    return partial(command_line, main.app)


async def member(app: App, member_id: int, name: str) -> Member:
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        who = Introduction(member_id, name, Language.ZH, is_private=True)
        await services.people.meet(who, app.clock.now())
        found = await services.people.get(member_id)
        assert found is not None
        return found


def test_a_topic_is_kept_listed_by_edition_and_its_places_never_move(types: Types) -> None:
    assert "2 local editions" in types("topics", "check", "topic.yaml")[1]
    made = json.loads(types("topics", "load", "topic.yaml", "--by", "李敏", "--json")[1])
    assert [(line["place"], line["start"]) for line in made] == [
        ("–", "t_first-car"),
        ("南山支行", "t_first-car_1"),
        ("福田支行", "t_first-car_2"),
    ]
    assert types("topics", "load", "topic.yaml", "--by", "李敏")[0] == 0
    code, said = types("topics", "load", "moved.yaml", "--by", "李敏")
    assert (code, "keep their places" in said) == (REFUSED, True)
    assert "福田支行" in types("topics", "list")[1]


async def test_the_page_of_a_branch_shows_its_words_and_what_staff_let_through_by_masked_names(app: App) -> None:
    author, lead = await member(app, 11, "王小芳"), await member(app, 12, "陈静")
    topic = replace(read_topic(TEXT), last=app.clock.now().date() + timedelta(days=9))
    async with app.database.unit_of_work() as uow:
        topics = app.services(uow).topics
        assert await topics.load(topic, "李敏") is None
        told = [await topics.contribute("first-car_1", author, words) for words in ("桑塔纳<b>", "夏利", "奥拓")]
        assert await topics.contribute("first-car", author, "再来一条") is TopicRefusal.TOO_MANY
        first, second, third = (each for each in told if isinstance(each, Contribution))
        for each, approved in ((first, True), (second, False), (third, True)):
            assert isinstance(await topics.judge(each.id, lead, approved=approved), Contribution)
        assert await topics.withdraw(third.id, lead) is TopicRefusal.NOT_YOURS
        assert await topics.withdraw(third.id, author) is None
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        local = (await client.get("/topics/first-car?edition=1")).text
        general = (await client.get("/topics/first-car?edition=99")).text
        missing = [(await client.get(path)).status_code for path in ("/topics/none", "/topics/ONE'")]
        assert (await client.get("/topics/topic.css")).status_code == 200
    assert "宏达车行" in local
    assert "宏达车行" not in general
    assert "start=t_first-car_1" in local
    assert "王*芳" in local
    assert "桑塔纳&lt;b&gt;" in local
    assert not any(words in local for words in ("王小芳", "夏利", "奥拓"))
    assert missing == [404, 404]
    async with app.database.unit_of_work() as uow:
        kept = (
            await uow.session.execute(text("SELECT words FROM topic_contributions WHERE state = 'withdrawn'"))
        ).all()
    assert [tuple(row) for row in kept] == [(None,)]


async def test_taps_at_once_leave_no_more_than_three_contributions_of_one(app: App) -> None:
    author = await member(app, 11, "王小芳")
    async with app.database.unit_of_work() as uow:
        topic = replace(read_topic(TEXT), last=app.clock.now().date() + timedelta(days=9))
        await app.services(uow).topics.load(topic, "李敏")

    async def tells(number: int) -> object:
        async with app.database.unit_of_work() as uow:
            return await app.services(uow).topics.contribute("first-car", author, f"第{number}辆车")

    outcomes = await asyncio.gather(*(tells(number) for number in range(6)))
    assert sum(isinstance(each, Contribution) for each in outcomes) == 3
