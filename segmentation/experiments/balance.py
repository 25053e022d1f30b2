"""The sample-ratio check: whether units fell into the variants as planned (Fabijan et al., KDD 2019)."""

from collections.abc import Mapping
from difflib import get_close_matches

from scipy import stats

from segmentation.experiments.model import ExperimentError, SampleRatio

BLOCKS_BELOW = 0.001
ROUND_PARTS = (2, 3, 4, 5, 10, 20, 100)
FITS_ABOVE = 0.05


def check_sample_ratio(counts: Mapping[str, int], shares: Mapping[str, float]) -> SampleRatio:
    """Pearson's chi-square of the units against the planned shares (equal ones where none are given).

    `shares` need not add up to 1. A p below 0.001 fails: assignment or logging is broken, or the plan was another.

    Raises:
        ExperimentError: the shares do not name each variant once, or one is not above 0.
    """
    planned = _shares_of(counts, shares) if shares else dict.fromkeys(counts, 1 / len(counts))
    chi_square, p = _chi_square(counts, planned)
    passed = p >= BLOCKS_BELOW
    plan = "given" if shares else "equal shares assumed"
    return SampleRatio(p, chi_square, passed, plan, counts, planned, None if passed or shares else _round_fit(counts))


def _shares_of(counts: Mapping[str, int], shares: Mapping[str, float]) -> dict[str, float]:
    folded = {name.casefold(): name for name in counts}
    named: dict[str, float] = {}
    for name, share in shares.items():
        if name.casefold() not in folded:
            alike = get_close_matches(name, list(counts), 1, 0.5)
            hint = f' Did you mean "{alike[0]}"?' if alike else ""
            raise ExperimentError(
                f'--shares names "{name}", which is no variant; there are: {", ".join(counts)}.{hint}'
            )
        if not 0 < share < float("inf"):
            raise ExperimentError(f'--shares gives "{name}" {share:g}; a share is above 0.')
        named[folded[name.casefold()]] = share
    if missing := [name for name in counts if name not in named]:
        raise ExperimentError(f"--shares must name every variant; missing: {', '.join(missing)}.")
    total = sum(named.values())
    return {name: named[name] / total for name in counts}


def _chi_square(counts: Mapping[str, int], planned: Mapping[str, float]) -> tuple[float, float]:
    total = sum(counts.values())
    found = stats.chisquare(list(counts.values()), [total * planned[name] for name in counts])
    return float(found.statistic), float(found.pvalue)


def _round_fit(counts: Mapping[str, int]) -> dict[str, int] | None:
    """The simplest round shares that the counts agree with, if any: perhaps that was the plan."""
    total = sum(counts.values())
    for parts in ROUND_PARTS:
        steps = {name: round(parts * count / total) for name, count in counts.items()}
        if min(steps.values()) < 1 or sum(steps.values()) != parts:
            continue
        if _chi_square(counts, {name: step / parts for name, step in steps.items()})[1] >= FITS_ABOVE:
            return steps
    return None
