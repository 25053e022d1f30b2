"""A bank's customers and what is known of the ways to them, on real rows."""

from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import text

from campaigns.applications.service import ApplicationService
from campaigns.channels.model import Channel, ChannelDraft
from campaigns.channels.service import ChannelService
from campaigns.customers.model import Letter
from campaigns.deliveries.service import Outbox
from campaigns.followups.service import FollowUpService
from campaigns.members.model import Introduction, Language
from campaigns.owners.service import OwnerService
from campaigns.staff.service import StaffService
from handlers.wording.applications import ApplicationWords
from handlers.wording.followups import FollowUpWords
from handlers.wording.owners import OwnerWords
from storage.applications import SqlApplicationStore
from storage.channel_ways import SqlWayStore
from storage.channels import SqlChannelStore
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.followups import SqlFollowUpStore
from storage.lookups import SqlLookupStore
from storage.members import SqlMemberStore
from storage.next_actions import SqlNextActionStore
from storage.owners import SqlOwnerStore
from storage.staff import SqlStaffStore
from storage.vault import Vault

NOON = datetime(2025, 11, 21, 4, tzinfo=UTC)


class ChannelDesk:
    """Customers of a bank, and the services of one transaction."""

    def __init__(self, database: Database, vault: Vault, run: UUID) -> None:
        self.database, self.vault, self.run = database, vault, run

    def channels(self, uow: UnitOfWork) -> ChannelService:
        return ChannelService(SqlChannelStore(uow), SqlWayStore(uow, self.vault), lambda: NOON)

    async def customer(self, letter: Letter | None = Letter.C, potential: float = 50) -> UUID:
        customer = uuid4()
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(
                text("INSERT INTO customers VALUES (:id, :number, '2025-09-30')"),
                {"id": customer, "number": customer.hex[:10]},
            )
            if letter:
                await uow.session.execute(
                    text(
                        """INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons,
                            confidence, missing, provisional, steps, value_parts, potential_reasons, churn_reasons)
                        VALUES (:run, :id, :letter, 50, :potential, '[]', 1, '{}', false, '[]', '{}', '[]', '[]')"""
                    ),
                    {"run": self.run, "id": customer, "letter": letter, "potential": potential},
                )
        return customer

    async def agree(self, customer: UUID, channel: Channel = Channel.SMS, address: str = "+8613800000001") -> None:
        async with self.database.unit_of_work() as uow:
            ways = SqlWayStore(uow, self.vault)
            await ways.set_address(channel, customer, address, NOON)
            await ways.consent(channel, customer, "offers by text message", "branch 1", NOON)

    async def plan(self, *drafts: ChannelDraft, cap: int | None = None) -> tuple[int, int, int]:
        async with self.database.unit_of_work() as uow:
            found = await self.channels(uow).add(*drafts, cost_cap=cap)
        return found.new, found.known, found.over_cap

    async def object(self, customer: UUID, channel: Channel = Channel.SMS) -> None:
        async with self.database.unit_of_work() as uow:
            await SqlWayStore(uow, self.vault).object(channel, customer, "branch 1", NOON)

    async def own(self, customer: UUID, owner: int) -> None:
        async with self.database.unit_of_work() as uow:
            await SqlMemberStore(uow, self.vault).meet(
                Introduction(owner, "李经理", Language.ZH, is_private=True), NOON
            )
            await SqlOwnerStore(uow).assign(customer, owner, NOON)

    def followups(self, uow: UnitOfWork) -> FollowUpService:
        people, outbox = SqlMemberStore(uow, self.vault), Outbox(SqlDeliveryStore(uow), lambda: NOON)
        staff, zone = StaffService(SqlStaffStore(uow), lambda: NOON), ZoneInfo("Asia/Shanghai")
        applications = ApplicationService(
            SqlApplicationStore(uow), people, staff, outbox, ApplicationWords(), lambda: NOON, zone
        )
        owners = OwnerService(SqlOwnerStore(uow), staff, people, applications, outbox, OwnerWords(), lambda: NOON, zone)
        return FollowUpService(
            SqlFollowUpStore(uow, self.vault),
            owners,
            people,
            SqlNextActionStore(uow),
            SqlLookupStore(uow, self.vault),
            outbox,
            FollowUpWords(zone),
            lambda: NOON,
            zone,
        )


async def classed_bank(database: Database, vault: Vault) -> ChannelDesk:
    """A bank with one run of its classifier."""
    run = uuid4()
    async with database.unit_of_work() as uow:
        await uow.session.execute(
            text("INSERT INTO segmentation_policies VALUES (1, '{}', 'default', :now)"), {"now": NOON}
        )
        await uow.session.execute(
            text("INSERT INTO segmentation_runs VALUES (:id, '2025-09-30', 'lines-1', 1, :digest, :now, '[]')"),
            {"id": run, "digest": "0" * 64, "now": NOON},
        )
    return ChannelDesk(database, vault, run)
