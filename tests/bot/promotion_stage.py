"""The product with customers, a catalogue and promotions; each act is a transaction of its own."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.app import App
from campaigns.checklists.model import Subject
from campaigns.members.model import Introduction, Language, Member
from campaigns.promotions.files import EXAMPLE
from campaigns.promotions.model import Version
from tests.promotion_people import AUTHOR, OUTSIDER, REVIEWER, fill

NOW = datetime(2030, 10, 30, 4, tzinfo=UTC)
DUE = datetime(2030, 11, 1, 2, tzinfo=UTC)
ENDED = datetime(2030, 11, 20, 12, tzinfo=UTC)
PEOPLE, CODE = 240, "autumn-steady"
CATALOGUE = Path(__file__).parents[2] / "campaigns" / "catalogue" / "example.yaml"
TOLD = EXAMPLE.read_text("utf-8")


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

    async def plans(self, version: Version, size: int = 1_000) -> bool:
        """One chunk; whether there is more."""
        async with self.app.database.unit_of_work() as uow:
            course = self.app.services(uow).promotion_course
            return await course.plan_chunk(version.promotion_id, version.number, size)

    async def asks(self, query: str, **facts: Any) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        async with self.app.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query), facts)]

    async def waits_for_a_lock(self) -> None:
        """Until somebody waits for what another transaction holds."""
        while not (await self.asks("SELECT count(*) FROM pg_locks WHERE NOT granted"))[0][0]:
            await asyncio.sleep(0)

    async def sends_everything(self) -> None:
        """What the senders would do with everything that waits."""
        await self.asks("UPDATE deliveries SET state = 'sent', ended_at = now() WHERE state = 'planned' RETURNING 1")
        await self.asks("UPDATE channel_messages SET state = 'sent' WHERE state = 'planned' RETURNING 1")

    async def reviewed(self, told: str = TOLD) -> Version:
        """A file checked, submitted, approved by a second person, and prepared."""
        loaded = await self.does("load", told, AUTHOR)
        assert isinstance(loaded, Version), loaded
        _, check = await self.does("check", loaded.code)
        assert not check.faults
        submitted = await self.does("submit", loaded.code, AUTHOR)
        approved = await self.does("approve", loaded.code, submitted.digest, REVIEWER)
        async with self.app.database.unit_of_work() as uow:
            lead, subject = Member(REVIEWER, "", Language.ZH), Subject(approved.promotion_id, approved.number)
            await self.app.services(uow).checklists.override(subject, "only a test", lead)
        return approved  # type: ignore[no-any-return]

    async def runs(self, told: str = TOLD) -> Version:
        """A file's whole way up to its start, at its time; nobody is planned yet."""
        approved = await self.reviewed(told)
        scheduled = await self.does("schedule", approved.code, AUTHOR)
        assert isinstance(scheduled, Version), scheduled
        self.at(DUE)
        assert await self.ticks() == 1
        return await self.now(approved.code)

    async def is_planned(self, told: str = TOLD) -> Version:
        """The same, and everybody is planned by the queued job."""
        version = await self.runs(told)
        await self.app.jobs.run_waiting()
        return await self.now(version.code)

    async def now(self, code: str = CODE) -> Version:
        """The newest version as it stands."""
        found = await self.does("find", code)
        assert isinstance(found, Version)
        return found


async def staged(app: App, database_url: str, folder: Path) -> Stage:
    """A bank of customers of every class, three of its staff and a catalogue, before anything is promoted."""
    async with app.database.unit_of_work() as uow:
        for member in (AUTHOR, REVIEWER, OUTSIDER):
            introduction = Introduction(member, f"员工{member}", Language.ZH, is_private=True)
            await app.services(uow).people.meet(introduction, NOW)
    fill(database_url, PEOPLE, NOW)
    stage = Stage(app, folder / "clock.json")
    stage.at(NOW)
    async with app.database.unit_of_work() as uow:
        await app.services(uow).catalogue.load(CATALOGUE.read_text("utf-8"), "tests", "a beginning")
    return stage
