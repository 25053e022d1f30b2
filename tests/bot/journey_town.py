"""A bank whose customers do things, and journeys that follow; time moves when the test says so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from bot.app import App
from campaigns.catalogue.model import Change as Difference
from campaigns.events.model import Event, EventKind
from campaigns.journeys.model import Edition, JourneyRefusal
from campaigns.members.model import Introduction, Language, Purpose
from storage.events import SqlEventStore
from storage.members import SqlMemberStore

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)  # Noon in Shanghai, a Monday.
MANAGER, RUN, DAY = 1, UUID(int=1), date(2026, 10, 31)
SHIPPED = Path(__file__).resolve().parents[2] / "campaigns" / "journeys"
AUTHOR, RELEASER = "王", "李"
SNAPSHOT = """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
    wealth_products, funds, asset_plans, large_certificates, loans, has_activity, last_transfer_at, birth_date,
    risk_appetite) VALUES (:day, :id, 0, 0, :assets, 0, 0, 0, 0, 0, true, :moved, :born, :risk)"""
CLASS = """INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons, confidence, missing,
    lifecycle) VALUES (:run, :id, :letter, 50, 50, '[]', 1, '{}', :lifecycle)"""


@dataclass
class Town:
    """Customers, their members, a manager who owns them, and the app that moves journeys."""

    app: App
    clock_file: Path
    now: datetime = NOON
    customers: dict[int, UUID] = field(default_factory=dict)
    told: int = 0

    async def opens(self) -> "Town":
        """A run of classes, no global control, and the manager."""
        self.at(self.now)
        await self.does("INSERT INTO segmentation_policies VALUES (1, '{}', 'test', :now)", now=NOON)
        await self.does(
            "INSERT INTO segmentation_runs VALUES (:run, :day, 'lines-1', 1, repeat('0', 64), :now, '[]')",
            run=RUN,
            day=DAY,
            now=NOON - timedelta(days=40),
        )
        await self.does("INSERT INTO global_controls VALUES (2, 'none', 0, 'test', :now)", now=NOON)
        await self.member(MANAGER)
        await self.does("INSERT INTO staff_roles VALUES (:id, 'wealth_manager', :now)", id=MANAGER, now=NOON)
        return self

    def at(self, moment: datetime) -> None:
        """The clock stands at this moment."""
        self.now = moment
        anchor = {"anchor_domain": moment.isoformat(), "anchor_real": 0.0, "rate": 0.0, "told": self.told}
        self.clock_file.write_text(json.dumps(anchor | {"at": "x" * (self.told % 7)}), "utf-8")
        self.told += 1

    async def passes(self, **span: float) -> None:
        """Time passes, and the tick of its end."""
        self.at(self.now + timedelta(**span))
        await self.ticks()

    async def ticks(self) -> None:
        """Tick until nothing is found."""
        for _ in range(20):
            if not await self.tick():
                return
        raise AssertionError("The engine never comes to rest.")

    async def tick(self) -> int:
        """One tick in a transaction of its own."""
        async with self.app.database.unit_of_work() as uow:
            return await self.app.services(uow).journey_engine.tick()

    async def loads(self, plan: str, by: str = AUTHOR) -> tuple[Edition, list[Difference]]:
        """Keep a version; the words of a file, or the name of a shipped one."""
        words = (SHIPPED / f"{plan}.yaml").read_text("utf-8") if "\n" not in plan else plan
        async with self.app.database.unit_of_work() as uow:
            return await self.app.services(uow).journeys.load(words, by, "试")

    async def runs(self, plan: str) -> str:
        """Load and release; returns the journey's name."""
        edition, _ = await self.loads(plan)
        async with self.app.database.unit_of_work() as uow:
            released = await self.app.services(uow).journeys.release(edition.plan.name, None, RELEASER, "好")
        assert not isinstance(released, JourneyRefusal)
        return edition.plan.name

    async def member(self, number: int, *, consent: bool = True) -> None:
        """Somebody who talks to the bot."""
        async with self.app.database.unit_of_work() as uow:
            store = SqlMemberStore(uow, self.app.world.vault)
            await store.meet(Introduction(number, f"成员{number}", Language.ZH, is_private=True), NOON)
            if consent:
                await store.give_consent(number, Purpose.MARKETING, "marketing-1", NOON)

    async def customer(
        self,
        number: int = 11,
        letter: str = "A",
        *,
        moved: datetime = NOON,
        born: date | None = None,
        lifecycle: str = "mature",
        assets: int = 5_000_000,
        risk: str | None = None,
    ) -> UUID:
        """A customer with a class and figures, owned by the manager and bound to a member."""
        key = uuid4()
        self.customers[number] = key
        await self.member(number)
        await self.does(
            "INSERT INTO customers (id, number, first_as_of) VALUES (:id, :no, :day)",
            id=key,
            no=f"C{number:07}",
            day=DAY,
        )
        facts = {"day": DAY, "id": key, "assets": assets, "moved": moved, "born": born, "risk": risk}
        await self.does(SNAPSHOT, **facts)
        await self.does(CLASS, run=RUN, id=key, letter=letter, lifecycle=lifecycle)
        await self.does(
            "UPDATE members SET customer_id = :id, bound_at = :now WHERE id = :no", id=key, no=number, now=NOON
        )
        await self.does(
            "INSERT INTO customer_owners (customer_id, owner_id, since) VALUES (:id, :owner, now())",
            id=key,
            owner=MANAGER,
        )
        return key

    async def happens(
        self,
        kind: EventKind,
        number: int = 11,
        *,
        at: datetime | None = None,
        amount: int | None = None,
        payload: Mapping[str, str] | None = None,
    ) -> None:
        """Something happens to a customer, and is known now."""
        key = f"test:{uuid4()}"
        event = Event(kind, at or self.now, "file", key, self.customers[number], None, amount, payload or {})
        async with self.app.database.unit_of_work() as uow:
            await SqlEventStore(uow, "Asia/Shanghai").add([event], self.now)

    async def does(self, statement: str, **facts: Any) -> None:
        """One statement."""
        async with self.app.database.unit_of_work() as uow:
            await uow.session.execute(text(statement), facts)

    async def rows(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        async with self.app.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(statement), facts)]

    async def deeds(self, journey: str) -> list[tuple[str, str]]:
        """What the steps of a journey did, in their order."""
        query = """SELECT s.node, deed FROM journey_steps s JOIN journey_entries e ON e.id = s.entry_id
            WHERE journey = :journey ORDER BY e.id, s.at, s.ctid"""
        return [(node, deed) for node, deed in await self.rows(query, journey=journey)]

    async def ends(self, journey: str) -> list[str | None]:
        """How each entry of a journey ended; None while it goes on."""
        query = "SELECT outcome FROM journey_entries WHERE journey = :journey ORDER BY id"
        return [outcome for (outcome,) in await self.rows(query, journey=journey)]

    async def said(self, journey: str, number: int = 11) -> list[str]:
        """What the ledger has for a member of a journey, by its state."""
        query = """SELECT payload ->> 'text' FROM deliveries WHERE campaign = 'journey:' || :journey
            AND recipient = :number AND state = 'planned' ORDER BY id"""
        return [words for (words,) in await self.rows(query, journey=journey, number=number)]

    async def tasks(self) -> int:
        """How many follow-ups the journeys opened."""
        return int((await self.rows("SELECT count(*) FROM followups WHERE source = 'journey'"))[0][0])
