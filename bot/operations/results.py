"""Results of promotions by the operator's hand: measured, compared with the held-out, concluded once."""

import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.operations.promotions import allowed, desk
from bot.settings import Settings
from campaigns.promotions.model import PromotionRefusal, PromotionState, Version
from campaigns.results.model import HELD_OUT, Course, Outcome, Result, Window
from campaigns.results.rules import aims, emptied, gains, propose, shares, targets
from segmentation.experiments.evaluation import evaluate
from segmentation.experiments.model import Evaluation, Question
from storage.database import UnitOfWork
from storage.results import SqlResultStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]


class ResultOffice:
    """What commands do with results, inside one unit of work; what cannot be is an OperationRefusedError."""

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        vault, zone = Vault(Keyring.open(settings.keyring_file)), ZoneInfo(settings.time_zone)
        self._promotions, _ = desk(uow, vault, settings.bank_name, now, zone)
        self._store = SqlResultStore(uow)
        self._now = now

    async def result(self, code: str, number: int | None = None) -> Result:
        """All that is known of a version, of the newest that was sent by default."""
        return await self._read(await self._version(code, number))

    async def conclude(self, code: str, by: str) -> Result:
        """Read the newest version's results for good: kept as they are, and the version is evaluated."""
        version = await self._version(code, None)
        if version.state is not PromotionState.CLOSED:
            raise OperationRefusedError(f"{code} v{version.number} is {version.state}: only a closed one is concluded.")
        found = await self._read(version)
        if found.window.after is None:
            raise OperationRefusedError(
                f"No delivery of the bank since {found.window.until:%Y-%m-%d}: import it first."
            )
        allowed(await self._promotions.evaluate(code))
        await self._store.keep(version, found.as_json(), by, self._now())
        return found

    async def _version(self, code: str, number: int | None) -> Version:
        found = await self._promotions.find(code, number)
        if found is None:
            return allowed(PromotionRefusal.NO_PROMOTION if number is None else PromotionRefusal.NO_VERSION)
        return found

    async def _read(self, version: Version) -> Result:
        window = await self._store.window(version, self._now())
        if window is None:
            raise OperationRefusedError(f"Nobody was assigned by {version.code} v{version.number} yet.")
        course = await self._store.course(version, window)
        evaluation = await self._evaluate(version, window, course)
        reached = aims(course, window, targets(version.plan))
        return Result(
            version.code,
            version.number,
            version.state,
            version.plan.title.zh,
            window,
            course,
            reached,
            gains(evaluation, course.costs),
            propose(evaluation, course, window, reached, shares(version.plan)),
            evaluation,
        )

    async def _evaluate(self, version: Version, window: Window, course: Course) -> Evaluation | None:
        """The arms beside the held-out; None where nobody or nothing can be compared, or an arm is gone."""
        if emptied(shares(version.plan), course.units) is not None:
            return None
        planned = {arm: share for arm, share in shares(version.plan).items() if course.units.get(arm)}
        if HELD_OUT not in planned or len(planned) < 2 or window.after is None:
            return None
        with tempfile.TemporaryDirectory(prefix="results-") as folder:
            file = Path(folder) / f"{version.code}-v{version.number}.csv"
            await self._store.copy(version, window, file)
            return evaluate(
                Question(
                    file,
                    "variant",
                    tuple(Outcome),
                    unit="customer_id",
                    control=HELD_OUT,
                    shares=planned,
                    pre={Outcome.ASSETS: "assets_before"},
                    planned=sum(course.units.values()),
                )
            )


def in_office(settings: Settings, url: str, now: Now, do: Callable[[ResultOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""
    return in_one_transaction(url, lambda uow: do(ResultOffice(uow, settings, now)))
