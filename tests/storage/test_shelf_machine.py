"""The shelf as a machine on real rows: anything in any order, and a model of it always says the same."""

import asyncio
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from campaigns.members.model import Introduction, Language
from campaigns.points.model import Grant, MovementReason, Share
from campaigns.points.service import PointsService
from campaigns.redemptions.model import Asker, Clerk, ConfirmCode, RedeemCode, Redeemed, ShelfItem
from campaigns.redemptions.service import RedemptionService
from storage.database import Database, UnitOfWork
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.redemptions import SqlRedemptionStore
from storage.vault import Vault
from tests.storage.test_redemptions import START, TODAY, ZONE

STAFF, EACH, PER_PERSON = 99, 60, 3
NUMBERS = count(1_000)
WHO = st.integers(0, 2)


class ShelfMachine(RuleBasedStateMachine):
    """Three members, one item, and clerks who scan: pieces and points are never lost, sold twice or made."""

    database: Database
    vault: Vault
    runner: asyncio.Runner
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.stock, self.price = 2, 20
        self.members = [next(NUMBERS) for _ in range(3)]
        self.spendable = dict.fromkeys(self.members, EACH)
        self.claimed = 0
        self.open: dict[int, tuple[int, int, datetime]] = {}  # redemption → member, price, when it lapses
        self.had = dict.fromkeys(self.members, 0)
        self.runner.run(self._open())

    async def _open(self) -> None:
        async with self.database.unit_of_work() as uow:
            for member in (*self.members, STAFF):
                known = Introduction(member, "王", Language.ZH, is_private=True)
                await SqlMemberStore(uow, self.vault).meet(known, START)
            self.partner = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
            shares, ends = [Share(self.partner, 10_000)], START + timedelta(days=900)
            self.campaign = await self.points(uow).open("抽波豆", 100, 1_000, shares, 1_000, ends)
            grants = [Grant(member, EACH, MovementReason.JOIN, "once") for member in self.members]
            await self.points(uow).grant(self.campaign.id, grants)
            item = ShelfItem(0, self.partner, "洗车券", "Car wash", self.price, self.stock, TODAY, date.max, PER_PERSON)
            self.item = await SqlRedemptionStore(uow).add_item(item)

    def points(self, uow: UnitOfWork) -> PointsService:
        return PointsService(SqlPointsStore(uow), lambda: self.now, ZONE)

    def shelf(self, uow: UnitOfWork) -> RedemptionService:
        return RedemptionService(SqlRedemptionStore(uow), self.points(uow), lambda: self.now)

    async def _ask(self, member: int, price: int) -> Redeemed:
        async with self.database.unit_of_work() as uow:
            return await self.shelf(uow).redeem(Asker(member, UUID(int=member)), self.item, price)

    def expected(self, member: int, price: int) -> RedeemCode:
        """What the model says of one who asks, in the order in which refusals are told."""
        if self.had[member] >= PER_PERSON:
            return RedeemCode.ENOUGH
        if self.stock < 1:
            return RedeemCode.SOLD_OUT
        if price != self.price:
            return RedeemCode.NEW_PRICE
        return RedeemCode.HELD if self.spendable[member] >= price else RedeemCode.SHORT

    def take(self, member: int, outcome: Redeemed) -> str:
        assert outcome.redemption is not None
        self.stock -= 1
        self.spendable[member] -= outcome.redemption.points
        self.had[member] += 1
        self.open[outcome.redemption.id] = (member, outcome.redemption.points, outcome.redemption.lapses_at)
        return f"{outcome.redemption.id} {outcome.token}"

    def give_back(self, redemption: int) -> None:
        member, price, _ = self.open.pop(redemption)
        self.stock += 1
        self.spendable[member] += price
        self.had[member] -= 1

    @rule(target=held, who=WHO, saw=st.sampled_from(["price", "older price"]))
    def redeem(self, who: int, saw: str) -> object:
        member = self.members[who]
        price = self.price if saw == "price" else self.price + 1
        expected = self.expected(member, price)
        outcome = self.runner.run(self._ask(member, price))
        assert outcome.code is expected
        return self.take(member, outcome) if outcome.code is RedeemCode.HELD else multiple()

    @rule()
    def all_at_once(self) -> None:
        """Everybody asks at the same moment: the last piece goes to one of them, who gives it up again."""
        able = sum(self.expected(member, self.price) is RedeemCode.HELD for member in self.members)

        async def together() -> int:
            outcomes = await asyncio.gather(*(self._ask(member, self.price) for member in self.members))
            won = [each.redemption for each in outcomes if each.redemption is not None]
            codes = [await self._give_up(each.id, each.member_id) for each in won]
            assert codes == [ConfirmCode.CANCELLED] * len(won)
            return len(won)

        assert self.runner.run(together()) == min(able, self.stock)

    async def _give_up(self, redemption: int, member: int) -> ConfirmCode:
        async with self.database.unit_of_work() as uow:
            return (await self.shelf(uow).cancel(redemption, member)).code

    @rule(one=consumes(held), who=WHO)
    def cancel(self, one: str, who: int) -> None:
        redemption, by = int(one.split(maxsplit=1)[0]), self.members[who]
        known = self.open.get(redemption)

        code = self.runner.run(self._give_up(redemption, by))
        assert (code is ConfirmCode.CANCELLED) == (known is not None and known[0] == by)
        if code is ConfirmCode.CANCELLED:
            self.give_back(redemption)

    @rule(one=held, mistakes=st.integers(0, 1))
    def scan(self, one: str, mistakes: int) -> None:
        """Two clerks scan at once: it is handed out once, and a mistake is taken back before."""
        redemption, token = int(one.split(maxsplit=1)[0]), one.split()[1]
        known = self.open.get(redemption)

        async def confirm() -> ConfirmCode:
            async with self.database.unit_of_work() as uow:
                return (await self.shelf(uow).confirm(token, Clerk(STAFF))).code

        async def undo() -> ConfirmCode:
            async with self.database.unit_of_work() as uow:
                return (await self.shelf(uow).undo(token, Clerk(STAFF))).code

        async def at_the_desk() -> list[ConfirmCode]:
            for _ in range(mistakes):
                if await confirm() is ConfirmCode.HANDED_OVER:
                    assert await undo() is ConfirmCode.UNDONE
            return list(await asyncio.gather(confirm(), confirm()))

        codes = self.runner.run(at_the_desk())
        is_good = known is not None and self.now < known[2]
        assert codes.count(ConfirmCode.HANDED_OVER) == is_good
        if known is not None and is_good:
            self.claimed += self.open.pop(redemption)[1]

    @rule(price=st.integers(5, 30))
    def price_changes(self, price: int) -> None:
        self.runner.run(self._change(price, 0))
        self.price = price

    @rule(more=st.integers(1, 2))
    def restock(self, more: int) -> None:
        self.runner.run(self._change(0, more))
        self.stock += more

    async def _change(self, points: int, more: int) -> None:
        async with self.database.unit_of_work() as uow:
            assert await self.shelf(uow).change(self.item, points, more, None) is not None

    @rule(days=st.integers(1, 8))
    def days_pass(self, days: int) -> None:
        """What nobody fetched within a week lapses, at whatever price it was set aside."""
        self.now += timedelta(days=days)

        async def lapse() -> set[int]:
            async with self.database.unit_of_work() as uow:
                return {each.id for each in await self.shelf(uow).lapse() if each.item.id == self.item}

        due = {redemption for redemption, (_, _, until) in self.open.items() if until <= self.now}
        assert self.runner.run(lapse()) == due
        for redemption in due:
            self.give_back(redemption)

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        async def look() -> tuple[int, dict[int, int], int, bool]:
            async with self.database.unit_of_work() as uow:
                sheet = await self.points(uow).settlement(self.campaign.id)
                item = await self.shelf(uow).item(self.item)
                assert sheet is not None
                assert item is not None
                found = {member: (await self.points(uow).statement(member)).spendable for member in self.members}
                return item.stock, found, sum(sheet.totals.claimed.values()), sheet.totals.is_balanced

        assert self.runner.run(look()) == (self.stock, self.spendable, self.claimed, True)
        assert self.stock >= 0
        assert sum(self.spendable.values()) + self.claimed + sum(each[1] for each in self.open.values()) == 3 * EACH


def test_the_shelf_holds_whatever_happens(database_url: str, vault: Vault) -> None:
    with asyncio.Runner() as runner:
        ShelfMachine.runner, ShelfMachine.vault = runner, vault
        ShelfMachine.database = Database(database_url, pool_size=3)
        run_machine(ShelfMachine, settings=settings(max_examples=6, stateful_step_count=14, deadline=None))
        runner.run(ShelfMachine.database.close())
