"""The terms of applications by the operator's hand: shown, and changed as a new version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from campaigns.applications.model import Stage, Terms
from campaigns.applications.rules import DAYS
from storage.applications import SqlApplicationStore
from storage.database import UnitOfWork

LONGEST = 90


@dataclass(frozen=True)
class TermsChange:
    """What an operator wants to change; nothing given changes nothing."""

    days: Mapping[Stage, int]
    escalate_after: tuple[int, ...] | None = None
    nudge_after: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.days and self.escalate_after is None and self.nudge_after is None


def read_change(days: Sequence[str], escalate: str | None, nudge: int | None) -> TermsChange:
    """Read `signed=2`, `3,5,7` and a number of days.

    Raises:
        OperationRefusedError: says what cannot be read.
    """
    return TermsChange(dict(map(_stage_days, days)), _steps(escalate) if escalate is not None else None, nudge)


def terms(change: TermsChange, made_by: str, url: str, now: Callable[[], datetime]) -> Terms:
    """The terms in force, after the change where there is one."""

    async def work(uow: UnitOfWork) -> Terms:
        store = SqlApplicationStore(uow)
        found = await store.terms()
        if change.is_empty:
            return found
        changed = _changed(found, change)
        await store.set_terms(changed, made_by, now())
        return changed

    return in_one_transaction(url, work)


def _changed(found: Terms, change: TermsChange) -> Terms:
    return replace(
        found,
        version=found.version + 1,
        days={**found.days, **change.days},
        escalate_after=change.escalate_after or found.escalate_after,
        nudge_after=change.nudge_after or found.nudge_after,
    )


def _stage_days(text: str) -> tuple[Stage, int]:
    name, sign, number = text.partition("=")
    if not sign or name not in DAYS or not number.isdecimal() or not 1 <= int(number) <= LONGEST:
        raise OperationRefusedError(
            f"--days {text}: write STAGE=DAYS with 1 to {LONGEST} working days; stages are {', '.join(DAYS)}."
        )
    return Stage(name), int(number)


def _steps(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    numbers = [int(part) for part in parts if part.isdecimal()]
    if len(numbers) < len(parts) or numbers != sorted(set(numbers)) or not 1 <= numbers[0] <= numbers[-1] <= LONGEST:
        raise OperationRefusedError(f"--escalate {text}: write rising numbers of working days, such as 3,5,7.")
    return tuple(numbers)
