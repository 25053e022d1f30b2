"""A points campaign with a shelf, for a group in the chat: what a bank sets up by commands before anybody taps."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text

from campaigns.earnings.model import EarnEvent, EarnLimit, EarnRule, Imprint
from campaigns.points.model import Grant, GrantCode, MovementReason, Share
from campaigns.redemptions.model import ShelfItem
from sandbox.client import Phone
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.redemptions import SqlRedemptionStore
from tests.driver import Stage

IMPRINT = Imprint("A银行", "Bank A", "拨打95500", "Call 95500")


async def campaign(stage: Stage, group: int | None = None, budget: int = 1_000, valid_days: int = 60) -> int:
    """An open campaign shared by the bank and a merchant; it ends in ten days."""
    async with stage.app.database.unit_of_work() as uow:
        store, points = SqlPointsStore(uow), stage.app.services(uow).points
        bank, shop = await store.add_partner("A银行", "bank"), await store.add_partner("幸福里", "merchant")
        known = await stage.app.services(uow).groups.in_chat(group) if group else None
        shares = (Share(bank, 6_000), Share(shop, 4_000))
        ends = stage.app.clock.now() + timedelta(days=10)
        made = await points.open("入群福利", 100, valid_days, shares, budget, ends, known.id if known else None)
        return made.id


async def item(
    stage: Stage, title: str = "洗车券", points: int = 20, per_person: int = 1, offset_fen: int | None = None
) -> int:
    """Something on the shelf, at the merchant, for a month."""
    async with stage.app.database.unit_of_work() as uow:
        shop = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        today = stage.app.services(uow).points.today()
        until = today + timedelta(days=30)
        made = ShelfItem(0, shop, title, "Car wash", points, 5, today, until, per_person, offset_fen)
        return await SqlRedemptionStore(uow).add_item(made)


async def pays(stage: Stage, campaign_id: int, phone: Phone, points: int) -> None:
    """Points for a member, as a task pays them."""
    async with stage.app.database.unit_of_work() as uow:
        grant = Grant(phone.id, points, MovementReason.TASK, uuid4().hex)
        assert await stage.app.services(uow).points.grant(campaign_id, [grant]) == [GrantCode.GRANTED]


async def rule(stage: Stage, campaign_id: int, event: EarnEvent, limit: EarnLimit, points: int) -> None:
    """An active rule of earning."""
    async with stage.app.database.unit_of_work() as uow:
        earnings = stage.app.services(uow).earnings
        draft = EarnRule(0, campaign_id, event, points, limit, "入群有礼", "Welcome gift")
        made = await earnings.add(draft)
        assert not isinstance(await earnings.activate(made.id, IMPRINT), tuple)


async def opens(stage: Stage, phone: Phone, *, bound: bool = True) -> None:
    """Somebody opens the bot and, unless said otherwise, is known as a customer of the bank."""
    await phone.starts(stage.bot)
    await phone.sees("您好", stage.bot)
    if not bound:
        return
    customer = uuid4()
    async with stage.app.database.unit_of_work() as uow:
        row = {"id": customer, "number": customer.hex}
        await uow.session.execute(text("INSERT INTO customers VALUES (:id, :number, '2026-09-30')"), row)
        members = SqlMemberStore(uow, stage.app.world.vault)
        await members.bind(phone.id, customer, f"+86138{phone.id % 10**8:08}", stage.app.clock.now())


async def customer(stage: Stage, name: str, points: int, campaign_id: int) -> Phone:
    """A bound member with points, in private with the bot."""
    phone = await stage.person(name)
    await opens(stage, phone)
    await pays(stage, campaign_id, phone, points)
    return phone.opens(stage.bot)
