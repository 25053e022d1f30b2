"""The import of a delivery: read, check, stage, publish once; for commands and jobs, never loaded by the bot."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from segmentation.intake.cleaning import CleanFile, FileQuality, clean_file, refuse_beyond
from segmentation.intake.deliveries import DeliveredFile, Delivery, find_delivery
from segmentation.intake.faults import DeliveryRefusedError, Fault, refuse
from segmentation.intake.measures import Jump, find_jumps, refuse_another_unit
from segmentation.intake.profiles import load_profile
from segmentation.intake.subjects import CONTACTS, ENTERPRISES
from segmentation.intake.traits import TraitConflict

LISTED = 20


class Counted(Protocol):
    """Counts of one publication; `orphans` and `missing` by file name."""

    @property
    def customers(self) -> int: ...
    @property
    def new_customers(self) -> int: ...
    @property
    def orphans(self) -> Mapping[str, int]: ...
    @property
    def missing(self) -> Mapping[str, int]: ...
    @property
    def shared_phones(self) -> int: ...
    @property
    def conflicts(self) -> tuple[TraitConflict, ...]: ...
    @property
    def stale_traits(self) -> Mapping[str, int]: ...
    @property
    def enterprises(self) -> int: ...


class IntakeStore(Protocol):
    """What an import needs of the database; one import holds it at a time."""

    def is_current(self, delivery: Delivery) -> bool: ...
    def has_customers(self, as_of: date | None) -> bool: ...
    def earlier(self, file: DeliveredFile, profile: str) -> FileQuality | None: ...
    def staged(self, file: DeliveredFile, mapping: str) -> FileQuality | None: ...
    def stage(self, file: DeliveredFile, mapping: str, clean: CleanFile, now: datetime) -> None: ...
    def drop_staging(self) -> None: ...
    def transaction(self) -> AbstractContextManager[Any]: ...
    def record(self, delivery: Delivery, rows: dict[str, int], now: datetime) -> UUID: ...
    def publish(self, delivery: Delivery, contacts: CleanFile | None, now: datetime) -> Counted: ...
    def report(self, intake: UUID, report: dict[str, Any]) -> None: ...


class Watcher(Protocol):
    """Somebody who watches an import: told how many steps there are, and each step as it begins."""

    def expect(self, steps: int) -> None: ...
    def begin(self, step: str) -> None: ...


class Status(StrEnum):
    """How an import ended well."""

    PUBLISHED = "published"
    ALREADY_PUBLISHED = "already published, nothing changed"


@dataclass(frozen=True)
class FileReport:
    """One file's quality with what publishing found: orphans, customers it misses, its age in days.

    `stale`: older than the profile lets this department's word count. `jumps`: against its delivery before.
    """

    quality: FileQuality
    orphans: int
    missing: int | None
    age_days: int
    reused: bool
    stale: bool = False
    jumps: tuple[Jump, ...] = ()


@dataclass(frozen=True)
class IntakeReport:
    """The data-quality report of a delivery; of the conflicts between departments the first 20 are listed.

    `customers` are persons; `enterprises` are those that the delivery tells of.

    `stale_traits`: for how many customers a birthday and the like is older than its department's word counts.
    """

    status: Status
    profile: str
    as_of: date
    customers: int = 0
    new_customers: int = 0
    shared_phones: int = 0
    files: tuple[FileReport, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    not_delivered: tuple[str, ...] = ()
    conflicts: int = 0
    conflicts_listed: tuple[TraitConflict, ...] = ()
    stale_traits: Mapping[str, int] = field(default_factory=dict)
    enterprises: int = 0

    def as_json(self) -> dict[str, Any]:
        """The report in JSON's types."""
        files = [{**asdict(file), "quality": file.quality.as_json()} for file in self.files]
        return {**asdict(self), "as_of": self.as_of.isoformat(), "files": files}


