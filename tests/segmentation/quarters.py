"""Invented quarters whose outcomes follow from what customers did, for tests of training and scoring."""

import fcntl
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from campaigns.customers.outlook import train_outlook
from segmentation.synthetic import AUM, BEHAVIOR, DEPOSITS, write_csv

AS_OF = date(2019, 9, 30)
NEXT_AS_OF = date(2019, 12, 31)
AFTER = date(2020, 3, 31)
OUTCOME = "next_quarter"


def write_quarter(
    folder: Path,
    customers: int = 700,
    seed: int = 1,
    as_of: date = AS_OF,
    months: tuple[str, ...] = ("2019m07", "2019m08"),
    quarter: str = "2019q3",
    planted: bool = False,
    grown: float = 0.0,
) -> Path:
    """Write a delivery and its outcomes; who moves money out and loses deposits falls, who gains rises.

    `grown` is how far the deposits went since the first quarter; `planted` adds the outcome to the balances as one
    more column, as a careless department would.
    """
    draw = np.random.default_rng(seed)
    numbers = [f"0x{0xB2D20000 + at * 3:08x}" for at in range(customers)]
    drift = draw.normal(0, 1, customers)
    first = np.exp(np.random.default_rng(0).normal(9, 1.5, customers))
    balance = np.round(first * np.exp(grown * drift), 2)
    score = drift + draw.normal(0, 0.4, customers)
    labels = np.where(score < -0.8, -1, np.where(score < 0.1, 0, 1))
    inflow = np.round(np.exp(8 + drift + draw.normal(0, 0.7, customers)), 2)
    outflow = np.round(np.exp(8 - drift + draw.normal(0, 0.7, customers)), 2)
    days = draw.integers(0, 120, customers)
    aum = [
        [number, "0", "0", f"{amount:.2f}", "1000", "0", "0", "0", "0"]
        for number, amount in zip(numbers, balance, strict=True)
    ]
    header: tuple[str, ...] = AUM
    if planted:
        aum = [[*row, str(label)] for row, label in zip(aum, labels, strict=True)]
        header = (*AUM, "label")
    write_csv(folder, "aum", header, aum, compress=True)
    moved = [f"{as_of - timedelta(days=int(ago))} 10:45:00" for ago in days]
    behavior = [
        [number, "3", "2", f"{got:.2f}", "1", f"{gave:.2f}", at, "5.0"]
        for number, got, gave, at in zip(numbers, inflow, outflow, moved, strict=True)
    ]
    write_csv(folder, "behavior", BEHAVIOR, behavior, compress=True)
    for back, name in enumerate(reversed(months), start=1):
        before = balance * np.exp(-0.3 * back * drift)
        rows = [[number, f"{amount:.2f}", "1"] for number, amount in zip(numbers, before, strict=True)]
        write_csv(folder, f"deposits_{name}", DEPOSITS, rows, compress=True)
    rows = [[number, f"{amount:.2f}", "1"] for number, amount in zip(numbers, balance, strict=True)]
    write_csv(folder, f"deposits_{quarter}", DEPOSITS, rows, compress=True)
    told = [[number, str(label)] for number, label in zip(numbers, labels, strict=True)]
    return write_csv(folder, OUTCOME, ("cust_no", "label"), told, compress=True)


def write_next_quarter(folder: Path, customers: int = 700) -> Path:
    """The same bank a quarter later: its monthly deposits are late."""
    return write_quarter(folder, customers, seed=2, as_of=NEXT_AS_OF, months=(), quarter="2019q4", grown=0.9)


def quarters_with_model(base: Path) -> Path:
    """Three quarters of one bank, q3, q4 and q1, and a model of the first; to be read alone.

    Made once under a test session's folder: whichever of its processes comes first makes it, the others wait.
    """
    session = base.parent if base.name.startswith("popen-") else base
    folder, begun = session / "quarters-with-model", session / "quarters-with-model-begun"
    with (session / "quarters-with-model.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            outcome = write_quarter(begun / "q3", customers=300)
            write_next_quarter(begun / "q4", customers=300)
            write_quarter(begun / "q1", 300, seed=3, as_of=AFTER, months=(), quarter="2020q1", grown=1.2)
            train_outlook(begun / "q3", "cn-bank", outcome, AS_OF, begun / "model", max_rejected=0.0, tell=unheard)
            begun.rename(folder)
    return folder


def unheard(_line: str) -> None:
    """Listens to nobody."""
