"""One row per customer of a delivery, with every department beside it; frames in memory, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from segmentation.intake.cleaning import CleanFile, FileQuality, clean_file, refuse_beyond
from segmentation.intake.deliveries import DeliveredFile, Delivery, find_delivery
from segmentation.intake.faults import refuse
from segmentation.intake.profiles import Profile

BALANCES = (
    "structured_deposit",
    "time_deposit",
    "demand_deposit",
    "wealth_products",
    "funds",
    "asset_plans",
    "large_certificates",
    "loans",
)
LAST_TRANSFER = "last_transfer_at"
ACTIVITY = (
    "logins",
    "transfers",
    "transfers_in",
    "transfers_in_amount",
    "transfers_out",
    "transfers_out_amount",
    LAST_TRANSFER,
)
CURRENT_DAYS = 45  # a deposit statement older than this is history, not what a customer has today
HISTORY_DAYS = (25, 100)  # a statement this many days before the current one tells what happened since
LONGEST_DAYS = CURRENT_DAYS + HISTORY_DAYS[1]  # older statements tell nothing


@dataclass(frozen=True)
class Statement:
    """Deposits of one day: a frame by customer number with `balance` in fen and `products`."""

    true_at: date
    deposits: pd.DataFrame


@dataclass(frozen=True)
class Delivered:
    """A delivery as a frame by customer number; money in fen, unknown is NaN.

    `subjects` are the departments' subjects that told anything; `statement` is the current one of the deposits with
    all its customers, also those outside the sample.
    """

    profile: Profile
    as_of: date
    customers: pd.DataFrame
    subjects: frozenset[str]
    statement: Statement | None
    earlier: tuple[Statement, ...]
    qualities: tuple[FileQuality, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def customer_column(self) -> str:
        """What the file that says who the customers are calls their number."""
        return next(department.key for department in self.profile.departments if department.sample)

    def with_earlier(self, statement: Statement) -> "Delivered":
        """The same delivery with one more statement of the past."""
        return replace(self, earlier=(*self.earlier, statement))

    def of(self, customers: pd.Index) -> "Delivered":
        """The same delivery with these of its customers, in this order."""
        return replace(self, customers=self.customers.loc[customers])

    def with_shorter_windows(self) -> list["Delivered"]:
        """The same delivery as if its oldest statements were not there, for every shorter `since` that it has."""
        since, found = self.since, []
        for statement in sorted(self.earlier, key=lambda each: each.true_at):
            if since is not None and statement.true_at > since.true_at:
                shorter = replace(self, earlier=(statement,))
                found += [shorter] if shorter.since is statement else []
        return found

    @property
    def since(self) -> Statement | None:
        """The oldest statement that lies a month to a quarter before the current one."""
        if self.statement is None:
            return None
        ages = {(self.statement.true_at - found.true_at).days: found for found in self.earlier}
        fitting = [days for days in ages if HISTORY_DAYS[0] <= days <= HISTORY_DAYS[1]]
        return ages[max(fitting)] if fitting else None

    def months_before(self, months: int) -> Statement | None:
        """The statement of so many month ends before the current one."""
        if self.statement is None:
            return None
        wanted = _month(self.statement.true_at) - months
        return next((found for found in self.earlier if _month(found.true_at) == wanted), None)


def read_delivery(place: Path, profile: Profile, as_of: date, max_rejected: float) -> Delivered:
    """Read and check a folder; `max_rejected` is the share of a file's rows, 0–1, that may be bad.

    Raises:
        DeliveryRefusedError: a file cannot be used, or the one that says who the customers are is missing.
    """
    delivery = find_delivery(place, profile, as_of)
    read = {file: clean_file(file, profile, as_of) for file in delivery.files if file.department.subject != "contacts"}
    for clean in read.values():
        refuse_beyond(clean.quality, max_rejected)
    sample = _sample(delivery, read)
    others = [(file, clean) for file, clean in read.items() if file is not sample]
    activity = [clean for file, clean in others if file.department.subject == "activity"]
    customers = _frame(read[sample])
    for clean in activity[:1]:
        customers = customers.join(_frame(clean))
    statement, earlier = _statements(others, as_of)
    told = {"balances"} | ({"activity"} if activity else set()) | ({"deposits"} if statement else set())
    return Delivered(
        profile=profile,
        as_of=as_of,
        customers=customers.reindex(columns=[*BALANCES, *ACTIVITY]),
        subjects=frozenset(told),
        statement=statement,
        earlier=earlier,
        qualities=tuple(clean.quality for clean in read.values()),
        left_out=delivery.left_out,
    )


def _sample(delivery: Delivery, read: dict[DeliveredFile, CleanFile]) -> DeliveredFile:
    found = next((file for file in read if file.department.sample and file.department.subject == "balances"), None)
    if found is None:
        department = next(department for department in delivery.profile.departments if department.sample)
        problem = "is missing: it says who the customers are and what they hold."
        raise refuse("no_sample", problem, file=f"{department.pattern.pattern}.csv[.gz]")
    return found


def _statements(
    files: list[tuple[DeliveredFile, CleanFile]], as_of: date
) -> tuple[Statement | None, tuple[Statement, ...]]:
    """Of all files with deposits; two files of one day complete each other."""
    by_day: dict[date, pd.DataFrame] = {}
    for file, clean in files:
        if file.department.subject == "deposits":
            frame = _frame(clean)
            by_day[file.true_at] = frame.combine_first(by_day[file.true_at]) if file.true_at in by_day else frame
    return by_age(by_day, as_of)


def by_age(by_day: Mapping[date, pd.DataFrame], as_of: date) -> tuple[Statement | None, tuple[Statement, ...]]:
    """The current statement of the deposits, where there is one, and those before it, the oldest first."""
    days = sorted(by_day)
    if not days or days[-1] < as_of - timedelta(days=CURRENT_DAYS):
        return None, tuple(Statement(day, by_day[day]) for day in days)
    return Statement(days[-1], by_day[days[-1]]), tuple(Statement(day, by_day[day]) for day in days[:-1])


def _frame(clean: CleanFile) -> pd.DataFrame:
    frame: pd.DataFrame = clean.table.to_pandas().set_index("number")
    numbers = [column for column in frame.columns if column != LAST_TRANSFER]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _month(day: date) -> int:
    return day.year * 12 + day.month
