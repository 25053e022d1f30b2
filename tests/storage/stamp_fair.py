"""A running stamp rally for tests: its booths' codes, visitors, and the stamps' use cases on real rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from campaigns.games.entry import GameEntry
from campaigns.rallies.model import Booth, Rally, RallyState, Visit
from campaigns.rallies.targets import reached_of
from campaigns.staff.service import StaffService
from campaigns.stamps.codes import mint
from campaigns.stamps.model import StampClaim, Stamped
from campaigns.stamps.service import StampService
from storage.database import Database, UnitOfWork
from storage.games import SqlPlayStore
from storage.rallies import SqlRallyStore
from storage.staff import SqlStaffStore
from storage.stamps import SqlStampStore
from storage.vault import Vault
from tests.rally_plans import STARTS, rally_plan

ORGANISER, CLERK = 900, 901
NONCE = b"12345678"
KNOWN = text(
    """INSERT INTO members (id, name, language, language_chosen, private_chat, first_seen_at)
    SELECT unnest(:ids ::bigint[]), '', 'zh', true, 'open', :now"""
)


class Medals:
    """Writes medals in the transaction of the stamp, as the rallies' own use case does."""

    def __init__(self, store: SqlRallyStore, now: datetime) -> None:
        self._store = store
        self._now = now

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """Give what is reached now."""
        stamped = await self._store.stamped_by(rally.id, {visit.member_id for visit in visits})
        earned = [(member, code) for member, held in stamped.items() for code in reached_of(rally.targets, held)]
        await self._store.give_medals(rally.id, earned, self._now)


class Fair:
    """One event of eight booths that is open since an hour; `now` is turned by the test."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self.vault = vault
        self.now = STARTS + timedelta(hours=1)
        self.rally: Rally
        self.secret = b""

    async def open(self, code: str = "FAIR", *, scan_only: bool = True) -> "Fair":
        """Store the event and let it run."""
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(KNOWN, {"ids": [ORGANISER, CLERK], "now": STARTS})
            store = self.store(uow)
            made = await store.create(rally_plan(code, scan_only=scan_only), ORGANISER, {}, STARTS)
            await store.move(made.id, RallyState.RUNNING, STARTS)
            self.secret = await store.secret(made)
        await self.look()
        return self

    async def look(self) -> Rally:
        """The event as it stands now."""
        async with self.database.unit_of_work() as uow:
            found = await self.store(uow).by_code("FAIR")
        assert found is not None
        self.rally = found
        return found

    def store(self, uow: UnitOfWork) -> SqlRallyStore:
        """The rallies' store."""
        return SqlRallyStore(uow, self.vault)

    def stamps(self, uow: UnitOfWork) -> StampService:
        """The stamps' use cases in a transaction."""
        store = self.store(uow)
        games = GameEntry(SqlPlayStore(uow), lambda: self.now)
        medals, now = [Medals(store, self.now)], lambda: self.now
        return StampService(SqlStampStore(uow), store, games, [], self.trail(uow), now, medals)

    def trail(self, uow: UnitOfWork) -> StaffService:
        """Where it is kept who did what."""
        return StaffService(SqlStaffStore(uow), lambda: self.now)

    async def customer(self, customer: UUID) -> UUID:
        """A customer of the bank."""
        row = {"id": customer, "number": customer.hex}
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(text("INSERT INTO customers VALUES (:id, :number, '2026-09-30')"), row)
        return customer

    async def visitors(self, *members: int) -> None:
        """Know these people, by their numbers alone."""
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(KNOWN, {"ids": list(members), "now": STARTS})

    def booth(self, code: str) -> Booth:
        """A booth by its code."""
        found = self.rally.booth(code)
        assert found is not None
        return found

    def code(self, booth: str, at: datetime | None = None) -> str:
        """What a booth's screen shows."""
        return mint(self.secret, self.booth(booth).id, at or self.now, NONCE)

    def claim(self, member: int, booth: str, customer: UUID | None = None) -> StampClaim:
        """Somebody scans a booth's screen now."""
        return StampClaim(member, customer, self.code(booth), self.now)

    async def decide(self, *claims: StampClaim) -> list[Stamped]:
        """What comes of codes that arrived together."""
        async with self.database.unit_of_work() as uow:
            return await self.stamps(uow).decide(claims)

    async def counted(self, table: str, where: str = "true") -> int:
        """How many rows there are."""
        async with self.database.unit_of_work() as uow:
            return int(await uow.session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")) or 0)  # noqa: S608

    async def held(self, *members: int) -> Sequence[int]:
        """How many stamps that count these members have."""
        async with self.database.unit_of_work() as uow:
            found = await SqlStampStore(uow).holdings(self.rally.id, set(members))
        return [found[each].stamps for each in members]
