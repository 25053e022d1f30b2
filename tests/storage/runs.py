"""Deliveries of two quarters into a database and runs over them, for tests of what is stored."""

from datetime import UTC, date, datetime
from pathlib import Path

from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.policies import PolicyService
from campaigns.customers.segments import SegmentationRun, SegmentService
from segmentation.synthetic import AS_OF, AUM, BEHAVIOR, Person, write_csv
from storage.intakes import open_intakes
from storage.segments import open_segments
from storage.vault import Vault

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NEXT = date(2019, 12, 31)
ZONE = "Asia/Shanghai"


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


def import_folder(url: str, vault: Vault, folder: Path, as_of: date = AS_OF) -> None:
    with open_intakes(url, vault) as store:
        outcome = IntakeService(store, Unwatched(), NOW).import_delivery(folder, "cn-bank", as_of, 0.0)
    assert isinstance(outcome, IntakeReport), str(outcome)


def segment(url: str, until: date | None = None) -> SegmentationRun:
    with open_segments(url, ZONE) as store:
        run = SegmentService(store, NOW).segment(until)
    assert run is not None
    return run


def letters(url: str, run: SegmentationRun) -> dict[str, str]:
    with open_segments(url, ZONE) as store:
        return {line.number: line.letter for line in store.lists.lines(run.id)}


def change(url: str, *settings: str) -> None:
    with open_segments(url, ZONE) as store:
        PolicyService(store, NOW).change(settings, "head of retail", "tried out")


def deliver_next(url: str, vault: Vault, folder: Path, people: list[Person], moved: dict[str, int]) -> None:
    """The next quarter: the same people, but with these assets in yuan, all of them on demand, and no deposit files."""
    aum = [
        (p.number, "0", "0", f"{moved[p.number]}.0", "0", "0", "0", "0", "0") if p.number in moved
        else (p.number, *p.aum) for p in people
    ]  # fmt: skip
    write_csv(folder, "aum", AUM, aum, compress=False)
    write_csv(folder, "behavior", BEHAVIOR, ((p.number, *p.behavior) for p in people), compress=False)
    import_folder(url, vault, folder, NEXT)
