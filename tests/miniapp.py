"""What tests of the Mini App begin with: somebody who opens it, and a stocked shelf."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import text

from bot.app import App
from campaigns.chains.eligibility import Condition, ConditionKind
from campaigns.chains.model import Plan
from campaigns.chains.stages import Stage
from campaigns.groupbuys.model import GroupbuyPlan, Opened
from campaigns.groupbuys.rules import check_plan
from campaigns.members.model import Introduction, Language
from campaigns.points.model import Grant, MovementReason, Share
from campaigns.redemptions.model import ShelfItem
from storage.groups import SqlGroupStore
from storage.points import SqlPointsStore
from storage.redemptions import SqlRedemptionStore


def init_data(token: str, person: int, at: datetime, language: str = "zh", start: str | None = None) -> str:
    """What Telegram signs for somebody who opens the page of the bot with this token."""
    user = {"id": person, "first_name": "王芳", "language_code": language}
    fields = {"auth_date": str(int(at.timestamp())), "user": json.dumps(user)} | (
        {"start_param": start} if start else {}
    )
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    return urlencode({**fields, "hash": hmac.digest(secret, lines.encode(), hashlib.sha256).hex()})


async def shelf(app: App, *paid: int, points: int = 50, per_person: int = 1) -> int:
    """An item at 20 points, and bound members who have this many; returns the item."""
    async with app.database.unit_of_work() as uow:
        services, store = app.services(uow), SqlPointsStore(uow)
        shop = await store.add_partner("幸福里", "merchant")
        ends = app.clock.now() + timedelta(days=10)
        campaign = await services.points.open("入群福利", 100, 60, (Share(shop, 10_000),), 1_000, ends, None)
        for person in paid:
            await services.people.meet(Introduction(person, "王芳", Language.ZH, is_private=True), app.clock.now())
            customer = uuid4()
            row = {"id": customer, "number": customer.hex}
            await uow.session.execute(text("INSERT INTO customers VALUES (:id, :number, '2026-09-30')"), row)
            await services.people.bind(person, customer, f"+86138{person % 10**8:08}", app.clock.now())
            await services.points.grant(campaign.id, [Grant(person, points, MovementReason.TASK, uuid4().hex)])
        today = services.points.today()
        made = ShelfItem(0, shop, "洗车券", "Car wash", 20, 5, today, today + timedelta(days=30), per_person, 500)
        return await SqlRedemptionStore(uow).add_item(made)


async def groupbuy(app: App, *members: int, items: tuple[str, ...] = (), limit: int = 1, chat: int = -100) -> int:
    """A running group-buy for those with a linked number, in a group with these members; returns its chain."""
    now = app.clock.now()
    plan = check_plan(
        Plan("稳健理财", 9, now + timedelta(days=2), limit, items),
        (Stage(2, "首年免年费"), Stage(5, "洗车券")),
        (Condition(ConditionKind.BOUND),),
    )
    assert isinstance(plan, GroupbuyPlan)
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        manager = await services.people.meet(Introduction(1, "李敏", Language.ZH, is_private=True), now)
        groups = SqlGroupStore(uow)
        group = await groups.save(chat, f"A银行&米店{-chat}商户福利群", "米店", manager.id, now)
        for member in members:
            await services.people.meet(Introduction(member, "王芳", Language.ZH, is_private=True), now)
            await groups.add_member(group, member, now)
        opened = await services.groupbuys.open([group], manager, plan)
        assert isinstance(opened, Opened)
        return opened.chains[0].id
