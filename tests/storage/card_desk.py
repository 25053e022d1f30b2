"""A bank with one chain of two managers, whose applications tests carry on under a clock that they turn."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from campaigns.applications.model import Application, MoveRefusal, Reason, Stage
from campaigns.applications.reconciling import Reconciler
from campaigns.applications.reminders import ApplicationReminders
from campaigns.applications.service import ApplicationService
from campaigns.chains.model import Chain, ChainState, Plan
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Introduction, Language, Member
from campaigns.staff.model import Absence, Role
from campaigns.staff.service import StaffService
from handlers.wording.applications import ApplicationWords
from handlers.wording.card_events import CardEventWords
from storage.applications import SqlApplicationStore
from storage.card_events import SqlCardEventStore
from storage.chains import SqlChainStore
from storage.compliance import SqlGate
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Vault

FRIDAY = datetime(2026, 11, 20, 4, tzinfo=UTC)  # Noon in Shanghai.
ZONE = ZoneInfo("Asia/Shanghai")
LI, CHEN, BOSS = 1, 2, 3
WANG, ZHAO, SUN = 11, 12, 13
CHAT = -100
COUNTED = (
    "SELECT step, recipient, state FROM deliveries"
    " WHERE campaign LIKE 'application%' OR campaign = 'card_events' ORDER BY id"
)


@dataclass
class Desk:
    """A bank whose clock the test turns, with one chain in one group of two managers."""

    database: Database
    vault: Vault
    chain: Chain
    now: datetime = FRIDAY

    def services(self, uow: UnitOfWork) -> tuple[ApplicationService, ApplicationReminders, StaffService]:
        store, people = SqlApplicationStore(uow), SqlMemberStore(uow, self.vault)
        staff = StaffService(SqlStaffStore(uow), self.time)
        outbox, words = Outbox(SqlDeliveryStore(uow), self.time), ApplicationWords()
        service = ApplicationService(store, people, staff, outbox, words, self.time, ZONE)
        return (
            service,
            ApplicationReminders(store, people, staff, SqlGate(uow), outbox, words, self.time, ZONE),
            staff,
        )

    def time(self) -> datetime:
        return self.now

    async def enters(self, *members: int) -> None:
        async with self.database.unit_of_work() as uow:
            await self.services(uow)[0].entered(self.chain, members)

    async def leaves(self, *members: int) -> None:
        async with self.database.unit_of_work() as uow:
            await self.services(uow)[0].left(self.chain, members)

    async def member(self, number: int) -> Member:
        async with self.database.unit_of_work() as uow:
            found = await SqlMemberStore(uow, self.vault).get(number)
            assert found is not None
            return found

    async def of(self, number: int) -> Application:
        async with self.database.unit_of_work() as uow:
            [found] = await SqlApplicationStore(uow).of_member(number, None, 5)
            return found

    async def moves(
        self, number: int, to: Stage, reason: Reason | None = None, by: int = LI, version: int | None = None
    ) -> Application | MoveRefusal:
        found, who = await self.of(number), await self.member(by)
        async with self.database.unit_of_work() as uow:
            service, _, _ = self.services(uow)
            return await service.move(found.id, found.version if version is None else version, to, reason, who)

    async def reaches(self, number: int, stage: Stage) -> None:
        for to in (Stage.CONTACTED, Stage.CONSENTED, Stage.APPLIED, Stage.APPROVED, Stage.DELIVERED, Stage.ACTIVATED):
            assert isinstance(await self.moves(number, to), Application)
            if to is stage:
                return

    async def away(self, who: int, first: date, last: date, stand_in: int) -> None:
        async with self.database.unit_of_work() as uow:
            absence = Absence(who, first, last, stand_in)
            assert await self.services(uow)[2].be_away(absence, self.now.date()) == absence

    async def ticks(self, now: datetime) -> int:
        self.now = now
        async with self.database.unit_of_work() as uow:
            return await self.services(uow)[1].tick()

    async def rows(self, query: str = COUNTED) -> list[tuple[object, ...]]:
        async with self.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query))]

    async def told(self) -> list[tuple[str, int]]:
        """Who was told what, by the first word of the step."""
        return [(str(step).split(":", maxsplit=1)[0], int(str(who))) for step, who, _ in await self.rows()]

    def reconciler(self, uow: UnitOfWork) -> Reconciler:
        service, _, staff = self.services(uow)
        people, outbox = SqlMemberStore(uow, self.vault), Outbox(SqlDeliveryStore(uow), self.time)
        return Reconciler(SqlCardEventStore(uow), service, people, staff, outbox, CardEventWords(), self.time)


async def open_desk(database: Database, vault: Vault) -> Desk:
    async with database.unit_of_work() as uow:
        people, groups, staff = SqlMemberStore(uow, vault), SqlGroupStore(uow), SqlStaffStore(uow)
        for number in (LI, CHEN, BOSS, WANG, ZHAO, SUN):
            await people.meet(Introduction(number, f"成员{number}", Language.ZH, is_private=True), FRIDAY)
        for number, role in ((LI, Role.WEALTH_MANAGER), (CHEN, Role.WEALTH_MANAGER), (BOSS, Role.TEAM_LEAD)):
            await staff.grant(number, role, FRIDAY)
        group = await groups.save(CHAT, "A银行&米店商户福利群", "米店", LI, FRIDAY)
        chain = await SqlChainStore(uow, vault).create(
            group, Plan("联名信用卡", 9, FRIDAY + timedelta(days=1)), LI, FRIDAY, FRIDAY + timedelta(hours=1)
        )
        assert chain is not None
        assert chain.state is ChainState.OPEN
    return Desk(database, vault, chain)
