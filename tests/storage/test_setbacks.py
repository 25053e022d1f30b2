"""What cannot go on rests by itself and is told once; the others go on, and a database that fails is nobody's fault."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from campaigns.setbacks.rules import LONGEST, rest_after
from storage.database import UnitOfWork
from storage.setbacks import SqlSetbacks

NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)


class Work:
    """Work that fails for some, and what was done and told."""

    def __init__(self, uow: UnitOfWork, *bad: int) -> None:
        self.uow = uow
        self.bad = set(bad)
        self.now = NOW
        self.tries: list[list[int]] = []
        self.told: list[int] = []
        self.setbacks = SqlSetbacks(uow, lambda: self.now)

    async def do(self, due: Sequence[int]) -> None:
        self.tries.append(list(due))
        for number in due:
            await self.uow.session.execute(text("INSERT INTO event_looks VALUES (:n, :now)"), {"n": number, "now": NOW})
            if number in self.bad:
                raise ValueError(number)

    async def tell(self, number: int) -> None:
        self.told.append(number)
        raise LookupError("whom to tell")

    async def look(self, *due: int, minutes: float = 0) -> list[str]:
        """One look at what is due; what was done and not undone."""
        self.now += timedelta(minutes=minutes)
        self.tries.clear()
        await self.setbacks.apart("test", due, self.do, told=self.tell)
        found = list(await self.uow.session.scalars(text("DELETE FROM event_looks RETURNING source")))
        return sorted(found)


async def test_one_that_fails_is_undone_told_once_and_tried_again_later_and_later(uow: UnitOfWork) -> None:
    work = Work(uow, 2)
    assert await work.look(1, 2, 3) == ["1", "3"]
    assert work.tries == [[1, 2, 3], [1], [2], [3]]
    assert await work.look(2, 4) == ["4"]
    assert work.tries == [[4]]
    assert await work.look(2, minutes=1) == []
    assert await work.look(2, minutes=1) == []
    assert work.tries == []  # The second time it rests for two minutes.
    assert await work.look(2, 5, minutes=1) == ["5"]
    assert work.told == [2]
    work.bad.clear()
    assert await work.look(2, minutes=4) == ["2"]
    assert await uow.session.scalar(text("SELECT count(*) FROM setbacks")) == 0


async def test_what_goes_well_is_done_all_together(uow: UnitOfWork) -> None:
    work = Work(uow)
    assert await work.look(1, 2, 3) == ["1", "2", "3"]
    assert work.tries == [[1, 2, 3]]


async def test_a_database_that_fails_sets_nobody_back(uow: UnitOfWork) -> None:
    async def fail(_: Sequence[int]) -> None:
        await uow.session.execute(text("SET LOCAL statement_timeout = 1"))
        await uow.session.execute(text("SELECT pg_sleep(1)"))

    with pytest.raises(OperationalError):
        await SqlSetbacks(uow, lambda: NOW).apart("test", [1], fail)
    await uow.session.rollback()


def test_a_rest_doubles_from_a_minute_to_an_hour() -> None:
    assert [rest_after(times) / timedelta(minutes=1) for times in (1, 2, 3, 6)] == [1, 2, 4, 32]
    assert rest_after(7) == rest_after(10_000) == LONGEST
