"""How often experiments without an effect are called winners, how often effects are found, what a large file costs.

.venv/bin/python bench/experiments.py            the error rates, about ten minutes on two cores
.venv/bin/python bench/experiments.py --rows 13979592   one large file instead: seconds and memory of `evaluate`
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from segmentation.experiments import effects
from segmentation.experiments.balance import check_sample_ratio
from segmentation.experiments.effects import X, Y
from segmentation.experiments.looks import read_looks
from segmentation.experiments.moments import Group, Values
from segmentation.experiments.power import smallest_effect
from segmentation.experiments.qini import rank

LOOKS = 20
Draw = Callable[[np.random.Generator, int], Values]
OUTCOMES: dict[str, tuple[str, Draw]] = {
    "normal": ("continuous", lambda rng, n: rng.normal(size=n)),
    "share 0.1 %": ("binary", lambda rng, n: (rng.random(n) < 0.001).astype(float)),
    "share 1 %": ("binary", lambda rng, n: (rng.random(n) < 0.01).astype(float)),
    "share 30 %": ("binary", lambda rng, n: (rng.random(n) < 0.3).astype(float)),
    "log-normal, σ 2": ("continuous", lambda rng, n: rng.lognormal(0, 2, n)),
    "spend of 1 %": ("continuous", lambda rng, n: (rng.random(n) < 0.01) * rng.lognormal(4, 1, n)),
}


def read_p(kind: str, control: Values, treated: Values) -> float:
    """The p that `evaluate` would print."""
    groups = Group({Y: control}), Group({Y: treated})
    found = effects.compare(kind, *groups)
    if effects.is_heavy(kind, groups):
        found = effects.careful(found, kind, *groups)
    return 1.0 if found.p is None else found.p


def one_reading(rng: np.random.Generator, kind: str, draw: Draw, units: int, share: float) -> bool:
    """Whether an A/A experiment read once at its end has a winner."""
    values, treated = draw(rng, units), rng.random(units) < share
    return read_p(kind, values[~treated], values[treated]) < 0.05


def many_readings(rng: np.random.Generator, kind: str, draw: Draw, units: int, share: float) -> tuple[bool, bool]:
    """Whether one read at 20 looks has a winner by the sequence, and by plain p."""
    values, treated = draw(rng, units), rng.random(units) < share
    looks = read_looks(values, treated, LOOKS, binary=kind == "binary")
    return any(look.always_valid.p < 0.05 for look in looks), any(look.plain_p < 0.05 for look in looks)


def error_rates(repeats: int) -> None:
    """A/A experiments by outcome, size and share."""
    print(f"| outcome | units | treated | one reading | {LOOKS} looks, plain p | {LOOKS} looks, sequence |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, (kind, draw) in OUTCOMES.items():
        for units in (2_000, 20_000):
            for share in (0.5, 0.1):
                rng = np.random.default_rng(11)
                once = np.mean([one_reading(rng, kind, draw, units, share) for _ in range(repeats)])
                often = np.mean([many_readings(rng, kind, draw, units, share) for _ in range(repeats)], axis=0)
                print(
                    f"| {name} | {units:,} | {share:.0%} | {once:.1%} | {often[1]:.1%} | {often[0]:.1%} |", flush=True
                )


def other_rates(repeats: int) -> None:
    """The sample-ratio check, CUPED, power, and an uplift score without anything to find."""
    rng = np.random.default_rng(12)
    counts = [rng.multinomial(30_000, [0.5, 0.3, 0.2]) for _ in range(repeats * 5)]
    plan = {"a": 5.0, "b": 3.0, "c": 2.0}
    failed = [not check_sample_ratio(dict(zip(plan, map(int, row), strict=True)), plan).passed for row in counts]
    print(f"sample ratio, assigned as planned: {np.mean(failed):.2%} blocked (0.1 % allowed)")
    broken = [rng.multinomial(30_000, [0.51, 0.49]) for _ in range(repeats)]
    caught = [not check_sample_ratio({"a": int(a), "b": int(b)}, {}).passed for a, b in broken]
    print(f"sample ratio, 51 to 49 instead of 50 to 50, 30,000 units: {np.mean(caught):.1%} blocked")
    cuped = [cuped_reading(rng) for _ in range(repeats)]
    print(
        f"CUPED, correlation 0.8, no effect: {np.mean([p < 0.05 for p, _ in cuped]):.1%} winners, "
        f"{np.mean([removed for _, removed in cuped]):.1%} of the variance removed (64 % expected)"
    )
    found = np.mean([power_reading(rng) for _ in range(repeats)])
    print(f"effects of the size that `smallest_effect` says: {found:.1%} found (80 % expected)")
    useless = np.mean([useless_score(rng) for _ in range(repeats)])
    print(f"scores drawn at random: {useless:.1%} called worth using (2.5 % allowed)")


def cuped_reading(rng: np.random.Generator) -> tuple[float, float]:
    """p and the variance removed, of two groups of 1,000 without a difference."""
    before = rng.normal(size=2_000)
    after = 0.8 * before + 0.6 * rng.normal(size=2_000)
    groups = [Group({Y: after[at::2], X: before[at::2]}) for at in (0, 1)]
    found = effects.adjust(*groups)
    assert found is not None
    return found.p, found.variance_removed


def power_reading(rng: np.random.Generator) -> bool:
    """Whether the smallest effect of 3,000 against 1,000 units is found."""
    effect = smallest_effect(3_000, 1_000, 2.0)
    return read_p("continuous", rng.normal(0, 2, 3_000), rng.normal(effect, 2, 1_000)) < 0.05


def useless_score(rng: np.random.Generator) -> bool:
    """Whether a score that knows nothing is called worth using."""
    treated: npt.NDArray[np.bool_] = rng.random(4_000) < 0.5
    outcome = (rng.random(4_000) < 0.1 + 0.05 * treated).astype(float)
    return rank(outcome, rng.normal(size=4_000), treated, binary=True).area_interval.low > 0


def large_file(rows: int) -> None:
    """A file of the shape of Criteo's uplift data (12 features, 85 % treated, 4.7 % visits), read by the command."""
    rng = np.random.default_rng(13)
    treated = rng.random(rows) < 0.85
    columns = {f"f{at}": np.round(rng.normal(10, 5, rows), 6).astype("float32") for at in range(12)}
    visits = rng.random(rows) < 0.038 + 0.01 * treated * (columns["f0"] > 10)
    with tempfile.TemporaryDirectory() as folder:
        import duckdb
        import pyarrow as pa

        table = pa.table({**columns, "treatment": treated.astype("int8"), "visit": visits.astype("int8")})
        with duckdb.connect() as engine:
            engine.register("drawn", table)
            for ending, form in (("csv", "FORMAT csv, HEADER"), ("parquet", "FORMAT parquet")):
                engine.execute(f"COPY drawn TO '{folder}/large.{ending}' ({form})")
        del table, columns, treated, visits
        for ending in ("csv", "parquet"):
            report(Path(folder) / f"large.{ending}", [])
        report(Path(folder) / "large.parquet", ["--uplift", ",".join(f"f{at}" for at in range(12))])


def report(file: Path, more: list[str]) -> None:
    """Seconds and memory of one call."""
    started = time.monotonic()
    command = [sys.executable, "main.py", "evaluate", str(file), "--variant", "treatment", "--outcome", "visit", *more]
    done = subprocess.run([*command, "--shares", "1=85,0=15"], capture_output=True, check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    units = json.loads(done.stdout)["units"]
    size = file.stat().st_size / 2**20
    kind = f"{file.suffix[1:]}, {size:,.0f} MB{', with uplift' if more else ''}"
    print(f"{units:,} rows ({kind}): {time.monotonic() - started:.0f} s, {peak:,.0f} MB at most so far", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=2_000)
    parser.add_argument("--rows", type=int, default=0)
    given = parser.parse_args()
    if given.rows:
        large_file(given.rows)
    else:
        error_rates(given.repeats)
        other_rates(given.repeats)
