"""A bank with groups, classed customers and offers, on real rows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlmodel import col

from campaigns.customers.model import Letter
from campaigns.deliveries.model import Delivery
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Introduction, Language, Member, Purpose
from campaigns.offers.model import ConfirmRefusal, OfferCampaign, Preview, PreviewRefusal
from campaigns.offers.service import OfferService
from handlers.wording.offers import OfferWords
from storage.database import Database, UnitOfWork
from storage.deliveries import DeliveryRow, SqlDeliveryStore, value
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.offers import SqlOfferStore
from storage.vault import Vault

NOON = datetime(2025, 11, 21, 4, tzinfo=UTC)  # Noon in Shanghai.
MANAGER, OTHER = 1, 2


@dataclass
class Bank:
    """A manager's groups and their people, and the offers made to them."""

    database: Database
    vault: Vault
    run: UUID
    now: datetime = NOON

    def service(self, uow: UnitOfWork, later: Callable[[int], Awaitable[None]] | None = None) -> OfferService:
        outbox = Outbox(SqlDeliveryStore(uow), lambda: self.now)
        wording = OfferWords("A银行")
        if later is None:
            return OfferService(SqlOfferStore(uow), outbox, wording, lambda: self.now)
        return OfferService(SqlOfferStore(uow), outbox, wording, lambda: self.now, later=later)

    async def member(self, member_id: int = MANAGER) -> Member:
        async with self.database.unit_of_work() as uow:
            who = Introduction(member_id, f"成员{member_id}", Language.ZH, is_private=True)
            return await SqlMemberStore(uow, self.vault).meet(who, NOON)

    async def group(self, chat_id: int, manager: int = MANAGER) -> None:
        await self.member(manager)
        async with self.database.unit_of_work() as uow:
            await SqlGroupStore(uow).save(chat_id, "A银行&米店商户福利群", "米店", manager, NOON)

    async def customer(
        self,
        member_id: int,
        letter: Letter | None,
        *chats: int,
        consent: bool = True,
        bound: bool = True,
        private: bool = True,
        language: Language = Language.ZH,
    ) -> None:
        async with self.database.unit_of_work() as uow:
            store, groups = SqlMemberStore(uow, self.vault), SqlGroupStore(uow)
            await store.meet(Introduction(member_id, f"成员{member_id}", language, is_private=private), NOON)
            if bound:
                customer = await self.classed(uow, letter)
                await store.bind(member_id, customer, f"+8613800{member_id:06}", NOON)
            if consent:
                await store.give_consent(member_id, Purpose.MARKETING, "marketing-1", NOON)
            for chat in chats:
                group = await groups.by_chat(chat)
                assert group is not None
                await groups.add_member(group, member_id, NOON)

    async def classed(self, uow: UnitOfWork, letter: Letter | None) -> UUID:
        key = uuid4()
        await uow.session.execute(
            text("INSERT INTO customers (id, number, first_as_of) VALUES (:id, :number, '2025-09-30')"),
            {"id": key, "number": key.hex},
        )
        if letter:
            reason = '[["assets", 1, 2.0]]'
            await uow.session.execute(
                text(
                    "INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons,"
                    " confidence, missing) VALUES (:run, :customer, :letter, 50, 50, CAST(:reasons AS jsonb), 1, '{}')"
                ),
                {"run": self.run, "customer": key, "letter": letter, "reasons": reason},
            )
        return key

    async def crowd(self, heads: int, letter: Letter, chat: int) -> None:
        """Many willing customers at once, with ids from 1,000; nobody reads their names."""
        statements = (
            "INSERT INTO members (id, name, language, private_chat, customer_id, first_seen_at)"
            " SELECT 1000 + n, '', 'zh', 'open', gen_random_uuid(), :now FROM generate_series(1, :heads) n",
            "INSERT INTO customers SELECT customer_id, id::text, '2025-09-30' FROM members WHERE id > 1000",
            "INSERT INTO customer_classes SELECT :run, customer_id, :letter, 1, 1, '[]', 1, '{}'"
            " FROM members WHERE id > 1000",
            "INSERT INTO consents (member_id, purpose, wording, given_at)"
            " SELECT id, 'marketing', 'marketing-1', :now FROM members WHERE id > 1000",
            "INSERT INTO group_members SELECT g.id, m.id, :now FROM members m, groups g"
            " WHERE m.id > 1000 AND g.chat_id = :chat",
        )
        facts = {"now": NOON, "heads": heads, "run": self.run, "letter": letter, "chat": chat}
        async with self.database.unit_of_work() as uow:
            for statement in statements:
                await uow.session.execute(text(statement), {k: v for k, v in facts.items() if f":{k}" in statement})

    async def preview(self) -> Preview | PreviewRefusal:
        async with self.database.unit_of_work() as uow:
            return await self.service(uow).preview(await self.member())

    async def confirm(self, campaign: int, by: int = MANAGER) -> OfferCampaign | ConfirmRefusal:
        member = await self.member(by)
        async with self.database.unit_of_work() as uow:
            return await self.service(uow).confirm(campaign, member)

    async def previewed(self) -> Preview:
        found = await self.preview()
        assert isinstance(found, Preview)
        return found

    async def sent_to_all(self) -> list[Delivery]:
        """Preview, confirm, and what the ledger has then."""
        await self.confirm((await self.previewed()).campaign_id)
        return await self.ledger()

    async def ledger(self) -> list[Delivery]:
        async with self.database.unit_of_work() as uow:
            rows = await uow.session.scalars(select(DeliveryRow).order_by(col(DeliveryRow.id)))
            return [value(row) for row in rows]
