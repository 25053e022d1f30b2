"""A game whose stamp a clerk gave is over: nobody waits there any more, and no move is left."""

from datetime import timedelta

from campaigns.games.entry import GameEntry
from campaigns.games.model import Move
from campaigns.plays.endings import PlayEndings
from campaigns.stamps.model import StampOutcome
from campaigns.stamps.service import StampService
from storage.database import Database, UnitOfWork
from storage.games import SqlPlayStore
from storage.stamps import SqlStampStore
from storage.vault import Vault
from tests.storage.stamp_fair import CLERK, Fair

VISITOR, OTHER = 50, 51


def stamps(fair: Fair, uow: UnitOfWork) -> StampService:
    games = SqlPlayStore(uow)
    entry, endings = GameEntry(games, lambda: fair.now), PlayEndings(games, lambda: fair.now)
    return StampService(SqlStampStore(uow), fair.store(uow), entry, [endings], fair.trail(uow), lambda: fair.now)


async def test_a_clerks_word_ends_the_game_of_its_visitor_alone(database: Database, vault: Vault) -> None:
    fair = await Fair(database, vault).open(scan_only=False)
    await fair.visitors(VISITOR, OTHER)
    begun = await fair.decide(fair.claim(VISITOR, "B1"), fair.claim(OTHER, "B1"))
    assert {each.outcome for each in begun} == {StampOutcome.GAME}
    fair.now += timedelta(minutes=1)
    async with database.unit_of_work() as uow:
        service = stamps(fair, uow)
        code, _ = await service.member_code(VISITOR)
        found = await service.confirm(fair.rally, fair.booth("B1"), code, None, CLERK)
        assert found.outcome is StampOutcome.STAMPED
    async with database.unit_of_work() as uow:
        store, booth = SqlPlayStore(uow), fair.booth("B1").id
        assert await store.unfinished(VISITOR) == []
        mine, others = await store.lock(booth, VISITOR), await store.lock(booth, OTHER)
    assert mine is not None
    assert others is not None
    assert (mine.attempt.state, mine.moved_at, others.attempt.state) == (Move.PASSED, fair.now, Move.AGAIN)
