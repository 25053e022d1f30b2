"""Promotions on a wired product: from a file to the ledger, through a second person's hands."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import App
from campaigns.checklists.model import Subject
from campaigns.experiments.model import Place
from campaigns.members.model import Language, Member
from campaigns.promotions.dry_runs import DryRun
from campaigns.promotions.files import EXAMPLE
from campaigns.promotions.model import PromotionRefusal, PromotionState, Version
from tests.promotion_people import AUTHOR, REVIEWER, fill

NOW = datetime(2030, 10, 30, 4, tzinfo=UTC)
DUE = datetime(2030, 11, 1, 2, tzinfo=UTC)
OVER = datetime(2030, 11, 20, 12, tzinfo=UTC)
PEOPLE, CODE = 240, "autumn-steady"
CATALOGUE = Path(__file__).parents[2] / "campaigns" / "catalogue" / "example.yaml"


class Stage:
    """The product with customers and a catalogue; each act is a transaction of its own."""

    def __init__(self, app: App, clock_file: Path) -> None:
        self.app = app
        self._clock_file = clock_file

    def at(self, moment: datetime) -> None:
        """Let the product's clock stand still at a moment."""
        anchor = {"anchor_real": 0, "anchor_domain": moment.isoformat(), "rate": 0}
        self._clock_file.write_text(json.dumps(anchor), "utf-8")

    async def does(self, name: str, *given: Any) -> Any:
        """One use case."""
        async with self.app.database.unit_of_work() as uow:
            return await getattr(self.app.services(uow).promotions, name)(*given)

    async def ticks(self) -> int:
        """The clock's look."""
        async with self.app.database.unit_of_work() as uow:
            return await self.app.services(uow).promotion_course.tick()

    async def asks(self, query: str, **facts: Any) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        async with self.app.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query), facts)]

    async def prepares(self, version: Version) -> None:
        """A lead lets it start without the departments' list."""
        async with self.app.database.unit_of_work() as uow:
            lead, subject = Member(REVIEWER, "", Language.ZH), Subject(version.promotion_id, version.number)
            await self.app.services(uow).checklists.override(subject, "only a test", lead)

    async def schedules(self, told: str | None = None) -> Version:
        """A file's whole way up to its start."""
        loaded = await self.does("load", told or EXAMPLE.read_text("utf-8"), AUTHOR)
        assert isinstance(loaded, Version), loaded
        _, check = await self.does("check", loaded.code)
        assert not check.faults
        submitted = await self.does("submit", loaded.code, AUTHOR)
        approved = await self.does("approve", loaded.code, submitted.digest, REVIEWER)
        assert approved.state is PromotionState.REVIEWED
        assert await self.does("schedule", loaded.code, AUTHOR) is PromotionRefusal.UNPREPARED
        async with self.app.database.unit_of_work() as uow:
            lead = Member(REVIEWER, "", Language.ZH)
            await self.app.services(uow).checklists.override(Subject(approved.promotion_id, 1), "总行要求", lead)
        await self.prepares(approved)
        scheduled = await self.does("schedule", loaded.code, AUTHOR)
        assert isinstance(scheduled, Version)
        return scheduled


@pytest.fixture
async def stage(app: App, database_url: str, tmp_path: Path) -> Stage:
    fill(database_url, PEOPLE, NOW)
    stage = Stage(app, tmp_path / "clock.json")
    stage.at(NOW)
    async with app.database.unit_of_work() as uow:
        await app.services(uow).catalogue.load(CATALOGUE.read_text("utf-8"), "tests", "a beginning")
    return stage


async def test_a_dry_run_tells_what_the_planning_then_does(stage: Stage) -> None:
    scheduled = await stage.schedules()
    dry = await stage.does("dry_run", CODE)
    assert isinstance(dry, DryRun)
    stage.at(DUE)
    await stage.ticks()
    await stage.app.jobs.run_waiting()
    version = await stage.does("find", CODE)
    assert (version.state, version.progress.is_whole) == (PromotionState.RUNNING, True)
    rows = await stage.asks(
        "SELECT letter, place, arm, channel, excluded, count(*) FROM promotion_recipients GROUP BY 1, 2, 3, 4, 5"
    )
    places = Counter(dict.fromkeys(Place, 0))
    for _, place, _, _, _, count in rows:
        places[place] += count

    assert sum(row[5] for row in rows) == dry.audience == PEOPLE * 3 // 4
    assert (places[Place.ARM], places[Place.HELD_OUT], places[Place.GLOBAL_CONTROL]) == (
        dry.treated,
        dry.held_out,
        dry.global_control,
    )
