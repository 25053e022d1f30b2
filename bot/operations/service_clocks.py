"""The service clock by the operator's hand: shown, and changed as a new version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.followups.model import ServiceClock
from storage.database import UnitOfWork
from storage.service_clocks import SqlServiceClockStore

LONGEST = 90
STANDINGS: Mapping[str, Letter | Tier] = {each.value: each for each in (*Letter, *Tier)}


@dataclass(frozen=True)
class ClockChange:
    """What an operator wants to change; nothing given changes nothing."""

    days: Mapping[Letter | Tier, int] = field(default_factory=dict)
    unclassed: int | None = None
    complaint: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.days and self.unclassed is None and self.complaint is None


def read_change(days: Sequence[str], unclassed: int | None, complaint: int | None) -> ClockChange:
    """Read `A=1`, `strategic=1` and numbers of days.

    Raises:
        OperationRefusedError: says what cannot be read.
    """
    return ClockChange(dict(map(_days_of, days)), unclassed, complaint)


def service_clock(change: ClockChange, made_by: str, url: str, now: Callable[[], datetime]) -> ServiceClock:
    """The clock in force, after the change where there is one."""

    async def work(uow: UnitOfWork) -> ServiceClock:
        store = SqlServiceClockStore(uow)
        found = await store.newest()
        if change.is_empty:
            return found
        changed = _changed(found, change)
        await store.set(changed, made_by, now())
        return changed

    return in_one_transaction(url, work)


def _changed(found: ServiceClock, change: ClockChange) -> ServiceClock:
    return replace(
        found,
        version=found.version + 1,
        days={**found.days, **change.days},
        unclassed=change.unclassed or found.unclassed,
        complaint=change.complaint or found.complaint,
    )


def _days_of(text: str) -> tuple[Letter | Tier, int]:
    name, sign, number = text.partition("=")
    standing = STANDINGS.get(name) or STANDINGS.get(name.upper())
    if not sign or standing is None or not number.isdecimal() or not 1 <= int(number) <= LONGEST:
        raise OperationRefusedError(
            f"--days {text}: write WHO=DAYS with 1 to {LONGEST} bank days; WHO is one of {', '.join(STANDINGS)}."
        )
    return standing, int(number)
