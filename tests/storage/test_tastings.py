"""Tastings on real rows: never more than there are, taken back by who counted them, equal to what left the booth."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

from campaigns.members.model import Introduction, Language, Member
from campaigns.partners.model import Partner, PartnerKind
from campaigns.rallies.model import RallyState
from campaigns.redemptions.rules import TO_UNDO
from campaigns.tastings.model import TastingCode
from campaigns.tastings.service import TastingService
from storage.database import Database
from storage.members import SqlMemberStore
from storage.partners import SqlPartnerStore
from storage.points import SqlPointsStore
from storage.rallies import SqlRallyStore
from storage.settlements import SqlSettlementStore
from storage.tastings import SqlTastingStore
from storage.vault import Vault
from tests import rally_day

START = datetime(2026, 11, 28, 2, tzinfo=UTC)
CHIEF, STRANGER, BAKER = (Member(at, name, Language.ZH) for at, name in ((7, "李敏"), (8, "路人"), (9, "店员")))


async def test_a_booth_counts_no_more_than_it_has_and_takes_back_what_it_counted(
    database: Database, vault: Vault
) -> None:
    async with database.unit_of_work() as uow:
        for member in (CHIEF, STRANGER, BAKER):
            who = Introduction(member.id, member.name, Language.ZH, is_private=True)
            await SqlMemberStore(uow, vault).meet(who, START)
        store = SqlRallyStore(uow, vault)
        shop = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        await SqlPartnerStore(uow).link(BAKER.id, Partner(shop, "幸福里", PartnerKind.MERCHANT))
        rally = await store.create(rally_day.plan(START), CHIEF.id, {"幸福里": shop}, START)
        await store.move(rally.id, RallyState.RUNNING, START)
    cakes, tea = rally.booths
    now = START

    async def tap(pieces: int, member: Member = CHIEF, booth: int = cakes.id) -> TastingCode:
        async with database.unit_of_work() as uow:
            desk = TastingService(SqlTastingStore(uow), SqlRallyStore(uow, vault), lambda: now)
            found = desk.take_back(booth, member) if pieces < 0 else desk.give(booth, pieces, member)
            return (await found).code

    given = Counter(await asyncio.gather(*(tap(1) for _ in range(12))))
    assert given == {TastingCode.GIVEN: 3, TastingCode.NONE_LEFT: 9}
    back = Counter(await asyncio.gather(*(tap(-1) for _ in range(6))))
    assert back == {TastingCode.TAKEN_BACK: 3, TastingCode.NOTHING_TO_TAKE_BACK: 3}
    assert [await tap(5), await tap(1)] == [TastingCode.NONE_LEFT, TastingCode.GIVEN]
    now += TO_UNDO + timedelta(seconds=1)
    assert await tap(-1) is TastingCode.NOTHING_TO_TAKE_BACK
    assert [await tap(1, STRANGER), await tap(1, CHIEF, tea.id)] == [TastingCode.NOT_YOURS] * 2
    assert [await tap(1, BAKER), await tap(-1, BAKER)] == [TastingCode.GIVEN, TastingCode.TAKEN_BACK]
    async with database.unit_of_work() as uow:
        assert await SqlSettlementStore(uow).tastings(rally.id) == {"B1": 1}
        found = await SqlRallyStore(uow, vault).find(rally.id)
        assert found is not None
        assert found.booths[0].tastings_left == 2