class IntakeService:
    """Imports deliveries through one store."""

    def __init__(self, store: IntakeStore, watcher: Watcher, now: datetime) -> None:
        self._store = store
        self._watcher = watcher
        self._now = now

    def import_delivery(self, place: Path, profile_name: str, as_of: date, max_rejected: float) -> IntakeReport | Fault:
        """Import a folder whole or not at all; the fault says why not.

        Files that an earlier, killed import staged completely are not read again. `max_rejected` is the share of a
        file's rows, 0–1, that may be bad; with 0 the first bad row refuses the delivery.
        """
        try:
            delivery = find_delivery(place, load_profile(profile_name), as_of)
            if self._store.is_current(delivery):
                return _report(delivery, Status.ALREADY_PUBLISHED)
            self._refuse_without_sample(delivery)
            return self._import(delivery, max_rejected)
        except DeliveryRefusedError as error:
            self._store.drop_staging()
            return error.fault

    def _import(self, delivery: Delivery, max_rejected: float) -> IntakeReport:
        """Stage file by file, the next one being read meanwhile, then publish all at once."""
        self._watcher.expect(len(delivery.files) + 1)
        mapping = delivery.profile.digest
        staged = {file: self._store.staged(file, mapping) for file in delivery.files}
        qualities: dict[DeliveredFile, FileQuality] = {}
        jumps: dict[DeliveredFile, tuple[Jump, ...]] = {}
        contacts: CleanFile | None = None
        with _reading_ahead(delivery, [file for file, quality in staged.items() if quality is None]) as read:
            for file, quality in staged.items():
                self._watcher.begin(file.name)
                clean = read.pop(file).result() if quality is None else None
                found = quality or clean.quality  # type: ignore[union-attr]
                jumps[file] = self._judge(file, found, qualities, delivery, max_rejected)
                qualities[file] = found
                if clean is not None and file.department.subject == CONTACTS:
                    contacts = clean
                elif clean is not None:
                    self._store.stage(file, mapping, clean, self._now)
        reused = {file for file, quality in staged.items() if quality is not None}
        return self._publish(delivery, qualities, jumps, reused, contacts)

    def _judge(
        self,
        file: DeliveredFile,
        quality: FileQuality,
        read: Mapping[DeliveredFile, FileQuality],
        delivery: Delivery,
        max_rejected: float,
    ) -> tuple[Jump, ...]:
        """Hold a file against what may be rejected and against its department's delivery before; returns the jumps."""
        refuse_beyond(quality, max_rejected)
        before = [f for f in read if f.department == file.department and f.true_at < file.true_at]
        latest = max(before, key=lambda f: f.true_at, default=None)
        earlier = read[latest] if latest else self._store.earlier(file, delivery.profile.name)
        if earlier is None:
            return ()
        refuse_another_unit(earlier.measures, quality.measures, file.department, file.name)
        return find_jumps(earlier.measures, quality.measures, (earlier.read, quality.read))

    def _publish(
        self,
        delivery: Delivery,
        qualities: Mapping[DeliveredFile, FileQuality],
        jumps: Mapping[DeliveredFile, tuple[Jump, ...]],
        reused: set[DeliveredFile],
        contacts: CleanFile | None,
    ) -> IntakeReport:
        self._watcher.begin("publishing")
        with self._store.transaction():
            rows = {file.name: quality.read - quality.rejected for file, quality in qualities.items()}
            intake = self._store.record(delivery, rows, self._now)
            counted = self._store.publish(delivery, contacts, self._now)
            files = tuple(
                _file_report(file, quality, counted, jumps[file], file in reused, delivery.as_of)
                for file, quality in qualities.items()
            )
            report = replace(
                _report(delivery, Status.PUBLISHED),
                customers=counted.customers,
                new_customers=counted.new_customers,
                shared_phones=counted.shared_phones,
                files=files,
                conflicts=len(counted.conflicts),
                conflicts_listed=counted.conflicts[:LISTED],
                stale_traits=counted.stale_traits,
                enterprises=counted.enterprises,
            )
            self._store.report(intake, report.as_json())
            self._store.drop_staging()
        return report

    def _refuse_without_sample(self, delivery: Delivery) -> None:
        """A delivery without the file that says who the customers are needs customers from an earlier one."""
        if any(file.department.sample for file in delivery.files):
            return
        if all(file.department.subject == ENTERPRISES for file in delivery.files):
            return
        only_contacts = all(file.department.subject == CONTACTS for file in delivery.files)
        if not self._store.has_customers(None if only_contacts else delivery.as_of):
            sample = next(d for d in delivery.profile.departments if d.sample)
            problem = f"is missing: it says who the customers are, and none are known as of {delivery.as_of}."
            raise refuse("no_sample", problem, file=f"{sample.pattern.pattern}.csv[.gz]")


@contextmanager
def _reading_ahead(delivery: Delivery, files: list[DeliveredFile]) -> Iterator[dict[DeliveredFile, Future[CleanFile]]]:
    """Clean the files one after the other on a second core, while the database copies those before."""
    reader = ThreadPoolExecutor(1)
    try:
        yield {file: reader.submit(clean_file, file, delivery.profile, delivery.as_of) for file in files}
    finally:
        reader.shutdown(cancel_futures=True)


def _file_report(
    file: DeliveredFile, quality: FileQuality, counted: Counted, jumps: tuple[Jump, ...], reused: bool, as_of: date
) -> FileReport:
    age = (as_of - file.true_at).days
    return FileReport(
        quality=quality,
        orphans=counted.orphans.get(file.name, 0),
        missing=counted.missing.get(file.name),
        age_days=age,
        reused=reused,
        stale=age > file.department.stale_after,
        jumps=jumps,
    )


def _report(delivery: Delivery, status: Status) -> IntakeReport:
    delivered = {file.department.name for file in delivery.files}
    expected = [d for d in delivery.profile.departments if d.subject != CONTACTS and not d.optional]
    return IntakeReport(
        status=status,
        profile=delivery.profile.name,
        as_of=delivery.as_of,
        left_out=delivery.left_out,
        not_delivered=tuple(d.title for d in expected if d.name not in delivered),
    )
