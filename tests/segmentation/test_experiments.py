"""Experiments out of files: what is read, what is found, how sure it is, and what is refused."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tea_tasting as tt
from scipy import stats

from segmentation.experiments import effects
from segmentation.experiments.effects import X, Y
from segmentation.experiments.evaluation import evaluate
from segmentation.experiments.looks import read_looks
from segmentation.experiments.model import Evaluation, ExperimentError, Question
from segmentation.experiments.moments import Group, Values
from segmentation.experiments.naming import ASSUMED, find_control
from segmentation.experiments.power import smallest_effect, smallest_lift, units_needed
from segmentation.experiments.sequences import read_any_time

Reads = Callable[..., Evaluation]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """Writes a text (or bytes) and evaluates it."""

    def read(text: str | bytes, *outcomes: str, name: str = "x.csv", variant: str = "v", **more: Any) -> Evaluation:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return evaluate(Question(file, variant, outcomes or ("y",), **more))

    return read


def rows(*groups: tuple[str, int, object]) -> str:
    """A file of `v,y` with so many rows of each variant and outcome."""
    return "v,y\n" + "".join(f"{variant},{value}\n" * count for variant, count, value in groups)


def test_the_polio_trial_of_1954_is_found_again(reads: Reads) -> None:
    # Francis and others 1955, the placebo areas: 33 paralytic cases of 200,745 vaccinated, 115 of 201,229 controls.
    text = rows(("vaccine", 33, 1), ("vaccine", 200_745 - 33, 0), ("placebo", 115, 1), ("placebo", 201_229 - 115, 0))
    found = reads(text)
    control, treated = found.outcomes[0].variants
    assert (found.control.name, control.n, treated.n) == ("placebo", 201_229, 200_745)
    pooled = 148 / 401_974
    z = (115 / 201_229 - 33 / 200_745) / (pooled * (1 - pooled) * (1 / 201_229 + 1 / 200_745)) ** 0.5
    assert treated.p == pytest.approx(2 * stats.norm.sf(z))
    assert treated.p is not None
    assert treated.p < 1e-10
    assert 1 + (treated.relative or 0) == pytest.approx(33 / 200_745 / (115 / 201_229))
    assert found.sample_ratio.passed


def test_the_difference_of_two_shares_is_newcombes(reads: Reads) -> None:
    # Newcombe 1998, table II, example (a), method 10: 56/70 − 48/80 lies in 0.0524 to 0.3339.
    found = reads(rows(("treated", 56, 1), ("treated", 14, 0), ("control", 48, 1), ("control", 32, 0)))
    reading = found.outcomes[0].variants[1]
    assert reading.difference == pytest.approx(0.2)
    assert reading.interval is not None
    assert (round(reading.interval.low, 4), round(reading.interval.high, 4)) == (0.0524, 0.3339)


def test_few_answers_are_judged_by_fishers_exact_test(reads: Reads) -> None:
    # Fisher 1935, the lady tasting tea: 3 of 4 against 1 of 4, two-sided 0.4857.
    found = reads(rows(("control", 1, "no"), ("control", 3, "yes"), ("milk", 3, "no"), ("milk", 1, "yes")))
    assert found.outcomes[0].variants[1].p == pytest.approx(0.4857, abs=1e-4)


def test_students_sleep_data_are_read_as_by_welch(reads: Reads) -> None:
    # Student 1908; R's t.test(extra ~ group, sleep): t = −1.8608, df = 17.776, p = 0.07939, interval −3.3655 to 0.2055.
    first = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
    second = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
    found = reads(rows(*(("b", 1, value) for value in first), *(("a", 1, value) for value in second)))
    reading = found.outcomes[0].variants[1]
    assert reading.p == pytest.approx(0.07939, abs=1e-5)
    assert reading.interval is not None
    assert (reading.interval.low, reading.interval.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)


def test_cuped_and_ratios_are_those_of_tea_tasting() -> None:
    table = tt.make_users_data(rng=42, covariates=True, n_users=500, return_type="pandas")
    groups = [table[table["variant"] == at] for at in (0, 1)]
    known = [
        Group({Y: each["revenue"].to_numpy(float), X: each["revenue_covariate"].to_numpy(float)}) for each in groups
    ]
    ratio = [Group({Y: each["orders"].to_numpy(float), "per": each["sessions"].to_numpy(float)}) for each in groups]
    theirs = tt.Experiment(
        revenue=tt.Mean("revenue", "revenue_covariate"), orders=tt.RatioOfMeans("orders", "sessions")
    ).analyze(table)
    cuped, found = effects.adjust(*known), effects.compare("ratio", *ratio)
    assert cuped is not None
    assert found.interval is not None
    assert (cuped.difference, cuped.p) == pytest.approx((theirs["revenue"].effect_size, theirs["revenue"].pvalue))
    assert (found.difference, found.p) == pytest.approx((theirs["orders"].effect_size, theirs["orders"].pvalue))
    assert found.relative_interval is not None
    assert found.relative_interval.low == pytest.approx(theirs["orders"].rel_effect_size_ci_lower, abs=2e-3)
    assert 0.1 < cuped.variance_removed < 1


def test_three_variants_are_compared_with_the_one_that_did_nothing(reads: Reads) -> None:
    shares = {"No E-Mail": 100, "Mens E-Mail": 180, "Womens E-Mail": 150}
    found = reads(
        rows(
            *((name, yes, 1) for name, yes in shares.items()), *((name, 1_000 - yes, 0) for name, yes in shares.items())
        )
    )
    control, *others = found.outcomes[0].variants
    assert control.variant == "No E-Mail"
    assert control.difference is None
    raw, adjusted = [each.p or 0 for each in others], [each.p_adjusted or 0 for each in others]
    assert adjusted == pytest.approx([2 * raw[0], raw[1]])
    assert "Mens E-Mail" in found.verdict
    assert not found.blocked


def test_a_broken_sample_ratio_blocks_the_result(reads: Reads) -> None:
    text = rows(("control", 500, 0), ("control", 85, 1), ("new", 300, 0), ("new", 115, 1))
    found = reads(text)
    assert not found.sample_ratio.passed
    assert found.verdict.startswith(
        "Blocked: Units did not fall as planned (control 585, new 415; equal shares assumed"
    )
    assert found.outcomes[0].variants[1].p is not None
    assert reads(text, shares={"control": 585, "NEW": 415}).blocked == ()


def test_round_shares_that_the_counts_would_fit_are_proposed(reads: Reads) -> None:
    found = reads(rows(("control", 150, 0), ("treated", 850, 1)))
    assert "--shares control=3,treated=17" in found.blocked[0]


def test_rows_of_one_unit_count_once(reads: Reads) -> None:
    text = "u,v,bought,spend\n1,a,0,1.5\n1,a,1,2\n2,a,0,\n3,b,0,1\n4,b,1,9\n4,a,1,9\n,b,1,1\n5,,1,1\n"
    found = reads(text, "bought", "spend", unit="u")
    assert (found.rows, found.units) == (8, 3)
    assert dict(found.left_out) == {
        "rows_without_unit": 1,
        "units_without_variant": 1,
        "units_in_several_variants": 1,
    }
    bought, spend = (reading.variants[0] for reading in found.outcomes)
    assert (bought.mean, spend.mean, spend.missing) == (0.5, 3.5, 1)
    assert any("2 units have several rows" in note for note in found.notes)
    assert any("1 units (25.00%) stand in several variants" in caution for caution in found.cautions)
    assert reads(text, "spend", unit="u", repeated="mean").outcomes[0].variants[0].mean == 1.75


@pytest.mark.parametrize(
    ("text", "encoding", "mean"),
    [
        ('组别,y\n对照组,"1,200.50"\n实验组,3\n对照组, 1 \n实验组,¥4\n', "gb18030", 600.75),
        ("组别;y\n对照组;1.200,50\n实验组;3,5\n对照组;1\n实验组;4\n", "utf-8-sig", 600.75),
        ("组别\ty\n对照组\t是\n实验组\t否\n对照组\t否\n实验组\tYes\n对照组\tNA\n", "utf-16", 0.5),
        ("组别|y\n对照组|5%\n实验组|1e-3\n对照组|15 %\n实验组|-2\n", "utf-8", 0.1),
    ],
)
def test_cells_are_read_as_people_write_them(reads: Reads, text: str, encoding: str, mean: float) -> None:
    control = reads(text.encode(encoding), variant="组别").outcomes[0].variants[0]
    assert (control.variant, control.n) == ("对照组", 2)
    assert control.mean == pytest.approx(mean)


def test_parquet_and_workbooks_say_the_same_as_text(reads: Reads, tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"u": range(40), "v": [True, False] * 20, "y": [1.5, None, 2.5, 4.0] * 10, "c": ["p", "q"] * 20}
    )
    table.to_parquet(tmp_path / "t.parquet")
    table.to_excel(tmp_path / "t.xlsx", index=False)
    table.astype({"c": "category"}).to_parquet(tmp_path / "d.parquet")
    found = [
        evaluate(Question(tmp_path / name, "v", ("y",), unit="u")) for name in ("t.parquet", "t.xlsx", "d.parquet")
    ]
    found.append(reads(table.to_csv(index=False), unit="u"))
    figures = {tuple((each.n, each.missing, each.mean, each.p) for each in one.outcomes[0].variants) for one in found}
    found.append(reads(gzip.compress(table.to_csv(index=False).encode()), unit="u"))
    assert len(figures) == 1
    assert repr(found[-1].outcomes) == repr(found[-2].outcomes)
    assert {one.control.name for one in found} == {"false", "0", "False"}


def test_nothing_that_varies_gives_no_interval_and_no_error(reads: Reads) -> None:
    found = reads(rows(("a", 40, 5), ("b", 40, 5)))
    reading = found.outcomes[0].variants[1]
    assert (reading.difference, reading.p, reading.interval) == (0, None, None)
    assert found.verdict.startswith("Nothing can be told of y")
    nobody = reads(rows(("a", 40, 0), ("b", 40, 0))).outcomes[0].variants[1]
    assert nobody.p == 1
    assert nobody.interval is not None
    assert nobody.interval.low < 0 < nobody.interval.high
    assert reads(rows(("a", 1, 5.5), ("b", 2, 6), ("b", 1, 7))).outcomes[0].variants[1].p is None


def test_outcomes_missing_in_one_variant_alone_are_told(reads: Reads) -> None:
    found = reads(rows(("a", 200, 1), ("a", 200, 0), ("b", 150, 1), ("b", 150, 0), ("b", 100, "")))
    assert (found.outcomes[0].variants[1].n, found.outcomes[0].variants[1].missing) == (300, 100)
    assert any("missing more often in one variant" in caution for caution in found.cautions)


def test_what_was_not_known_before_is_told(reads: Reads) -> None:
    text = "v,y,x\n" + "".join(f"{'ab'[at % 2]},{at % 7},{at % 5 + 10 * (at % 2)}\n" for at in range(200))
    found = reads(text, pre={"y": "x"}, features=("x",))
    assert any("was not recorded before the assignment" in caution for caution in found.cautions)
    assert any("feature x differs between the variants" in caution for caution in found.cautions)


@pytest.mark.parametrize(
    ("variants", "control", "how"),
    [
        (("Treatment", "Control"), "Control", "word for the control"),
        (("对照组A", "实验组"), "对照组A", "word for the control"),
        (("Mens E-Mail", "No E-Mail", "Womens E-Mail"), "No E-Mail", "nothing was done"),
        (("1", "0"), "0", "first of its pair"),
        (("2", "0", "1"), "0", "0 among numbers"),
        (("B", "A", "C"), "A", "A of an A/B test"),
        (("gate_40", "gate_30"), "gate_30", ASSUMED),
        (("10", "9"), "9", ASSUMED),
    ],
)
def test_the_control_is_known_by_its_name(variants: tuple[str, ...], control: str, how: str) -> None:
    found = find_control(variants, None)
    assert found.name == control
    assert how in found.how


def test_a_control_that_several_could_be_must_be_named(reads: Reads) -> None:
    with pytest.raises(ExperimentError, match="Which is the control: control 1 or control 2"):
        find_control(("control 1", "control 2", "new"), None)
    with pytest.raises(ExperimentError, match=r'no variant "contrl"; there are: control, new\. Did you mean "control"'):
        find_control(("control", "new"), "contrl")


@pytest.mark.parametrize(
    ("text", "more", "why"),
    [
        ("", {}, "x.csv is empty"),
        ("v,y\n", {}, "has a header and no rows"),
        ("Group,y\na,1\n", {"variant": "group"}, 'no column "group"; it has: Group, y. Did you mean "Group"'),
        ("v,y,y\na,1,1\n", {}, 'the column "y" more than once'),
        ("v,y\na,1\na,2\n", {}, 'has only "a"'),
        ("v,y\n" + "".join(f"{at},1\n" for at in range(30)), {}, "more than 20 different values"),
        ("v,y\na,1\nb,zwölf\n", {}, 'neither a number nor yes or no, such as "zwölf"'),
        ("v,y\na,\nb,NA\n", {}, "has no value"),
        ("u,v,y\n1,a,1\n1,b,1\n", {"unit": "u"}, "has no unit of its own"),
        ("v,y\na,1\nb,2\n", {"shares": {"a": 1}}, "--shares must name every variant; missing: b"),
        ("v,y\na,1\nb,2\n", {"shares": {"a": 1, "b": 0}}, "a share is above 0"),
        ("v,y\na,1\nb,2\n", {"features": ("y",)}, "it is not known before"),
        ("v,y\na,1\nb,2\n", {"unit": "v"}, "must be different columns"),
        ("v,y\na,1\nb,2\n", {"repeated": "last"}, "--repeated is auto, sum"),
        ("v,y\na,1\nb,2\n", {"looks": -1}, "--looks is a number"),
        ("v,y\na,1\nb\na,1,2\nb,2\n", {}, "2 lines of x.csv have another number of values"),
        (b"\0\1\2\3", {}, "no text|no column"),
        (b"PAR1 and no more", {}, "no sound Parquet file"),
        (b"\x1f\x8b and no more", {}, "damaged or cut short"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(
    reads: Reads, text: str | bytes, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(ExperimentError, match=why) as refused:
        reads(text, **more)
    assert "\n" not in str(refused.value)


def test_no_unit_column_makes_every_row_a_unit(reads: Reads) -> None:
    found = reads(rows(("a", 10, 1), ("b", 10, 0)))
    assert found.units == 20
    assert any("every row is a unit of its own" in note for note in found.notes)


# Error rates, small and seeded; bench/experiments.py has the large ones.


def spend(rng: np.random.Generator, units: int) -> Values:
    return (rng.random(units) < 0.02) * rng.lognormal(4, 1, units)


def test_twenty_looks_have_at_most_one_false_winner_in_twenty() -> None:
    rng = np.random.default_rng(20)
    by_sequence = by_p = 0
    for run in range(120):
        units = 1_000
        values: Values = spend(rng, units) if run % 2 else (rng.random(units) < 0.1).astype(float)
        looks = read_looks(values, rng.random(units) < (0.5, 0.1)[run // 2 % 2], 20, binary=not run % 2)
        by_sequence += any(look.always_valid.interval.excludes_zero() for look in looks)
        by_p += any(look.plain_p < 0.05 for look in looks)
    assert by_sequence <= 6
    assert by_p > 24


def test_a_sequence_holds_zero_exactly_while_its_p_is_above_five_percent() -> None:
    for difference in np.linspace(-1, 1, 41):
        found = read_any_time(float(difference), 0.01, 1.0)
        assert found.interval.excludes_zero() == (found.p < 0.05)
    assert read_any_time(1.0, 0.0, 0.0).p == 1


def test_one_reading_errs_in_one_of_twenty_even_with_heavy_tails_and_a_small_group() -> None:
    rng = np.random.default_rng(21)
    careful = welch = 0
    for _ in range(150):
        groups = Group({Y: spend(rng, 1_800)}), Group({Y: spend(rng, 200)})
        found = effects.compare("continuous", *groups)
        welch += (found.p or 1) < 0.05
        assert effects.is_heavy("continuous", groups)
        careful += (effects.careful(found, "continuous", *groups).p or 1) < 0.05
    assert careful <= 14
    assert welch > 15


def test_a_real_effect_is_found_as_often_as_power_promises() -> None:
    rng = np.random.default_rng(22)
    effect = smallest_effect(400, 200, 2.0)
    found = [
        (
            effects.compare("continuous", Group({Y: rng.normal(0, 2, 400)}), Group({Y: rng.normal(effect, 2, 200)})).p
            or 1
        )
        < 0.05
        for _ in range(120)
    ]
    assert 0.7 < np.mean(found) < 0.9
    assert smallest_lift(10_000, 10_000, 0.1) == pytest.approx(0.01189, abs=1e-5)
    assert units_needed(effect, 2.0, 1 / 3) in (600, 601)


def test_looks_follow_the_order_of_the_file(reads: Reads) -> None:
    text = "v,y\n" + "".join(f"{'ab'[at % 2]},{int(at % 4 == 1 or at > 150)}\n" for at in range(200))
    looks = (reads(text, looks=4).outcomes[0].looks or {})["b"]
    assert [look.units for look in looks] == [50, 100, 150, 200]
    assert looks[0].difference == pytest.approx(0.52)
    assert looks[-1].difference == pytest.approx(reads(text).outcomes[0].variants[1].difference)
